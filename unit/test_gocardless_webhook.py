# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What GoCardless tells is one fact, whichever road it comes by."""

from datetime import datetime, timezone

import pytest
from gocardless_payloads import (
    CREATED,
    ITEMS,
    MANDATE,
    PAYMENT,
    PAYOUT,
    REFUND,
    SECRET,
    batch,
    encode,
    event,
    history,
    item,
    items,
    page,
    payment,
    payout,
    refund,
    samples,
)
from payment_facts import fold
from roads import whole_claim
from samples.gocardless import FX, LIFE

from engine.errors import MalformedMessage, UnknownCurrency
from engine.events import Clock, Reference
from engine.providers import get
from engine.providers.base import Keys, Lookup
from engine.providers.gocardless import const
from engine.providers.gocardless.signature import verify
from engine.providers.gocardless.webhook import envelope, test_request, translate

test_request.__test__ = False

STREAMS = get("gocardless").streams


def pulled(stream, body):
    """Give the facts of a page."""
    translations = STREAMS[stream].translate(body, {})
    for translation in translations:
        assert translation.fault is None, translation.fault
    return [fact for translation in translations for fact in translation.events]


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

CAPTURE = f"payment:{PAYMENT}:capture"
RETURN = f"payment:{PAYMENT}:charge_reversed"
DISPUTE = f"dispute:{PAYMENT}"


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


# === payouts ===


def test_payout():
    out, paid, fee = pulled("payouts", encode(page("payouts", payout())))
    assert whole_claim(out)[:5] == (
        f"payout:{PAYOUT}:in_transit",
        "payout.in_transit",
        9984,
        "GBP",
        2,
    )
    assert (paid.type, paid.amount_minor) == ("payout.paid", None)
    assert (fee.key, fee.type, fee.amount_minor) == (
        f"payout:{PAYOUT}:fee",
        "fee.charged",
        116,
    )
    arrival = datetime(2026, 3, 25, tzinfo=timezone.utc)
    assert out.clocks == (Clock("value", arrival, "UTC"),)
    assert Reference("bank_trace", "WINEBOX-X7") in out.references


@pytest.mark.parametrize(
    ("status", "types"),
    [
        ("pending", ["payout.scheduled", "fee.charged"]),
        ("paid", ["payout.in_transit", "payout.paid", "fee.charged"]),
        ("bounced", ["payout.in_transit", "external.info", "fee.charged"]),
        ("new", ["unknown", "fee.charged"]),
    ],
)
def test_status_of_a_payout(status, types):
    facts = pulled("payouts", encode({"payouts": payout(status)}))
    assert [fact.type for fact in facts] == types


def test_payout_that_bounced_and_was_retried_left_once():
    """The retry has the id of the payout that bounced."""
    statuses = ("paid", "bounced", "pending", "paid")
    facts = pulled("payouts", encode(page("payouts", *map(payout, statuses))))
    moved = {
        fact.key: fact.settlement.net_minor
        for fact in facts
        if fact.type.startswith("payout.") and fact.is_balance
    }
    assert moved == {f"payout:{PAYOUT}:in_transit": -9984}


@pytest.mark.parametrize(
    ("fees", "expected"),
    [(116, ("fee.charged", 116)), (-20, ("fee.refunded", 20)), (0, None), (None, None)],
)
def test_fees_of_a_payout(fees, expected):
    facts = pulled("payouts", encode({"payouts": payout(deducted_fees=fees)}))
    found = [(fact.type, fact.amount_minor) for fact in facts if fact.leg == "fee"]
    assert found == ([expected] if expected else [])


def test_payout_in_another_currency():
    facts = pulled("payouts", encode({"payouts": payout(fx=FX)}))
    out, bank = facts[0], facts[-1]
    assert (out.amount_minor, out.currency) == (9984, "GBP")
    assert (bank.key, bank.type) == (f"payout:{PAYOUT}:fx", "external.info")
    assert (bank.amount_minor, bank.currency) == (11534, "EUR")
    assert bank.reason == "1.1552483974"


def test_payout_of_a_partner():
    partner = payout(payout_type="partner", amount=100, deducted_fees=10)
    facts = pulled("payouts", encode({"payouts": partner}))
    assert (
        sum(fact.settlement.net_minor for fact in facts if fact.settlement is not None)
        == 0
    )
    (earned,) = [fact for fact in facts if fact.type == "application_fee.earned"]
    assert earned.amount_minor == 110


@pytest.mark.parametrize("day", ["2026-13-01", "2026-3-1", 5, "٢٠٢٦-٠٣-٠١", ""])
def test_odd_day_of_arrival(day):
    (translation,) = STREAMS["payouts"].translate(
        encode(page("payouts", payout(arrival_date=day))), {}
    )
    assert translation.fault.path == "payouts[0].arrival_date"


# === payout items ===

