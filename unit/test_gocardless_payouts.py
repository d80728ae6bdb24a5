# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""GoCardless's payouts, their items, and that both tell the same facts as events."""

from datetime import datetime, timezone

import pytest
from gocardless_payloads import (
    ITEMS,
    PAYMENT,
    PAYOUT,
    REFUND,
    batch,
    encode,
    event,
    history,
    item,
    items,
    page,
    payout,
    refund,
)
from gocardless_reading import CAPTURE, DISPUTE, RETURN, STREAMS, pulled
from roads import whole_claim
from samples.gocardless import FX

from engine.events import Clock, Reference
from engine.providers.gocardless.webhook import translate

# === payouts ===


def test_payout():
    out, paid, fee = pulled("payouts", encode(page("payouts", payout())))
    assert whole_claim(out)[:5] == (
        f"payout:{PAYOUT}:in_transit",
        "payout.in_transit",
        9984,
        "GBP",
        2,
    )
    assert (paid.type, paid.amount_minor) == ("payout.paid", None)
    assert (fee.key, fee.type, fee.amount_minor) == (
        f"payout:{PAYOUT}:fee",
        "fee.charged",
        116,
    )
    arrival = datetime(2026, 3, 25, tzinfo=timezone.utc)
    assert out.clocks == (Clock("value", arrival, "UTC"),)
    assert Reference("bank_trace", "WINEBOX-X7") in out.references


@pytest.mark.parametrize(
    ("status", "types"),
    [
        ("pending", ["payout.scheduled", "fee.charged"]),
        ("paid", ["payout.in_transit", "payout.paid", "fee.charged"]),
        ("bounced", ["payout.in_transit", "external.info", "fee.charged"]),
        ("new", ["unknown", "fee.charged"]),
    ],
)
def test_status_of_a_payout(status, types):
    facts = pulled("payouts", encode({"payouts": payout(status)}))
    assert [fact.type for fact in facts] == types


def test_payout_that_bounced_and_was_retried_left_once():
    """The retry has the id of the payout that bounced."""
    statuses = ("paid", "bounced", "pending", "paid")
    facts = pulled("payouts", encode(page("payouts", *map(payout, statuses))))
    moved = {
        fact.key: fact.settlement.net_minor
        for fact in facts
        if fact.type.startswith("payout.") and fact.is_balance
    }
    assert moved == {f"payout:{PAYOUT}:in_transit": -9984}


@pytest.mark.parametrize(
    ("fees", "expected"),
    [(116, ("fee.charged", 116)), (-20, ("fee.refunded", 20)), (0, None), (None, None)],
)
def test_fees_of_a_payout(fees, expected):
    facts = pulled("payouts", encode({"payouts": payout(deducted_fees=fees)}))
    found = [(fact.type, fact.amount_minor) for fact in facts if fact.leg == "fee"]
    assert found == ([expected] if expected else [])


def test_payout_in_another_currency():
    facts = pulled("payouts", encode({"payouts": payout(fx=FX)}))
    out, bank = facts[0], facts[-1]
    assert (out.amount_minor, out.currency) == (9984, "GBP")
    assert (bank.key, bank.type) == (f"payout:{PAYOUT}:fx", "external.info")
    assert (bank.amount_minor, bank.currency) == (11534, "EUR")
    assert bank.reason == "1.1552483974"


def test_payout_of_a_partner():
    partner = payout(payout_type="partner", amount=100, deducted_fees=10)
    facts = pulled("payouts", encode({"payouts": partner}))
    assert (
        sum(fact.settlement.net_minor for fact in facts if fact.settlement is not None)
        == 0
    )
    (earned,) = [fact for fact in facts if fact.type == "application_fee.earned"]
    assert earned.amount_minor == 110


@pytest.mark.parametrize("day", ["2026-13-01", "2026-3-1", 5, "٢٠٢٦-٠٣-٠١", ""])
def test_odd_day_of_arrival(day):
    (translation,) = STREAMS["payouts"].translate(
        encode(page("payouts", payout(arrival_date=day))), {}
    )
    assert translation.fault.path == "payouts[0].arrival_date"


# === payout items ===


EXPECTED_ITEMS = {
    "payment_paid_out": (CAPTURE, "payment.captured", 1),
    "payment_failed": (RETURN, "payment.charge_reversed", -1),
    "payment_charged_back": (
        f"{DISPUTE}:funds_withdrawn",
        "dispute.funds_withdrawn",
        -1,
    ),
    "payment_refunded": (f"refund:{REFUND}:succeeded", "refund.succeeded", -1),
    "refund": (f"refund:{REFUND}:succeeded", "refund.succeeded", -1),
    "refund_funds_returned": (f"refund:{REFUND}:failed", "refund.failed", 1),
}


