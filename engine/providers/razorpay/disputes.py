# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Razorpay's disputes attest.

``amount_deducted`` is what left the balance: nothing before the dispute is lost.
https://razorpay.com/docs/api/disputes/entity
"""

from collections.abc import Iterator

from ...events import Event
from ...json_node import Node
from ..message import due
from . import const
from .message import Message, amount_of


def dispute_events(message: Message, dispute: Node, status: str) -> Iterator[Event]:
    """Tell what a dispute attests in a status, a key of const.DISPUTE_FACTS."""
    subject = ("dispute", dispute.identifier("id"))
    payment_id = dispute.identifier("payment_id")
    ids = {"payment": payment_id, "dispute": subject[1]}
    more = {
        "references": message.references(dispute, ids),
        "reason": dispute.text("reason_code"),
    }
    is_open = status in ("open", "under_review")
    stage = const.DISPUTE_STAGES.get(dispute.text("phase")) if is_open else None
    yield message.fact(
        _fact(dispute, status),
        subject,
        payment_id,
        clocks=due(dispute, "respond_by"),
        traits=message.traits(dispute_stage=stage),
        **more,
    )
    if dispute.data.get("amount_deducted"):
        yield message.fact(
            ("dispute.funds_withdrawn", "funds_withdrawn"),
            subject,
            payment_id,
            amount_of(dispute, "amount_deducted"),
            traits=message.traits(),
            **more,
        )


def _fact(dispute: Node, status: str) -> tuple[str, str]:
    phase = dispute.text("phase")
    if phase in const.INQUIRY_PHASES:
        if status == "open":
            return const.INQUIRY_PHASES[phase]
        if status == "closed":
            return const.INQUIRY_CLOSED
    fact, leg = const.DISPUTE_FACTS[status]
    # The same dispute may be won in one phase and lost in the next.
    is_later = phase in ("pre_arbitration", "arbitration")
    return fact, f"{phase}_{leg}" if is_later else leg
