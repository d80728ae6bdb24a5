# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Balance transactions, as Stripe's API gives them.

https://docs.stripe.com/api/balance_transactions: amounts are signed minor units of the
settlement currency; the expanded ``source`` tells what the customer saw.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from ... import strict_json
from ...events import Clock, Event, Fee, Settlement
from ...json_node import Node
from .. import message
from ..base import NOTHING, Translation
from ..message import Amount
from . import codes, const
from .entries import ENTRY, Entry, facts
from .message import captured_field, currency, ids_of, references, share, traits_of

OBJECT = "balance_transaction"
_MAX_RATE = 40  # characters


def translate(
    body: bytes, options: Mapping[str, str] = NOTHING
) -> tuple[Translation, ...]:
    """Translate a page of balance transactions, or a single one, sources expanded.

    A page of those of one payout is wrapped by ``client``, with the payout's id.
    """
    root = Node(strict_json.loads(body))
    batch = ""
    if root.data.get("object") == const.PAYOUT_PAGE:
        batch = root.identifier("payout")
        root = root.child("page")
    return message.each(items(root), lambda item: translate_one(item, batch=batch))


def items(root: Node) -> Iterator[Node]:
    """Give the objects of a list, or the one that this is."""
    if root.data.get("object") == "list":
        yield from root.children("data")
    else:
        yield root


def translate_one(
    item: Node, source: Node | None = None, batch: str = ""
) -> Translation:
    """Translate one balance transaction; see ``entry`` for the parameters."""
    if item.data.get("object") != OBJECT:
        raise item.fault("object", "A balance transaction is due here.")
    envelope = message.Message(
        item.identifier("id"), item.identifier("type"), item.moment("created")
    )
    return envelope.translation(events(envelope, item, source, batch))


def events(
    envelope: message.Message, item: Node, source: Node | None = None, batch: str = ""
) -> tuple[Event, ...]:
    """Give the facts of a balance transaction, as told by ``envelope``."""
    if source is None:
        source = _source(item)
    told = facts(envelope, entry(item, source, batch))
    is_capture = _rule(item) == "capture" and source.data.get("object") == "charge"
    return (*told, *share(envelope, source)) if is_capture else told


def entry(item: Node, source: Node | None = None, batch: str = "") -> Entry:
    """Read a balance transaction.

    :param source: the object that it belongs to, where it is not expanded
    :param batch: payout that contains it, where it is known
    :raises MalformedMessage: unless gross - fee = net, and the fees add up
    """
    rule = _rule(item)
    if source is None:
        source = _source(item)
    code, exponent = currency(item)
    settlement = Settlement(
        gross_minor=item.signed("amount"),
        fee_minor=item.signed("fee"),
        net_minor=item.signed("net"),
        currency=code,
        exponent=exponent,
        fees=_fees(item, rule),
        rate=_rate(item),
        entry=item.identifier("id"),
        batch=batch,
    )
    ids = ids_of(source) | {ENTRY: settlement.entry, "batch": batch}
    return Entry(
        rule,
        settlement,
        _amount(rule, settlement, source),
        ids,
        references(source, ids),
        _clocks(item),
        traits_of(source),
        _turn(source, item),
    )


def _rule(item: Node) -> str:
    category = item.text("reporting_category")
    rules = codes.CATEGORIES.get(category, ())
    # Stripe releases what was not captured as if it were refunded.
    if item.data.get("type") == "adjustment" or rules == ("uncaptured",):
        return rules[0] if len(rules) == 1 else "adjustment"
    return codes.TYPES.get(item.text("type"), "")


def _source(item: Node) -> Node:
    """Give the expanded source; an empty one when the entry has none."""
    if item.data.get("source") is None:
        return Node({}, item.path_of("source"))
    return item.child("source")


def _amount(rule: str, settlement: Settlement, source: Node) -> Amount:
    """Give what moved, in the currency of the object itself.

    Where that is the balance's own, the balance knows best: a dispute may take less
    than the disputed amount.
    """
    own = settlement.currency, settlement.exponent
    seen = own if source.data.get("currency") is None else currency(source)
    if rule == "uncaptured":
        return Amount(0, *seen)
    if rule in ("capture", "charge_failure") and source.data.get("object") == "charge":
        return Amount(source.minor(captured_field(source)), *seen)
    if seen != own:
        return Amount(abs(source.signed("amount")), *seen)
    return Amount(abs(settlement.gross_minor), *own)


def _fees(item: Node, rule: str) -> tuple[Fee, ...]:
    fees = []
    for detail in item.children("fee_details"):
        kind = const.FEE_KINDS.get(detail.text("type"), const.OTHER_FEE)
        if kind == "processing":
            kind = const.STRIPE_FEES.get(rule, kind)
        fees.append(Fee(kind, detail.signed("amount")))
    return tuple(fees)


def _rate(item: Node) -> str:
    rate = item.data.get("exchange_rate")
    if rate is None:
        return ""
    text = format(Decimal(str(rate)), "f") if type(rate) in (int, float) else ""
    if not 0 < len(text) <= _MAX_RATE:
        raise item.fault("exchange_rate", "A rate is due here.")
    return text


def _clocks(item: Node) -> tuple[Clock, ...]:
    if item.data.get("available_on") is None:
        return ()
    return (Clock("available", item.time("available_on"), "UTC"),)


def _turn(source: Node, item: Node) -> int:
    """Count the movements of a dispute in the same direction, up to this one."""
    is_gain = item.signed("amount") > 0
    same = sorted(
        (moved.time("created"), moved.identifier("id"))
        for moved in source.children("balance_transactions")
        if (moved.signed("amount") > 0) == is_gain
    )
    this = (item.time("created"), item.identifier("id"))
    return same.index(this) + 1 if this in same else 1
