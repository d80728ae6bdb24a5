# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Stripe's messages about payments and refunds attest."""

import pytest
from payment_facts import fold
from stripe_payloads import (
    CREATED,
    NEW,
    OLD,
    charge,
    charge_succeeded,
    message,
    payment_intent,
    payment_intent_succeeded,
    refund,
    samples,
)
from stripe_reading import fault, only

from engine.events import Reference
from engine.providers.stripe.webhook import translate

CAPTURE = "charge:ch_3RvAbc:capture"


@pytest.mark.parametrize("version", [OLD, NEW])
def test_intent_and_charge_tell_of_one_capture(version):
    told = [
        only(payment_intent_succeeded(api_version=version)),
        only(charge_succeeded(api_version=version, created=CREATED + 1)),
        only(message("charge.captured", charge(api_version=version))),
    ]
    assert {
        (event.key, event.type, event.amount_minor, event.currency, event.exponent)
        for event in told
    } == {(CAPTURE, "payment.captured", 12100, "EUR", 2)}
    state = fold(told)
    assert (state.status, state.captured_minor) == ("captured", 12100)


def test_expanded_charge():
    intent = payment_intent(amount_received=5, latest_charge=charge())
    assert only(message("payment_intent.succeeded", intent)).key == CAPTURE


def test_partial_capture():
    partial = charge(amount_captured=5000)
    assert only(message("charge.captured", partial)).amount_minor == 5000
    intent = payment_intent(amount_received=5000, charge=partial)
    assert only(message("payment_intent.succeeded", intent)).amount_minor == 5000


def test_charge_from_before_amount_captured():
    old = charge()
    del old["amount_captured"]
    assert only(message("charge.succeeded", old)).amount_minor == 12100
    assert fault(message("charge.captured", old | {"captured": False})) == (
        "data.object.captured"
    )


def test_charge_without_intent_is_its_own_payment():
    event = only(message("charge.succeeded", charge(payment_intent=None)))
    assert event.payment_ref == "ch_3RvAbc"
    event = only(message("refund.updated", refund(payment_intent=None)))
    assert event.payment_ref == "ch_3RvAbc"


def test_destination_charge():
    """Whichever message tells of it, the rules know for whom it was collected."""
    told = {"transfer_data": {"amount": None, "destination": "acct_1RvSeller"}}
    for body in (
        message("charge.succeeded", charge() | told),
        message("payment_intent.succeeded", payment_intent(charge=charge()) | told),
    ):
        seller = Reference("connected_account", "acct_1RvSeller")
        assert seller in only(body).references
    odd = charge() | {"transfer_data": ["acct_1RvSeller"]}
    assert fault(message("charge.succeeded", odd)) == "data.object.transfer_data"


def test_authorisation_by_intent_and_by_charge():
    uncaptured = charge(captured=False)
    intent = payment_intent(amount_capturable=12100, charge=uncaptured)
    name = "payment_intent.amount_capturable_updated"
    by_charge = only(message("charge.succeeded", uncaptured))
    by_intent = only(
        message(name, intent, previous_attributes={"amount_capturable": 0})
    )
    assert by_charge.key == by_intent.key == "charge:ch_3RvAbc:authorization"
    state = fold([by_charge, by_intent])
    assert (state.status, state.authorized_minor) == ("authorized", 12100)


def test_raised_authorisation_is_no_contradiction():
    uncaptured = charge(captured=False)
    raised = message(
        "payment_intent.amount_capturable_updated",
        payment_intent(amount_capturable=15000, charge=uncaptured),
        previous_attributes={"amount_capturable": 12100},
        created=CREATED + 60,
    )
    event = only(raised)
    assert event.type == "payment.authorization_adjusted"
    state = fold([event, only(message("charge.succeeded", uncaptured))])
    assert (state.problems, state.authorized_minor) == ((), 15000)


def test_intent_failed_before_there_was_a_charge():
    intent = payment_intent(last_payment_error={"code": "authentication_failed"})
    event = only(message("payment_intent.payment_failed", intent))
    assert event.key == "payment_intent:pi_3RvAbc:failed"
    assert event.reason == "authentication_failed"


def test_charge_that_failed_after_it_succeeded():
    failed = charge(status="failed", failure_balance_transaction="txn_3RvAbcBack")
    body = message("charge.failed", failed, created=CREATED + 60)
    came, event = translate(body)[0].events
    assert came.key == only(charge_succeeded()).key
    assert event.key == "charge:ch_3RvAbc:charge_reversed"
    assert (event.type, event.amount_minor) == ("payment.charge_reversed", 12100)
    assert Reference("balance_entry", "txn_3RvAbcBack") in event.references
    assert Reference("balance_entry", "txn_3RvAbc") not in event.references
    # A debit may fail while it is pending: nobody told that it succeeded.
    for told in ([], [only(charge_succeeded())]):
        state = fold([came, event, *told])
        assert (state.status, state.net_minor, state.problems) == ("failed", 0, ())


