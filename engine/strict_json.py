# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""JSON as RFC 8259 wants it, and nothing that PostgreSQL or a ledger would choke on.

``json.loads`` alone lets the last of two equal keys win, reads ``NaN``, turns
``1e400`` into infinity, recurses as deep as the sender likes, and hands on NUL
characters and lone surrogates, which PostgreSQL can store in no text column.
"""

import json
import math
import re

from .errors import MalformedMessage

MAX_DEPTH = 64
MAX_INTEGER = 10**18

_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_NOT_OPENING = bytes(set(range(256)) - set(b"[{"))
_WHITE_SPACE = " \t\r\n"  # of JSON; Python knows more
_SUSPECT_ESCAPE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


def loads(body: bytes) -> dict:
    """Read one JSON object from UTF-8 bytes, in time linear in their number.

    :param body: the message as received
    :return: the object; integers within ±10^18, floats finite, nesting at most 64
    :raises MalformedMessage: for anything else, with the reason in the text
    """
    return _loads(body, dict, "object")


def loads_list(body: bytes) -> list:
    """Read one JSON array, under the rules of ``loads``."""
    return _loads(body, list, "array")


def _loads(body: bytes, kind: type, name: str) -> object:
    try:
        text = body.decode().strip(_WHITE_SPACE)
    except UnicodeDecodeError:
        raise MalformedMessage("Send the message as UTF-8.") from None
    if _is_too_deep(body):
        raise MalformedMessage(f"Nest at most {MAX_DEPTH} levels.")
    try:
        value, end = _DECODER.raw_decode(text)
    # The original error carries the whole message, which must not reach a log.
    except (ValueError, RecursionError):
        raise MalformedMessage(f"Send one well-formed JSON {name}.") from None
    if end != len(text) or not isinstance(value, kind):
        raise MalformedMessage(f"Send a JSON {name}, not another JSON value.")
    if b"\\" in body and _SUSPECT_ESCAPE.search(body):
        _refuse_unstorable_text(value)
    return value


def _is_too_deep(body: bytes) -> bool:
    if len(body.translate(None, _NOT_OPENING)) <= MAX_DEPTH:
        return False
    # With escaped quotes gone, every second piece between quotes lies outside strings.
    pieces = body.replace(b"\\\\", b"").replace(b'\\"', b"").split(b'"')
    depth = 0
    for bracket in b"".join(pieces[::2]).translate(None, _NOT_BRACKETS):
        depth += 1 if bracket in b"[{" else -1
        if depth > MAX_DEPTH:
            return True
    return False


def _refuse_unstorable_text(value: object) -> None:
    # (place above, key or index, item): a path is long, and wanted for one item only.
    stack = [((), "", value)]
    while stack:
        place = stack.pop()
        item = place[2]
        if isinstance(item, dict):
            stack += ((place, "{key}", key) for key in item)
            stack += ((place, key, child) for key, child in item.items())
        elif isinstance(item, list):
            stack += ((place, index, child) for index, child in enumerate(item))
        elif isinstance(item, str) and not _is_storable(item):
            raise MalformedMessage(
                "Send text without NUL characters and lone surrogates.",
                path=_path_of(place),
            )


def _path_of(place: tuple) -> str:
    steps = []
    while place[0]:
        place, name, _item = place
        if isinstance(name, int):
            steps.append(f"[{name}]")
        else:
            steps.append(name if name == "{key}" else f".{name[:80]}")
    return ascii("".join(reversed(steps)).lstrip("."))[1:-1]


def _is_storable(text: str) -> bool:
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def _object(pairs: list[tuple[str, object]]) -> dict:
    result = dict(pairs)
    if len(result) != len(pairs):
        _refuse_repeated_key(pairs)
    return result


def _refuse_repeated_key(pairs: list[tuple[str, object]]) -> None:
    seen: set[str] = set()
    for key, _value in pairs:
        if key in seen:
            raise MalformedMessage(f"Send the key {ascii(key[:80])} only once.")
        seen.add(key)


def _integer(digits: str) -> int:
    # The length comes first: Python refuses to convert very long digit strings.
    if len(digits) > 20 or abs(value := int(digits)) > MAX_INTEGER:
        raise MalformedMessage("Send integers within ±10^18.")
    return value


def _float(digits: str) -> float:
    if math.isinf(value := float(digits)):
        raise MalformedMessage("Send numbers that a double can hold.")
    return value


def _constant(name: str) -> None:
    raise MalformedMessage(f"{name} is not a JSON number.")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_int=_integer,
    parse_float=_float,
    parse_constant=_constant,
)
