# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the balance felt, where a settlement tells it, and where one is missing."""

from dataclasses import replace

import pytest
from payment_facts import capture, fact, plan, refund, settled

from engine.effects import EFFECTS
from engine.postings import Money

CAPTURE = "charge:ch_1:capture"
MINUS_20 = fact(
    "payment.captured",
    "txn_2",
    0,
    at=10,
    object_type="balance_entry",
    leg="partial_capture_reversal",
    settlement=settled(-20),
)


def only(events, balances=None):
    planned = plan(events, balances=balances)
    assert planned.holds == ()
    (posting,) = planned.postings
    return posting


def held(events, balances=None):
    planned = plan(events, balances=balances)
    assert planned.postings == ()
    return dict(planned.holds)


# === currencies of balances ===


def test_what_is_in_the_currency_of_a_balance_reaches_it_unconverted():
    assert only([capture(100)], ["USD", "EUR"]).moved == Money(100, "EUR", 2)


def test_what_is_in_another_currency_waits_for_its_settlement():
    bare = capture(100, currency="GBP")
    assert held([bare], ["EUR"]) == {CAPTURE: "settlement_unknown"}
    told = replace(bare, settlement=settled(118))
    assert only([bare, told], ["EUR"]).moved == Money(118, "EUR", 2)


def test_a_settlement_tells_which_balance_it_was():
    dollars = capture(100, currency="USD", settlement=settled(92))
    assert only([dollars], ["EUR", "USD"]).moved == Money(92, "EUR", 2)


def test_without_a_list_of_balances_every_currency_has_one():
    assert only([capture(100, currency="GBP")]).moved == Money(100, "GBP", 2)


def test_a_refund_waits_for_a_capture_that_waits():
    refunded = refund(40, currency="GBP")
    assert held([capture(100, currency="GBP"), refunded], ["EUR"]) == {
        CAPTURE: "settlement_unknown",
        refunded.key: "settlement_unknown",
    }
    sure = replace(refunded, settlement=settled(-47))
    assert held([capture(100, currency="GBP"), sure], ["EUR"]) == {
        CAPTURE: "settlement_unknown",
        refunded.key: "parent_missing",
    }


# === what contradicts ===


@pytest.mark.parametrize(
    "settlement",
    [
        settled(-100),
        settled(99),
        settled(0),
        settled(-92, currency="USD"),
        settled(0, currency="USD"),
        replace(settled(100), exponent=3),
    ],
)
def test_settlement_mismatch(settlement):
    event = capture(100, settlement=settlement)
    assert held([event]) == {CAPTURE: "settlement_mismatch"}


@pytest.mark.parametrize("event_type", EFFECTS)
def test_an_amount_of_nothing_that_moved_the_balance_is_held(event_type):
    event = fact(event_type, "x_1", 0, parent="ch_1", settlement=settled(7))
    is_part = EFFECTS[event_type].kind in ("fee", "fee_refund", "tax")
    holds = () if is_part else ((event.key, "settlement_mismatch"),)
    assert plan([capture(50), event]).holds == holds
    still = replace(event, settlement=settled(0))
    assert plan([capture(50), still]) == plan([capture(50)])


# === fees ===


@pytest.mark.parametrize(
    ("event_type", "sign"),
    [("fee.charged", -1), ("tax.charged", -1), ("fee.refunded", 1)],
)
def test_a_fee_tells_the_settlement_of_its_movement(event_type, sign):
    for settlement in (settled(100, sign * -7), settled(0, sign * -7), settled(-9, 0)):
        event = fact(event_type, "ch_1", 7, settlement=settlement)
        posting = only([event], ["EUR"])
        assert (posting.sign, posting.moved) == (sign, Money(7, "EUR", 2))


def test_a_fee_in_the_currency_of_its_settlement_needs_no_list_of_balances():
    event = fact("fee.charged", "ch_1", 7, settlement=settled(100, 7))
    assert only([event], ["USD"]).moved == Money(7, "EUR", 2)


