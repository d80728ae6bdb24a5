# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Stripe's messages about disputes, warnings and reviews attest."""

import pytest
from payment_facts import fold
from stripe_balance_payloads import dispute, reinstatement, samples, withdrawal
from stripe_payloads import CREATED, charge_succeeded, message
from stripe_reading import fault, only

from engine.events import Fee, Reference
from engine.providers.stripe.webhook import translate

WITHDRAWN = "charge.dispute.funds_withdrawn"
REINSTATED = "charge.dispute.funds_reinstated"


def told(name, **changes):
    (translation,) = translate(message(name, dispute(**changes)))
    return translation.events


@pytest.mark.parametrize(
    ("status", "leg"),
    [
        ("needs_response", "opened"),
        ("under_review", "opened"),
        ("warning_needs_response", "inquiry_opened"),
        ("warning_under_review", "inquiry_opened"),
    ],
)
def test_opened(status, leg):
    (event,) = told("charge.dispute.created", status=status)
    assert (event.type, event.key) == (f"dispute.{leg}", f"dispute:du_1RvAbc:{leg}")
    assert (event.payment_ref, event.amount_minor) == ("pi_3RvAbc", None)
    assert {
        Reference("dispute", "du_1RvAbc"),
        Reference("charge", "ch_3RvAbc"),
        Reference("payment", "pi_3RvAbc"),
    } <= set(event.references)
    assert event.reason == "fraud, 10.4"
    (due,) = event.clocks
    assert (due.kind, f"{due.at:%Y-%m-%d %H:%M}") == ("due", "2025-08-18 23:59")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"evidence_details": {"due_by": 0}}, "fraud, 10.4"),
        ({"evidence_details": None, "network_reason_code": None}, "fraud"),
        ({"evidence_details": {}, "reason": "brand_new"}, "general, 10.4"),
        ({"evidence_details": {}, "reason": None}, "10.4"),
    ],
)
def test_reason(changes, reason):
    (event,) = told("charge.dispute.created", **changes)
    assert event.reason == reason


def test_day_to_answer_by_must_be_one():
    body = message(
        "charge.dispute.created", dispute(evidence_details={"due_by": "soon"})
    )
    assert fault(body) == "data.object.evidence_details.due_by"


@pytest.mark.parametrize(
    ("status", "event_type"),
    [
        ("won", "dispute.won"),
        ("lost", "dispute.lost"),
        ("prevented", "dispute.prevented"),
        ("warning_closed", "dispute.inquiry_closed"),
        ("charge_refunded", "dispute.canceled"),
    ],
)
def test_closed(status, event_type):
    (event,) = told("charge.dispute.closed", status=status, entries=[withdrawal()])
    assert (event.type, event.amount_minor) == (event_type, None)
    assert event.key == f"dispute:du_1RvAbc:{event_type.partition('.')[2]}"


@pytest.mark.parametrize("status", ["needs_response", "exploded", None, ["won"]])
def test_closed_with_another_status(status):
    body = message("charge.dispute.closed", dispute(status=str(status)))
    assert fault(body) == "data.object.status"


def test_withdrawal_with_its_fee():
    moved, fee = told(WITHDRAWN, entries=[withdrawal()])
    assert moved.key == "dispute:du_1RvAbc:funds_withdrawn"
    assert (moved.type, moved.amount_minor) == ("dispute.funds_withdrawn", 12100)
    assert (moved.parent, moved.payment_ref) == ("ch_3RvAbc", "pi_3RvAbc")
    settlement = moved.settlement
    assert (settlement.gross_minor, settlement.fee_minor, settlement.net_minor) == (
        -12100,
        2000,
        -14100,
    )
    assert settlement.fees == (Fee("dispute", 2000),)
    assert settlement.entry == "txn_1RvAbcOut"
    assert (fee.key, fee.type) == ("dispute:du_1RvAbc:fee", "fee.charged")
    assert (fee.amount_minor, fee.payment_ref) == (2000, "pi_3RvAbc")


def test_reinstatement_gives_the_fee_back():
    moved, fee = told(REINSTATED, entries=[withdrawal(), reinstatement()])
    assert moved.key == "dispute:du_1RvAbc:funds_reinstated"
    assert (moved.amount_minor, moved.settlement.gross_minor) == (12100, 12100)
    assert (fee.type, fee.amount_minor) == ("fee.refunded", 2000)
    # Another fact than the fee that was charged.
    assert fee.key == "balance_entry:txn_1RvAbcIn:fee"


