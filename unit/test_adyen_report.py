# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Settlement reports: whole or refused, and of one mind with the webhooks."""

import random

import pytest
from adyen_payloads import (
    ACCOUNT,
    CAPTURE,
    COLUMNS,
    DISPUTE,
    PAYMENT,
    PAYOUT,
    REFUND,
    amount,
    batch_rows,
    entry_row,
    message,
    row,
    settlement_report,
)
from adyen_report_reading import OPTIONS, claims, lines, read
from payment_facts import fold

from engine.errors import MalformedMessage, UnknownCurrency
from engine.providers.adyen import report as adyen_report
from engine.providers.adyen.webhook import translate as translate_webhook


def refusal(body):
    with pytest.raises(MalformedMessage) as refused:
        adyen_report.split(body)
    return str(refused.value)


# === both roads ===


@OPTIONS
@pytest.mark.parametrize(
    ("code", "told", "own"),
    [
        ("CAPTURE", ("Settled", "121.00"), CAPTURE),
        ("CAPTURE", ("SettledBulk", "121.00"), CAPTURE),
        ("CAPTURE", ("SentForSettle", "121.00"), CAPTURE),
        ("CAPTURE_FAILED", ("CaptureFailed", "-121.00"), CAPTURE),
        ("REFUND", ("Refunded", "-121.00"), REFUND),
        ("REFUND_FAILED", ("RefundFailed", "121.00"), REFUND),
        ("REFUNDED_REVERSED", ("RefundedReversed", "121.00"), REFUND),
        ("POSTPONED_REFUND", ("SentForRefund", "-121.00"), REFUND),
        ("CHARGEBACK", ("Chargeback", "-121.00"), DISPUTE),
        ("CHARGEBACK_REVERSED", ("ChargebackReversed", "121.00"), DISPUTE),
        ("SECOND_CHARGEBACK", ("SecondChargeback", "-121.00"), DISPUTE),
    ],
)
def test_one_fact_by_every_road(code, told, own, options):
    by_report = lines(row(*told, told[1], own=own), options=options)
    (translation,) = translate_webhook(message(code), {}, options)
    assert claims(by_report) == claims(translation.events)
    (first,), (second,) = by_report, translation.events
    assert (first.payment_ref, first.parent) == (second.payment_ref, second.parent)
    assert translation.account == ACCOUNT
    assert fold([first, second]).problems == fold([first]).problems


def test_immediate_capture_by_every_road():
    (by_report,) = lines(row("Settled", "121.00", "121.00"))
    for code in ("AUTHORISATION", "AUTORESCUE", "CAPTURE"):
        own = CAPTURE if code == "CAPTURE" else PAYMENT
        (translation,) = translate_webhook(message(code, pspReference=own))
        assert claims(translation.events) == claims([by_report])
        assert fold([*translation.events, by_report]).status == "captured"


@pytest.mark.parametrize(
    ("currency", "minor", "major"),
    [
        ("JPY", 500, "500"),
        ("BHD", 5001, "5.001"),
        ("IDR", 500000, "500000"),
        ("ISK", 50000, "500.00"),
        ("CLP", 50000, "500.00"),
        ("CVE", 500, "500"),
    ],
)
def test_presentment_amounts_of_other_exponents(currency, minor, major):
    told = row("Settled", major, "4.00", currency=currency, rate="0.008")
    (translation,) = translate_webhook(
        message("AUTHORISATION", amount=amount(minor, currency))
    )
    assert claims(lines(told)) == claims(translation.events)


def test_payout_to_a_third_party_by_both_roads():
    told = row("PaidOut", "-121.00", "-121.00", psp=PAYOUT, own=PAYOUT)
    in_transit, paid = lines(told)
    (translation,) = translate_webhook(message("PAYOUT_THIRDPARTY"))
    assert claims([in_transit]) == claims(translation.events)
    assert (paid.type, paid.amount_minor, paid.settlement) == (
        "payout.paid",
        None,
        None,
    )
    assert paid.payment_ref == "" and paid.key == f"payout:{PAYOUT}:paid"


