# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Entries of the balance, and one fact by every road."""

import json

import pytest
from payment_facts import fold
from paypal_payloads import (
    AUTHORIZATION,
    CAPTURE,
    DETAIL_COLUMNS,
    ORDER,
    PAYOUT,
    REFUND,
    REVERSAL,
    amount,
    authorization,
    capture,
    detail,
    dispute,
    old_refund,
    order,
    page,
    payout_item,
    receivable,
    refund,
    row,
    sale,
    settlement,
    transaction,
)
from paypal_reading import of_report, of_rows, told
from reading import events_of

from engine.errors import MalformedMessage
from engine.events import EVENT_TYPES, Reference
from engine.providers.paypal import const, entries, objects, transactions

DATE = "2025-08-12T12:00:00+00:00"


def of_object(read, resource):
    (translation,) = read(json.dumps(resource).encode())
    return translation.events


def of_message(*arguments):
    return told(*arguments).events


def of_search(*found):
    return events_of(transactions.translate(json.dumps(page(*found)).encode()))


def of_details(*rows):
    return of_report(settlement(*map(detail, rows), columns=DETAIL_COLUMNS))


def claims(events):
    return {
        event.key: (event.type, event.amount_minor, event.currency, event.exponent)
        for event in events
        if event.amount_minor is not None
    }


def settled(events):
    return {event.key: event.settlement for event in events if event.settlement}


# === every road tells the same ===


ROADS = {
    "capture": [
        of_message("PAYMENT.CAPTURE.COMPLETED", capture()),
        of_message("PAYMENT.SALE.COMPLETED", sale(), ""),
        of_message("CHECKOUT.ORDER.COMPLETED", order("C", {"captures": [capture()]})),
        of_object(objects.captures, capture()),
        of_object(objects.captures, capture("PARTIALLY_REFUNDED")),
        of_object(objects.captures, sale()),
        of_object(objects.orders, order("C", {"captures": [capture()]})),
        [*of_search(transaction("T0006", CAPTURE, "121.00", "-4.46"))],
        [*of_rows(row("T0006", CAPTURE, 12100, -446))],
        [*of_details(row("T0006", CAPTURE, 12100, -446))],
    ],
    "yen": [
        of_message(
            "PAYMENT.CAPTURE.COMPLETED",
            capture(
                amount=amount("150", "JPY"),
                seller_receivable_breakdown=receivable("150", "43", "107", "JPY"),
            ),
        ),
        [*of_search(transaction("T0006", CAPTURE, "150", "-43", currency="JPY"))],
        [*of_rows(row("T0006", CAPTURE, 15000, -4300, currency="JPY"))],
    ],
    "refund": [
        of_message("PAYMENT.CAPTURE.REFUNDED", refund()),
        of_object(objects.refunds, refund()),
        [*of_search(transaction("T1107", REFUND, "-21.00", "0.47", CAPTURE))],
        [*of_rows(row("T1107", REFUND, -2100, 47, CAPTURE))],
    ],
    "old refund": [
        of_message("PAYMENT.SALE.REFUNDED", old_refund(), ""),
        of_object(objects.refunds, old_refund()),
        [*of_search(transaction("T1107", REFUND, "-21.00", related=CAPTURE))],
    ],
    "reversal": [
        of_message("PAYMENT.CAPTURE.REVERSED", refund(refund_id=REVERSAL)),
        of_object(objects.reversals, refund(refund_id=REVERSAL)),
        [*of_search(transaction("T1106", REVERSAL, "-21.00", "0.47", CAPTURE))],
        [*of_rows(row("T1106", REVERSAL, -2100, 47, CAPTURE))],
    ],
    "authorization": [
        of_message("PAYMENT.AUTHORIZATION.CREATED", authorization()),
        [*of_search(transaction("T1300", AUTHORIZATION, "121.00"))],
        [*of_details(row("T1300", AUTHORIZATION, 12100))],
    ],
    "payout": [
        of_message("PAYMENT.PAYOUTS-ITEM.SUCCEEDED", payout_item()),
        of_message("PAYMENT.PAYOUTS-ITEM.UNCLAIMED", payout_item("UNCLAIMED")),
        of_object(objects.payout_items, payout_item()),
        [*of_search(transaction("T0001", PAYOUT, "-50.00"))],
        [*of_search(transaction("T0001", PAYOUT, "-50.00", transaction_status="P"))],
        [*of_rows(row("T0001", PAYOUT, -5000))],
    ],
    "returned payout": [
        of_message("PAYMENT.PAYOUTS-ITEM.RETURNED", payout_item("RETURNED")),
        of_object(objects.payout_items, payout_item("RETURNED")),
        [
            *of_search(
                transaction("T0001", PAYOUT, "-50.00"),
                transaction("T1115", "7X", "50.00", related=PAYOUT),
            )
        ],
        [
            *of_rows(
                row("T0001", PAYOUT, -5000),
                row("T1114", "7X", 5000, related=PAYOUT),
            )
        ],
    ],
}