EXPECTED_ITEMS = {
    "payment_paid_out": (CAPTURE, "payment.captured", 1),
    "payment_failed": (RETURN, "payment.charge_reversed", -1),
    "payment_charged_back": (
        f"{DISPUTE}:funds_withdrawn",
        "dispute.funds_withdrawn",
        -1,
    ),
    "payment_refunded": (f"refund:{REFUND}:succeeded", "refund.succeeded", -1),
    "refund": (f"refund:{REFUND}:succeeded", "refund.succeeded", -1),
    "refund_funds_returned": (f"refund:{REFUND}:failed", "refund.failed", 1),
}


@pytest.mark.parametrize(("kind", "expected"), EXPECTED_ITEMS.items())
def test_item(kind, expected):
    key, name, sign = expected
    given = item(kind, f"{sign * 450}.0", payment=PAYMENT, refund=REFUND)
    (fact,) = pulled("payout_items", items(given))
    assert (fact.key, fact.type, fact.amount_minor) == (key, name, 450)
    assert (fact.currency, fact.exponent) == ("GBP", 2)
    assert fact.provider_code == kind
    assert (fact.settlement.net_minor, fact.settlement.batch) == (sign * 450, PAYOUT)


def test_items_and_fees_add_up_to_the_payout():
    """To the penny, though the fees of the items add up to half a penny less."""
    facts = pulled("payout_items", items(*ITEMS))
    facts += pulled("payouts", encode({"payouts": payout()}))
    moved = [fact.settlement.net_minor for fact in facts if fact.settlement]
    assert sum(moved) == 0
    assert all(fact.is_balance for fact in facts if fact.settlement)


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("-100.5", ("gocardless_fee", 1005, 3)),
        ("-100.0", ("gocardless_fee", 100, 2)),
        ("-0.5", ("gocardless_fee", 5, 3)),
        ("-12", ("gocardless_fee", 12, 2)),
        ("20.5", ("gocardless_fee_credited", 205, 3)),
    ],
)
def test_fee_of_an_item_is_exact_and_not_booked(amount, expected):
    (fact,) = pulled("payout_items", items(item("gocardless_fee", amount)))
    leg, minor, exponent = expected
    assert fact.key == f"payment:{PAYMENT}:{leg}:{PAYOUT}"
    assert (fact.amount_minor, fact.exponent) == (minor, exponent)
    assert (fact.type, fact.payment_ref) == ("external.info", PAYMENT)
    assert fact.settlement is None


def test_two_fees_of_one_payment_are_two():
    fee = item("surcharge_fee", "-10.0")
    first, second = pulled("payout_items", items(fee, fee))
    assert second.key == f"{first.key}:2"


def test_item_of_a_new_type():
    (fact,) = pulled("payout_items", items(item("new_type", "-10.0")))
    assert (fact.type, fact.provider_code) == ("unknown", "new_type")


@pytest.mark.parametrize(
    "amount",
    ["45.5", "-45.0", "45.00", "4e1", "", None, 45, "45.", ".5", "٤٥.0", "1" * 16],
)
def test_odd_amount_of_an_item(amount):
    body = items(item(amount=amount), item())
    bad, good = STREAMS["payout_items"].translate(body, {})
    assert bad.fault.path == "payout_items[0].amount"
    assert good.fault is None


def test_items_without_their_payout():
    body = encode({"payout_items": [item()]})
    (translation,) = STREAMS["payout_items"].translate(body, {})
    assert translation.fault is not None


# === one fact, many roads ===


@pytest.mark.parametrize(
    ("body", "stream", "given"),
    [
        (history("payments.confirmed"), "payment", item()),
        (history("payments.paid_out"), "payment", item()),
        (
            history("payments.confirmed", "payments.failed"),
            "payment",
            item("payment_failed", "-12100.0"),
        ),
        (
            history("payments.charged_back"),
            "payment",
            item("payment_charged_back", "-12100.0"),
        ),
        (
            history("refunds.paid", of=refund(), name="refunds"),
            "refund",
            item("payment_refunded", "-2000.0", payment=PAYMENT, refund=REFUND),
        ),
        (
            history("refunds.refund_settled", of=refund(), name="refunds"),
            "refund",
            item("payment_refunded", "-2000.0", payment=PAYMENT, refund=REFUND),
        ),
        (
            history("refunds.funds_returned", of=refund(), name="refunds"),
            "refund",
            item("refund_funds_returned", "2000.0", payment=PAYMENT, refund=REFUND),
        ),
    ],
)
def test_same_fact_by_events_and_by_items(body, stream, given):
    *_before, told = pulled(stream, body)
    (booked,) = pulled("payout_items", items(given))
    assert whole_claim(told) == whole_claim(booked)


def test_payout_by_every_road():
    alone = pulled("payouts", encode({"payouts": payout()}))
    listed = pulled("payouts", encode(page("payouts", payout())))
    assert alone == listed


def test_events_of_the_api_are_read_like_a_batch():
    events = [event("payments.confirmed"), event("payments.submitted", 2)]
    listed = STREAMS["events"].translate(encode(page("events", *events)), {})
    assert listed == translate(batch(*events))


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
