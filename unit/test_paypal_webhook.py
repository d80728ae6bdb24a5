# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What PayPal's messages attest."""

import json

import paypal_signed
import pytest
from payment_facts import fold
from paypal_payloads import (
    AUTHORIZATION,
    CAPTURE,
    CREATED,
    DISPUTE,
    ORDER,
    PAYOUT,
    REFUND,
    REVERSAL,
    amount,
    authorization,
    capture,
    dispute,
    event,
    link,
    old_refund,
    order,
    payout_item,
    receivable,
    refund,
    sale,
    samples,
)

from engine.errors import MalformedMessage, UnknownCurrency
from engine.events import Reference
from engine.providers.base import Lookup
from engine.providers.paypal import client, const, objects, webhook
from engine.providers.paypal.webhook import envelope, translate


def told(event_type, resource, version="2.0"):
    """Read an event as PayPal's own list of events attests it."""
    body = event(event_type, resource, version)
    (translation,) = webhook.translate_page(b'{"events": [%s]}' % body)
    if translation.fault:
        raise translation.fault
    return translation


def lookups(event_type, resource, version="2.0"):
    (translation,) = translate(event(event_type, resource, version))
    return translation.lookups


def facts(*arguments):
    return {fact.key: fact for fact in told(*arguments).events}


def money(fact):
    return fact.amount_minor, fact.currency, fact.exponent


def refs(fact, kind):
    return [one.value for one in fact.references if one.kind == kind]


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


# === what is not signed ===

LOOKUPS = {
    "CHECKOUT.ORDER.COMPLETED": Lookup("order", ORDER),
    "PAYMENT.CAPTURE.COMPLETED": Lookup("capture", CAPTURE),
    "PAYMENT.CAPTURE.REFUNDED": Lookup("refund", REFUND),
    "PAYMENT.CAPTURE.REVERSED": Lookup("reversal", REVERSAL),
    "PAYMENT.SALE.COMPLETED": Lookup("sale", CAPTURE),
    "PAYMENT.SALE.REFUNDED": Lookup("old_refund", REFUND),
    "PAYMENT.SALE.REVERSED": Lookup("old_reversal", REVERSAL),
} | {
    f"PAYMENT.PAYOUTS-ITEM.{name}": Lookup("payout_item", "RYP7YTZTN5PYG")
    for name in ("CANCELED", "REFUNDED", "RETURNED", "SUCCEEDED", "UNCLAIMED")
}


@pytest.mark.parametrize("name", sorted(const.EVENTS))
def test_no_money_on_the_word_of_a_message(name):
    """A body with the CRC-32 that was signed is made in no time."""
    body = samples()[name]
    (translation,) = translate(body)
    (attested,) = webhook.translate_page(b'{"events": [%s]}' % body)
    moves = any(fact.is_balance for fact in attested.events)
    assert translation.lookups == ((LOOKUPS[name],) if name in LOOKUPS else ())
    assert not (moves and name not in LOOKUPS)
    assert translation.events == (() if name in LOOKUPS else attested.events)
    assert translation.livemode == attested.livemode
    assert translation.created == attested.created
    assert {one.object_type for one in translation.lookups} <= client._OBJECTS.keys()


@pytest.mark.parametrize("state", [capture("PENDING"), sale("pending")])
def test_capture_that_is_paid_in_a_message_only(state):
    with pytest.raises(MalformedMessage):
        objects.captures(json.dumps(state).encode())


# === captures ===


