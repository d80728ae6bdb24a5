# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Stripe's webhook signature (https://docs.stripe.com/webhooks/signature).

``Stripe-Signature: t=<unix seconds>,v1=<hex>[,v1=<hex>…][,v0=…]``, where v1 is the
HMAC-SHA256 of ``<t>.<body>`` under the whole secret, its ``whsec_`` included.
"""

import hmac
from collections.abc import Mapping, Sequence

from ...errors import SignatureRefused
from . import const

MAX_HEADER = 4096
_MAX_TIMESTAMP_DIGITS = 12


def verify(
    body: bytes,
    headers: Mapping[str, str],
    secrets: Sequence[str],
    now: int,
    tolerance: int = 300,
) -> int:
    """Tell which secret signed the body.

    :param body: the body as received
    :param headers: names in lower case
    :param secrets: the active secrets; while one is rolled there are two
    :param now: unix seconds
    :param tolerance: seconds that the timestamp may lie before or after ``now``,
        bounds included; Stripe's SDK checks the past only
    :return: index of the first secret that matches
    :raises SignatureRefused: in every other case. A wrong signature is reported
        before a wrong time, so that only a secret's owner learns about our clock
    """
    timestamp, signatures = _parse(headers.get(const.SIGNATURE_HEADER))
    # A lone string is a sequence too: of one-letter secrets, which anyone can guess.
    if isinstance(secrets, str):
        secrets = (secrets,)
    matches = [
        index
        for index, secret in enumerate(secrets)
        if secret.strip() and _signed_by(secret, timestamp, body, signatures)
    ]
    if not matches:
        raise SignatureRefused(
            "No active secret made this signature: compare the endpoint's signing "
            "secret with the connection's.",
        )
    age = now - int(timestamp)
    if age > tolerance:
        raise SignatureRefused(
            f"Signed {age} s ago: send it anew, or set this server's clock.",
            cause="timestamp_stale",
        )
    if age < -tolerance:
        raise SignatureRefused(
            f"Signed {-age} s in the future: set this server's clock.",
            cause="timestamp_future",
        )
    return matches[0]


def sign(body: bytes, secret: str, timestamp: int) -> str:
    """Make the header value that Stripe would send.

    :param timestamp: unix seconds
    """
    return f"t={timestamp},v1={_digest(secret, str(timestamp), body)}"


def _parse(header: str | None) -> tuple[str, list[str]]:
    if not header or not header.strip():
        raise SignatureRefused(
            "Send the Stripe-Signature header.", cause="signature_missing"
        )
    # A proxy or WSGI joins repeated headers with a comma, so a second header shows
    # as a second timestamp: it is refused, because either could be the forged one.
    if len(header) <= MAX_HEADER and header.isascii():
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


def _signed_by(
    secret: str, timestamp: str, body: bytes, signatures: Sequence[str]
) -> bool:
    expected = _digest(secret, timestamp, body)
    # Every signature is compared, so that time does not tell which one was close.
    return any([hmac.compare_digest(expected, value) for value in signatures])


def _digest(secret: str, timestamp: str, body: bytes) -> str:
    key = secret.encode(errors="surrogatepass")
    return hmac.digest(key, timestamp.encode() + b"." + body, "sha256").hex()
