# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Razorpay tells, and that it is the same fact by whichever road it comes."""

import json
from datetime import datetime, timezone

import pytest
from payment_facts import fold
from razorpay_payloads import (
    CREATED,
    DISPUTE,
    MERCHANT,
    PAYMENT,
    REFUND,
    SETTLEMENT,
    TRANSFER,
    authorized,
    dispute,
    item,
    items,
    message,
    payment,
    refund,
    settlement,
    transfer,
)
from razorpay_reading import CAPTURE, FEE, RAZORPAY, facts, pulled, read_csv, told
from roads import claim
from samples.razorpay import FAILED, INVOICE, LINK, ORDER, USD

from engine.errors import MalformedMessage, UnknownCurrency
from engine.events import Fee, Reference

# === one fact, many roads ===


def test_every_road_tells_the_same():
    lost = dispute(status="lost", amount_deducted=75000)
    roads = [
        facts("payment.captured", payment=payment()),
        facts("order.paid", payment=payment(), order=ORDER),
        facts("refund.processed", refund=refund(), payment=payment()),
        facts("payment.dispute.lost", dispute=lost),
        facts("settlement.processed", settlement=settlement()),
        facts("transfer.processed", transfer=transfer()),
        pulled("payments", payment(status="refunded")),
        pulled("refunds", refund()),
        pulled("disputes", lost),
        pulled("settlements", settlement()),
        pulled("recon", *items()),
        read_csv(),
    ]
    claims = {}
    for road in roads:
        for key, fact in road.items():
            claims.setdefault(key, []).append(claim(fact))
    assert {key: set(found) for key, found in claims.items()} == {
        CAPTURE: {("payment.captured", 100000, "INR", 2, PAYMENT)},
        FEE: {("fee.charged", 2360, "INR", 2, PAYMENT)},
        f"refund:{REFUND}:succeeded": {
            ("refund.succeeded", 25000, "INR", 2, PAYMENT),
        },
        f"dispute:{DISPUTE}:lost": {("dispute.lost", None, None, None, PAYMENT)},
        f"dispute:{DISPUTE}:funds_withdrawn": {
            ("dispute.funds_withdrawn", 75000, "INR", 2, PAYMENT),
        },
        f"payout:{SETTLEMENT}:in_transit": {
            ("payout.in_transit", 72640, "INR", 2, ""),
        },
        f"transfer:{TRANSFER}:created": {("transfer.created", 100000, "INR", 2, "")},
        f"transfer:{TRANSFER}:fee": {("fee.charged", 296, "INR", 2, "")},
        "balance_entry:adj_NfBM2:credit": {("adjustment.credit", 1012, "INR", 2, "")},
    }
    # Each of these came by five, three, … roads.
    assert len(claims[CAPTURE]) == 5 and len(claims[FEE]) == 5
    assert len(claims[f"payout:{SETTLEMENT}:in_transit"]) == 3
    assert len(claims[f"transfer:{TRANSFER}:fee"]) == 3


def test_the_story_folds():
    lost = dispute(status="lost", amount_deducted=75000)
    story = {
        **facts("payment.authorized", payment=authorized()),
        **facts("payment.captured", payment=payment()),
        **facts("refund.processed", refund=refund(), payment=payment()),
    }
    state = fold(story.values())
    assert (state.status, state.net_minor) == ("partially_refunded", 75000)
    assert not state.problems
    state = fold(
        [*story.values(), *facts("payment.dispute.lost", dispute=lost).values()]
    )
    assert (state.status, state.net_minor, state.problems) == ("lost", 0, ())


def test_the_items_add_up_to_the_settlement():
    found = pulled("recon", *items())
    moved = {
        (fact.settlement, fact.key.rpartition(":")[0])
        for fact in found.values()
        if fact.settlement
    }
    net = sum(one.net_minor for one, _object in moved)
    assert net == 97640 - 25000 - 100296 - 75000 + 1012


# === payments ===


def test_capture():
    fact = facts("payment.captured", payment=payment())[CAPTURE]
    assert fact.occurred_at == datetime.fromtimestamp(CREATED + 1, timezone.utc)
    assert fact.settlement.net_minor == 97640
    assert fact.settlement.fees == (Fee("processing", 2000), Fee("tax", 360))
    assert fact.references == (
        Reference("payment", PAYMENT),
        Reference("order", "order_NfB4fW7kQZ3d9S"),
        Reference("customer", "cust_NfB2v0eRt55Lkm"),
        Reference("connected_account", MERCHANT),
        Reference("invoice", "INV/2026/00042"),
        Reference("description", "S00042-1"),
    )


