# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""PayPal's webhook signature (https://developer.paypal.com/api/rest/webhooks/rest/).

An RSA signature of ``<transmission id>|<time>|<webhook id>|<CRC-32 of the body>`` under
the key of a certificate, which the message names by its address. No secret is shared:
the webhook's id binds the message to this webhook, and is what ``keys.secrets`` holds.

Of the body only a CRC-32 is signed. Whoever gets hold of one signed set of headers can
make another body for it; so what a message tells of money is looked up in PayPal's API
(see ``webhook.translate``).
"""

import base64
import binascii
import zlib
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from ...errors import CertificateUnknown, MalformedMessage, SignatureRefused
from ...json_node import Node
from ..base import Keys
from ..signing import check_time, key_of, required_header
from . import certificate, const

# PayPal tries for three days. It is not documented whether a later attempt is signed
# anew, so the first one's time is taken for as long; what comes twice has one effect.
RETRIES = 3 * 24 * 3600


def verify(
    body: bytes,
    headers: Mapping[str, str],
    keys: Keys,
    now: int,
    tolerance: int = 300,
) -> int:
    """Tell which webhook id the body was signed for.

    :param body: the body as received
    :param headers: names in lower case
    :param keys: webhook ids as secrets; certificates with their issuers, by address
    :param now: unix seconds
    :param tolerance: seconds that the transmission may lie in the future, or before
        the days during which PayPal tries; bounds included
    :return: index of the first webhook id that matches
    :raises CertificateUnknown: when the certificate is not at hand, or has expired
    :raises SignatureRefused: in every other case
    """
    if required_header(headers, const.ALGORITHM_HEADER) != const.ALGORITHM:
        raise SignatureRefused(
            f"Sign with {const.ALGORITHM}.", cause="signature_malformed"
        )
    url = required_header(headers, const.CERTIFICATE_HEADER)
    certificate.path_of(url)
    signature = _signature(headers)
    moment = _moment(headers)
    ids = {
        index: secret
        for index, secret in enumerate(keys.secrets)
        if secret.strip() and secret != const.SIMULATOR_ID
    }
    if not ids:
        raise _mismatch()
    if url not in keys.certificates:
        raise CertificateUnknown(url)
    signer = certificate.signer_of(keys.certificates[url])
    if not certificate.is_current(signer, now):
        raise CertificateUnknown(url)
    for index, secret in ids.items():
        if _is_signed(signer, signature, message(headers, secret, body)):
            past = 0 if moment > now else RETRIES
            check_time(moment, now, tolerance + past)
            return index
    raise _mismatch()


def message(headers: Mapping[str, str], webhook_id: str, body: bytes) -> bytes:
    """Give the bytes that PayPal signs."""
    start = f"{headers[const.ID_HEADER].strip()}|{headers[const.TIME_HEADER].strip()}|"
    return start.encode() + key_of(webhook_id) + f"|{zlib.crc32(body)}".encode()


def _is_signed(signer: certificate.Signer, signature: bytes, text: bytes) -> bool:
    try:
        signer.key.verify(signature, text, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def _signature(headers: Mapping[str, str]) -> bytes:
    text = required_header(headers, const.SIGNATURE_HEADER)
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise SignatureRefused(
            "Send the signature in base64.", cause="signature_malformed"
        ) from None


def _moment(headers: Mapping[str, str]) -> int:
    """Give the time of transmission; a bar in a header would shift what is signed."""
    time = required_header(headers, const.TIME_HEADER)
    try:
        moment = Node({const.TIME_HEADER: time}).time(const.TIME_HEADER)
    except MalformedMessage as fault:
        raise SignatureRefused(str(fault), cause="signature_malformed") from None
    if "|" in required_header(headers, const.ID_HEADER):
        raise SignatureRefused(
            "Send a transmission id without a bar.", cause="signature_malformed"
        )
    return int(moment.timestamp())


def _mismatch() -> SignatureRefused:
    return SignatureRefused(
        "Signed for none of the connection's webhooks: compare the webhook's id at "
        "PayPal with the connection's. Messages of the simulator are never taken."
    )
