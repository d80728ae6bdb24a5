# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Only Square, and only for this address: everything else is refused."""

import subprocess
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from square.utils.webhooks_helper import verify_signature
from square_payloads import URL, message, payment

from engine.errors import SignatureRefused
from engine.providers.base import Keys
from engine.providers.square.signature import sign, verify

BODY = message("payment.updated", payment=payment())
SECRET = "asdf1234-Signature-Key"
SIGNATURE = sign(BODY, SECRET, URL)


def verified(signature, body=BODY, secrets=(SECRET,), url=URL):
    headers = {"x-square-hmacsha256-signature": signature}
    return verify(body, headers, Keys(secrets, url), 0)


def refusal(signature, body=BODY, secrets=(SECRET,), url=URL):
    with pytest.raises(SignatureRefused) as refused:
        verified(signature, body, secrets, url)
    return refused.value.cause


def sdk_accepts(signature, body, secret, url):
    return verify_signature(
        request_body=body,
        signature_header=signature,
        signature_key=secret,
        notification_url=url,
    )


texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
secrets = texts.filter(str.strip)


@given(texts, secrets, texts)
def test_sdk_accepts_what_we_sign(body, secret, url):
    signature = sign(body.encode(), secret, url)
    assert sdk_accepts(signature, body, secret, url)
    assert verified(signature, body.encode(), [secret], url) == 0


@given(texts, secrets, texts, st.binary(min_size=32, max_size=32))
def test_we_refuse_what_the_sdk_refuses(body, secret, url, digest):
    signature = b64encode(digest).decode()
    assert not sdk_accepts(signature, body, secret, url)
    assert refusal(signature, body.encode(), [secret], url) == "signature_mismatch"


def test_vector_of_the_documentation():
    signature = "2kRE5qRU2tR+tBGlDwMEw2avJ7QM4ikPYD/PJ3bd9Og="
    known = (signature, b'{"hello":"world"}', ["asdf1234"])
    assert verified(*known, "https://example.com/webhook") == 0
    assert refusal(*known, "https://example.com/webhook/") == "signature_mismatch"


def test_openssl_makes_the_same():
    command = ["openssl", "dgst", "-sha256", "-hmac", SECRET, "-binary"]
    made = subprocess.run(
        command, input=URL.encode() + BODY, stdout=subprocess.PIPE, check=True
    )
    assert b64encode(made.stdout).decode() == SIGNATURE


@given(st.binary(min_size=1, max_size=100))
def test_body_need_not_be_text(body):
    assert verified(sign(body, SECRET, URL), body) == 0


@pytest.mark.parametrize(
    "url",
    [
        URL + "/",
        URL.replace("https", "http"),
        URL.replace("odoo.example", "ODOO.example"),
        URL.replace("odoo.example", "odoo.example:443"),
        URL + "?",
        "",
    ],
)
def test_other_address(url):
    assert refusal(SIGNATURE, url=url) == "signature_mismatch"
    assert refusal(sign(BODY, SECRET, ""), url="") == "signature_mismatch"


@given(st.text())
def test_any_address(url):
    if url != URL:
        assert refusal(SIGNATURE, url=url) == "signature_mismatch"


def test_body_cannot_eat_the_end_of_the_address():
    signature = sign(URL[-3:].encode() + BODY, SECRET, URL[:-3])
    assert signature == SIGNATURE  # as Square made it: the address must be ours
    assert refusal(signature, URL[-3:].encode() + BODY) == "signature_mismatch"


def test_empty_body_is_refused_as_by_the_sdk():
    signature = sign(b"", SECRET, URL)
    assert not sdk_accepts(signature, "", SECRET, URL)
    assert refusal(signature, b"") == "signature_mismatch"
