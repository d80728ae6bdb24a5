# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Square tells, and that it is the same fact by whichever road it comes."""

from datetime import datetime, timezone

import pytest
from payment_facts import fold
from roads import claim
from samples.square import CASH, GIFT_CARD, INVOICE, MESSAGES, OLD_DISPUTE, PAGES
from square_payloads import (
    DISPUTE,
    MERCHANT,
    PAYMENT,
    PAYOUT,
    REFUND,
    approved,
    dispute,
    entries,
    entry,
    fee,
    message,
    payment,
    payout,
    refund,
    usd,
    with_fees,
    with_payout_fee,
)
from square_reading import CAPTURE, FEE, SQUARE, facts, pulled, told

from engine.errors import MalformedMessage, UnknownCurrency
from engine.events import Fee, Reference

# === one fact, many roads ===


def test_every_road_tells_the_same():
    roads = [
        facts("payment.updated", payment=payment()),
        facts("payment.updated", payment=with_fees()),
        facts("refund.updated", refund=refund()),
        facts("payout.paid", payout=with_payout_fee()),
        facts("payout.sent", payout=payout(status="SENT")),
        pulled("payments", with_fees()),
        pulled("refunds", refund()),
        pulled("payouts", with_payout_fee()),
        pulled("payout_entries", *entries()[:5]),
    ]
    claims = {}
    for road in roads:
        for key, fact in road.items():
            claims.setdefault(key, []).append(claim(fact))
    money = ("USD", 2, PAYMENT)
    of_payout = ("USD", 2, "")
    assert {key: set(found) for key, found in claims.items()} == {
        CAPTURE: {("payment.captured", 11500, *money)},
        FEE: {("fee.charged", 364, *money)},
        f"payment:{PAYMENT}:app_fee": {("fee.charged", 200, *money)},
        f"refund:{REFUND}:succeeded": {("refund.succeeded", 5000, *money)},
        f"refund:{REFUND}:fee": {("fee.refunded", 59, *money)},
        f"refund:{REFUND}:app_fee": {("fee.refunded", 80, *money)},
        f"payout:{PAYOUT}:in_transit": {("payout.in_transit", 5840, *of_payout)},
        f"payout:{PAYOUT}:paid": {("payout.paid", None, None, None, "")},
        f"payout:{PAYOUT}:fee": {("fee.charged", 95, *of_payout)},
        f"payout:{PAYOUT}:fee_tax": {("tax.charged", 5, *of_payout)},
    }
    assert len(claims[CAPTURE]) == 4
    several = (FEE, f"refund:{REFUND}:app_fee", f"payout:{PAYOUT}:in_transit")
    assert [len(claims[key]) for key in several] == [3, 3, 3]


def test_settlements_of_all_roads_agree():
    for road in (
        facts("payment.updated", payment=with_fees()),
        pulled("payout_entries", *entries()),
    ):
        settlement = road[CAPTURE].settlement
        assert (settlement.gross_minor, settlement.net_minor) == (11500, 11136)
    assert settlement.batch == PAYOUT and settlement.entry == "poe_CHARGE"


def test_the_story_folds():
    story = {
        **facts("payment.created", payment=approved()),
        **facts("payment.updated", payment=payment()),
        **facts("payment.updated", payment=with_fees()),
        **facts("refund.created", refund=refund(status="PENDING")),
        **facts("refund.updated", refund=refund()),
    }
    state = fold(story.values())
    assert (state.status, state.net_minor) == ("partially_refunded", 6500)
    assert (state.authorized_minor, state.problems) == (11500, ())
    taken = pulled("payout_entries", *entries()[5:6])
    lost = facts("dispute.state.updated", dispute=dispute(state="LOST"))
    state = fold([*story.values(), *taken.values(), *lost.values()])
    assert (state.status, state.net_minor, state.problems) == ("lost", 0, ())


def test_the_balance_is_the_sum_of_the_entries():
    movements = {}
    for fact in pulled("payout_entries", *entries()).values():
        if fact.settlement and fact.settlement.entry:
            movements[fact.settlement.entry] = fact.settlement.net_minor
    told_only = (-12, 55)  # the fee that the payment tells, and what nobody explains
    total = sum(one["net_amount_money"]["amount"] for one in entries())
    assert sum(movements.values()) == total - sum(told_only)


# === payments ===


def test_capture():
    fact = facts("payment.updated", payment=payment())[CAPTURE]
    captured = datetime(2026, 8, 12, 11, 59, 59, 832000, timezone.utc)
    assert (fact.occurred_at, fact.settlement) == (captured, None)
    assert fact.references == (
        Reference("payment", PAYMENT),
        Reference("order", "03O3USaPaAaFnI6kkwB1JxGgBsUZY"),
        Reference("customer", "W92WH6P11H4Z77CTET0RNTGFW8"),
        Reference("connected_account", MERCHANT),
        Reference("merchant_reference", "INV/2026/00042"),
        Reference("description", "Two chairs"),
    )


