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

BODY = samples()["payments.confirmed"]
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
    with pytest.raises(SignatureRefused) as refused:
        accepted(header, body, secrets)
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


def test_blanks_around_it():
    assert accepted(f" {RIGHT}\t") == 0
