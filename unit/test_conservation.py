# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The state of a payment is that of its story; what is odd moves nothing unseen."""

from hypothesis import given, settings
from payment_facts import fold, plan
from worlds import contradictions, oddities, worlds


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


@settings(max_examples=400)
@given(oddities())
def test_whatever_is_told_is_posted_held_or_nothing(events):
    planned = plan(events, balances=["EUR"])
    keys = [posting.key for posting in planned.postings]
    posted = {posting.event_key for posting in planned.postings}
    held = [hold.event_key for hold in planned.holds]
    assert len(set(keys)) == len(keys) and len(set(held)) == len(held)
    assert posted.isdisjoint(held)
    rest = {posting.key: posting.amount.minor for posting in planned.postings}
    for posting in planned.postings:
        assert posting.parent_key in {"", *keys}
        assert posting.amount.minor > 0 and posting.moved.minor > 0
        if posting.kind == "dispute_loss":
            rest[posting.parent_key] -= posting.amount.minor
    assert min(rest.values(), default=0) >= 0
    for event in events:
        # What the balance felt is never passed over.
        felt = event.settlement and event.settlement.gross_minor
        is_part = event.type.startswith(("fee.", "tax."))
        if event.is_balance and event.amount_minor and (felt or is_part):
            assert event.key in {*posted, *held}
