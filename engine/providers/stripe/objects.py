# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Objects of Stripe as they are now, from a list or asked for by id.

An object does not say when things happened to it, its balance transactions do: they
are expanded, and tell of its money.
"""

from collections.abc import Iterator, Mapping

from ... import strict_json
from ...events import Event
from ...json_node import Node
from ..base import NOTHING, Translation
from ..message import each
from . import balance, disputes, payouts
from .message import Message

_ENTRIES = ("balance_transaction", "failure_balance_transaction")


def translate(
    body: bytes, options: Mapping[str, str] = NOTHING
) -> tuple[Translation, ...]:
    """Translate an object or a list of them, balance transactions expanded.

    :return: for each object what it says of itself, then one for each of its balance
        transactions
    """
    root = Node(strict_json.loads(body))
    return each(_parts(root), lambda part: _read(*part))


def _parts(root: Node) -> Iterator[tuple[Node, Node | None]]:
    """Give each object alone, and each balance transaction with its object."""
    for item in balance.items(root):
        if isinstance(item.data.get("latest_charge"), dict):
            item = item.child("latest_charge")
        yield item, None
        for field in _ENTRIES:
            if isinstance(item.data.get(field), dict):
                yield item.child(field), item
        for entry in item.children("balance_transactions"):
            yield entry, item


def _read(node: Node, source: Node | None) -> Translation:
    if source is not None:
        return balance.translate_one(node, source)
    message = _message(node, node.moment("created"))
    return message.translation(_says(message, node))


def _message(node: Node, moment: tuple) -> Message:
    livemode = node.data.get("livemode")
    return Message(
        node.identifier("id"),
        node.identifier("object"),
        moment,
        livemode if isinstance(livemode, bool) else None,
    )


def _says(message: Message, node: Node) -> Iterator[Event]:
    if message.event_type == "payout":
        yield payouts.fact(message, node, ("payout.scheduled", "scheduled"))
        if node.data.get("status") == "paid":
            # The day on which the bank was to have it is the best that it tells.
            paid = _message(node, node.moment("arrival_date"))
            yield payouts.fact(paid, node, ("payout.paid", "paid"))
    elif message.event_type == "dispute":
        yield from disputes.opened(message, node)
    elif message.event_type == "payment_intent":
        yield message.note("external.info", "seen")
    else:
        yield message.object_fact(("external.info", "seen"), node)
