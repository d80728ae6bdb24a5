# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Items of settlements as they are written, in the API or in the dashboard's file.

The API (https://razorpay.com/docs/api/settlements/fetch-recon) tells minor units and
unix seconds. The file has the same columns, but major units and Indian time; Razorpay
does not document it, but several readers made by its users agree on it.
"""

from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from ... import strict_json
from ...errors import EngineError
from ...events import Clock
from ...json_node import Node
from ...tabular import Row
from ..message import reference
from . import const

COLUMNS = (
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
_AMOUNTS = ("debit", "credit", "amount", "fee", "tax")
_REFERENCES = ("payment_id", "order_id", "dispute_id", "settlement_id")
_TO_UTC = timedelta(hours=-5, minutes=-30)


class Line(NamedTuple):
    """One item; amounts are non-negative minor units, ``fee`` includes ``tax``.

    ``moment`` is UTC, with the zone in which it was written; ``written`` holds what the
    merchant wrote: receipt, description and notes.
    """

    entity_id: str
    type: str
    moment: tuple[datetime, str]
    money: tuple[str, int]
    debit: int
    credit: int
    amount: int
    fee: int
    tax: int
    payment_id: str
    order_id: str
    dispute_id: str
    settlement_id: str
    utr: str
    settled: tuple[Clock, ...]
    written: Node
    method: str
    network: str  # of the card


def of_item(node: Node) -> Line:
    """Read an item of the API; it may lack any key but the first ones."""
    settled: tuple[Clock, ...] = ()
    if node.data.get("settled_at"):
        settled = (Clock("available", *node.moment("settled_at")),)
    return Line(
        node.identifier("entity_id"),
        node.identifier("type"),
        node.moment("created_at"),
        node.currency("currency", {}),
        *(0 if node.data.get(name) is None else node.minor(name) for name in _AMOUNTS),
        *(reference(node, name) for name in _REFERENCES),
        node.text("settlement_utr"),
        settled,
        _written(node, node.data.get("notes")),
        node.text("method"),
        node.text("card_network"),
    )


def of_row(row: Row) -> Line:
    """Read a row of the file."""
    money = row.currency("currency", {})
    settled: tuple[Clock, ...] = ()
    if text := row.text("settled_at"):
        # A day, or a day with its time; both have been seen.
        form = "%d/%m/%Y %H:%M:%S" if ":" in text else "%d-%m-%Y"
        settled = (Clock("available", *_indian_time(row, "settled_at", form)),)
    return Line(
        row.identifier("entity_id"),
        row.identifier("type"),
        _indian_time(row, "created_at", "%d/%m/%Y %H:%M:%S"),
        money,
        *(_minor(row, column, money[1]) for column in _AMOUNTS),
        *(row.reference(column) for column in _REFERENCES),
        row.text("settlement_utr"),
        settled,
        _written(row, _notes(row.text("notes"))),
        row.text("method"),
        row.text("card_network"),
    )


def _written(source: Node | Row, notes: object) -> Node:
    return Node(
        {
            "receipt": source.text("order_receipt"),
            "description": source.text("description"),
            "notes": notes,
        }
    )


def _minor(row: Row, column: str, exponent: int) -> int:
    minor = row.minor(column, exponent)
    if minor < 0:
        raise row.fault(column, "A non-negative amount is due here.")
    return minor


def _indian_time(row: Row, column: str, form: str) -> tuple[datetime, str]:
    local = row.local_time(column, form)
    if local.year < const.FIRST_YEAR:
        raise row.fault(column, f"A time from {const.FIRST_YEAR} on is due here.")
    return local.replace(tzinfo=timezone.utc) + _TO_UTC, const.INDIA


def _notes(text: str) -> object:
    try:
        return strict_json.loads(text.encode())
    except EngineError:
        return "" if text in ("[]", "null") else text
