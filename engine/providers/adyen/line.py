# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Rows of Adyen's settlement details report as facts.

Amounts are in major units, in a column for debits and one for credits. Gross is in
the currency of the payment (GC), net and fees in the one that is settled (NC). A row
about no payment has text for a reference, so it is its own object.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from ...events import Clock, Event, Fee, Reference, Settlement
from ...tabular import Row
from ..base import Translation
from ..message import Amount, Message, references
from . import captures, const, journal, traits
from .payments import REFERENCE_KINDS, has_amount

_GROSS = ("Gross Currency", "Gross Credit (GC)", "Gross Debit (GC)")
_NET = ("Net Currency", "Net Credit (NC)", "Net Debit (NC)")
_IDENTITY = (
    "Merchant Account",
    "Psp Reference",
    "Creation Date",
    "Type",
    "Modification Reference",
    "Batch Number",
)
REQUIRED = (
    *_IDENTITY,
    *_GROSS,
    *_NET,
    *journal.FEES,
    "Merchant Reference",
    "TimeZone",
    "Exchange Rate",
)
# The columns that report.split() adds.
NUMBER, EARLIER = "payment_hub.row", "payment_hub.earlier"

# Of the movements of one object, the one whose fee is simply its fee.
_FIRST_LEGS = ("capture", "succeeded", "funds_withdrawn", "in_transit")


def identity(row: Row) -> tuple[str, ...]:
    """Give what tells a row from all others, but for rows that are quite alike."""
    return (
        *[row.text(column) for column in _IDENTITY],
        *[_without_zeros(row.text(column)) for column in _NET],
    )


def net(row: Row) -> Amount | None:
    """Give what the row adds to its batch, signed; None when it says nothing.

    :raises MalformedMessage: unless there is a debit or a credit, with a currency
    """
    return _signed(row, _NET)


def translate(row: Row, options: Mapping[str, str]) -> Translation:
    """Translate one row.

    :raises MalformedMessage: when a cell holds what it cannot hold, or when the row
        moves money in a direction that its type does not have
    """
    if number := row.text(NUMBER):
        row.path = f"row {number}"
    line = _line(row)
    return line.message.translation(_events(line, options))


class _Line(NamedTuple):
    """What is read of every row."""

    row: Row
    message: Message
    rule: journal.Journal
    psp: str
    entry: str  # id of the row
    is_entry: bool  # whether the row itself is the object
    earlier: str  # number of rows like it; "" when there is none
    settlement: Settlement | None
    money: Amount | None  # of the fact, signed


def _line(row: Row) -> _Line:
    code, psp = row.identifier("Type"), row.reference("Psp Reference")
    rule = journal.JOURNALS.get(code, journal.UNKNOWN)
    is_entry = rule.subject == "entry" or (rule.subject == "payout" and not psp)
    entry, earlier = _entry(row), row.reference(EARLIER)
    if earlier == "0":
        earlier = ""
    if earlier:
        entry = f"{entry}-{earlier}"
    money = _signed(row, _GROSS)
    settlement = _settlement(row, entry, money, is_entry)
    if is_entry:
        money = settlement and Amount(
            settlement.gross_minor, settlement.currency, settlement.exponent
        )
    message = Message(
        entry,
        code,
        _moment(row, "Creation Date", "TimeZone"),
        account=row.identifier("Merchant Account"),
    )
    return _Line(row, message, rule, psp, entry, is_entry, earlier, settlement, money)


def _entry(row: Row) -> str:
    """Make an id of a row; Adyen gives none, and the order of rows may change."""
    content = "\n".join(identity(row)).encode()
    batch = row.reference("Batch Number")
    return f"{batch}-{hashlib.sha256(content).hexdigest()[:24]}"


def _events(line: _Line, options: Mapping[str, str]) -> Iterator[Event]:
    message, rule, settlement = line.message, line.rule, line.settlement
    event_type, leg = _fact(line)
    if line.earlier and not line.is_entry:
        leg = f"{leg}:{line.earlier}"
    subject = _subject(line, options)
    parent = ""
    if event_type == "payment.charge_reversed":
        parent = subject[1]
    elif rule.subject == "refund":
        parent = captures.parent(options, line.psp)
    payment = "" if rule.subject == "payout" else line.psp
    more = {
        "references": _references(line),
        "clocks": _clocks(line.row),
        "traits": traits.of_row(line.row),
    }
    yield message.fact(
        (event_type, leg),
        subject,
        payment,
        _amount(line) if has_amount(event_type) else None,
        settlement=settlement,
        parent=parent,
        **more,
    )
    if rule.also:
        yield message.fact(rule.also, subject, payment, **more)
    if settlement and event_type != "unknown":
        for fee in message.fee(subject, settlement, payment, **more):
            yield fee if leg in _FIRST_LEGS else replace(fee, leg=f"fee:{leg}")


