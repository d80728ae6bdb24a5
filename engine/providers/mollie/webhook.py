# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Mollie's webhook messages as facts: next-gen events and classic ids.

https://docs.mollie.com/reference/webhooks-new: an event holds its object as it was, or
("simple payload") its id alone. https://docs.mollie.com/reference/webhooks: a classic
message is ``id=tr_…``, the same for every change of a payment.
"""

import json
from collections.abc import Mapping

from ... import strict_json
from ...json_node import Node
from ..base import NOTHING, Envelope, Lookup, Request, Translation
from ..bodies import digest_key, identifiers, iso_time
from . import const, payments, report, signature
from .message import Message, livemode

SUBSCRIBED_EVENTS = tuple(sorted(const.EVENTS))
# Objects with a lookup of their own; others are read from the event itself.
_LOOKED_UP = ("payment", "refund", "chargeback")


def envelope(body: bytes, headers: Mapping[str, str] = NOTHING) -> Envelope:
    """Read what the inbox needs; never raises, whatever the body.

    :return: ``dedupe_key`` is the event's id, else the digest of the body. A classic
        message is its object and the second of its arrival, which the receiver tells
        in the header ``x-payment-hub-received``: the next change of the payment sends
        the same body again
    """
    if named := signature.classic_object(body):
        key = named[1]
        received = headers.get(const.RECEIVED_HEADER, "")
        if received.isascii() and received.isdigit() and len(received) <= 12:
            key = f"{key}@{received}"
        return Envelope("", const.CLASSIC_EVENT_TYPE, key)
    event_id, event_type = identifiers(body, "id", "type")
    return Envelope(event_id, event_type, event_id or digest_key(body))


def translate(
    body: bytes,
    headers: Mapping[str, str] = NOTHING,
    options: Mapping[str, str] = NOTHING,
) -> tuple[Translation, ...]:
    """Translate one message.

    :return: one translation: the facts that the object in it attests, or a lookup of
        the object that it names
    :raises MalformedMessage: when a field holds what it cannot hold
    :raises UnknownCurrency: when the amount has no known exponent
    """
    if named := signature.classic_object(body):
        lookups = (Lookup(*named),)
        kind = const.CLASSIC_EVENT_TYPE
        return (Translation("", kind, None, None, "", "", (), lookups),)
    root = Node(strict_json.loads(body))
    if root.data.get("resource") != "event":
        raise root.fault("resource", "A Mollie event is due here.")
    return (of_event(root, options),)


def of_event(root: Node, options: Mapping[str, str] = NOTHING) -> Translation:
    """Translate one event, whether it was sent or looked up."""
    kind = root.identifier("type")
    message = Message(root.identifier("id"), kind, root.moment("createdAt"))
    if kind == const.TEST_EVENT_TYPE:
        message.livemode = livemode(root)
        return message.translation((message.note("external.info", "test"),))
    if kind in const.NOTED:
        return message.translation((message.note("external.info", "info"),))
    if kind not in const.EVENTS:
        return message.translation((message.note("unknown", "unknown"),))
    resource = kind.partition(".")[0]
    if resource == "payment-link":
        # The payment behind it tells more, and has a message of its own.
        lookup = Lookup("payment_link", root.identifier("entityId"))
        return message.translation((), (lookup,))
    embedded = root.data.get("_embedded")
    entity = embedded.get("entity") if isinstance(embedded, dict) else None
    if entity is None:
        return message.translation((), (_lookup(root, resource),))
    if not isinstance(entity, dict):
        raise root.fault("_embedded.entity", "An object is due here.")
    return _of_entity(message, resource, Node(entity, "_embedded.entity"), options)


def test_request(
    secret: str, url: str, account: str, event_id: str, created: int, livemode: bool
) -> Request:
    """Give a signed message that proves a connection and means nothing else."""
    body = json.dumps(
        {
            "resource": "event",
            "id": event_id,
            "type": const.TEST_EVENT_TYPE,
            "entityId": event_id,
            "createdAt": iso_time(created),
            "mode": "live" if livemode else "test",
        }
    ).encode()
    return Request(body, {const.SIGNATURE_HEADER: signature.sign(body, secret)})


def _lookup(root: Node, resource: str) -> Lookup:
    if resource in _LOOKED_UP:
        return Lookup(resource, root.identifier("entityId"))
    return Lookup("event", root.identifier("id"))


def _of_entity(
    message: Message, resource: str, entity: Node, options: Mapping[str, str]
) -> Translation:
    message.livemode = livemode(entity)
    if resource == "payment":
        return message.translation(*payments.of_payment(message, entity))
    if resource in _PARTS:
        return message.translation(_PARTS[resource](message, entity))
    return message.translation(_BALANCE[resource](message, entity, options))


_PARTS = {
    "refund": payments.of_refund,
    "chargeback": payments.of_chargeback,
    "capture": payments.of_capture,
}
_BALANCE = {
    "balance-transaction": report.of_balance_transaction,
    "payout": report.of_payout,
}
