# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Checkout.com's messages attest."""

from datetime import datetime, timezone

import pytest
from checkout_payloads import (
    CAPTURE,
    DISPUTE,
    EVENT,
    PAYMENT,
    PAYOUT,
    REFUND,
    dispute,
    message,
    payment,
    payout,
    report,
    settlement,
)
from payment_facts import fold, plan

from engine.errors import MalformedMessage, UnknownCurrency
from engine.events import EVENT_TYPES, Reference
from engine.providers.base import Lookup
from engine.providers.checkout import const
from engine.providers.checkout.webhook import SUBSCRIBED_EVENTS, envelope, translate


def told(event_type, data, **more):
    (translation,) = translate(message(event_type, data, **more))
    return translation


def facts(event_type, data, **more):
    """Give type, key and amount of the facts of a message."""
    return [
        (fact.type, fact.key, fact.amount_minor)
        for fact in told(event_type, data, **more).events
    ]


def fault(event_type, data, error=MalformedMessage, **more):
    with pytest.raises(error) as refused:
        told(event_type, data, **more)
    return refused.value.path


# === payments ===


def test_capture():
    translation = told("payment_captured", payment())
    (fact,) = translation.events
    assert fact.key == f"payment:{PAYMENT}:capture:{CAPTURE}"
    assert (fact.amount_minor, fact.currency, fact.exponent) == (5000, "USD", 2)
    assert (fact.payment_ref, fact.object_id) == (PAYMENT, PAYMENT)
    assert fact.occurred_at == datetime(2026, 7, 1, 10, 0, 0, 469551, timezone.utc)
    assert fact.references == (
        Reference("payment", PAYMENT),
        Reference("arn", "10754814874042406789848"),
        Reference("merchant_reference", "ORD-5023-4E89"),
        Reference("invoice", "10042"),
    )
    assert translation[:2] == (EVENT, "payment_captured")
    assert (translation.livemode, translation.account) == (True, "")
    assert translation.api_version == "1.0.29"


P, R = f"payment:{PAYMENT}", f"refund:{REFUND}"


@pytest.mark.parametrize(
    ("event_type", "expected"),
    [
        ("payment_pending", ("payment.pending", f"{P}:pending", None)),
        ("payment_approved", ("payment.authorized", f"{P}:authorization", 2000)),
        (
            "payment_authorization_incremented",
            (
                "payment.authorization_adjusted",
                f"{P}:authorization_adjusted:{REFUND}",
                6000,
            ),
        ),
        (
            "payment_declined",
            ("payment.authorization_failed", f"action:{REFUND}:failed", None),
        ),
        ("payment_voided", ("payment.voided", f"{P}:voided", None)),
        ("payment_expired", ("payment.authorization_expired", f"{P}:expired", None)),
        (
            "payment_capture_declined",
            ("payment.capture_failed", f"action:{REFUND}:capture_failed", None),
        ),
        (
            "payment_returned",
            ("payment.charge_reversed", f"{P}:charge_reversed:{REFUND}", 2000),
        ),
        ("payment_refund_pending", ("refund.requested", f"{R}:requested", 2000)),
        ("payment_refunded", ("refund.succeeded", f"{R}:succeeded", 2000)),
        ("payment_refund_declined", ("refund.failed", f"{R}:failed", 2000)),
        ("card_verified", ("external.info", f"{P}:card_verified", None)),
        (
            "payment_compliance_review",
            ("review.opened", f"{P}:compliance_review", None),
        ),
    ],
)
def test_payments(event_type, expected):
    assert facts(event_type, payment(REFUND, 2000)) == [expected]


@pytest.mark.parametrize(
    ("currency", "exponent"),
    [("JPY", 0), ("KWD", 3), ("CLP", 2), ("isk", 0), ("UGX", 0), ("EUR", 2)],
)
def test_minor_units(currency, exponent):
    (fact,) = told("payment_captured", payment(currency=currency)).events
    assert (fact.amount_minor, fact.currency) == (5000, currency.upper())
    assert fact.exponent == exponent


def test_increment_without_balances_has_no_total():
    data = payment(balances=None)
    ((event_type, _key, amount),) = facts("payment_authorization_incremented", data)
    assert (event_type, amount) == ("external.info", None)