@pytest.mark.parametrize(
    ("event", "entities", "found"),
    [
        ("order.paid", {"order": ORDER}, Reference("merchant_reference", "S00042")),
        (
            "payment_link.paid",
            {"payment_link": LINK},
            Reference("merchant_reference", "S00042"),
        ),
        (
            "invoice.paid",
            {"invoice": INVOICE},
            Reference("invoice", "INV/2026/00042"),
        ),
    ],
)
def test_what_else_was_paid(event, entities, found):
    fact = facts(event, payment=payment(notes=[]), **entities)[CAPTURE]
    assert found in fact.references


def test_the_name_of_the_message_decides():
    """A card's payment.authorized has been seen with captured: true."""
    (fact,) = facts("payment.authorized", payment=payment()).values()
    assert (fact.type, fact.leg) == ("payment.authorized", "authorization")


def test_payment_without_fee_yet():
    found = facts("payment.captured", payment=payment(fee=None, tax=None))
    assert set(found) == {CAPTURE} and found[CAPTURE].settlement is None


def test_invoiced_fees_are_not_deducted():
    options = {"fees": "invoiced"}
    found = facts("payment.captured", payment=payment(), options=options)
    assert set(found) == {CAPTURE}


def test_failure():
    failed = authorized(status="failed", **FAILED)
    (fact,) = facts("payment.failed", payment=failed).values()
    assert (fact.type, fact.reason) == ("payment.failed", "payment_timed_out")
    assert fact.amount_minor is None


def test_payment_in_another_currency():
    found = facts("payment.captured", payment=payment(**USD))
    assert claim(found[CAPTURE])[1:3] == (100000, "USD")
    assert found[CAPTURE].settlement.gross_minor == 8350000
    assert found[CAPTURE].settlement.currency == "INR"
    assert claim(found[FEE])[1:3] == (2360, "INR")


def test_base_currency_that_is_not_told():
    settled_in_ringgit = {"settlement_currency": "MYR"}
    found = facts("payment.captured", payment=payment(**USD | {"base_currency": ""}))
    assert found[FEE].currency == "INR"
    dollars = {"currency": "USD", "base_amount": None}
    found = facts("payment.captured", payment=payment(**dollars))
    assert set(found) == {CAPTURE} and found[CAPTURE].settlement is None
    found = facts(
        "payment.captured",
        payment=payment(currency="MYR"),
        options=settled_in_ringgit,
    )
    assert found[FEE].currency == "MYR"


@pytest.mark.parametrize(
    ("currency", "exponent"), [("JPY", 0), ("KWD", 3), ("BHD", 3), ("EUR", 2)]
)
def test_exponents(currency, exponent):
    found = facts("payment.captured", payment=payment(currency=currency))
    assert claim(found[CAPTURE])[1:4] == (100000, currency, exponent)


# === refunds ===


def test_refund():
    (fact,) = facts("refund.processed", refund=refund(), payment=payment()).values()
    assert fact.parent == PAYMENT
    assert Reference("arn", "10000000000000") in fact.references
    assert Reference("merchant_reference", "RINV/2026/0007") in fact.references


def test_status_of_a_refund_decides():
    (fact,) = facts("refund.created", refund=refund(), payment=payment()).values()
    assert fact.type == "refund.succeeded"
    waiting = refund(status="pending")
    (fact,) = facts("refund.created", refund=waiting, payment=payment()).values()
    assert (fact.type, fact.leg) == ("refund.requested", "requested")


def test_failed_refund_gives_the_money_back():
    events = [
        *facts("payment.captured", payment=payment()).values(),
        *facts("refund.processed", refund=refund(), payment=payment()).values(),
        *facts("refund.failed", refund=refund(), payment=payment()).values(),
    ]
    assert fold(events).net_minor == 100000


def test_refund_of_what_was_never_captured_moves_nothing():
    given_back = payment(status="refunded", captured=False)
    (fact,) = facts("refund.processed", refund=refund(), payment=given_back).values()
    assert fact.type == "payment.authorization_expired"
    assert fact.amount_minor is None
    assert set(pulled("payments", given_back)) == {fact.key}


def test_time_of_the_refund_whose_speed_changed():
    body = json.loads(message("refund.speed_changed", refund=refund()))
    body["payload"]["created_at"] = body.pop("created_at")
    (translation,) = RAZORPAY.translate(json.dumps(body).encode(), {}, {})
    assert translation.created == datetime.fromtimestamp(CREATED + 1, timezone.utc)


