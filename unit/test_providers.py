# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What every provider must keep, whoever wrote it."""

import json

import mutants
import pytest
import samples
from fuzz_seeds import REFUSED_JSON
from hypothesis import given, settings
from hypothesis import strategies as st
from payment_facts import fold, plan

from engine.errors import CertificateUnknown, EngineError, SignatureRefused
from engine.events import EVENT_TYPES
from engine.providers import PROVIDERS
from engine.providers.base import Capability, Keys
from engine.providers.signing import MAX_HEADER

EACH = pytest.mark.parametrize("provider", PROVIDERS.values(), ids=lambda p: p.code)
MESSAGES = [
    pytest.param(provider, *sample, id=f"{provider.code} {sample[0]}")
    for provider, sample in samples.every("MESSAGES")
]
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
# Everything that is translated: (function, body)
TEXTS = [
    *(
        (lambda body, p=provider, h=headers: p.translate(body, h, {}), body)
        for provider, (_name, (body, headers)) in samples.every("MESSAGES")
    ),
    *(
        (lambda body, t=provider.streams[stream].translate: t(body, {}), body)
        for provider, (stream, body) in samples.every("PAGES")
    ),
    *(
        (lambda body, r=provider.reports[report]: _read_report(r, body), body)
        for provider, (report, body) in samples.every("REPORTS")
    ),
]


def _read_report(report, body):
    return [
        translation
        for part in report.split(body)
        for translation in report.translate(part, {})
    ]


def check(translations):
    """What comes out must be storable and foldable, whatever it says."""
    for translation in translations:
        assert translation.fault is None or not translation.events
        for event in translation.events:
            assert 1 <= len(event.key) <= 700 and event.key.isprintable()
            assert len(event.provider_code) <= 255
        fold(translation.events)
        plan(translation.events)


def check_money(translations):
    """What moves the balance has an amount; without, it could never be posted."""
    for translation in translations:
        for event in translation.events:
            assert event.amount_minor is not None or not event.is_balance


def survive(translate, body):
    try:
        translations = translate(body)
    except EngineError as error:
        assert len(str(error)) < 900
        return error
    check(translations)
    return next((item.fault for item in translations if item.fault), None)


# === declarations ===


@EACH
def test_declarations(provider):
    assert PROVIDERS[provider.code] is provider
    names = [credential.name for credential in provider.credentials]
    assert "signing_secret" in names
    assert len(set(names)) == len(names)
    assert all(item.where and item.label for item in provider.credentials)
    assert all(name == name.lower() for name in provider.kept_headers)
    assert provider.webhook_steps


@EACH
def test_capabilities_are_what_is_there(provider):
    client = provider.client
    declared = {
        Capability.REPORTS: bool(provider.reports),
        Capability.BACKFILL: any(
            stream.is_pulled for stream in provider.streams.values()
        ),
        Capability.TEST_MESSAGE: provider.test_request is not None,
        Capability.LOOKUP: _overrides(client, "lookup"),
        Capability.CHECK: _overrides(client, "check"),
        Capability.REGISTER: _overrides(client, "register_webhook"),
    }
    assert provider.capabilities == {
        name for name, is_there in declared.items() if is_there
    }


def _overrides(client, method):
    return client is not None and method in vars(client)


# === codes ===


@EACH
def test_codes_become_events_of_the_vocabulary(provider):
    assert provider.code_lists
    for code_list in provider.code_lists:
        assert code_list.codes and code_list.source
        for code, types in code_list.codes.items():
            assert types and set(types) <= EVENT_TYPES.keys(), code


@EACH
def test_every_subscribed_event_has_a_sample_that_is_understood(provider):
    messages = samples.of(provider.code).MESSAGES
    assert set(provider.subscribed_events) <= messages.keys()
    for name in provider.subscribed_events:
        for translation in provider.translate(*messages[name], {}):
            assert translation.fault is None
            assert translation.events or translation.lookups, name
            for event in translation.events:
                assert event.type != "unknown", name


@EACH
def test_samples_become_what_the_table_of_codes_says(provider):
    tables = {
        code: types
        for code_list in provider.code_lists
        for code, types in code_list.codes.items()
    }
    for name, (body, headers) in samples.of(provider.code).MESSAGES.items():
        for translation in provider.translate(body, headers, {}):
            types = tables.get(translation.event_type)
            if types and translation.fault is None:
                found = {event.type for event in translation.events}
                allowed = {*types, "fee.charged", "fee.refunded", "external.info"}
                assert found <= allowed, name


# === signatures ===


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
@pytest.mark.parametrize("body", REFUSED_JSON, ids=lambda body: repr(body[:24]))
def test_unreadable_bodies(provider, body):
    with pytest.raises(EngineError):
        provider.verify(body, {}, Keys(["secret"]), 0)
    survive(lambda body: provider.translate(body, {}, {}), body)
    told = provider.envelope(body, {})
    assert 1 <= len(told.dedupe_key) <= 255 and told.dedupe_key.isprintable()


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


# === translation ===


@pytest.mark.parametrize(("provider", "name", "message"), MESSAGES)
def test_messages(provider, name, message):
    for options in samples.of(provider.code).OPTIONS:
        translations = provider.translate(*message, options)
        assert translations == provider.translate(*message, options)
        assert translations
        check(translations)
        check_money(translations)
    told = provider.envelope(*message)
    assert told.dedupe_key


@pytest.mark.parametrize(("provider", "name", "message"), MESSAGES)
def test_every_field_missing_or_odd(provider, name, message):
    body, headers = message
    try:
        json.loads(body)
    except ValueError:
        return
    for broken in mutants.each_place_odd(body):
        fault = survive(lambda body: provider.translate(body, headers, {}), broken)
        assert fault is None or fault.path, "A person must learn which field it is."
        assert 1 <= len(provider.envelope(broken, headers).dedupe_key) <= 255


@settings(max_examples=1000)
@given(st.sampled_from(TEXTS), st.data())
def test_fuzzed_texts(parameters, data):
    translate, body = parameters
    try:
        value = json.loads(body)
    except ValueError:
        survive(translate, data.draw(mutants.with_other_bytes(body)))
        return
    if data.draw(st.booleans()):
        survive(translate, data.draw(mutants.with_other_bytes(body)))
    else:
        mutants.mutate(value, data.draw)
        survive(translate, json.dumps(value).encode())


@settings(max_examples=200)
@given(st.sampled_from(TEXTS), st.binary(max_size=300))
def test_arbitrary_bytes(parameters, body):
    survive(parameters[0], body)


@pytest.mark.parametrize(
    ("provider", "stream", "body"),
    [(provider, *page) for provider, page in samples.every("PAGES")],
)
def test_pages(provider, stream, body):
    translations = provider.streams[stream].translate(body, {})
    assert all(translation.fault is None for translation in translations)
    check(translations)
    check_money(translations)


@pytest.mark.parametrize(
    ("provider", "report", "body"),
    [(provider, *report) for provider, report in samples.every("REPORTS")],
)
def test_reports(provider, report, body):
    translations = _read_report(provider.reports[report], body)
    assert translations
    check(translations)
    check_money(translations)


@EACH
def test_each_stream_and_report_has_a_sample(provider):
    module = samples.of(provider.code)
    assert {stream for stream, _body in module.PAGES} == provider.streams.keys()
    assert {report for report, _body in module.REPORTS} == provider.reports.keys()
