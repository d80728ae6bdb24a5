# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What moved in the balance, item by item, from the API or from a file, as facts.

The API (https://razorpay.com/docs/api/settlements/fetch-recon) tells minor units and
unix seconds. The dashboard's file has the same columns, but major units and Indian
time; Razorpay does not document it, but several readers made by its users agree on it.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from ... import strict_json
from ...errors import EngineError
from ...events import Clock, Event, Settlement
from ...json_node import Node
from ...tabular import Row, rows
from ...tabular import split as split_records
from ..base import Lookup, Translation
from ..message import Amount, each
from . import const
from .message import Message, fees_of, reference
from .pages import items
from .settlements import in_transit

REQUIRED = (
    "entity_id",
    "type",
    "debit",
    "credit",
    "amount",
    "currency",
    "fee",
    "tax",
    "created_at",
    "settled_at",
    "settlement_id",
    "payment_id",
    "settlement_utr",
    "dispute_id",
)
_INDIA = timezone(timedelta(hours=5, minutes=30))


class Line(NamedTuple):
    """One item; amounts are non-negative minor units, ``fee`` includes ``tax``.

    ``written`` holds what the merchant wrote: receipt, description and notes.
    """

    entity_id: str
    type: str
    debit: int
    credit: int
    amount: int
    fee: int
    tax: int
    money: tuple[str, int]
    payment_id: str
    order_id: str
    dispute_id: str
    settlement_id: str
    utr: str
    written: Node
    settled: tuple[Clock, ...]


def translate_page(body: bytes, options: Mapping[str, str]) -> tuple[Translation, ...]:
    """Translate one page of the API's reconciliation of settlements."""
    return each(items(body), lambda node: _read_item(node, options))


def split(body: bytes) -> list[bytes]:
    """Cut the dashboard's file of transactions into parts of a few hundred rows.

    :raises MalformedMessage: when a column is missing, or a row is of another length
    """
    for _row in rows(body, REQUIRED):
        pass
    return split_records(body)


def translate_part(body: bytes, options: Mapping[str, str]) -> tuple[Translation, ...]:
    """Translate one part of the dashboard's file."""
    return each(rows(body, REQUIRED), lambda row: _read_row(row, options))


def _read_item(node: Node, options: Mapping[str, str]) -> Translation:
    money = node.currency("currency", {})
    amounts = [
        0 if node.data.get(field) is None else node.minor(field)
        for field in ("debit", "credit", "amount", "fee", "tax")
    ]
    settled: tuple[Clock, ...] = ()
    if node.data.get("settled_at"):
        settled = (Clock("available", *node.moment("settled_at")),)
    line = Line(
        node.identifier("entity_id"),
        node.identifier("type"),
        *amounts,
        money,
        *(reference(node, field) for field in _REFERENCES),
        node.text("settlement_utr"),
        Node(
            {
                "receipt": node.text("order_receipt"),
                "description": node.text("description"),
                "notes": node.data.get("notes"),
            }
        ),
        settled,
    )
    return _read(line, node.moment("created_at"), options)


_REFERENCES = ("payment_id", "order_id", "dispute_id", "settlement_id")


def _read_row(row: Row, options: Mapping[str, str]) -> Translation:
    money = row.currency("currency", {})
    amounts = []
    for column in ("debit", "credit", "amount", "fee", "tax"):
        amounts.append(row.minor(column, money[1]))
        if amounts[-1] < 0:
            raise row.fault(column, "A non-negative amount is due here.")
    created = _utc(row.local_time("created_at", "%d/%m/%Y %H:%M:%S"))
    settled: tuple[Clock, ...] = ()
    if row.text("settled_at"):
        settled = (Clock("available", _utc(_settled_at(row)), const.INDIA),)
    line = Line(
        row.identifier("entity_id"),
        row.identifier("type"),
        *amounts,
        money,
        *(row.reference(column) for column in _REFERENCES),
        row.text("settlement_utr"),
        Node(
            {
                "receipt": row.text("order_receipt"),
                "description": row.text("description"),
                "notes": _notes(row.text("notes")),
            }
        ),
        settled,
    )
    return _read(line, (created, const.INDIA), options)


def _settled_at(row: Row) -> datetime:
    """Read a day, or a day with its time; both have been seen."""
    has_time = ":" in row.text("settled_at")
    return row.local_time("settled_at", "%d/%m/%Y %H:%M:%S" if has_time else "%d-%m-%Y")


def _utc(local: datetime) -> datetime:
    return local.replace(tzinfo=timezone.utc) - _INDIA.utcoffset(None)


def _notes(text: str) -> object:
    try:
        return strict_json.loads(text.encode())
    except EngineError:
        return "" if text in ("[]", "null") else text


def _read(
    line: Line, moment: tuple[datetime, str], options: Mapping[str, str]
) -> Translation:
    message = Message(line.entity_id, line.type, moment, options)
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
    return Settlement(
        gross_minor=gross,
        fee_minor=fee,
        net_minor=net,
        currency=line.money[0],
        exponent=line.money[1],
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
    found = message.references(line.written, ids)
    if is_told:
        yield message.fact(
            fact,
            subject,
            payment_ref,
            Amount(line.amount, *line.money),
            found,
            line.settled,
            parent=payment_ref if line.type == "refund" else "",
            settlement=settlement,
        )
    yield from message.fee(
        subject, settlement, payment_ref, references=found, clocks=line.settled
    )


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
