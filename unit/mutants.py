# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Ways to break a message."""

import json
from copy import deepcopy

from hypothesis import strategies as st

ODD_VALUES = (
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
    "2026-13-01T00:00:00Z",
    "9999-12-31T23:59:59-23:59",
    "1e5",
    [],
    [None],
    [{}],
    {},
    {"id": 5},
    {"data": None},
    {"data": [5]},
)


def places(value):
    """Give every container of a JSON value with each of its keys."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, child in items:
        yield value, key
        if isinstance(child, (dict, list)):
            yield from places(child)


def with_other_bytes(body):
    """Strategy: the body with a few bytes replaced."""
    return st.builds(
        lambda start, length, new: body[:start] + new + body[start + length :],
        st.integers(0, len(body)),
        st.integers(0, 8),
        st.binary(max_size=8),
    )


def mutate(value, draw):
    """Delete or replace a few values of a JSON value, in place."""
    for _number in range(draw(st.integers(1, 3))):
        found = list(places(value))
        if not found:
            return
        container, key = draw(st.sampled_from(found))
        if isinstance(container, dict) and draw(st.booleans()):
            del container[key]
        else:
            container[key] = deepcopy(draw(st.sampled_from(ODD_VALUES)))


def each_place_odd(body):
    """Give the body with each of its values in turn replaced by odd ones."""
    for index in range(len(list(places(json.loads(body))))):
        for odd in (None, True, -1, 1.5, "", ":", [], {}, [5], {"data": 5}):
            value = json.loads(body)
            container, key = list(places(value))[index]
            container[key] = odd
            yield json.dumps(value).encode()
