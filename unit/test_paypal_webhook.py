# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What PayPal's messages attest, and what those of disputes and payouts do."""

import json

import pytest
from paypal_payloads import (
    CAPTURE,
    DISPUTE,
    PAYOUT,
    capture,
    dispute,
    event,
    payout_item,
    samples,
)
from paypal_reading import facts, money, told

from engine.errors import MalformedMessage
from engine.events import Reference
from engine.providers.paypal import const, webhook
from engine.providers.paypal.webhook import envelope, translate

# === envelope ===


def test_envelope():
    body = samples()["PAYMENT.CAPTURE.COMPLETED"]
    found = envelope(body)
    assert found.event_id == "WH-2WR32451HC0233532-67976"
    assert found.dedupe_key == f"{found.event_id}:PAYMENT.CAPTURE.COMPLETED"
    assert found.api_version == "2.0"
    assert envelope(samples()["PAYMENT.SALE.COMPLETED"]).api_version == "1.0"


def test_simulator_uses_one_id_for_two_types():
    first, second = (
        envelope(event(name, {}, event_id="WH-UY687577TY25889J9-2R6T55435R66168Y6"))
        for name in ("BILLING.SUBSCRIPTION.EXPIRED", "BILLING.SUBSCRIPTION.CANCELLED")
    )
    assert first.event_id == second.event_id
    assert first.dedupe_key != second.dedupe_key


def test_ids_too_long_for_a_key():
    body = event("X" * 200, {}, event_id="W" * 200)
    assert envelope(body).dedupe_key.startswith("sha256:")


# === disputes ===


@pytest.mark.parametrize(
    ("stage", "event_type", "leg"),
    [
        ("INQUIRY", "dispute.inquiry_opened", "inquiry_opened"),
        ("CHARGEBACK", "dispute.opened", "opened"),
        ("PRE_ARBITRATION", "dispute.opened", "pre_arbitration"),
        ("ARBITRATION", "dispute.opened", "arbitration"),
    ],
)
def test_stage_of_a_dispute(stage, event_type, leg):
    (fact,) = facts("CUSTOMER.DISPUTE.UPDATED", dispute(stage)).values()
    assert (fact.type, fact.key) == (event_type, f"dispute:{DISPUTE}:{leg}")
    assert fact.payment_ref == CAPTURE
    assert fact.reason == "not_received"
    assert fact.amount_minor is None


@pytest.mark.parametrize("outcome", sorted(const.OUTCOMES))
def test_outcome_of_a_dispute(outcome):
    found = facts("CUSTOMER.DISPUTE.RESOLVED", dispute(outcome=outcome))
    event_type, leg = const.OUTCOMES[outcome]
    assert found[f"dispute:{DISPUTE}:{leg}"].type == event_type
    assert f"dispute:{DISPUTE}:opened" in found


def test_dispute_of_several_payments():
    transactions = [{"seller_transaction_id": name} for name in ("A1", "B2")]
    found = facts(
        "CUSTOMER.DISPUTE.CREATED", dispute(disputed_transactions=transactions)
    )
    assert [fact.payment_ref for fact in found.values()] == ["A1", "B2"]
    assert len(found) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"dispute_life_cycle_stage": "APPEAL"},
        {"dispute_outcome": {"outcome_code": "DRAW"}, "status": "RESOLVED"},
        {"status": "RESOLVED"},
    ],
)
def test_unknown_words_of_a_dispute(changes):
    with pytest.raises(MalformedMessage):
        told("CUSTOMER.DISPUTE.UPDATED", dispute(**changes))


# === payouts ===


def test_payout():
    translation = told("PAYMENT.PAYOUTS-ITEM.SUCCEEDED", payout_item())
    sent, paid = translation.events
    assert (sent.type, sent.key) == (
        "payout.in_transit",
        f"payout:{PAYOUT}:in_transit",
    )
    assert money(sent) == (5000, "EUR", 2)
    assert (paid.type, paid.amount_minor) == ("payout.paid", None)
    assert Reference("merchant_reference", "COMMISSION-7") in sent.references


@pytest.mark.parametrize("name", ["CANCELED", "REFUNDED", "RETURNED"])
def test_payout_that_comes_back(name):
    """It may be looked up after it came back only: it was sent all the same."""
    sent, back = facts(f"PAYMENT.PAYOUTS-ITEM.{name}", payout_item("RETURNED")).values()
    assert (sent.type, sent.key) == (
        "payout.in_transit",
        f"payout:{PAYOUT}:in_transit",
    )
    assert (back.type, back.key) == ("payout.reversed", f"payout:{PAYOUT}:reversed")
    assert money(sent) == money(back) == (5000, "EUR", 2)


@pytest.mark.parametrize("name", ["DENIED", "FAILED"])
def test_payout_that_never_left_moves_nothing(name):
    (fact,) = facts(f"PAYMENT.PAYOUTS-ITEM.{name}", payout_item("FAILED")).values()
    assert (fact.type, fact.amount_minor) == ("external.info", None)


def test_payout_without_its_entry():
    with pytest.raises(MalformedMessage):
        told("PAYMENT.PAYOUTS-ITEM.SUCCEEDED", payout_item(transaction_id=None))


# === others ===


@pytest.mark.parametrize("name", ["PAYMENT.SOMETHING.NEW", "payment.capture.completed"])
def test_unknown(name):
    translation = told(name, {})
    assert [fact.type for fact in translation.events] == ["unknown"]
    assert translation.events[0].provider_code == name
    assert not translation.lookups


@pytest.mark.parametrize("name", sorted(const.OTHER_EVENTS))
def test_documented_and_of_no_interest(name):
    assert [fact.type for fact in told(name, {}).events] == ["external.info"]


def test_events_are_declared_as_they_are_handled():
    assert const.EVENTS.keys() == webhook.HANDLERS.keys()
    assert not const.EVENTS.keys() & const.OTHER_EVENTS


def test_time_zones():
    body = event("PAYMENT.CAPTURE.COMPLETED", capture())
    message = json.loads(body) | {"create_time": "2025-08-12T05:00:00-07:00"}
    (translation,) = webhook.translate_page(json.dumps({"events": [message]}).encode())
    (clock, *_more) = translation.events[0].clocks
    assert (clock.kind, clock.zone) == ("created", "-07:00")
    assert clock.at.hour == 12


@pytest.mark.parametrize(
    ("host", "livemode"),
    [
        ("https://api.paypal.com", True),
        ("https://api-m.paypal.com", True),
        ("https://api.sandbox.paypal.com", False),
        ("https://api-m.sandbox.paypal.com", False),
        ("https://api.paypal.com.evil.example", None),
        ("http://api.paypal.com", None),
    ],
)
def test_livemode(host, livemode):
    message = json.loads(event("PAYMENT.CAPTURE.COMPLETED", capture()))
    message["links"] = [{"rel": "self", "href": f"{host}/v1/x"}]
    (translation,) = translate(json.dumps(message).encode())
    assert translation.livemode is livemode
