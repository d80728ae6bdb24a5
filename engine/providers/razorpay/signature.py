# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Razorpay's webhook signature (https://razorpay.com/docs/webhooks/validate-test).

``X-Razorpay-Signature``: the HMAC-SHA256 of the body under the webhook's secret, in
lower-case hex. There is no timestamp: a message sent twice is known by its event id.
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

    :param headers: names in lower case
    :param keys: the active secrets; a changed one still signs retries of older messages
    :param now: not used, for the signature tells no time
    :return: index of the first secret that matches
    :raises SignatureRefused: in every other case
    """
    signature = required_header(headers, const.SIGNATURE_HEADER)
    return matching_secret(keys.secrets, lambda key: sign(body, key), [signature])


def sign(body: bytes, secret: str) -> str:
    """Make the header value that Razorpay would send."""
    return hmac.digest(key_of(secret), body, "sha256").hex()