def test_part_of_the_disputed_amount():
    (moved, *_fee) = told(WITHDRAWN, entries=[withdrawal(amount=-5000)])
    assert moved.amount_minor == 5000


def test_dispute_in_another_currency_than_the_balance():
    moved, fee = told(
        WITHDRAWN, currency="usd", amount=10000, entries=[withdrawal(amount=-9280)]
    )
    assert (moved.amount_minor, moved.currency) == (10000, "USD")
    assert (moved.settlement.gross_minor, moved.settlement.currency) == (-9280, "EUR")
    assert (fee.amount_minor, fee.currency) == (2000, "EUR")


def test_money_that_moves_twice():
    again = withdrawal("txn_1RvAbcAgain", fee=0, created=CREATED + 99)
    # In whatever order they are listed.
    for entries in ([withdrawal(), again], [again, withdrawal()]):
        found = told(WITHDRAWN, entries=entries)
        assert {event.key for event in found if event.type != "fee.charged"} == {
            "dispute:du_1RvAbc:funds_withdrawn",
            "dispute:du_1RvAbc:funds_withdrawn:2",
        }


@pytest.mark.parametrize("name", [WITHDRAWN, REINSTATED])
def test_movement_whose_entry_is_not_told(name):
    (event,) = told(name, entries=[])
    assert (event.amount_minor, event.settlement) == (12100, None)
    assert event.parent == "ch_3RvAbc"


def test_inquiry_that_becomes_a_chargeback():
    before = {"status": "warning_needs_response"}
    body = message("charge.dispute.updated", dispute(), previous_attributes=before)
    opened, info = translate(body)[0].events
    assert opened.key == "dispute:du_1RvAbc:opened"
    assert info.type == "external.info"


def test_evidence():
    event = only(samples()["charge.dispute.updated"])
    assert event.type == "dispute.evidence_submitted"
    event = only(message("charge.dispute.updated", dispute()))
    assert event.type == "external.info"


def test_state_of_the_payment():
    capture = only(charge_succeeded())
    withdrawn = told(WITHDRAWN, entries=[withdrawal()])
    opened = told("charge.dispute.created")
    state = fold([capture, *opened, *withdrawn])
    assert (state.status, state.disputed_minor) == ("disputed", 12100)
    assert state.problems == ()
    reinstated = told(REINSTATED, entries=[withdrawal(), reinstatement()])
    won = told("charge.dispute.closed", status="won")
    state = fold([capture, *opened, *withdrawn, *reinstated, *won])
    assert (state.status, state.disputed_minor) == ("captured", 0)


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("id", {"id": "txn:1"}),
        ("amount", {"amount": "-12100"}),
        ("fee", {"fee": None}),
        ("currency", {"currency": None}),
        ("fee_details[0].amount", {"fee_details": [{"type": "stripe_fee"}]}),
        ("exchange_rate", {"exchange_rate": True}),
        ("exchange_rate", {"exchange_rate": 1e300}),
        ("available_on", {"available_on": "tomorrow"}),
    ],
)
def test_malformed_entry(path, changes):
    body = message(WITHDRAWN, dispute(entries=[withdrawal() | changes]))
    assert fault(body) == f"data.object.balance_transactions[0].{path}"


@pytest.mark.parametrize(
    "changes", [{"net": -14099}, {"fee_details": [{"type": "tax", "amount": 1}]}]
)
def test_entry_that_does_not_add_up(changes):
    body = message(WITHDRAWN, dispute(entries=[withdrawal() | changes]))
    assert fault(body) in ("settlement", "fees")


@pytest.mark.parametrize(
    ("name", "key", "reason"),
    [
        (
            "radar.early_fraud_warning.created",
            "radar.early_fraud_warning:issfr_1RvAbc:fraud_notice",
            "made_with_stolen_card",
        ),
        ("review.opened", "review:prv_1RvAbc:opened", "rule"),
        ("review.closed", "review:prv_1RvAbc:closed", "approved"),
    ],
)
def test_warnings_and_reviews(name, key, reason):
    event = only(samples()[name])
    assert (event.key, event.reason) == (key, reason)
    assert event.payment_ref == "pi_3RvAbc"


def test_other_object():
    body = message("charge.dispute.created", dispute(object="tax_rate"))
    assert fault(body) == "data.object.object"
