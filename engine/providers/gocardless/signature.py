# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""GoCardless's webhook signature.

https://developer.gocardless.com/api-reference/#webhooks-signing-webhooks:
``Webhook-Signature`` is the HMAC-SHA256 of the body in hex; no time is signed.
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
    :param keys: the active secrets; each webhook endpoint has one
    :param now: not signed, so not checked; like ``tolerance``
    :return: index of the first secret that matches
    :raises SignatureRefused: in every other case
    """
    signature = required_header(headers, const.SIGNATURE_HEADER)
    return matching_secret(keys.secrets, lambda secret: sign(body, secret), [signature])


def sign(body: bytes, secret: str) -> str:
    """Make the header value that GoCardless would send."""
    return hmac.digest(key_of(secret), body, "sha256").hex()
