# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reading a settlement report so that every refusal names the row and the column."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from .errors import MalformedMessage, UnknownCurrency
from .json_node import MAX_TEXT, is_identifier
from .money import exponent_of, minor_of

MAX_COLUMNS = 300
ROWS_IN_PART = 200


class Row:
    """The cells of one row by the name of their column.

    Every method that takes a column raises MalformedMessage with row and column as
    path when the cell is not what the method promises.
    """

    __slots__ = ("cells", "path")

    def __init__(self, cells: Mapping[str, str], path: str) -> None:
        self.cells = cells
        self.path = path

    def fault(self, column: str, message: str) -> MalformedMessage:
        """Make the refusal of a cell, ready to be raised."""
        return MalformedMessage(message, path=f"{self.path}.{column}")

    def text(self, column: str) -> str:
        """Give the cell without outer blanks, cut to 500 characters; "" if none."""
        return self.cells.get(column, "").strip()[:MAX_TEXT]

    def identifier(self, column: str) -> str:
        """Give an identifier that the row must have."""
        value = self.reference(column)
        if not value:
            raise self.fault(column, "An id is due here.")
        return value

    def reference(self, column: str) -> str:
        """Give an identifier that may be missing; "" then."""
        value = self.cells.get(column, "").strip()
        if value and (not is_identifier(value) or ":" in value):
            raise self.fault(
                column, "An id in printable ASCII without a colon is due here."
            )
        return value

    def currency(self, column: str, deviations: Mapping[str, int]) -> tuple[str, int]:
        """Give the ISO 4217 code in upper case, and its exponent at the provider."""
        code = self.text(column)
        if not code.isascii():
            raise self.fault(column, "A currency code is due here.")
        code = code.upper()
        try:
            return code, exponent_of(code, deviations)
        except UnknownCurrency as error:
            raise UnknownCurrency(str(error), path=f"{self.path}.{column}") from None

    def minor(self, column: str, exponent: int) -> int:
        """Give the signed minor units of a cell in major units; 0 for an empty one."""
        text = self.cells.get(column, "").strip()
        if not text:
            return 0
        try:
            return minor_of(text, exponent)
        except MalformedMessage as error:
            raise self.fault(column, str(error)) from None

    def local_time(self, column: str, form: str) -> datetime:
        """Give the naive time of a cell, in a form of ``datetime.strptime``."""
        try:
            return datetime.strptime(self.text(column), form)
        except ValueError:
            raise self.fault(column, f"A time like {form} is due here.") from None


def text_of(body: bytes) -> str:
    """Decode a report; a byte order mark is dropped.

    :raises MalformedMessage: for what is no UTF-8, or holds a NUL character
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise MalformedMessage("Send the report as UTF-8.") from None
    if "\0" in text:
        raise MalformedMessage("Send the report without NUL characters.")
    return text


def records(body: bytes) -> Iterator[list[str]]:
    """Give the cells of every record of a CSV file (RFC 4180), blank lines left out.

    :raises MalformedMessage: for bad quoting, a cell above 128 KiB or above 300 columns
    """
    reader = csv.reader(io.StringIO(text_of(body), newline=""), strict=True)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise MalformedMessage(
                f"Send well-formed CSV ({error}).", path=f"line {reader.line_num}"
            ) from None
        if len(cells) > MAX_COLUMNS:
            raise MalformedMessage(
                f"Send at most {MAX_COLUMNS} columns.", path=f"line {reader.line_num}"
            )
        if any(cells):
            yield cells


def rows(body: bytes, required: Iterable[str], first: int = 1) -> Iterator[Row]:
    """Give the rows of a CSV file whose first record names the columns.

    :param required: columns without which it is not the report that is meant
    :param first: number of the first row in paths
    :raises MalformedMessage: when a column is missing or comes twice, or a row has
        another number of cells than the head
    """
    found = records(body)
    head = [name.strip() for name in next(found, [])]
    check_head(head, required)
    for number, cells in enumerate(found, first):
        if len(cells) != len(head):
            raise MalformedMessage(
                f"{len(head)} cells are due here, not {len(cells)}.",
                path=f"row {number}",
            )
        yield Row(dict(zip(head, cells, strict=True)), f"row {number}")


def check_head(head: Sequence[str], required: Iterable[str]) -> None:
    """Refuse names of columns that lack a required one, or hold one twice."""
    missing = [name for name in required if name not in head]
    if missing:
        raise MalformedMessage(f"Add the columns {', '.join(missing)}.", path="head")
    twice = {name for name in head if name and head.count(name) > 1}
    if twice:
        raise MalformedMessage(
            f"Name each column once: {', '.join(sorted(twice))[:200]}.", path="head"
        )


def split(body: bytes, head_lines: int = 1, size: int = ROWS_IN_PART) -> list[bytes]:
    """Cut a CSV file into files of ``size`` records, each under the same head.

    The bytes of a record are not touched; a record with line breaks inside quotes
    stays whole.
    """
    pieces = list(_records_as_bytes(body))
    head, data = b"".join(pieces[:head_lines]), pieces[head_lines:]
    return [
        head + b"".join(data[start : start + size])
        for start in range(0, len(data), size)
    ]


def _records_as_bytes(body: bytes) -> Iterator[bytes]:
    record, quotes = [], 0
    for line in body.splitlines(keepends=True):
        record.append(line)
        quotes += line.count(b'"')
        if quotes % 2 == 0:
            yield b"".join(record)
            record, quotes = [], 0
    if record:
        yield b"".join(record)
