# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Razorpay's API answers as facts: a collection, or one object that was looked up.

Objects are told as they are now, so here their status decides.
"""

from collections.abc import Callable, Iterator, Mapping

from ... import strict_json
from ...json_node import Node
from ..base import Translation
from ..message import each
from . import const
from .disputes import dispute_events
from .message import Message
from .payments import payment_events, refund_events
from .settlements import settlement_events

Translate = Callable[[bytes, Mapping[str, str]], tuple[Translation, ...]]

# entity: (family of the code, known statuses, reader)
_READERS = {
    "payment": ("payment", const.PAYMENT_FACTS, payment_events),
    "refund": ("refund", const.REFUND_FACTS, refund_events),
    "dispute": ("payment.dispute", const.DISPUTE_FACTS, dispute_events),
    "settlement": ("settlement", const.SETTLEMENT_FACTS, settlement_events),
}


def items(body: bytes) -> Iterator[Node]:
    """Give the objects of a collection, or the one object that an answer is.

    :raises MalformedMessage: when the body is no JSON object
    """
    root = Node(strict_json.loads(body))
    return root.children("items") if "items" in root.data else iter((root,))


def reader(entity: str) -> Translate:
    """Make the function that translates answers about payments, refunds and so on."""
    family, statuses, events_of = _READERS[entity]

    def translate(body: bytes, options: Mapping[str, str]) -> tuple[Translation, ...]:
        def read(node: Node) -> Translation:
            status = node.identifier("status")
            message = Message(
                node.identifier("id"),
                f"{family}.{status}",
                node.moment("created_at"),
                options=options,
            )
            if status not in statuses:
                return message.translation((message.note("unknown", "unknown"),))
            return message.translation(events_of(message, node, status))

        return each(items(body), read)

    return translate
