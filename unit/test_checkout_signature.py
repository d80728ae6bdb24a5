# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Only Checkout.com: no kit of theirs verifies, so OpenSSL is the second opinion."""

import subprocess

import pytest
from checkout_payloads import message, payment
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.providers.base import Keys
from engine.providers.checkout.signature import sign, verify

BODY = message("payment_captured", payment())


@pytest.mark.parametrize(
    ("key", "data", "digest"),
    [
        (
            b"\x0b" * 20,
            b"Hi There",
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        ),
        (
            b"Jefe",
            b"what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        (
            bytes(range(1, 26)),
            b"\xcd" * 50,
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
        ),
    ],
)
def test_vectors_of_rfc_4231(key, data, digest):
    assert sign(data, key.decode()) == digest


@settings(max_examples=25)
@given(
    st.binary(max_size=300),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip),
)
@example(BODY, "£ ©®™")
def test_openssl_signs_the_same(body, secret):
    key = secret.encode().hex()
    command = ["openssl", "dgst", "-sha256", "-mac", "HMAC", "-macopt", f"hexkey:{key}"]
    told = subprocess.run(command, input=body, capture_output=True, check=True)
    digest = told.stdout.decode().rpartition("= ")[2].strip()
    assert sign(body, secret) == digest
    assert verify(body, {"cko-signature": digest}, Keys([secret]), 0) == 0


def test_blanks_around_it():
    header = f" {sign(BODY, 'key')} "
    assert verify(BODY, {"cko-signature": header}, Keys(["key"]), 0) == 0
