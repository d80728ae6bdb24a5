# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Stripe's messages about disputes, fraud warnings and reviews attest.

An inquiry is a dispute too; it moves no money, and may become a chargeback later.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from ...events import Clock, Event
from ...json_node import Node
from ..message import due, traits
from . import balance, const
from .message import Message


def opened(message: Message, dispute: Node) -> Iterator[Event]:
    """Give the fact that there is a dispute, with reason and time to answer by.

    Without amount: that can change while the dispute is open.
    """
    leg = "inquiry_opened" if _is_inquiry(dispute) else "opened"
    yield message.object_fact(
        (f"dispute.{leg}", leg), dispute, reason=_reason(dispute), clocks=_due(dispute)
    )


def _updated(message: Message, dispute: Node) -> Iterator[Event]:
    previous = message.previous if isinstance(message.previous, dict) else {}
    status = previous.get("status")
    was_inquiry = isinstance(status, str) and status.startswith(const.INQUIRY)
    if was_inquiry and not _is_inquiry(dispute):
        yield from opened(message, dispute)
    details = dispute.data.get("evidence_details")
    if isinstance(details, dict) and details.get("submission_count"):
        fact = ("dispute.evidence_submitted", "evidence_submitted")
    else:
        fact = ("external.info", "updated")
    stage = traits({"dispute_stage": "inquiry"}) if _is_inquiry(dispute) else ()
    yield message.object_fact(fact, dispute, clocks=_due(dispute), traits=stage)


def _closed(message: Message, dispute: Node) -> Iterator[Event]:
    fact = const.DISPUTE_ENDS.get(dispute.text("status"))
    if fact is None:
        raise dispute.fault("status", "A status of closed disputes is due here.")
    yield message.object_fact(fact, dispute, reason=_family(dispute))


def _funds_withdrawn(message: Message, dispute: Node) -> Iterator[Event]:
    fact = ("dispute.funds_withdrawn", "funds_withdrawn")
    yield from _moved(message, dispute, fact, lambda amount: amount < 0)


def _funds_reinstated(message: Message, dispute: Node) -> Iterator[Event]:
    fact = ("dispute.funds_reinstated", "funds_reinstated")
    yield from _moved(message, dispute, fact, lambda amount: amount > 0)


def _moved(
    message: Message,
    dispute: Node,
    fact: tuple[str, str],
    is_meant: Callable[[int], bool],
) -> Iterator[Event]:
    is_told = False
    for item in dispute.children("balance_transactions"):
        if is_meant(item.signed("amount")):
            is_told = True
            yield from balance.events(message, item, dispute)
    if not is_told:
        charge = dispute.reference("charge")
        yield message.object_fact(fact, dispute, "amount", parent=charge)


def _family(dispute: Node) -> str:
    reason = dispute.text("reason")
    return const.DISPUTE_REASONS.get(reason, "general" if reason else "")


def _reason(dispute: Node) -> str:
    """Tell the family of the reason, and the network's code."""
    parts = (_family(dispute), dispute.text("network_reason_code"))
    return ", ".join(filter(None, parts))


def _is_inquiry(dispute: Node) -> bool:
    return dispute.text("status").startswith(const.INQUIRY)


def _due(dispute: Node) -> tuple[Clock, ...]:
    """Give the evidence deadline; 0 where the bank takes no answer."""
    if not isinstance(dispute.data.get("evidence_details"), dict):
        return ()
    return due(dispute.child("evidence_details"), "due_by")


def _fraud_warning(message: Message, warning: Node) -> Iterator[Event]:
    yield message.object_fact(
        ("dispute.fraud_notice", "fraud_notice"),
        warning,
        reason=warning.text("fraud_type"),
    )


def _review(message: Message, review: Node) -> Iterator[Event]:
    leg = message.event_type.removeprefix("review.")
    reason = review.text(f"{leg}_reason") or review.text("reason")
    yield message.object_fact((message.event_type, leg), review, reason=reason)


HANDLERS: Mapping[str, Callable[[Message, Node], Iterable[Event]]] = {
    "charge.dispute.created": opened,
    "charge.dispute.updated": _updated,
    "charge.dispute.closed": _closed,
    "charge.dispute.funds_withdrawn": _funds_withdrawn,
    "charge.dispute.funds_reinstated": _funds_reinstated,
    "radar.early_fraud_warning.created": _fraud_warning,
    "radar.early_fraud_warning.updated": _fraud_warning,
    "review.opened": _review,
    "review.closed": _review,
}
