# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What each type of fact does to the balance, with and without settlement."""

from dataclasses import replace

import pytest
from payment_facts import fact, plan, settled

from engine.effects import (
    DISCLOSURES,
    EFFECTS,
    KINDS,
    LOSS,
    ROLES,
    SHARE,
    SHARE_RETURN,
)
from engine.events import EVENT_TYPES
from engine.postings import Line, Money

# By type: kind, account on the other side, and whether it is debited (the provider
# owes less afterwards) or credited.
TABLE = {
    "payment.captured": ("capture", "receivable", "credit"),
    "payment.charge_reversed": ("charge_reversal", "receivable", "debit"),
    "refund.succeeded": ("refund", "receivable", "debit"),
    "refund.failed": ("refund_failure", "receivable", "credit"),
    "refund.reversed": ("refund_failure", "receivable", "credit"),
    "dispute.funds_withdrawn": ("dispute_withdrawal", "dispute_hold", "debit"),
    "dispute.escalated": ("dispute_withdrawal", "dispute_hold", "debit"),
    "dispute.funds_reinstated": ("dispute_reinstatement", "dispute_hold", "credit"),
    "fee.charged": ("fee", "fee", "debit"),
    "fee.refunded": ("fee_refund", "fee", "credit"),
    "tax.charged": ("tax", "fee_tax", "debit"),
    "tax.withheld": ("tax", "tax_withheld", "debit"),
    "payout.in_transit": ("payout", "payout_transit", "debit"),
    "payout.failed": ("payout_return", "payout_transit", "credit"),
    "payout.canceled": ("payout_return", "payout_transit", "credit"),
    "payout.reversed": ("payout_return", "payout_transit", "credit"),
    "reserve.held": ("reserve", "reserve", "debit"),
    "reserve.released": ("reserve", "reserve", "credit"),
    "hold.placed": ("reserve", "reserve", "debit"),
    "hold.released": ("reserve", "reserve", "credit"),
    "topup.succeeded": ("topup", "topup_transit", "credit"),
    "topup.reversed": ("topup", "topup_transit", "debit"),
    "transfer.created": ("transfer", "connected_payable", "debit"),
    "transfer.reversed": ("transfer", "connected_payable", "credit"),
    "transfer.failed": ("transfer", "connected_payable", "credit"),
    "application_fee.earned": ("application_fee", "platform_revenue", "credit"),
    "application_fee.refunded": ("application_fee", "platform_revenue", "debit"),
    "advance.disbursed": ("advance", "loan", "credit"),
    "advance.repaid": ("advance", "loan", "debit"),
    "adjustment.credit": ("adjustment", "suspense", "credit"),
    "adjustment.debit": ("adjustment", "suspense", "debit"),
}
# The object that a fact needs to be told of before, by the kind of posting.
CHARGE = fact("payment.captured", "one", 500, at=1)
BEFORE = {
    "charge_reversal": [CHARGE],
    "refund": [CHARGE],
    "refund_failure": [CHARGE, fact("refund.succeeded", "one", 500, 2, parent="one")],
    "dispute_reinstatement": [fact("dispute.funds_withdrawn", "one", 500, 2)],
    "payout_return": [fact("payout.in_transit", "one", 500, 2)],
}
PARENTS = {
    "charge_reversal": "charge:one:capture",
    "refund": "charge:one:capture",
    "refund_failure": "refund:one:succeeded",
    "dispute_reinstatement": "dispute:one:funds_withdrawn",
    "payout_return": "payout:one:in_transit",
}
STILL = sorted(EVENT_TYPES.keys() - {*EFFECTS, "unknown"})


def planned(event_type, **more):
    """Give the posting of a fact of 500 cents."""
    kind = TABLE[event_type][0]
    if event_type in DISCLOSURES:  # the balance has to say that it felt them
        gross = 500 * EFFECTS[event_type].sign
        more = {"settlement": settled(gross), **more}
    event = fact(event_type, "one", 500, 9, parent="", **more)
    found = plan([event, *BEFORE.get(kind, [])])
    assert found.holds == ()
    return next(one for one in found.postings if one.event_key == event.key)


def test_every_type_that_moves_money_has_an_effect():
    moving = {name for name, told in EVENT_TYPES.items() if told.family == "balance"}
    assert set(EFFECTS) == moving == {*TABLE, "fx.converted"}


