# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Checkout.com's webhook signature.

``Cko-Signature`` is the HMAC-SHA256 of the body, in hexadecimal, under the signature
key that the merchant chose for the webhook, as written. There is no timestamp: the id
of the event is the only protection against a message that is played back.
https://www.checkout.com/docs/developer-resources/event-notifications/receive-webhooks
"""

import hmac
from collections.abc import Mapping

from ..base import Keys
from ..signing import key_of, matching_secret, required_header
from . import const


def verify(
    body: bytes,
    headers: Mapping[str, str],
    keys: Keys,
    now: int,
    tolerance: int = 300,
) -> int:
    """Tell which secret signed the body.

    :param body: the body as received
    :param headers: names in lower case
    :param now: not used: the signature covers no time
    :return: index of the first secret that matches
    :raises SignatureRefused: in every other case
    """
    header = required_header(headers, const.SIGNATURE_HEADER)
    return matching_secret(keys.secrets, lambda secret: sign(body, secret), [header])


def sign(body: bytes, secret: str) -> str:
    """Make the header value that Checkout.com would send."""
    return hmac.digest(key_of(secret), body, "sha256").hex()
