# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Stripe's messages about payouts, top-ups and platforms attest."""

from datetime import datetime, timezone

import pytest
from stripe_balance_payloads import (
    MIDNIGHT,
    application_fee,
    failed_payout,
    fee_refund,
    listed,
    payout,
    samples,
    session,
    topup,
    transfer,
    transfer_reversal,
)
from stripe_payloads import message
from stripe_reading import fault, only

from engine.events import Clock, Reference
from engine.providers.base import Lookup
from engine.providers.stripe.webhook import translate

IN_TRANSIT = "payout:po_1RvAbc:in_transit"


def told(body):
    (translation,) = translate(body)
    return translation.events


def keys(body):
    return [event.key for event in told(body)]


@pytest.mark.parametrize(
    ("name", "lifecycle"),
    [
        ("payout.created", "scheduled"),
        ("payout.updated", "updated"),
        ("payout.paid", "paid"),
        ("payout.reconciliation_completed", "reconciled"),
    ],
)
def test_each_message_tells_that_the_money_has_left(name, lifecycle):
    event, moved = told(samples()[name])
    assert (event.key, event.amount_minor) == (f"payout:po_1RvAbc:{lifecycle}", None)
    assert not event.is_balance and moved.is_balance
    assert (moved.key, moved.type) == (IN_TRANSIT, "payout.in_transit")
    assert (moved.amount_minor, moved.currency) == (50000, "EUR")
    assert Reference("balance_entry", "txn_1RvAbcPayout") in moved.references
    assert moved.clocks == (
        Clock("value", datetime.fromtimestamp(MIDNIGHT + 172800, timezone.utc), "UTC"),
    )


def test_money_that_has_not_left_yet():
    waiting = payout(status="pending", balance_transaction=None)
    assert keys(message("payout.created", waiting)) == ["payout:po_1RvAbc:scheduled"]
    for name, leg in (("payout.canceled", "canceled"), ("payout.failed", "failed")):
        event = only(message(name, waiting))
        assert (event.type, event.leg) == ("external.info", leg)


@pytest.mark.parametrize(
    ("name", "status"), [("payout.failed", "failed"), ("payout.canceled", "canceled")]
)
def test_money_that_comes_back(name, status):
    left, back = told(message(name, failed_payout(status)))
    assert left.key == IN_TRANSIT
    assert (back.type, back.key) == (name, f"payout:po_1RvAbc:{status}")
    assert (back.amount_minor, back.reason) == (50000, "account_closed")
    assert Reference("balance_entry", "txn_1RvAbcBack") in back.references
    assert Reference("balance_entry", "txn_1RvAbcPayout") not in back.references


def test_payout_that_reverses_another():
    debit = payout(amount=-50000, original_payout="po_1RvOriginal")
    _paid, moved = told(message("payout.paid", debit))
    assert (moved.key, moved.type) == ("payout:po_1RvAbc:reversed", "payout.reversed")
    assert (moved.amount_minor, moved.parent) == (50000, "po_1RvOriginal")
    debit = failed_payout(amount=-50000)
    _moved, gone = told(message("payout.failed", debit))
    assert gone.key == "balance_entry:txn_1RvAbcBack:debit"
    assert (gone.type, gone.amount_minor) == ("adjustment.debit", 50000)


def test_trace_of_the_bank():
    (event, _moved) = told(samples()["payout.updated"])
    assert Reference("bank_trace", "TR1") in event.references


@pytest.mark.parametrize(
    ("currency", "amount", "exponent"), [("jpy", 500, 0), ("isk", 50000, 2)]
)
def test_currency_of_payouts(currency, amount, exponent):
    body = message("payout.paid", payout(amount=amount, currency=currency))
    _paid, moved = told(body)
    assert (moved.amount_minor, moved.exponent) == (amount, exponent)


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("amount", {"amount": 1.5}),
        ("currency", {"currency": None}),
        ("id", {"id": "po:1"}),
        ("arrival_date", {"arrival_date": "Monday"}),
        ("balance_transaction", {"balance_transaction": 5}),
        ("original_payout", {"original_payout": 5}),
    ],
)
def test_malformed_payout(path, changes):
    assert fault(message("payout.paid", payout(**changes))) == f"data.object.{path}"


def test_balance_available():
    event = only(samples()["balance.available"])
    assert event.key == "event:evt_1RvAbcEngine:available"
    assert event.type == "balance.available"


@pytest.mark.parametrize(
    ("name", "key", "event_type", "amount"),
    [
        ("topup.created", "pending", "topup.pending", None),
        ("topup.canceled", "canceled", "topup.failed", None),
        ("topup.failed", "failed", "topup.failed", None),
        ("topup.succeeded", "succeeded", "topup.succeeded", 30000),
        ("topup.reversed", "reversed", "topup.reversed", 30000),
    ],
)
def test_topups(name, key, event_type, amount):
    event = only(samples()[name])
    assert event.key == f"topup:tu_1RvAbc:{key}"
    assert (event.type, event.amount_minor) == (event_type, amount)


