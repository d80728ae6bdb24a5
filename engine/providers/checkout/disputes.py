# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Checkout.com's messages about disputes attest.

The disputed amount leaves the balance when evidence is required, and comes back when
the dispute is won or canceled, or its arbitration won: "if previously debited", as the
documentation says, so a reinstatement is worth no more than the withdrawal before it.
"""

from collections.abc import Iterator

from ...events import Event
from ...json_node import Node
from ..message import due, references, traits
from . import const
from .message import Message, amount_of, paid_by


def _dispute(message: Message, data: Node) -> Iterator[Event]:
    dispute, payment = data.identifier("id"), data.reference("payment_id")
    subject = ("dispute", dispute)
    category = data.text("category")
    more = {
        "references": references(
            {
                "dispute": dispute,
                "payment": payment,
                "merchant_reference": data.text("payment_reference"),
            }
        ),
        "parent": payment,
        "traits": traits(
            {
                **paid_by(data.text("payment_method")),
                "dispute_stage": const.DISPUTE_STAGES.get(message.event_type),
                "merchant_account": data.data.get("entity_id"),
                "store": data.data.get("processing_channel_id"),
            }
        ),
        "reason": const.DISPUTE_REASONS.get(category, category and const.OTHER_REASON),
    }
    fact = const.DISPUTE_FACTS[message.event_type]
    clocks = due(data, "evidence_required_by")
    yield message.fact(fact, subject, payment, clocks=clocks, **more)
    if money := const.DISPUTE_MONEY.get(message.event_type):
        yield message.fact(money, subject, payment, amount_of(data), **more)


HANDLERS = dict.fromkeys(const.DISPUTE_FACTS, _dispute)