def _fact(line: _Line) -> const.Fact:
    """Choose by direction; what moves nothing goes the direction that there is."""
    credit, debit = line.rule.credit, line.rule.debit
    minor = line.money.minor if line.money else 0
    fact = (credit or debit) if minor == 0 else credit if minor > 0 else debit
    if fact is None:
        side = "debit" if debit else "credit"
        raise line.row.fault("Type", f"A {side} is due for this type.")
    return fact


def _amount(line: _Line) -> Amount:
    if line.money is None:
        column = (_NET if line.is_entry else _GROSS)[0]
        raise line.row.fault(column, "A currency is due here.")
    return line.money._replace(minor=abs(line.money.minor))


def _subject(line: _Line, options: Mapping[str, str]) -> tuple[str, str]:
    row, kind = line.row, line.rule.subject
    if line.is_entry:
        return ("payout" if kind == "payout" else "balance_entry", line.entry)
    if kind in ("payment", "payout"):
        return (kind, row.identifier("Psp Reference"))
    if kind == "capture" and not captures.is_manual(options):
        return ("payment", row.identifier("Psp Reference"))
    return (kind, row.identifier("Modification Reference"))


def _settlement(
    row: Row, entry: str, gross: Amount | None, is_entry: bool
) -> Settlement | None:
    if (settled := net(row)) is None:
        return None
    fees = [
        Fee(kind, minor)
        for column, kind in journal.FEES.items()
        if (minor := row.minor(column, settled.exponent))
    ]
    if is_entry and (gross is None or gross.minor == 0):
        gross = settled
    is_converted = gross is not None and gross.currency != settled.currency
    if gross is not None and not is_converted:
        charged = gross.minor - settled.minor
        if charged == 0:
            fees = []  # told here, but invoiced
        elif charged != sum(fee.amount_minor for fee in fees):
            raise row.fault("Net Credit (NC)", "Gross less the fees is due here.")
    fee = sum(fee.amount_minor for fee in fees)
    return Settlement(
        gross_minor=settled.minor + fee,
        fee_minor=fee,
        net_minor=settled.minor,
        currency=settled.currency,
        exponent=settled.exponent,
        fees=tuple(fees),
        rate=row.text("Exchange Rate") if is_converted else "",
        entry=entry,
        batch=row.reference("Batch Number"),
    )


def _references(line: _Line) -> tuple[Reference, ...]:
    row, kind = line.row, line.rule.subject
    ids = {} if kind == "payout" else {"payment": line.psp}
    if line.is_entry:
        ids["description"] = row.text("Modification Reference")
    elif kind == "payout":
        ids["payout"] = line.psp
    elif kind in REFERENCE_KINDS:
        ids[REFERENCE_KINDS[kind]] = row.reference("Modification Reference")
    ids["merchant_reference"] = row.text("Merchant Reference")
    ids["batch"] = row.reference("Batch Number")
    found = references(ids)
    of_modification = row.text("Modification Merchant Reference")
    if of_modification and of_modification != ids["merchant_reference"]:
        found += (Reference("merchant_reference", of_modification),)
    return found


def _clocks(row: Row) -> tuple[Clock, ...]:
    if not row.text("Booking Date"):
        return ()
    is_told = row.text("Booking Date TimeZone")
    zone = "Booking Date TimeZone" if is_told else "TimeZone"
    return (Clock("booked", *_moment(row, "Booking Date", zone)),)


def _moment(row: Row, column: str, zone_column: str) -> tuple[datetime, str]:
    local = row.local_time(column, "%Y-%m-%d %H:%M:%S")
    minutes = journal.ZONES.get(row.text(zone_column))
    if minutes is None:
        raise row.fault(
            zone_column,
            "A time zone with one meaning, as CET or PST, is due here: choose one in "
            "the account's settings at Adyen.",
        )
    try:
        utc = (local - timedelta(minutes=minutes)).replace(tzinfo=timezone.utc)
    except OverflowError:
        raise row.fault(column, "A time of this age is due here.") from None
    if minutes == 0:
        return utc, "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return utc, f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


def _without_zeros(text: str) -> str:
    """Write an amount as short as can be; 0 and none are the same."""
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "" if text == "0" else text


def _signed(row: Row, columns: tuple[str, str, str]) -> Amount | None:
    currency_column, *sides = columns
    if not any(row.text(column).strip("0.") for column in columns):
        return None
    currency, exponent = row.currency(currency_column, const.EXPONENTS)
    credit, debit = [row.minor(column, exponent) for column in sides]
    if credit < 0 or debit < 0 or (credit and debit):
        raise row.fault(sides[0], "A debit or a credit is due here, and no sign.")
    return Amount(credit - debit, currency, exponent)
