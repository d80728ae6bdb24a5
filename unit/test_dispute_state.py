# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A dispute is what its facts say, in whatever order they came."""

import itertools
from datetime import timedelta

import pytest
from payment_facts import START, fact

from engine.disputes import fold
from engine.events import Clock, Trait
from engine.postings import Money

NOTICE = ("dispute.fraud_notice", 0)
INQUIRY = ("dispute.inquiry_opened", 0)
INQUIRY_CLOSED = ("dispute.inquiry_closed", 1)
OPENED = ("dispute.opened", 2)
TAKEN = ("dispute.funds_withdrawn", 3)
ANSWERED = ("dispute.evidence_submitted", 4)
BACK = ("dispute.funds_reinstated", 6)
LOST = ("dispute.lost", 7)
WON = ("dispute.won", 7)
ESCALATED = ("dispute.escalated", 8)
AGAIN = ("dispute.funds_withdrawn", 9)


def dispute(type_, at, amount=None, **more):
    if amount is None and type_ in (TAKEN[0], BACK[0], ESCALATED[0]):
        amount = 100_00
    return fact(type_, "dp_1", amount, at, **more)


@pytest.mark.parametrize(
    ("facts", "status", "outcome"),
    [
        ([NOTICE], "notice", ""),
        ([INQUIRY], "needs_response", ""),
        ([INQUIRY, INQUIRY_CLOSED], "closed", "inquiry_closed"),
        ([INQUIRY, INQUIRY_CLOSED, OPENED], "needs_response", ""),
        ([OPENED, TAKEN], "needs_response", ""),
        ([OPENED, TAKEN, ANSWERED], "under_review", ""),
        ([OPENED, TAKEN, ("dispute.won", 5)], "won", "won"),
        ([OPENED, TAKEN, ("dispute.won", 5), BACK], "won", "won"),
        ([OPENED, TAKEN, BACK], "won", "won"),
        ([OPENED, TAKEN, ("dispute.accepted", 5)], "lost", "accepted"),
        ([OPENED, TAKEN, ("dispute.expired", 5)], "lost", "expired"),
        ([OPENED, TAKEN, ("dispute.expired", 5), LOST], "lost", "lost"),
        ([OPENED, ("dispute.canceled", 5)], "closed", "canceled"),
        ([OPENED, ("dispute.prevented", 5)], "closed", "prevented"),
        ([TAKEN, ANSWERED, BACK, ESCALATED], "needs_response", ""),
        ([TAKEN, ("dispute.won", 5), BACK, ESCALATED], "needs_response", ""),
        ([("dispute.won", 1), TAKEN], "won", "won"),
        ([OPENED, TAKEN, BACK, WON, AGAIN], "needs_response", ""),
        ([TAKEN, ("dispute.won", 5), BACK, AGAIN], "needs_response", ""),
        ([TAKEN, ANSWERED, BACK, AGAIN], "needs_response", ""),
        ([TAKEN, BACK, AGAIN, ("dispute.evidence_submitted", 10)], "under_review", ""),
        ([TAKEN, BACK, WON, AGAIN, ("dispute.lost", 10)], "lost", "lost"),
        ([TAKEN, BACK, WON, AGAIN, (BACK[0], 10)], "won", "won"),
        ([TAKEN, BACK, LOST, AGAIN], "lost", "lost"),
        ([TAKEN, BACK, ("dispute.escalated", 7), LOST, AGAIN], "lost", "lost"),
        ([TAKEN, WON, AGAIN], "won", "won"),
        ([("dispute.lost", 1), TAKEN, (BACK[0], TAKEN[1])], "lost", "lost"),
    ],
)
def test_status(facts, status, outcome):
    for order in itertools.permutations(dispute(*each) for each in facts):
        state = fold(order)
        assert (state.status, state.outcome) == (status, outcome)
        assert (state.stage == "closed") == bool(outcome)


def test_stage_is_the_furthest():
    def at(when, stage):
        return dispute("dispute.opened", when, traits=(Trait("dispute_stage", stage),))

    told = [at(1, "pre_arbitration"), at(2, "chargeback"), at(3, "closed")]
    for order in itertools.permutations(told):
        assert fold(order).stage == "pre_arbitration"
    assert fold([dispute(*OPENED)]).stage == "chargeback", "nobody tells one"


def test_money():
    told = [
        dispute("dispute.opened", 1, 90_00),
        dispute("dispute.funds_withdrawn", 2, 100_00),
        dispute("dispute.funds_reinstated", 3, 40_00),
        fact("fee.charged", "dp_1", 20_00, 2),
        fact("fee.refunded", "dp_1", 5_00, 3),
    ]
    for order in (told, told[::-1]):
        state = fold(order)
        assert state.amount == Money(100_00, "EUR", 2)
        assert (state.withdrawn_minor, state.given_back_minor) == (100_00, 40_00)
        assert state.fee == Money(15_00, "EUR", 2)
        assert state.status == "needs_response", "a part is still away"


def test_what_was_taken_in_another_currency_than_claimed():
    told = [
        dispute("dispute.opened", 1, 90_00),
        dispute("dispute.funds_withdrawn", 2, 130_00, currency="USD"),
    ]
    for order in (told, told[::-1]):
        state = fold(order)
        assert state.amount == Money(130_00, "USD", 2)
        assert state.withdrawn_minor == 130_00


def test_no_money():
    state = fold([dispute(*INQUIRY)])
    assert (state.amount, state.fee, state.withdrawn_minor) == (None, None, 0)


def test_cycles():
    assert fold([dispute(*OPENED), dispute(*TAKEN)]).cycle == 1
    assert fold([dispute(*OPENED), dispute(*TAKEN), dispute(*ESCALATED)]).cycle == 2
    again = dispute("dispute.funds_withdrawn", 8, leg="funds_withdrawn:2")
    assert fold([dispute(*TAKEN), again]).cycle == 2


def test_deadline_and_reason():
    days = [START + timedelta(days=number) for number in (7, 14)]
    told = [
        dispute("dispute.opened", 1, reason="fraud", clocks=(due(days[0]),)),
        dispute("dispute.escalated", 5, clocks=(due(days[1]),)),
        dispute("dispute.lost", 9, reason="general"),
    ]
    for order in itertools.permutations(told):
        state = fold(order)
        assert (state.due_at, state.reason) == (days[1], "fraud")
        assert state.opened_at == told[0].occurred_at
    booked = dispute("dispute.opened", 1, clocks=(Clock("booked", days[0], "UTC"),))
    assert fold([booked]).due_at is None


def due(at):
    return Clock("due", at, "UTC")
