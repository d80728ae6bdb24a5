# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""No body, however broken, gets anything but an EngineError out of the engine."""

import json
from copy import deepcopy

import pytest
from fuzz_seeds import REFUSED_JSON
from hypothesis import given, settings
from hypothesis import strategies as st
from payment_facts import fold, plan
from stripe_payloads import (
    OLD,
    charge,
    message,
    payment_intent_succeeded,
    refund,
    samples,
)

from engine.errors import EngineError
from engine.providers.stripe.webhook import envelope, translate

BODIES = [
    *samples().values(),
    payment_intent_succeeded(api_version=OLD),
    message("charge.refunded", charge(refunds=[refund()]), api_version=OLD),
]
ODD_VALUES = st.sampled_from(
    [
        None,
        True,
        False,
        0,
        -1,
        1.5,
        10**18,
        "",
        "x",
        ":",
        "é",
        "\U0001f600",
        "x" * 300,
        [],
        [None],
        [{}],
        {},
        {"id": 5},
        {"data": None},
        {"data": [5]},
    ]
)


def survive(body):
    told = envelope(body)
    assert 1 <= len(told.dedupe_key) <= 255
    assert told.dedupe_key.isascii() and told.event_type.isascii()
    try:
        events = translate(body).events
    except EngineError as error:
        assert error.cause in {"malformed", "unknown_currency"}
        assert len(str(error)) < 600
        return
    assert events
    fold(events)
    plan(events)


@pytest.mark.parametrize("body", REFUSED_JSON, ids=lambda body: repr(body[:24]))
def test_seeds(body):
    survive(body)


@given(st.binary(max_size=300))
def test_arbitrary_bytes(body):
    survive(body)


@settings(max_examples=500)
@given(st.sampled_from(BODIES), st.data())
def test_mutated_bytes(body, data):
    start = data.draw(st.integers(0, len(body)))
    length = data.draw(st.integers(0, 8))
    survive(body[:start] + data.draw(st.binary(max_size=8)) + body[start + length :])


def places(value):
    """Give every container of a JSON value with each of its keys."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, child in items:
        yield value, key
        if isinstance(child, (dict, list)):
            yield from places(child)


@settings(max_examples=1500)
@given(st.sampled_from(BODIES), st.data())
def test_mutated_values(body, data):
    value = json.loads(body)
    for _number in range(data.draw(st.integers(1, 3))):
        container, key = data.draw(st.sampled_from(list(places(value))))
        if isinstance(container, dict) and data.draw(st.booleans()):
            del container[key]
        else:
            container[key] = deepcopy(data.draw(ODD_VALUES))
    survive(json.dumps(value).encode())


@pytest.mark.parametrize("body", BODIES, ids=lambda body: json.loads(body)["type"])
def test_every_field_missing_or_odd(body):
    count = len(list(places(json.loads(body))))
    for index in range(count):
        for odd in (None, True, -1, 1.5, "", ":", [], {}, [5], {"data": 5}):
            value = json.loads(body)
            container, key = list(places(value))[index]
            container[key] = odd
            survive(json.dumps(value).encode())
