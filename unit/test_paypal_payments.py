# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Payments, refunds and reversals in PayPal's messages, old and new."""

import json

import paypal_signed
import pytest
from payment_facts import fold
from paypal_payloads import (
    AUTHORIZATION,
    CAPTURE,
    CREATED,
    ORDER,
    REFUND,
    REVERSAL,
    amount,
    authorization,
    capture,
    event,
    link,
    old_refund,
    order,
    receivable,
    refund,
    sale,
    samples,
)
from paypal_reading import facts, lookups, money, told

from engine.errors import MalformedMessage, UnknownCurrency
from engine.providers.base import Lookup
from engine.providers.paypal import client, const, objects, webhook
from engine.providers.paypal.webhook import translate


def refs(fact, kind):
    return [one.value for one in fact.references if one.kind == kind]


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