def test_capture():
    translation = told("PAYMENT.CAPTURE.COMPLETED", capture())
    assert translation.livemode is False
    assert translation.api_version == "2.0"
    assert translation.created.timestamp() == CREATED + 0.123
    captured, fee = translation.events
    assert captured.key == f"capture:{CAPTURE}:capture"
    assert captured.type == "payment.captured"
    assert money(captured) == (12100, "EUR", 2)
    assert captured.payment_ref == ORDER
    assert refs(captured, "payment") == [ORDER]
    assert refs(captured, "charge") == [CAPTURE]
    assert refs(captured, "invoice") == ["INV/2026/00001"]
    assert refs(captured, "merchant_reference") == ["S00042"]
    settlement = captured.settlement
    assert (settlement.gross_minor, settlement.fee_minor, settlement.net_minor) == (
        12100,
        446,
        11654,
    )
    assert fee.key == f"capture:{CAPTURE}:fee"
    assert (fee.type, money(fee)) == ("fee.charged", (446, "EUR", 2))
    assert fee.payment_ref == ORDER


def test_capture_of_an_authorization():
    resource = capture(
        supplementary_data={"related_ids": {"authorization_id": AUTHORIZATION}},
        links=[link("up", f"/v2/payments/authorizations/{AUTHORIZATION}")],
    )
    (captured, _fee) = facts("PAYMENT.CAPTURE.COMPLETED", resource).values()
    assert refs(captured, "charge") == [CAPTURE, AUTHORIZATION]


@pytest.mark.parametrize(
    ("value", "currency", "minor", "exponent"),
    [
        ("150", "JPY", 150, 0),
        ("150.00", "JPY", 150, 0),
        ("1000", "HUF", 1000, 0),
        ("7", "TWD", 7, 0),
        ("0.01", "USD", 1, 2),
        ("12.3", "EUR", 1230, 2),
        ("1.234", "TND", 1234, 3),
    ],
)
def test_money(value, currency, minor, exponent):
    resource = capture(amount=amount(value, currency), seller_receivable_breakdown=None)
    (captured,) = facts("PAYMENT.CAPTURE.COMPLETED", resource).values()
    assert money(captured) == (minor, currency, exponent)
    assert captured.settlement is None


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        (amount("1.005"), MalformedMessage),
        (amount("1.5", "JPY"), MalformedMessage),
        (amount("-1.00"), MalformedMessage),
        (amount(12.5), MalformedMessage),
        (amount("1,00"), MalformedMessage),
        (amount("1.00", "BTC"), UnknownCurrency),
        ({"currency_code": "EUR"}, MalformedMessage),
        ({"value": "1.00"}, MalformedMessage),
        ("1.00", MalformedMessage),
        (None, MalformedMessage),
    ],
)
def test_money_that_means_nothing(broken, error):
    with pytest.raises(error) as refused:
        told("PAYMENT.CAPTURE.COMPLETED", capture(amount=broken))
    assert refused.value.path.startswith("events[0].resource.amount")


def test_fee_of_a_platform_is_not_the_captures_own():
    parts = receivable(
        "30.00", "1.54", "26.46", platform_fees=[{"amount": amount("2.00")}]
    )
    resource = capture(amount=amount("30.00"), seller_receivable_breakdown=parts)
    captured, fee = facts("PAYMENT.CAPTURE.COMPLETED", resource).values()
    assert captured.settlement.net_minor == 3000 - 154
    assert money(fee) == (154, "EUR", 2)


def test_conversion_is_an_entry_of_its_own():
    """The books have gross and fee in the payment's currency, then a pair of T0200."""
    parts = receivable(
        receivable_amount=amount("127.03", "USD"),
        exchange_rate={
            "source_currency": "EUR",
            "target_currency": "USD",
            "value": "1.09",
        },
    )
    resource = capture(seller_receivable_breakdown=parts)
    captured, fee = facts("PAYMENT.CAPTURE.COMPLETED", resource).values()
    assert captured.settlement.currency == fee.currency == "EUR"


def test_fee_in_the_currency_of_the_account_is_left_to_the_reports():
    parts = receivable(paypal_fee_in_receivable_currency=amount("3.00", "CNY"))
    resource = capture(seller_receivable_breakdown=parts)
    (captured,) = facts("PAYMENT.CAPTURE.COMPLETED", resource).values()
    assert captured.settlement is None


