# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Only Mollie, or a classic id that anybody may name: nothing else gets in."""

import importlib.util
from importlib.metadata import distribution

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mollie_payloads import CLASSIC, FORM, SECRET, samples

from engine.errors import SignatureRefused
from engine.providers.base import Keys
from engine.providers.mollie.signature import sign, verify

BODY = samples()["payment.paid"]
OLD_SECRET = "OldKWukU6uSCGQ8TPTD3WPDpac3GyNEj"
RIGHT = sign(BODY, SECRET)
KIND = FORM["content-type"]


def _load_sdk():
    """Load the one module of the SDK that is meant; the rest wants a web client."""
    path = distribution("mollie-api-py").locate_file(
        "mollie/utils/webhooks/signature_validator.py"
    )
    spec = importlib.util.spec_from_file_location("mollie_signature", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SDK = _load_sdk()


def refusal(header, body=BODY, secrets=(SECRET,)):
    with pytest.raises(SignatureRefused) as refused:
        accepted(header, body, secrets)
    return refused.value.cause


def accepted(header, body=BODY, secrets=(SECRET,)):
    return verify(body, {"x-mollie-signature": header}, Keys(secrets), 0)


texts = st.text(st.characters(exclude_categories=["Cs"]))
secrets = texts.map("key {}".format)


@given(texts, secrets)
def test_sdk_accepts_what_we_sign(body, secret):
    header = sign(body.encode(), secret)
    assert SDK.SignatureValidator.validate(body, secret, header)


@given(texts, secrets)
def test_we_accept_what_the_sdk_signs(body, secret):
    signature = SDK.SignatureValidator.create_signature(body, secret)
    assert accepted(signature, body.encode(), [secret]) == 0
    assert accepted(f"sha256={signature}", body.encode(), [secret]) == 0


@given(texts, secrets, texts)
def test_sdk_refuses_too(body, secret, other):
    header = sign(body.encode(), secret)
    if other != body:
        with pytest.raises(SDK.InvalidSignatureException):
            SDK.SignatureValidator.validate(other, secret, header)
        assert refusal(header, other.encode(), [secret]) == "signature_mismatch"


@given(st.binary(max_size=100))
def test_body_need_not_be_text(body):
    assert accepted(sign(body, SECRET), body) == 0


@pytest.mark.parametrize(
    "header",
    [
        RIGHT,
        RIGHT.removeprefix("sha256="),
        f" {RIGHT} ",
        # two headers, as a web server joins them
        f"{sign(BODY, OLD_SECRET)},{RIGHT}",
        f"{RIGHT}, {sign(BODY, OLD_SECRET)}",
        f"{RIGHT},",
    ],
)
def test_accepts(header):
    assert accepted(header) == 0


def test_two_headers_match_the_newest_secret():
    both = f"{sign(BODY, OLD_SECRET)},{RIGHT}"
    assert accepted(both, secrets=[SECRET, OLD_SECRET]) == 0


@pytest.mark.parametrize(
    "header",
    [
        ",",
        "sha256=",
        "sha256",
        f"SHA256={RIGHT[7:]}",
        f"sha1={RIGHT[7:]}",
        RIGHT.replace("=", "= "),
    ],
)
def test_refuses(header):
    assert refusal(header) == "signature_mismatch"


# === classic messages, which nobody signs ===


def classic(body=CLASSIC, **headers):
    headers = {"content-type": KIND} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    return verify(body, headers, Keys([SECRET]), 0)


@pytest.mark.parametrize("body", [CLASSIC, b"id=pl_4Y0eZitmBnQ6", b"id=ord_kEn1PlbGa"])
@pytest.mark.parametrize("kind", [KIND, KIND.upper(), f"{KIND}; charset=utf-8"])
def test_classic(body, kind):
    assert classic(body, content_type=kind) is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"id=",
        b"id=tr_",
        b"id=tr_1",
        b"id=xx_5B8cwPMGnU6",
        b"id=re_4qqhO89gsT",
        b"ID=tr_5B8cwPMGnU6",
        b"id=tr_5B8cwPMGnU6\n",
        b" id=tr_5B8cwPMGnU6",
        b"id=tr_5B8cwPMGnU6&x=1",
        b"x=1&id=tr_5B8cwPMGnU6",
        b"id=tr_5B8cwPMGnU6&id=tr_5B8cwPMGnU7",
        b"id=tr_5B8cw%50MGnU6",
        b"id=tr_../../settlements",
        b"id=tr_5B8cwPMGnU6:capture",
        b"id=tr_" + b"x" * 65,
        "id=tr_５Ｂ８ｃｗ".encode(),
        BODY,
    ],
)
def test_not_classic(body):
    with pytest.raises(SignatureRefused):
        classic(body)


@pytest.mark.parametrize("kind", ["", "application/json", "text/plain", "x" + KIND])
def test_classic_comes_as_a_form(kind):
    with pytest.raises(SignatureRefused):
        classic(content_type=kind)


@pytest.mark.parametrize("header", ["", " ", "sha256=00", RIGHT])
def test_classic_with_a_wrong_signature(header):
    with pytest.raises(SignatureRefused):
        classic(x_mollie_signature=header)


def test_signed_form_is_signed():
    assert classic(x_mollie_signature=sign(CLASSIC, SECRET)) == 0
