# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One fact has one key, one amount and one currency, whichever road tells it."""

import json

import pytest
import stripe_balance_payloads as stripe
from roads import claims
from stripe_payloads import (
    CREATED,
    charge,
    envelope,
    message,
    payment_intent,
    payment_intent_succeeded,
    refund,
)

from engine.facts import Facts
from engine.providers.stripe import balance, objects, report, webhook


def events(translations):
    for translation in translations:
        assert translation.fault is None, translation.fault
        yield from translation.events


def by_webhook(*bodies):
    return [event for body in bodies for event in events(webhook.translate(body))]


def by_page(*entries):
    return list(events(balance.translate(stripe.page(*entries))))


def by_report(*rows):
    parts = report.split(stripe.report_of(*rows))
    return [event for part in parts for event in events(report.translate(part))]


def by_object(obj):
    return list(events(objects.translate(json.dumps(obj).encode())))


WEBHOOK = [
    payment_intent_succeeded(),
    message("charge.succeeded", charge()),
    message("refund.updated", refund()),
    message("refund.failed", refund(status="failed")),
    *(
        stripe.samples()[name]
        for name in (
            "charge.dispute.funds_withdrawn",
            "charge.dispute.funds_reinstated",
            "payout.created",
            "payout.paid",
            "payout.failed",
            "topup.succeeded",
            "transfer.created",
            "transfer.reversed",
            "application_fee.created",
            "application_fee.refunded",
            "application_fee.refund.updated",
        )
    ),
]
FEES = {"charge:ch_3RvAbc:fee", "balance_entry:txn_1RvAbcUse:charged"}
RESERVES = {"balance_entry:txn_1RvAbcRes:held"}


def test_every_fact_on_every_road():
    webhooks = claims(by_webhook(*WEBHOOK))
    pages = claims(by_page(*stripe.entries()))
    rows = claims(by_report(*stripe.report_rows()))
    # Payment messages do not tell the fee, nor what belongs to no object.
    assert pages.keys() - webhooks.keys() == FEES | RESERVES
    assert webhooks.items() <= pages.items()
    # Only the type of the balance transaction says why a payout came back.
    assert pages.keys() - rows.keys() == {"payout:po_1RvAbc:failed"}
    assert rows.items() <= pages.items()


def test_what_the_roads_tell_agrees_in_the_payment():
    told = [
        *by_webhook(*WEBHOOK),
        *by_page(*stripe.entries()),
        *by_report(*stripe.report_rows()),
    ]
    of_payment = [e for e in told if e.payment_ref in ("pi_3RvAbc", "ch_3RvAbc")]
    assert Facts(of_payment).problems == {}


def test_references_and_relations_on_every_road():
    for told in (by_page(*stripe.entries()), by_report(*stripe.report_rows())):
        facts = {event.key: event for event in told}
        capture = facts["charge:ch_3RvAbc:capture"]
        assert capture.payment_ref == "pi_3RvAbc"
        assert {("invoice", "INV/2025/00042"), ("balance_entry", "txn_3RvAbc")} <= set(
            capture.references
        )
        assert facts["charge:ch_3RvAbc:fee"].payment_ref == "pi_3RvAbc"
        for key in ("refund:re_3RvAbc:succeeded", "dispute:du_1RvAbc:funds_withdrawn"):
            assert facts[key].parent == "ch_3RvAbc"
        assert {clock.kind for clock in capture.clocks} == {"available"}


def test_settlement_on_every_road():
    page, row = (
        {event.key: event.settlement for event in told}
        for told in (by_page(*stripe.entries()), by_report(*stripe.report_rows()))
    )
    for key in page.keys() & row.keys():
        one, other = page[key], row[key]
        assert (one.gross_minor, one.fee_minor, one.net_minor, one.entry) == (
            other.gross_minor,
            other.fee_minor,
            other.net_minor,
            other.entry,
        )
        assert (one.currency, one.exponent) == (other.currency, other.exponent)
        assert (one.batch, other.batch) == ("", "po_1RvAbc")