def test_a_payment_from_beginning_to_end():
    """The facts of one payment fold, and what moved is posted against the capture."""
    events = [
        fact
        for event_type, data in (
            ("payment_declined", payment("act_0")),
            ("payment_approved", payment("act_1")),
            ("payment_captured", payment("act_2", 3000)),
            ("payment_captured", payment("act_3", 2000)),
            ("payment_refund_pending", payment(REFUND, 1000)),
            ("payment_refunded", payment(REFUND, 1000)),
            ("payment_refund_declined", payment("act_5", 700)),
            ("payment_captured", payment("act_2", 3000)),
        )
        for fact in told(event_type, data).events
    ]
    state = fold(events)
    assert (state.status, state.captured_minor) == ("partially_refunded", 5000)
    assert (state.refunded_minor, state.net_minor) == (1000, 4000)
    assert not state.problems
    planned = plan(events)
    assert not planned.holds
    assert sorted(posting.kind for posting in planned.postings) == [
        "capture",
        "capture",
        "refund",
    ]


def test_a_returned_payment_undoes_its_capture():
    events = (
        *told("payment_captured", payment("act_1")).events,
        *told("payment_returned", payment("act_2")).events,
    )
    assert fold(events).status == "failed"
    assert [posting.kind for posting in plan(events).postings] == [
        "capture",
        "charge_reversal",
    ]


# === money that the merchant sends ===


@pytest.mark.parametrize(
    ("event_type", "expected"),
    [
        ("payment_pending", [("payout.scheduled", "scheduled", None)]),
        ("payment_approved", [("payout.in_transit", "in_transit", 1000)]),
        (
            "payment_paid",
            [
                ("payout.in_transit", "in_transit", 1000),
                ("payout.paid", "paid", None),
            ],
        ),
        ("payment_returned", [("payout.reversed", "reversed", 1000)]),
        ("payment_declined", [("external.info", "payment_declined", None)]),
    ],
)
def test_payouts(event_type, expected):
    for data in (payout(), payout(source=None)):
        translation = told(event_type, data)
        key = f"payout:{data['id']}"
        assert facts(event_type, data) == [
            (name, f"{key}:{leg}", amount) for name, leg, amount in expected
        ]
        assert {fact.payment_ref for fact in translation.events} == {""}


def test_paid_is_about_payouts_only():
    assert fault("payment_paid", payment()) == "data.destination"


# === disputes ===


@pytest.mark.parametrize(
    ("event_type", "expected"),
    [
        ("dispute_received", [("dispute.opened", "opened", None)]),
        (
            "dispute_evidence_required",
            [
                ("dispute.opened", "opened", None),
                ("dispute.funds_withdrawn", "funds_withdrawn", 5000),
            ],
        ),
        (
            "dispute_won",
            [
                ("dispute.won", "won", None),
                ("dispute.funds_reinstated", "funds_reinstated", 5000),
            ],
        ),
        (
            "dispute_canceled",
            [
                ("dispute.canceled", "canceled", None),
                ("dispute.funds_reinstated", "funds_reinstated", 5000),
            ],
        ),
        (
            "dispute_arbitration_won",
            [
                ("dispute.won", "won:arbitration", None),
                ("dispute.funds_reinstated", "funds_reinstated:arbitration", 5000),
            ],
        ),
        ("dispute_lost", [("dispute.lost", "lost", None)]),
        ("dispute_arbitration_lost", [("dispute.lost", "lost:arbitration", None)]),
        ("dispute_accepted", [("dispute.accepted", "accepted", None)]),
        ("dispute_expired", [("dispute.expired", "expired", None)]),
        ("dispute_resolved", [("dispute.canceled", "resolved", None)]),
    ],
)
def test_disputes(event_type, expected):
    translation = told(event_type, dispute())
    assert facts(event_type, dispute()) == [
        (name, f"dispute:{DISPUTE}:{leg}", amount) for name, leg, amount in expected
    ]
    for fact in translation.events:
        assert (fact.payment_ref, fact.parent, fact.reason) == (
            PAYMENT,
            PAYMENT,
            "fraud",
        )
        assert Reference("merchant_reference", "ORD-5023-4E89") in fact.references
        assert fact.occurred_at.second == 5  # of the message, not the dispute's day


def test_dispute_in_the_fold():
    events = [
        *told("payment_captured", payment()).events,
        *told("dispute_evidence_required", dispute()).events,
    ]
    assert fold(events).status == "disputed"
    events += told("dispute_won", dispute()).events
    assert fold(events).status == "captured"
    assert fold(events).net_minor == 5000


# === settlements ===


def test_settlement():
    (fact,) = told("settlement_generated", settlement()).events
    assert fact.key == f"payout:{PAYOUT}:in_transit"
    assert (fact.amount_minor, fact.currency) == (7951, "USD")
    assert Reference("bank_trace", PAYOUT) in fact.references


@pytest.mark.parametrize("amount", [0, -5.5])
def test_settlement_that_pays_nothing(amount):
    expected = ("settlement.carry_forward", f"payout:{PAYOUT}:carry_forward", None)
    assert facts("settlement_generated", settlement(source_amount=amount)) == [expected]