# === disputes ===


@pytest.mark.parametrize(
    ("name", "phase", "event_type", "leg"),
    [
        ("created", "chargeback", "dispute.opened", "opened"),
        ("created", "pre_arbitration", "dispute.opened", "pre_arbitration_opened"),
        ("created", "arbitration", "dispute.opened", "arbitration_opened"),
        ("created", "retrieval", "dispute.inquiry_opened", "inquiry_opened"),
        ("created", "fraud", "dispute.fraud_notice", "fraud_notice"),
        ("created", "invented", "dispute.opened", "opened"),
        ("closed", "fraud", "dispute.inquiry_closed", "inquiry_closed"),
        ("closed", "chargeback", "dispute.canceled", "canceled"),
        ("won", "chargeback", "dispute.won", "won"),
        ("under_review", "fraud", "dispute.evidence_submitted", "evidence_submitted"),
        ("action_required", "chargeback", "external.info", "action_required"),
    ],
)
def test_dispute(name, phase, event_type, leg):
    found = facts(f"payment.dispute.{name}", dispute=dispute(phase=phase))
    (fact,) = found.values()
    assert (fact.type, fact.leg, fact.amount_minor) == (event_type, leg, None)
    assert fact.reason == "goods_or_services_not_received"


def test_won_dispute_gives_back_what_a_report_says():
    given = {"type": "adjustment", "dispute_id": DISPUTE, "payment_id": PAYMENT}
    money = {"amount": 75000, "fee": 0, "tax": 0}
    out = item(entity_id="adj_1", debit=75000, credit=0, **given, **money)
    back = item(entity_id="adj_2", credit=75000, **given, **money)
    found = pulled("recon", out, back)
    assert {key: fact.type for key, fact in found.items()} == {
        f"dispute:{DISPUTE}:funds_withdrawn": "dispute.funds_withdrawn",
        f"dispute:{DISPUTE}:funds_reinstated": "dispute.funds_reinstated",
    }


# === envelope and account ===


def test_event_id_is_in_the_header():
    body = message("payment.captured", payment=payment())
    headers = {"x-razorpay-event-id": "NfBQ8nWc0r1LxE"}
    envelope = RAZORPAY.envelope(body, headers)
    assert envelope[:3] == ("NfBQ8nWc0r1LxE", "payment.captured", "NfBQ8nWc0r1LxE")
    assert RAZORPAY.translate(body, headers, {})[0].event_id == "NfBQ8nWc0r1LxE"
    for odd in ({}, {"x-razorpay-event-id": "a:b"}, {"x-razorpay-event-id": "é" * 9}):
        envelope = RAZORPAY.envelope(body, odd)
        assert envelope.event_id == "" and envelope.dedupe_key.startswith("sha256:")
        assert len(RAZORPAY.translate(body, odd, {})[0].event_id) == 64


@pytest.mark.parametrize(
    ("wanted", "account"),
    [("", ""), (" ", ""), (MERCHANT, ""), ("acc_another", MERCHANT)],
)
def test_account(wanted, account):
    options = {"merchant": wanted}
    told_of = told("payment.captured", payment=payment(), options=options)
    assert (told_of.account, told_of.livemode) == (account, None)


def test_what_is_not_understood_and_what_tells_nothing():
    (fact,) = told("payment.invented", payment=payment()).events
    assert (fact.type, fact.provider_code) == ("unknown", "payment.invented")
    for name in ("payout.processed", "transaction.created", "payment_link.expired"):
        (fact,) = told(name, thing={}).events
        assert fact.type == "external.info"


def test_unknown_status():
    (fact,) = facts("refund.created", refund=refund(status="invented")).values()
    assert (fact.type, fact.provider_code) == ("unknown", "refund.invented")
    (fact,) = pulled("payments", payment(status="invented")).values()
    assert (fact.type, fact.provider_code) == ("unknown", "payment.invented")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"amount": -1}, MalformedMessage),
        ({"amount": 1.5}, MalformedMessage),
        ({"currency": "XYZ"}, UnknownCurrency),
        ({"currency": ""}, UnknownCurrency),
        ({"id": "a:b"}, MalformedMessage),
        ({"fee": "12"}, MalformedMessage),
    ],
)
def test_bad_fields(change, error):
    with pytest.raises(error) as refused:
        told("payment.captured", payment=payment(**change))
    assert refused.value.path == f"payload.payment.entity.{next(iter(change))}"
