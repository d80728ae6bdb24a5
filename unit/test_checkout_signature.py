# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Only Checkout.com: no kit of theirs verifies, so OpenSSL is the second opinion."""

import subprocess

import pytest
from checkout_payloads import message, payment
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.errors import SignatureRefused
from engine.providers.base import Keys
from engine.providers.checkout.signature import sign, verify
from engine.providers.signing import MAX_HEADER

BODY = message("payment_captured", payment())
SECRET = "8V8x0dLK%AyD*DNS8JJr"
OTHER = "another key"
SIGNATURE = sign(BODY, SECRET)


def accepted(header, body=BODY, secrets=(SECRET,)):
    return verify(body, {"cko-signature": header}, Keys(secrets), 0)


def refusal(header, body=BODY, secrets=(SECRET,)):
    headers = {} if header is None else {"cko-signature": header}
    with pytest.raises(SignatureRefused) as refused:
        verify(body, headers, Keys(secrets), 0)
    return refused.value.cause


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
    assert accepted(digest, body, [secret]) == 0


@pytest.mark.parametrize(
    ("active", "index"),
    [([SECRET, OTHER], 0), ([OTHER, SECRET], 1), (["", " ", SECRET], 2)],
)
def test_secret_while_it_is_rolled(active, index):
    assert accepted(SIGNATURE, secrets=active) == index
    assert accepted(f" {SIGNATURE} ", secrets=active) == index


@pytest.mark.parametrize(
    ("header", "cause"),
    [
        (None, "signature_missing"),
        ("", "signature_missing"),
        (" ", "signature_missing"),
        ("é" + SIGNATURE[1:], "signature_malformed"),
        ("\udcff", "signature_malformed"),
        ("0" * (MAX_HEADER + 1), "signature_malformed"),
        (f"{SIGNATURE},{SIGNATURE}", "signature_mismatch"),
        (f"{SIGNATURE} {SIGNATURE}", "signature_mismatch"),
        (f"sha256={SIGNATURE}", "signature_mismatch"),
        (SIGNATURE.upper(), "signature_mismatch"),
        (SIGNATURE[:-1], "signature_mismatch"),
        (SIGNATURE + "0", "signature_mismatch"),
        (sign(BODY, OTHER), "signature_mismatch"),
        ("\0", "signature_mismatch"),
    ],
)
def test_refuses(header, cause):
    assert refusal(header) == cause


@pytest.mark.parametrize("secrets", [[], [""], [" \t"], [OTHER], ["\ud800"], ""])
def test_refuses_without_the_secret(secrets):
    assert refusal(SIGNATURE, secrets=secrets) == "signature_mismatch"


def test_a_blank_secret_signs_nothing():
    assert refusal(sign(BODY, " "), secrets=[" "]) == "signature_mismatch"
    assert refusal(sign(BODY, ""), secrets=[""]) == "signature_mismatch"


@pytest.mark.parametrize("body", [b"", BODY[:-1], BODY + b" ", BODY.upper()])
def test_other_body(body):
    assert refusal(SIGNATURE, body) == "signature_mismatch"


@given(st.integers(0, len(BODY) * 8 - 1))
def test_bit_flip_in_the_body(bit):
    body = bytearray(BODY)
    body[bit // 8] ^= 1 << bit % 8
    assert refusal(SIGNATURE, bytes(body)) == "signature_mismatch"


@given(st.text(), st.binary(max_size=50))
def test_raises_nothing_else(header, body):
    assert refusal(header, body).startswith("signature_")
