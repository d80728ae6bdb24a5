# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Adyen's settlement details report: proof that it is whole, and its parts.

https://docs.adyen.com/reporting/settlement-reconciliation/transaction-level/settlement-details-report:
a CSV file with one row for each movement of one or more closed batches. Columns come
in any order, and some only on demand. What a row means is in line.py.
"""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from ... import tabular
from ...errors import MalformedMessage
from ...money import Money
from ...tabular import Row
from ..base import NOTHING, Translation
from ..message import each
from . import line


def split(body: bytes, size: int = tabular.ROWS_IN_PART) -> list[bytes]:
    """Cut a report into reports of at most ``size`` rows.

    :return: CSV files with two more columns: the number of the row, and how many rows
        like it have come before
    :raises MalformedMessage: for what is no such report, and unless the net amounts
        of each batch, its payout included, add up to zero
    """
    if body.startswith(b"PK"):
        raise MalformedMessage(
            "Send the report as CSV: choose that format in the report's settings at "
            "Adyen; spreadsheets and zip files are not read."
        )
    _check_sums(tabular.rows(body, line.REQUIRED))
    parts = list(_parts(tabular.rows(body, line.REQUIRED), size))
    if not parts:
        raise MalformedMessage("Send a report with at least one row.")
    return parts


def translate(
    body: bytes, options: Mapping[str, str] = NOTHING
) -> tuple[Translation, ...]:
    """Translate each row, with the account that it is about.

    :param body: what ``split`` or the client gave; an empty page has no rows
    :raises MalformedMessage: when a column is missing
    """
    if not body:
        return ()
    rows = tabular.rows(body, line.REQUIRED)
    return each(rows, lambda row: line.translate(row, options))


def _check_sums(rows: Iterator[Row]) -> None:
    totals: defaultdict[tuple, int] = defaultdict(int)
    for row in rows:
        if net := line.net(row):
            batch = (row.text("Merchant Account"), row.text("Batch Number"))
            totals[batch, net.currency, net.exponent] += net.minor
    for ((account, batch), currency, exponent), total in totals.items():
        if total:
            rest = Money(total, currency, exponent).to_decimal()
            raise MalformedMessage(
                f"Batch {batch[:20]} of {account[:80]} adds up to {currency} {rest} "
                "instead of zero: send the whole report, as Adyen made it."
            )


def _parts(rows: Iterator[Row], size: int) -> Iterator[bytes]:
    seen: Counter[tuple] = Counter()
    part = io.StringIO(newline="")
    for number, row in enumerate(rows, 1):
        writer = csv.writer(part, lineterminator="\n")
        if not part.tell():
            writer.writerow([*row.cells, line.NUMBER, line.EARLIER])
        alike = line.identity(row)
        writer.writerow([*row.cells.values(), number, seen[alike]])
        seen[alike] += 1
        if number % size == 0:
            yield part.getvalue().encode()
            part = io.StringIO(newline="")
    if part.tell():
        yield part.getvalue().encode()
