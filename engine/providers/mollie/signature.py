# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Mollie's webhook signature (https://docs.mollie.com/reference/webhooks-best-practices).

``X-Mollie-Signature: sha256=<hex>`` is the HMAC-SHA256 of the body; no time is signed.
While a secret is rolled there are two such headers, which a web server joins with a
comma. Classic messages are not signed, because all they hold is the id of an object.
"""

import re
from collections.abc import Mapping

from ...errors import SignatureRefused
from ..base import Keys
from ..signing import matching_secret, required_header, sign_body
from . import const

_PREFIX = "sha256="
_CLASSIC = re.compile(
    rb"id=((%b)_[0-9A-Za-z]{4,64})" % b"|".join(const.CLASSIC_OBJECTS)
)


def verify(
    body: bytes,
    headers: Mapping[str, str],
    keys: Keys,
    now: int,
    tolerance: int = 300,
) -> int | None:
    """Tell which secret signed the body; None for a classic message.

    :param body: the body as received
    :param headers: names in lower case
    :param keys: the active secrets; a connection without one takes nothing
    :param now: not signed, so not checked; like ``tolerance``
    :return: index of the first secret that matches, or None for a body that is
        nothing but ``id=tr_…``, sent as a form and without a signature
    :raises SignatureRefused: in every other case
    """
    if const.SIGNATURE_HEADER not in headers and _is_classic(body, headers):
        if any(secret.strip() for secret in keys.secrets):
            return None
        raise SignatureRefused("Enter the webhook's secret at the connection.")
    header = required_header(headers, const.SIGNATURE_HEADER)
    signatures = [item.strip().removeprefix(_PREFIX) for item in header.split(",")]
    return matching_secret(
        keys.secrets, lambda secret: sign_body(body, secret), signatures
    )


def sign(body: bytes, secret: str) -> str:
    """Make the header value that Mollie would send."""
    return _PREFIX + sign_body(body, secret)


def classic_object(body: bytes) -> tuple[str, str] | None:
    """Give type and id of the object that a classic message names, if it is one."""
    match = _CLASSIC.fullmatch(body)
    if match is None:
        return None
    return const.CLASSIC_OBJECTS[match[2]], match[1].decode()


def _is_classic(body: bytes, headers: Mapping[str, str]) -> bool:
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == const.FORM and classic_object(body) is not None
