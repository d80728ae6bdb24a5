# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What disputes withdraw, give back and cost for good."""

import itertools

import pytest
from payment_facts import capture, fact, fold, plan, settled

from engine.postings import Line, Money

GIVEN_UP = ["dispute.lost", "dispute.accepted"]
LOSSES = [*GIVEN_UP, "dispute.expired"]
ENDS = ["dispute.won", "dispute.canceled", "dispute.prevented"]
WITHDRAWN = "dispute:dp_1:funds_withdrawn"


def told(name, amount=None, at=30, dispute="dp_1", **more):
    return fact(f"dispute.{name}", dispute, amount, at, **more)


def withdrawn(amount, at=30, dispute="dp_1", **more):
    return told("funds_withdrawn", amount, at, dispute, **more)


def reinstated(amount, at=40, dispute="dp_1", **more):
    return told("funds_reinstated", amount, at, dispute, **more)


def postings(*events):
    planned = plan(events)
    assert planned.holds == ()
    return [(one.kind, one.amount.minor, one.parent_key) for one in planned.postings]


def losses(*events):
    """Give what is written off by the withdrawal that it is of."""
    planned = plan(events)
    assert planned.holds == ()
    return {
        posting.parent_key: posting.amount.minor
        for posting in planned.postings
        if posting.kind == "dispute_loss"
    }


def test_withdrawn_and_given_back():
    assert postings(capture(100), withdrawn(60), told("won"), reinstated(60)) == [
        ("capture", 100, ""),
        ("dispute_withdrawal", 60, ""),
        ("dispute_reinstatement", 60, WITHDRAWN),
    ]


def test_the_payment_need_not_be_known():
    assert postings(withdrawn(60)) == [("dispute_withdrawal", 60, "")]


@pytest.mark.parametrize("event_type", LOSSES)
def test_a_lost_dispute_moves_no_money(event_type):
    end = fact(event_type, "dp_1", at=50)
    planned = plan([capture(100), withdrawn(60), end])
    _capture, _withdrawal, loss = planned.postings
    assert (loss.key, loss.kind) == (f"{WITHDRAWN}:loss", "dispute_loss")
    assert (loss.event_key, loss.parent_key) == (end.key, WITHDRAWN)
    assert loss.occurred_at == end.occurred_at
    assert loss.lines == (
        Line("dispute_hold", -60, "EUR"),
        Line("dispute_loss", 60, "EUR"),
    )


@pytest.mark.parametrize("event_type", ENDS)
def test_other_outcomes_cost_nothing(event_type):
    assert losses(withdrawn(60), fact(event_type, "dp_1", at=50)) == {}


@pytest.mark.parametrize("end", LOSSES)
def test_a_round_that_began_after_the_loss_costs_nothing_yet(end):
    """Until it ends in turn; what was lost before stays lost."""
    first = [withdrawn(60), fact(end, "dp_1", at=50)]
    second = told("escalated", 10, at=60)
    assert losses(*first, second) == {WITHDRAWN: 60}
    again = told("lost", at=70, leg="lost:2")
    assert losses(*first, second, again) == {WITHDRAWN: 60, second.key: 10}
    back, taken = reinstated(60, at=60), withdrawn(60, at=61, leg="withdrawn:2")
    assert losses(*first, back, taken) == {}
    opened = told("opened", at=55)
    assert losses(fact(end, "dp_1", at=20), opened, withdrawn(60, at=56)) == {}


def test_an_open_dispute_costs_nothing_yet():
    assert losses(withdrawn(60), told("opened"), told("evidence_submitted")) == {}


def test_without_money_there_is_nothing_to_lose():
    assert postings(capture(100), told("opened"), told("lost", at=50)) == [
        ("capture", 100, "")
    ]


def test_what_was_given_back_is_not_lost():
    lost = told("lost", at=50)
    assert losses(withdrawn(60), reinstated(20), lost) == {WITHDRAWN: 40}
    assert losses(withdrawn(60), reinstated(60), lost) == {}
    late = reinstated(60, at=70)
    assert losses(withdrawn(60), lost, late) == {}
    assert losses(withdrawn(60), lost, reinstated(50, at=70)) == {WITHDRAWN: 10}


def test_the_last_outcome_counts():
    lost = told("lost", at=55)
    assert losses(withdrawn(60), told("won", at=45), lost) == {WITHDRAWN: 60}
    assert losses(withdrawn(60), told("won", at=65), lost) == {}


def test_a_second_cycle():
    events = [
        withdrawn(60),
        reinstated(60),
        told("won", at=41),
        told("escalated", 60, at=50),
    ]
    escalated = "dispute:dp_1:escalated"
    assert losses(*events) == {}
    assert losses(*events, told("lost", at=60)) == {escalated: 60}
    back = reinstated(60, at=60, leg="funds_reinstated:2")
    assert postings(*events, back)[-1] == ("dispute_reinstatement", 60, escalated)


def test_each_withdrawal_has_its_loss():
    second = withdrawn(30, at=31, leg="funds_withdrawn:2")
    lost = told("lost", at=50)
    assert losses(withdrawn(60), second, lost) == {WITHDRAWN: 60, second.key: 30}
    assert losses(withdrawn(60), second, reinstated(60), lost) == {second.key: 30}


def test_what_is_given_back_at_once_was_withdrawn_in_parts():
    second = withdrawn(30, at=31, leg="funds_withdrawn:2")
    lost = told("lost", at=50)
    assert losses(withdrawn(60), second, reinstated(90), lost) == {}
    assert losses(withdrawn(60), second, reinstated(80), lost) == {second.key: 10}
    assert postings(withdrawn(60), second, reinstated(80))[-1] == (
        "dispute_reinstatement",
        80,
        WITHDRAWN,
    )


