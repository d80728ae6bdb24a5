# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Razorpay's settlements and their items, by API and file."""

from datetime import datetime, timezone

import pytest
from razorpay_payloads import (
    COLUMNS,
    CREATED,
    CSV,
    PAYMENT,
    REFUND,
    SETTLEMENT,
    TIMES,
    TRANSFER,
    UTR,
    collection,
    item,
    items,
    settlement,
)
from razorpay_reading import CAPTURE, FEE, RAZORPAY, REPORT, facts, pulled, read_csv
from roads import by_key, claim

from engine.errors import MalformedMessage
from engine.events import Clock, Reference
from engine.providers.base import Lookup

NOW = datetime.fromtimestamp(CREATED, timezone.utc)


def test_settlement():
    (fact,) = facts("settlement.processed", settlement=settlement()).values()
    assert Reference("bank_trace", UTR) in fact.references
    assert Reference("payout", SETTLEMENT) in fact.references


@pytest.mark.parametrize(
    ("status", "event_type"),
    [("created", "payout.scheduled"), ("failed", "external.info")],
)
def test_settlement_that_did_not_leave(status, event_type):
    (fact,) = pulled("settlements", settlement(status=status)).values()
    assert (fact.type, fact.amount_minor) == (event_type, None)


def test_item_of_a_settlement():
    fact = pulled("recon", item())[CAPTURE]
    assert fact.settlement.batch == SETTLEMENT
    paid = datetime.fromtimestamp(CREATED + 300, timezone.utc)
    assert fact.clocks == (Clock("available", paid, "UTC"),)
    assert Reference("merchant_reference", "S00042") in fact.references
    noted = pulled("recon", item(description=None))[CAPTURE]
    assert Reference("description", "Beam me up") in noted.references


def test_row_of_the_file_is_in_indian_time():
    fact = read_csv()[CAPTURE]
    assert fact.occurred_at == datetime(2025, 8, 12, 12, tzinfo=timezone.utc) == NOW
    paid = datetime(2025, 8, 12, 18, 30, tzinfo=timezone.utc)
    assert fact.clocks == (
        Clock("created", NOW, "+05:30"),
        Clock("available", paid, "+05:30"),
    )
    assert Reference("invoice", "INV/2026/00042") in fact.references


def test_instant_refund_has_a_fee():
    charged = {"type": "refund", "payment_id": PAYMENT, "credit": 0, "amount": 25000}
    row = item(entity_id=REFUND, debit=25590, fee=590, tax=90, **charged)
    found = pulled("recon", row)
    assert claim(found[f"refund:{REFUND}:fee"])[:2] == ("fee.charged", 590)
    assert found[f"refund:{REFUND}:succeeded"].settlement.net_minor == -25590


def test_fee_that_is_told_but_not_deducted():
    found = pulled("recon", item(credit=100000))
    assert set(found) == {CAPTURE}


def test_items_whose_keys_are_missing():
    short = item()
    for field in list(short):
        if field not in ("entity_id", "type", "credit", "amount", "currency", "fee"):
            if field != "created_at":
                del short[field]
    assert set(pulled("recon", short)) == {CAPTURE, FEE}


@pytest.mark.parametrize(
    "more",
    [
        {"type": "invented"},
        {"type": "payment", "credit": 0, "debit": 5},
        {"type": "refund"},
        {"type": "transfer"},
        {"type": "adjustment", "credit": 0},
    ],
)
def test_item_that_is_not_understood(more):
    (fact,) = pulled("recon", item(**more)).values()
    assert fact.key == f"balance_entry:{PAYMENT}:unknown"
    assert (fact.type, fact.provider_code) == ("unknown", more["type"])


def test_items_of_several_currencies_ask_for_their_objects():
    options = {"currencies": "several"}
    found = RAZORPAY.streams["recon"].translate(collection(*items()), options)
    asked = [lookup for one in found for lookup in one.lookups]
    assert asked == [Lookup("payment", PAYMENT), Lookup("refund", REFUND)]
    keys = set(by_key(found))
    assert CAPTURE not in keys and FEE in keys
    assert f"transfer:{TRANSFER}:created" in keys


@pytest.mark.parametrize("column", ["debit", "credit", "amount", "fee", "tax"])
def test_negative_amounts_are_refused(column):
    (translation,) = RAZORPAY.streams["recon"].translate(
        collection(item(**{column: -1})), {}
    )
    assert translation.fault.path == f"items[0].{column}"
    cells = dict.fromkeys(COLUMNS.split(","), "") | {"currency": "INR", column: "-1"}
    cells |= {"entity_id": "x", "type": "y", "created_at": "12/08/2025 17:30:00"}
    row = ",".join(cells.values())
    (translation,) = REPORT.translate(f"{COLUMNS}\n{row}\n".encode(), {})
    assert translation.fault.path == f"row 1.{column}"


def test_one_bad_row_does_not_stop_the_others():
    bad = f"{PAYMENT},payment,0,1.234,1,INR,0,0,0,1,{TIMES}" + "," * 15
    good = CSV.decode().splitlines()[1]
    first, second = REPORT.translate(f"{COLUMNS}\n{bad}\n{good}\n".encode(), {})
    assert first.fault.path == "row 1.credit"
    assert [fact.key for fact in second.events] == [CAPTURE, FEE]


@pytest.mark.parametrize("time", ["01/01/0001 00:00:00", "12/13/2025 00:00:00", ""])
def test_bad_time_of_a_row(time):
    body = CSV.replace(b"12/08/2025 17:30:00", time.encode(), 1)
    assert REPORT.translate(body, {})[0].fault.path == "row 1.created_at"


@pytest.mark.parametrize(
    "body", [b"", b"a,b\n1,2\n", CSV[:300], b"\xff", b"PK\x03\x04"]
)
def test_another_file(body):
    with pytest.raises(MalformedMessage):
        REPORT.split(body)
