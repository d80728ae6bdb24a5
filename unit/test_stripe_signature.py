# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Only Stripe, and only now: everything else is refused, and never by accident."""

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st
from stripe_payloads import charge_succeeded

from engine.errors import SignatureRefused
from engine.providers.base import Keys
from engine.providers.stripe.signature import sign, verify

BODY = charge_succeeded()
SECRET = "whsec_" + "Abc123" * 5
OLD_SECRET = "whsec_" + "Old456" * 5
NOW = 1_755_000_000
V1 = sign(BODY, SECRET, NOW).partition(",")[2]
SDK = stripe.WebhookSignature


def refusal(header, body=BODY, secrets=(SECRET,), now=NOW):
    with pytest.raises(SignatureRefused) as refused:
        accepted(header, body, secrets, now)
    return refused.value.cause


def accepted(header, body=BODY, secrets=(SECRET,), now=NOW):
    return verify(body, {"stripe-signature": header}, Keys(secrets), now)


texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(texts, texts.map("whsec_{}".format), st.integers(0, 10**10))
def test_sdk_accepts_what_we_sign(body, secret, now):
    header = sign(body.encode(), secret, now)
    assert header == SDK.generate_signature_header(body, secret, now)
    assert SDK.verify_header(body.encode(), header, secret)


@given(texts, texts.map("whsec_{}".format), st.integers(0, 10**10))
def test_we_accept_what_the_sdk_signs(body, secret, now):
    header = SDK.generate_signature_header(body, secret, now)
    assert accepted(header, body.encode(), [secret], now) == 0


@given(st.binary(max_size=100))
def test_body_need_not_be_text(body):
    assert accepted(sign(body, SECRET, NOW), body) == 0


@pytest.mark.parametrize(
    ("seconds", "cause"),
    [
        (-301, "timestamp_future"),
        (-300, None),
        (0, None),
        (300, None),
        (301, "timestamp_stale"),
        (10**9, "timestamp_stale"),
    ],
)
def test_window(seconds, cause):
    header = sign(BODY, SECRET, NOW)
    if cause:
        assert refusal(header, now=NOW + seconds) == cause
    else:
        assert accepted(header, now=NOW + seconds) == 0


def test_window_can_be_narrowed():
    header = {"stripe-signature": sign(BODY, SECRET, NOW)}
    assert verify(BODY, header, Keys([SECRET]), NOW + 5, tolerance=5) == 0
    with pytest.raises(SignatureRefused):
        verify(BODY, header, Keys([SECRET]), NOW + 6, tolerance=5)


def test_wrong_signature_says_nothing_about_time():
    assert refusal(sign(BODY, OLD_SECRET, NOW - 9999)) == "signature_mismatch"


@pytest.mark.parametrize(
    "header",
    [
        f"t={NOW},v1={'0' * 64},{V1}",
        f"t={NOW},{V1},v1={'0' * 64}",
        f"{V1},t={NOW}",
        f"t={NOW},v0={'0' * 64},{V1}",
        f" t={NOW} , {V1} ",
        f"t={NOW},{V1},",
        f"t={NOW},future=a=b,{V1}",
    ],
)
def test_accepts(header):
    assert accepted(header) == 0


@pytest.mark.parametrize(
    ("header", "cause"),
    [
        (V1, "signature_malformed"),
        (f"t={NOW}", "signature_malformed"),
        (f"t={NOW},v0={V1[3:]}", "signature_malformed"),
        (f"t={NOW},V1={V1[3:]}", "signature_malformed"),
        (f"t={NOW},{V1},t={NOW}", "signature_malformed"),
        (f"t={NOW},{V1},t={NOW + 1},{V1}", "signature_malformed"),
        (f"t=,{V1}", "signature_malformed"),
        (f"t=-1,{V1}", "signature_malformed"),
        (f"t=+{NOW},{V1}", "signature_malformed"),
        (f"t={NOW}.0,{V1}", "signature_malformed"),
        (f"t=1e9,{V1}", "signature_malformed"),
        (f"t=1_755_000_000,{V1}", "signature_malformed"),
        (f"t={'9' * 4000},{V1}", "signature_malformed"),
        (f"t=١٧٥٥٠٠٠٠٠٠,{V1}", "signature_malformed"),
        (f"t={NOW}²,{V1}", "signature_malformed"),
        (f"t={NOW},v1=", "signature_mismatch"),
        (f"t={NOW},v1={V1[3:].upper()}", "signature_mismatch"),
        (f"t={NOW + 1},{V1}", "signature_mismatch"),
        (f"t=0{NOW},{V1}", "signature_mismatch"),
    ],
)
def test_refuses(header, cause):
    assert refusal(header) == cause
