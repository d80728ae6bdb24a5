# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Checkout.com's webhook messages as facts."""

import json
from collections.abc import Mapping

from ... import strict_json
from ...json_node import Node
from ..base import NOTHING, Envelope, Request, Translation
from ..bodies import digest_key, identifiers, iso_time
from . import const, disputes, payments, settlements, signature
from .message import Message

_HANDLERS = payments.HANDLERS | disputes.HANDLERS | settlements.HANDLERS

SUBSCRIBED_EVENTS = tuple(sorted(_HANDLERS))


def envelope(body: bytes, headers: Mapping[str, str] = NOTHING) -> Envelope:
    """Read what the inbox needs; never raises, whatever the body.

    :return: ``dedupe_key`` is Checkout.com's event id, else the digest of the body
    """
    event_id, event_type, version = identifiers(body, "id", "type", "version")
    return Envelope(event_id, event_type, event_id or digest_key(body), version)


def translate(
    body: bytes,
    headers: Mapping[str, str] = NOTHING,
    options: Mapping[str, str] = NOTHING,
) -> tuple[Translation, ...]:
    """Translate one message; amounts in Checkout.com's minor units, times in UTC.

    :return: one translation, with the facts that the message attests and the files of
        a new report to ask for; one fact of type ``unknown`` for a message that is not
        understood
    :raises MalformedMessage: when a field holds what it cannot hold
    :raises UnknownCurrency: when the amount has no known exponent
    """
    root = Node(strict_json.loads(body))
    event_type = root.identifier("type")
    handler = _HANDLERS.get(event_type)
    data = root.child("data") if handler else Node({})
    message = Message(root, data)
    lookups = ()
    if handler:
        events = handler(message, data)
        if event_type == "report_generated":
            lookups = settlements.report_lookups(data)
    elif event_type in const.NOTES or event_type == const.TEST_EVENT_TYPE:
        events = (message.note("external.info", event_type.rpartition(".")[2]),)
    else:
        events = (message.note("unknown", "unknown"),)
    return (message.translation(events, lookups),)


def translate_event(
    body: bytes, options: Mapping[str, str] = NOTHING
) -> tuple[Translation, ...]:
    """Translate an event that was looked up: it is the message that was sent."""
    return translate(body, NOTHING, options)


def test_request(
    secret: str, url: str, account: str, event_id: str, created: int, livemode: bool
) -> Request:
    """Give a signed message that proves a connection and means nothing else."""
    host = f"api.{'' if livemode else 'sandbox.'}checkout.com"
    body = json.dumps(
        {
            "id": event_id,
            "type": const.TEST_EVENT_TYPE,
            "version": "1.0.0",
            "created_on": iso_time(created),
            "data": {},
            "_links": {"self": {"href": f"https://{host}/workflows/events/{event_id}"}},
        }
    ).encode()
    return Request(body, {const.SIGNATURE_HEADER: signature.sign(body, secret)})