def test_batch():
    events = [event for one in read(settlement_report()) for event in one.events]
    assert len({event.key for event in events}) == len(events)
    assert [event.type for event in events] == [
        "payment.captured",
        "fee.charged",
        "payment.captured",
        "fee.charged",
        "refund.succeeded",
        "fee.charged",
        "dispute.funds_withdrawn",
        "fee.charged",
        "dispute.funds_reinstated",
        "fee.charged",
        "fee.charged",
        "reserve.held",
        "settlement.carry_forward",
        "payout.in_transit",
        "settlement.carry_forward",
    ]
    nets = {event.settlement.entry: event.settlement.net_minor for event in events}
    assert sum(nets.values()) == 0 and len(nets) == len(batch_rows())
    balance = sum(
        event.settlement.gross_minor
        if not event.leg.startswith("fee") or event.object_type == "balance_entry"
        else -event.settlement.fee_minor
        for event in events
        if event.is_balance
    )
    assert balance == 1500  # less what was carried from and to other batches


# === the file ===


def test_order_of_columns_and_rows_changes_no_fact():
    columns, rows = list(COLUMNS), batch_rows()
    first = read(settlement_report())
    random.Random(4).shuffle(columns)
    random.Random(4).shuffle(rows)
    second = read(settlement_report(rows, [*columns, "Reserved4"]))
    keys = [
        {event.key for one in told for event in one.events} for told in (first, second)
    ]
    assert keys[0] == keys[1]


def test_rows_that_are_quite_alike_are_two_facts():
    fees = [one for one in read(settlement_report()) if one.event_type == "Fee"]
    assert len(fees) == 2 and fees[0].event_id != fees[1].event_id
    told = row("Refunded", "-5.00", "-5.00", own=REFUND)
    first, second, _payout = read(
        settlement_report([told, told, entry_row("MatchedStatement", "10.00", "TX")])
    )
    assert first.events[0].key == f"refund:{REFUND}:succeeded"
    assert second.events[0].key == f"refund:{REFUND}:succeeded:1"


def test_parts_are_small_and_name_the_row_of_the_file():
    rows = batch_rows() * 50
    rows[-1] = rows[-1] | {"TimeZone": "XYZ"}
    parts = adyen_report.split(settlement_report(rows))
    assert len(parts) == 3
    translations = [one for part in parts for one in adyen_report.translate(part)]
    assert len(translations) == len(rows)
    assert translations[-1].fault.path == f"row {len(rows)}.TimeZone"
    events = [event for one in translations for event in one.events]
    assert len({event.key for event in events}) == len(events)


def test_incomplete_batch_is_refused_with_what_is_missing():
    rows = batch_rows()
    told = refusal(settlement_report(rows[:-1]))
    assert "Batch 4" in told and ACCOUNT in told and "EUR 20.00" in told
    missing_row = refusal(settlement_report(rows[1:]))
    assert "EUR -120.30" in missing_row


def test_batches_accounts_and_currencies_add_up_each_for_itself():
    one = entry_row("MatchedStatement", "5.00", "in")
    other = entry_row("MerchantPayout", "-5.00", "out")
    assert read(settlement_report([one, other]))
    for change in (
        {"Batch Number": "5"},
        {"Merchant Account": "AnotherShop"},
        {"Net Currency": "USD"},
    ):
        refusal(settlement_report([one, other | change]))


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "Add the columns"),
        (b"PK\x03\x04...", "Send the report as CSV"),
        (b"a,b\n1,2\n", "Add the columns"),
        (settlement_report([]), "at least one row"),
        (settlement_report(columns=COLUMNS[:-8] + COLUMNS[-7:]), "Add the columns"),
        (settlement_report().replace(b"Net Currency", b"TimeZone"), "Add the columns"),
        (settlement_report() + b"a,b\n", "cells are due"),
        (settlement_report().replace(b"120.30", b"120.3x"), "decimal amount"),
        (settlement_report().decode().encode("utf-16"), "UTF-8"),
    ],
)
def test_what_is_no_report(body, told):
    assert told in refusal(body)


def test_unknown_currency_of_a_batch():
    with pytest.raises(UnknownCurrency):
        adyen_report.split(
            settlement_report([entry_row("Fee", "-1", "x", settled="XYZ")])
        )


def test_page_without_rows():
    assert adyen_report.translate(b"") == ()