def test_negative_topup():
    assert fault(message("topup.succeeded", topup(amount=-1))) == "data.object.amount"


@pytest.mark.parametrize(
    ("name", "key", "event_type", "amount"),
    [
        ("transfer.created", "transfer:tr_3RvAbc:created", "transfer.created", 8000),
        ("transfer.updated", "transfer:tr_3RvAbc:updated", "external.info", None),
        (
            "transfer.reversed",
            "transfer_reversal:trr_1RvAbc:reversed",
            "transfer.reversed",
            1000,
        ),
        (
            "application_fee.created",
            "application_fee:fee_1RvAbc:earned",
            "application_fee.earned",
            500,
        ),
        (
            "application_fee.refunded",
            "fee_refund:fr_Abc:refunded",
            "application_fee.refunded",
            200,
        ),
        (
            "application_fee.refund.updated",
            "fee_refund:fr_Abc:refunded",
            "application_fee.refunded",
            200,
        ),
    ],
)
def test_platform(name, key, event_type, amount):
    event = only(samples()[name])
    assert (event.key, event.type) == (key, event_type)
    assert event.amount_minor == amount


def test_relations_of_a_platform():
    event = only(samples()["transfer.created"])
    assert event.payment_ref == "ch_3RvAbc"
    assert Reference("connected_account", "acct_1RvSeller") in event.references
    assert only(samples()["transfer.reversed"]).parent == "tr_3RvAbc"
    assert only(samples()["application_fee.created"]).payment_ref == "ch_3RvAbc"
    direct = application_fee(originating_transaction=None)
    assert only(message("application_fee.created", direct)).payment_ref == ""
    assert only(samples()["application_fee.refund.updated"]).parent == "fee_1RvAbc"


@pytest.mark.parametrize("page", [listed([]), listed([transfer_reversal()], True)])
def test_reversals_that_are_not_all_listed(page):
    body = message("transfer.reversed", transfer(reversals_=0) | {"reversals": page})
    *parts, info = told(body)
    assert len(parts) == len(page["data"])
    assert (info.type, info.leg) == ("external.info", "reversed_report:0")


def test_several_parts():
    parts = [fee_refund(), fee_refund("fr_Other", 100)]
    body = message("application_fee.refunded", application_fee(parts))
    assert keys(body) == ["fee_refund:fr_Abc:refunded", "fee_refund:fr_Other:refunded"]


@pytest.mark.parametrize(
    ("name", "key", "event_type"),
    [
        (
            "checkout.session.completed",
            "checkout_session:cs_test_a1Abc:completed",
            "external.info",
        ),
        (
            "checkout.session.async_payment_succeeded",
            "checkout_session:cs_test_a1Abc:async_payment_succeeded",
            "external.info",
        ),
        (
            "checkout.session.async_payment_failed",
            "checkout_session:cs_test_a1Abc:async_payment_failed",
            "payment.failed",
        ),
        (
            "setup_intent.succeeded",
            "setup_intent:seti_1RvAbc:succeeded",
            "mandate.updated",
        ),
        ("setup_intent.created", "setup_intent:seti_1RvAbc:created", "external.info"),
        ("mandate.updated", "mandate:mandate_1RvAbc:inactive", "mandate.updated"),
        (
            "reporting.report_run.succeeded",
            "report:frr_1RvAbc:available",
            "settlement.report_available",
        ),
        ("reporting.report_run.failed", "report:frr_1RvAbc:failed", "external.info"),
    ],
)
def test_notices(name, key, event_type):
    event = only(samples()[name])
    assert (event.key, event.type, event.amount_minor) == (key, event_type, None)


def test_checkout_knows_the_merchants_words():
    event = only(samples()["checkout.session.completed"])
    assert event.payment_ref == "pi_3RvAbc"
    assert {
        Reference("merchant_reference", "S00042"),
        Reference("invoice", "INV/2025/00042"),
        Reference("payment", "pi_3RvAbc"),
        Reference("customer", "cus_SrAbc"),
    } == set(event.references)


def test_checkout_asks_for_the_charge():
    """Without its id, a capture would be another fact than the one of the charge."""
    name = "checkout.session.async_payment_succeeded"
    (told,) = translate(samples()[name])
    assert told.lookups == (Lookup("payment_intent", "pi_3RvAbc"),)
    (told,) = translate(message(name, session(payment_intent=None)))
    assert told.lookups == ()
    (told,) = translate(samples()["checkout.session.completed"])
    assert told.lookups == ()


def test_report_type_by_day():
    event = only(samples()["reporting.report_type.updated"])
    assert event.object_id == "payout_reconciliation.itemized.5"
    assert event.leg == "available:20250812T000000"