@pytest.mark.parametrize("name", sorted(ROADS))
def test_one_fact_by_every_road(name):
    first, *others = ROADS[name]
    assert claims(first)
    for other in others:
        assert claims(other) == claims(first)
        for key, found in settled(other).items():
            assert settled(first).get(key, found) == found
        for fact in other:
            told = [one.parent for one in first if one.key == fact.key]
            assert told in ([], [fact.parent])


def test_reports_and_search_tell_of_the_same_payment():
    facts = [
        *of_search(transaction("T0006", CAPTURE, "121.00", "-4.46", AUTHORIZATION)),
        *of_message("PAYMENT.CAPTURE.REFUNDED", refund()),
        *of_rows(row("T1106", REVERSAL, -2100, 0, CAPTURE)),
    ]
    state = fold(facts)
    assert (state.captured_minor, state.refunded_minor) == (10000, 2100)
    assert not state.problems


# === codes ===


def test_every_code_of_the_reference():
    assert len(const.T_CODES) == 144
    for code, names in entries.CODES.items():
        assert set(names) <= EVENT_TYPES.keys(), code


@pytest.mark.parametrize("code", sorted([*const.T_CODES, "T7777", "X"]))
@pytest.mark.parametrize("gross", ["12.34", "-12.34", "0.00"])
@pytest.mark.parametrize("related", ["", "5K823"])
def test_each_code_both_ways(code, gross, related):
    found = [*of_search(transaction(code, "9T1", gross, "-0.10", related))]
    hundredths = int(gross.replace(".", ""))
    assert claims(found) == claims(of_rows(row(code, "9T1", hundredths, -10, related)))
    movement, *fees = found
    assert movement.type in entries.CODES.get(code, ("unknown",))
    assert movement.provider_code == code
    if movement.is_balance:
        assert movement.amount_minor == abs(hundredths)
        assert movement.settlement.gross_minor == hundredths
        if hundredths and movement.type in const.IS_CREDIT:
            assert const.IS_CREDIT[movement.type] == (hundredths > 0)
    else:
        assert movement.amount_minor is None or movement.type.startswith(
            "payment.authori"
        )
        moved = movement.settlement and movement.settlement.gross_minor
        assert not moved or movement.type == "unknown"
    assert [fee.amount_minor for fee in fees] == [10]
    assert len({fact.key for fact in found}) == 2


def test_money_that_the_merchant_sent():
    (sent,) = of_rows(row("T0000", "9T1", -1500))
    assert (sent.type, sent.key) == ("adjustment.debit", "balance_entry:9T1:T0000")
    (back,) = of_rows(row("T1107", "9T2", 1500, related="9T1"))
    assert back.type == "adjustment.credit"


def test_dispute_is_withdrawn_and_reinstated_under_the_capture():
    captured = of_rows(row("T0006", CAPTURE, 12100))
    taken = [*of_rows(row("T1201", "5K823", -12100, related=CAPTURE))]
    fee = [*of_rows(row("T0106", "6U844", -2000, related="5K823"))]
    back = of_rows(row("T1202", "7V1", 12100, related=CAPTURE))
    assert taken[0].key == f"dispute:{CAPTURE}:funds_withdrawn:5K823"
    assert fee[0].type == "fee.charged"
    # The fee names the entry that it was charged for, which leads to the payment.
    assert fee[0].payment_ref in [
        one.value for one in taken[0].references if one.kind == "charge"
    ]
    state = fold([*captured, *taken])
    assert (state.status, state.disputed_minor) == ("disputed", 12100)
    assert fold([*of_rows(row("T0006", CAPTURE, 12100)), *taken, *back]).status == (
        "captured"
    )


