# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Stripe's itemised reports as CSV: payout reconciliation, balance change.

https://docs.stripe.com/reports/report-types/payout-reconciliation: whoever runs a
report selects its columns. Amounts are signed decimals in major units. Only the
``_utc`` columns have a zone that is known: that of the others is not in the file, so
they are not read.

A row has a category, but not the type of its balance transaction. Where only the type
would tell which fact it is, the row asks for that transaction and attests nothing.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timezone

from ...errors import MalformedMessage
from ...events import Clock, Reference, Settlement, Trait
from ...tabular import ROWS_IN_PART, Row, records, rows
from .. import message
from ..base import NOTHING, Lookup, Translation
from ..message import Amount
from . import balance, codes, const
from .entries import ENTRY, RULES, Entry, facts

COLUMNS = (
    "balance_transaction_id",
    "created_utc",
    "currency",
    "gross",
    "fee",
    "net",
    "reporting_category",
    "source_id",
    "charge_id",
    "payment_intent_id",
    # What the customer saw, in whatever currency: the amount that webhooks tell.
    "customer_facing_amount",
    "customer_facing_currency",
)
_TIME = "%Y-%m-%d %H:%M:%S"

# How the id of a source begins: kind of the source.
_PREFIXES = {
    "ch": "charge",
    "py": "charge",
    "re": "refund",
    "pyr": "refund",
    "dp": "dispute",
    "du": "dispute",
    "po": "payout",
    "tr": "transfer",
    "trr": "transfer_reversal",
    "tu": "topup",
    "fee": "application_fee",
    "fr": "fee_refund",
}
_METADATA = ("payment_metadata", "refund_metadata")
# kind of reference: column
_REFERENCES = {
    "customer": "customer_id",
    "connected_account": "connected_account_id",
    "invoice": "invoice_number",
    "bank_trace": "trace_id",
    "description": "description",
}


def split(body: bytes) -> list[bytes]:
    """Cut a report into reports of some 200 rows; what is about one charge stays whole.

    :raises MalformedMessage: when a column is missing or a row is cut off
    """
    for _row in rows(body, COLUMNS):
        pass
    head, *data = records(body)
    column = [name.strip() for name in head].index("charge_id")
    data.sort(key=lambda cells: cells[column])
    parts = []
    last = ""
    for cells in data:
        is_same = cells[column] and cells[column] == last
        if not parts or (len(parts[-1]) > ROWS_IN_PART and not is_same):
            parts.append([head])
        parts[-1].append(cells)
        last = cells[column]
    return [_csv(part) for part in parts]


def _csv(lines: list[list[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(lines)
    return text.getvalue().encode()


def translate(
    part: bytes, options: Mapping[str, str] = NOTHING
) -> tuple[Translation, ...]:
    """Translate a report, row by row.

    A capture of less than was authorised stands in two rows, the whole and what was
    not captured of it; the difference is what was captured.
    """
    found = list(rows(part, COLUMNS))
    uncaptured = defaultdict(list)
    for row in found:
        if codes.CATEGORIES.get(row.text("reporting_category")) == ("uncaptured",):
            uncaptured[row.text("charge_id")].append(row)
    return message.each(found, lambda row: _translate(row, uncaptured))


def _translate(row: Row, uncaptured: Mapping[str, list[Row]]) -> Translation:
    entry_id = row.identifier("balance_transaction_id")
    row = Row(row.cells, entry_id)  # by which a person finds it
    category = row.identifier("reporting_category")
    envelope = message.Message(
        entry_id,
        category,
        (_time(row, "created_utc"), "UTC"),
        account=row.reference("connected_account"),
    )
    settlement = _settlement(row)
    ids = _ids(row)
    source = row.reference("source_id")
    rule, *others = codes.CATEGORIES.get(category, ("",))
    subject = RULES[rule].subject if rule else ENTRY
    amount = _seen(row)
    backs = []
    if rule == "uncaptured":
        amount = amount._replace(minor=0)
    elif rule == "capture":
        backs = [_seen(back) for back in uncaptured.get(ids["charge"], ())]
        amount = amount._replace(minor=amount.minor - sum(back.minor for back in backs))
    is_mixed = any(back.currency != amount.currency for back in backs)
    if (others and source) or is_mixed or not ids.get(subject):
        return envelope.translation((), [Lookup(balance.OBJECT, entry_id)])
    clocks = ()
    if row.text("available_on_utc"):
        clocks = (Clock("available", _time(row, "available_on_utc"), "UTC"),)
    found = _references(row, ids)
    entry = Entry(rule, settlement, amount, ids, found, clocks, _traits(row))
    return envelope.translation(facts(envelope, entry))


def _time(row: Row, column: str) -> datetime:
    return row.local_time(column, _TIME).replace(tzinfo=timezone.utc)


def _settlement(row: Row) -> Settlement:
    code, exponent = row.currency("currency", const.EXPONENTS)
    gross, fee, net = (row.minor(name, exponent) for name in ("gross", "fee", "net"))
    try:
        return Settlement(
            gross_minor=gross,
            fee_minor=fee,
            net_minor=net,
            currency=code,
            exponent=exponent,
            entry=row.identifier("balance_transaction_id"),
            batch=row.reference("automatic_payout_id"),
        )
    except MalformedMessage:
        # Seen in reports, in the row of the payout itself: neither can be trusted.
        raise row.fault("net", "Gross less fee is due here.") from None


def _seen(row: Row) -> Amount:
    """Give the amount in the currency that the customer saw; as for API entries."""
    own = row.currency("currency", const.EXPONENTS)
    if row.text("customer_facing_currency"):
        seen = row.currency("customer_facing_currency", const.EXPONENTS)
        if seen != own:
            if not row.text("customer_facing_amount"):
                raise row.fault("customer_facing_amount", "An amount is due here.")
            return Amount(abs(row.minor("customer_facing_amount", seen[1])), *seen)
    return Amount(abs(row.minor("gross", own[1])), *own)


def _ids(row: Row) -> dict[str, str]:
    source = row.reference("source_id")
    ids = {
        "payment": row.reference("payment_intent_id"),
        "charge": row.reference("charge_id"),
        ENTRY: row.identifier("balance_transaction_id"),
        "batch": row.reference("automatic_payout_id"),
    }
    if kind := _PREFIXES.get(source.partition("_")[0]):
        ids[kind] = source
    return ids


def _traits(row: Row) -> tuple[Trait, ...]:
    brand = row.text("card_brand").lower()
    return message.traits(
        {
            "method": row.text("payment_method_type"),
            "scheme": const.REPORT_BRANDS.get(brand, brand),
            "country": row.text("card_country"),
        }
    )


def _references(row: Row, ids: Mapping[str, str]) -> tuple[Reference, ...]:
    known = {kind: ids[kind] for kind in ids if kind in const.REFERENCE_KINDS}
    for kind, column in _REFERENCES.items():
        known[kind] = row.text(column)
    metadata = {}
    for column in row.cells:
        table, _bracket, key = column.partition("[")
        if table in _METADATA and row.text(column):
            metadata[key.removesuffix("]")] = row.text(column)
    found = message.references(known) + message.metadata_references(metadata)
    return tuple(dict.fromkeys(found))
