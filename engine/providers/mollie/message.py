# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One object of Mollie, and the facts that can be made of it."""

from ... import strict_json
from ...errors import MalformedMessage
from ...events import Reference
from ...json_node import MAX_TEXT, Node
from ...money import ISO
from .. import message
from ..message import Amount
from . import const


class Message(message.Message):
    """What one message says of itself, which every fact in it shares."""

    def at(self, node: Node, *fields: str) -> "Message":
        """Give a copy at the first of these moments that the object tells."""
        moment = self.created, self.zone
        for field in fields:
            if node.data.get(field) is not None:
                moment = node.moment(field)
                break
        return Message(self.event_id, self.event_type, moment, self.livemode)


def of_object(node: Node, event_type: str, *moments: str) -> Message:
    """Make the message of an object that the API gave.

    :param moments: fields, the first that is there tells when
    """
    field = next((name for name in moments if node.data.get(name) is not None), "")
    return Message(
        node.identifier("id"),
        event_type,
        node.moment(field or "createdAt"),
        livemode(node),
    )


def livemode(node: Node) -> bool | None:
    """Tell whether an object is a real one; None when it does not say."""
    mode = node.data.get("mode")
    if mode is None:
        return None
    if not isinstance(mode, str) or mode not in const.MODES:
        raise node.fault("mode", "live or test is due here.")
    return const.MODES[mode]


def signed(node: Node, field: str) -> Amount:
    """Read an amount of either sign, as ``{"currency": "EUR", "value": "-1.00"}``."""
    money = node.child(field)
    currency, exponent = money.currency("currency", ISO)
    return Amount(money.decimal("value", exponent), currency, exponent)


def amount(node: Node, field: str) -> Amount:
    """Read an amount that is not negative."""
    money = signed(node, field)
    if money.minor < 0:
        raise node.fault(f"{field}.value", "An amount from 0 on is due here.")
    return money


def written_references(node: Node) -> tuple[Reference, ...]:
    """Give what the merchant wrote: metadata, which may be any JSON, and description.

    Text in metadata is JSON or a reference of its own.
    """
    metadata = node.data.get("metadata")
    found: tuple[Reference, ...] = ()
    if isinstance(metadata, str) and metadata:
        try:
            metadata = strict_json.loads(metadata.encode())
        except MalformedMessage:
            found = (Reference("merchant_reference", metadata[:MAX_TEXT]),)
    if isinstance(metadata, dict):
        found = message.metadata_references(metadata)
    if description := node.text("description"):
        found += (Reference("description", description),)
    return found
