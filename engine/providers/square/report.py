# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the entries of Square's payouts attest: each is one movement of the balance.

https://developer.squareup.com/reference/square/objects/PayoutEntry: gross less fee is
net, all signed as the seller sees them.
"""

from collections.abc import Iterator, Mapping

from ...events import Event, Fee, Settlement
from ...json_node import Node
from ..base import Lookup, Translation
from ..message import Amount, moved, reference, references
from . import const
from .message import Message, money

_NO_DETAILS = Node({})


def read_entry(entry: Node, options: Mapping[str, str]) -> Translation:
    """Translate one entry."""
    kind = entry.identifier("type")
    message = Message(
        entry.identifier("id"), kind, entry.moment("effective_at"), options=options
    )
    details = _details(entry, kind)
    if kind == "FEE":
        # The payment tells each adjustment of its fee, with the time that is its key.
        payment_id = reference(details, "payment_id")
        lookups = (Lookup("payment", payment_id),) if payment_id else ()
        return message.translation((_information(message, entry),), lookups)
    if kind in const.ENTRY_INFORMATION:
        return message.translation((_information(message, entry),))
    return message.translation(_events(message, entry, details))


def _details(entry: Node, kind: str) -> Node:
    field = f"type_{kind.lower()}_details"
    return entry.child(field) if entry.data.get(field) else _NO_DETAILS


def _information(message: Message, entry: Node) -> Event:
    subject = ("balance_entry", entry.identifier("id"))
    payout = references({"payout": reference(entry, "payout_id")})
    return message.fact(("external.info", "information"), subject, references=payout)


def _events(message: Message, entry: Node, details: Node) -> Iterator[Event]:
    entry_id = entry.identifier("id")
    kind = message.event_type
    net = money(entry, "net_amount_money")
    fee = _part(entry, "fee_amount_money", net) or 0
    gross = _part(entry, "gross_amount_money", net)
    if gross is None:
        gross = net.minor + fee
    has_own_fee = kind in ("CHARGE", "REFUND")
    moved = gross if has_own_fee else net.minor
    if not moved:
        yield _information(message, entry)
        return
    fact = const.ENTRY_FACTS.get(kind, ("", ""))[moved < 0]
    subject, leg = _subject(details, kind, fact, entry_id)
    if not fact or not subject[1]:
        subject = ("balance_entry", entry_id)
        yield message.fact(("unknown", "unknown"), subject)
        return
    payment_id = reference(details, "payment_id")
    payout_id = reference(entry, "payout_id")
    found = references(
        {
            "payment": payment_id,
            "refund": reference(details, "refund_id"),
            "dispute": reference(details, "dispute_id"),
            "payout": payout_id,
            "balance_entry": entry_id,
        }
    )
    where = {"entry": entry_id, "batch": payout_id}
    settlement = _settlement(kind, fact, gross, fee, net, where)
    yield message.fact(
        (fact, leg),
        subject,
        payment_id,
        net._replace(minor=abs(moved)),
        found,
        reason="" if has_own_fee else kind.lower(),
        parent=payment_id if kind == "REFUND" else "",
        settlement=settlement,
    )
    if has_own_fee:
        yield from message.fee(subject, settlement, payment_id, references=found)


def _part(entry: Node, field: str, net: Amount) -> int | None:
    """Give a part of what moved, in the currency of the whole; None when not told."""
    if entry.data.get(field) is None:
        return None
    part = money(entry, field)
    if part.currency != net.currency:
        raise entry.fault(field, f"{net.currency} is due here.")
    return part.minor


def _settlement(
    kind: str, fact: str, gross: int, fee: int, net: Amount, where: Mapping[str, str]
) -> Settlement:
    if fact.startswith(("fee.", "tax.")):
        # The whole entry is a fee, whichever of its fields holds it.
        fees = (Fee(_FEE_KINDS.get(kind, "other"), -net.minor),)
        return moved(0, -net.minor, *net[1:], fees=fees, **where)
    return Settlement(
        gross_minor=gross,
        fee_minor=fee,
        net_minor=net.minor,
        currency=net.currency,
        exponent=net.exponent,
        **where,
    )


_FEE_KINDS = {
    "DEPOSIT_FEE": "payout",
    "DEPOSIT_FEE_REVERSED": "payout",
    "TAX_ON_FEE": "tax",
    "THIRD_PARTY_FEE": "platform",
    "THIRD_PARTY_FEE_REFUND": "platform",
}

# ActivityType: the object whose fact an entry is, the field of its id, and the leg.
_SUBJECTS = {
    "CHARGE": ("payment", "payment_id", "capture"),
    "REFUND": ("refund", "refund_id", "succeeded"),
    "DEPOSIT_FEE": ("payout", "payout_id", "fee"),
    "DEPOSIT_FEE_REVERSED": ("payout", "payout_id", "fee_refunded"),
    "THIRD_PARTY_FEE": ("payment", "payment_id", "app_fee"),
    "THIRD_PARTY_FEE_REFUND": ("refund", "refund_id", "app_fee"),
}


def _subject(
    details: Node, kind: str, fact: str, entry_id: str
) -> tuple[tuple[str, str], str]:
    """Give the subject, whose id is "" when the entry does not tell it, and the leg."""
    if kind in _SUBJECTS:
        object_type, field, leg = _SUBJECTS[kind]
        return (object_type, reference(details, field)), leg
    name = fact.rpartition(".")[2]
    if kind == "TAX_ON_FEE" and not reference(details, "payment_id"):
        return ("balance_entry", ""), name  # may be what its payout tells too
    if kind in ("DISPUTE", "OPEN_DISPUTE"):
        # A dispute may take and give back more than once.
        return ("dispute", reference(details, "dispute_id")), f"{name}:{entry_id}"
    return ("balance_entry", entry_id), name