@pytest.mark.parametrize(
    ("outcome", "rows", "status"),
    [
        ("", [], "disputed"),
        ("RESOLVED_BUYER_FAVOUR", [], "lost"),
        ("RESOLVED_SELLER_FAVOUR", [], "disputed"),  # the money is not back yet
        ("RESOLVED_SELLER_FAVOUR", [("T1202", 12100)], "captured"),
        # A claim: withheld, given back, and taken for good.
        ("RESOLVED_BUYER_FAVOUR", [("T1111", 12100), ("T1106", -12100)], "lost"),
        ("RESOLVED_BUYER_FAVOUR", [("T1202", 12100), ("T1207", -12100)], "lost"),
        ("CANCELED_BY_BUYER", [("T1208", 12100)], "captured"),
    ],
)
def test_dispute_to_its_end(outcome, rows, status):
    name = "CUSTOMER.DISPUTE.RESOLVED" if outcome else "CUSTOMER.DISPUTE.UPDATED"
    entries_ = [("T0006", 12100), ("T1201", -12100), *rows]
    state = fold(
        [
            *of_message(name, dispute(outcome=outcome)),
            *of_rows(
                *[
                    row(code, f"9T{number}" if number else CAPTURE, gross, 0, CAPTURE)
                    for number, (code, gross) in enumerate(entries_)
                ]
            ),
        ]
    )
    assert (state.status, state.problems) == (status, ())
    assert state.net_minor == sum(gross for _code, gross in entries_)


def test_conversion():
    out, into = of_rows(
        row("T0200", "6MK2", -1840, related=CAPTURE, currency="BRL"),
        row("T0200", "6L22", 327, related=CAPTURE, currency="USD"),
    )
    assert out.type == into.type == "fx.converted"
    assert out.payment_ref == into.payment_ref == CAPTURE
    assert (out.settlement.gross_minor, into.settlement.gross_minor) == (-1840, 327)
    own, _other = of_rows(
        row("T0201", "1TH", -100, related="4YN", currency="AUD"),
        row("T0201", "4YN", 120, related="1TH", currency="USD"),
    )
    assert own.payment_ref == ""


def test_withdrawal_to_the_bank():
    (out,) = of_rows(row("T0400", "3MG88942N0662370U", -5000, bank="1047428557493"))
    assert out.key == "payout:3MG88942N0662370U:in_transit"
    assert [one.value for one in out.references if one.kind == "bank_trace"] == [
        "1047428557493"
    ]


def test_fee_in_another_currency():
    item = transaction("T0006", CAPTURE, "121.00")
    item["transaction_info"]["fee_amount"] = amount("-3.00", "USD")
    captured, fee = of_search(item)
    assert (captured.settlement.net_minor, captured.settlement.currency) == (
        12100,
        "EUR",
    )
    assert (fee.amount_minor, fee.currency) == (300, "USD")
    assert fee.settlement.net_minor == -300


def test_relations():
    (first,) = of_search(
        transaction(
            "T0006", CAPTURE, "1.00", related=ORDER, paypal_reference_id_type="ODR"
        )
    )
    assert first.payment_ref == ORDER
    for kind in ("SUB", "PAP", ""):
        (second,) = of_search(
            transaction(
                "T0002", CAPTURE, "1.00", related="I-1", paypal_reference_id_type=kind
            )
        )
        assert second.payment_ref == CAPTURE
        assert Reference("mandate", "I-1") in second.references


@pytest.mark.parametrize(
    ("status", "gross", "event_type"),
    [
        ("S", "1.00", "payment.captured"),
        ("V", "1.00", "payment.captured"),
        ("F", "1.00", "payment.captured"),
        ("P", "1.00", "payment.pending"),
        ("D", "1.00", "payment.failed"),
        ("D", "-1.00", "external.info"),
        ("P", "-1.00", "adjustment.debit"),
    ],
)
def test_status(status, gross, event_type):
    fact, *_fee = of_search(
        transaction("T0006", CAPTURE, gross, transaction_status=status)
    )
    assert fact.type == event_type
    assert fact.is_balance == (fact.amount_minor is not None)


def test_unknown_status():
    with pytest.raises(MalformedMessage):
        [*of_search(transaction("T0006", CAPTURE, "1.00", transaction_status="Z"))]


def test_times():
    (captured,) = of_rows(row("T0006", CAPTURE, 100))
    assert captured.occurred_at.isoformat() == DATE
    clocks = {
        clock.kind: (clock.at.isoformat(), clock.zone) for clock in captured.clocks
    }
    assert clocks["created"] == (DATE, "-07:00")
    assert clocks["booked"] == ("2025-08-12T12:00:01+00:00", "-07:00")
