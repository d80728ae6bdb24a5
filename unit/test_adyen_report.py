# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Settlement reports: whole or refused, and of one mind with the webhooks."""

import random
from datetime import datetime, timezone

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
from payment_facts import fold

from engine.errors import EngineError, MalformedMessage, UnknownCurrency
from engine.events import Clock, Fee, Reference
from engine.providers.adyen import journal
from engine.providers.adyen import report as adyen_report
from engine.providers.adyen.webhook import translate as translate_webhook

IMMEDIATE, MANUAL = {}, {"capture": "manual"}
OPTIONS = pytest.mark.parametrize("options", [IMMEDIATE, MANUAL])


def read(body, options=IMMEDIATE):
    """Give the translations of a whole report."""
    return [
        translation
        for part in adyen_report.split(body)
        for translation in adyen_report.translate(part, options)
    ]


def lines(*rows, options=IMMEDIATE):
    """Give the facts of rows, which need not be a whole batch."""
    events = []
    for translation in adyen_report.translate(settlement_report(rows), options):
        if translation.fault:
            raise translation.fault
        events += translation.events
    return events


def fault(*rows):
    """Give the path at which the first bad row is refused."""
    with pytest.raises(EngineError) as refused:
        lines(*rows)
    return refused.value.path


def refusal(body):
    with pytest.raises(MalformedMessage) as refused:
        adyen_report.split(body)
    return str(refused.value)


def claims(events):
    return {
        (one.key, one.type, one.amount_minor, one.currency, one.exponent)
        for one in events
    }


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


# === rows ===


def test_capture():
    captured, fee = lines(
        row(
            "Settled",
            "121.00",
            "120.30",
            markup="0.12",
            scheme="0.18",
            interchange="0.40",
            **{"Modification Merchant Reference": "CAPTURE-1"},
        )
    )
    settlement = captured.settlement
    assert (settlement.gross_minor, settlement.fee_minor) == (12100, 70)
    assert (settlement.net_minor, settlement.currency) == (12030, "EUR")
    assert settlement.fees == (
        Fee("markup", 12),
        Fee("scheme", 18),
        Fee("interchange", 40),
    )
    assert (settlement.batch, settlement.rate) == ("4", "")
    assert (fee.key, fee.amount_minor) == (f"payment:{PAYMENT}:fee", 70)
    assert fee.payment_ref == captured.payment_ref == PAYMENT
    assert captured.references == (
        Reference("payment", PAYMENT),
        Reference("charge", CAPTURE),
        Reference("merchant_reference", "INV/2026/00042"),
        Reference("batch", "4"),
        Reference("merchant_reference", "CAPTURE-1"),
    )
    assert captured.occurred_at == datetime(2026, 3, 1, 8, 30, tzinfo=timezone.utc)
    booked = datetime(2026, 3, 1, 23, 10, tzinfo=timezone.utc)
    assert captured.clocks == (
        Clock("created", captured.occurred_at, "+01:00"),
        Clock("booked", booked, "+01:00"),
    )


def test_converted_capture():
    captured, fee = lines(
        row("Settled", "100.00", "91.00", currency="USD", rate="0.92", commission="1")
    )
    assert (captured.amount_minor, captured.currency) == (10000, "USD")
    assert (captured.settlement.gross_minor, captured.settlement.rate) == (9200, "0.92")
    assert (fee.amount_minor, fee.currency) == (100, "EUR")


def test_fees_that_are_told_but_invoiced():
    (captured,) = lines(row("Settled", "121.00", "121.00", markup="0.12"))
    assert (captured.settlement.fee_minor, captured.settlement.fees) == (0, ())


def test_fee_given_back():
    refund, fee = lines(
        row("Refunded", "-20.00", "-19.90", own=REFUND, interchange="-0.10")
    )
    assert (refund.amount_minor, refund.settlement.net_minor) == (2000, -1990)
    assert (fee.type, fee.amount_minor) == ("fee.refunded", 10)


def test_fees_of_one_dispute_are_several():
    events = lines(
        row("Chargeback", "-121.00", "-136.00", own=DISPUTE, markup="15.00"),
        row("ChargebackReversed", "121.00", "120.00", own=DISPUTE, markup="1.00"),
        row("SecondChargeback", "-121.00", "-126.00", own=DISPUTE, markup="5.00"),
    )
    assert [event.key for event in events] == [
        f"dispute:{DISPUTE}:funds_withdrawn",
        f"dispute:{DISPUTE}:fee",
        f"dispute:{DISPUTE}:funds_reinstated",
        f"dispute:{DISPUTE}:fee:funds_reinstated",
        f"dispute:{DISPUTE}:escalated",
        f"dispute:{DISPUTE}:fee:escalated",
    ]


