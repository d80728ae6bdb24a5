# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Each kind of balance transaction, in either direction."""

import json

import pytest
import stripe_balance_payloads as stripe
from stripe_payloads import charge, refund

from engine.errors import MalformedMessage
from engine.events import EVENT_TYPES, Fee
from engine.providers.stripe import balance, codes, const

TYPES = codes.CODE_LISTS[1].codes
CATEGORIES = codes.CODE_LISTS[2].codes
SOURCES = {
    "charge": charge(),
    "payment": charge("py_1"),
    "payment_failure_refund": charge("py_1"),
    "payment_reversal": charge("py_1"),
    "refund": refund(),
    "payment_refund": refund("pyr_1"),
    "refund_failure": refund(),
    "payout": stripe.payout(),
    "payout_cancel": stripe.payout(),
    "payout_failure": stripe.payout(),
    "topup": stripe.topup(),
    "topup_reversal": stripe.topup(),
    "transfer": stripe.transfer(),
    "transfer_cancel": stripe.transfer(),
    "transfer_failure": stripe.transfer(),
    "transfer_refund": stripe.transfer_reversal(),
    "application_fee": stripe.application_fee(),
    "application_fee_refund": stripe.fee_refund(),
}


def translate(*entries):
    return balance.translate(stripe.page(*entries))


def only(entry):
    (translation,) = translate(entry)
    (event,) = translation.events
    return event


def fault(entry):
    (translation,) = translate(entry)
    assert isinstance(translation.fault, MalformedMessage)
    return translation.fault.path


@pytest.mark.parametrize("amount", [-700, 0, 700])
@pytest.mark.parametrize("code", TYPES)
def test_every_type_in_either_direction(code, amount):
    entry = stripe.entry("txn_1", code, amount, source=SOURCES.get(code))
    event = only(entry)
    assert event.provider_code == code
    assert EVENT_TYPES[event.type].family == "balance"
    assert event.settlement.gross_minor == event.settlement.net_minor == amount
    if event.type not in TYPES[code]:
        # The direction is not the one that the type promises.
        leg = "credit" if amount > 0 else "debit"
        assert event.type == f"adjustment.{leg}"
        assert event.key == f"balance_entry:txn_1:{leg}"
    if event.object_type not in ("charge", "refund"):
        assert event.amount_minor == abs(amount)


@pytest.mark.parametrize("code", SOURCES)
@pytest.mark.parametrize("amount", [-700, 700])
def test_type_whose_object_is_missing(code, amount):
    event = only(stripe.entry("txn_1", code, amount))
    assert event.type == ("adjustment.credit" if amount > 0 else "adjustment.debit")
    assert event.amount_minor == 700


@pytest.mark.parametrize("amount", [-700, 700])
@pytest.mark.parametrize("category", [*CATEGORIES, "brand_new"])
def test_adjustments_by_their_category(category, amount):
    source = stripe.dispute() if "dispute" in category else refund()
    event = only(
        stripe.entry("txn_1", "adjustment", amount, category=category)
        | {"source": source}
    )
    if category == "dispute" and amount < 0:
        assert event.key == "dispute:du_1RvAbc:funds_withdrawn"
    elif category == "dispute_reversal" and amount > 0:
        assert event.key == "dispute:du_1RvAbc:funds_reinstated"
    elif category == "refund_failure" and amount > 0:
        assert event.key == "refund:re_3RvAbc:failed"
    else:
        is_rest = event.leg == "partial_capture_reversal"
        assert event.amount_minor == (0 if is_rest else 700)
        assert EVENT_TYPES[event.type].family == "balance"


@pytest.mark.parametrize(
    ("code", "amount", "event_type"),
    [
        ("reserved_funds", -1, "reserve.held"),
        ("reserved_funds", 1, "reserve.released"),
        ("stripe_fee", -1, "fee.charged"),
        ("stripe_fee", 1, "fee.refunded"),
        ("tax_fund", -1, "tax.withheld"),
        ("advance", 1, "advance.disbursed"),
        ("anticipation_repayment", -1, "advance.repaid"),
        ("issuing_transaction", -1, "adjustment.debit"),
        ("payout_minimum_balance_hold", -1, "hold.placed"),
        ("connect_collection_transfer", -1, "transfer.created"),
    ],
)
def test_standing_alone(code, amount, event_type):
    event = only(stripe.entry("txn_1", code, amount, source=charge()))
    assert (event.type, event.object_type) == (event_type, "balance_entry")
    assert event.settlement.gross_minor == amount
    # The amount is the entry's own, whatever its source has cost.
    assert (event.amount_minor, event.currency) == (1, "EUR")


def test_unknown_type_is_told():
    event = only(stripe.entry("txn_1", "brand_new", -5))
    assert (event.key, event.type) == ("balance_entry:txn_1:unknown", "unknown")
    assert (event.provider_code, event.amount_minor) == ("brand_new", None)
    assert event.settlement.net_minor == -5


def test_kinds_of_fees():
    details = [
        {"amount": 100, "type": "stripe_fee"},
        {"amount": 40, "type": "application_fee"},
        {"amount": 21, "type": "tax"},
        {"amount": 3, "type": "withheld_tax"},
        {"amount": 2, "type": "payment_method_passthrough_fee"},
        {"amount": 1, "type": "brand_new"},
    ]
    entry = stripe.entry(source=charge(), fee=167, fee_details=details)
    (translation,) = translate(entry)
    capture, fee = translation.events
    assert (
        capture.settlement.fees
        == fee.settlement.fees
        == (
            Fee("processing", 100),
            Fee("platform", 40),
            Fee("tax", 21),
            Fee("tax", 3),
            Fee("other", 2),
            Fee("other", 1),
        )
    )
    assert (fee.key, fee.amount_minor) == ("charge:ch_3RvAbc:fee", 167)


def test_contents_of_a_payout():
    page = stripe.listed([stripe.entry(source=charge(), fee=205)])
    body = {"object": const.PAYOUT_PAGE, "payout": "po_1RvAbc", "page": page}
    (translation,) = balance.translate(json.dumps(body).encode())
    assert {event.settlement.batch for event in translation.events} == {"po_1RvAbc"}
    assert ("batch", "po_1RvAbc") in translation.events[0].references


@pytest.mark.parametrize(
    ("rate", "text"), [(None, ""), (1, "1"), (0.000012, "0.000012"), (1.5, "1.5")]
)
def test_rate(rate, text):
    entry = stripe.entry(source=charge(), exchange_rate=rate)
    assert only(entry).settlement.rate == text


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("data[0].id", {"id": None}),
        ("data[0].object", {"object": "charge"}),
        ("data[0].type", {"type": None}),
        ("data[0].type", {"type": ""}),
        ("data[0].created", {"created": None}),
        ("data[0].amount", {"amount": 1.5}),
        ("data[0].currency", {"currency": 5}),
        ("data[0].source", {"source": "ch_3RvAbc"}),
        ("data[0].source.amount_captured", {"source": charge(amount_captured=True)}),
        ("data[0].source.id", {"source": charge(id=None)}),
        ("settlement", {"net": 1}),
    ],
)
def test_malformed(path, changes):
    assert fault(stripe.entry(source=charge()) | changes) == path


def test_one_bad_entry_does_not_stop_the_others():
    good = stripe.entry(source=charge())
    found = translate(good, good | {"amount": None}, good)
    assert [bool(item.fault) for item in found] == [False, True, False]
