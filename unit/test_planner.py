# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is posted, what waits, and what neither."""

import itertools

import pytest
from payment_facts import (
    START,
    capture,
    fact,
    plan,
    refund,
    refund_failed,
    reversal,
    settled,
)

from engine.postings import Line, Money, Posting

CAPTURE = "charge:ch_1:capture"
REFUND = "refund:re_1:succeeded"


def postings(*events):
    """Give kind, amount and parent of each posting, in order; nothing may be held."""
    planned = plan(events)
    assert planned.holds == ()
    return [(p.kind, p.amount.minor, p.parent_key) for p in planned.postings]


def test_capture():
    (posting,) = plan([capture(12100)]).postings
    assert posting == Posting(
        key=CAPTURE,
        kind="capture",
        event_key=CAPTURE,
        parent_key="",
        sign=1,
        near="clearing",
        far="receivable",
        amount=Money(12100, "EUR", 2),
        moved=Money(12100, "EUR", 2),
        occurred_at=capture(1).occurred_at,
    )
    assert posting.lines == (
        Line("clearing", 12100, "EUR"),
        Line("receivable", -12100, "EUR"),
    )


@pytest.mark.parametrize(
    ("event", "kind", "clearing"),
    [
        (refund(20), "refund", -20),
        (reversal(100), "charge_reversal", -100),
    ],
)
def test_money_that_leaves(event, kind, clearing):
    _capture, posting = plan([event, capture(100)]).postings
    assert (posting.kind, posting.sign) == (kind, -1)
    assert posting.parent_key == CAPTURE
    assert posting.lines == (
        Line("clearing", clearing, "EUR"),
        Line("receivable", -clearing, "EUR"),
    )


@pytest.mark.parametrize("name", ["refund.failed", "refund.reversed"])
def test_refund_that_comes_back(name):
    back = fact(name, "re_1", 20, at=30)
    *_others, posting = plan([back, refund(20), capture(100)]).postings
    assert (posting.kind, posting.sign) == ("refund_failure", 1)
    assert posting.parent_key == REFUND
    assert posting.lines == (
        Line("clearing", 20, "EUR"),
        Line("receivable", -20, "EUR"),
    )


def test_refund_that_never_left():
    assert postings(capture(100), refund_failed(20)) == [("capture", 100, "")]
    assert postings(refund_failed(20)) == []


def test_each_refund_undoes_the_capture_of_its_own_charge():
    second = capture(50, "ch_2", at=11)
    assert postings(
        capture(100),
        second,
        refund(20, "re_2", "ch_2", at=21),
        refund(30, "re_3", "", at=22),
    ) == [
        ("capture", 100, ""),
        ("capture", 50, ""),
        ("refund", 20, second.key),
        ("refund", 30, CAPTURE),
    ]


def test_attestation_that_names_the_charge_wins():
    second = capture(50, "ch_2", at=11)
    told = [refund(20, charge=""), refund(20, charge="ch_2")]
    for order in (told, told[::-1]):
        *_captures, posting = plan([capture(100), second, *order]).postings
        assert posting.parent_key == second.key


def test_what_was_taken_again_can_be_returned_again():
    second = capture(100, at=91, leg="capture:2")
    returns = [reversal(100), reversal(100, at=92, leg="charge_reversed:2")]
    assert postings(capture(100), second, *returns) == [
        ("capture", 100, ""),
        ("charge_reversal", 100, CAPTURE),
        ("capture", 100, ""),
        ("charge_reversal", 100, second.key),
    ]
    third = reversal(100, at=93, leg="charge_reversed:3")
    (hold,) = plan([capture(100), second, *returns, third]).holds
    assert hold == (third.key, "impossible_transition")


def test_order_is_by_time_then_key():
    # The refund is told to be older than its capture: a clock can be wrong.
    early = refund(20, at=5)
    assert [p.key for p in plan([capture(100), early]).postings] == [REFUND, CAPTURE]


def test_nothing_to_post():
    assert (
        postings(
            fact("payment.authorized", "ch_1", 100),
            fact("refund.requested", "re_1", 20),
            fact("external.info", "ch_1"),
            capture(0),
            fact("fee.charged", "txn_1", 0),
        )
        == []
    )


