# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the signature of every provider must refuse, whoever wrote it."""

import mutants
import pytest
import samples
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import CertificateUnknown, EngineError, SignatureRefused
from engine.providers import PROVIDERS
from engine.providers.base import Keys
from engine.providers.signing import MAX_HEADER

EACH = pytest.mark.parametrize("provider", PROVIDERS.values(), ids=lambda p: p.code)
SIGNED = [
    pytest.param(provider, signed, id=f"{provider.code} {index}")
    for index, (provider, signed) in enumerate(samples.every("SIGNED"))
]
SIGNED_BY_HEADER = [one for one in SIGNED if one.values[1].signing_headers]
SIGNING_HEADERS = [
    pytest.param(*one.values, name, id=f"{one.id} {name}")
    for one in SIGNED_BY_HEADER
    for name in one.values[1].signing_headers
]
WRONG = ("signature_mismatch", "signature_malformed", "certificate_unknown")
# The hub's message to itself: (url, account, event_id, created)
WEBHOOK, ACCOUNT, NOW = (
    "https://odoo.example/payment_hub/webhook/x",
    "acct_1",
    1_755_000_000,
)
OWN_MESSAGE = (WEBHOOK, ACCOUNT, "evt_test_1", NOW)


def verified(provider, signed):
    return provider.verify(signed.body, signed.headers, signed.keys, signed.now)


def refusal(provider, signed, **changes):
    with pytest.raises((SignatureRefused, CertificateUnknown)) as refused:
        verified(provider, signed._replace(**changes))
    return refused.value.cause


def with_header(signed, name, value):
    return {"headers": {**signed.headers, name: value}}


def with_secrets(signed, secrets):
    return {"keys": signed.keys._replace(secrets=secrets)}


@pytest.mark.parametrize(("provider", "signed"), SIGNED)
def test_signed_is_accepted(provider, signed):
    assert verified(provider, signed) in (1, None)


@EACH
def test_something_is_signed(provider):
    found = [verified(provider, item) for item in samples.of(provider.code).SIGNED]
    assert 1 in found


@pytest.mark.parametrize(("provider", "signed"), SIGNED)
def test_secret_while_it_is_replaced(provider, signed):
    other, right = signed.keys.secrets
    if verified(provider, signed) is None:
        return
    for secrets, index in (
        ([right, other], 0),
        ([other, right], 1),
        (["", "  ", right], 2),
        ([right, right], 0),
    ):
        changed = signed._replace(**with_secrets(signed, secrets))
        assert verified(provider, changed) == index
    for secrets in ([other], ["\ud800"]):
        cause = refusal(provider, signed, **with_secrets(signed, secrets))
        assert cause == "signature_mismatch"


@pytest.mark.parametrize(("provider", "signed"), SIGNED)
def test_nothing_is_accepted_without_secret(provider, signed):
    for secrets in ([], "", [""], [" \t\n"]):
        cause = refusal(provider, signed, **with_secrets(signed, secrets))
        assert cause == "signature_mismatch"


@EACH
def test_a_blank_secret_signs_nothing(provider):
    if provider.test_request is None:
        return
    for secret in ("", " "):
        with pytest.raises(SignatureRefused):
            body, headers = provider.test_request(secret, *OWN_MESSAGE, True)
            provider.verify(body, headers, Keys([secret], WEBHOOK), NOW)


@pytest.mark.parametrize(("provider", "signed", "name"), SIGNING_HEADERS)
def test_header_is_missing(provider, signed, name):
    headers = {key: value for key, value in signed.headers.items() if key != name}
    assert refusal(provider, signed, headers=headers) == "signature_missing"
    for blank in ("", " \t"):
        changes = with_header(signed, name, blank)
        assert refusal(provider, signed, **changes) == "signature_missing"


@pytest.mark.parametrize(("provider", "signed", "name"), SIGNING_HEADERS)
def test_header_is_too_long_or_not_ascii(provider, signed, name):
    value = signed.headers[name]
    for odd in ("é" + value[1:], "\udcff", value + "x" * MAX_HEADER):
        changes = with_header(signed, name, odd)
        assert refusal(provider, signed, **changes) == "signature_malformed"


@pytest.mark.parametrize(("provider", "signed", "name"), SIGNING_HEADERS)
def test_header_is_changed(provider, signed, name):
    value = signed.headers[name]
    for changed in (value[:-1], f"{value}0", f"sha256={value}", value.swapcase()):
        if changed != value:
            assert (
                refusal(provider, signed, **with_header(signed, name, changed)) in WRONG
            )


