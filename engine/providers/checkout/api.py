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
from .facts import action_fact, is_known, unknown_fact
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
    told = Message(
        action.identifier("action_id"),
        action.identifier("action_type"),
        action.moment("processed_on"),
    )
    events = (
        event
        for item in action.children("breakdown")
        for event in _facts(told, action, item)
    )
    return told.translation(events)


def _facts(told: Message, action: Node, item: Node) -> Iterator[Event]:
    code = item.text("breakdown_type")[:255]
    own = Message(told.event_id, code, (told.created, told.zone))
    if not is_known(code):
        yield unknown_fact(own, told.event_id)
    types = [name for name in const.MOVEMENTS.get(code, ()) if name]
    if len(types) != 1:
        return
    currency, exponent = item.currency("processing_currency", const.EXPONENTS)
    if item.text("transaction_currency").upper() in ("", currency):
        payment = action.identifier("payment_id")
        amount = abs(major(item, "processing_currency_amount", exponent))
        yield from action_fact(
            own,
            types[0],
            payment,
            told.event_id,
            Amount(amount, currency, exponent),
            references=message.references(
                {"payment": payment, "arn": action.text("acquirer_reference_number")}
            ),
            traits=message.traits({"merchant_account": action.text("entity_id")}),
        )