def test_kinds_and_roles_are_those_of_the_effects():
    kinds = {kind for kind, _role, _side in TABLE.values()}
    shares = {SHARE.kind, SHARE_RETURN.kind}
    assert set(KINDS) == kinds | shares | {"conversion", "dispute_loss"}
    assert len(set(KINDS)) == len(KINDS)
    roles = {role for _kind, role, _side in TABLE.values()}
    assert set(ROLES) == roles | {"conversion", "dispute_loss"}
    assert {effect.undoes for effect in (*EFFECTS.values(), LOSS)} <= {"", *KINDS}


@pytest.mark.parametrize("event_type", TABLE)
def test_without_settlement_the_balance_felt_the_amount(event_type):
    kind, role, side = TABLE[event_type]
    posting = planned(event_type)
    assert (posting.kind, posting.parent_key) == (kind, PARENTS.get(kind, ""))
    minor = 500 if side == "debit" else -500
    assert posting.lines == (Line("clearing", -minor, "EUR"), Line(role, minor, "EUR"))


@pytest.mark.parametrize("event_type", TABLE)
def test_a_settlement_in_the_same_currency_changes_nothing(event_type):
    gross = -500 if TABLE[event_type][2] == "debit" else 500
    known = planned(event_type, settlement=settled(gross))
    assert known == planned(event_type)
    # What is charged with a movement is a fact of its own.
    assert planned(event_type, settlement=settled(gross, fee=20)) == known


@pytest.mark.parametrize("event_type", TABLE)
def test_a_settlement_in_another_currency_is_what_the_balance_felt(event_type):
    _kind, role, side = TABLE[event_type]
    gross = -7 if side == "debit" else 7
    posting = planned(event_type, settlement=settled(gross, currency="JPY"))
    assert (posting.amount, posting.moved) == (Money(500, "EUR", 2), Money(7, "JPY", 0))
    assert posting.lines == (
        Line("clearing", gross, "JPY"),
        Line(role, 500 if side == "debit" else -500, "EUR"),
    )


@pytest.mark.parametrize("event_type", [*TABLE, "fx.converted"])
def test_an_amount_is_due(event_type):
    felt = settled(EFFECTS[event_type].sign) if event_type in DISCLOSURES else None
    event = fact(event_type, "one", at=9, settlement=felt)
    others = BEFORE.get(EFFECTS[event_type].kind, [])
    assert plan([event, *others]).holds == ((event.key, "amount_missing"),)


@pytest.mark.parametrize("event_type", DISCLOSURES)
@pytest.mark.parametrize(
    "told", [{}, {"amount": 500}, {"amount": 500, "settlement": settled(0)}]
)
@pytest.mark.parametrize("balances", [None, {"JPY"}])
def test_a_hold_that_the_balance_did_not_feel_is_only_disclosed(
    event_type, told, balances
):
    assert plan([fact(event_type, "one", **told)], balances=balances) == ((), ())


@pytest.mark.parametrize("event_type", DISCLOSURES)
def test_a_hold_is_posted_when_one_of_its_sources_says_that_the_balance_felt_it(
    event_type,
):
    bare = fact(event_type, "one", 500)
    felt = replace(bare, settlement=settled(500 * EFFECTS[event_type].sign))
    for sources in ([bare, felt], [felt, bare]):
        (posting,) = plan(sources).postings
        assert posting.lines[0].amount_minor == 500 * EFFECTS[event_type].sign


@pytest.mark.parametrize("event_type", STILL)
def test_what_moves_nothing_is_neither_posted_nor_held(event_type):
    assert plan([fact(event_type, "one", 500)]) == ((), ())


@pytest.mark.parametrize(("gross", "sign"), [(500, 1), (-500, -1)])
def test_a_conversion_goes_where_its_settlement_says(gross, sign):
    event = fact("fx.converted", "one", 500, settlement=settled(gross))
    (posting,) = plan([event]).postings
    assert (posting.kind, posting.sign, posting.parent_key) == ("conversion", sign, "")
    assert posting.lines == (
        Line("clearing", gross, "EUR"),
        Line("conversion", -gross, "EUR"),
    )


def test_a_conversion_without_settlement_has_no_direction():
    event = fact("fx.converted", "one", 500)
    assert plan([event]) == ((), ((event.key, "settlement_unknown"),))
