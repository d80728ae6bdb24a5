# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""GoCardless's webhook messages: batches of events that tell no amounts.

https://developer.gocardless.com/api-reference/#webhooks-overview: what needs no amount
is a fact at once; whatever moves money is looked up. The list of events of the API
has the same shape.
"""

import json
from collections.abc import Mapping

from ... import strict_json
from ...errors import EngineError
from ...events import Event, Trait
from ...json_node import Node, is_identifier
from ..base import NOTHING, Envelope, Lookup, Request, Translation
from ..bodies import digest_key, iso_time
from ..message import each, metadata_references, references
from . import const, signature
from .message import Message, traits_of

SUBSCRIBED_EVENTS = tuple(sorted(const.EVENTS))


def envelope(body: bytes, headers: Mapping[str, str] = NOTHING) -> Envelope:
    """Read what the inbox needs; never raises, whatever the body.

    :return: ``dedupe_key`` is the digest of the body: GoCardless warns against using
        the id of a webhook, and an event may come in several batches
    """
    try:
        events = strict_json.loads(body).get("events")
    except EngineError:
        events = None
    event_id = event_type = ""
    if isinstance(events, list) and len(events) == 1 and isinstance(events[0], dict):
        event_id = events[0].get("id")
        event_type = f"{events[0].get('resource_type')}.{events[0].get('action')}"
    return Envelope(
        event_id if is_identifier(event_id) else "",
        event_type if is_identifier(event_type) else "",
        digest_key(body),
    )


def translate(
    body: bytes,
    headers: Mapping[str, str] = NOTHING,
    options: Mapping[str, str] = NOTHING,
) -> tuple[Translation, ...]:
    """Translate a batch, one translation for each event.

    An object that several events name is looked up once, for the first of them.

    :raises MalformedMessage: when it is no batch; an event that cannot be read is a
        fault of its own
    """
    root = Node(strict_json.loads(body))
    if not isinstance(root.data.get("events"), list):
        raise root.fault("events", "A list of events is due here.")
    wanted: set[Lookup] = set()

    def read(event: Node) -> Translation:
        message = Message(event)
        lookup = _lookup(message)
        if lookup is None:
            return message.translation((_note(message),))
        is_new = lookup not in wanted
        wanted.add(lookup)
        return message.translation((), (lookup,) if is_new else ())

    return each(root.children("events"), read)


def note_of_payment(message: Message) -> Event:
    """Make the fact of an event that needs no amount; each event is a fact."""
    return message.fact(
        (const.PAYMENT_NOTES[message.action], f"{message.action}:{message.event_id}"),
        ("payment", message.links.identifier("payment")),
        message.links.identifier("payment"),
        references=_references(message),
        traits=_traits(message),
        reason=message.cause,
    )


def test_request(
    secret: str, url: str, account: str, event_id: str, created: int, livemode: bool
) -> Request:
    """Give a signed message that proves a connection and means nothing else."""
    resource, action = const.TEST_EVENT_TYPE.split(".")
    event = {
        "id": event_id,
        "created_at": iso_time(created),
        "resource_type": resource,
        "action": action,
        "links": {"organisation": account} if account else {},
    }
    body = json.dumps({"events": [event], "meta": {}}).encode()
    return Request(body, {const.SIGNATURE_HEADER: signature.sign(body, secret)})


def _lookup(message: Message) -> Lookup | None:
    """Give the object without which the event means nothing, if it needs one."""
    links, action = message.links, message.action
    if message.resource == "payments" and action in const.PAYMENT_MONEY:
        return Lookup("payment", links.identifier("payment"))
    if message.resource == "refunds" and action in const.REFUND_FACTS:
        return Lookup("refund", links.identifier("refund"))
    if message.resource == "payouts" and action in const.PAYOUT_LOOKUPS:
        return Lookup("payout", links.identifier("payout"))
    if message.event_type == const.BOUNCED_PAYOUT:
        # The event names the creditor only.
        return Lookup("bounced_payouts", links.identifier("creditor"))
    return None


def _note(message: Message) -> Event:
    if message.event_type == const.TEST_EVENT_TYPE:
        return message.note("external.info", "test")
    if message.event_type not in const.EVENTS:
        return message.note("unknown", "unknown")
    if message.resource == "payments":
        return note_of_payment(message)
    if message.resource == "mandates":
        return message.fact(
            ("mandate.updated", f"{message.action}:{message.event_id}"),
            ("mandate", message.links.identifier("mandate")),
            references=_references(message),
            traits=_traits(message),
            reason=message.cause,
        )
    return message.note("external.info", "info")


def _traits(message: Message) -> tuple[Trait, ...]:
    return traits_of(message.details.get("scheme"), message.links)


def _references(message: Message) -> tuple:
    ids = {
        "payment": message.links.reference("payment"),
        "mandate": message.links.reference("mandate"),
    }
    return references(ids) + metadata_references(message.metadata)
