# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Objects of PayPal's API as they are now, looked up one by one."""

from collections.abc import Callable, Iterator, Mapping

from ... import strict_json
from ...events import Event
from ...json_node import Node
from ..base import NOTHING, Translation
from .message import Message
from .payments import order, paid, refunded, reversed_
from .payouts import item

Translate = Callable[..., tuple[Translation, ...]]


def _translate(
    kind: str,
    read: Callable[[Message, Node], Iterator[Event]],
    id_field: str = "id",
    time_field: str = "create_time",
) -> Translate:
    def translate(
        body: bytes, options: Mapping[str, str] = NOTHING
    ) -> tuple[Translation, ...]:
        node = Node(strict_json.loads(body))
        message = Message.of_object(node, kind, id_field, time_field)
        return (message.translation(read(message, node)),)

    return translate


captures = _translate("capture", paid)
refunds = _translate("refund", refunded)
reversals = _translate("reversal", reversed_)
orders = _translate("order", order)
payout_items = _translate("payout_item", item, "payout_item_id", "time_processed")
