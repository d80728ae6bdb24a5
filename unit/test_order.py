# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Neither order nor repetition matters, to the state or to the ledger."""

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st
from payment_facts import capture, fact, fold, plan, refund, refund_failed
from worlds import contradictions, oddities, shuffles, worlds

STREAM = [
    fact("payment.authorized", "ch_1", 100),
    capture(60, at=10),
    capture(40, "ch_2", at=11),
    refund(20, "re_1", "ch_2", at=20),
    refund(30, "re_2", at=21),
    refund_failed(20, "re_1", "ch_2", at=30),
    fact("external.info", "ch_1", at=22, reported_minor=50),
]


def test_all_orders_of_a_stream_end_alike():
    state, ledger = fold(STREAM), plan(STREAM)
    assert len(STREAM) == 7
    assert (state.captured_minor, state.refunded_minor) == (100, 30)
    assert (len(ledger.postings), len(ledger.holds)) == (5, 0)
    for order in permutations(STREAM):
        assert fold(order) == state
        assert plan(order) == ledger


@settings(max_examples=400)
@given(st.data())
def test_shuffled_and_repeated(data):
    events = data.draw(worlds()).events
    order = data.draw(shuffles(events))
    assert fold(order) == fold(events)
    assert plan(order) == plan(events)


@settings(max_examples=400)
@given(st.data())
def test_contradictions_are_found_in_any_order(data):
    events = data.draw(contradictions() | oddities())
    again = data.draw(st.lists(st.sampled_from(events), max_size=5))
    order = data.draw(st.permutations([*events, *again]))
    assert fold(order) == fold(events)
    assert plan(order) == plan(events)


@given(st.data())
def test_duplicates_change_nothing(data):
    events = data.draw(contradictions())
    assert fold(events * 3) == fold(events)
    assert plan(events * 3) == plan(events)


@settings(max_examples=400)
@given(st.data())
def test_what_is_posted_early_stands_at_the_end(data):
    """A posting is never edited, so no later fact may ask for another one."""
    world = data.draw(worlds())
    order = data.draw(st.permutations(world.events))
    at_the_end = {posting.key: posting for posting in plan(order).postings}
    for count in range(len(order)):
        early = {posting.key: posting for posting in plan(order[:count]).postings}
        assert early.items() <= at_the_end.items()
