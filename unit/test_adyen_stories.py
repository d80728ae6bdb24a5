# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What several of Adyen's messages tell together."""

import pytest
from adyen_payloads import amount, message
from adyen_reading import IMMEDIATE, MANUAL, only, told
from payment_facts import fold, plan

from engine.errors import MalformedMessage


def test_immediate_capture_told_twice_is_one():
    events = [only(message(code)) for code in ("AUTHORISATION", "CAPTURE")]
    state = fold(events)
    assert (state.status, state.captured_minor) == ("captured", 12100)
    assert len(plan(events).postings) == 1


def test_partial_capture_contradicts_immediate_capture():
    part = message("CAPTURE", amount=amount(5000))
    state = fold([only(message("AUTHORISATION")), only(part)])
    assert state.status == "conflicted"


def test_partial_captures():
    events = [
        only(message("AUTHORISATION"), MANUAL),
        only(message("CAPTURE", amount=amount(5000)), MANUAL),
        only(message("CAPTURE", pspReference="C2", amount=amount(7000)), MANUAL),
        only(message("CAPTURE_FAILED", pspReference="C2", amount=amount(7000)), MANUAL),
    ]
    state = fold(events)
    assert (state.status, state.captured_minor) == ("partially_captured", 5000)
    assert not state.problems


@pytest.mark.parametrize("options", [IMMEDIATE, MANUAL])
def test_refund_that_came_back(options):
    codes = ["AUTHORISATION", "CAPTURE", "REFUND"]
    events = [only(message(code), options) for code in codes]
    assert fold(events).status == "refunded"
    assert not plan(events).holds
    events.append(only(message("REFUND_FAILED"), options))
    assert (fold(events).status, fold(events).problems) == ("captured", ())


def test_refund_that_was_never_accepted_moves_nothing():
    events = [only(message("AUTHORISATION")), only(message("REFUND", success="false"))]
    assert fold(events).captured_minor == 12100
    assert len(plan(events).postings) == 1


@pytest.mark.parametrize(
    "code", ["CANCELLATION", "TECHNICAL_CANCEL", "CAPTURE_FAILED", "EXPIRE"]
)
def test_immediate_capture_that_never_happens(code):
    events = [only(message("AUTHORISATION")), only(message(code))]
    assert events[1].parent == events[0].object_id
    assert fold(events).captured_minor == 0
    assert (
        sum(
            line.amount_minor
            for one in plan(events).postings
            for line in one.lines
            if line.role == "clearing"
        )
        == 0
    )


def test_dispute_in_two_cycles():
    codes = ["AUTHORISATION", "NOTIFICATION_OF_CHARGEBACK", "CHARGEBACK"]
    events = [only(message(code)) for code in codes]
    assert fold(events).status == "disputed"
    events.append(only(message("CHARGEBACK_REVERSED")))
    assert fold(events).disputed_minor == 0
    events += [
        only(message(code)) for code in ("SECOND_CHARGEBACK", "SCHEME_ARBITRATION_LOST")
    ]
    assert (fold(events).status, fold(events).disputed_minor) == ("lost", 12100)


@pytest.mark.parametrize(
    "code", ["CHARGEBACK", "CHARGEBACK_REVERSED", "SECOND_CHARGEBACK"]
)
def test_disputed_money_without_the_payment_is_refused(code):
    with pytest.raises(MalformedMessage) as refused:
        only(message(code, originalReference=None))
    assert refused.value.path.endswith("NotificationRequestItem.originalReference")
    assert told("PREARBITRATION_WON", originalReference="")[1] == "dispute.won"