def test_a_fee_in_another_currency_is_what_was_taken_with_its_movement():
    dollars = fact("fee.charged", "ch_1", 8, currency="USD", settlement=settled(100, 7))
    assert only([dollars], ["EUR"]).moved == Money(7, "EUR", 2)
    alone = replace(dollars, settlement=settled(-7))
    assert only([alone], ["EUR"]).moved == Money(7, "EUR", 2)
    back = replace(dollars, settlement=settled(100, -7))
    assert held([back]) == {dollars.key: "settlement_mismatch"}


# === Stripe's pair: charged in full, and the rest given back ===


@pytest.mark.parametrize("balances", [None, ["EUR"]])
def test_a_part_is_captured_of_what_the_balance_got(balances):
    whole = capture(80, settlement=settled(100))
    for order in ([whole, MINUS_20], [MINUS_20, whole]):
        posting = only(order, balances)
        assert (posting.key, posting.amount) == (CAPTURE, posting.moved)
        assert posting.moved == Money(80, "EUR", 2)


def test_a_part_is_captured_and_converted():
    whole = capture(80, currency="USD", settlement=settled(92))
    rest = replace(MINUS_20, currency="USD", settlement=settled(-18))
    posting = only([whole, rest], ["EUR"])
    assert (posting.amount, posting.moved) == (Money(80, "USD", 2), Money(74, "EUR", 2))


def test_until_the_rest_is_known_the_pair_waits():
    whole = capture(80, settlement=settled(100))
    assert held([whole]) == {CAPTURE: "settlement_mismatch"}
    assert held([MINUS_20]) == {MINUS_20.key: "parent_missing"}


def test_who_knows_no_settlement_knows_the_part():
    assert only([capture(80), MINUS_20]).moved == Money(80, "EUR", 2)


def test_a_later_charge_of_the_payment_has_its_own_rest():
    first = capture(80, settlement=settled(80), at=5)
    second = capture(80, "ch_2", settlement=settled(100))
    rest = replace(MINUS_20, parent="ch_2")
    planned = plan([first, second, rest])
    assert planned.holds == ()
    assert [posting.moved.minor for posting in planned.postings] == [80, 80]


def test_the_rest_is_no_capture_that_can_be_refunded():
    whole = capture(80, settlement=settled(100))
    planned = plan([MINUS_20, whole, refund(30, charge="")])
    assert planned.holds == ()
    assert [one.parent_key for one in planned.postings] == ["", CAPTURE]


# === what has to be corrected ===


def digest(*events):
    return only(events).digest


def test_the_digest_changes_when_there_is_something_to_correct():
    dollars = capture(100, currency="USD", settlement=settled(92))
    learnt = [
        capture(100),
        capture(101),
        capture(100, currency="USD"),
        dollars,
        replace(dollars, settlement=settled(93)),
        replace(dollars, settlement=settled(92, currency="JPY")),
        replace(dollars, exponent=3),
        fact("topup.succeeded", "ch_1", 100),
        fact("topup.reversed", "ch_1", 100),
    ]
    assert len({digest(event) for event in learnt}) == len(learnt)


def test_the_digest_changes_with_the_parent():
    second = capture(50, "ch_2", at=11)
    unnamed, named = refund(20, charge=""), refund(20, charge="ch_2")
    digests = {
        plan([capture(100), second, event]).postings[-1].digest
        for event in (unnamed, named)
    }
    assert len(digests) == 2


def test_the_digest_stays_when_there_is_nothing_to_correct():
    told = capture(100, settlement=settled(100, 7))
    for other in (
        capture(100, at=3),
        told,
        replace(told, settlement=replace(told.settlement, entry="txn_1", batch="po_1")),
        capture(100, provider_code="charge.succeeded", reason="x"),
    ):
        assert digest(other) == digest(capture(100)) == digest(capture(100), other)


# === transfers between two accounts ===


@pytest.mark.parametrize("event_type", ["transfer.created", "transfer.reversed"])
@pytest.mark.parametrize("gross", [-7, 7])
def test_a_transfer_goes_where_the_settlement_says(event_type, gross):
    event = fact(event_type, "tr_1", 7, settlement=settled(gross))
    posting = only([event], ["EUR"])
    assert (posting.sign, posting.moved) == (1 if gross > 0 else -1, Money(7, "EUR", 2))


def test_a_transfer_without_settlement_is_told_by_the_sender():
    posting = only([fact("transfer.created", "tr_1", 7)], ["EUR"])
    assert posting.sign == -1
