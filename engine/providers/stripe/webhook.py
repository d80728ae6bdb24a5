# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Stripe's webhook messages as facts.

https://docs.stripe.com/api/events: the API version of the endpoint fixes the shape of
``data.object`` for ever, so old and new shapes are read side by side.
"""

import json
from collections.abc import Mapping

from ... import strict_json
from ...json_node import Node
from ..base import NOTHING, Envelope, Request, Translation
from ..bodies import digest_key, identifiers
from ..message import each
from ..message import readings as readings_of
from . import (
    const,
    disputes,
    notices,
    payments,
    payouts,
    platform,
    reading,
    signature,
)
from .message import read_envelope

HANDLERS = {
    **payments.HANDLERS,
    **disputes.HANDLERS,
    **payouts.HANDLERS,
    **platform.HANDLERS,
    **notices.HANDLERS,
}
SUBSCRIBED_EVENTS = tuple(sorted(HANDLERS))


def envelope(body: bytes, headers: Mapping[str, str] = NOTHING) -> Envelope:
    """Read what the inbox needs; never raises, whatever the body.

    :return: ``dedupe_key`` is Stripe's event id, else the digest of the body
    """
    event_id, event_type, api_version = identifiers(body, "id", "type", "api_version")
    return Envelope(event_id, event_type, event_id or digest_key(body), api_version)


def translate(
    body: bytes,
    headers: Mapping[str, str] = NOTHING,
    options: Mapping[str, str] = NOTHING,
) -> tuple[Translation, ...]:
    """Translate one message; amounts in Stripe's minor units, times in UTC.

    :return: one translation, with the facts that the message attests; one fact of
        type ``unknown`` for a message that is not understood
    :raises MalformedMessage: when a field holds what it cannot hold
    :raises UnknownCurrency: when the amount has no known exponent
    """
    return (_translate(Node(strict_json.loads(body))),)


def translate_page(
    body: bytes, options: Mapping[str, str] = NOTHING
) -> tuple[Translation, ...]:
    """Translate a page of the messages that were sent, from the API."""
    root = Node(strict_json.loads(body))
    return each(root.children("data"), _translate)


def _translate(root: Node) -> Translation:
    if root.data.get("object") != "event":
        return _translate_foreign(root)
    message = read_envelope(root, root, root.flag("livemode"))
    handler = HANDLERS.get(message.event_type)
    lookups, readings = (), ()
    if message.event_type == const.TEST_EVENT_TYPE:
        events = (message.note("external.info", "test"),)
    elif handler is None:
        events = (message.note("unknown", "unknown"),)
    else:
        data = root.child("data")
        message.previous = data.data.get("previous_attributes")
        node = data.child("object")
        events = tuple(handler(message, node))
        lookups = notices.lookups(message, node)
        if message.event_type == "balance.available":
            readings = readings_of(reading.amounts(node), message.created)
    return message.translation(events, lookups, readings)


def test_request(
    secret: str, url: str, account: str, event_id: str, created: int, livemode: bool
) -> Request:
    """Give a signed message that proves a connection and means nothing else."""
    body = json.dumps(
        {
            "id": event_id,
            "object": "event",
            "type": const.TEST_EVENT_TYPE,
            "created": created,
            "livemode": livemode,
            "data": {"object": {}},
            **({"account": account} if account else {}),
        }
    ).encode()
    header = signature.sign(body, secret, created)
    return Request(body, {const.SIGNATURE_HEADER: header})


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
    message = read_envelope(root, inner, inner.data.get("livemode") is True)
    return message.translation((message.note("unknown", "unknown"),))
