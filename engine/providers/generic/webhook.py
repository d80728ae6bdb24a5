# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""CloudEvents in the hub's own vocabulary, as facts.

Any system may send them: a shop, a till, a subscription biller. The format is told in
``docs/generic-provider.md`` and in ``message.schema.json``, beside this module. Only
the body is signed, so it alone is read: structured mode (one JSON object) and batched
mode (a JSON array), packed with gzip or not, but not binary mode, whose attributes are
in headers that nobody signs.
"""

import json
from collections.abc import Mapping

from ... import strict_json
from ...errors import EngineError
from ...json_node import Node, is_identifier
from .. import message
from ..base import NOTHING, Envelope, Request, Translation
from ..bodies import digest_key, iso_time, unpacked
from . import const, signature
from .facts import fact, readings_of

SUBSCRIBED_EVENTS = tuple(
    sorted(name for name, event_type in const.FACTS.items() if event_type != "unknown")
)


def envelope(body: bytes, headers: Mapping[str, str] = NOTHING) -> Envelope:
    """Read what the inbox needs; never raises, whatever the body.

    :return: ``dedupe_key`` is the webhook-id, else the digest of the body; a batch has
        neither id nor type of its own
    """
    try:
        data = strict_json.loads(unpacked(body))
    except EngineError:
        data = {}
    return Envelope(
        _named(data, "id"),
        _named(data, "type"),
        signature.message_id_of(headers) or digest_key(body),
        _named(data, "dataschema"),
    )


def translate(
    body: bytes,
    headers: Mapping[str, str] = NOTHING,
    options: Mapping[str, str] = NOTHING,
) -> tuple[Translation, ...]:
    """Translate one event or a batch; amounts in ISO 4217's minor units.

    :return: one translation for each event, with the one fact it tells; in a batch,
        events that cannot be read have a fault
    :raises MalformedMessage: when a field holds what it cannot hold
    :raises UnknownCurrency: when the amount has no known exponent
    """
    plain = unpacked(body)
    if plain.lstrip(b" \t\r\n").startswith(b"["):
        batch = Node({"events": strict_json.loads_list(plain)})
        return message.each(batch.children("events"), _translate)
    return (_translate(Node(strict_json.loads(plain))),)


def test_request(
    secret: str, url: str, account: str, event_id: str, created: int, livemode: bool
) -> Request:
    """Give a signed message that proves a connection and means nothing else."""
    body = json.dumps(
        {
            "specversion": "1.0",
            "id": event_id,
            "source": "payment_hub",
            "type": const.TEST_EVENT_TYPE,
            "time": iso_time(created),
            "data": {
                "livemode": livemode,
                **({"account": account} if account else {}),
            },
        }
    ).encode()
    headers = {
        "webhook-id": event_id,
        "webhook-timestamp": str(created),
        "webhook-signature": signature.sign(body, secret, event_id, created),
    }
    return Request(body, headers)


def _named(data: dict, field: str) -> str:
    value = data.get(field)
    return value if is_identifier(value) else ""


def _translate(event: Node) -> Translation:
    if event.data.get("specversion") != "1.0":
        raise event.fault(
            "specversion", 'A CloudEvent in structured mode ("1.0") is due here.'
        )
    event_type = event.identifier("type")
    is_ours = event_type in const.FACTS or event_type == const.TEST_EVENT_TYPE
    data = event.child("data") if is_ours else Node({})
    told = message.Message(
        event.identifier("id"),
        event_type,
        event.moment("time"),
        data.flag("livemode") if is_ours else None,
        data.reference("account"),
        _named(event.data, "dataschema"),
    )
    readings = ()
    if event_type == const.TEST_EVENT_TYPE:
        events = (told.note("external.info", "test"),)
    elif is_ours:
        events = (fact(told, data),)
        readings = readings_of(told, data)
    else:
        events = (told.note("unknown", "unknown"),)
    return told.translation(events, readings=readings)
