# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Checkout.com's messages about settlements and reports attest."""

import re
from collections.abc import Iterable, Iterator

from ...errors import MalformedMessage
from ...events import Event
from ...json_node import Node
from ...money import minor_of
from .. import message
from ..base import Lookup
from ..message import Amount
from . import const

# Types of reports that are read here; others have other names (BalanceReport …).
_READABLE = re.compile(r"(?:financialactions|settlementbreakdown|payouts)", re.ASCII)
_PAYOUT_TAG = "payout_id:"


def settlement_generated(told: message.Message, data: Node) -> Iterator[Event]:
    """Read that the available balance is on its way to the merchant's bank.

    The 12 characters on the bank statement are the payout's id in all reports; the
    pay_… id of the message is in none.
    """
    details = data.child("settlement_details")
    payout = details.identifier("billing_descriptor")
    currency, exponent = details.currency("source_currency", const.EXPONENTS)
    amount = major(details, "source_amount", exponent)
    yield payout_fact(told, payout, Amount(amount, currency, exponent))


def payout_fact(told: message.Message, payout: str, amount: Amount) -> Event:
    """Make the fact that a settlement left the balance, or was carried forward."""
    payout = payout.upper()
    found = message.references({"payout": payout, "bank_trace": payout})
    subject = ("payout", payout)
    if amount.minor <= 0:
        fact = ("settlement.carry_forward", "carry_forward")
        return told.fact(fact, subject, references=found)
    return told.fact(("payout.in_transit", "in_transit"), subject, "", amount, found)


def report_generated(told: message.Message, data: Node) -> Iterator[Event]:
    """Read that a report can be fetched."""
    yield report_fact(told, data, data.identifier("report_id"))


def report_fact(told: message.Message, report: Node, report_id: str) -> Event:
    """Make the fact that a report is there, of a message or of the list of reports."""
    tags = report.data.get("tags")
    batches = [
        message.references({"batch": tag.removeprefix(_PAYOUT_TAG)[:500]})
        for tag in (tags if isinstance(tags, list) else ())
        if isinstance(tag, str) and tag.startswith(_PAYOUT_TAG)
    ]
    return told.fact(
        ("settlement.report_available", "available"),
        ("report", report_id),
        references=sum(batches, ()),
    )


def file_lookups(
    report_type: str, report_id: str, files: Iterable[Node]
) -> list[Lookup]:
    """Give what to ask for to have the files of a report that can be read here."""
    if not _READABLE.match(re.sub("[^a-z]", "", report_type.lower())):
        return []
    return [
        Lookup("report_file", f"{report_id}.{file.identifier('id')}") for file in files
    ]


def report_lookups(data: Node) -> list[Lookup]:
    """Give what to ask for after a message that a report was generated."""
    if data.data.get("api_resources") is None:
        return []
    files = data.child("api_resources").children("files")
    return file_lookups(data.text("report_type"), data.identifier("report_id"), files)


def major(node: Node, field: str, exponent: int) -> int:
    """Give the minor units of a JSON number in major units, without rounding it."""
    value = node.data.get(field)
    if type(value) in (int, float):
        try:
            # The shortest text of a double is what was sent, up to 15 digits.
            return minor_of(repr(value), exponent)
        except MalformedMessage:
            pass
    raise node.fault(field, f"A number with at most {exponent} decimals is due here.")


HANDLERS = {
    "settlement_generated": settlement_generated,
    "report_generated": report_generated,
}
