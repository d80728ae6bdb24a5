# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Only Razorpay: everything else is refused, and never by accident."""

import pytest
import razorpay
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import SignatureRefused
from engine.providers.base import Keys
from engine.providers.razorpay.signature import sign, verify

SECRET = "a secret of one's own"
SDK = razorpay.Utility()


def verified(signature, body, secrets=(SECRET,)):
    return verify(body, {"x-razorpay-signature": signature}, Keys(secrets), 0)


def refusal(signature, body, secrets):
    with pytest.raises(SignatureRefused) as refused:
        verified(signature, body, secrets)
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
