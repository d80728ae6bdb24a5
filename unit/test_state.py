# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The state of a payment, case by case."""

from dataclasses import replace

import pytest
from payment_facts import capture, fact, fold, refund, refund_failed, reversal

from engine.state import Problem

AUTHORIZED = fact("payment.authorized", "ch_1", 100)
VOIDED = fact("payment.voided", "pi_1", at=50)
OPENED = fact("dispute.opened", "dp_1", at=30)
WITHDRAWN = fact("dispute.funds_withdrawn", "dp_1", 100, at=31)
REINSTATED = fact("dispute.funds_reinstated", "dp_1", 100, at=60)
BOOKED = fact("dispute.funds_withdrawn", "ch_1", 60, at=32)
REPORT = fact("external.info", "ch_1", at=25, leg="report", reported_minor=20)


def dispute(name, at=50):
    return fact(f"dispute.{name}", "dp_1", at=at)


@pytest.mark.parametrize(
    ("status", "events"),
    [
        ("pending", []),
        ("pending", [fact("external.info", "ch_1")]),
        ("pending", [fact("payment.pending", "pi_1")]),
        ("action_required", [fact("payment.action_required", "pi_1")]),
        (
            "action_required",
            [
                fact("payment.pending", "pi_1"),
                fact("payment.action_required", "pi_1"),
            ],
        ),
        (
            "pending",
            [
                fact("payment.pending", "pi_1", at=9),
                fact("payment.action_required", "pi_1"),
            ],
        ),
        ("failed", [fact("payment.failed", "ch_1"), fact("payment.pending", "pi_1")]),
        ("authorized", [AUTHORIZED, fact("payment.failed", "ch_0", at=5)]),
        ("failed", [AUTHORIZED, fact("payment.failed", "ch_1", at=5)]),
        ("voided", [AUTHORIZED, VOIDED]),
        ("expired", [AUTHORIZED, fact("payment.authorization_expired", "ch_1", at=9)]),
        ("captured", [AUTHORIZED, capture(100)]),
        ("captured", [capture(0)]),
        ("partially_captured", [AUTHORIZED, capture(60)]),
        (
            "captured",
            [AUTHORIZED, fact("payment.failed", "ch_1"), capture(60, "ch_2")],
        ),
        ("captured", [capture(100), VOIDED]),
        ("failed", [capture(100), reversal(100)]),
        ("partially_refunded", [capture(100), refund(99)]),
        ("refunded", [capture(100), refund(99), refund(1, "re_2")]),
        ("captured", [capture(100), refund(100), refund_failed(100)]),
        (
            "captured",
            [capture(100), refund(100), fact("refund.reversed", "re_1", 100)],
        ),
        ("disputed", [capture(100), OPENED]),
        ("disputed", [capture(100), WITHDRAWN]),
        ("disputed", [capture(100), OPENED, WITHDRAWN, dispute("won")]),
        ("captured", [capture(100), OPENED, WITHDRAWN, REINSTATED, dispute("won")]),
        ("captured", [capture(100), OPENED, dispute("canceled")]),
        ("captured", [capture(100), dispute("inquiry_opened")]),
        ("lost", [capture(100), OPENED, WITHDRAWN, dispute("lost")]),
        ("lost", [capture(100), OPENED, WITHDRAWN, dispute("accepted")]),
        ("captured", [capture(100), WITHDRAWN, dispute("lost"), REINSTATED]),
        # The books name the charge where the provider's messages name the dispute.
        ("disputed", [capture(100), OPENED, BOOKED]),
        ("disputed", [capture(100), OPENED, BOOKED, dispute("won")]),
        ("lost", [capture(100), OPENED, BOOKED, dispute("lost")]),
        ("lost", [capture(100), OPENED, dispute("lost"), reversal(100)]),
        # An inquiry that ran out before the chargeback says nothing of its money.
        ("disputed", [capture(100), BOOKED, dispute("expired")]),
        (
            "disputed",
            [
                capture(100),
                OPENED,
                replace(WITHDRAWN, amount_minor=40),
                dispute("lost"),
                BOOKED,
            ],
        ),
        (
            "disputed",
            [
                capture(100),
                OPENED,
                BOOKED,
                dispute("lost"),
                fact("dispute.opened", "dp_2", at=70),
            ],
        ),
        ("conflicted", [capture(100), capture(99)]),
        ("conflicted", [capture(100), refund(20, currency="USD")]),
    ],
)
def test_status(status, events):
    assert fold(events).status == status


