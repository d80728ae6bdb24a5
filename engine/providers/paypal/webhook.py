# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""PayPal's webhook messages as facts.

https://developer.paypal.com/api/rest/webhooks/event-names/: one event per message;
the objects in it are of version 1 or of version 2 of PayPal's API.
"""

from collections.abc import Mapping

from ... import strict_json
from ...json_node import Node
from ..base import NOTHING, Envelope, Lookup, Translation
from ..bodies import digest_key, identifiers
from ..message import each
from . import const, disputes, payments, payouts
from .message import Message, related

HANDLERS = {**payments.HANDLERS, **disputes.HANDLERS, **payouts.HANDLERS}
SUBSCRIBED_EVENTS = tuple(sorted(HANDLERS))

EVENT_TYPES = const.EVENTS | dict.fromkeys(const.OTHER_EVENTS, ("external.info",))

# What tells of money, and what PayPal's API is asked for to hear it from there.
_LOOKUPS = {
    "CHECKOUT.ORDER.COMPLETED": ("order", "id"),
    "PAYMENT.CAPTURE.COMPLETED": ("capture", "id"),
    "PAYMENT.CAPTURE.REFUNDED": ("refund", "id"),
    "PAYMENT.CAPTURE.REVERSED": ("reversal", "id"),
    "PAYMENT.PAYOUTS-ITEM.CANCELED": ("payout_item", "payout_item_id"),
    "PAYMENT.PAYOUTS-ITEM.REFUNDED": ("payout_item", "payout_item_id"),
    "PAYMENT.PAYOUTS-ITEM.RETURNED": ("payout_item", "payout_item_id"),
    "PAYMENT.PAYOUTS-ITEM.SUCCEEDED": ("payout_item", "payout_item_id"),
    "PAYMENT.PAYOUTS-ITEM.UNCLAIMED": ("payout_item", "payout_item_id"),
    "PAYMENT.SALE.COMPLETED": ("sale", "id"),
    "PAYMENT.SALE.REFUNDED": ("old_refund", "id"),
    "PAYMENT.SALE.REVERSED": ("old_reversal", "id"),
}
# The same where the object is of version 1.
_OLD_LOOKUPS = {
    "capture": "old_capture",
    "refund": "old_refund",
    "reversal": "old_reversal",
}


def envelope(body: bytes, headers: Mapping[str, str] = NOTHING) -> Envelope:
    """Read what the inbox needs; never raises, whatever the body.

    :return: ``dedupe_key`` is the event's id and type, because PayPal's simulator uses
        one id for two types; else the digest of the body
    """
    event_id, event_type, version = identifiers(
        body, "id", "event_type", "resource_version"
    )
    key = f"{event_id}:{event_type}"
    if not event_id or len(key) > 255:
        key = digest_key(body)
    return Envelope(event_id, event_type, key, version or "1.0")


def translate(
    body: bytes,
    headers: Mapping[str, str] = NOTHING,
    options: Mapping[str, str] = NOTHING,
) -> tuple[Translation, ...]:
    """Translate one message; amounts in PayPal's minor units, times in UTC.

    PayPal signs no more than a CRC-32 of the body, for which anybody who gets hold of
    one signed set of headers can make another body. So a message that tells of money
    only names what to look up: PayPal's API attests the facts.

    :return: one translation, with a lookup or with facts that move no money; one fact
        of type ``unknown`` for a message that is not understood
    :raises MalformedMessage: when a field holds what it cannot hold
    :raises UnknownCurrency: when the amount has no known exponent
    """
    event = Node(strict_json.loads(body))
    message = Message.of_event(event)
    if lookups := _lookups(event, message.event_type):
        return (message.translation((), lookups),)
    return (_translate(event),)


def translate_page(
    body: bytes, options: Mapping[str, str] = NOTHING
) -> tuple[Translation, ...]:
    """Translate a page of the list of events, which PayPal's API attests."""
    return each(Node(strict_json.loads(body)).children("events"), _translate)


def _translate(event: Node) -> Translation:
    message = Message.of_event(event)
    if handler := HANDLERS.get(message.event_type):
        return message.translation(handler(message, event.child("resource")))
    if message.event_type in const.OTHER_EVENTS:
        return message.translation((message.note("external.info", "info"),))
    return message.translation((message.note("unknown", "unknown"),))


def _lookups(event: Node, event_type: str) -> tuple[Lookup, ...]:
    if event_type not in _LOOKUPS:
        return ()
    name, field = _LOOKUPS[event_type]
    resource = event.child("resource")
    if event_type.endswith(".REVERSED") and not related(resource).capture:
        return ()  # of no use: neither does PayPal's API tell what was reversed
    amount = resource.data.get("amount")
    if isinstance(amount, dict) and "total" in amount:
        name = _OLD_LOOKUPS.get(name, name)
    return (Lookup(name, resource.identifier(field)),)
