# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Standard Webhooks signatures (https://www.standardwebhooks.com, version 1).

``webhook-signature`` lists, with blanks between, ``v1,<base64>`` (HMAC-SHA256 under
the bytes of a ``whsec_…`` secret) and ``v1a,<base64>`` (Ed25519, checked with a
``whpk_…`` public key) of ``<webhook-id>.<webhook-timestamp>.<body>``.
"""

import hmac
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ...errors import SignatureRefused
from ...json_node import is_identifier
from ..base import Keys
from ..signing import check_time, matching_secret, required_header
from . import const

_SECRET, _PUBLIC = "whsec_", "whpk_"
_VERSIONS = ("v1,", "v1a,")
_MAX_TIMESTAMP_DIGITS = 12


def verify(
    body: bytes,
    headers: Mapping[str, str],
    keys: Keys,
    now: int,
    tolerance: int = 300,
) -> int:
    """Tell which secret signed the body.

    :param body: the body as received, still packed if it was
    :param headers: names in lower case
    :param keys: active secrets, ``whsec_…`` or ``whpk_…``, in base64; any other text
        matches nothing
    :param now: unix seconds
    :param tolerance: seconds that the timestamp may lie before or after ``now``
    :return: index of the first secret that matches
    :raises SignatureRefused: in every other case
    """
    message_id, timestamp, signatures = _parse(headers)
    content = _content(message_id, timestamp, body)
    index = matching_secret(
        keys.secrets, lambda secret: _expected(secret, content, signatures), signatures
    )
    check_time(int(timestamp), now, tolerance)
    return index


def sign(body: bytes, secret: str, message_id: str, timestamp: int) -> str:
    """Make the value of the signature header.

    :param secret: a ``whsec_…`` secret
    :param timestamp: unix seconds
    :raises SignatureRefused: for what is no such secret
    """
    signature = _hmac(secret, _content(message_id, str(timestamp), body))
    if not signature:
        raise SignatureRefused("Only a whsec_ secret of 24 to 64 bytes can sign.")
    return signature


def message_id_of(headers: Mapping[str, str]) -> str:
    """Give the id that the signature covers; "" when there is none to rely on."""
    value = headers.get(f"{_family(headers)}-id", "")
    # A dot would let the end of the id be read as the timestamp.
    return value if is_identifier(value) and "." not in value else ""


def _family(headers: Mapping[str, str]) -> str:
    # One family decides for all three headers, here and for the dedupe key.
    for family in const.HEADER_FAMILIES:
        if f"{family}-id" in headers:
            return family
    return const.HEADER_FAMILIES[0]


def _parse(headers: Mapping[str, str]) -> tuple[str, str, list[str]]:
    family = _family(headers)
    message_id, timestamp, listed = (
        required_header(headers, f"{family}-{name}")
        for name in ("id", "timestamp", "signature")
    )
    signatures = [item for item in listed.split() if item.startswith(_VERSIONS)]
    is_time = timestamp.isdigit() and len(timestamp) <= _MAX_TIMESTAMP_DIGITS
    if is_time and signatures and message_id == message_id_of(headers):
        return message_id, timestamp, signatures
    raise SignatureRefused(
        f"Send {family}-id without dots, {family}-timestamp in unix seconds, and at "
        f"least one v1 or v1a signature.",
        cause="signature_malformed",
    )


def _content(message_id: str, timestamp: str, body: bytes) -> bytes:
    return f"{message_id}.{timestamp}.".encode() + body


def _expected(secret: str, content: bytes, signatures: Sequence[str]) -> str:
    """Give the signature that the owner of a secret makes, "" if it can make none."""
    if secret.startswith(_PUBLIC):
        return _signed_by_owner(secret, content, signatures)
    return _hmac(secret, content)


def _hmac(secret: str, content: bytes) -> str:
    key = _key(secret, _SECRET)
    if not 24 <= len(key) <= 64:
        return ""
    return f"v1,{b64encode(hmac.digest(key, content, 'sha256')).decode()}"


def _signed_by_owner(secret: str, content: bytes, signatures: Sequence[str]) -> str:
    try:
        public_key = Ed25519PublicKey.from_public_bytes(_key(secret, _PUBLIC))
    except ValueError:
        return ""
    for signature in signatures:
        version, _comma, encoded = signature.partition(",")
        if version == "v1a":
            try:
                public_key.verify(_bytes(encoded), content)
                return signature
            except InvalidSignature:
                pass
    return ""


def _key(secret: str, prefix: str) -> bytes:
    return _bytes(secret.strip().removeprefix(prefix))


def _bytes(encoded: str) -> bytes:
    """Decode base64, padded or not; b"" for anything else."""
    try:
        return b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except ValueError:
        return b""
