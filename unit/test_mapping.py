# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which rule decides: checked against the definition, told naively."""

from datetime import date, timedelta
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from steps import assert_linear, steps

from engine.mapping import KEYS, Rule, Rules, ties

DAYS = [date(2026, 1, day) for day in (1, 2, 3)]
DAY = DAYS[1]
CRITERIA = st.dictionaries(
    st.sampled_from(["connection", "event_type", "fee_kind"]),
    st.sampled_from(["a", "b"]),
)
RULES = st.builds(
    Rule,
    id=st.just(0),
    criteria=CRITERIA,
    priority=st.sampled_from([1, 10]),
    valid_from=st.sampled_from([None, *DAYS]),
    valid_to=st.sampled_from([None, *DAYS]),
)
# All events of that universe: each criterion is not told, or one of two.
EVENTS = [
    {
        key: value
        for key, value in zip(
            ("connection", "event_type", "fee_kind"), values, strict=True
        )
        if value
    }
    for values in product((None, "a", "b"), repeat=3)
]


def winners(rules, event, day):
    """Find the rules that nothing goes before, by trying every one."""
    fitting = [
        rule
        for rule in rules
        if all(event.get(key) == wanted for key, wanted in rule.criteria.items())
        and (rule.valid_from is None or day >= rule.valid_from)
        and (rule.valid_to is None or day <= rule.valid_to)
    ]
    first = min([rule.priority for rule in fitting], default=0)
    fitting = [rule for rule in fitting if rule.priority == first]
    most = max([len(rule.criteria) for rule in fitting], default=0)
    return [rule for rule in fitting if len(rule.criteria) == most]


@given(st.lists(RULES, max_size=6))
def test_of_every_event_nothing_goes_before_what_is_chosen(rules):
    table = Rules(rules)
    for event, day in product(EVENTS, DAYS):
        first = winners(rules, event, day)
        chosen = table.choose(event, day)
        assert chosen in first if first else chosen is None


@given(RULES, RULES)
def test_two_rules_tie_where_both_are_first_for_some_event(one, other):
    pair = [one, other]
    shared = [
        event
        for event, day in product(EVENTS, DAYS)
        if len(winners(pair, event, day)) == 2
    ]
    assert bool(list(ties(pair))) == bool(shared)


@given(st.lists(RULES, max_size=6), CRITERIA, st.sampled_from(DAYS))
def test_the_first_in_rank_of_those_that_fit(rules, criteria, day):
    chosen = Rules(rules).choose(criteria, day)
    fitting = [rule for rule in rules if rule.fits(criteria, day)]
    if fitting:
        assert chosen in fitting
        assert chosen.rank == min(rule.rank for rule in fitting)
    else:
        assert chosen is None


@given(st.lists(RULES, max_size=6, unique_by=id))
def test_ties_are_the_pairs_that_tie(rules):
    def pairs(found):
        return sorted(sorted((id(one), id(other))) for one, other in found)

    wanted = [pair for pair in combinations(rules, 2) if pair[0].ties_with(pair[1])]
    assert pairs(ties(rules)) == pairs(wanted)


@given(RULES, RULES, CRITERIA, st.sampled_from(DAYS))
def test_without_a_tie_the_order_of_rows_does_not_matter(one, other, criteria, day):
    if one.ties_with(other):
        return
    forward, backward = Rules([one, other]), Rules([other, one])
    assert forward.choose(criteria, day) is backward.choose(criteria, day)


def test_the_more_specific_wins_and_priority_wins_over_it():
    fee = Rule("fee", {"event_type": "fee.charged"})
    scheme = Rule("scheme", {"event_type": "fee.charged", "fee_kind": "scheme"})
    first = Rule("first", {"connection": 1}, priority=1)
    event = {"event_type": "fee.charged", "fee_kind": "scheme", "connection": 1}
    assert Rules([fee, scheme]).choose(event, DAY) is scheme
    assert Rules([fee, scheme, first]).choose(event, DAY) is first
    assert Rules([fee, scheme]).choose({"event_type": "fee.charged"}, DAY) is fee


def test_a_row_for_each_of_many_accounts_stays_quick():
    """A marketplace has one row for each connected account."""

    def rules(count):
        return [Rule(n, {"connected_account": str(n)}) for n in range(count)]

    assert_linear(lambda count: lambda: list(ties(rules(count))))
    assert_linear(lambda count: lambda: Rules(rules(count)))
    few, many = Rules(rules(10)), Rules(rules(1_000))
    asked = {"connected_account": "9"}
    assert many.choose(asked, DAY).id == 9
    assert steps(lambda: many.choose(asked, DAY)) == (
        steps(lambda: few.choose(asked, DAY))
    )


def test_what_is_not_known_fits_no_rule_that_asks_for_it():
    for key in KEYS:
        assert Rules([Rule(1, {key: "x"})]).choose({}, DAY) is None
        assert Rules([Rule(1, {key: "x"})]).choose({key: "x"}, DAY).id == 1


@pytest.mark.parametrize(
    ("valid", "day", "is_valid"),
    [
        ({}, date.min, True),
        ({}, date.max, True),
        ({"valid_from": DAY}, DAYS[0], False),
        ({"valid_from": DAY}, DAY, True),
        ({"valid_to": DAY}, DAY, True),
        ({"valid_to": DAY}, DAYS[2], False),
        ({"valid_from": DAY, "valid_to": DAY}, DAY, True),
    ],
)
def test_first_and_last_day_count(valid, day, is_valid):
    assert bool(Rules([Rule(1, **valid)]).choose({}, day)) == is_valid


def test_one_rule_follows_another():
    """VAT on Stripe's fees in Italy: 22 % until 30 June 2025, none from then on."""
    last = date(2025, 6, 30)
    next_day = last + timedelta(days=1)
    fee = {"event_type": "fee.charged"}
    rules = [Rule("22 %", fee, valid_to=last), Rule("none", fee, valid_from=next_day)]
    assert list(ties(rules)) == []
    assert Rules(rules).choose(fee, last).id == "22 %"
    assert Rules(rules).choose(fee, next_day).id == "none"
