# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What GoCardless's events tell of mandates, payments and refunds."""

from datetime import datetime, timezone

import pytest
from gocardless_payloads import (
    CREATED,
    MANDATE,
    PAYMENT,
    PAYOUT,
    REFUND,
    SECRET,
    batch,
    encode,
    event,
    history,
    page,
    payment,
    refund,
    samples,
)
from gocardless_reading import CAPTURE, DISPUTE, RETURN, STREAMS, pulled
from payment_facts import fold
from roads import whole_claim
from samples.gocardless import LIFE

from engine.errors import MalformedMessage, UnknownCurrency
from engine.events import Reference
from engine.providers.base import Keys, Lookup
from engine.providers.gocardless import const
from engine.providers.gocardless.signature import verify
from engine.providers.gocardless.webhook import envelope, test_request, translate

test_request.__test__ = False


def story(*actions, **more):
    """Give the facts of a payment with these events, the first first."""
    return pulled("payment", history(*[f"payments.{name}" for name in actions], **more))


def keys(facts):
    return [fact.key for fact in facts]


# === batches ===


@pytest.mark.parametrize(
    ("code", "lookup"),
    [
        *(
            (f"payments.{action}", Lookup("payment", PAYMENT))
            for action in const.PAYMENT_MONEY
        ),
        *(
            (f"refunds.{action}", Lookup("refund", REFUND))
            for action in const.REFUND_FACTS
        ),
        *(
            (f"payouts.{action}", Lookup("payout", PAYOUT))
            for action in const.PAYOUT_LOOKUPS
        ),
        ("creditors.bounced_payout", Lookup("bounced_payouts", "CR000123")),
    ],
)
def test_money_is_looked_up(code, lookup):
    (translation,) = translate(samples()[code])
    assert translation.events == ()
    assert translation.lookups == (lookup,)
    assert translation.livemode is None


@pytest.mark.parametrize(("action", "name"), const.PAYMENT_NOTES.items())
def test_what_needs_no_amount(action, name):
    (translation,) = translate(samples()[f"payments.{action}"])
    (fact,) = translation.events
    assert (fact.key, fact.type) == (f"payment:{PAYMENT}:{action}:EV000001", name)
    assert (fact.amount_minor, fact.payment_ref) == (None, PAYMENT)
    assert fact.provider_code == f"payments.{action}"
    assert fact.reason == "refer_to_payer"
    assert set(fact.references) == {
        Reference("payment", PAYMENT),
        Reference("merchant_reference", "S00042"),
    }


def test_mandate():
    (translation,) = translate(samples()["mandates.cancelled"])
    (fact,) = translation.events
    assert fact.key == f"mandate:{MANDATE}:cancelled:EV000001"
    assert fact.type == "mandate.updated"
    assert Reference("mandate", MANDATE) in fact.references


@pytest.mark.parametrize("code", sorted(const.NOTED))
def test_what_is_only_noted(code):
    (translation,) = translate(samples()[code])
    (fact,) = translation.events
    assert (fact.key, fact.type) == ("event:EV000001:info", "external.info")


@pytest.mark.parametrize("code", ["brand.new", "payments.brand_new", "payouts.new"])
def test_what_is_not_understood(code):
    (translation,) = translate(batch(event(code)))
    (fact,) = translation.events
    assert (fact.key, fact.type) == ("event:EV000001:unknown", "unknown")
    assert fact.provider_code == code


def test_one_object_is_looked_up_once():
    told = translate(
        batch(
            event("payments.confirmed", 1),
            event("payments.paid_out", 2),
            event("payments.paid_out", 3, links={"payment": "PM2"}),
            event("payments.submitted", 4),
        )
    )
    assert [translation.lookups for translation in told] == [
        (Lookup("payment", PAYMENT),),
        (),
        (Lookup("payment", "PM2"),),
        (),
    ]
    assert [translation.event_id for translation in told] == [
        "EV000001",
        "EV000002",
        "EV000003",
        "EV000004",
    ]