@pytest.mark.parametrize("name", ["refund.created", "refund.updated"])
@pytest.mark.parametrize(
    ("status", "leg"),
    [
        ("pending", "requested"),
        ("requires_action", "requested"),
        ("succeeded", "succeeded"),
        ("failed", "failed"),
        ("canceled", "canceled"),
    ],
)
def test_refund_by_its_status(name, status, leg):
    event = only(message(name, refund(status=status)))
    assert (event.type, event.leg) == (f"refund.{leg}", leg)
    assert (event.amount_minor, event.currency) == (2000, "EUR")
    assert event.parent == "ch_3RvAbc"


def test_refund_failed_whatever_its_status():
    event = only(message("refund.failed", refund(status="pending")))
    assert event.type == "refund.failed"


@pytest.mark.parametrize("status", ["exploded", "", None, ["succeeded"]])
def test_refund_of_unknown_status(status):
    assert fault(message("refund.updated", refund(status=status))) == (
        "data.object.status"
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"reason": "requested_by_customer"}, "customer_request"),
        ({"reason": "duplicate"}, "duplicate"),
        ({"reason": "fraudulent"}, "fraud"),
        ({"reason": "brand_new_reason"}, "other"),
        ({"reason": None}, ""),
        ({"status": "failed", "failure_reason": "declined"}, "declined"),
        ({"status": "failed", "failure_reason": "brand_new_reason"}, "unknown"),
        ({"status": "failed"}, "unknown"),
    ],
)
def test_refund_reason(changes, reason):
    assert only(message("refund.updated", refund(**changes))).reason == reason


def test_refund_told_by_the_charge_and_by_itself():
    refunds = [refund(), refund("re_3RvOther", 100, status="failed")]
    body = message("charge.refunded", charge(amount_refunded=2000, refunds=refunds))
    first, second = translate(body)[0].events
    by_itself = only(message("refund.created", refund(), created=CREATED + 5))
    assert first.key == by_itself.key == "refund:re_3RvAbc:succeeded"
    assert second.key == "refund:re_3RvOther:failed"
    assert (first.payment_ref, first.parent) == ("pi_3RvAbc", "ch_3RvAbc")
    state = fold([first, second, by_itself, only(charge_succeeded())])
    assert (state.refunded_minor, state.problems) == (2000, ())


@pytest.mark.parametrize(
    "changes", [{}, {"refunds": None}, {"refunds": {"object": "list", "data": []}}]
)
def test_refund_that_is_only_reported(changes):
    body = message("charge.refunded", charge(amount_refunded=2000) | changes)
    event = only(body)
    assert event.type == "external.info"
    assert (event.reported_minor, event.amount_minor) == (2000, None)
    state = fold([event, only(charge_succeeded())])
    assert [problem.cause for problem in state.problems] == ["refund_unidentified"]


def test_longer_list_of_refunds_is_reported_too():
    told = charge(amount_refunded=5000, refunds=[refund()])
    told["refunds"]["has_more"] = True
    first, report = translate(message("charge.refunded", told))[0].events
    assert (first.type, report.reported_minor) == ("refund.succeeded", 5000)


@pytest.mark.parametrize("has_more", [False, True])
def test_rest_that_is_released_is_no_refund(has_more):
    """Of 121 authorised, 90 are captured, and 31 are refunded later, besides."""
    sold = charge(amount_captured=9000)
    released = refund("re_Rest", 3100, reason=None, created=CREATED)
    told = sold | {"amount_refunded": 3100}
    event = only(message("charge.refunded", told))
    assert (event.type, event.reported_minor) == ("external.info", 0)
    captured = only(message("charge.captured", sold))
    assert fold([event, captured]).problems == ()
    back = refund(amount=3100, created=CREATED + 60)
    told = charge(amount_captured=9000, amount_refunded=6200, refunds=[back, released])
    told["refunds"]["has_more"] = has_more
    events = translate(message("charge.refunded", told))[0].events
    assert events[0].key == "refund:re_3RvAbc:succeeded"
    assert [event.reported_minor for event in events[1:]] == [3100] * has_more
    state = fold([*events, captured])
    assert (state.net_minor, state.problems) == (5900, ())


def test_authorisation_that_is_released_is_no_refund():
    released = charge(captured=False, amount_refunded=12100, refunds=[refund()])
    assert only(message("charge.refunded", released)).type == "payment.voided"
    expired = refund(reason="expired_uncaptured_charge", amount=12100)
    event = only(message("refund.created", expired))
    assert event.key == only(samples()["charge.expired"]).key
    assert (event.type, event.amount_minor) == ("payment.authorization_expired", None)


def test_intent_without_charge():
    body = message("payment_intent.succeeded", payment_intent(amount_received=5))
    assert fault(body) == "data.object.latest_charge"
    old = payment_intent(amount_received=5, api_version=OLD)
    assert fault(message("payment_intent.succeeded", old)) == (
        "data.object.latest_charge"
    )


def test_malformed_refund_in_a_list():
    refunds = [refund(), refund(amount=-5)]
    body = message("charge.refunded", charge(refunds=refunds))
    assert fault(body) == "data.object.refunds.data[1].amount"
