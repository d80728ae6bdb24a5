# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Stripe's webhook messages as facts.

https://docs.stripe.com/api/events: the API version of the endpoint fixes the shape of
``data.object`` for ever, so old and new shapes are read side by side.
"""

import hashlib
import json

from ... import strict_json
from ...errors import EngineError
from ...json_node import Node, is_identifier
from ..base import Envelope, Translation
from . import const
from .message import Message
from .payments import HANDLERS

SUBSCRIBED_EVENTS = tuple(sorted(HANDLERS))


def envelope(body: bytes) -> Envelope:
    """Read what the inbox needs; never raises, whatever the body.

    :return: ``dedupe_key`` is Stripe's event id, else the digest of the body
    """
    try:
        data = strict_json.loads(body)
    except EngineError:
        data = {}
    event_id, event_type = (
        value if is_identifier(value := data.get(name)) else ""
        for name in ("id", "type")
    )
    dedupe_key = event_id or f"sha256:{hashlib.sha256(body).hexdigest()}"
    return Envelope(event_id, event_type, dedupe_key)


def translate(body: bytes) -> Translation:
    """Translate one message; amounts in Stripe's minor units, times in UTC.

    :return: the facts that the message attests; one fact of type ``unknown`` for a
        message that is not understood, so that nobody has to miss it
    :raises MalformedMessage: when a field holds what it cannot hold
    :raises UnknownCurrency: when the amount has no known exponent
    """
    root = Node(strict_json.loads(body))
    if root.data.get("object") != "event":
        return _translate_foreign(root)
    message = Message(root, root)
    handler = HANDLERS.get(message.event_type)
    if message.event_type == const.TEST_EVENT_TYPE:
        events = (message.note("external.info", "test"),)
    elif handler is None:
        events = (message.note("unknown", "unknown"),)
    else:
        data = root.child("data")
        message.previous = data.data.get("previous_attributes")
        events = tuple(handler(message, data.child("object")))
    return message.translation(root.flag("livemode"), events)


def test_message(event_id: str, created: int, livemode: bool) -> bytes:
    """Give the body of a message that proves a connection and means nothing else."""
    return json.dumps(
        {
            "id": event_id,
            "object": "event",
            "type": const.TEST_EVENT_TYPE,
            "created": created,
            "livemode": livemode,
            "data": {"object": {}},
        }
    ).encode()


def _translate_foreign(root: Node) -> Translation:
    """Translate thin events, and those that AWS or Azure wrapped, as not understood."""
    if root.data.get("object") == "v2.core.event":
        inner = root
    elif "detail-type" in root.data:
        inner = root.child("detail")
    elif "specversion" in root.data:
        inner = root.child("data")
    else:
        raise root.fault("object", "A Stripe event is due here.")
    message = Message(root, inner)
    livemode = inner.data.get("livemode") is True
    return message.translation(livemode, (message.note("unknown", "unknown"),))
