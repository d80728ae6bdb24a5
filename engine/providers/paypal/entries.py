# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What one entry of PayPal's balance attests, whichever list it stands in.

Its T-code says what it is, and its sign which way: the reports and the transaction
search have the same entries under the same ids.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from ...errors import MalformedMessage
from ...events import EVENT_TYPES, Clock, Event, Reference, Settlement, Trait
from ..message import Amount, references
from . import const
from .message import Message, settled

# "" where a list has settled entries only. A reversed (V) or partly refunded (F)
# transaction succeeded before; what undid it is an entry of its own.
_DONE = ("", "S", "V", "F")
_DENIED, _PENDING = "D", "P"

_AUTHORIZATIONS = ("payment.authorized", "payment.authorization_adjusted")
# Not about the balance, whatever amount stands beside it.
_UNMOVED = {
    *_AUTHORIZATIONS,
    "payment.voided",
    "payment.pending",
    "balance.available",
    "external.info",
}
# The conversion of a payment; others name their other leg.
_PAYMENT_CONVERSION = "T0200"

# What becomes of each T-code; the others where the money can go another way.
CODES: Mapping[str, tuple[str, ...]] = {
    code: (name, const.OTHER_WAY[name])
    if name in const.OTHER_WAY
    else (name, *const.MOVED.get(name, ()))
    for code, name in const.T_CODES.items()
}


class Entry(NamedTuple):
    """One entry; amounts are signed as the merchant's balance sees them.

    ``related`` is the id of what the entry belongs to, ``relation`` says of which
    kind: TXN another entry, ODR an order, SUB or PAP an agreement with the payer.
    """

    id: str
    code: str
    status: str
    created: tuple[datetime, str]
    booked: tuple[datetime, str]
    gross: Amount
    fee: Amount  # negative when charged
    related: str
    relation: str
    written: Mapping[str, str]  # by the merchant, by kind of reference
    bank: str = ""
    traits: tuple[Trait, ...] = ()

    @property
    def parent(self) -> str:
        """Give the entry that this one belongs to; "" when none."""
        return self.related if self.relation == "TXN" else ""

    @property
    def order(self) -> str:
        """Give the order that this entry belongs to; "" when none."""
        return self.related if self.relation == "ODR" else ""


class _Place(NamedTuple):
    """Where a fact stands: what it is about, which fact, and in which payment."""

    subject: tuple[str, str]
    leg: str
    payment_ref: str = ""
    parent: str = ""


def facts(entry: Entry) -> Iterator[Event]:
    """Tell what an entry attests: the movement, and its fee.

    :raises MalformedMessage: for a status that PayPal does not document
    """
    event_type = _type(entry)
    message = Message(entry.id, entry.code, entry.created)
    clocks = (Clock("booked", *entry.booked),)
    if entry.status == _DENIED or entry.status == _PENDING and entry.gross.minor >= 0:
        yield _unfinished(message, entry, event_type)
        return
    if entry.status not in (*_DONE, _PENDING):
        raise MalformedMessage("A status that PayPal documents is due here.")
    place = _place(entry, event_type)
    found = _references(entry, event_type)
    movement, fee = _settlements(entry)
    is_balance = EVENT_TYPES[event_type].family == "balance"
    yield message.fact(
        (event_type, place.leg),
        place.subject,
        place.payment_ref,
        _unsigned(entry) if is_balance or event_type in _AUTHORIZATIONS else None,
        found,
        clocks,
        entry.traits,
        settlement=None if event_type in _UNMOVED else movement,
        parent=place.parent,
    )
    subject = place.subject
    if subject[1] != entry.id:
        subject = ("balance_entry", entry.id)
    yield from message.fee(
        subject,
        fee,
        place.payment_ref,
        references=found,
        clocks=clocks,
        traits=entry.traits,
    )


