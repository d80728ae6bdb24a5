# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A payout is what its facts say, in whatever order they came."""

import itertools

import pytest
from payment_facts import fact, settled

from engine.payouts import fold
from engine.postings import Money

SCHEDULED = ("payout.scheduled", 0)
SENT = ("payout.in_transit", 1)
PAID = ("payout.paid", 2)
RECONCILED = ("payout.reconciled", 2)
FAILED = ("payout.failed", 3)
AGAIN = ("payout.in_transit", 4)
PAID_AGAIN = ("payout.paid", 5)


def payout(type_, at, amount=98_00, **more):
    more.setdefault("leg", f"{type_}:{at}")
    return fact(type_, "po_1", amount, at, payment_ref="", **more)


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ([], "open"),
        ([SCHEDULED], "scheduled"),
        ([SCHEDULED, SENT], "in_transit"),
        ([PAID], "paid"),
        ([SENT, PAID, SCHEDULED], "paid"),
        ([SENT, RECONCILED], "in_transit"),
        ([SENT, PAID, RECONCILED], "reconciled"),
        ([SENT, PAID, FAILED], "failed"),
        ([SENT, ("payout.canceled", 2)], "canceled"),
        ([SENT, ("payout.reversed", 3), PAID], "reversed"),
        ([FAILED], "failed"),
        ([SENT, PAID, FAILED, AGAIN], "in_transit"),
        ([SENT, PAID, FAILED, AGAIN, PAID_AGAIN], "paid"),
        (
            [("payout.in_transit", 1), ("payout.paid", 1), ("payout.failed", 1)],
            "failed",
        ),
    ],
)
def test_status(facts, status):
    told = [payout(type_, at) for type_, at in facts]
    for order in itertools.permutations(told):
        assert fold(order).status == status


def test_part_that_came_back():
    state = fold([payout(*SENT), payout(*PAID), payout("payout.reversed", 3, 30_00)])
    assert (state.status, state.returned_minor) == ("paid", 30_00)


def test_bank_in_another_currency():
    sent = payout(*SENT, settlement=settled(-110_00, currency="USD"))
    paid = payout(*PAID)
    for order in ([sent, paid], [paid, sent]):
        state = fold(order)
        assert state.amount == Money(110_00, "USD", 2)
        assert state.bank == Money(98_00, "EUR", 2)


def test_payout_that_brings_money():
    brought = payout("payout.reversed", 3, 5_00, settlement=settled(5_00))
    assert fold([brought]).amount == Money(-5_00, "EUR", 2)
    assert fold([payout(*FAILED)]).amount == Money(98_00, "EUR", 2)


def test_nobody_tells_the_amount():
    assert fold([payout(*PAID, amount=None)]).amount is None
