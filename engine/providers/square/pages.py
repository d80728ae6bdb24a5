# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Square's API answers as facts: a list, or one object that was looked up."""

from collections.abc import Callable, Mapping

from ... import strict_json
from ...json_node import Node
from ..base import Translation
from ..message import each, reference
from .message import Message, credible_moment
from .report import read_entry
from .webhook import HANDLERS, read_event

Translate = Callable[[bytes, Mapping[str, str]], tuple[Translation, ...]]


def reader(kind: str) -> Translate:
    """Make the function that translates answers about payments, refunds and so on."""

    def translate(body: bytes, options: Mapping[str, str]) -> tuple[Translation, ...]:
        def read(node: Node) -> Translation:
            message = Message(
                # Disputes had an id of another name before 2021-05-13.
                reference(node, "id") or node.identifier(f"{kind}_id"),
                _event(kind, node),
                credible_moment((node, "updated_at"), (node, "created_at")),
                options=options,
            )
            return message.translation(HANDLERS[kind](message, node))

        root = Node(strict_json.loads(body))
        found = root.children(f"{kind}s")
        return each([root.child(kind)] if kind in root.data else found, read)

    return translate


def _event(kind: str, node: Node) -> str:
    """Name the event that would tell the same."""
    if kind == "payout":
        return f"payout.{node.identifier('status').lower()}"
    return "dispute.state.updated" if kind == "dispute" else f"{kind}.updated"


def translate_entries(
    body: bytes, options: Mapping[str, str]
) -> tuple[Translation, ...]:
    """Translate one page of the entries of a payout."""
    root = Node(strict_json.loads(body))
    return each(root.children("payout_entries"), lambda node: read_entry(node, options))


def translate_events(
    body: bytes, options: Mapping[str, str]
) -> tuple[Translation, ...]:
    """Translate one page of events; the page tells the version of each beside it."""
    root = Node(strict_json.loads(body))
    versions = {
        reference(one, "event_id"): one.text("api_version")
        for one in root.children("metadata")
    }

    def read(node: Node) -> Translation:
        version = versions.get(node.text("event_id"), "")
        return read_event(node, options, None, version)

    return each(root.children("events"), read)
