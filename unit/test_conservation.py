# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The clearing account holds what the provider holds, to the cent."""

from hypothesis import given, settings
from payment_facts import fold, plan
from worlds import contradictions, worlds


def clearing(planned):
    return sum(
        line.amount_minor
        for posting in planned.postings
        for line in posting.lines
        if line.account_key == "psp_clearing"
    )


@settings(max_examples=400)
@given(worlds())
def test_clearing_is_the_balance_of_the_provider(world):
    planned = plan(world.events)
    assert planned.holds == ()
    assert clearing(planned) == world.balance
    assert clearing(planned) == world.captured - world.refunded


@settings(max_examples=400)
@given(worlds())
def test_state_agrees_with_the_story(world):
    state = fold(world.events)
    assert state.problems == ()
    assert state.captured_minor == world.captured
    assert state.refunded_minor == world.refunded
    assert state.net_minor == world.balance


@settings(max_examples=400)
@given(contradictions())
def test_every_posting_balances_and_every_fact_has_one_fate(events):
    planned = plan(events)
    posted = [posting.key for posting in planned.postings]
    held = [hold.event_key for hold in planned.holds]
    assert len(set(posted)) == len(posted)
    assert not set(posted) & set(held)
    for posting in planned.postings:
        assert sum(line.amount_minor for line in posting.lines) == 0
        assert posting.parent_key in {"", *posted}
    # What moves money and is neither posted nor held is nothing, or never left.
    for event in events:
        if event.is_balance and event.key not in {*posted, *held}:
            assert event.amount_minor == 0 or event.type == "refund.failed"


@settings(max_examples=400)
@given(contradictions())
def test_what_the_state_finds_odd_is_held(events):
    assert set(fold(events).problems) <= set(plan(events).holds)
