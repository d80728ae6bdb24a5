# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""PayPal's settlement report (STL) and transaction detail report (TRR).

https://developer.paypal.com/docs/reports/sftp-reports/settlement-report/ and
…/transaction-detail/: the first cell of a record tells its kind. Sections (SH … SC)
have a head (CH) and entries (SB); SC and RC count the entries of the section and of
the report, FF those of the file. Amounts are unsigned, in hundredths of the major unit
in every currency: 15000 JPY are 150 yen. Their direction is in a column of its own.

The totals in SF and RF are not compared: what PayPal counts as a debit there is not
documented well enough to refuse a file for it.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import datetime

from ...errors import MalformedMessage
from ...json_node import Node
from ...tabular import ROWS_IN_PART, Row, check_head, records
from ..base import NOTHING, Translation
from ..bodies import unpacked
from ..message import Amount, each, traits
from . import const
from .entries import Entry, facts
from .message import Message

ACCOUNT_OPTION = "merchant_id"

_COLUMNS = (
    "Transaction ID",
    "PayPal Reference ID",
    "PayPal Reference ID Type",
    "Transaction Event Code",
    "Transaction Initiation Date",
    "Transaction Debit or Credit",
    "Gross Transaction Amount",
    "Gross Transaction Currency",
    "Fee Debit or Credit",
    "Fee Amount",
    "Fee Currency",
)
_TOTALS = ("SF", "RF")
_SIGNS = {"CR": 1, "DR": -1}


def split(body: bytes) -> list[bytes]:
    """Cut a report into parts of a few hundred entries of one section.

    :return: parts, each with the number of its first entry, the section's account and
        the names of the columns
    :raises MalformedMessage: for a file that is no such report, is incomplete or
        counts other entries than it has
    """
    reader = _Reader()
    for cells in records(unpacked(body)):
        reader.read(cells)
    return reader.finish()