@pytest.mark.parametrize(
    ("seen", "minor", "text", "exponent"),
    [
        ("usd", 13000, "130.00", 2),
        ("jpy", 19000, "19000", 0),
        ("isk", 1700000, "17000.00", 2),
        ("kwd", 40120, "40.120", 3),
    ],
)
def test_converted_payment(seen, minor, text, exponent):
    """What the customer paid, not what arrived, is the amount of the capture."""
    sold = charge(amount=minor, currency=seen)
    back = refund(amount=minor, currency=seen)
    lost = stripe.dispute(amount=minor, currency=seen, entries=[stripe.withdrawal()])
    webhooks = claims(
        by_webhook(
            message("charge.succeeded", sold),
            message("refund.updated", back),
            message("charge.dispute.funds_withdrawn", lost),
        )
    )
    pages = by_page(
        stripe.entry(fee=205, source=sold, exchange_rate=0.930769),
        stripe.entry("txn_3RvAbcRefund", "refund", -12000, source=back),
        stripe.withdrawal() | {"source": lost},
    )
    facing = {"customer_facing_currency": seen}
    rows = by_report(
        stripe.of_payment(
            "charge",
            "txn_3RvAbc",
            "ch_3RvAbc",
            "121.00",
            "2.05",
            customer_facing_amount=text,
            **facing,
        ),
        stripe.of_payment(
            "refund",
            "txn_3RvAbcRefund",
            "re_3RvAbc",
            "-120.00",
            customer_facing_amount=f"-{text}",
            **facing,
        ),
        stripe.of_payment(
            "dispute",
            "txn_1RvAbcOut",
            "du_1RvAbc",
            "-121.00",
            "20.00",
            customer_facing_amount=text,
            **facing,
        ),
    )
    expected = (minor, seen.upper(), exponent)
    assert webhooks["charge:ch_3RvAbc:capture"] == ("payment.captured", *expected)
    assert claims(pages) == claims(rows)
    assert webhooks.items() <= claims(rows).items()
    assert pages[0].settlement.rate == "0.930769"
    assert pages[0].settlement.gross_minor == 12100


def test_part_of_an_authorisation_is_captured():
    sold = charge(amount_captured=5000, amount_refunded=7100)
    released = refund(amount=7100, reason=None)
    uncaptured = "partial_capture_reversal"
    webhooks = claims(by_webhook(message("charge.captured", sold)))
    pages = by_page(
        stripe.entry(fee=205, source=sold),
        stripe.entry("txn_Rest", "refund", -7100, -30, uncaptured, source=released),
    )
    rows = by_report(
        # In between is somebody else's.
        stripe.of_payment(uncaptured, "txn_Rest", "re_3RvAbc", "-71.00", "-0.30"),
        stripe.row("fee", "txn_1RvAbcUse", "", "-0.70"),
        stripe.of_payment("charge", "txn_3RvAbc", "ch_3RvAbc", "121.00", "2.05"),
    )
    capture = ("payment.captured", 5000, "EUR", 2)
    assert webhooks == {"charge:ch_3RvAbc:capture": capture}
    assert claims(pages)["charge:ch_3RvAbc:capture"] == capture
    assert claims(pages).items() <= claims(rows).items()
    rest = next(event for event in pages if event.object_id == "txn_Rest")
    assert (rest.type, rest.amount_minor) == ("payment.captured", 0)
    assert rest.settlement.gross_minor == -7100
    assert Facts(pages).problems == {}
    net = sum(event.settlement.net_minor for event in pages if event.leg != "fee")
    assert net == 5000 - 205 + 30


def test_part_of_a_converted_authorisation_is_captured():
    """Without the currency of the released part nothing is subtracted, but asked."""
    captured = stripe.of_payment(
        "charge",
        "txn_3RvAbc",
        "ch_3RvAbc",
        "121.00",
        customer_facing_amount="130.00",
        customer_facing_currency="usd",
    )
    rest = stripe.of_payment("partial_capture_reversal", "txn_1", "re_1", "-71.00")
    (part,) = report.split(stripe.report_of(captured, rest))
    told = {item.event_id: item for item in report.translate(part)}
    assert told["txn_3RvAbc"].events == ()
    assert told["txn_3RvAbc"].lookups == (("balance_transaction", "txn_3RvAbc"),)