@pytest.mark.parametrize(
    "parts",
    [
        receivable(net="116.53"),
        receivable() | {"net_amount": amount("116.54", "USD")},
        receivable() | {"paypal_fee": amount("4.46", "USD")},
        receivable(platform_fees=[{"amount": amount("1.00")}]),
        receivable(platform_fees=[{}]),
        receivable(platform_fees="x"),
    ],
)
def test_breakdown_that_contradicts_itself(parts):
    with pytest.raises(MalformedMessage):
        told("PAYMENT.CAPTURE.COMPLETED", capture(seller_receivable_breakdown=parts))


@pytest.mark.parametrize(
    ("name", "event_type", "leg"),
    [
        ("PENDING", "payment.pending", "pending"),
        ("DENIED", "payment.failed", "failed"),
        ("DECLINED", "payment.failed", "failed"),
    ],
)
def test_capture_that_is_not_paid(name, event_type, leg):
    resource = capture("PENDING", status_details={"reason": "ECHECK"})
    translation = told(f"PAYMENT.CAPTURE.{name}", resource)
    (fact,) = translation.events
    assert (fact.type, fact.key) == (event_type, f"capture:{CAPTURE}:{leg}")
    assert fact.amount_minor is None
    assert fact.reason == "echeck"


# === authorisations and orders ===


def test_authorization():
    created = facts("PAYMENT.AUTHORIZATION.CREATED", authorization())
    voided = facts("PAYMENT.AUTHORIZATION.VOIDED", authorization("VOIDED"))
    (first,), (last,) = created.values(), voided.values()
    assert first.key == f"authorization:{AUTHORIZATION}:authorization"
    assert last.key == f"authorization:{AUTHORIZATION}:voided"
    assert money(first) == (12100, "EUR", 2)
    assert last.amount_minor is None
    assert fold([first]).status == "authorized"
    assert fold([first, last]).status == "voided"


def test_order():
    (approved,) = facts("CHECKOUT.ORDER.APPROVED", order()).values()
    assert approved.key == f"order:{ORDER}:approved"
    assert approved.type == "payment.pending"
    assert approved.amount_minor is None
    assert refs(approved, "invoice") == ["INV/2026/00001"]
    assert refs(approved, "description") == ["Two chairs"]


def test_order_tells_of_its_captures():
    payments = {
        "captures": [capture(supplementary_data=None, links=[])],
        "authorizations": [authorization("CAPTURED")],
        "refunds": [refund()],
    }
    found = facts("CHECKOUT.ORDER.COMPLETED", order("COMPLETED", payments))
    captured = found[f"capture:{CAPTURE}:capture"]
    assert captured.payment_ref == ORDER
    assert refs(captured, "description") == ["Two chairs"]
    assert f"authorization:{AUTHORIZATION}:authorization" in found
    assert f"refund:{REFUND}:succeeded" in found


def test_approval_that_is_taken_back():
    resource = {"order_id": ORDER, "purchase_units": [{"reference_id": "S7"}]}
    (voided,) = facts("CHECKOUT.PAYMENT-APPROVAL.REVERSED", resource).values()
    assert (voided.type, voided.key) == ("payment.voided", f"order:{ORDER}:voided")
    assert refs(voided, "merchant_reference") == ["S7"]


# === refunds and reversals ===


def test_refund():
    translation = told("PAYMENT.CAPTURE.REFUNDED", refund())
    refunded, fee = translation.events
    assert refunded.key == f"refund:{REFUND}:succeeded"
    assert money(refunded) == (2100, "EUR", 2)  # this one, not the total
    assert refunded.parent == refunded.payment_ref == CAPTURE
    settlement = refunded.settlement
    assert (settlement.gross_minor, settlement.fee_minor, settlement.net_minor) == (
        -2100,
        -47,
        -2053,
    )
    assert (fee.type, fee.key) == ("fee.refunded", f"refund:{REFUND}:fee")
    assert money(fee) == (47, "EUR", 2)


