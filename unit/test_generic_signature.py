# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Standard Webhooks as its reference library understands them, and nothing beside."""

import time
from base64 import b64encode
from datetime import datetime, timezone

import pytest
import standardwebhooks
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from generic_payloads import CREATED, SECRET, body_of, headers_for
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import SignatureRefused
from engine.providers.base import Keys
from engine.providers.generic.signature import message_id_of, sign, verify

BODY = body_of()
HEADERS = headers_for(BODY)
V1 = HEADERS["webhook-signature"]
OTHER = "whsec_" + b64encode(b"o" * 24).decode()
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = "whpk_" + b64encode(PRIVATE.public_key().public_bytes_raw()).decode()

texts = st.text(st.characters(exclude_categories=["Cs"]))
ids = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1)
secrets = st.binary(min_size=24, max_size=64).map(
    lambda key: "whsec_" + b64encode(key).decode()
)


def v1a(body=BODY, message_id="msg_1", at=CREATED):
    signature = PRIVATE.sign(f"{message_id}.{at}.".encode() + body)
    return f"v1a,{b64encode(signature).decode()}"


def accepted(headers, body=BODY, secrets=(SECRET,), now=CREATED):
    return verify(body, headers, Keys(secrets), now)


def refusal(headers, body=BODY, secrets=(SECRET,), now=CREATED):
    with pytest.raises(SignatureRefused) as refused:
        verify(body, headers, Keys(secrets), now)
    return refused.value.cause


def test_published_vector():
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    body = b'{"test": 2432232314}'
    assert accepted(headers, body, [secret], 1614265330) == 0
    made = sign(body, secret, headers["webhook-id"], 1614265330)
    assert made == headers["webhook-signature"]


@given(texts, secrets, ids, st.integers(0, 10**9))
def test_we_accept_what_the_library_signs(body, secret, message_id, at):
    moment = datetime.fromtimestamp(at, timezone.utc)
    headers = {
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": standardwebhooks.Webhook(secret).sign(
            message_id, moment, body
        ),
    }
    assert accepted(headers, body.encode(), [secret], at) == 0


@given(texts, secrets, ids)
def test_the_library_accepts_what_we_sign(body, secret, message_id):
    headers = headers_for(body.encode(), secret, message_id, int(time.time()))
    library = standardwebhooks.Webhook(secret)
    assert library.verify(body, headers, json_parse=False) is None
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        library.verify(body + " ", headers, json_parse=False)


@pytest.mark.parametrize("secret", [SECRET, SECRET.removeprefix("whsec_")])
@pytest.mark.parametrize("strip", ["", "="])
def test_secret_as_the_library_takes_it(secret, strip):
    assert accepted(HEADERS, secrets=[secret.rstrip(strip) if strip else secret]) == 0


def test_the_public_key_checks_what_the_private_one_signed():
    headers = HEADERS | {"webhook-signature": v1a()}
    assert accepted(headers, secrets=[OTHER, PUBLIC]) == 1
    assert accepted(headers, secrets=[PUBLIC.rstrip("=")]) == 0
    assert refusal(headers, secrets=[SECRET]) == "signature_mismatch"
    assert refusal(HEADERS, secrets=[PUBLIC]) == "signature_mismatch"
    assert refusal(headers, BODY + b" ", [PUBLIC]) == "signature_mismatch"
    with pytest.raises(SignatureRefused):
        sign(BODY, PUBLIC, "msg_1", CREATED)


@pytest.mark.parametrize("encoded", ["", "AAAA", "é", b64encode(bytes(64)).decode()])
def test_odd_signatures_of_the_public_key(encoded):
    headers = HEADERS | {"webhook-signature": f"v1a,{encoded} v1a,x"}
    assert refusal(headers, secrets=[PUBLIC, "whpk_", "whpk_AAAA"])


def test_the_public_key_is_no_shared_secret():
    """Who knows the public key must not be able to sign with it."""
    key = PUBLIC.removeprefix("whpk_")
    forged = headers_for(BODY, f"whsec_{key}")
    assert refusal(forged, secrets=[PUBLIC]) == "signature_mismatch"


