# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""By what rules tell facts apart: how it is read, and how attestations add up."""

import json
from datetime import datetime, timedelta, timezone
from itertools import permutations

import adyen_payloads
import checkout_payloads
import gocardless_payloads
import mollie_payloads
import paypal_payloads
import pytest
import razorpay_payloads
import samples
import square_payloads
import stripe_balance_payloads
import stripe_payloads
from generic_payloads import body_of, data_of
from payment_facts import START, capture

from engine.events import Clock, Trait
from engine.facts import Facts
from engine.providers import PROVIDERS
from engine.providers.message import traits

LATER = START + timedelta(days=7)
CARD = {"method": "card", "scheme": "visa"}


# === what a value must be ===


def test_case_and_order_are_kept_as_rules_want_them():
    told = {"method": "CARD", "scheme": "Visa", "country": "be", "store": "Till 4"}
    assert traits(told) == (
        Trait("method", "card"),
        Trait("scheme", "visa"),
        Trait("country", "BE"),
        Trait("store", "Till 4"),
    )


@pytest.mark.parametrize("value", [None, "", 5, True, ["card"], {}, "x" * 65, "a\0b"])
def test_what_no_rule_could_name_is_left_out(value):
    assert traits({"method": value, "store": "x" * 64}) == (Trait("store", "x" * 64),)


@pytest.mark.parametrize("country", ["BEL", "B", "B1", "ÉÉ", "ſs", "B\n", 56])
def test_a_country_has_two_letters(country):
    assert traits({"country": country}) == ()


# === attestations ===


def merged(*told):
    """Give what each order of captures with these fields ends in."""
    events = [capture(100, at=at, **more) for at, more in enumerate(told)]
    return {
        (fact.traits, fact.clocks)
        for order in permutations(events)
        for fact in Facts(order).all
    }


def test_a_fact_has_the_traits_of_all_who_tell_of_it():
    ((found, _clocks),) = merged(
        {"traits": traits({"method": "card", "store": "b"})},
        {},
        {"traits": traits({"country": "BE", "store": "a"})},
        {"traits": traits({"store": "c"})},
    )
    assert dict(found) == {"method": "card", "country": "BE", "store": "c"}


def test_a_deadline_told_later_counts():
    ((_traits, clocks),) = merged(
        {},
        {"clocks": (Clock("due", LATER, "UTC"),)},
        {"clocks": (Clock("due", START, "UTC"), Clock("booked", START, "UTC"))},
        {"clocks": (Clock("created", LATER, "+01:00"),)},
    )
    assert clocks == (Clock("booked", START, "UTC"), Clock("due", LATER, "UTC"))


def test_of_two_at_the_same_time_neither_order_counts():
    one, other = (
        capture(100, traits=(Trait("store", "b"), Trait("method", "card"))),
        capture(100, traits=(Trait("method", "card"), Trait("country", "BE"))),
    )
    assert Facts([one, other]).all == Facts([other, one]).all


def test_a_trait_is_no_contradiction():
    facts = Facts([capture(100), capture(100, traits=traits({"method": "card"}))])
    assert not facts.problems


# === what each provider tells ===


def _first(code, name, body):
    """Give the first fact of a message, or of a page or report of this name."""
    provider = PROVIDERS[code]
    if name == "webhook":
        translations = provider.translate(body, {}, {})
    elif name in provider.streams:
        translations = provider.streams[name].translate(body, {})
    else:
        report = provider.reports[name]
        translations = report.translate(report.split(body)[0], {})
    return next(fact for item in translations for fact in item.events)


def _report(code, name):
    return next(body for report, body in samples.of(code).REPORTS if report == name)


def _paid_by_bank(**details):
    payment = mollie_payloads.payment("paid", countryCode="LU", details=details)
    return mollie_payloads.message("payment.paid", payment)


