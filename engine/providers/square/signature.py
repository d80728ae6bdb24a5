# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Square's webhook signature (https://developer.squareup.com/docs/webhooks/step3validate).

``x-square-hmacsha256-signature``: the HMAC-SHA256, in base64, of the address that the
subscription names, followed by the body, under the subscription's signature key as it
is written. There is no timestamp: a message sent twice is known by its event id.
"""

import base64
import hmac
from collections.abc import Mapping

from ...errors import SignatureRefused
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
    """Tell which signature key signed the body.

    :param headers: names in lower case
    :param keys: the active signature keys, and the address exactly as registered
    :param now: not used, for the signature tells no time
    :return: index of the first key that matches
    :raises SignatureRefused: in every other case, as for an empty body or address
    """
    signature = required_header(headers, const.SIGNATURE_HEADER)
    if not body or not keys.url:
        raise SignatureRefused("Sign a body, for the address that was registered.")
    return matching_secret(
        keys.secrets, lambda key: sign(body, key, keys.url), [signature]
    )


def sign(body: bytes, secret: str, url: str) -> str:
    """Make the header value that Square would send to ``url``."""
    digest = hmac.digest(key_of(secret), key_of(url) + body, "sha256")
    return base64.b64encode(digest).decode()