def test_amounts_are_net_per_object():
    state = fold(
        [
            AUTHORIZED,
            capture(60),
            capture(40, "ch_2", at=11),
            refund(30),
            refund(10, "re_2"),
            # This one never left the balance: it must not pay for re_1 and re_2.
            refund_failed(25, "re_3"),
            WITHDRAWN,
            replace(REINSTATED, amount_minor=70),
        ]
    )
    assert (state.currency, state.exponent) == ("EUR", 2)
    assert state.authorized_minor == 100
    assert state.captured_minor == 100
    assert state.refunded_minor == 40
    assert state.disputed_minor == 30
    assert state.net_minor == 30
    assert state.problems == ()


def test_last_authorised_amount_counts():
    adjusted = fact("payment.authorization_adjusted", "ch_1", 80)
    assert fold([AUTHORIZED, adjusted]).authorized_minor == 80
    assert fold([AUTHORIZED, VOIDED]).authorized_minor == 100


def test_second_chargeback_withdraws_again():
    escalated = fact("dispute.escalated", "dp_1", 100, at=70)
    events = [capture(100), WITHDRAWN, REINSTATED, escalated]
    assert fold(events).disputed_minor == 100


def test_one_fact_told_at_two_times_is_no_conflict():
    state = fold([capture(100), capture(100, at=11), capture(100, at=9)])
    assert (state.captured_minor, state.problems) == (100, ())


@pytest.mark.parametrize(
    "other",
    [
        capture(99),
        capture(100, currency="USD"),
        replace(capture(100), type="payment.charge_reversed"),
    ],
)
def test_contradicted_fact_does_not_count(other):
    state = fold([capture(100), other, capture(5, "ch_2")])
    assert state.captured_minor == 5
    assert state.problems == (
        Problem("charge:ch_1:capture", "conflicting_attestation"),
    )


def test_caller_may_know_of_a_conflict():
    state = fold([capture(100)], conflicted={"charge:ch_1:capture", "charge:x:capture"})
    assert (state.status, state.captured_minor) == ("conflicted", 0)
    assert len(state.problems) == 1


@pytest.mark.parametrize(
    ("events", "problems"),
    [
        (
            [capture(100, at=51), VOIDED],
            {"charge:ch_1:capture": "impossible_transition"},
        ),
        ([capture(100, at=50), VOIDED], {}),
        ([refund(20)], {"refund:re_1:succeeded": "parent_missing"}),
        (
            [capture(100), refund(20, charge="ch_2")],
            {"refund:re_1:succeeded": "parent_missing"},
        ),
        ([capture(100), refund(20, charge="")], {}),
        ([reversal(100)], {"charge:ch_1:charge_reversed": "parent_missing"}),
        ([refund_failed(20)], {}),
        (
            [capture(100), refund(60), refund(60, "re_2", at=21)],
            {"refund:re_2:succeeded": "refund_exceeds_capture"},
        ),
        (
            [capture(100), refund(60), refund(60, "re_2", at=21), refund_failed(60)],
            {},
        ),
        (
            [capture(100), refund(20, currency="USD")],
            {"refund:re_1:succeeded": "currency_mismatch"},
        ),
        (
            [capture(100), capture(99), refund(20)],
            {
                "charge:ch_1:capture": "conflicting_attestation",
                "refund:re_1:succeeded": "parent_missing",
            },
        ),
        ([capture(100), REPORT], {"external:ch_1:report": "refund_unidentified"}),
        ([capture(100), REPORT, refund(20)], {}),
        ([capture(100), REPORT, refund(20), refund_failed(20)], {}),
        ([capture(100), REPORT, fact("refund.requested", "re_1", 20)], {}),
        (
            [
                capture(100),
                REPORT,
                fact("refund.requested", "re_1", 20),
                fact("refund.canceled", "re_1", 20),
            ],
            {"external:ch_1:report": "refund_unidentified"},
        ),
    ],
)
def test_problems(events, problems):
    expected = tuple(sorted(Problem(*item) for item in problems.items()))
    assert fold(events).problems == expected


def test_reported_refunds():
    higher = replace(REPORT, leg="report_2", reported_minor=50)
    assert fold([capture(100), higher, REPORT]).reported_refunded_minor == 50


@pytest.mark.parametrize(
    ("is_orphan", "events"),
    [
        (True, [refund(20)]),
        (True, [fact("refund.requested", "re_1", 20)]),
        (True, [OPENED]),
        (False, [refund(20), capture(100)]),
        (False, [AUTHORIZED]),
    ],
)
def test_orphan(is_orphan, events):
    assert fold(events).is_orphan is is_orphan
