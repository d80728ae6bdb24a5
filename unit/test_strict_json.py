# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""JSON that would be read in two ways, or stored in none, is refused."""

import json
from functools import partial

import pytest
from fuzz_seeds import REFUSED_JSON
from hypothesis import given
from hypothesis import strategies as st
from steps import assert_linear

from engine.errors import EngineError, MalformedMessage
from engine.strict_json import loads, loads_list

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abc"), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.text("abc"), json_values), st.booleans())
def test_reads_what_json_reads(value, ensure_ascii):
    body = json.dumps(value, ensure_ascii=ensure_ascii).encode()
    assert loads(body) == value


@given(st.lists(json_values))
def test_reads_lists(value):
    assert loads_list(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (rb'{"a": "\ud83d\ude00"}', "\U0001f600"),
        (rb'{"a": "\\u0000 \\ud800"}', r"\u0000 \ud800"),
        (rb'{"a": "[[{{ \" [["}', '[[{{ " [['),
        (b'{"a": 1000000000000000000}', 10**18),
        (b'{"a": -1000000000000000000}', -(10**18)),
        (b'{"a": ' + b"[" * 63 + b"]" * 63 + b"}", None),
        (b'{"a": "' + b"[" * 1000 + b'"}', "[" * 1000),
        (rb'{"a": "\"' + b"[" * 1000 + b'"}', '"' + "[" * 1000),
        (rb'{"a": "\\", "b": "' + b"[" * 1000 + b'"}', "\\"),
        (b'{"a": [' + b"{}," * 1000 + b"{}]}", [{}] * 1001),
    ],
)
def test_reads(body, value):
    result = loads(body)["a"]
    assert value is None or result == value


@pytest.mark.parametrize("body", REFUSED_JSON, ids=lambda body: repr(body[:24]))
def test_refuses(body):
    with pytest.raises(MalformedMessage) as refused:
        loads(body)
    assert refused.value.cause == "malformed"
    # Neither the text nor the chain of causes may carry the message into a log.
    assert len(str(refused.value)) < 300
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


@pytest.mark.parametrize("body", [body for body in REFUSED_JSON if body != b"[]"])
def test_refuses_in_a_list(body):
    with pytest.raises(MalformedMessage):
        loads_list(b"[" + body + b",]")
    with pytest.raises(MalformedMessage):
        loads_list(body)
    with pytest.raises(MalformedMessage):
        loads_list(b'{"a": []}')


def test_names_the_repeated_key():
    with pytest.raises(MalformedMessage, match="'amount'"):
        loads(b'{"x": {"amount": 1, "currency": "eur", "amount": 2}}')


def test_names_the_path_of_text_that_cannot_be_stored():
    with pytest.raises(MalformedMessage) as refused:
        loads(rb'{"data": {"list": ["fine", "not\u0000"]}}')
    assert refused.value.path == "data.list[1]"


@pytest.mark.parametrize("depth", [65, 1000, 100_000])
@pytest.mark.parametrize("bracket", [b"[", b'{"a":'])
def test_refuses_depth(depth, bracket):
    with pytest.raises(MalformedMessage, match="64"):
        loads(b'{"a": ' + bracket * depth)


@pytest.mark.parametrize(
    "unit",
    [
        b"[",
        b"[]",
        b'"',
        b'\\"',
        b'"\\',
        b"\\",
        b"9",
        b"1e",
        b'{"a":',
        b'"a":1,',
        rb'"\u0000",',
        b"\xc3\xa9",
        b" ",
    ],
)
@pytest.mark.parametrize("head", [b"", b'{"a":[', b'{"a":"', b'{"a":-'])
def test_work_is_linear(unit, head):
    def refused(size):
        with pytest.raises(MalformedMessage):
            loads(head + unit * size)

    refused(500_000 // len(unit))
    assert_linear(lambda size: partial(refused, size))


@given(st.binary(max_size=200) | st.text('{}[]":,\\u0d8eE+-.1a ').map(str.encode))
def test_raises_nothing_else(body):
    try:
        assert isinstance(loads(body), dict)
    except EngineError:
        pass
