# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Checkout.com's settlement reports as facts.

A movement is the same fact as in the webhooks when its row names the action; in the
settlement breakdown that is an optional column. Without it the row only tells how the
payment was settled, and posts nothing. No webhook tells of fees: they are one fact for
each settlement of a payment, whichever of the two reports brings it, rounded once.
https://www.checkout.com/docs/funds-management/retrieve-financial-reports
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from ... import tabular
from ...errors import MalformedMessage
from ...events import Clock, Event, Fee, Settlement
from ...tabular import Row
from .. import message
from ..base import NOTHING, Report, Translation
from ..bodies import unpacked
from ..message import Amount, Message, moved
from . import const, movements
from .facts import movement_fact, row_traits
from .movements import Movement, exact, rounded, time_of
from .settlements import payout_fact

_PAYOUT_COLUMNS = ("Payout ID", "Payout Date", "Holding Currency", "Payout Amount")


def _translator(
    read: Callable[[Row], Movement], columns: Iterable[str]
) -> Callable[..., tuple[Translation, ...]]:
    def translate(
        part: bytes, options: Mapping[str, str] = NOTHING
    ) -> tuple[Translation, ...]:
        groups: dict[str, list[Row]] = {}
        for row in tabular.rows(part, columns):
            groups.setdefault(_group_of(row), []).append(row)
        return message.each(
            groups.values(), lambda rows: _settled_payment([*map(read, rows)])
        )

    return translate


def _splitter(columns: Iterable[str]) -> Callable[[bytes], list[bytes]]:
    def split(body: bytes) -> list[bytes]:
        """Cut a report into files with whole payments, under the same head."""
        head, payouts = "", set()
        groups: dict[str, list[str]] = {}
        for row in tabular.rows(unpacked(body), columns):
            head = head or _line(row.cells)
            payouts.add(row.text("Payout ID").upper())
            groups.setdefault(_group_of(row), []).append(_line(row.cells.values()))
        if len(payouts - {""}) > 1:
            # Elsewhere the fees of a payment in a payout may not be complete.
            raise MalformedMessage(
                "Bring the report of one payout, not of a range of dates."
            )
        parts: list[list[str]] = []
        for lines in groups.values():
            if not parts or len(parts[-1]) > tabular.ROWS_IN_PART:
                parts.append([head])
            parts[-1] += lines
        return ["".join(part).encode() for part in parts]

    return split


def _group_of(row: Row) -> str:
    return row.text("Payment ID") or row.text("Action ID")