@pytest.mark.parametrize(("kind", "expected"), EXPECTED_ITEMS.items())
def test_item(kind, expected):
    key, name, sign = expected
    given = item(kind, f"{sign * 450}.0", payment=PAYMENT, refund=REFUND)
    (fact,) = pulled("payout_items", items(given))
    assert (fact.key, fact.type, fact.amount_minor) == (key, name, 450)
    assert (fact.currency, fact.exponent) == ("GBP", 2)
    assert fact.provider_code == kind
    assert (fact.settlement.net_minor, fact.settlement.batch) == (sign * 450, PAYOUT)


def test_items_and_fees_add_up_to_the_payout():
    """To the penny, though the fees of the items add up to half a penny less."""
    facts = pulled("payout_items", items(*ITEMS))
    facts += pulled("payouts", encode({"payouts": payout()}))
    moved = [fact.settlement.net_minor for fact in facts if fact.settlement]
    assert sum(moved) == 0
    assert all(fact.is_balance for fact in facts if fact.settlement)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("-100.5", ("gocardless_fee", 1005, 3)),
        ("-100.0", ("gocardless_fee", 100, 2)),
        ("-0.5", ("gocardless_fee", 5, 3)),
        ("-12", ("gocardless_fee", 12, 2)),
        ("20.5", ("gocardless_fee_credited", 205, 3)),
    ],
)
def test_fee_of_an_item_is_exact_and_not_booked(amount, expected):
    (fact,) = pulled("payout_items", items(item("gocardless_fee", amount)))
    leg, minor, exponent = expected
    assert fact.key == f"payment:{PAYMENT}:{leg}:{PAYOUT}"
    assert (fact.amount_minor, fact.exponent) == (minor, exponent)
    assert (fact.type, fact.payment_ref) == ("external.info", PAYMENT)
    assert fact.settlement is None


def test_two_fees_of_one_payment_are_two():
    fee = item("surcharge_fee", "-10.0")
    first, second = pulled("payout_items", items(fee, fee))
    assert second.key == f"{first.key}:2"


def test_item_of_a_new_type():
    (fact,) = pulled("payout_items", items(item("new_type", "-10.0")))
    assert (fact.type, fact.provider_code) == ("unknown", "new_type")


@pytest.mark.parametrize(
    "amount",
    ["45.5", "-45.0", "45.00", "4e1", "", None, 45, "45.", ".5", "٤٥.0", "1" * 16],
)
def test_odd_amount_of_an_item(amount):
    body = items(item(amount=amount), item())
    bad, good = STREAMS["payout_items"].translate(body, {})
    assert bad.fault.path == "payout_items[0].amount"
    assert good.fault is None


def test_items_without_their_payout():
    body = encode({"payout_items": [item()]})
    (translation,) = STREAMS["payout_items"].translate(body, {})
    assert translation.fault is not None


# === one fact, many roads ===


@pytest.mark.parametrize(
    ("body", "stream", "given"),
    [
        (history("payments.confirmed"), "payment", item()),
        (history("payments.paid_out"), "payment", item()),
        (
            history("payments.confirmed", "payments.failed"),
            "payment",
            item("payment_failed", "-12100.0"),
        ),
        (
            history("payments.charged_back"),
            "payment",
            item("payment_charged_back", "-12100.0"),
        ),
        (
            history("refunds.paid", of=refund(), name="refunds"),
            "refund",
            item("payment_refunded", "-2000.0", payment=PAYMENT, refund=REFUND),
        ),
        (
            history("refunds.refund_settled", of=refund(), name="refunds"),
            "refund",
            item("payment_refunded", "-2000.0", payment=PAYMENT, refund=REFUND),
        ),
        (
            history("refunds.funds_returned", of=refund(), name="refunds"),
            "refund",
            item("refund_funds_returned", "2000.0", payment=PAYMENT, refund=REFUND),
        ),
    ],
)
def test_same_fact_by_events_and_by_items(body, stream, given):
    *_before, told = pulled(stream, body)
    (booked,) = pulled("payout_items", items(given))
    assert whole_claim(told) == whole_claim(booked)


def test_payout_by_every_road():
    alone = pulled("payouts", encode({"payouts": payout()}))
    listed = pulled("payouts", encode(page("payouts", payout())))
    assert alone == listed


def test_events_of_the_api_are_read_like_a_batch():
    events = [event("payments.confirmed"), event("payments.submitted", 2)]
    listed = STREAMS["events"].translate(encode(page("events", *events)), {})
    assert listed == translate(batch(*events))