TOLD = [
    (
        "stripe",
        "webhook",
        stripe_payloads.message("charge.succeeded", stripe_payloads.charge()),
        CARD | {"country": "BE"},
    ),
    (
        "stripe",
        "webhook",
        stripe_payloads.message(
            "charge.succeeded",
            stripe_payloads.charge(
                payment_method_details={"type": "ideal", "ideal": {"bank": "ing"}},
                billing_details={"address": {"country": "NL"}},
            ),
        ),
        {"method": "ideal", "country": "NL"},
    ),
    (
        "stripe",
        "webhook",
        stripe_payloads.message(
            "payment_intent.succeeded",
            stripe_payloads.payment_intent(
                amount_received=12100,
                latest_charge="ch_3RvAbc",
                payment_method_types=["sepa_debit"],
            ),
        ),
        {"method": "sepa_debit"},
    ),
    (
        "stripe",
        "webhook",
        stripe_payloads.message(
            "charge.succeeded",
            stripe_payloads.charge(payment_method_details={"type": [], "card": 5}),
        ),
        {"country": "BE"},
    ),
    (
        "paypal",
        "orders",
        json.dumps(
            paypal_payloads.order(
                "COMPLETED",
                {"captures": [paypal_payloads.capture()]},
                payment_source={
                    "card": {
                        "brand": "VISA",
                        "bin_details": {"bin_country_code": "BE"},
                    }
                },
            )
        ).encode(),
        CARD | {"country": "BE", "merchant_account": "EZ782AXEUJUW8"},
    ),
    (
        "paypal",
        "transactions",
        json.dumps(
            paypal_payloads.page(
                paypal_payloads.transaction("T0006", "8XA", "12.10")
                | {"store_info": {"store_id": "BXL-1"}}
            )
        ).encode(),
        {"country": "BE", "merchant_account": "XZXSPECPDZHZU", "store": "BXL-1"},
    ),
    ("paypal", "stl", _report("paypal", "stl"), {"merchant_account": "EZ782AXEUJUW8"}),
    (
        "adyen",
        "webhook",
        adyen_payloads.message(
            "AUTHORISATION",
            additional={"issuerCountry": "BE", "shopperCountry": "NL", "store": "BXL"},
            paymentMethod="visa_applepay",
        ),
        {
            "method": "applepay",
            "scheme": "visa",
            "country": "BE",
            "merchant_account": adyen_payloads.ACCOUNT,
            "store": "BXL",
        },
    ),
    (
        "adyen",
        "webhook",
        adyen_payloads.message("AUTHORISATION", paymentMethod="bankTransfer_IBAN"),
        {
            "method": "banktransfer_iban",
            "merchant_account": adyen_payloads.ACCOUNT,
        },
    ),
    (
        "adyen",
        "settlement_detail",
        _report("adyen", "settlement_detail"),
        CARD | {"merchant_account": adyen_payloads.ACCOUNT},
    ),
    (
        "mollie",
        "webhook",
        _paid_by_bank(consumerBic="INGBNL2A"),
        {"method": "ideal", "country": "NL", "store": "pfl_QkEhN94Ba"},
    ),
    (
        "stripe",
        "itemized",
        stripe_balance_payloads.report_of(
            stripe_balance_payloads.of_payment(
                "charge",
                "txn_1",
                "ch_1",
                "12.10",
                payment_method_type="card",
                card_brand="American Express",
                card_country="BE",
            )
        ),
        {"method": "card", "scheme": "amex", "country": "BE"},
    ),
    (
        "gocardless",
        "payouts",
        gocardless_payloads.encode(
            gocardless_payloads.page("payouts", gocardless_payloads.payout())
        ),
        {"merchant_account": "CR000123"},
    ),
    (
        "razorpay",
        "webhook",
        samples.of("razorpay").MESSAGES["settlement.processed"][0],
        {"merchant_account": "acc_NfB3kWcTbL0aXz"},
    ),
    (
        "mollie",
        "webhook",
        _paid_by_bank(consumerBic="INGBNL"),
        {"method": "ideal", "country": "LU", "store": "pfl_QkEhN94Ba"},
    ),
    (
        "mollie",
        "webhook",
        _paid_by_bank(consumerAccount="me@example.com"),
        {"method": "ideal", "country": "LU", "store": "pfl_QkEhN94Ba"},
    ),
    (
        "mollie",
        "webhook",
        _paid_by_bank(cardLabel="Visa", cardCountryCode="BE"),
        {
            "method": "ideal",
            "scheme": "visa",
            "country": "BE",
            "store": "pfl_QkEhN94Ba",
        },
    ),
    (
        "gocardless",
        "payment",
        gocardless_payloads.history("payments.confirmed"),
        {"scheme": "bacs", "merchant_account": "CR000123"},
    ),
    (
        "checkout",
        "webhook",
        checkout_payloads.message(
            "payment_captured",
            checkout_payloads.payment(
                source={"type": "card", "scheme": "VISA", "issuer_country": "BE"},
                entity_id="ent_1",
                processing_channel_id="pc_1",
            ),
        ),
        CARD | {"country": "BE", "merchant_account": "ent_1", "store": "pc_1"},
    ),
    (
        "checkout",
        "settlement_breakdown",
        _report("checkout", "settlement_breakdown"),
        CARD | {"merchant_account": "ent_1"},
    ),
    (
        "razorpay",
        "webhook",
        samples.of("razorpay").MESSAGES["payment.captured"][0],
        {"method": "upi", "merchant_account": "acc_NfB3kWcTbL0aXz"},
    ),
    (
        "razorpay",
        "payments",
        razorpay_payloads.collection(
            razorpay_payloads.payment(method="card", card={"network": "Visa"})
        ),
        CARD,
    ),
    ("razorpay", "recon", samples.of("razorpay").PAGES[-1][1], {"method": "upi"}),
    (
        "square",
        "webhook",
        samples.of("square").MESSAGES["payment.updated"][0],
        CARD
        | {
            "merchant_account": "6SSW7HV8K2ST5",
            "store": square_payloads.LOCATION,
        },
    ),
    (
        "generic",
        "webhook",
        body_of(data=data_of("payment.captured", dispute_stage=None, store=None)),
        CARD
        | {
            "country": "BE",
            "legal_entity": "BE 0123",
            "merchant_account": "ShopBE",
        },
    ),
]