def test_each_approved_amount_is_a_fact():
    first = facts("payment.created", payment=approved())
    later = facts("payment.updated", payment=approved(total_money=usd(12000)))
    captured = facts("payment.updated", payment=payment(total_money=usd(12000)))
    assert first.keys().isdisjoint(later.keys())
    state = fold([*first.values(), *later.values(), *captured.values()])
    assert (state.status, state.captured_minor, state.problems) == (
        "captured",
        12000,
        (),
    )


@pytest.mark.parametrize(
    ("status", "event_type", "leg"),
    [
        ("PENDING", "payment.pending", "pending"),
        ("CANCELED", "payment.voided", "voided"),
        ("FAILED", "payment.failed", "failed"),
    ],
)
def test_other_statuses_tell_no_amount(status, event_type, leg):
    (fact,) = facts("payment.updated", payment=payment(status=status)).values()
    assert (fact.type, fact.leg, fact.amount_minor) == (event_type, leg, None)


def test_reason_of_a_failure():
    (translation,) = SQUARE.translate(*MESSAGES["failed"], {})
    assert translation.events[0].reason == "card_declined"


@pytest.mark.parametrize(("outside", "reason"), [(CASH, "cash"), (GIFT_CARD, "card")])
def test_paid_outside(outside, reason):
    (fact,) = facts("payment.updated", payment=outside).values()
    assert (fact.type, fact.amount_minor, fact.reason) == (
        "external.info",
        None,
        reason,
    )
    assert fact.payment_ref == ""


def test_fee_and_its_adjustments():
    adjusted = [
        fee(364),
        fee(-12, "ADJUSTMENT", "2026-08-20T00:00:00Z"),
        fee(5, "ADJUSTMENT", "2026-08-21T00:00:00Z"),
        fee(6, "ADJUSTMENT", "2026-08-21T01:00:00+01:00"),
    ]
    found = facts("payment.updated", payment=payment(processing_fee=adjusted))
    fees = {key: claim(fact)[:2] for key, fact in found.items() if key != CAPTURE}
    assert fees == {
        FEE: ("fee.charged", 364),
        f"{FEE}_adjustment:2026-08-20T00.00.00Z": ("fee.refunded", 12),
        f"{FEE}_adjustment:2026-08-21T00.00.00Z": ("fee.charged", 11),
    }
    earlier = facts("payment.updated", payment=payment(processing_fee=adjusted[:1]))
    assert {key: claim(fact) for key, fact in earlier.items()} == {
        key: claim(found[key]) for key in (CAPTURE, FEE)
    }
    assert found[FEE].settlement.fees == (Fee("processing", 364),)


def test_fee_in_another_currency_is_refused():
    costs = payment(processing_fee=[fee(364, currency="CAD")])
    with pytest.raises(MalformedMessage) as refused:
        told("payment.updated", payment=costs)
    path = "data.object.payment.processing_fee[0].amount_money"
    assert refused.value.path == path


@pytest.mark.parametrize(("currency", "exponent"), [("JPY", 0), ("EUR", 2)])
def test_exponents(currency, exponent):
    money = {"total_money": usd(700, currency)}
    fact = facts("payment.updated", payment=payment(**money))[CAPTURE]
    assert claim(fact)[1:4] == (700, currency, exponent)


# === refunds ===


@pytest.mark.parametrize(
    ("status", "event_type", "leg"),
    [
        ("PENDING", "refund.requested", "requested"),
        ("COMPLETED", "refund.succeeded", "succeeded"),
        ("REJECTED", "refund.failed", "failed"),
        ("FAILED", "refund.failed", "failed"),
    ],
)
def test_refund(status, event_type, leg):
    found = facts("refund.updated", refund=refund(status=status))
    fact = found[f"refund:{REFUND}:{leg}"]
    assert claim(fact) == (event_type, 5000, "USD", 2, PAYMENT)
    assert fact.parent == PAYMENT
    assert Reference("description", "A chair was broken") in fact.references
    assert len(found) == (3 if status == "COMPLETED" else 1)


GIVEN_BACK_ON_GIFT_CARD = {
    "destination_type": "CARD",
    "destination_details": {
        "card_details": {"card": {"card_brand": "SQUARE_GIFT_CARD"}}
    },
}


@pytest.mark.parametrize(
    "outside", [{"destination_type": "CASH"}, GIVEN_BACK_ON_GIFT_CARD]
)
def test_refund_outside(outside):
    (fact,) = facts("refund.updated", refund=refund(**outside)).values()
    assert (fact.type, fact.payment_ref) == ("external.info", "")
    assert fact.reason == outside["destination_type"].lower()


def test_refund_without_payment():
    unlinked = refund(unlinked=True, payment_id=None)
    fact = facts("refund.updated", refund=unlinked)[f"refund:{REFUND}:succeeded"]
    assert (fact.payment_ref, fact.parent) == ("", "")


# === disputes ===


