# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A seeded defect that does not work is noticed."""

from types import SimpleNamespace

import pytest
from seeded import Watch, mistake

from engine import planner


def test_what_can_be_replaced():
    assert not mistake(planner, "fees_of", lambda fact: {})
    assert not mistake(planner, "PARTS", ())
    assert not mistake(planner.Posting, "digest", property(str))


@pytest.mark.parametrize(
    ("owner", "attribute", "value", "reason"),
    [
        (planner, "renamed", lambda fact: {}, "does not exist"),
        (
            SimpleNamespace(__name__="own", unheard_of=1),
            "unheard_of",
            2,
            "Nothing uses",
        ),
        (planner, "fees_of", lambda fact, other: {}, "has other arguments"),
        (planner, "fees_of", lambda: {}, "has other arguments"),
        (planner.Posting, "digest", lambda post: "", "not both properties"),
    ],
)
def test_what_cannot(owner, attribute, value, reason):
    assert reason in mistake(owner, attribute, value)


def test_never_reached():
    assert not Watch(lambda: None).has_worked
    assert not Watch(property(lambda _self: None)).has_worked


def test_reached():
    watch = Watch(lambda number: number + 1)
    assert watch.value(1) == 2
    assert watch.has_worked
    assert Watch(()).has_worked


def test_crashes_by_its_own_mistake():
    watch = Watch(lambda fact: fact.renamed)
    with pytest.raises(AttributeError):
        watch.value(object())
    assert not watch.has_worked


def test_makes_others_crash():
    watch = Watch(lambda: planner.fees_of(None))
    with pytest.raises(AttributeError):
        watch.value()
    assert watch.has_worked
