# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Only Adyen: each item by its own signature, other webhooks by their header."""

import hmac
import json
from base64 import b64encode

import pytest
from Adyen import util as sdk
from adyen_payloads import (
    ACCOUNT,
    SECRET,
    amount,
    body,
    item,
    message,
    platform,
    signed,
)
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import SignatureRefused
from engine.json_node import Node
from engine.providers.adyen.item import signed_text
from engine.providers.adyen.signature import sign, verify
from engine.providers.base import Keys
from engine.providers.signing import MAX_HEADER

OTHER = "AB" * 32
NOTICE = platform("balancePlatform.transfer.created", id="1W1UG35U8A9J5ZLG")

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
plain = texts.filter(lambda text: ":" not in text)
keys = st.binary(min_size=1, max_size=64).map(bytes.hex)
unsigned_items = st.builds(
    lambda own, original, account, reference, value, currency, code, success: item(
        code,
        pspReference=own,
        originalReference=original,
        merchantAccountCode=account,
        merchantReference=reference,
        amount=amount(value, currency),
        success=success,
    ),
    plain,
    st.none() | plain,
    plain,
    st.none() | texts,
    st.integers(-(10**18), 10**18),
    plain,
    plain.filter(bool),
    st.sampled_from(["true", "false"]),
)


def accepted(payload, secrets=(SECRET,), headers=None):
    return verify(payload, headers or {}, Keys(secrets), 0)


def refusal(payload, secrets=(SECRET,), headers=None):
    with pytest.raises(SignatureRefused) as refused:
        accepted(payload, secrets, headers)
    return refused.value.cause


def with_signature(signature):
    return body(item("CAPTURE", additional={"hmacSignature": signature}))


# === items ===


@given(unsigned_items, keys)
def test_sdk_accepts_what_we_sign(unsigned, key):
    payload = json.loads(body(signed(unsigned, key)))
    assert sdk.is_valid_hmac_notification(payload, key)


@given(unsigned_items, keys)
def test_we_accept_what_the_sdk_signs(unsigned, key):
    signature = sdk.generate_notification_sig(unsigned, key).decode()
    unsigned["additionalData"]["hmacSignature"] = signature
    assert accepted(body(unsigned), [key]) == 0


def test_vector_of_the_sdk():
    """From test/UtilTest.py of adyen-python-api-library."""
    key = "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056"
    vector = {
        "pspReference": "7914073381342284",
        "merchantAccountCode": "TestMerchant",
        "merchantReference": "TestPayment-1407325143704",
        "amount": {"value": 1130, "currency": "EUR"},
        "eventCode": "AUTHORISATION",
        "success": "true",
    }
    expected = "coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0="
    assert sign(signed_text(Node(vector)).encode(), key) == expected
    vector["additionalData"] = {"hmacSignature": expected}
    assert accepted(body(vector), [key]) == 0


@pytest.mark.parametrize("reference", ["tx:1", "back\\slash", "a\\:b", "é €", ":", ""])
def test_nothing_is_escaped(reference):
    assert accepted(message("CAPTURE", merchantReference=reference)) == 0


@pytest.mark.parametrize(
    ("secrets", "index"),
    [
        (["no hex", SECRET], 1),
        ([SECRET.lower()], 0),
        ([f" {SECRET}\n"], 0),
    ],
)
def test_how_the_secret_is_written(secrets, index):
    assert accepted(message("CAPTURE"), secrets) == index
    headers = {"hmacsignature": sign(NOTICE, SECRET)}
    assert accepted(NOTICE, secrets, headers) == index


def test_items_of_two_keys_tell_the_oldest_that_is_needed():
    first, second = signed(item("CAPTURE")), signed(item("REFUND"), OTHER)
    assert accepted(body(first, second), [SECRET, OTHER]) == 1
    assert accepted(body(second, first), [SECRET, OTHER]) == 1
    assert accepted(body(first, second), [OTHER, SECRET]) == 1
    assert refusal(body(first, second), [SECRET]) == "signature_mismatch"


def test_every_item_must_be_signed():
    right, unsigned = signed(item("CAPTURE")), item("REFUND")
    forged = right | {"amount": amount(99999)}
    assert refusal(body(right, unsigned)) == "signature_missing"
    assert refusal(body(unsigned, right)) == "signature_missing"
    assert refusal(body(right, forged)) == "signature_mismatch"
    assert refusal(body(forged, right)) == "signature_mismatch"
    assert refusal(body()) == "signature_malformed"