@pytest.mark.parametrize(
    ("state", "event_type"),
    [
        ("INQUIRY_EVIDENCE_REQUIRED", "dispute.inquiry_opened"),
        ("INQUIRY_PROCESSING", "dispute.evidence_submitted"),
        ("INQUIRY_CLOSED", "dispute.inquiry_closed"),
        ("EVIDENCE_REQUIRED", "dispute.opened"),
        ("PROCESSING", "dispute.evidence_submitted"),
        ("WON", "dispute.won"),
        ("LOST", "dispute.lost"),
        ("ACCEPTED", "dispute.accepted"),
    ],
)
def test_dispute(state, event_type):
    (fact,) = facts("dispute.created", dispute=dispute(state=state)).values()
    assert claim(fact) == (event_type, None, None, None, PAYMENT)
    assert fact.reason == "not_received"
    assert pulled("disputes", dispute(state=state)).keys() == {fact.key}


def test_dispute_of_an_older_version():
    (fact,) = pulled("disputes", OLD_DISPUTE).values()
    assert fact.key == "dispute:old:won"


def test_dispute_that_takes_and_gives_back():
    details = {"payment_id": PAYMENT, "dispute_id": DISPUTE}
    moves = [
        entry("OPEN_DISPUTE", -6500, entry_id="poe_1", **details),
        entry("OPEN_DISPUTE", 6500, entry_id="poe_2", **details),
        entry("DISPUTE", -6500, entry_id="poe_3", **details),
    ]
    found = [
        *facts("payment.updated", payment=payment()).values(),
        *facts("dispute.state.updated", dispute=dispute(state="LOST")).values(),
        *pulled("payout_entries", *moves).values(),
    ]
    state = fold(found)
    assert (state.status, state.disputed_minor) == ("lost", 6500)


# === envelope, account, environment ===


@pytest.mark.parametrize(
    ("environment", "livemode"),
    [("Production", True), ("Sandbox", False), ("", None), ("odd", None)],
)
def test_environment_and_version(environment, livemode):
    headers = {"square-environment": environment, "square-version": "2025-08-20"}
    translation = told("payment.updated", headers=headers, payment=payment())
    assert (translation.livemode, translation.api_version) == (livemode, "2025-08-20")
    body = message("payment.updated", payment=payment())
    envelope = SQUARE.envelope(body, headers)
    event_id = "6a8f5f28-54a1-4eb0-a98a-3111513fd4fc"
    assert envelope == (event_id, "payment.updated", event_id, "2025-08-20")


def test_version_of_events_that_were_searched():
    stream, body = PAGES[0]
    first, _second = SQUARE.streams[stream].translate(body, {})
    assert (first.api_version, first.livemode) == ("2024-01-18", None)


@pytest.mark.parametrize(
    ("wanted", "account"),
    [("", ""), (" ", ""), (MERCHANT, ""), ("another", MERCHANT)],
)
def test_account(wanted, account):
    options = {"merchant": wanted}
    assert (
        told("payment.updated", options=options, payment=payment()).account == account
    )


def test_invoice_links_its_number_to_the_order():
    (fact,) = facts("invoice.payment_made", invoice=INVOICE).values()
    assert (fact.type, fact.object_type) == ("external.info", "order")
    assert fact.references == (
        Reference("order", "03O3USaPaAaFnI6kkwB1JxGgBsUZY"),
        Reference("invoice", "INV/2026/00042"),
    )


@pytest.mark.parametrize("kind", ["payment", "refund", "dispute", "payout"])
def test_undocumented_status(kind):
    objects = {
        "payment": payment(status="ODD"),
        "refund": refund(status="ODD"),
        "dispute": dispute(state="ODD"),
        "payout": payout(status="ODD"),
    }
    event = next(name for name in SQUARE.subscribed_events if name.startswith(kind))
    for found in (
        facts(event, **{kind: objects[kind]}),
        pulled(f"{kind}s", objects[kind]),
    ):
        (fact,) = found.values()
        assert (fact.type, fact.provider_code) == ("unknown", f"{kind}.ODD")


def test_undocumented_event():
    (fact,) = told("payment.invented", payment=payment()).events
    assert (fact.type, fact.provider_code) == ("unknown", "payment.invented")


@pytest.mark.parametrize(
    ("change", "error", "path"),
    [
        ({"total_money": usd(-1)}, MalformedMessage, "total_money.amount"),
        ({"total_money": usd(1.5)}, MalformedMessage, "total_money.amount"),
        ({"total_money": None}, MalformedMessage, "total_money"),
        ({"total_money": usd(5, "XUS")}, UnknownCurrency, "total_money.currency"),
        ({"id": "a:b"}, MalformedMessage, "id"),
        ({"processing_fee": {}}, MalformedMessage, "processing_fee"),
        ({"app_fee_money": usd(-5)}, MalformedMessage, "app_fee_money.amount"),
    ],
)
def test_bad_fields(change, error, path):
    with pytest.raises(error) as refused:
        told("payment.updated", payment=payment(**change))
    assert refused.value.path == f"data.object.payment.{path}"


@pytest.mark.parametrize("day", ["2026-13-01", "tomorrow", "2026-08-14T00:00:00Z"])
def test_bad_day(day):
    with pytest.raises(MalformedMessage) as refused:
        told("payout.paid", payout=payout(arrival_date=day))
    assert refused.value.path == "data.object.payout.arrival_date"
