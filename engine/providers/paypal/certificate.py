# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which certificates are those of PayPal's signer.

A certificate counts when its chain ends in a root that certifi trusts (or in the one
that PayPal's ended in so far), and it is issued to the signer's name. OpenSSL builds
and checks the chain: pyOpenSSL is what every Odoo has, while ``cryptography`` verifies
chains from version 42 on only, and Odoo 19 runs with older ones.
"""

import re
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import NamedTuple

import certifi
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.oid import AuthorityInformationAccessOID
from OpenSSL import crypto

from ...errors import SignatureRefused
from . import const

MAX_PEM = 65536
MAX_CHAIN = 5
MIN_KEY_BITS = 2048

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_HOSTS = "|".join(map(re.escape, const.HOSTS))
_URL = re.compile(
    rf"https://(?:{_HOSTS})(/v1/notifications/certs/[\w-]{{1,100}})", re.ASCII
)
_ISSUER = re.compile(
    rf"http://{re.escape(const.ISSUERS_HOST)}(/[\w.-]{{1,100}})", re.ASCII
)
_PEM = re.compile(
    rb"-----BEGIN CERTIFICATE-----[\sA-Za-z0-9+/=]+-----END CERTIFICATE-----"
)
_UNREADABLE = (
    crypto.Error,
    crypto.X509StoreContextError,
    x509.DuplicateExtension,
    x509.ExtensionNotFound,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
    UnsupportedAlgorithm,
    TypeError,
    ValueError,
)
# Beside certifi's.
_ROOTS = (const.SIGNERS_ROOT,)


class Signer(NamedTuple):
    """A trusted signer; from when and until when as 20260131235959Z."""

    key: RSAPublicKey
    not_before: str
    not_after: str


def path_of(url: str) -> str:
    """Give the path of a certificate's address.

    :raises SignatureRefused: unless it is one that PayPal's API serves: https, one of
        its hosts, no port, user, query or further path
    """
    if match := _URL.fullmatch(url):
        return match[1]
    raise SignatureRefused(
        "Name a certificate at PayPal's API.", cause="signature_malformed"
    )


def signer_of(pem: str) -> Signer:
    """Give the signer whose certificate comes first in ``pem``.

    :param pem: the certificate, then those that lead to a root; at most 5
    :raises SignatureRefused: when it is not trusted, or not PayPal's
    """
    try:
        return _signer_of(pem)
    except _UNREADABLE:
        raise _untrusted() from None


def is_current(signer: Signer, now: int) -> bool:
    """Tell whether the certificate is valid at ``now`` (unix seconds)."""
    moment = (_EPOCH + timedelta(seconds=now)).strftime("%Y%m%d%H%M%SZ")
    return signer.not_before <= moment <= signer.not_after


def issuer_path(pem: str) -> str:
    """Give where at ``ISSUERS_HOST`` the issuer of the last certificate is to be had.

    :return: "" when it names no place there (RFC 5280, 4.2.2.1)
    """
    try:
        last = _chain(pem)[-1].to_cryptography()
        access = last.extensions.get_extension_for_class(
            x509.AuthorityInformationAccess
        )
    except (SignatureRefused, *_UNREADABLE):
        return ""
    for item in access.value:
        match = _ISSUER.fullmatch(str(item.access_location.value))
        if match and item.access_method == AuthorityInformationAccessOID.CA_ISSUERS:
            return match[1]
    return ""


@lru_cache(maxsize=32)
def _signer_of(pem: str) -> Signer:
    first, *others = _chain(pem)
    if const.SIGNERS.isdisjoint(_names(first)):
        raise _untrusted()
    key = first.get_pubkey().to_cryptography_key()
    if not isinstance(key, RSAPublicKey) or key.key_size < MIN_KEY_BITS:
        raise _untrusted()
    store = crypto.X509Store()
    store.load_locations(certifi.where())
    for root in _ROOTS:
        store.add_cert(crypto.load_certificate(crypto.FILETYPE_PEM, root))
    # When it was issued; whether it is still valid is asked of every message.
    issued = _text(first.get_notBefore())
    store.set_time(datetime.strptime(issued, "%Y%m%d%H%M%SZ"))
    context = crypto.X509StoreContext(store, first, others)
    context.verify_certificate()
    chain = context.get_verified_chain()
    return Signer(
        key,
        max(_text(one.get_notBefore()) for one in chain),
        min(_text(one.get_notAfter()) for one in chain),
    )


def _chain(pem: str) -> list[crypto.X509]:
    found = _PEM.findall(pem.encode("ascii")) if len(pem) <= MAX_PEM else []
    if not 1 <= len(found) <= MAX_CHAIN:
        raise _untrusted()
    return [crypto.load_certificate(crypto.FILETYPE_PEM, one) for one in found]


def _names(certificate: crypto.X509) -> set[str]:
    names = certificate.to_cryptography().extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )
    return set(names.value.get_values_for_type(x509.DNSName))


def _text(moment: bytes | None) -> str:
    return moment.decode("ascii") if moment else ""


def _untrusted() -> SignatureRefused:
    return SignatureRefused(
        "PayPal's certificate is due, with a chain to a known root."
    )