@pytest.mark.parametrize(
    ("events", "cause"),
    [
        ([], "parent_missing"),
        ([withdrawn(60, dispute="dp_2")], "parent_missing"),
        ([withdrawn(60), withdrawn(61)], "parent_missing"),
        ([withdrawn(39)], "impossible_transition"),
        ([withdrawn(60), reinstated(30, leg="1")], "impossible_transition"),
    ],
)
def test_no_more_is_given_back_than_was_withdrawn(events, cause):
    back = reinstated(40, at=45)
    assert (back.key, cause) in plan([*events, back]).holds


def test_a_reinstatement_that_is_held_saves_nothing_from_being_lost():
    odd = reinstated(60, settlement=settled(-60))
    planned = plan([withdrawn(60), odd, told("lost", at=50)])
    assert planned.holds == ((odd.key, "settlement_mismatch"),)
    assert planned.postings[-1].amount.minor == 60


def test_converted_at_two_rates():
    events = [
        withdrawn(60, currency="USD", settlement=settled(-55)),
        reinstated(40, currency="USD", settlement=settled(38)),
        told("lost", at=50),
    ]
    first, back, loss = plan(events, balances=["EUR"]).postings
    assert (first.moved.minor, back.moved.minor) == (55, 38)
    # It is lost in the currency in which it is held.
    assert loss.amount == loss.moved == Money(20, "USD", 2)


DOLLARS = withdrawn(130, currency="USD", settlement=settled(-130, currency="USD"))


def test_money_in_another_currency_than_the_charge():
    """It stands on an account of its own; the payment's amounts do not count it."""
    opened = told("opened", 130, currency="USD")
    back = reinstated(30, currency="USD")
    events = [capture(100), opened, DOLLARS, back, told("lost", at=50)]
    for order in itertools.permutations(events):
        planned = plan(order)
        assert planned.holds == ()
        _capture, taken, given, loss = planned.postings
        assert taken.amount == taken.moved == Money(130, "USD", 2)
        assert given.parent_key == taken.key
        assert loss.amount == Money(100, "USD", 2)
        state = fold(order)
        assert (state.status, state.currency) == ("lost", "EUR")
        assert (state.disputed_minor, state.net_minor) == (0, 100)


def test_a_dispute_is_in_one_currency():
    back = reinstated(100, settlement=settled(130, currency="USD"))
    planned = plan([capture(100), DOLLARS, back])
    assert planned.holds == ((back.key, "currency_mismatch"),)
    euros = withdrawn(100, settlement=settled(-130, currency="USD"))
    back = reinstated(130, currency="USD", settlement=settled(130, currency="USD"))
    planned = plan([capture(100), euros, back])
    assert planned.holds == ((back.key, "currency_mismatch"),)


def test_another_currency_needs_the_settlement():
    bare = withdrawn(130, currency="USD")
    assert plan([capture(100), bare]).holds == ((bare.key, "currency_mismatch"),)
    assert plan([capture(100), bare, DOLLARS]).holds == ()


def test_a_contradicted_outcome_is_none():
    lost = told("lost", at=50)
    planned = plan([withdrawn(60), lost], conflicted=[lost.key])
    assert planned.holds == ((lost.key, "conflicting_attestation"),)
    assert [one.kind for one in planned.postings] == ["dispute_withdrawal"]


# === books that name the charge where the messages name the dispute ===

BOOKED = withdrawn(60, dispute="ch_1")


@pytest.mark.parametrize("event_type", GIVEN_UP)
def test_books_name_the_charge(event_type):
    end = fact(event_type, "dp_1", at=50)
    assert losses(BOOKED, told("opened"), end) == {BOOKED.key: 60}
    assert losses(BOOKED, end, reinstated(60, dispute="ch_1")) == {}


@pytest.mark.parametrize("event_type", ["dispute.expired", *ENDS])
def test_books_name_the_charge_of_what_is_not_lost(event_type):
    """An inquiry that ran out before the chargeback says nothing of its money."""
    assert losses(BOOKED, fact(event_type, "dp_1", at=50)) == {}


def test_a_loss_with_money_of_its_own_is_no_other_s():
    own = withdrawn(40)
    assert losses(BOOKED, own, told("lost", at=50)) == {own.key: 40}


def test_another_open_dispute_may_be_meant():
    lost = told("lost", at=50)
    other = told("opened", at=20, dispute="dp_2")
    assert losses(BOOKED, lost, other) == {}
    assert losses(BOOKED, lost, other, told("lost", at=60, dispute="dp_2"))
    # One that began later, or has money of its own, cannot be.
    assert losses(BOOKED, lost, told("opened", at=35, dispute="dp_2"))
    assert losses(BOOKED, lost, other, withdrawn(10, dispute="dp_2")) == {
        BOOKED.key: 60
    }


def test_the_loss_that_followed_is_meant():
    again = withdrawn(10, at=60, dispute="ch_1", leg="2")
    events = [BOOKED, told("lost", at=50), again, told("lost", at=70, dispute="dp_2")]
    found = {one.parent_key: one.event_key for one in plan(events).postings}
    assert found[BOOKED.key] == "dispute:dp_1:lost"
    assert found[again.key] == "dispute:dp_2:lost"


def test_a_loss_of_long_ago_is_not_meant():
    events = [told("lost", at=20), told("won", at=25, dispute="dp_2")]
    assert losses(*events, BOOKED) == {}
    assert losses(*events[:1], BOOKED) == {BOOKED.key: 60}
    assert losses(*events, BOOKED, told("lost", at=50, dispute="dp_2")) == {
        BOOKED.key: 60
    }
