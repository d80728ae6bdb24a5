# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Adyen's two webhook signatures, both base64 of an HMAC-SHA256 under a hex key.

https://docs.adyen.com/development-resources/webhooks/verify-hmac-signatures: a
standard webhook has one in each item, over eight of the item's fields; webhooks of
platforms and of the Management API have one in a header, over the body. Neither has
a time: a message can be sent again, which changes nothing, for facts have keys.
"""

import hmac
from base64 import b64encode
from collections.abc import Mapping

from ... import strict_json
from ...errors import MalformedMessage, SignatureRefused
from ...json_node import Node
from ..base import Keys
from ..signing import MAX_HEADER, matching_secret, required_header
from . import const
from .item import items, signed_text


def verify(
    body: bytes,
    headers: Mapping[str, str],
    keys: Keys,
    now: int,
    tolerance: int = 300,
) -> int:
    """Tell which secret signed the body; every item must be signed.

    :param headers: names in lower case
    :param now: not used, nor ``tolerance``: nothing signed tells a time
    :return: index of the secret; when items have several, the last of these, which is
        the oldest that is still needed
    :raises SignatureRefused: in every other case
    """
    try:
        root = Node(strict_json.loads(body))
    except MalformedMessage:
        # Whether the header signs it or not, nothing can be read out of it.
        raise SignatureRefused(
            "Send JSON: choose it as the method in the webhook's settings at Adyen; "
            "SOAP and HTTP POST are not understood.",
            cause="signature_malformed",
        ) from None
    if "notificationItems" not in root.data:
        signature = required_header(headers, const.SIGNATURE_HEADER)
        return _signer(keys, body, signature)
    try:
        return max(
            [
                _signer(keys, signed_text(item).encode(), _signature(item))
                for item in items(root)
            ]
        )
    except MalformedMessage as fault:
        raise SignatureRefused(str(fault), cause="signature_malformed") from None


def sign(text: bytes, secret: str) -> str:
    """Make the signature that Adyen would send.

    :param text: body of the message, or signed text of an item
    :param secret: in hex; "" comes out for any other
    """
    try:
        key = bytes.fromhex(secret)
    except ValueError:
        return ""
    return b64encode(hmac.digest(key, text, "sha256")).decode()


def _signer(keys: Keys, text: bytes, signature: str) -> int:
    return matching_secret(keys.secrets, lambda secret: sign(text, secret), [signature])


def _signature(item: Node) -> str:
    value = item.data.get("additionalData")
    value = value.get("hmacSignature") if isinstance(value, dict) else None
    if value is None or value == "":
        raise SignatureRefused(
            "Send additionalData.hmacSignature in every item: generate an HMAC key in "
            "the webhook's settings at Adyen.",
            cause="signature_missing",
        )
    if not isinstance(value, str) or not value.isascii() or len(value) > MAX_HEADER:
        raise SignatureRefused(
            "Send hmacSignature as base64.", cause="signature_malformed"
        )
    return value
