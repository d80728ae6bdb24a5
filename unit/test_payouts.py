# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Payouts that leave, come back, and leave again; refunds that never left."""

import pytest
from payment_facts import capture, fact, plan, refund, refund_failed, settled

RETURNS = ["payout.failed", "payout.canceled", "payout.reversed"]
LEFT = "payout:po_1:in_transit"


def out(amount=100, at=10, **more):
    return fact("payout.in_transit", "po_1", amount, at, payment_ref="", **more)


def back(event_type="payout.failed", amount=100, at=20, payout="po_1", **more):
    return fact(event_type, payout, amount, at, payment_ref="", **more)


def postings(*events):
    planned = plan(events)
    assert planned.holds == ()
    return [(one.kind, one.sign, one.parent_key) for one in planned.postings]


@pytest.mark.parametrize("event_type", RETURNS)
def test_what_left_comes_back(event_type):
    returned = back(event_type)
    for order in ([out(), returned], [returned, out()]):
        assert postings(*order) == [("payout", -1, ""), ("payout_return", 1, LEFT)]


def test_paid_moves_nothing_any_more():
    paid = fact("payout.paid", "po_1", at=30, payment_ref="")
    assert postings(out(), paid) == [("payout", -1, "")]


def test_paid_again():
    again = out(at=30, leg="in_transit:2")
    failed = back(at=40, leg="failed:2")
    assert postings(out(), back(), again) == [
        ("payout", -1, ""),
        ("payout_return", 1, LEFT),
        ("payout", -1, ""),
    ]
    assert postings(out(), back(), again, failed)[-1] == ("payout_return", 1, again.key)


def test_a_part_comes_back():
    rest = back(amount=60, at=21, leg="failed:2")
    assert len(postings(out(), back(amount=40), rest)) == 3
    more = back(amount=61, at=21, leg="failed:2")
    assert plan([out(), back(amount=40), more]).holds == (
        (more.key, "impossible_transition"),
    )


@pytest.mark.parametrize("event_type", ["payout.failed", "payout.canceled"])
def test_what_never_left_does_not_come_back(event_type):
    assert postings(back(event_type)) == []
    assert postings(back(event_type, currency="GBP")) == []


@pytest.mark.parametrize("event_type", ["payout.failed", "payout.canceled"])
def test_what_the_balance_felt_did_leave(event_type):
    """It waits for the fact that the payout left, so that both are posted."""
    returned = back(event_type, settlement=settled(100))
    assert plan([returned]) == ((), ((returned.key, "parent_missing"),))
    assert postings(returned, out()) == [
        ("payout", -1, ""),
        ("payout_return", 1, LEFT),
    ]


@pytest.mark.parametrize("more", [{}, {"settlement": settled(100)}])
def test_a_reversal_may_have_a_name_of_its_own(more):
    """It reverses a payout of another name, or takes a debt from the bank account."""
    reversal = back("payout.reversed", payout="po_2", parent="po_1", **more)
    assert postings(reversal) == [("payout_return", 1, "")]


def test_a_reversal_waits_for_its_payout_when_that_is_held():
    planned = plan([out(), out(amount=99), back("payout.reversed")])
    assert planned.postings == ()
    assert dict(planned.holds) == {
        LEFT: "conflicting_attestation",
        "payout:po_1:reversed": "parent_missing",
    }


def test_a_refund_that_the_balance_got_back_did_leave():
    failed = refund_failed(20, settlement=settled(20))
    planned = plan([capture(100), failed])
    assert planned.holds == ((failed.key, "parent_missing"),)
    assert len(planned.postings) == 1
    assert plan([capture(100), failed, refund(20)]).holds == ()


def test_a_refund_that_failed_in_another_currency_never_left():
    bare = {"currency": "USD"}
    planned = plan([refund_failed(20, **bare)], balances=["EUR"])
    assert planned == ((), ())