def _line(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue()


def _settled_payment(group: list[Movement]) -> Translation:
    first = group[0]
    times = [time_of(movement.row, "Processed On") for movement in group]
    told = Message(_subject(group, times), first.code, (min(times), "UTC"))
    events = list(_settlement(told, group)) if first.payout else []
    for movement, time in zip(group, times, strict=True):
        own = Message(told.event_id, movement.code, (time, "UTC"))
        events += movement_fact(own, movement, _clocks(movement.row))
    return told.translation(events)


def _subject(group: list[Movement], times: list[datetime]) -> str:
    """Name what was settled by the time of the first movement that is more than fees.

    Not by the payout: when a bank rejects one, its movements come again with the next.
    Fees alone, such as interchange that is told later, have nothing but their payout.
    """
    first = group[0]
    moved = [
        time for movement, time in zip(group, times, strict=True) if movement.gross
    ]
    name = min(moved).strftime("%Y%m%d%H%M%S") if moved else first.payout
    return f"{first.payment}.{name}" if name else first.payment


def _settlement(told: Message, group: list[Movement]) -> Iterator[Event]:
    """Make the facts about all that one payment did to one payout."""
    first = group[0]
    currency, exponent = first.currency
    if any(movement.currency != first.currency for movement in group):
        raise first.row.fault("Holding Currency", "One currency is due in a payout.")
    subject = ("settled_payment", told.event_id)
    is_payment = all(movement.is_payment for movement in group)
    payment = first.payment if is_payment else ""
    found = message.references(
        {
            "payment": payment,
            "payout": first.payout,
            "merchant_reference": first.row.text("Reference"),
        }
    )
    gross = sum(rounded(movement.gross, exponent) for movement in group)
    fees = _fees(group, exponent)
    fee = sum(part.amount_minor for part in fees)

    def settlement(gross: int) -> Settlement:
        return moved(gross, fee, currency, exponent, fees=fees, batch=first.payout)

    more = {
        "references": found,
        "clocks": _clocks(first.row),
        "traits": row_traits(first.row),
    }
    yield told.fact(
        ("balance.available", "available"),
        subject,
        payment,
        settlement=settlement(gross),
        **more,
    )
    yield from told.fee(subject, settlement(0), payment, **more)
    if reserved := rounded(sum(movement.reserved for movement in group), exponent):
        event_type = "reserve.released" if reserved > 0 else "reserve.held"
        amount = Amount(abs(reserved), currency, exponent)
        yield told.fact((event_type, "reserve"), subject, payment, amount, **more)


def _fees(group: list[Movement], exponent: int) -> tuple[Fee, ...]:
    """Give the fees by kind; together they are the rounded sum of the exact ones."""
    by_kind: dict[str, int] = {}
    for movement in group:
        for kind, amount in movement.fees:
            by_kind[kind] = by_kind.get(kind, 0) + amount
    fees, before = [], 0
    for kind, amount in sorted(by_kind.items()):
        after = before + amount
        part = rounded(after, exponent) - rounded(before, exponent)
        before = after
        if part:
            fees.append(Fee(kind, part))
    return tuple(fees)


def _clocks(row: Row) -> tuple[Clock, ...]:
    if not row.text("Available On") and not row.text("Available On UTC"):
        return ()
    return (Clock("available", time_of(row, "Available On"), "UTC"),)


def _payouts(
    part: bytes, options: Mapping[str, str] = NOTHING
) -> tuple[Translation, ...]:
    return message.each(tabular.rows(part, _PAYOUT_COLUMNS), _payout)


def _payout(row: Row) -> Translation:
    payout = row.identifier("Payout ID")
    currency, exponent = row.currency("Holding Currency", const.EXPONENTS)
    amount = rounded(exact(row, "Payout Amount"), exponent)
    told = Message(payout, "payouts", (time_of(row, "Payout Date"), "UTC"))
    return told.translation(
        [payout_fact(told, payout, Amount(amount, currency, exponent))]
    )


def _split_payouts(body: bytes) -> list[bytes]:
    plain = unpacked(body)
    for _row in tabular.rows(plain, _PAYOUT_COLUMNS):
        pass
    return tabular.split(plain)


_MENU = "Reports → Settlement reports"

REPORTS: Mapping[str, Report] = {
    "financial_actions": Report(
        "Financial Actions by Payout ID",
        f"{_MENU} → Financial Actions by Payout ID (CSV)",
        _splitter(movements.ACTION_COLUMNS),
        _translator(movements.action, movements.ACTION_COLUMNS),
    ),
    "settlement_breakdown": Report(
        "Settlement Breakdown",
        f"{_MENU} → Settlement Breakdown (CSV, best with the column Action ID): in "
        "place of the Financial Actions",
        _splitter(movements.BREAKDOWN_COLUMNS),
        _translator(movements.breakdown, movements.BREAKDOWN_COLUMNS),
    ),
    "payouts": Report("Payouts", f"{_MENU} → Payouts (CSV)", _split_payouts, _payouts),
}


def translate_file(
    body: bytes, options: Mapping[str, str] = NOTHING
) -> tuple[Translation, ...]:
    """Translate a file that was fetched; its columns tell which report it is.

    :raises MalformedMessage: for the file of a report that is not read here
    """
    plain = unpacked(body)
    head = {name.strip() for name in next(tabular.records(plain), [])}
    for columns, report in (
        (movements.ACTION_COLUMNS, REPORTS["financial_actions"]),
        (movements.BREAKDOWN_COLUMNS, REPORTS["settlement_breakdown"]),
        (_PAYOUT_COLUMNS, REPORTS["payouts"]),
    ):
        if head.issuperset(columns):
            return tuple(
                translation
                for part in report.split(plain)
                for translation in report.translate(part, options)
            )
    raise MalformedMessage("No report with these columns is known.", path="head")
