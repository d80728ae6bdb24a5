# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Adyen's webhooks as facts (https://docs.adyen.com/api-explorer/Webhooks/1/overview).

A message says nothing of its version, and has no id. Standard webhooks have items,
of which several may come together; all others are one object with a ``type``.
"""

import json
from collections.abc import Mapping

from ... import strict_json
from ...errors import EngineError
from ...json_node import MAX_ID, Node, is_identifier
from ..base import NOTHING, Envelope, Lookup, Request, Translation
from ..bodies import digest_key
from ..message import Message, each, references
from . import const, signature
from .item import is_successful, items, signed_text
from .payments import Notice, event_of

SUBSCRIBED_EVENTS = tuple(sorted([*const.RULES, *const.SPECIAL_CODES]))


def envelope(body: bytes, headers: Mapping[str, str] = NOTHING) -> Envelope:
    """Read what the inbox needs; never raises, whatever the body.

    :return: ``event_type`` is "" when items are of several kinds; ``dedupe_key`` is
        made of what is signed, the dates and the stages of disputes, else the digest
        of the body
    """
    try:
        root = Node(strict_json.loads(body))
        if "notificationItems" not in root.data:
            event_type = root.data.get("type")
            key = ""
        else:
            found = items(root)
            codes = {item.text("eventCode") for item in found}
            event_type = codes.pop() if len(codes) == 1 else ""
            key = "|".join([_key(item) for item in found])
    except EngineError:
        event_type = key = ""
    return Envelope(
        "",
        event_type if is_identifier(event_type) else "",
        key if is_identifier(key) else digest_key(key.encode() or body),
    )


def translate(
    body: bytes,
    headers: Mapping[str, str] = NOTHING,
    options: Mapping[str, str] = NOTHING,
) -> tuple[Translation, ...]:
    """Translate one message; amounts in Adyen's minor units, times in UTC.

    :return: one translation for each item, with the account that it is about; one
        fact of type ``unknown`` for what is not understood
    :raises MalformedMessage: when it is no message of Adyen
    """
    root = Node(strict_json.loads(body))
    if "notificationItems" not in root.data:
        return (_translate_other(root, body),)
    livemode = _LIVE.get(root.text("live"))
    return each(items(root), lambda item: _translate_item(item, livemode, options))


def test_request(
    secret: str, url: str, account: str, event_id: str, created: int, livemode: bool
) -> Request:
    """Give a signed message that proves a connection and means nothing else."""
    item = {
        "pspReference": event_id,
        "merchantAccountCode": account,
        "merchantReference": "",
        "amount": {"value": 0, "currency": "EUR"},
        "eventCode": const.TEST_EVENT_CODE,
        "eventDate": Node({"created": created}).time("created").isoformat(),
        "success": "true",
    }
    signed = signature.sign(signed_text(Node(item)).encode(), secret)
    item["additionalData"] = {"hmacSignature": signed}
    message = {
        "live": str(livemode).lower(),
        "notificationItems": [{"NotificationRequestItem": item}],
    }
    return Request(json.dumps(message).encode(), {})


_LIVE = {"true": True, "live": True, "false": False, "test": False}


def _key(item: Node) -> str:
    more = item.data.get("additionalData")
    stage = more.get("disputeStatus") if isinstance(more, dict) else ""
    return f"{signed_text(item)}:{item.text('eventDate')}:{stage or ''}"


def _translate_item(
    item: Node, livemode: bool | None, options: Mapping[str, str]
) -> Translation:
    name, code = item.identifier("pspReference"), item.identifier("eventCode")
    message = Message(
        f"{name}.{code}.{is_successful(item)}"[:MAX_ID],
        code,
        item.moment("eventDate"),
        livemode,
        item.identifier("merchantAccountCode"),
    )
    lookups = ()
    if code == "REPORT_AVAILABLE" and name.startswith(const.SETTLEMENT_REPORT):
        lookups = (Lookup("report", name),)
    return message.translation((event_of(Notice(message, item, options)),), lookups)


def _translate_other(root: Node, body: bytes) -> Translation:
    message = Message(
        digest_key(body).partition(":")[2],
        root.identifier("type"),
        root.moment("timestamp" if "timestamp" in root.data else "createdAt"),
        _LIVE.get(root.text("environment")),
    )
    if message.event_type not in const.NOTICES_OF_CHANGE:
        return message.translation((message.note("unknown", "unknown"),))
    data = root.child("data")
    ids = {"payment": data.reference("pspReference")}
    ids["customer"] = data.text("shopperReference")
    note = message.note("mandate.updated", "updated", references=references(ids))
    return message.translation((note,))
