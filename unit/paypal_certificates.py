# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A certificate authority of the tests."""

from datetime import datetime, timezone

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

BEGINS = datetime(2025, 1, 1, tzinfo=timezone.utc)
ENDS = datetime(2026, 1, 1, tzinfo=timezone.utc)
FAR = datetime(2120, 1, 1, tzinfo=timezone.utc)


def new_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def issue(
    key, name, issuer_key, issuer, is_ca=False, san=True, ends=ENDS, issuer_url=""
):
    """Make a certificate; ``issuer`` None for a root."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(BEGINS)
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(is_ca, None), critical=True)
    )
    if san:
        names = x509.SubjectAlternativeName([x509.DNSName(name)])
        builder = builder.add_extension(names, critical=False)
    if issuer_url:
        access = x509.AccessDescription(
            AuthorityInformationAccessOID.CA_ISSUERS,
            x509.UniformResourceIdentifier(issuer_url),
        )
        found = x509.AuthorityInformationAccess([access])
        builder = builder.add_extension(found, critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def pem_of(*certificates):
    found = [one.public_bytes(serialization.Encoding.PEM) for one in certificates]
    return b"".join(found).decode()


def der_of(certificate):
    return certificate.public_bytes(serialization.Encoding.DER)
