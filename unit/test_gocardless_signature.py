# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Only GoCardless: everything else is refused, and never by accident."""

import pytest
from gocardless_payloads import SECRET, samples
from gocardless_pro import webhooks as sdk
from gocardless_pro.errors import InvalidSignatureError
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import SignatureRefused
from engine.providers.base import Keys
from engine.providers.gocardless.signature import sign, verify
from engine.providers.signing import MAX_HEADER

BODY = samples()["payments.confirmed"]
OLD_SECRET = "OLD7D658C-D8EB-4941-948B-3973214F2D49"
RIGHT = sign(BODY, SECRET)
# The test vector of the official SDKs.
VECTOR = (
    b'{"events":[{"id":"EV00BD05S5VM2T","created_at":"2018-07-05T09:13:51.404Z",'
    b'"resource_type":"subscriptions","action":"created","links":{"subscription":'
    b'"SB0003JJQ2MR06"},"details":{"origin":"api","cause":"subscription_created",'
    b'"description":"Subscription created via the API."},"metadata":{}},{"id":'
    b'"EV00BD05TB8K63","created_at":"2018-07-05T09:13:56.893Z","resource_type":'
    b'"mandates","action":"created","links":{"mandate":"MD000AMA19XGEC"},"details":'
    b'{"origin":"api","cause":"mandate_created","description":"Mandate created via '
    b'the API."},"metadata":{}}]}'
)
VECTOR_SIGNATURE = "2693754819d3e32d7e8fcb13c729631f316c6de8dc1cf634d6527f1c07276e7e"


def refusal(header, body=BODY, secrets=(SECRET,)):
    headers = {} if header is None else {"webhook-signature": header}
    with pytest.raises(SignatureRefused) as refused:
        verify(body, headers, Keys(secrets), 0)
    return refused.value.cause


def accepted(header, body=BODY, secrets=(SECRET,)):
    return verify(body, {"webhook-signature": header}, Keys(secrets), 0)


def test_official_vector():
    assert sign(VECTOR, SECRET) == VECTOR_SIGNATURE
    assert accepted(VECTOR_SIGNATURE, VECTOR) == 0


texts = st.text(st.characters(exclude_categories=["Cs"]))
secrets = texts.map("key {}".format)
bodies = texts.map(lambda text: b'{"events":[]}' + b" " * len(text))


@given(bodies, secrets)
def test_sdk_accepts_what_we_sign(body, secret):
    assert sdk.parse(body, secret, sign(body, secret)) == []


@given(st.binary(max_size=200), secrets, st.binary(max_size=200))
def test_sdk_and_we_refuse_alike(body, secret, other):
    signature = sign(body, secret)
    assert accepted(signature, body, [secret]) == 0
    sdk._verify_signature(body, secret, signature)
    if other != body:
        assert refusal(signature, other, [secret]) == "signature_mismatch"
        with pytest.raises(InvalidSignatureError):
            sdk._verify_signature(other, secret, signature)


@pytest.mark.parametrize(
    ("active", "index"),
    [
        ([SECRET, OLD_SECRET], 0),
        ([OLD_SECRET, SECRET], 1),
        (["", "  ", SECRET], 2),
        ([SECRET, SECRET], 0),
    ],
)
def test_secret_while_it_is_replaced(active, index):
    assert accepted(RIGHT, secrets=active) == index


def test_blanks_around_it():
    assert accepted(f" {RIGHT}\t") == 0


@pytest.mark.parametrize(
    ("header", "cause"),
    [
        (None, "signature_missing"),
        ("", "signature_missing"),
        (" \t", "signature_missing"),
        ("é", "signature_malformed"),
        ("\udcff", "signature_malformed"),
        ("x" * (MAX_HEADER + 1), "signature_malformed"),
        (RIGHT.upper(), "signature_mismatch"),
        (RIGHT[:-1], "signature_mismatch"),
        (RIGHT + "0", "signature_mismatch"),
        (f"sha256={RIGHT}", "signature_mismatch"),
        # two headers, as a web server joins them: only one is ever sent
        (f"{RIGHT},{RIGHT}", "signature_mismatch"),
        (f"{RIGHT}, {'0' * 64}", "signature_mismatch"),
        (sign(BODY, OLD_SECRET), "signature_mismatch"),
    ],
)
def test_refuses(header, cause):
    assert refusal(header) == cause


@pytest.mark.parametrize("active", [[], [""], [" \t\n"], [OLD_SECRET], ["\ud800"], ""])
def test_refuses_without_the_secret(active):
    assert refusal(RIGHT, secrets=active) == "signature_mismatch"


def test_blank_secret_signs_nothing():
    assert refusal(sign(BODY, " "), secrets=[" "]) == "signature_mismatch"


@given(st.integers(0, len(BODY) * 8 - 1))
def test_bit_flip_in_the_body(bit):
    body = bytearray(BODY)
    body[bit // 8] ^= 1 << bit % 8
    assert refusal(RIGHT, bytes(body)) == "signature_mismatch"


@given(st.text() | st.text("0123456789abcdef,"), st.binary(max_size=50))
def test_raises_nothing_else(header, body):
    assert refusal(header, body).startswith("signature_")
