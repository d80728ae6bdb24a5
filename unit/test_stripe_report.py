# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Itemised reports: whatever columns, and never more than they say."""

import pytest
import stripe_balance_payloads as stripe

from engine.errors import MalformedMessage
from engine.events import EVENT_TYPES, Reference
from engine.providers.base import Lookup
from engine.providers.stripe import codes, report

CATEGORIES = codes.CODE_LISTS[2].codes
CHARGE = stripe.of_payment("charge", "txn_1", "ch_3RvAbc", "121.00", "2.05")
PREFIXES = {
    "charge_failure": "ch_1",
    "payout": "po_1",
    "topup": "tu_1",
    "topup_reversal": "tu_1",
    "transfer": "tr_1",
    "transfer_reversal": "trr_1",
    "platform_earning": "fee_1",
    "platform_earning_refund": "fr_1",
    "charge": "ch_1",
    "refund": "re_1",
    "refund_failure": "pyr_1",
    "dispute": "dp_1",
    "dispute_reversal": "du_1",
}


def translate(*rows):
    return [
        translation
        for part in report.split(stripe.report_of(*rows))
        for translation in report.translate(part)
    ]


def one(row):
    (translation,) = translate(row)
    return translation


def fault(row):
    error = one(row).fault
    assert error is not None
    return error.path


@pytest.mark.parametrize("gross", ["-7.00", "0.00", "7.00"])
@pytest.mark.parametrize("category", CATEGORIES)
def test_every_category_in_either_direction(category, gross):
    told = one(stripe.row(category, "txn_1", PREFIXES.get(category, ""), gross))
    assert (told.event_id, told.event_type) == ("txn_1", category)
    if category == "payout_reversal":
        assert told.lookups == (Lookup("balance_transaction", "txn_1"),)
        assert told.events == ()
        return
    (event,) = told.events
    assert EVENT_TYPES[event.type].family == "balance"
    if event.type not in CATEGORIES[category]:
        assert event.type in ("adjustment.credit", "adjustment.debit")
    is_rest = event.leg == "partial_capture_reversal"
    assert event.amount_minor == (0 if is_rest else abs(event.settlement.gross_minor))


@pytest.mark.parametrize(
    ("category", "source"),
    [
        # failed, canceled or reversed?
        ("payout_reversal", "po_1"),
        # failed or reversed?
        ("transfer_reversal", "tr_1"),
        # withheld, or charged?
        ("tax", "itds_1"),
        ("topup", "ibt_1"),
        ("charge", ""),
        ("refund", "ch_1"),
        ("payout", ""),
    ],
)
def test_what_only_the_api_can_tell(category, source):
    told = one(stripe.row(category, "txn_1", source, "1.00"))
    assert told.lookups == (Lookup("balance_transaction", "txn_1"),)
    assert told.events == ()


def test_unknown_category():
    (event,) = one(stripe.row("brand_new", "txn_1", "xx_1", "-1.00")).events
    assert (event.key, event.type) == ("balance_entry:txn_1:unknown", "unknown")
    assert event.provider_code == "brand_new"
    assert event.settlement.gross_minor == -100


def test_fee_without_source():
    (event,) = one(stripe.row("fee", "txn_1", "", "-0.70")).events
    assert (event.key, event.type) == ("balance_entry:txn_1:charged", "fee.charged")
    assert (event.amount_minor, event.currency) == (70, "EUR")


def test_row_without_payout():
    told = one(CHARGE | {"automatic_payout_id": ""})
    assert told.events[0].settlement.batch == ""
    without = {name: CHARGE[name] for name in report.COLUMNS}
    assert one(without).events[0].amount_minor == 12100


def test_references():
    row = CHARGE | {
        "customer_id": "cus_1",
        "invoice_number": "A-7",
        "connected_account_id": "acct_1",
        "payment_metadata[order_id]": "S00042",
        "refund_metadata[order_id]": "",
        "payment_metadata[colour]": "red",
    }
    capture, _fee = one(row).events
    assert set(capture.references) == {
        Reference("payment", "pi_3RvAbc"),
        Reference("charge", "ch_3RvAbc"),
        Reference("balance_entry", "txn_1"),
        Reference("batch", "po_1RvAbc"),
        Reference("customer", "cus_1"),
        Reference("invoice", "A-7"),
        Reference("invoice", "INV/2025/00042"),
        Reference("connected_account", "acct_1"),
        Reference("merchant_reference", "S00042"),
        Reference("description", 'S00042-1, "Chair"\nand table'),
    }


def test_account_of_a_row():
    assert one(CHARGE).account == ""
    assert one(CHARGE | {"connected_account": "acct_1"}).account == "acct_1"


def test_currency_in_any_case():
    row = CHARGE | {"currency": "EUR", "customer_facing_currency": "EUR"}
    assert one(row).events[0].amount_minor == 12100


@pytest.mark.parametrize("column", report.COLUMNS)
def test_missing_column(column):
    row = {name: cell for name, cell in CHARGE.items() if name != column}
    with pytest.raises(MalformedMessage) as refused:
        report.split(stripe.report_of(row))
    assert refused.value.path == "head"
    assert column in str(refused.value)


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("created_utc", "2025-08-12"),
        ("created_utc", "2025-13-12 00:00:00"),
        ("created_utc", ""),
        ("available_on_utc", "soon"),
        ("currency", ""),
        ("gross", "121,00"),
        ("gross", "1,121.00"),
        ("gross", "121.001"),
        ("gross", "1e2"),
        ("fee", "free"),
        ("net", "118.96"),
        ("net", ""),
        ("reporting_category", ""),
        ("source_id", "ch:1"),
        ("charge_id", "é"),
        ("customer_facing_currency", "§"),
    ],
)
def test_bad_cell(column, cell):
    """The fault names the balance transaction, by which a person finds the row."""
    assert fault(CHARGE | {column: cell}) == f"txn_1.{column}"


def test_converted_row_without_amount():
    row = CHARGE | {"customer_facing_currency": "usd", "customer_facing_amount": ""}
    assert fault(row) == "txn_1.customer_facing_amount"


def test_payout_that_contradicts_itself_is_not_trusted():
    row = stripe.row("payout", "txn_1", "po_1", "-500.00") | {"net": "-480.00"}
    found = translate(row, CHARGE)
    assert sorted(bool(item.fault) for item in found) == [False, True]


def test_cut_off():
    body = stripe.report_of(*stripe.report_rows())
    with pytest.raises(MalformedMessage):
        report.split(body[: body.rindex(b",")])


def test_long_report():
    rows = [
        stripe.row("fee", f"txn_{number}", "", "-0.01") for number in range(450)
    ] + [
        stripe.of_payment("refund", f"txn_r{number}", f"re_{number}", "-0.01")
        for number in range(300)
    ]
    parts = report.split(stripe.report_of(*rows))
    sizes = [len(report.translate(part)) for part in parts]
    # The rows of one charge stay together.
    assert sizes == [200, 200, 350]
    assert translate(*rows[:3])[2].events[0].object_id == "txn_2"


def test_no_rows():
    head = stripe.report_of(CHARGE).splitlines(keepends=True)[0]
    assert report.split(head) == []
