# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What moved in the balance, item by item, as facts."""

from collections.abc import Iterator, Mapping

from ...events import Event, Settlement
from ...tabular import rows
from ...tabular import split as split_records
from ..base import Lookup, Translation
from ..message import Amount, each, moved
from .lines import COLUMNS, Line, of_item, of_row
from .message import Message, fees_of
from .pages import items
from .settlements import in_transit


def translate_page(body: bytes, options: Mapping[str, str]) -> tuple[Translation, ...]:
    """Translate one page of the API's reconciliation of settlements."""
    return each(items(body), lambda node: _read(of_item(node), options))


def split(body: bytes) -> list[bytes]:
    """Cut the dashboard's file of transactions into parts of a few hundred rows.

    :raises MalformedMessage: when a column is missing, or a row is of another length
    """
    for _row in rows(body, COLUMNS):
        pass
    return split_records(body)


def translate_part(body: bytes, options: Mapping[str, str]) -> tuple[Translation, ...]:
    """Translate one part of the dashboard's file."""
    return each(rows(body, COLUMNS), lambda row: _read(of_row(row), options))


def _read(line: Line, options: Mapping[str, str]) -> Translation:
    message = Message(line.entity_id, line.type, line.moment, options=options)
    net = line.credit - line.debit
    directions = _DIRECTIONS.get(line.type, ())
    if not net or (net > 0) not in directions:
        subject = ("balance_entry", line.entity_id)
        return message.translation((message.fact(("unknown", "unknown"), subject),))
    settlement = _settlement(line, net)
    if line.type == "settlement":
        amount = Amount(line.amount, *line.money)
        return message.translation(
            (in_transit(message, line.entity_id, amount, line.utr),)
        )
    lookups: tuple[Lookup, ...] = ()
    if line.type in ("payment", "refund") and options.get("currencies") == "several":
        # The item tells the currency of the balance; the object tells the payer's.
        lookups = (Lookup(line.type, line.entity_id),)
    return message.translation(
        _events(message, line, settlement, is_told=not lookups), lookups
    )


# Item type: whether money may come in (True), go out (False), or both.
_DIRECTIONS = {
    "payment": (True,),
    "refund": (False,),
    "transfer": (False,),
    "adjustment": (True, False),
    "settlement": (False,),
}


def _settlement(line: Line, net: int) -> Settlement:
    gross = line.amount if net > 0 else -line.amount
    fee = gross - net
    return moved(
        gross,
        fee,
        *line.money,
        # A fee that is invoiced at the end of the month is told, but not deducted.
        fees=fees_of(fee, line.tax) if fee == line.fee else (),
        batch=line.settlement_id,
    )


def _events(
    message: Message, line: Line, settlement: Settlement, is_told: bool
) -> Iterator[Event]:
    fact, subject, payment_ref = _fact(line, settlement.net_minor > 0)
    ids = {
        "payment": payment_ref or line.payment_id,
        "refund": line.entity_id if line.type == "refund" else "",
        "order": line.order_id,
        "dispute": line.dispute_id,
        "payout": line.settlement_id,
        "bank_trace": line.utr,
    }
    more = {
        "references": message.references(line.written, ids),
        "clocks": line.settled,
        "traits": message.traits(method=line.method, scheme=line.network),
    }
    if is_told:
        yield message.fact(
            fact,
            subject,
            payment_ref,
            Amount(line.amount, *line.money),
            parent=payment_ref if line.type == "refund" else "",
            settlement=settlement,
            **more,
        )
    yield from message.fee(subject, settlement, payment_ref, **more)


def _fact(line: Line, is_credit: bool) -> tuple[tuple[str, str], tuple[str, str], str]:
    """Give the fact, its subject, and the payment whose facts it belongs to."""
    if line.type == "payment":
        subject = ("payment", line.entity_id)
        return ("payment.captured", "capture"), subject, line.entity_id
    if line.type == "refund":
        subject = ("refund", line.entity_id)
        return ("refund.succeeded", "succeeded"), subject, line.payment_id
    if line.type == "transfer":
        return ("transfer.created", "created"), ("transfer", line.entity_id), ""
    if line.dispute_id:
        name = "funds_reinstated" if is_credit else "funds_withdrawn"
        subject = ("dispute", line.dispute_id)
        return (f"dispute.{name}", name), subject, line.payment_id
    name = "credit" if is_credit else "debit"
    return (f"adjustment.{name}", name), ("balance_entry", line.entity_id), ""
