# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Only Razorpay: everything else is refused, and never by accident."""

import pytest
import razorpay
from hypothesis import given
from hypothesis import strategies as st
from razorpay_payloads import message, payment

from engine.errors import SignatureRefused
from engine.providers.base import Keys
from engine.providers.razorpay.signature import sign, verify
from engine.providers.signing import MAX_HEADER

BODY = message("payment.captured", payment=payment())
SECRET = "a secret of one's own"
OLD_SECRET = "the one before"
SIGNATURE = sign(BODY, SECRET)
SDK = razorpay.Utility()


def verified(signature, body=BODY, secrets=(SECRET,)):
    return verify(body, {"x-razorpay-signature": signature}, Keys(secrets), 0)


def refusal(signature, body=BODY, secrets=(SECRET,)):
    headers = {} if signature is None else {"x-razorpay-signature": signature}
    with pytest.raises(SignatureRefused) as refused:
        verify(body, headers, Keys(secrets), 0)
    return refused.value.cause


texts = st.text(st.characters(exclude_categories=["Cs"]))
secrets = texts.filter(str.strip)


@given(texts, secrets)
def test_sdk_accepts_what_we_sign(body, secret):
    assert SDK.verify_webhook_signature(body, sign(body.encode(), secret), secret)


@given(texts, secrets, st.text("0123456789abcdef", min_size=64, max_size=64))
def test_we_refuse_what_the_sdk_refuses(body, secret, signature):
    with pytest.raises(razorpay.errors.SignatureVerificationError):
        SDK.verify_webhook_signature(body, signature, secret)
    assert refusal(signature, body.encode(), [secret]) == "signature_mismatch"


def test_known_answer():
    """RFC 4231, test case 2."""
    signature = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert verified(signature, b"what do ya want for nothing?", ["Jefe"]) == 0


@given(st.binary(max_size=100))
def test_body_need_not_be_text(body):
    assert verified(sign(body, SECRET), body) == 0


@pytest.mark.parametrize(
    ("active", "index"),
    [
        ([SECRET, OLD_SECRET], 0),
        ([OLD_SECRET, SECRET], 1),
        (["", "  ", SECRET], 2),
        ([SECRET, SECRET], 0),
    ],
)
def test_secret_that_was_changed(active, index):
    assert verified(SIGNATURE, secrets=active) == index


@pytest.mark.parametrize(
    ("signature", "cause"),
    [
        (None, "signature_missing"),
        ("", "signature_missing"),
        (" \t", "signature_missing"),
        ("é" + SIGNATURE[1:], "signature_malformed"),
        ("\udcff", "signature_malformed"),
        ("0" * (MAX_HEADER + 1), "signature_malformed"),
        (SIGNATURE.upper(), "signature_mismatch"),
        (SIGNATURE[:-1], "signature_mismatch"),
        (SIGNATURE + "0", "signature_mismatch"),
        (f"sha256={SIGNATURE}", "signature_mismatch"),
        # A proxy joins repeated headers: either could be the forged one.
        (f"{SIGNATURE},{SIGNATURE}", "signature_mismatch"),
        (f"{'0' * 64}, {SIGNATURE}", "signature_mismatch"),
        ("0" * 64, "signature_mismatch"),
    ],
)
def test_refuses(signature, cause):
    assert refusal(signature) == cause


@pytest.mark.parametrize("active", [[], [""], [" \t\n"], [OLD_SECRET], ["\ud800"], ""])
def test_refuses_without_the_secret(active):
    assert refusal(SIGNATURE, secrets=active) == "signature_mismatch"


def test_blank_secret_signs_nothing():
    assert refusal(sign(BODY, " "), secrets=[" "]) == "signature_mismatch"


@pytest.mark.parametrize("body", [b"", BODY[:-1], BODY + b" ", BODY.upper()])
def test_other_body(body):
    assert refusal(SIGNATURE, body) == "signature_mismatch"


@given(st.integers(0, len(BODY) * 8 - 1))
def test_bit_flip_in_the_body(bit):
    body = bytearray(BODY)
    body[bit // 8] ^= 1 << bit % 8
    assert refusal(SIGNATURE, bytes(body)) == "signature_mismatch"


@given(st.integers(0, len(SIGNATURE) * 7 - 1))
def test_bit_flip_in_the_header(bit):
    header = bytearray(SIGNATURE.encode())
    header[bit // 7] ^= 1 << bit % 7
    assert refusal(header.decode()) == "signature_mismatch"


@given(st.text(), st.binary(max_size=50))
def test_raises_nothing_else(header, body):
    assert refusal(header, body).startswith("signature_")