def _type(entry: Entry) -> str:
    event_type = const.T_CODES.get(entry.code, "unknown")
    if not entry.gross.minor:
        return event_type
    if event_type in const.MOVED:
        return const.MOVED[event_type][entry.gross.minor > 0]
    is_credit = const.IS_CREDIT.get(event_type)
    if is_credit is None:
        return event_type
    if is_credit == (entry.gross.minor > 0):
        return event_type
    return const.OTHER_WAY[event_type]


def _unfinished(message: Message, entry: Entry, event_type: str) -> Event:
    """Tell of money that has not come (yet)."""
    leg = "failed" if entry.status == _DENIED else "pending"
    subject = ("balance_entry", entry.id)
    payment_ref = ""
    if event_type == "payment.captured":
        subject, payment_ref = ("capture", entry.id), entry.order or entry.id
    return message.fact(
        (f"payment.{leg}" if payment_ref else "external.info", leg),
        subject,
        payment_ref,
        references=_references(entry, event_type),
        traits=entry.traits,
    )


def _place(entry: Entry, event_type: str) -> _Place:
    """Find the key that other messages give the same fact."""
    group, _dot, name = event_type.partition(".")
    parent = entry.parent
    object_id = parent or entry.id
    if event_type == "payment.captured":
        return _Place(("capture", entry.id), "capture", entry.order or entry.id)
    if event_type == "refund.succeeded":
        return _Place(("refund", entry.id), name, parent, parent)
    if event_type == "payment.charge_reversed" and parent:
        leg = f"{name}:{entry.id}"
        return _Place(("capture", parent), leg, parent, parent)
    if event_type == "payment.authorized":
        payment_ref = entry.order or entry.id
        return _Place(("authorization", entry.id), "authorization", payment_ref)
    if event_type == "payment.authorization_adjusted":
        return _Place(("authorization", object_id), f"{name}:{entry.id}", parent)
    if event_type == "payment.voided":
        return _Place(("authorization", object_id), name, parent)
    if group == "dispute":
        # The entries of a dispute name the capture only, which they share.
        return _Place(("dispute", object_id), f"{name}:{entry.id}", parent)
    if event_type in ("payout.in_transit", "topup.succeeded"):
        return _Place((group, entry.id), name)
    if group in ("payout", "topup"):
        return _Place((group, object_id), name)
    if event_type == "unknown":
        return _Place(("balance_entry", entry.id), event_type)
    is_known = group == "fee" or entry.code == _PAYMENT_CONVERSION
    return _Place(("balance_entry", entry.id), entry.code, parent if is_known else "")


def _references(entry: Entry, event_type: str) -> tuple[Reference, ...]:
    group = event_type.partition(".")[0]
    ids = {"balance_entry": entry.id, "bank_trace": entry.bank, **entry.written}
    # Reports leave the kind of an agreement out.
    if entry.relation in ("SUB", "PAP") or entry.related.startswith(("I-", "B-")):
        ids["mandate"] = entry.related
    if group == "payment":
        ids["payment"] = entry.order
    if group == "refund":
        ids["refund"] = entry.id
    found = references(ids)
    charges = []
    if event_type in ("payment.captured", *_AUTHORIZATIONS) or group == "dispute":
        charges.append(entry.id)
    if entry.parent and group in ("payment", "refund", "dispute", "fee"):
        charges.append(entry.parent)
    return found + tuple([Reference("charge", charge) for charge in charges])


def _settlements(entry: Entry) -> tuple[Settlement, Settlement]:
    """Give what the movement did to the balance, and what its fee did."""
    charged = entry.fee._replace(minor=-entry.fee.minor)
    if charged.currency == entry.gross.currency:
        both = settled(entry.gross, charged, entry.id)
        return both, both
    return (
        settled(entry.gross, entry.gross._replace(minor=0), entry.id),
        settled(charged._replace(minor=0), charged, entry.id),
    )


def _unsigned(entry: Entry) -> Amount:
    return entry.gross._replace(minor=abs(entry.gross.minor))