class _Reader:
    """Reads the records of a file in turn, and keeps the parts."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.rows: list[list[str]] = []
        self.head: list[str] = []
        self.account = ""
        self.file = ""  # number of this file in a report of several
        self.sections = self.in_section = self.in_file = 0
        self.is_complete = False

    def read(self, cells: list[str]) -> None:
        kind = cells[0].strip()
        if self.is_complete:
            raise MalformedMessage("Send nothing after the record FF.", path=kind)
        if not self.file and kind not in ("RH", "FH"):
            raise MalformedMessage("A settlement report of PayPal begins with RH.")
        if kind == "FH":
            self.file = _cell(cells, 1) or "01"
        elif kind == "SH":
            self._begin(_cell(cells, 3))
            self.sections += 1
        elif kind == "CH":
            self.head = [" ".join(name.split()) for name in cells]
            check_head(self.head, _COLUMNS)
        elif kind == "SB":
            self._keep(cells)
        elif kind == "SC":
            # A section may have begun in the file before.
            if self.is_first or self.sections > 1:
                _check_count(cells, self.in_section)
            self._begin("")
        elif kind == "RC":
            if self.is_first:
                _check_count(cells, self.in_file)
        elif kind == "FF":
            _check_count(cells, self.in_file)
            self.is_complete = True
        elif kind not in (*_TOTALS, "RH"):
            raise MalformedMessage("Send records of a kind that PayPal documents.")

    @property
    def is_first(self) -> bool:
        return self.file.lstrip("0") == "1"

    def finish(self) -> list[bytes]:
        self._cut()
        if not self.is_complete:
            raise MalformedMessage("Send the whole report; the record FF is missing.")
        return self.parts

    def _begin(self, account: str) -> None:
        self._cut()
        self.head = []
        self.account = account
        self.in_section = 0

    def _keep(self, cells: list[str]) -> None:
        self.in_section += 1
        self.in_file += 1
        if len(cells) != len(self.head):
            raise MalformedMessage(
                f"{len(self.head)} cells are due here, not {len(cells)}.",
                path=f"row {self.in_file}",
            )
        self.rows.append(cells)
        if len(self.rows) == ROWS_IN_PART:
            self._cut()

    def _cut(self) -> None:
        if self.rows:
            text = io.StringIO(newline="")
            first = self.in_file - len(self.rows) + 1
            context = [["PART", str(first), self.account], self.head]
            csv.writer(text).writerows([*context, *self.rows])
            self.parts.append(text.getvalue().encode())
            self.rows = []


def translate(
    part: bytes, options: Mapping[str, str] = NOTHING
) -> tuple[Translation, ...]:
    """Translate a part of a report; one translation for each entry.

    :raises MalformedMessage: for an account that is not the connection's
    """
    found = records(part)
    kind, first, account = (*next(found, ()), "", "", "")[:3]
    head = next(found, [])
    if kind != "PART" or not first.isdecimal() or len(first) > 12:
        raise MalformedMessage("Send a part of a settlement report.")
    check_head(head, _COLUMNS)
    wanted = options.get(ACCOUNT_OPTION, "").strip()
    if wanted and account and account != wanted:
        raise MalformedMessage(
            "Bring the report of the connection's own account.", path="SH"
        )
    return each(_rows(found, head, int(first)), lambda row: _translate(row, account))


def _rows(found: Iterator[list[str]], head: list[str], first: int) -> Iterator[Row]:
    for number, cells in enumerate(found, first):
        yield Row(dict(zip(head, cells, strict=False)), f"row {number}")


def _translate(row: Row, account: str) -> Translation:
    gross = _amount(row, "Gross Transaction", "Transaction Debit or Credit")
    fee = gross._replace(minor=0)
    if row.text("Fee Amount"):
        fee = _amount(row, "Fee", "Fee Debit or Credit")
    created = _moment(row, "Transaction Initiation Date")
    booked = created
    if row.text("Transaction Completion Date"):
        booked = _moment(row, "Transaction Completion Date")
    entry = Entry(
        row.identifier("Transaction ID"),
        row.identifier("Transaction Event Code"),
        row.text("Transactional Status"),
        created,
        booked,
        gross,
        fee,
        row.reference("PayPal Reference ID"),
        row.text("PayPal Reference ID Type"),
        {
            "invoice": row.text("Invoice ID"),
            "merchant_reference": row.text("Custom Field"),
            "description": row.text("Transaction Subject"),
        },
        row.text("Bank Reference ID"),
        traits({"merchant_account": account, "store": row.text("Store ID")}),
    )
    message = Message(entry.id, entry.code, created)
    try:
        return message.translation(facts(entry))
    except MalformedMessage as fault:
        raise MalformedMessage(str(fault), path=row.path) from None


def _amount(row: Row, name: str, direction: str) -> Amount:
    """Read hundredths of the major unit, with the sign that stands beside them."""
    currency, exponent = row.currency(f"{name} Currency", const.EXPONENTS)
    column = f"{name} Amount"
    digits = row.text(column)
    if not (digits.isascii() and digits.isdigit()):
        raise row.fault(column, "An unsigned integer is due here.")
    text = digits.zfill(3)
    cells = {column: f"{text[:-2]}.{text[-2:]}"}
    minor = Row(cells, row.path).minor(column, exponent)
    if not minor:
        return Amount(0, currency, exponent)
    sign = _SIGNS.get(row.text(direction))
    if sign is None:
        raise row.fault(direction, "CR or DR is due here.")
    return Amount(sign * minor, currency, exponent)


def _moment(row: Row, column: str) -> tuple[datetime, str]:
    """Read a time as 2026/01/06 00:00:30 -0800."""
    day, _blank, rest = row.text(column).partition(" ")
    text = f"{day.replace('/', '-')}T{rest.replace(' ', '')}"
    try:
        return Node({column: text}).moment(column)
    except MalformedMessage:
        raise row.fault(
            column, "A time like 2026/01/06 00:00:30 -0800 is due here."
        ) from None


def _cell(cells: list[str], index: int) -> str:
    return cells[index].strip() if index < len(cells) else ""


def _check_count(cells: list[str], counted: int) -> None:
    told = _cell(cells, 1)
    if not (told.isascii() and told.isdigit() and len(told) < 12):
        raise MalformedMessage("A number is due here.", path=cells[0].strip())
    if int(told) != counted:
        raise MalformedMessage(
            f"The file has {counted} entries, and says that it has {told}.",
            path=cells[0].strip(),
        )