def test_charge_that_failed_after_it_succeeded():
    failed = charge(status="failed", failure_balance_transaction="txn_Fail")
    told = claims(by_webhook(message("charge.failed", failed)))
    came = stripe.entry(type="payment", category="charge", source=failed)
    back = stripe.entry(
        "txn_Fail", "payment_failure_refund", -12100, category="charge_failure"
    )
    # Stripe gives a refund as the source of what went back.
    refunded = refund("pyr_3RvAbc", 12100)
    for source in (failed, refunded):
        assert claims(by_page(came, back | {"source": source})) == told
    rows = (
        stripe.of_payment("charge", "txn_3RvAbc", "ch_3RvAbc", "121.00"),
        stripe.of_payment("charge_failure", "txn_Fail", "pyr_3RvAbc", "-121.00"),
    )
    assert claims(by_report(*rows)) == told


@pytest.mark.parametrize(
    ("type", "status", "leg"),
    [("payout_failure", "failed", "failed"), ("payout_cancel", "canceled", "canceled")],
)
def test_payout_that_comes_back(type, status, leg):
    payout = stripe.failed_payout(status)
    told = claims(by_webhook(message(f"payout.{leg}", payout)))
    out = stripe.entry("txn_1RvAbcPayout", "payout", -50000, source=payout)
    back = stripe.entry("txn_1RvAbcBack", type, 50000, source=payout)
    assert claims(by_page(out, back)) == told
    expanded = payout | {
        "balance_transaction": out,
        "failure_balance_transaction": back,
    }
    assert claims(by_object(expanded)) == told


def test_payout_that_reverses_another():
    payout = stripe.payout(amount=-50000, original_payout="po_1RvOriginal")
    told = by_webhook(message("payout.paid", payout))
    entry = stripe.entry("txn_1RvAbcPayout", "payout", 50000, source=payout)
    page = by_page(entry)
    assert claims(page) == claims(told)
    assert page[0].parent == told[1].parent == "po_1RvOriginal"
    row = stripe.row("payout", "txn_1RvAbcPayout", "po_1RvAbc", "500.00")
    assert claims(by_report(row)) == claims(told)


def test_instant_payout_with_a_fee():
    entry = stripe.entry("txn_1RvAbcPayout", "payout", -50000, 500)
    page = claims(by_page(entry | {"source": stripe.payout()}))
    assert page["payout:po_1RvAbc:fee"] == ("fee.charged", 500, "EUR", 2)
    row = stripe.row("payout", "txn_1RvAbcPayout", "po_1RvAbc", "-500.00", "5.00")
    assert claims(by_report(row)) == page


def test_list_of_messages_is_the_messages():
    sent = envelope("charge.succeeded", charge())
    (by_list,) = webhook.translate_page(stripe.page(sent))
    assert by_list == webhook.translate(json.dumps(sent).encode())[0]
    broken = stripe.page(sent, envelope("charge.succeeded", {}), sent)
    found = webhook.translate_page(broken)
    assert [bool(item.fault) for item in found] == [False, True, False]


def test_object_that_was_looked_up():
    capture = stripe.entry(fee=205, created=CREATED - 30)
    intent = payment_intent(latest_charge=charge(balance_transaction=capture))
    told = by_object(intent)
    page = by_page(stripe.entry(fee=205, source=charge()))
    assert claims(told) == claims(page)
    # The intent is older than its capture, and the message about it younger.
    moved = [event for event in told if event.key == "charge:ch_3RvAbc:capture"]
    assert moved[0].occurred_at.timestamp() == CREATED - 30
    back = stripe.entry("txn_3RvAbcRefund", "refund", -2000)
    assert claims(by_object(refund(balance_transaction=back))) == claims(
        by_webhook(message("refund.updated", refund()))
    )
    lost = stripe.dispute(entries=[stripe.withdrawal()])
    told = by_object(lost)
    assert claims(told) == claims(
        by_webhook(message("charge.dispute.funds_withdrawn", lost))
    )
    assert "dispute:du_1RvAbc:opened" in {event.key for event in told}


def test_payout_from_a_list():
    told = by_object(
        stripe.listed([stripe.payout(status="paid"), stripe.payout("po_2")])
    )
    assert [(event.key, event.occurred_at.timestamp()) for event in told] == [
        ("payout:po_1RvAbc:scheduled", CREATED),
        ("payout:po_1RvAbc:paid", stripe.MIDNIGHT + 2 * stripe.DAY),
        ("payout:po_2:scheduled", CREATED),
    ]


def test_object_that_tells_nothing_yet():
    for obj in (payment_intent(), charge(balance_transaction=None), refund()):
        assert [event.type for event in by_object(obj)] == ["external.info"]