def test_full_batch():
    body = batch(*(event("payments.paid_out", 1, id=f"EV{n}") for n in range(250)))
    assert len(translate(body)) == 250


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("events[0].id", {"id": None}),
        ("events[0].id", {"id": "EV:1"}),
        ("events[0].action", {"action": 5}),
        ("events[0].resource_type", {"resource_type": ""}),
        ("events[0].created_at", {"created_at": "2026-13-01T00:00:00Z"}),
        ("events[0].links", {"links": None}),
        ("links.payment", {"links": {}}),
        ("links.organisation", {"links": {"payment": PAYMENT, "organisation": 5}}),
    ],
)
def test_one_bad_event_does_not_stop_the_others(path, changes):
    body = batch(event("payments.confirmed", **changes), event("payments.submitted"))
    bad, good = translate(body)
    assert bad.fault.path.endswith(path)
    assert len(good.events) == 1


@pytest.mark.parametrize("events", [None, {}, "x", 5])
def test_no_batch(events):
    with pytest.raises(MalformedMessage) as refused:
        translate(encode({"events": events}))
    assert refused.value.path == "events"


def test_account_of_a_partner():
    links = {"payment": PAYMENT, "organisation": "OR000123"}
    (translation,) = translate(batch(event("payments.created", links=links)))
    assert translation.account == "OR000123"


# === the life of a payment ===


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        (["confirmed"], [CAPTURE]),
        (["confirmed", "paid_out"], [CAPTURE, CAPTURE]),
        (["paid_out"], [CAPTURE]),
        (["failed"], [f"payment:{PAYMENT}:failed:EV000001"]),
        # returned before it was paid out, and after
        (["confirmed", "failed"], [CAPTURE, RETURN]),
        (
            ["confirmed", "paid_out", "failed", "late_failure_settled"],
            [CAPTURE, CAPTURE, RETURN, RETURN],
        ),
        # retried
        (
            ["failed", "confirmed"],
            [f"payment:{PAYMENT}:failed:EV000001", CAPTURE],
        ),
        (
            ["confirmed", "failed", "confirmed", "late_failure_settled", "failed"],
            [CAPTURE, RETURN, f"{CAPTURE}:2", RETURN, f"{RETURN}:2"],
        ),
        # events that are too old to be listed
        (["late_failure_settled"], [CAPTURE, RETURN]),
        (
            ["confirmed", "late_failure_settled", "confirmed"],
            [CAPTURE, RETURN, f"{CAPTURE}:2"],
        ),
        (
            ["charged_back"],
            [CAPTURE, f"{DISPUTE}:opened", f"{DISPUTE}:funds_withdrawn"],
        ),
        (["chargeback_settled"], [CAPTURE, f"{DISPUTE}:funds_withdrawn"]),
        (
            ["chargeback_cancelled"],
            [f"{DISPUTE}:canceled", f"{DISPUTE}:funds_reinstated"],
        ),
        # charged back, and again
        (
            ["confirmed", "charged_back", "chargeback_cancelled", "charged_back"],
            [
                CAPTURE,
                f"{DISPUTE}:opened",
                f"{DISPUTE}:funds_withdrawn",
                f"{DISPUTE}:canceled",
                f"{DISPUTE}:funds_reinstated",
                f"{DISPUTE}:opened:2",
                f"{DISPUTE}:funds_withdrawn:2",
            ],
        ),
    ],
)
def test_life_of_a_payment(actions, expected):
    assert keys(story(*actions)) == expected


@pytest.mark.parametrize(
    ("actions", "status", "net"),
    [
        (["created", "submitted"], "pending", 0),
        (["created", "cancelled"], "voided", 0),
        (["submitted", "failed"], "failed", 0),
        (["submitted", "failed", "resubmission_requested"], "pending", 0),
        (["submitted", "failed", "resubmission_requested", "failed"], "failed", 0),
        (["submitted", "confirmed"], "captured", 12100),
        (["confirmed", "failed"], "failed", 0),
        (["confirmed", "paid_out", "failed", "late_failure_settled"], "failed", 0),
        (["confirmed", "failed", "resubmission_requested"], "failed", 0),
        (
            ["confirmed", "failed", "resubmission_requested", "confirmed"],
            "captured",
            12100,
        ),
        (["confirmed", "charged_back"], "disputed", 0),
        (["confirmed", "charged_back", "chargeback_settled"], "disputed", 0),
        (["confirmed", "charged_back", "chargeback_cancelled"], "captured", 12100),
    ],
)
def test_state_of_a_payment(actions, status, net):
    state = fold(story(*actions))
    assert (state.status, state.net_minor) == (status, net)
    assert state.problems == ()


