# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What each row of Adyen's settlement report is."""

from datetime import datetime, timezone

import pytest
from adyen_payloads import (
    CAPTURE,
    DISPUTE,
    PAYMENT,
    REFUND,
    entry_row,
    row,
    settlement_report,
)
from adyen_report_reading import OPTIONS, claims, fault, lines, read

from engine.events import Clock, Fee, Reference
from engine.providers.adyen import journal
from engine.providers.adyen import report as adyen_report

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