@pytest.mark.parametrize(
    ("status", "event_type"),
    [
        ("PENDING", "refund.requested"),
        ("FAILED", "refund.failed"),
        ("CANCELLED", "refund.canceled"),
    ],
)
def test_refund_that_is_not_done(status, event_type):
    (fact,) = facts("PAYMENT.CAPTURE.REFUNDED", refund(status)).values()
    assert fact.type == event_type
    assert fact.settlement is None


def test_reversal():
    resource = refund(refund_id=REVERSAL)
    translation = told("PAYMENT.CAPTURE.REVERSED", resource)
    reversed_, fee = translation.events
    assert reversed_.key == f"capture:{CAPTURE}:charge_reversed:{REVERSAL}"
    assert reversed_.type == "payment.charge_reversed"
    assert fee.key == f"balance_entry:{REVERSAL}:fee"
    captured = told("PAYMENT.CAPTURE.COMPLETED", capture()).events
    state = fold([*captured, *translation.events])
    assert state.captured_minor == 12100 - 2100


# === version 1 ===


def test_sale():
    translation = told("PAYMENT.SALE.COMPLETED", sale(), "")
    assert translation.api_version == "1.0"
    captured, fee = translation.events
    assert captured.key == f"capture:{CAPTURE}:capture"
    assert captured.payment_ref == "PAYID-LVT22VY7N839502VJ678725M"
    assert refs(captured, "mandate") == ["I-YSW93404E5CF"]
    assert money(fee) == (446, "EUR", 2)


@pytest.mark.parametrize("total", ["-21.00", "21.00"])
def test_refund_of_a_sale(total):
    (refunded,) = facts("PAYMENT.SALE.REFUNDED", old_refund(total), "").values()
    assert refunded.key == f"refund:{REFUND}:succeeded"
    assert money(refunded) == (2100, "EUR", 2)
    assert refunded.parent == CAPTURE


def test_reversal_of_a_sale():
    resource = old_refund(refund_id=REVERSAL)
    (fact,) = facts("PAYMENT.SALE.REVERSED", resource, "").values()
    assert fact.key == f"capture:{CAPTURE}:charge_reversed:{REVERSAL}"


def test_reversal_that_does_not_name_the_sale_moves_nothing():
    resource = old_refund(refund_id=REVERSAL, sale_id=None, links=[])
    (translation,) = translate(event("PAYMENT.SALE.REVERSED", resource, ""))
    (fact,) = translation.events
    assert (fact.type, fact.amount_minor) == ("external.info", None)
    assert not translation.lookups


def test_old_and_new_captures_are_looked_up_at_different_places():
    resource = sale(links=[link("parent_payment", "/v1/payments/payment/PAY-1")])
    told_twice = ("PAYMENT.CAPTURE.COMPLETED", resource, "")
    assert lookups(*told_twice) == (Lookup("old_capture", CAPTURE),)
    resource = old_refund(capture_id=CAPTURE, sale_id=None)
    told_twice = ("PAYMENT.CAPTURE.REFUNDED", resource, "")
    assert lookups(*told_twice) == (Lookup("old_refund", REFUND),)
    assert told(*told_twice).events[0].parent == CAPTURE
    told_twice = ("PAYMENT.CAPTURE.REVERSED", resource, "")
    assert lookups(*told_twice) == (Lookup("old_reversal", REFUND),)


@pytest.mark.parametrize("odd", [5, "total", ["total"], None])
def test_odd_amount_of_an_order(odd):
    found = lookups("CHECKOUT.ORDER.COMPLETED", order("COMPLETED", amount=odd))
    assert found == (Lookup("order", ORDER),)


def test_live_message():
    (translation,) = translate(paypal_signed.BODY, paypal_signed.HEADERS)
    assert translation.livemode is True
    (fact,) = translation.events
    assert fact.type == "payment.pending"  # held, whatever its state says


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
