# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Razorpay's webhook messages as facts.

The body has neither an id nor a word about test or live; the id is in a header, which
is not signed. Messages are snapshots, so their name decides, not today's status:
https://razorpay.com/docs/webhooks/payments.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping

from ... import strict_json
from ...events import Event, Reference
from ...json_node import Node, is_identifier
from ..base import NOTHING, Envelope, Request, Translation
from ..bodies import digest_key, identifiers
from ..message import reference
from . import const, signature
from .disputes import dispute_events
from .message import Message
from .payments import payment_events, refund_events
from .settlements import settlement_events, transfer_events


def envelope(body: bytes, headers: Mapping[str, str] = NOTHING) -> Envelope:
    """Read what the inbox needs; never raises, whatever the body.

    :return: ``dedupe_key`` is the event id of the header, else the digest of the body
    """
    (event_type,) = identifiers(body, "event")
    event_id = _event_id(headers)
    return Envelope(event_id, event_type, event_id or digest_key(body))


def _event_id(headers: Mapping[str, str]) -> str:
    value = headers.get(const.EVENT_ID_HEADER, "")
    return value if is_identifier(value) and ":" not in value else ""


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
    root = Node(strict_json.loads(body))
    message = Message(
        _event_id(headers) or hashlib.sha256(body).hexdigest(),
        root.identifier("event"),
        _moment_owner(root).moment("created_at"),
        options=options,
        merchant=reference(root, "account_id"),
    )
    handler = HANDLERS.get(message.event_type)
    if handler:
        events = tuple(handler(message, root.child("payload")))
    elif message.event_type in const.INFORMATION_EVENTS:
        events = (message.note("external.info", "information"),)
    elif message.event_type == const.TEST_EVENT_TYPE:
        events = (message.note("external.info", "test"),)
    else:
        events = (message.note("unknown", "unknown"),)
    return (message.translation(events),)


def test_request(
    secret: str, url: str, account: str, event_id: str, created: int, livemode: bool
) -> Request:
    """Give a signed message that proves a connection and means nothing else."""
    body = json.dumps(
        {"entity": "event", "event": const.TEST_EVENT_TYPE, "created_at": created}
    ).encode()
    headers = {
        const.SIGNATURE_HEADER: signature.sign(body, secret),
        const.EVENT_ID_HEADER: event_id,
    }
    return Request(body, headers)


def _moment_owner(root: Node) -> Node:
    # The documented refund.speed_changed has its time one level deeper.
    return root if "created_at" in root.data else root.child("payload")


def _entity(payload: Node, kind: str) -> Node:
    return payload.child(kind).child("entity")


def _payment(message: Message, payload: Node) -> Iterable[Event]:
    status = message.event_type.rpartition(".")[2]
    return payment_events(message, _entity(payload, "payment"), status)


# What else was paid: its field with the merchant's own reference, and the kind of it.
_PAID_OBJECTS = {
    "order": ("receipt", "merchant_reference"),
    "payment_link": ("reference_id", "merchant_reference"),
    "invoice": ("invoice_number", "invoice"),
}


def _paid(message: Message, payload: Node) -> Iterator[Event]:
    payment = _entity(payload, "payment") if "payment" in payload.data else None
    if payment is None or payment.text("status") not in ("captured", "refunded"):
        yield message.note("external.info", "information")
        return
    found = []
    for kind, (field, reference_kind) in _PAID_OBJECTS.items():
        if kind in payload.data:
            if value := _entity(payload, kind).text(field):
                found.append(Reference(reference_kind, value))
    yield from payment_events(message, payment, "captured", *found)


def _refund(message: Message, payload: Node) -> Iterable[Event]:
    refund = _entity(payload, "refund")
    status = refund.identifier("status")
    if message.event_type == "refund.failed":
        status = "failed"
    if status not in const.REFUND_FACTS:
        return (message.unknown(f"refund.{status}"),)
    if "payment" in payload.data:
        payment = _entity(payload, "payment")
        if payment.data.get("captured") is False:
            return payment_events(message, payment, "refunded")
    return refund_events(message, refund, status)


def _dispute(message: Message, payload: Node) -> Iterable[Event]:
    status = message.event_type.rpartition(".")[2]
    dispute = _entity(payload, "dispute")
    return dispute_events(message, dispute, "open" if status == "created" else status)


def _settlement(message: Message, payload: Node) -> Iterable[Event]:
    return settlement_events(message, _entity(payload, "settlement"), "processed")


def _transfer(message: Message, payload: Node) -> Iterable[Event]:
    return transfer_events(message, _entity(payload, "transfer"))


HANDLERS: Mapping[str, Callable[[Message, Node], Iterable[Event]]] = {
    **dict.fromkeys(
        (
            "payment.authorized",
            "payment.captured",
            "payment.failed",
            "payment.pending",
        ),
        _payment,
    ),
    **dict.fromkeys(const.PAID, _paid),
    **dict.fromkeys(
        ("refund.created", "refund.processed", "refund.failed", "refund.speed_changed"),
        _refund,
    ),
    **{
        f"payment.dispute.{name}": _dispute
        for name in ("created", "won", "lost", "closed", "under_review")
    },
    "payment.dispute.action_required": _dispute,
    "settlement.processed": _settlement,
    **dict.fromkeys(const.TRANSFER_FACTS, _transfer),
}
SUBSCRIBED_EVENTS = tuple(sorted(HANDLERS))
