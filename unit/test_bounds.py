# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a sender can make long costs time and memory in proportion, and no more."""

import gzip
import json
import tracemalloc
from functools import partial

import pytest
from steps import assert_linear

from engine import strict_json
from engine.errors import EngineError, MalformedMessage, SignatureRefused
from engine.providers import PROVIDERS
from engine.providers.base import Keys
from engine.providers.bodies import unpacked
from engine.providers.signing import matching_secret

SIZE = 300_000


def _nested(depth, inner):
    for _level in range(depth):
        inner = {"k" * 80: inner}
    return inner


def _deep(count):
    """A flat object below long keys: the path of each child is 5 kB."""
    flat = {f"a{index}": 0 for index in range(count)} | {"x": "\U0001f600"}
    return json.dumps(_nested(60, flat)).encode()


DEEP = _deep(30_000)
EMPTY = gzip.compress(b"", mtime=0)


def _long(size):
    return {
        "brackets": b"[" * size,
        "closed brackets": b'{"a":[' + b"[]," * (size // 3) + b"1]}",
        "deep": _deep(size // 10),
        "digits": b'{"id":' + b"9" * size + b"}",
        "escapes": b'{"id":"' + rb"\ud83d\ude00" * (size // 12) + b'"}',
        "backslashes": b'{"id":"' + b"\\" * size + b'"}',
        "quotes": b'"' * size,
        "gzip": EMPTY * (size // len(EMPTY)),
        "lines": b"a,b\n" * (size // 4),
        "one line": b"," * size,
        "form": b"a=1&" * (size // 4),
        "objects": b'{"data":[' + b'{"id":"x"},' * (size // 11) + b"{}]}",
        "list": b"[" + b"{}," * (size // 3) + b"{}]",
    }


def _tried(work, *arguments):
    try:
        work(*arguments)
    except EngineError as error:
        assert len(str(error)) < 900


def _read(provider, body):
    _tried(provider.verify, body, {}, Keys(["secret"]), 0)
    provider.envelope(body, {})
    _tried(provider.translate, body, {}, {})
    for report in provider.reports.values():
        _tried(report.split, body)


@pytest.mark.parametrize("name", _long(1))
@pytest.mark.parametrize("provider", PROVIDERS.values(), ids=lambda p: p.code)
def test_long_bodies(provider, name):
    _read(provider, _long(SIZE)[name])
    # About as many objects as the size says.
    assert_linear(lambda size: partial(_read, provider, _long(12 * size)[name]))


def test_what_is_not_linear_is_found():
    def pairs(size):
        return lambda: [None for _one in range(size // 100) for _other in range(size)]

    with pytest.raises(AssertionError):
        assert_linear(pairs)


def test_a_path_is_made_for_the_fault_only():
    tracemalloc.start()
    try:
        strict_json.loads(DEEP)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 30_000_000
    with pytest.raises(MalformedMessage) as refused:
        strict_json.loads(rb'{"a":[0,{"b":["\u0000"]}]}')
    assert refused.value.path == "a[1].b[0]"


def test_a_secret_signs_once_however_many_signatures_are_sent():
    signed = []

    def digest_of(secret):
        signed.append(secret)
        return secret

    assert matching_secret(["x", "y"], digest_of, ["a"] * 1000 + ["y"]) == 1
    assert signed == ["x", "y"]
    with pytest.raises(SignatureRefused):
        matching_secret(["x"], digest_of, [])


def test_gzip_of_several_members():
    packed = gzip.compress(b"one,") + gzip.compress(b"two")
    assert unpacked(packed) == b"one,two"
    assert unpacked(packed, 7) == b"one,two"
    for odd in (packed[:-1], packed + b"x", packed[:-8] + b"\0" * 8, b"\x1f\x8b"):
        with pytest.raises(MalformedMessage):
            unpacked(odd)
    with pytest.raises(MalformedMessage, match="at most 6 bytes"):
        unpacked(packed, 6)
