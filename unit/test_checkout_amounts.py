# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What each row of Checkout.com's reports moves, by kind, to the last decimal."""

import pytest
from checkout_payloads import (
    CAPTURE,
    PAYMENT,
    PAYOUT,
    actions,
    breakdown,
    breakdown_row,
    capture_actions,
    payouts,
)
from checkout_reading import facts, fault
from hypothesis import given
from hypothesis import strategies as st
from roads import claims

from engine.events import Fee, Reference
from engine.providers.checkout.movements import PLACES, rounded

# === amounts ===


def test_other_holding_currency():
    row = breakdown_row(
        **{
            "Holding Currency": "JPY",
            "FX Rate Applied": "150.123",
            "Gross In Holding Currency": "7506.15",
            "Deduction In Holding Currency": "-1.5",
            "Net In Holding Currency": "7504.65",
            "Processing Fee In Holding Currency": "-1.5",
            "Scheme Fee In Holding Currency": "0",
            "Interchange In Holding Currency": "0",
        }
    )
    found = facts("settlement_breakdown", breakdown(row))
    capture = found[f"payment:{PAYMENT}:capture:{CAPTURE}"]
    assert (capture.amount_minor, capture.currency) == (5000, "USD")
    settled = capture.settlement
    assert (settled.gross_minor, settled.currency, settled.exponent) == (7506, "JPY", 0)
    assert (settled.rate, settled.entry) == ("150.123", CAPTURE)
    fee = found[f"settled_payment:{PAYMENT}.20260701100000:fee"]
    assert (fee.amount_minor, fee.currency) == (2, "JPY")


def test_fees_by_kind_add_up():
    found = facts("settlement_breakdown", breakdown(breakdown_row()))
    fee = found[f"settled_payment:{PAYMENT}.20260701100000:fee"]
    assert fee.settlement.fees == (
        Fee("interchange", 25),
        Fee("processing", 120),
        Fee("scheme", 5),
    )
    assert Reference("payout", PAYOUT) in fee.references


def test_fee_given_back():
    row = ("Adjustment", "adj_1", "Scheme Fixed Fee", "0.30")
    found = facts("financial_actions", actions(row))
    (fee,) = (fact for fact in found.values() if fact.is_balance)
    assert (fee.type, fee.amount_minor, fee.payment_ref) == ("fee.refunded", 30, "")


def test_tax_is_part_of_the_fee():
    rows = (
        ("Capture", CAPTURE, "Scheme Fixed Fee", "-1"),
        ("Capture", CAPTURE, "Scheme Fixed Fee Tax", "-0.2"),
    )
    found = facts("financial_actions", actions(*rows))
    (fee,) = (fact for fact in found.values() if fact.is_balance)
    assert fee.settlement.fees == (Fee("scheme", 100), Fee("tax", 20))


def test_deductions_beyond_the_columns_are_fees():
    row = breakdown_row(
        **{
            "Deduction In Holding Currency": "-2.5044",
            "Net In Holding Currency": "47.4956",
        }
    )
    found = facts("settlement_breakdown", breakdown(row))
    fee = found[f"settled_payment:{PAYMENT}.20260701100000:fee"]
    assert fee.amount_minor == 250
    assert Fee("other", 100) in fee.settlement.fees


def test_reserves():
    row = breakdown_row(
        **{
            "Deduction In Holding Currency": "-6.5044",
            "Net In Holding Currency": "43.4956",
            "Reserve In Holding Currency": "-5",
        }
    )
    by_breakdown = facts("settlement_breakdown", breakdown(row))
    by_actions = facts(
        "financial_actions",
        actions(*capture_actions(), ("Capture", CAPTURE, "Rolling Reserve", "-5.00")),
    )
    assert claims(by_breakdown.values()) == claims(by_actions.values())
    held = by_actions[f"settled_payment:{PAYMENT}.20260701100000:reserve"]
    assert (held.type, held.amount_minor) == ("reserve.held", 500)
    fee = by_actions[f"settled_payment:{PAYMENT}.20260701100000:fee"]
    assert fee.amount_minor == 150


def test_a_reserve_beside_the_deductions_is_for_a_person():
    row = breakdown_row(**{"Reserve In Holding Currency": "-5"})
    path = "row 1.Deduction In Holding Currency"
    assert fault("settlement_breakdown", breakdown(row)) == path


