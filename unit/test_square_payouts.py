# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Square's payouts and the entries of its balance."""

from datetime import datetime, timezone

import pytest
from roads import claim
from samples.square import MESSAGES
from square_payloads import (
    DISPUTE,
    PAYMENT,
    PAYOUT,
    REFUND,
    entries,
    entry,
    listed,
    payout,
    usd,
)
from square_reading import CAPTURE, SQUARE, facts, pulled, told

from engine.errors import MalformedMessage
from engine.events import Clock, Reference
from engine.providers.base import Lookup
from engine.providers.square.const import ENTRY_CODES, ENTRY_FACTS, ENTRY_UNKNOWN

# === payouts ===


@pytest.mark.parametrize(
    ("status", "amount", "types"),
    [
        ("SENT", 5840, {"payout.in_transit": 5840}),
        ("PAID", 5840, {"payout.in_transit": 5840, "payout.paid": None}),
        ("FAILED", 5840, {"payout.in_transit": 5840, "payout.failed": 5840}),
        ("SENT", -103, {"topup.pending": None}),
        ("PAID", -103, {"topup.succeeded": 103}),
        ("FAILED", -103, {"topup.failed": None}),
    ],
)
def test_payout(status, amount, types):
    told_of = payout(status=status, amount_money=usd(amount))
    found = facts("payout.paid", payout=told_of).values()
    assert {fact.type: fact.amount_minor for fact in found} == types
    for fact in found:
        assert Reference("bank_trace", "L2100000005") in fact.references
        due = datetime(2026, 8, 14, tzinfo=timezone.utc)
        assert fact.clocks == (Clock("value", due, "UTC"),)


def test_payout_left_when_it_was_made():
    fact = facts("payout.paid", payout=payout())[f"payout:{PAYOUT}:in_transit"]
    assert fact.occurred_at == datetime(2026, 8, 13, 23, 31, 49, tzinfo=timezone.utc)


def test_payout_of_the_documentation():
    (translation,) = SQUARE.translate(*MESSAGES["early"], {})
    made = datetime(2026, 8, 13, 23, 31, 49, tzinfo=timezone.utc)
    assert translation.created == made
    assert claim(translation.events[0])[:4] == ("payout.in_transit", 457, "EUR", 2)
    early = {"created_at": "1970-01-01T00:20:28Z", "updated_at": None}
    with pytest.raises(MalformedMessage) as refused:
        told("payout.paid", "1970-01-01T00:20:28Z", payout=payout(**early))
    assert refused.value.path == "created_at"


def test_unknown_fee_of_a_payout():
    odd = [{"type": "ODD_FEE", "amount_money": usd(5)}]
    found = facts("payout.paid", payout=payout(payout_fee=odd))
    (fact,) = [fact for fact in found.values() if fact.type == "unknown"]
    assert fact.provider_code == "payout_fee.ODD_FEE"


# === entries ===


@pytest.mark.parametrize("kind", sorted(ENTRY_FACTS))
@pytest.mark.parametrize("amount", [500, -500])
def test_each_entry_moves_what_it_says(kind, amount):
    ids = {"payment_id": PAYMENT, "refund_id": REFUND, "dispute_id": DISPUTE}
    details = ids | {"payout_id": PAYOUT}
    (fact,) = pulled("payout_entries", entry(kind, amount, **details)).values()
    expected = ENTRY_FACTS[kind][amount < 0]
    assert fact.type == (expected or "unknown")
    assert fact.type in ENTRY_CODES[kind]
    if expected:
        assert (fact.amount_minor, fact.settlement.net_minor) == (500, amount)
        if fact.type.startswith("hold."):
            assert fact.settlement.gross_minor == amount
        assert (fact.settlement.entry, fact.settlement.batch) == (
            f"poe_{kind}",
            PAYOUT,
        )


@pytest.mark.parametrize("kind", [*sorted(ENTRY_UNKNOWN), "INVENTED"])
def test_entries_that_nobody_explains(kind):
    (fact,) = pulled("payout_entries", entry(kind, -500)).values()
    assert fact.key == f"balance_entry:poe_{kind}:unknown"
    assert (fact.type, fact.provider_code) == ("unknown", kind)


@pytest.mark.parametrize(
    "kind", ["CHARGE", "REFUND", "DISPUTE", "DEPOSIT_FEE", "THIRD_PARTY_FEE"]
)
@pytest.mark.parametrize("details", [{}, {"payment_id": ""}])
def test_entry_without_its_object_is_not_understood(kind, details):
    amount = 500 if kind == "CHARGE" else -500
    (fact,) = pulled("payout_entries", entry(kind, amount, **details)).values()
    assert fact.type == "unknown"


def test_tax_without_payment_may_be_told_by_its_payout():
    (fact,) = pulled("payout_entries", entry("TAX_ON_FEE", -5)).values()
    assert fact.type == "unknown"


def test_entry_of_an_adjusted_fee_asks_for_the_payment():
    (translation,) = SQUARE.streams["payout_entries"].translate(
        listed("payout_entries", entry("FEE", -12, payment_id=PAYMENT)), {}
    )
    assert translation.lookups == (Lookup("payment", PAYMENT),)
    assert [fact.type for fact in translation.events] == ["external.info"]


def test_fee_that_is_taken_apart():
    """With gross settlement the fee is an entry of its own; the payment tells it."""
    found = pulled(
        "payout_entries",
        entry("CHARGE", 11500, 0, payment_id=PAYMENT),
        entry("PROCESSING_FEE", -364),
    )
    assert {fact.type for fact in found.values()} == {
        "payment.captured",
        "external.info",
    }


def test_entry_that_does_not_add_up():
    odd = entry("CHARGE", 11500, 364, payment_id=PAYMENT)
    odd["net_amount_money"]["amount"] = 11500
    bad, good = SQUARE.streams["payout_entries"].translate(
        listed("payout_entries", odd, entries()[0]), {}
    )
    assert bad.fault.path == "settlement" and not bad.events
    assert len(good.events) == 2


def test_entry_in_two_currencies():
    odd = entry("CHARGE", 11500, 364, payment_id=PAYMENT)
    odd["fee_amount_money"]["currency_code"] = "CAD"
    (translation,) = SQUARE.streams["payout_entries"].translate(
        listed("payout_entries", odd), {}
    )
    assert translation.fault.path == "payout_entries[0].fee_amount_money"


def test_entry_whose_gross_is_not_told():
    short = entry("CHARGE", 11500, 364, payment_id=PAYMENT)
    del short["gross_amount_money"]
    assert pulled("payout_entries", short)[CAPTURE].amount_minor == 11500