@pytest.mark.parametrize(("code", "road", "body", "expected"), TOLD)
def test_what_is_told(code, road, body, expected):
    assert dict(_first(code, road, body).traits) == expected


DEADLINE = "2026-09-04T00:00:00Z"
SECONDS = 1_788_480_000
DUE = datetime(2026, 9, 4, tzinfo=timezone.utc)


def _stripe(name, **more):
    return stripe_payloads.message(name, stripe_balance_payloads.dispute(**more))


def _paypal(name, *arguments, **more):
    dispute = paypal_payloads.dispute(*arguments, **more)
    return paypal_payloads.event(name, dispute)


def _checkout(name, **more):
    return checkout_payloads.message(name, checkout_payloads.dispute(**more))


def _razorpay(name, **more):
    dispute = razorpay_payloads.dispute(**more)
    return razorpay_payloads.message(f"payment.dispute.{name}", dispute=dispute)


def _square(**more):
    dispute = square_payloads.dispute(**more)
    return square_payloads.message("dispute.created", dispute=dispute)


DISPUTES = [
    (
        "stripe",
        _stripe("charge.dispute.created", evidence_details={"due_by": SECONDS}),
        "chargeback",
        DUE,
    ),
    (
        "stripe",
        _stripe(
            "charge.dispute.updated",
            status="warning_under_review",
            evidence_details={"submission_count": 1, "due_by": 0},
        ),
        "inquiry",
        None,
    ),
    (
        "paypal",
        _paypal(
            "CUSTOMER.DISPUTE.CREATED", "INQUIRY", seller_response_due_date=DEADLINE
        ),
        "inquiry",
        DUE,
    ),
    (
        "paypal",
        _paypal("CUSTOMER.DISPUTE.UPDATED", "PRE_ARBITRATION"),
        "pre_arbitration",
        None,
    ),
    (
        "adyen",
        adyen_payloads.message(
            "CHARGEBACK", additional={"defensePeriodEndsAt": DEADLINE}
        ),
        "chargeback",
        DUE,
    ),
    ("adyen", adyen_payloads.message("CHARGEBACK_REVERSED"), "representment", None),
    ("adyen", adyen_payloads.message("SECOND_CHARGEBACK"), "second_chargeback", None),
    ("adyen", adyen_payloads.message("PREARBITRATION_OPEN"), "pre_arbitration", None),
    ("adyen", adyen_payloads.message("SCHEME_ARBITRATION"), "arbitration", None),
    ("adyen", adyen_payloads.message("PREARBITRATION_LOST"), "closed", None),
    (
        "mollie",
        mollie_payloads.message("chargeback.received", mollie_payloads.chargeback()),
        "chargeback",
        None,
    ),
    (
        "checkout",
        _checkout("dispute_evidence_required", evidence_required_by=DEADLINE),
        "chargeback",
        DUE,
    ),
    (
        "checkout",
        _checkout("dispute_arbitration_evidence_submitted"),
        "arbitration",
        None,
    ),
    ("checkout", _checkout("dispute_won"), "closed", None),
    ("razorpay", _razorpay("created", respond_by=SECONDS), "chargeback", DUE),
    (
        "razorpay",
        _razorpay("under_review", phase="pre_arbitration", respond_by=0),
        "pre_arbitration",
        None,
    ),
    (
        "razorpay",
        _razorpay("lost", phase="arbitration", respond_by=None),
        "closed",
        None,
    ),
    ("square", _square(due_at=DEADLINE), "chargeback", DUE),
    ("square", _square(state="INQUIRY_PROCESSING", due_at=None), "inquiry", None),
    (
        "generic",
        body_of(
            "dispute.opened", data=data_of("dispute.opened", evidence_due_at=DEADLINE)
        ),
        "pre_arbitration",
        DUE,
    ),
]


@pytest.mark.parametrize(("code", "body", "stage", "due"), DISPUTES)
def test_stage_and_deadline_of_a_dispute(code, body, stage, due):
    fact = _first(code, "webhook", body)
    assert dict(fact.traits)["dispute_stage"] == stage
    assert [clock.at for clock in fact.clocks if clock.kind == "due"] == [due] * bool(
        due
    )


@pytest.mark.parametrize(
    ("event_type", "stage"),
    [
        ("dispute.fraud_notice", "pre_dispute"),
        ("dispute.inquiry_opened", "inquiry"),
        ("dispute.opened", "chargeback"),
        ("dispute.funds_withdrawn", "chargeback"),
        ("dispute.evidence_submitted", "representment"),
        ("dispute.escalated", "second_chargeback"),
        ("dispute.funds_reinstated", "closed"),
        ("dispute.lost", "closed"),
    ],
)
def test_a_stage_that_is_not_told_is_the_one_of_the_type(event_type, stage):
    body = body_of(event_type, data=data_of(event_type, dispute_stage=None))
    fact = _first("generic", "webhook", body)
    assert dict(fact.traits)["dispute_stage"] == stage
