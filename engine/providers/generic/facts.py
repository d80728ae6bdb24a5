# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The one fact that the data of a message tells."""

from collections.abc import Collection, Iterator

from ...events import (
    DISPUTE_STAGES,
    EVENT_TYPES,
    TRAIT_KINDS,
    Clock,
    Event,
    Fee,
    Reading,
    Reference,
    Settlement,
    Trait,
)
from ...json_node import MAX_TEXT, Node
from ...money import ISO
from ..message import MAX_TRAIT, Amount, Message, readings, traits
from . import const

# The fields of each object. A misspelt one would be a fact without that field: no
# other is taken.
DATA = frozenset(
    {
        *TRAIT_KINDS,
        "account",
        "amount",
        "balances",
        "clocks",
        "evidence_due_at",
        "livemode",
        "object",
        "parent",
        "payment",
        "reason",
        "references",
        "reported_minor",
        "settlement",
    }
)
OBJECT = frozenset({"type", "id", "leg"})
AMOUNT = frozenset({"minor", "currency", "exponent"})
SETTLEMENT = frozenset(
    {
        "gross_minor",
        "fee_minor",
        "net_minor",
        "currency",
        "exponent",
        "fees",
        "rate",
        "entry",
        "batch",
    }
)
REFERENCE = frozenset({"kind", "value"})
CLOCK = frozenset({"kind", "at"})
FEE = frozenset({"kind", "amount_minor"})
_PARTS = ("available_minor", "pending_minor", "reserved_minor")
BALANCE = frozenset({"currency", "exponent", *_PARTS})


def fact(message: Message, data: Node) -> Event:
    """Make the fact; a field that is missing, odd or not known is refused.

    :raises MalformedMessage: with the path of the field
    :raises UnknownCurrency: for a code that is not in ISO 4217
    """
    _check(data, DATA)
    event_type = const.FACTS[message.event_type]
    subject = data.child("object")
    _check(subject, OBJECT)
    leg = subject.reference("leg") or event_type.partition(".")[2] or event_type
    object_type, object_id = subject.identifier("type"), subject.identifier("id")
    payment = data.reference("payment")
    amount = _amount(data.child("amount")) if _has(data, "amount") else None
    if amount is None and EVENT_TYPES[event_type].family == "balance":
        raise data.fault("amount", "What moves money has an amount.")
    settlement = None
    if _has(data, "settlement"):
        settlement = _settlement(data.child("settlement"))
        if event_type == "advance.repaid":
            _check_interest(data, amount, settlement)
    found = list(_references(data))
    for kind, value in (("payment", payment), (object_type, object_id)):
        reference = Reference(kind, value)
        if value and kind in const.OBJECT_REFERENCES and reference not in found:
            found.append(reference)
    return message.fact(
        (event_type, leg),
        (object_type, object_id),
        payment,
        amount,
        tuple(found),
        tuple(_clocks(data)),
        _traits(data),
        reason=_text(data, "reason"),
        parent=data.reference("parent"),
        reported_minor=(
            data.minor("reported_minor") if _has(data, "reported_minor") else None
        ),
        settlement=settlement,
    )


def _check_interest(data: Node, amount: Amount, settled: Settlement) -> None:
    """Refuse a repayment whose amount is all that left the balance, with its interest.

    Another message may tell the same amount without a settlement: what of it is
    interest must not depend on which of them came.
    """
    all_that_left = -settled.net_minor, settled.currency
    if settled.fee_minor and amount[:2] == all_that_left:
        raise data.fault(
            "amount",
            "Give what the loan lost, without the interest: that is "
            f"{const.PREFIX}fee.charged of its own, with a fee of the kind interest.",
        )


def readings_of(message: Message, data: Node) -> tuple[Reading, ...]:
    """Read what the sender owes, where a message tells of its balance.

    :raises MalformedMessage: as ``fact``, and for a message of another type
    """
    if not _has(data, "balances"):
        return ()
    if const.FACTS[message.event_type] != "balance.available":
        wanted = f"{const.PREFIX}balance.available"
        raise data.fault("balances", f"Only {wanted} has this field.")
    return readings(_balances(data), message.created)


def _balances(data: Node) -> Iterator[Amount]:
    for node in data.children("balances"):
        _check(node, BALANCE)
        currency = _currency(node)
        for part in _PARTS:
            if part == "available_minor" or _has(node, part):
                yield Amount(node.signed(part), *currency)


def _check(node: Node, known: frozenset[str]) -> None:
    if not node.data.keys() <= known:
        name = min(node.data.keys() - known)
        raise node.fault(ascii(name[:80])[1:-1], "No field of this name is known.")


def _has(node: Node, field: str) -> bool:
    return node.data.get(field) is not None


def _text(node: Node, field: str) -> str:
    value = node.data.get(field)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise node.fault(field, f"A text of at most {MAX_TEXT} characters is due here.")
    return value


def _one_of(node: Node, field: str, choices: Collection[str]) -> str:
    value = node.data.get(field)
    if not isinstance(value, str) or value not in choices:
        raise node.fault(field, f"One of {', '.join(sorted(choices))} is due here.")
    return value


def _currency(node: Node) -> tuple[str, int]:
    currency, exponent = node.currency("currency", ISO)
    # Who counts in other units than ISO 4217 is wrong by a power of ten.
    if _has(node, "exponent") and node.signed("exponent") != exponent:
        raise node.fault("exponent", f"{currency} has {exponent} decimals.")
    return currency, exponent


def _amount(node: Node) -> Amount:
    _check(node, AMOUNT)
    return Amount(node.minor("minor"), *_currency(node))


def _references(data: Node) -> Iterator[Reference]:
    for node in data.children("references"):
        _check(node, REFERENCE)
        kind = _one_of(node, "kind", const.REFERENCE_KINDS)
        value = _text(node, "value")
        if not value:
            raise node.fault("value", "A text is due here.")
        yield Reference(kind, value)


def _clocks(data: Node) -> Iterator[Clock]:
    for node in data.children("clocks"):
        _check(node, CLOCK)
        kind = _one_of(node, "kind", const.CLOCK_KINDS)
        yield Clock(kind, *node.moment("at"))
    if _has(data, "evidence_due_at"):
        yield Clock("due", *data.moment("evidence_due_at"))


def _traits(data: Node) -> tuple[Trait, ...]:
    if _has(data, "dispute_stage"):
        _one_of(data, "dispute_stage", DISPUTE_STAGES)
    told = {kind: data.data[kind] for kind in TRAIT_KINDS if _has(data, kind)}
    found = traits(told)
    for kind in sorted(told.keys() - {trait.kind for trait in found}):
        wanted = f"A text of at most {MAX_TRAIT} printable characters"
        if kind == "country":
            wanted = "A country of two letters, as BE,"
        raise data.fault(kind, f"{wanted} is due here.")
    return found


def _settlement(node: Node) -> Settlement:
    _check(node, SETTLEMENT)
    currency, exponent = _currency(node)
    return Settlement(
        gross_minor=node.signed("gross_minor"),
        fee_minor=node.signed("fee_minor"),
        net_minor=node.signed("net_minor"),
        currency=currency,
        exponent=exponent,
        fees=tuple(_fees(node)),
        rate=_text(node, "rate"),
        entry=node.reference("entry"),
        batch=node.reference("batch"),
    )


def _fees(settlement: Node) -> Iterator[Fee]:
    for node in settlement.children("fees"):
        _check(node, FEE)
        yield Fee(_one_of(node, "kind", const.FEE_KINDS), node.signed("amount_minor"))