@pytest.mark.parametrize(
    "signatures",
    [
        f"v1,{'A' * 43}= {V1}",
        f"{V1} v1,{'A' * 43}=",
        f"v2,x {V1} v1a,x",
        f"nonsense  {V1}",
        f" {V1} ",
    ],
)
def test_one_of_several_signatures_is_enough(signatures):
    assert accepted(HEADERS | {"webhook-signature": signatures}) == 0


@pytest.mark.parametrize(
    "secret",
    [
        "x",
        "whsec_",
        "whsec_AAAA",
        "whsec_" + b64encode(bytes(23)).decode(),
        "whsec_" + b64encode(bytes(65)).decode(),
        "whsec_not base64 at all, not base64 at all",
        "whsec_é",
        "whsk_" + b64encode(bytes(32)).decode(),
    ],
)
def test_other_secrets_match_nothing(secret):
    assert refusal(HEADERS, secrets=[secret]) == "signature_mismatch"


def test_no_secret_matches_an_empty_signature():
    """A secret that can sign nothing must not equal a signature of nothing."""
    for signatures in ("v1,", "v1a,", "v1, v1a,"):
        headers = HEADERS | {"webhook-signature": signatures}
        assert refusal(headers, secrets=["", "x", "whpk_x", "whsec_AAAA", SECRET])


@pytest.mark.parametrize(
    ("seconds", "cause"),
    [
        (-301, "timestamp_future"),
        (-300, None),
        (300, None),
        (301, "timestamp_stale"),
    ],
)
def test_window(seconds, cause):
    if cause:
        assert refusal(HEADERS, now=CREATED + seconds) == cause
    else:
        assert accepted(HEADERS, now=CREATED + seconds) == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", "msg.1"),
        ("id", "x" * 256),
        ("id", "msg_1\n"),
        ("timestamp", "-1"),
        ("timestamp", "+1755000000"),
        ("timestamp", "1755000000.0"),
        ("timestamp", "1_755_000_000"),
        ("timestamp", "9" * 13),
        ("timestamp", "１７５５００００００"),
        ("signature", V1[3:]),
        ("signature", f"V1,{V1[3:]}"),
        ("signature", f"v1={V1[3:]}"),
        ("signature", f"v2,{V1[3:]}"),
    ],
)
def test_malformed_headers(name, value):
    headers = HEADERS | {f"webhook-{name}": value}
    assert refusal(headers) in ("signature_malformed", "signature_mismatch")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", "msg_2"),
        ("id", "msg_1, msg_1"),
        ("timestamp", f"0{CREATED}"),
        ("timestamp", str(CREATED + 1)),
        ("signature", V1[:-2]),
        ("signature", V1.rstrip("=")),
    ],
)
def test_changed_headers(name, value):
    assert refusal(HEADERS | {f"webhook-{name}": value}) == "signature_mismatch"


def test_a_dot_cannot_move_the_end_of_the_id():
    """The signed text of another id, time and body may be the same to the byte."""
    shifted = {
        "webhook-id": f"msg_1.{CREATED}",
        "webhook-timestamp": "1755000000",
        "webhook-signature": sign(b"1755000000.{}", SECRET, "msg_1", CREATED),
    }
    assert refusal(shifted, b"{}") == "signature_malformed"
    assert message_id_of(shifted) == ""


def test_headers_of_svix():
    headers = headers_for(BODY, family="svix")
    assert accepted(headers) == 0
    assert message_id_of(headers) == "msg_1"


def test_families_of_headers_do_not_mix():
    old = headers_for(BODY, family="svix")
    assert refusal(old | {"webhook-id": "msg_1"}) == "signature_missing"
    both = old | headers_for(BODY, OTHER, "msg_2")
    assert refusal(both) == "signature_mismatch"
    assert accepted(both, secrets=[OTHER]) == 0
    assert message_id_of(both) == "msg_2"


@given(st.text() | st.text("v1a,= 0A"), st.binary(max_size=50))
def test_raises_nothing_else(signatures, body):
    headers = HEADERS | {"webhook-signature": signatures}
    assert refusal(headers, body, [SECRET, PUBLIC]).startswith("signature_")
