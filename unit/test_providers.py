# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What every provider must keep, whoever wrote it."""

import json
from datetime import timedelta
from pathlib import Path

import mutants
import pytest
import samples
from fuzz_seeds import REFUSED_JSON
from hypothesis import given, settings
from hypothesis import strategies as st
from payment_facts import fold, plan
from reading import read_report

from engine import providers
from engine.errors import EngineError
from engine.events import DISPUTE_STAGES, EVENT_TYPES, TRAIT_KINDS
from engine.money import is_minor
from engine.providers import PROVIDERS
from engine.providers.base import Capability, Keys

EACH = pytest.mark.parametrize("provider", PROVIDERS.values(), ids=lambda p: p.code)
MESSAGES = [
    pytest.param(provider, *sample, id=f"{provider.code} {sample[0]}")
    for provider, sample in samples.every("MESSAGES")
]
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
        (lambda body, r=provider.reports[report]: read_report(r, body), body)
        for provider, (report, body) in samples.every("REPORTS")
    ),
]


def check(translations):
    """What comes out must be storable and foldable, whatever it says."""
    for translation in translations:
        told = translation.events or translation.readings
        assert translation.fault is None or not told
        for reading in translation.readings:
            assert len(reading.currency) == 3 and is_minor(reading.total_minor)
            assert reading.at.utcoffset() == timedelta()
        for event in translation.events:
            assert 1 <= len(event.key) <= 700 and event.key.isprintable()
            assert len(event.provider_code) <= 255
            check_traits(event)
            for clock in event.clocks:
                assert clock.at.utcoffset() == timedelta()
        fold(translation.events)
        plan(translation.events)


def check_traits(event):
    """One of each kind, of the vocabulary: rules compare them with a person's words."""
    traits = dict(event.traits)
    assert len(traits) == len(event.traits)
    assert traits.keys() <= set(TRAIT_KINDS)
    for kind, value in traits.items():
        assert 1 <= len(value) <= 64 and value.isprintable(), kind
    for kind in {"method", "scheme"} & traits.keys():
        assert traits[kind] == traits[kind].lower()
    if country := traits.get("country"):
        assert len(country) == 2 and country.isascii()
        assert country.isalpha() and country.isupper()
    if event.type.startswith("dispute."):
        assert traits["dispute_stage"] in DISPUTE_STAGES


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
        Capability.BALANCE: _overrides(client, "balance"),
        Capability.REGISTER: _overrides(client, "register_webhook"),
        Capability.BATCHES: _tells_batches(provider),
    }
    assert provider.capabilities == {
        name for name, is_there in declared.items() if is_there
    }


def _tells_batches(provider):
    folder = Path(providers.__file__).parent / provider.code
    return any("batch=" in path.read_text() for path in folder.glob("*.py"))


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


# === translation ===


@EACH
@pytest.mark.parametrize("body", REFUSED_JSON, ids=lambda body: repr(body[:24]))
def test_unreadable_bodies(provider, body):
    with pytest.raises(EngineError):
        provider.verify(body, {}, Keys(["secret"]), 0)
    survive(lambda body: provider.translate(body, {}, {}), body)
    told = provider.envelope(body, {})
    assert 1 <= len(told.dedupe_key) <= 255 and told.dedupe_key.isprintable()


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
    translations = read_report(provider.reports[report], body)
    assert translations
    check(translations)
    check_money(translations)


@EACH
def test_each_stream_and_report_has_a_sample(provider):
    module = samples.of(provider.code)
    assert {stream for stream, _body in module.PAGES} == provider.streams.keys()
    assert {report for report, _body in module.REPORTS} == provider.reports.keys()
