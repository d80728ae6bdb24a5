# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Rows of Checkout.com's settlement reports: what each moved, to the last decimal.

Two reports tell of the same movements. The settlement breakdown has one row for each,
with its deductions in columns; the financial actions have one row for the movement and
one for each deduction. Amounts are decimals with up to eight places, from the
merchant's side: a fee is negative. Only the facts made of them are rounded.
"""

import re
from datetime import datetime
from typing import NamedTuple

from ...json_node import Node
from ...tabular import Row
from ..message import Amount
from . import const

PLACES = 10  # exact amounts are integers of 10^-10
_DECIMAL = re.compile(r"(-?)([0-9]{1,18})(?:\.([0-9]{1,10}))?", re.ASCII)

BREAKDOWN_COLUMNS = (
    "Type",
    "Payment ID",
    "Reference",
    "Processed On",
    "Available On",
    "Holding Currency",
    "Payout ID",
    "Gross In Holding Currency",
    "Deduction In Holding Currency",
    "Net In Holding Currency",
    "Processing Currency",
    "Gross In Processing Currency",
)
ACTION_COLUMNS = (
    "Action Type",
    "Action ID",
    "Payment ID",
    "Processed On",
    "Processing Currency",
    "Holding Currency",
    "Payout ID",
    "Breakdown Type",
    "Processing Currency Amount",
    "Holding Currency Amount",
)
_DEDUCTIONS = {
    "Processing Fee In Holding Currency": "processing",
    "Scheme Fee In Holding Currency": "scheme",
    "Interchange In Holding Currency": "interchange",
    "Tax In Holding Currency": "tax",
}


class Movement(NamedTuple):
    """What one row did to the balance; exact amounts in the holding currency.

    ``action`` is "" where the report does not tell it. ``presented`` is the column with
    the amount that the customer saw. ``fees`` are (kind, amount), positive when
    charged; ``reserved`` is negative when the provider keeps something back.
    """

    row: Row
    code: str
    is_payment: bool
    payment: str
    action: str
    payout: str
    currency: tuple[str, int]
    gross: int
    presented: str
    fees: tuple[tuple[str, int], ...] = ()
    reserved: int = 0


def breakdown(row: Row) -> Movement:
    """Read a row of the settlement breakdown."""
    gross, deduction, net = (
        exact(row, f"{name} In Holding Currency")
        for name in ("Gross", "Deduction", "Net")
    )
    if gross + deduction != net:
        raise row.fault(
            "Net In Holding Currency", "Gross and deduction must add up to this."
        )
    fees = [(kind, -exact(row, column)) for column, kind in _DEDUCTIONS.items()]
    reserved = exact(row, "Reserve In Holding Currency")
    rest = deduction - reserved + sum(amount for _kind, amount in fees)
    if rest and reserved:
        # The reserve may be a deduction or not: the rest must not become a fee.
        raise row.fault(
            "Deduction In Holding Currency", "Fees and reserve must add up to this."
        )
    code = _code(row, "Type")
    return Movement(
        row,
        code,
        code not in const.NOT_PAYMENTS,
        *_ids(row),
        gross,
        "Gross In Processing Currency",
        (*fees, ("other", -rest)),
        reserved,
    )


def action(row: Row) -> Movement:
    """Read a row of the financial actions."""
    code = _code(row, "Breakdown Type")
    amount = exact(row, "Holding Currency Amount")
    movement = Movement(
        row,
        code,
        const.NOT_PAYMENTS.isdisjoint({code, row.text("Action Type")}),
        *_ids(row),
        0,
        "Processing Currency Amount",
    )
    if kind := fee_kind(code):
        return movement._replace(fees=((kind, -amount),))
    if code.startswith(const.RESERVE):
        return movement._replace(reserved=amount)
    return movement._replace(gross=amount)


def fee_kind(code: str) -> str:
    """Give the kind of fee that a breakdown type names, "" when it names none."""
    words = code.split()
    if "Fee" in words:
        return "tax" if "Tax" in words else const.FEE_KINDS.get(words[0], "processing")
    return "other" if code in const.FEES_ONLY else ""


def presented_amount(movement: Movement) -> Amount | None:
    """Give the unsigned amount in the currency of the payment.

    None where the transaction had yet another currency: which one the webhooks tell is
    not known.
    """
    row = movement.row
    currency, exponent = row.currency("Processing Currency", const.EXPONENTS)
    if row.text("Transaction Currency").upper() not in ("", currency):
        return None
    return Amount(abs(row.minor(movement.presented, exponent)), currency, exponent)


def time_of(row: Row, column: str) -> datetime:
    """Give a time in UTC, of the column with UTC where there is one."""
    in_utc = f"{column} UTC"
    if in_utc in row.cells:
        column = in_utc
    elif row.text("Timezone") not in ("", "UTC"):
        raise row.fault(in_utc, "The times are local: this column is due too.")
    return Node({column: row.text(column) + "Z"}, row.path).time(column)


def exact(row: Row, column: str) -> int:
    """Give the signed amount of a cell in units of 10^-10; 0 for an empty one."""
    text = row.text(column)
    if not text:
        return 0
    match = _DECIMAL.fullmatch(text)
    if not match:
        raise row.fault(column, "A decimal amount is due here.")
    sign, whole, decimals = match.groups("")
    amount = int(whole + decimals.ljust(PLACES, "0"))
    return -amount if sign else amount


def rounded(amount: int, exponent: int) -> int:
    """Round an exact amount to minor units, halves away from zero."""
    unit = 10 ** (PLACES - exponent)
    whole = (2 * abs(amount) + unit) // (2 * unit)
    return -whole if amount < 0 else whole


def _code(row: Row, column: str) -> str:
    code = row.text(column)[:255]
    if not code:
        raise row.fault(column, "The kind of movement is due here.")
    return code


def _ids(row: Row) -> tuple[str, str, str, tuple[str, int]]:
    action_id = row.reference("Action ID")
    return (
        row.reference("Payment ID") or action_id or row.identifier("Payment ID"),
        action_id,
        row.reference("Payout ID").upper(),
        row.currency("Holding Currency", const.EXPONENTS),
    )