@pytest.mark.parametrize(
    ("events", "holds"),
    [
        ([refund(20)], {REFUND: "parent_missing"}),
        ([reversal(9)], {"charge:ch_1:charge_reversed": "parent_missing"}),
        ([capture(0), refund(20)], {REFUND: "refund_exceeds_capture"}),
        (
            [refund(20), refund_failed(20)],
            {REFUND: "parent_missing", "refund:re_1:failed": "parent_missing"},
        ),
        ([fact("unknown", "evt_1")], {"unknown:evt_1:": "unknown_event_type"}),
        ([fact("fee.charged", "txn_1")], {"fee:txn_1:charged": "amount_missing"}),
        ([fact("payment.captured", "ch_1")], {CAPTURE: "amount_missing"}),
        ([capture(9), capture(8)], {CAPTURE: "conflicting_attestation"}),
        (
            [capture(9), capture(8), refund(5)],
            {CAPTURE: "conflicting_attestation", REFUND: "parent_missing"},
        ),
        (
            [capture(9, at=60), fact("payment.voided", "pi_1", at=50)],
            {CAPTURE: "impossible_transition"},
        ),
    ],
)
def test_held_and_not_posted(events, holds):
    planned = plan(events)
    assert dict(planned.holds) == holds
    assert planned.postings == ()


@pytest.mark.parametrize(
    ("event", "cause"),
    [
        (refund(20, currency="USD"), "currency_mismatch"),
        (refund(101), "refund_exceeds_capture"),
        (refund(20, charge="ch_2"), "parent_missing"),
        (reversal(101), "impossible_transition"),
        (
            fact("external.info", "ch_1", reported_minor=1),
            "refund_unidentified",
        ),
    ],
)
def test_held_beside_the_capture(event, cause):
    planned = plan([capture(100), event])
    assert planned.holds == ((event.key, cause),)
    assert [posting.key for posting in planned.postings] == [CAPTURE]


def test_no_more_comes_back_than_went():
    twice = fact("refund.reversed", "re_1", 20, at=31)
    planned = plan([capture(100), refund(20), refund_failed(20), twice])
    assert planned.holds == ((twice.key, "impossible_transition"),)
    assert len(planned.postings) == 3


def test_caller_may_know_of_a_conflict():
    planned = plan([capture(100)], conflicted=[CAPTURE])
    assert planned == ((), ((CAPTURE, "conflicting_attestation"),))


@pytest.mark.parametrize("amount", [1, 2**53 + 1, 10**18])
def test_amounts_are_integers_whatever_their_size(amount):
    for posting in plan([capture(amount), refund(amount)]).postings:
        sides = [line.amount_minor for line in posting.lines]
        assert posting.amount.minor == max(sides) == -min(sides) == amount
        assert {type(minor) for minor in (posting.amount.minor, *sides)} == {int}


def test_earliest_attestation_dates_the_posting():
    (posting,) = plan([capture(100, at=3), capture(100, at=0)]).postings
    assert posting.occurred_at == START


@pytest.mark.parametrize("order", [*itertools.permutations(range(3))])
def test_what_releases_a_felt_hold_has_to_tell_its_settlement(order):
    placed = fact("hold.placed", "ho_1", 20, settlement=settled(-20))
    released = fact("hold.released", "ho_1", 20, at=30)
    other = fact("hold.released", "ho_2", 20, at=30)
    planned = plan([[placed, released, other][number] for number in order])
    assert planned.holds == ((released.key, "settlement_unknown"),)
    assert [one.key for one in planned.postings] == [placed.key]


@pytest.mark.parametrize("told", [settled(20), settled(0)])
def test_a_release_whose_settlement_is_told_is_not_held(told):
    placed = fact("hold.placed", "ho_1", 20, settlement=settled(-20))
    bare = fact("hold.released", "ho_1", 20, at=30)
    released = fact("hold.released", "ho_1", 20, at=30, settlement=told)
    assert len(postings(placed, bare, released)) == (2 if told.gross_minor else 1)


def test_the_release_of_a_hold_that_was_disclosed_plans_nothing():
    placed = fact("hold.placed", "ho_1", 20, settlement=settled(0))
    assert postings(placed, fact("hold.released", "ho_1", 20, at=30)) == []
