# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Square's disputes attest, by their state; their money is in payout entries."""

from collections.abc import Iterator

from ...events import Event
from ...json_node import Node
from ..message import due, reference, references, traits
from . import const
from .message import Message


def dispute_events(message: Message, dispute: Node) -> Iterator[Event]:
    """Tell what a dispute attests."""
    state = dispute.identifier("state")
    if state not in const.DISPUTE_FACTS:
        yield message.unknown(f"dispute.{state}")
        return
    # Before 2021-05-13 the id had another name.
    dispute_id = reference(dispute, "id") or dispute.identifier("dispute_id")
    payment_id = ""
    if dispute.data.get("disputed_payment"):
        payment_id = reference(dispute.child("disputed_payment"), "payment_id")
    reason = dispute.text("reason")
    ids = {
        "payment": payment_id,
        "dispute": dispute_id,
        "connected_account": message.merchant,
    }
    yield message.fact(
        const.DISPUTE_FACTS[state],
        ("dispute", dispute_id),
        payment_id,
        references=references(ids),
        reason=const.DISPUTE_REASONS.get(reason, reason.lower()),
        clocks=due(dispute, "due_at"),
        traits=traits(
            {
                "scheme": dispute.data.get("card_brand"),
                "dispute_stage": const.DISPUTE_STAGES.get(state),
                "merchant_account": message.merchant,
                "store": dispute.data.get("location_id"),
            }
        ),
    )