@pytest.mark.parametrize(
    ("code", "net", "event_type"),
    [
        ("Fee", "-0.32", "fee.charged"),
        ("Fee", "0.32", "fee.refunded"),
        ("InvoiceDeduction", "-0.32", "fee.charged"),
        ("MiscCosts", "0.32", "fee.refunded"),
        ("DepositCorrection", "-0.32", "reserve.held"),
        ("DepositCorrection", "0.32", "reserve.released"),
        ("ReserveAdjustment", "0.32", "reserve.released"),
        ("ManualCorrected", "0.32", "adjustment.credit"),
        ("ManualCorrected", "-0.32", "adjustment.debit"),
        ("MerchantPayin", "0.32", "topup.succeeded"),
        ("MerchantPayout", "-0.32", "payout.in_transit"),
        ("BankInstructionReturned", "0.32", "payout.reversed"),
    ],
)
def test_rows_without_payment(code, net, event_type):
    (event,) = lines(entry_row(code, net, "Text, with a comma: 1"))
    assert (event.type, event.amount_minor, event.currency) == (event_type, 32, "EUR")
    assert event.settlement.gross_minor == event.settlement.net_minor
    assert event.settlement.net_minor == (-32 if net.startswith("-") else 32)
    assert event.payment_ref == ""
    assert Reference("description", "Text, with a comma: 1") in event.references
    assert event.object_id == event.settlement.entry
    (zeros,) = lines(
        entry_row(code, net, "Text, with a comma: 1")
        | {"Gross Currency": "EUR", "Gross Debit (GC)": "0.00", "Commission (NC)": "0"}
    )
    assert claims([zeros]) == claims([event])


@pytest.mark.parametrize("net", ["5.00", "-5.00"])
def test_carry_forward_moves_nothing(net):
    (event,) = lines(entry_row("Balancetransfer", net, "Balancetransfer"))
    assert (event.type, event.amount_minor) == ("settlement.carry_forward", None)
    assert abs(event.settlement.net_minor) == 500


def test_installments_do_not_capture_again():
    told = row("SettledInstallment", "10.00", "9.70", commission="0.30")
    events = [event for one in read(_balanced(told, told)) for event in one.events]
    assert [event.type for event in events[:4]] == [
        "balance.available",
        "fee.charged",
    ] * 2
    assert len({event.key for event in events}) == len(events)
    assert {event.payment_ref for event in events[:4]} == {PAYMENT}


def test_unknown_type_is_kept():
    (event,) = lines(row("XASTransfer", "", "-5.00", psp="", own="Cross transfer"))
    assert (event.type, event.leg, event.provider_code) == (
        "unknown",
        "unknown",
        "XASTransfer",
    )
    assert event.settlement.net_minor == -500
    assert event.object_type == "balance_entry"


@pytest.mark.parametrize("code", journal.JOURNALS)
@OPTIONS
def test_every_journal_type(code, options):
    rule = journal.JOURNALS[code]
    for sign, fact in (("", rule.credit), ("-", rule.debit)):
        told = row(code, f"{sign}5.00", f"{sign}5.00")
        if fact is None:
            assert fault(told) == "row 1.Type"
        else:
            assert lines(told, options=options)[0].type == fact[0]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"Type": ""}, "Type"),
        ({"Merchant Account": ""}, "Merchant Account"),
        ({"Psp Reference": ""}, "Psp Reference"),
        ({"Psp Reference": "a:b"}, "Psp Reference"),
        ({"Creation Date": "2026-13-01 00:00:00"}, "Creation Date"),
        ({"Creation Date": "0001-01-01 00:00:00"}, "Creation Date"),
        ({"TimeZone": ""}, "TimeZone"),
        ({"TimeZone": "IST"}, "TimeZone"),
        ({"Booking Date": "yesterday"}, "Booking Date"),
        ({"Booking Date TimeZone": "XYZ"}, "Booking Date TimeZone"),
        ({"Gross Currency": ""}, "Gross Currency"),
        ({"Gross Credit (GC)": "x"}, "Gross Credit (GC)"),
        ({"Gross Credit (GC)": "-121.00"}, "Gross Credit (GC)"),
        ({"Gross Debit (GC)": "1.00"}, "Gross Credit (GC)"),
        ({"Gross Credit (GC)": "121.001"}, "Gross Credit (GC)"),
        ({"Net Credit (NC)": "120.29"}, "Net Credit (NC)"),
        ({"Markup (NC)": "free"}, "Markup (NC)"),
        ({"Batch Number": "a:b"}, "Batch Number"),
        (
            {
                "Gross Credit (GC)": "",
                "Gross Debit (GC)": "121.00",
                "Net Credit (NC)": "",
                "Net Debit (NC)": "121.70",
            },
            "Type",
        ),
    ],
)
def test_faults(changes, path):
    assert fault(row("Settled", "121.00", "120.30", markup="0.70") | changes) == (
        f"row 1.{path}"
    )


def test_one_bad_row_does_not_stop_the_others():
    rows = [
        row("Settled", "1.00", "1.00"),
        row("Settled", "1.00", "1.00", TimeZone="X"),
    ]
    first, second = adyen_report.translate(settlement_report(rows))
    assert first.events and second.fault.path == "row 2.TimeZone"


@pytest.mark.parametrize(
    ("zone", "hour", "offset"),
    [
        ("UTC", 9, None),
        ("CET", 8, "+01:00"),
        ("CEST", 7, "+02:00"),
        ("PST", 17, "-08:00"),
        ("ACST", 0, "+09:30"),
    ],
)
def test_zones(zone, hour, offset):
    told = row("Settled", "1.00", "1.00", TimeZone=zone, **{"Booking Date": ""})
    (event,) = lines(told)
    assert event.occurred_at.hour == hour
    assert [clock.zone for clock in event.clocks] == ([offset] if offset else [])


# === the file ===


def _balanced(*rows):
    """Give a report in which a payout takes what the rows leave."""
    cents = sum(
        round(100 * float(one["Net Credit (NC)"] or 0))
        - round(100 * float(one["Net Debit (NC)"] or 0))
        for one in rows
    )
    return settlement_report(
        [*rows, entry_row("MerchantPayout", f"-{cents / 100:.2f}", "TX batch 4")]
    )


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
