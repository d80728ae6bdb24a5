# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A fee of several kinds is a posting for each kind."""

from dataclasses import replace
from itertools import permutations

import pytest
from payment_facts import fact, plan, settled

from engine.events import Fee
from engine.facts import surest
from engine.planner import fees_of

KEY = "fee:txn_1:charged"


def charged(*fees, total=10, event_type="fee.charged", **more):
    """A fee of ``total``, told with these kinds."""
    sign = -1 if event_type == "fee.refunded" else 1
    told = tuple(Fee(kind, sign * minor) for kind, minor in fees)
    settlement = replace(settled(100, sign * total), fees=told)
    return fact(event_type, "txn_1", total, settlement=settlement, **more)


def parts(*facts):
    """Give by key: sign, minor units and kind of fee of each posting."""
    return {
        posting.key: (posting.sign, posting.amount.minor, posting.fee_kind)
        for posting in plan(facts).postings
    }


@pytest.mark.parametrize(
    ("fees", "kind"),
    [
        ([], ""),
        ([("scheme", 10)], "scheme"),
        ([("scheme", 4), ("scheme", 6)], "scheme"),
        ([("scheme", 10), ("markup", 0)], "scheme"),
        ([("scheme", 10), ("markup", 3), ("markup", -3)], "scheme"),
    ],
)
def test_a_fee_of_one_kind_or_none_is_one_posting(fees, kind):
    assert parts(charged(*fees)) == {KEY: (-1, 10, kind)}


def test_each_kind_has_a_posting():
    fee = charged(("interchange", 5), ("scheme", 3), ("interchange", 2))
    assert parts(fee) == {
        f"{KEY}:interchange": (-1, 7, "interchange"),
        f"{KEY}:scheme": (-1, 3, "scheme"),
    }
    for posting in plan([fee]).postings:
        assert posting.event_key == KEY
        assert posting.moved == posting.amount
        assert sum(line.amount_minor for line in posting.lines) == 0


def test_a_rebate_goes_the_other_way():
    assert parts(charged(("processing", 13), ("markup", -3))) == {
        f"{KEY}:markup": (1, 3, "markup"),
        f"{KEY}:processing": (-1, 13, "processing"),
    }


def test_a_fee_that_is_given_back():
    event = charged(("processing", 8), ("fx", 2), event_type="fee.refunded")
    assert parts(event) == {
        "fee:txn_1:refunded:fx": (1, 2, "fx"),
        "fee:txn_1:refunded:processing": (1, 8, "processing"),
    }


@pytest.mark.parametrize(
    "change",
    [
        {"amount_minor": 9},
        {"currency": "USD"},
        {"exponent": 3},
        {"type": "tax.charged"},
        {"type": "fee.refunded"},
        {"settlement": None},
    ],
)
def test_kinds_of_another_fee_are_not_taken(change):
    event = replace(charged(("processing", 8), ("fx", 2)), **change)
    assert fees_of(event) == {}
    assert [posting.fee_kind for posting in plan([event]).postings] == [""]


def test_what_is_not_a_fee_has_no_kinds():
    capture = fact("payment.captured", "ch_1", 100)
    told = charged(("processing", 8), ("fx", 2)).settlement
    assert parts(replace(capture, settlement=told)) == {capture.key: (1, 100, "")}


def test_kinds_that_are_learnt_correct_what_was_posted():
    before = parts(charged())
    after = parts(charged(), charged(("processing", 8), ("fx", 2)))
    assert not before.keys() & after.keys()
    assert sum(minor for _sign, minor, _kind in after.values()) == 10


def test_the_source_that_tells_most_kinds_tells_the_fees():
    plain = charged().settlement
    one = replace(plain, fees=(Fee("processing", 10),), batch="po_1")
    two = replace(plain, fees=(Fee("processing", 8), Fee("fx", 2)), entry="txn")
    for told in permutations([plain, one, two, None]):
        assert surest(told) == two
    named = replace(one, entry="txn")
    for told in permutations([plain, named, two]):
        assert surest(told) == replace(named, fees=two.fees)
    assert surest([None]) is None


def test_kinds_of_another_effect_are_not_taken():
    other = charged(("processing", 12), ("fx", 2), total=14).settlement
    surer = replace(charged().settlement, entry="txn")
    assert surest([other, surer]) == surer


def test_the_digest_tells_the_kind_once_it_is_known():
    """A source that tells no kind, or none at all, changes nothing."""
    (known,) = plan([charged(("scheme", 10))]).postings
    (other,) = plan([charged(("markup", 10))]).postings
    (plain,) = plan([charged()]).postings
    assert len({known.digest, other.digest, plain.digest}) == 3
    assert known.digest == f"{plain.digest}|scheme"
    assert plain.digest == "fee|-1||10|EUR|2|10|EUR|2", "as it was always stored"
