# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Square's webhook messages as facts; the object's status decides, not their name.

https://developer.squareup.com/docs/webhooks/v2webhook-events-tech-ref
"""

import json
from collections.abc import Callable, Iterable, Mapping

from ... import strict_json
from ...events import Event
from ...json_node import Node
from ..base import NOTHING, Envelope, Request, Translation
from ..bodies import digest_key, header, identifiers
from ..message import reference, references
from . import const, signature
from .disputes import dispute_events
from .message import Message, credible_moment
from .payments import payment_events, refund_events
from .payouts import payout_events


def envelope(body: bytes, headers: Mapping[str, str] = NOTHING) -> Envelope:
    """Read what the inbox needs; never raises, whatever the body.

    :return: ``dedupe_key`` is Square's event id, else the digest of the body
    """
    event_id, event_type = identifiers(body, "event_id", "type")
    version = header(headers, const.VERSION_HEADER)
    return Envelope(event_id, event_type, event_id or digest_key(body), version)


def translate(
    body: bytes,
    headers: Mapping[str, str] = NOTHING,
    options: Mapping[str, str] = NOTHING,
) -> tuple[Translation, ...]:
    """Translate one message; amounts in minor units, times in UTC.

    :return: one translation, with the facts that the message attests; one fact of
        type ``unknown`` for a message that is not understood
    :raises MalformedMessage: when a field holds what it cannot hold
    :raises UnknownCurrency: when the amount has no known exponent
    """
    environment = header(headers, const.ENVIRONMENT_HEADER).lower()
    return (
        read_event(
            Node(strict_json.loads(body)),
            options,
            const.LIVEMODES.get(environment),
            header(headers, const.VERSION_HEADER),
        ),
    )


def read_event(
    root: Node, options: Mapping[str, str], livemode: bool | None, api_version: str
) -> Translation:
    """Translate one event, whether it was sent or searched for."""
    event_type = root.identifier("type")
    kind = const.EVENT_OBJECTS.get(event_type)
    subject = _subject(root, kind) if kind else root
    message = Message(
        root.identifier("event_id"),
        event_type,
        credible_moment(
            (root, "created_at"), (subject, "updated_at"), (subject, "created_at")
        ),
        livemode,
        api_version,
        options,
        reference(root, "merchant_id"),
    )
    if kind:
        return message.translation(HANDLERS[kind](message, subject))
    if event_type in const.INFORMATION_EVENTS:
        return message.translation((message.note("external.info", "information"),))
    if event_type == const.TEST_EVENT_TYPE:
        return message.translation((message.note("external.info", "test"),))
    return message.translation((message.note("unknown", "unknown"),))


def _subject(root: Node, kind: str) -> Node:
    return root.child("data").child("object").child(kind)


def _invoice_events(message: Message, invoice: Node) -> Iterable[Event]:
    """Link the number of an invoice to its order, which the payments name."""
    order = invoice.identifier("order_id")
    ids = {"order": order, "invoice": invoice.text("invoice_number")}
    fact = ("external.info", "invoice")
    yield message.fact(fact, ("order", order), references=references(ids))


HANDLERS: Mapping[str, Callable[[Message, Node], Iterable[Event]]] = {
    "payment": payment_events,
    "refund": refund_events,
    "dispute": dispute_events,
    "payout": payout_events,
    "invoice": _invoice_events,
}


def test_request(
    secret: str, url: str, account: str, event_id: str, created: int, livemode: bool
) -> Request:
    """Give a signed message that proves a connection and means nothing else."""
    body = json.dumps(
        {
            "type": const.TEST_EVENT_TYPE,
            "event_id": event_id,
            "created_at": created,
            "data": {},
        }
    ).encode()
    headers = {
        const.SIGNATURE_HEADER: signature.sign(body, secret, url),
        const.ENVIRONMENT_HEADER: "Production" if livemode else "Sandbox",
        const.VERSION_HEADER: const.API_VERSION,
    }
    return Request(body, headers)