@pytest.mark.parametrize(
    "change",
    [
        {"pspReference": "XFQTPCQ8HXSKGK82"},
        {"originalReference": "XFQTPCQ8HXSKGK82"},
        {"originalReference": None},
        {"merchantAccountCode": "AnotherShop"},
        {"merchantReference": "INV/2026/00043"},
        {"amount": amount(12101)},
        {"amount": amount(12100, "USD")},
        {"eventCode": "REFUND"},
        {"success": "false"},
    ],
)
def test_changed_item(change):
    assert refusal(body(signed(item("CAPTURE")) | change)) == "signature_mismatch"


@pytest.mark.parametrize(
    "change",
    [
        {"pspReference": 5},
        {"pspReference": "a:b"},
        {"originalReference": ["x"]},
        {"merchantAccountCode": f"{ACCOUNT}:INV/2026"},
        {"merchantReference": 5},
        {"amount": None},
        {"amount": {"currency": "EUR"}},
        {"amount": amount("12100")},
        {"amount": amount(12100.0)},
        {"amount": amount(True)},
        {"amount": amount(12100, None)},
        {"eventCode": "CAPTURE:true"},
        {"success": True},
    ],
)
def test_field_that_cannot_be_signed(change):
    causes = ("signature_malformed", "signature_mismatch")
    assert refusal(body(signed(item("CAPTURE")) | change)) in causes


def test_parts_of_a_reference_are_no_other_field():
    """What is signed has no quotes: the same text must not be another message."""
    unsigned = item("AUTHORISATION", merchantReference=f"{ACCOUNT}:x")
    forged = signed(unsigned) | {
        "pspReference": unsigned["pspReference"] + ":",
        "originalReference": ACCOUNT,
        "merchantReference": "x",
    }
    assert refusal(body(forged)) == "signature_malformed"


@pytest.mark.parametrize(
    ("signature", "cause"),
    [
        (None, "signature_missing"),
        ("", "signature_missing"),
        (5, "signature_malformed"),
        ([], "signature_malformed"),
        ("é", "signature_malformed"),
        ("x" * (MAX_HEADER + 1), "signature_malformed"),
        (" ", "signature_mismatch"),
        ("x", "signature_mismatch"),
        (b64encode(bytes(32)).decode(), "signature_mismatch"),
    ],
)
def test_refuses(signature, cause):
    assert refusal(with_signature(signature)) == cause


@pytest.mark.parametrize("additional", [None, 5, [], "x"])
def test_without_additional_data(additional):
    unsigned = item("CAPTURE") | {"additionalData": additional}
    assert refusal(body(unsigned)) == "signature_missing"


@pytest.mark.parametrize("secret", ["x" * 64, SECRET[1:]])
def test_secret_that_is_no_hex(secret):
    assert refusal(message("CAPTURE"), [secret]) == "signature_mismatch"
    headers = {"hmacsignature": sign(NOTICE, SECRET)}
    assert refusal(NOTICE, [secret], headers) == "signature_mismatch"


def test_blank_secret_signs_nothing():
    text = signed_text(Node(item("CAPTURE"))).encode()
    blank = b64encode(hmac.digest(b"", text, "sha256")).decode()
    for secret in ("", "  ", "no hex"):
        assert refusal(with_signature(blank), [secret]) == "signature_mismatch"
    assert sign(b"x", "no hex") == ""


# === other webhooks ===


@given(st.dictionaries(texts, texts), keys)
def test_header_both_ways(data, key):
    payload = json.dumps(data | {"type": "x"}).encode()
    signature = sdk.generate_payload_sig(payload, key).decode()
    assert signature == sign(payload, key)
    assert sdk.is_valid_hmac_payload(sign(payload, key), key, payload)
    assert accepted(payload, [key], {"hmacsignature": signature}) == 0


def test_header_does_not_stand_in_for_the_items():
    payload = body(item("CAPTURE"))
    headers = {"hmacsignature": sign(payload, SECRET)}
    assert refusal(payload, headers=headers) == "signature_missing"


@pytest.mark.parametrize(
    "payload",
    [
        b"<soapenv:Envelope/>",
        b"live=false&eventCode=AUTHORISATION&success=true",
        b'{"notificationItems": 1, "notificationItems": 2}',
        b'{"notificationItems": NaN}',
        b"",
    ],
)
def test_other_formats_are_told_to_send_json(payload):
    headers = {"hmacsignature": sign(payload, SECRET)}
    with pytest.raises(SignatureRefused, match="Send JSON"):
        accepted(payload, headers=headers)