@pytest.mark.parametrize(
    ("amount", "minor"),
    [(79, 7900), (79.5, 7950), (0.1 + 0.2, None), (1234567890123.45, 123456789012345)]
    + [(amount, None) for amount in ("79.51", None, True, 1e17, 79.515)],
)
def test_settlement_amounts_are_exact(amount, minor):
    data = settlement(source_amount=amount)
    if minor is None:
        path = "data.settlement_details.source_amount"
        assert fault("settlement_generated", data) == path
    else:
        ((_type, _key, found),) = facts("settlement_generated", data)
        assert found == minor


def test_report():
    translation = told("report_generated", report())
    (fact,) = translation.events
    assert (fact.type, fact.key) == (
        "settlement.report_available",
        "report:rpt_1:available",
    )
    assert fact.references == (Reference("batch", PAYOUT),)
    assert translation.lookups == (
        Lookup("report_file", "rpt_1.file_1"),
        Lookup("report_file", "rpt_1.file_2"),
    )


@pytest.mark.parametrize(
    ("report_type", "is_read"),
    [
        ("FinancialActions", True),
        ("financial-actions", True),
        ("SettlementBreakdown", True),
        ("Payouts", True),
        ("CardPayouts", False),
        ("BalanceBreakdown", False),
        ("", False),
    ],
)
def test_only_files_that_can_be_read_are_asked_for(report_type, is_read):
    translation = told("report_generated", report(report_type, tags=None))
    assert bool(translation.lookups) == is_read
    assert len(translation.events) == 1


# === envelope ===


@pytest.mark.parametrize(
    ("links", "payment_link", "livemode"),
    [
        ("https://api.checkout.com/workflows/events/x", None, True),
        ("https://vkuhvk4v.api.checkout.com/x", None, True),
        ("https://api.sandbox.checkout.com/x", None, False),
        ("https://vkuhvk4v.api.sandbox.checkout.com/x", None, False),
        (None, "https://api.sandbox.checkout.com/payments/x", False),
        (5, 5, None),
        (None, None, None),
        ("https://api.checkout.com.example/x", None, None),
        ("https://example/api.checkout.com/", None, None),
        ("http://api.checkout.com/x", None, None),
    ],
)
def test_livemode(links, payment_link, livemode):
    data = payment(event_links={"payment": payment_link})
    translation = told("payment_captured", data, _links={"self": {"href": links}})
    assert translation.livemode is livemode


def test_time_of_the_message():
    data = payment(processed_on=None)
    for name in ("created_on", "timestamp"):
        times = {"created_on": None, name: "2026-07-01T12:00:00.3570000+02:00"}
        translation = told("payment_captured", data, **times)
        assert translation.created.hour == 10
        assert translation.events[0].clocks[0].zone == "+02:00"
    assert fault("payment_captured", data, created_on=None) == "timestamp"


def test_envelope():
    body = message("payment_captured", payment())
    assert envelope(body) == (EVENT, "payment_captured", EVENT, "1.0.29")
    assert envelope(b"[").dedupe_key.startswith("sha256:")


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"amount": None}, "data.amount"),
        ({"amount": -1}, "data.amount"),
        ({"amount": 50.0}, "data.amount"),
        ({"currency": None}, "data.currency"),
        ({"action_id": "a:b"}, "data.action_id"),
        ({"id": None}, "data.id"),
        ({"processed_on": "2026-13-01T00:00:00Z"}, "data.processed_on"),
    ],
)
def test_refusals_name_the_field(more, path):
    assert fault("payment_captured", payment(**more)) == path


def test_unknown_currency():
    data = payment(currency="XXX")
    assert fault("payment_captured", data, UnknownCurrency) == "data.currency"


# === codes ===


@pytest.mark.parametrize("code", ["brand_new", *const.NOT_UNDERSTOOD])
def test_not_understood(code):
    for body in (message(code, "anything"), message(code, {"id": "x"})):
        (translation,) = translate(body)
        (fact,) = translation.events
        assert (fact.type, fact.provider_code) == ("unknown", code)


def test_every_documented_type_has_a_meaning():
    assert set(SUBSCRIBED_EVENTS) <= const.EVENT_CODES.keys()
    understood = {*SUBSCRIBED_EVENTS, *const.NOTES}
    assert const.EVENT_CODES.keys() - understood == set(const.NOT_UNDERSTOOD)
    for types in const.EVENT_CODES.values():
        assert types and set(types) <= EVENT_TYPES.keys()


def test_metadata_of_odd_types():
    metadata = {"order_id": 5, "invoice": True, "reference": None, "order": ["x"]}
    (fact,) = told("payment_captured", payment(metadata=metadata)).events
    values = [item.value for item in fact.references if item.kind != "payment"]
    assert values == ["10754814874042406789848", "ORD-5023-4E89", "5"]
