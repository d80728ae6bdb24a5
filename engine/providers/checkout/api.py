# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Checkout.com's API tells, page by page."""

from collections.abc import Iterator, Mapping

from ... import strict_json
from ...events import Event
from ...json_node import Node
from .. import message
from ..base import NOTHING, Translation
from ..message import Amount, Message
from . import const
from .facts import payment_fact
from .settlements import file_lookups, major, report_fact


def translate_reports(
    body: bytes, options: Mapping[str, str] = NOTHING
) -> tuple[Translation, ...]:
    """Translate a page of the list of reports: each is there, and names its files."""
    return message.each(Node(strict_json.loads(body)).children("data"), _report)


def translate_actions(
    body: bytes, options: Mapping[str, str] = NOTHING
) -> tuple[Translation, ...]:
    """Translate the financial actions of one payment.

    Captures, refunds and disputes only: no payout is told, which the fees' key needs,
    and no sign can be relied on, so that a type without one direction tells nothing.
    """
    return message.each(Node(strict_json.loads(body)).children("data"), _action)


def _report(report: Node) -> Translation:
    report_id = report.identifier("id")
    told = Message(report_id, "report_generated", report.moment("created_on"))
    lookups = file_lookups(report.text("type"), report_id, report.children("files"))
    return told.translation([report_fact(told, report, report_id)], lookups)


def _action(action: Node) -> Translation:
    action_id = action.identifier("action_id")
    code = action.identifier("action_type")
    told = Message(action_id, code, action.moment("processed_on"))
    return told.translation(_facts(told, action, action_id))


def _facts(told: Message, action: Node, action_id: str) -> Iterator[Event]:
    payment = action.identifier("payment_id")
    found = message.references(
        {"payment": payment, "arn": action.text("acquirer_reference_number")}
    )
    for item in action.children("breakdown"):
        directions = const.MOVEMENTS.get(item.text("breakdown_type"), ("", ""))
        event_types = [event_type for event_type in directions if event_type]
        if len(event_types) != 1:
            continue
        currency, exponent = item.currency("processing_currency", const.EXPONENTS)
        if item.text("transaction_currency").upper() in ("", currency):
            minor = abs(major(item, "processing_currency_amount", exponent))
            amount = Amount(minor, currency, exponent)
            yield from payment_fact(
                told, event_types[0], payment, action_id, amount, references=found
            )