@pytest.mark.parametrize(("provider", "signed", "name"), SIGNING_HEADERS)
def test_header_comes_twice(provider, signed, name):
    """A web server joins repeated headers, and either could be the forged one."""
    value = signed.headers[name]
    changes = with_header(signed, name, f"{value},{value}")
    if signed.may_repeat:
        assert verified(provider, signed._replace(**changes)) == 1
    else:
        assert refusal(provider, signed, **changes) in WRONG


@pytest.mark.parametrize(("provider", "signed", "name"), SIGNING_HEADERS)
@given(data=st.data())
def test_bit_flip_in_a_header(provider, signed, name, data):
    value = bytearray(signed.headers[name].encode())
    # Some bits of base64's last characters say nothing.
    value[data.draw(st.integers(0, len(value) - 4))] ^= 1 << data.draw(
        st.integers(0, 6)
    )
    changes = with_header(signed, name, value.decode())
    assert refusal(provider, signed, **changes) in WRONG


@pytest.mark.parametrize(("provider", "signed", "name"), SIGNING_HEADERS)
@given(data=st.data())
def test_header_is_made_up(provider, signed, name, data):
    right = signed.headers[name]
    value = data.draw(st.text() | st.text(right + ", =\0"))
    body = data.draw(st.just(signed.body) | st.binary(max_size=50))
    if value.strip() != right:
        cause = refusal(provider, signed, body=body, **with_header(signed, name, value))
        assert cause in (*WRONG, "signature_missing")


@pytest.mark.parametrize(("provider", "signed"), SIGNED_BY_HEADER)
def test_body_is_changed(provider, signed):
    body = signed.body
    for changed in (b"", body[:-1], body + b" ", body.upper()):
        if changed != body:
            assert refusal(provider, signed, body=changed) in WRONG


@pytest.mark.parametrize(("provider", "signed"), SIGNED_BY_HEADER)
@given(data=st.data())
def test_bit_flip_in_the_body(provider, signed, data):
    body = bytearray(signed.body)
    body[data.draw(st.integers(0, len(body) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert refusal(provider, signed, body=bytes(body)) in WRONG


@pytest.mark.parametrize(("provider", "signed"), SIGNED)
def test_a_message_without_its_headers_has_no_facts(provider, signed):
    """Either it is refused, or its signature is inside, or it only names an object."""
    try:
        index = provider.verify(signed.body, {}, signed.keys, signed.now)
    except SignatureRefused:
        return
    if index is None:
        for translation in provider.translate(signed.body, {}, {}):
            assert not translation.events


@pytest.mark.parametrize(("provider", "signed"), SIGNED)
def test_a_retry_has_the_same_dedupe_key(provider, signed):
    """It is signed anew, at another time."""
    retry = {
        name: f"{value}1" if "sign" in name or "time" in name else value
        for name, value in signed.headers.items()
    }
    first = provider.envelope(signed.body, signed.headers)
    assert provider.envelope(signed.body, retry) == first


@settings(max_examples=300)
@given(st.sampled_from(SIGNED), st.data())
def test_fuzzed_signatures(parameters, data):
    provider, signed = parameters.values
    headers = dict(signed.headers)
    for name in headers:
        if data.draw(st.booleans()):
            headers[name] = data.draw(
                st.one_of(
                    st.text(max_size=200),
                    st.just(headers[name][:-1]),
                    st.just(f"{headers[name]},{headers[name]}"),
                )
            )
    body = data.draw(
        st.one_of(
            st.just(signed.body),
            st.binary(max_size=200),
            mutants.with_other_bytes(signed.body),
        )
    )
    secret = data.draw(
        st.one_of(st.text(max_size=80), st.sampled_from(signed.keys.secrets))
    )
    keys = signed.keys._replace(secrets=[secret])
    try:
        provider.verify(body, headers, keys, signed.now)
    except EngineError as error:
        assert len(str(error)) < 900


@EACH
def test_the_hubs_own_message(provider):
    if provider.test_request is None:
        return
    for livemode in (False, True):
        body, headers = provider.test_request(_secret(provider), *OWN_MESSAGE, livemode)
        assert (
            provider.verify(body, headers, Keys([_secret(provider)], WEBHOOK), NOW) == 0
        )
        (translation,) = provider.translate(body, headers, {})
        assert translation.livemode in (livemode, None)
        assert translation.account in (ACCOUNT, "")
        assert [event.type for event in translation.events] == ["external.info"]


def _secret(provider):
    return next(signed.keys.secrets[-1] for signed in samples.of(provider.code).SIGNED)
