# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What GoCardless's payouts and the items in them attest.

Fees are booked as the payout tells them, ``deducted_fees``: whole minor units, because
that is what left the balance. The items tell the fee of each payment to a tenth of
that ("0.5" pence), and GoCardless rounds their sum only; so these are information,
with their exact amount and one decimal more where they need it, and nobody books them.

Items have no id and no date. Those of a payout whose payment was returned, retried and
paid out again cannot be told from the first ones; the payment's events can.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from ... import strict_json
from ...events import Event, Trait
from ...json_node import MAX_ID, Node
from ...money import ISO
from .. import message
from ..base import Stream, Translation
from ..message import Amount, each, inner, moved, references, value_date
from . import const
from .message import amount, traits_of

_TENTHS = re.compile(r"(-?)(\d{1,15})(?:\.(\d))?", re.ASCII)


def _payouts(body: bytes, _options: Mapping[str, str]) -> tuple[Translation, ...]:
    root = Node(strict_json.loads(body))
    if isinstance(root.data.get("payouts"), dict):
        return (_payout(root.child("payouts")),)
    return each(root.children("payouts"), _payout)


def _payout_items(body: bytes, _options: Mapping[str, str]) -> tuple[Translation, ...]:
    root = Node(strict_json.loads(body))
    items = root.children("payout_items")
    if root.data.get("payout") is None:
        return each(items, _refuse_without_payout)
    return each(items, _Items(root.child("payout")).read)


STREAMS = {
    "payouts": Stream("Payouts", _payouts),
    # https://developer.gocardless.com/api-reference/#payout-items: six months
    "payout_items": Stream("Payout Items", _payout_items, history_days=180),
}


def _refuse_without_payout(item: Node) -> Translation:
    raise item.fault("payout", "Items are read together with their payout.")


def _payout(payout: Node) -> Translation:
    told = message.Message(
        payout.identifier("id"),
        f"payout.{payout.text('status')}"[:MAX_ID],
        payout.moment("created_at"),
    )
    return told.translation(_payout_facts(told, payout))


def _payout_facts(told: message.Message, payout: Node) -> Iterator[Event]:
    ref = payout.identifier("id")
    subject = ("payout", ref)
    money = amount(payout)
    ids = {"payout": ref, "bank_trace": payout.text("reference")}
    known = {
        "references": references(ids),
        "clocks": value_date(payout, "arrival_date"),
        "traits": _traits(payout),
    }
    facts = const.PAYOUT_FACTS.get(payout.text("status"))
    if facts is None:
        yield told.fact(("unknown", "unknown"), subject, **known)
        facts = ()
    for fact in facts:
        out = {}
        if fact[0] == "payout.in_transit":
            settlement = moved(-money.minor, 0, *money[1:], batch=ref)
            out = {"amount": money, "settlement": settlement}
        yield told.fact(fact, subject, **out, **known)
    fees = 0
    if payout.data.get("deducted_fees") is not None:
        fees = payout.signed("deducted_fees")
    settlement = moved(0, fees, *money[1:], batch=ref)
    yield from told.fee(subject, settlement, **known)
    if payout.text("payout_type") == "partner":
        # All that is in it is the partner's share of others' payments.
        earned = money._replace(minor=money.minor + fees)
        fact = ("application_fee.earned", "application_fee")
        settlement = moved(earned.minor, 0, *money[1:], batch=ref)
        yield told.fact(fact, subject, amount=earned, settlement=settlement, **known)
    yield from _exchange(told, payout, subject, known)


def _traits(payout: Node) -> tuple[Trait, ...]:
    return traits_of(None, Node(inner(payout.data, "links")))


def _exchange(
    told: message.Message, payout: Node, subject: tuple[str, str], known: dict
) -> Iterator[Event]:
    """Tell what reaches the bank when that is in another currency."""
    fx = payout.data.get("fx")
    if not isinstance(fx, dict) or fx.get("fx_amount") is None:
        return
    node = Node(fx, payout.path_of("fx"))
    money = Amount(node.minor("fx_amount"), *node.currency("fx_currency", ISO))
    rate = node.text("exchange_rate")
    yield told.fact(
        ("external.info", "fx"), subject, amount=money, reason=rate, **known
    )


class _Items:
    """The items of one payout."""

    def __init__(self, payout: Node) -> None:
        self.ref = payout.identifier("id")
        self.moment = payout.moment("created_at")
        self.traits = _traits(payout)
        self.currency, self.exponent = payout.currency("currency", ISO)
        self.legs: Counter[str] = Counter()

    def read(self, item: Node) -> Translation:
        kind = item.text("type")
        told = message.Message(self.ref, kind[:MAX_ID], self.moment)
        links = item.child("links")
        if kind in const.PAYOUT_ITEMS:
            fact = self._movement(told, item, links)
        else:
            fact = self._information(told, item, links)
        return told.translation((fact,))

    def _movement(self, told: message.Message, item: Node, links: Node) -> Event:
        event_type, leg, kind, link, sign = const.PAYOUT_ITEMS[told.event_type]
        tenths = _tenths(item)
        if tenths % 10 or tenths * sign < 0:
            raise item.fault("amount", "Whole minor units of the right sign are due.")
        money = Amount(abs(tenths) // 10, self.currency, self.exponent)
        payment = links.reference("payment")
        return told.fact(
            (event_type, leg),
            (kind, links.identifier(link)),
            payment,
            money,
            self._references(links),
            traits=self.traits,
            parent=payment if kind == "refund" else "",
            settlement=moved(tenths // 10, 0, *money[1:], batch=self.ref),
        )

    def _information(self, told: message.Message, item: Node, links: Node) -> Event:
        tenths = _tenths(item)
        payment = links.reference("payment")
        subject = ("payment", payment) if payment else ("payout", self.ref)
        event_type = "external.info"
        name = told.event_type
        if name not in const.PAYOUT_FEES:
            event_type = name = "unknown"
        if tenths > 0:
            name += "_credited"
        leg = f"{name}:{self.ref}"
        self.legs[f"{subject[1]}:{leg}"] += 1
        number = self.legs[f"{subject[1]}:{leg}"]
        return told.fact(
            (event_type, leg if number == 1 else f"{leg}:{number}"),
            subject,
            payment,
            self._exact(abs(tenths)),
            self._references(links),
            traits=self.traits,
        )

    def _exact(self, tenths: int) -> Amount:
        if tenths % 10:
            return Amount(tenths, self.currency, self.exponent + 1)
        return Amount(tenths // 10, self.currency, self.exponent)

    def _references(self, links: Node) -> tuple:
        ids = {name: links.reference(name) for name in ("payment", "refund", "mandate")}
        return references({**ids, "payout": self.ref})


def _tenths(item: Node) -> int:
    """Read a text of minor units with one decimal, as "45.0", in tenths of them."""
    value = item.data.get("amount")
    match = _TENTHS.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise item.fault("amount", "Minor units with one decimal are due here.")
    sign, whole, tenth = match.groups("0")
    tenths = int(whole + tenth)
    return -tenths if sign == "-" else tenths