@given(st.integers(-(10**14), 10**14), st.sampled_from([0, 2, 3, 4]))
def test_rounding_is_to_the_nearest_and_symmetric(amount, exponent):
    unit = 10 ** (PLACES - exponent)
    found = rounded(amount, exponent)
    assert abs(found * unit - amount) * 2 <= unit
    assert rounded(-amount, exponent) == -found
    assert rounded(found * unit, exponent) == found


@given(st.lists(st.integers(-(10**4), 10**4), min_size=1, max_size=6))
def test_fees_are_rounded_once(amounts):
    """However many deductions there are, the fee is off by half a cent at most."""
    rows = [
        ("Capture", CAPTURE, "Scheme Fixed Fee", f"{-amount / 10**4:.4f}")
        for amount in amounts
    ]
    found = facts("financial_actions", actions(*rows))
    fees = [fact for fact in found.values() if fact.is_balance]
    signed = sum(
        fact.amount_minor * (1 if fact.type == "fee.charged" else -1) for fact in fees
    )
    assert abs(signed * 100 - sum(amounts)) <= 50


# === entries and codes ===


@pytest.mark.parametrize(
    ("code", "amount", "expected"),
    [
        ("Top Up", "100", ("topup.succeeded", "topup")),
        ("Cover Negative Position", "7.005", ("adjustment.credit", "adjustment")),
        ("Invoice Settlement", "-7.004", ("adjustment.debit", "adjustment")),
        ("Security Deposit Reservation", "-5", ("reserve.held", "reserve")),
        ("Security Deposit Release", "5", ("reserve.released", "reserve")),
        ("Operational Funding Reservation", "-5", ("hold.placed", "hold")),
        ("Operational Funding Release", "5", ("hold.released", "hold")),
    ],
)
def test_entries_of_the_balance(code, amount, expected):
    row = ("Adjustment", "adj_1", code, amount)
    (fact,) = (
        fact
        for fact in facts("financial_actions", actions(row)).values()
        if fact.is_balance
    )
    assert (fact.type, fact.leg) == expected
    assert (fact.object_type, fact.object_id) == ("balance_entry", "adj_1")
    assert fact.payment_ref == ""
    assert fact.amount_minor == abs(fact.settlement.gross_minor)


@pytest.mark.parametrize(
    ("code", "amount"),
    [
        ("Something New", "1"),
        ("Something New", "0"),
        ("Capture", "-1"),
        ("Refund", "1"),
        ("Clearing Failed", "1"),
        ("Chargeback (ARBL)", "-1"),
        ("Top Up", "-1"),
        ("x" * 400, "1"),
    ],
)
def test_what_is_not_understood_is_for_a_person(code, amount):
    found = facts("financial_actions", actions(("New", "act_1", code, amount)))
    unknown = found["balance_entry:act_1:unknown"]
    assert (unknown.type, unknown.provider_code) == ("unknown", code[:255])
    assert not any(fact.is_balance for fact in found.values())


def test_fees_only_must_be_fees_only():
    row = breakdown_row("Void")
    assert "balance_entry:" + CAPTURE + ":unknown" in facts(
        "settlement_breakdown", breakdown(row)
    )


def test_the_payout_is_told_elsewhere():
    """Its row has another id than the webhook and the report of payouts."""
    found = facts("financial_actions", actions(("Payout", "act_1", "Payout", "-79.5")))
    assert [fact.type for fact in found.values()] == ["balance.available"]
    assert {fact.payment_ref for fact in found.values()} == {""}


# === payouts ===


@pytest.mark.parametrize(
    ("amount", "minor"), [("79.51", 7951), ("79.505", 7951), ("1e3", None)]
)
def test_payout_amounts(amount, minor):
    if minor is None:
        assert fault("payouts", payouts(amount)) == "row 1.Payout Amount"
    else:
        (fact,) = facts("payouts", payouts(amount)).values()
        assert fact.amount_minor == minor


@pytest.mark.parametrize("amount", ["0", "-3.20"])
def test_a_payout_of_nothing_is_carried_forward(amount):
    (fact,) = facts("payouts", payouts(amount)).values()
    assert (fact.type, fact.amount_minor) == ("settlement.carry_forward", None)