def test_money_of_a_payment():
    fact, *_rest = story("confirmed")
    assert whole_claim(fact) == (
        CAPTURE,
        "payment.captured",
        12100,
        "GBP",
        2,
        PAYMENT,
        "",
    )
    assert fact.occurred_at == datetime(2026, 3, 1, 9, 15, tzinfo=timezone.utc)
    assert set(fact.references) == {
        Reference("payment", PAYMENT),
        Reference("mandate", MANDATE),
        Reference("payout", PAYOUT),
        Reference("invoice", "INV/2026/0007"),
        Reference("merchant_reference", "WINEBOX001"),
        Reference("description", "S00042-1"),
    }


def test_events_in_any_order_make_one_history():
    events = [event(code, number) for number, code in enumerate(LIFE, 1)]
    linked = {"linked": {"payments": [payment()]}}
    forward, backward = (
        pulled("payment", encode(page("events", *given) | linked))
        for given in (events, reversed(events))
    )
    assert keys(forward) == keys(backward)


def test_of_two_events_at_one_time_the_later_is_listed_first():
    failed, confirmed = event("payments.failed"), event("payments.confirmed")
    linked = {"linked": {"payments": [payment()]}}
    body = encode(page("events", failed, confirmed) | linked)
    assert keys(pulled("payment", body)) == [CAPTURE, RETURN]


def test_same_note_by_batch_and_by_history():
    (told,) = translate(batch(event("payments.submitted")))
    (fact,) = story("submitted")
    assert whole_claim(fact) == whole_claim(told.events[0])


def test_bad_event_in_a_history():
    body = encode(
        page("events", event("payments.confirmed", created_at=None), event("x.y"))
        | {"linked": {"payments": [payment()]}}
    )
    bad, unknown = STREAMS["payment"].translate(body, {})
    assert bad.fault is not None
    assert [fact.type for fact in unknown.events] == ["unknown"]


@pytest.mark.parametrize("linked", [None, {}, {"payments": []}])
def test_history_needs_its_object(linked):
    body = encode(page("events", event("payments.confirmed")) | {"linked": linked})
    with pytest.raises(MalformedMessage):
        STREAMS["payment"].translate(body, {})


@pytest.mark.parametrize(
    ("changes", "error", "path"),
    [
        ({"amount": -1}, MalformedMessage, "linked.payments[0].amount"),
        ({"amount": 1.5}, MalformedMessage, "linked.payments[0].amount"),
        ({"amount": "12100"}, MalformedMessage, "linked.payments[0].amount"),
        ({"currency": None}, MalformedMessage, "linked.payments[0].currency"),
        ({"currency": "XXX"}, UnknownCurrency, "linked.payments[0].currency"),
        ({"id": "PM:1"}, MalformedMessage, "linked.payments[0].id"),
        ({"links": None}, MalformedMessage, "linked.payments[0].links"),
    ],
)
def test_malformed_payment(changes, error, path):
    with pytest.raises(error) as refused:
        story("confirmed", of=payment(**changes))
    assert refused.value.path == path


# === refunds ===


@pytest.mark.parametrize(("action", "expected"), const.REFUND_FACTS.items())
def test_refund(action, expected):
    (fact,) = pulled(
        "refund", history(f"refunds.{action}", of=refund(), name="refunds")
    )
    name, leg = expected
    assert whole_claim(fact) == (
        f"refund:{REFUND}:{leg}",
        name,
        2000,
        "GBP",
        2,
        PAYMENT,
        PAYMENT,
    )


def test_refund_of_no_payment():
    alone = refund(links={"mandate": MANDATE})
    (fact,) = pulled("refund", history("refunds.paid", of=alone, name="refunds"))
    assert (fact.payment_ref, fact.parent) == ("", "")


# === envelope ===


def test_envelope():
    one = envelope(samples()["payments.confirmed"])
    assert one[:2] == ("EV000001", "payments.confirmed")
    assert one.dedupe_key.startswith("sha256:")
    several = envelope(batch(event("payments.created"), event("payments.failed")))
    assert several[:2] == ("", "")
    assert several.dedupe_key != one.dedupe_key


def test_the_hubs_own_message():
    body, headers = test_request(SECRET, "", "OR1", "evt_hub_1", CREATED, False)
    assert verify(body, headers, Keys([SECRET]), CREATED) == 0
    (translation,) = translate(body)
    assert translation.account == "OR1"
    assert keys(translation.events) == ["event:evt_hub_1:test"]
    assert envelope(body)[:2] == ("evt_hub_1", "payment_hub.test")
