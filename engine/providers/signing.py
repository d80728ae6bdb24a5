# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the checks of signatures have in common."""

import hmac
from collections.abc import Callable, Mapping, Sequence

from ..errors import SignatureRefused
from .base import Keys

MAX_HEADER = 4096


def required_header(headers: Mapping[str, str], name: str) -> str:
    """Give a header that must be there.

    :param name: in lower case
    :raises SignatureRefused: when it is missing, blank, too long or not ASCII
    """
    value = headers.get(name, "").strip()
    if not value:
        raise SignatureRefused(f"Send the header {name}.", cause="signature_missing")
    if len(value) > MAX_HEADER or not value.isascii():
        raise SignatureRefused(
            f"Send the header {name} in at most {MAX_HEADER} ASCII characters.",
            cause="signature_malformed",
        )
    return value


def matching_secret(
    secrets: Sequence[str],
    digest_of: Callable[[str], str],
    signatures: Sequence[str],
) -> int:
    """Tell which secret made one of the signatures.

    :param secrets: blank ones never match
    :param digest_of: gives the signature, in ASCII, that a secret would have made
    :param signatures: ASCII; every one is compared with every secret's, so that time
        does not tell which one was close
    :return: index of the first secret that matches
    :raises SignatureRefused: when none does
    """
    matches = [
        index
        for index, secret in enumerate(secrets)
        if secret.strip() and _is_among(digest_of(secret), signatures)
    ]
    if not matches:
        raise SignatureRefused(
            "No active secret made this signature: compare the secret of the webhook "
            "at the provider with the connection's.",
        )
    return matches[0]


def _is_among(digest: str, signatures: Sequence[str]) -> bool:
    # A list, so that the first match does not cut the comparison short. The digest was
    # made once: a sender may list hundreds of signatures.
    return any([hmac.compare_digest(digest, one) for one in signatures])


def check_time(timestamp: int, now: int, tolerance: int) -> None:
    """Refuse what was signed too long before or after ``now``, all in unix seconds.

    Call it after the signature was found right, so that only a secret's owner learns
    about our clock.

    :param tolerance: seconds, in both directions, bounds included
    :raises SignatureRefused: with cause ``timestamp_stale`` or ``timestamp_future``
    """
    age = now - timestamp
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


def key_of(secret: str) -> bytes:
    """Give the bytes of a secret that is used as it is written."""
    return secret.encode(errors="surrogatepass")


def sign_body(body: bytes, secret: str) -> str:
    """Give the HMAC-SHA256 of a body in lower-case hex."""
    return hmac.digest(key_of(secret), body, "sha256").hex()


def body_verifier(header: str) -> Callable[..., int]:
    """Make ``Provider.verify`` for a header that holds what ``sign_body`` gives.

    No time is signed: a message that is played back is known by its id or its digest.
    """

    def verify(
        body: bytes,
        headers: Mapping[str, str],
        keys: Keys,
        now: int,
        tolerance: int = 300,
    ) -> int:
        signature = required_header(headers, header)
        return matching_secret(
            keys.secrets, lambda secret: sign_body(body, secret), [signature]
        )

    return verify
