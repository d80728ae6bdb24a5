# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Stripe's webhook signature (https://docs.stripe.com/webhooks/signature).

``Stripe-Signature: t=<unix seconds>,v1=<hex>[,v1=<hex>…][,v0=…]``, where v1 is the
HMAC-SHA256 of ``<t>.<body>`` under the whole secret, its ``whsec_`` included.
"""

from collections.abc import Mapping

from ...errors import SignatureRefused
from ..base import Keys
from ..signing import check_time, matching_secret, required_header, sign_body
from . import const

_MAX_TIMESTAMP_DIGITS = 12


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
    :param keys: the active secrets; while one is rolled there are two
    :param now: unix seconds
    :param tolerance: seconds that the timestamp may lie before or after ``now``,
        bounds included; Stripe's SDK checks the past only
    :return: index of the first secret that matches
    :raises SignatureRefused: in every other case
    """
    timestamp, signatures = _parse(headers)
    index = matching_secret(
        keys.secrets, lambda secret: _digest(secret, timestamp, body), signatures
    )
    check_time(int(timestamp), now, tolerance)
    return index


def sign(body: bytes, secret: str, timestamp: int) -> str:
    """Make the header value that Stripe would send.

    :param timestamp: unix seconds
    """
    return f"t={timestamp},v1={_digest(secret, str(timestamp), body)}"


def _parse(headers: Mapping[str, str]) -> tuple[str, list[str]]:
    header = required_header(headers, const.SIGNATURE_HEADER)
    # A proxy or WSGI joins repeated headers with a comma, so a second header shows
    # as a second timestamp: it is refused, because either could be the forged one.
    items = [item.strip().partition("=") for item in header.split(",")]
    timestamps = [value for name, _equals, value in items if name == "t"]
    signatures = [value for name, _equals, value in items if name == "v1"]
    if len(timestamps) == 1 and signatures and _is_unix_seconds(timestamps[0]):
        return timestamps[0], signatures
    raise SignatureRefused(
        "Send one Stripe-Signature header with one t and at least one v1.",
        cause="signature_malformed",
    )


def _is_unix_seconds(text: str) -> bool:
    return text.isdigit() and len(text) <= _MAX_TIMESTAMP_DIGITS


def _digest(secret: str, timestamp: str, body: bytes) -> str:
    return sign_body(f"{timestamp}.".encode() + body, secret)
