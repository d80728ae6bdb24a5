# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Mollie tells is one fact, whichever road it comes by."""

import pytest
from mollie_payloads import (
    CAPTURE,
    CHARGEBACK,
    ENTRY,
    PAYMENT,
    PAYOUT,
    REFUND,
    SETTLEMENT,
    capture,
    chargeback,
    encode,
    entry,
    event,
    money,
    page,
    payment,
    payout,
    refund,
    samples,
    settlement,
)
from mollie_reading import LATER, STREAMS, facts, looked_up, only, pulled
from roads import whole_claim

from engine.events import Fee, Reference
from engine.providers.mollie import const

SAME_CURRENCY = {"one_currency": "yes"}


# === one fact, many roads ===


@pytest.mark.parametrize(
    "found",
    [
        [only(samples()["payment.paid"])],
        pulled("payments", payment()),
        looked_up(payment()),
        looked_up(event("payment.paid", payment()), "event"),
        pulled("payments", payment(settlementAmount=money("121.00"))),
        pulled("balance_transactions", entry(fee="0"), **SAME_CURRENCY),
    ],
)
def test_capture_by_every_road(found):
    (fact,) = found
    assert whole_claim(fact) == (
        f"payment:{PAYMENT}:capture",
        "payment.captured",
        12100,
        "EUR",
        2,
        PAYMENT,
        "",
    )
    assert fact.occurred_at == LATER


IN_CONTEXT = {"paymentId": PAYMENT, "refundId": REFUND, "captureId": CAPTURE}


@pytest.mark.parametrize(
    "found",
    [
        [only(samples()["refund.refunded"])],
        pulled("refunds", refund()),
        looked_up(payment(_embedded={"refunds": [refund()]}))[1:],
        pulled(
            "balance_transactions",
            entry("refund", "-20.00", "0", IN_CONTEXT),
            **SAME_CURRENCY,
        ),
    ],
)
def test_refund_by_every_road(found):
    (fact,) = found
    assert whole_claim(fact) == (
        f"refund:{REFUND}:succeeded",
        "refund.succeeded",
        2000,
        "EUR",
        2,
        PAYMENT,
        "",
    )


@pytest.mark.parametrize(
    "found",
    [
        [only(samples()["capture.succeeded"])],
        looked_up(payment(_embedded={"captures": [capture()]})),
        pulled(
            "balance_transactions",
            entry("capture", "35.95", "0", IN_CONTEXT),
            **SAME_CURRENCY,
        ),
    ],
)
def test_capture_apart_by_every_road(found):
    (fact,) = found
    assert whole_claim(fact)[:5] == (
        f"capture:{CAPTURE}:capture",
        "payment.captured",
        3595,
        "EUR",
        2,
    )


def _chargeback_entry(kind, gross):
    context = {kind: {"paymentId": PAYMENT, "chargebackId": CHARGEBACK}}
    return pulled(
        "balance_transactions", entry(kind, gross, "0", context), **SAME_CURRENCY
    )


def test_chargeback_by_every_road():
    both = chargeback(reversedAt="2026-04-01T08:00:00+02:00")
    told = facts(samples()["chargeback.reversed"])
    for found in (
        pulled("chargebacks", both),
        looked_up(payment(_embedded={"chargebacks": [both]}))[1:],
    ):
        assert list(map(whole_claim, found)) == list(map(whole_claim, told))
    money_facts = [fact for fact in told if fact.amount_minor is not None]
    booked = _chargeback_entry("chargeback", "-121.00") + _chargeback_entry(
        "chargeback-reversal", "121.00"
    )
    assert list(map(whole_claim, booked)) == list(map(whole_claim, money_facts))


TRANSFER = {"settlementId": SETTLEMENT, "transferId": "trf_nyjwa2"}


def test_settlement_by_every_road():
    out, paid = pulled("settlements", settlement())
    (booked,) = pulled(
        "balance_transactions", entry("outgoing-transfer", "-39.75", "0", TRANSFER)
    )
    assert whole_claim(out) == whole_claim(booked)
    assert out.key == f"payout:{SETTLEMENT}:in_transit"
    assert (out.type, out.amount_minor) == ("payout.in_transit", 3975)
    assert (paid.type, paid.amount_minor) == ("payout.paid", None)
    assert paid.occurred_at == LATER
    assert Reference("bank_trace", "1234567.2603.03") in paid.references


def test_settlement_that_failed_by_every_road():
    out, back = pulled("settlements", settlement("failed"))
    assert (out.type, back.type) == ("payout.in_transit", "payout.failed")
    for kind in ("returned-transfer", "canceled-transfer"):
        (booked,) = pulled(
            "balance_transactions", entry(kind, "39.75", "0", {kind: TRANSFER})
        )
        assert whole_claim(booked) == whole_claim(back)


def test_transfer_of_an_unknown_settlement_is_for_a_person():
    """Its settlement may be booked: the transfer would be the same money again."""
    transfer = entry("outgoing-custom-amount-transfer", "-39.75", "0", {})
    (fact,) = pulled("balance_transactions", transfer)
    assert (fact.type, fact.settlement.net_minor) == ("unknown", -3975)
    (fact,) = pulled("balance_transactions", transfer, payouts="payouts")
    assert fact.type == "external.info"


def test_only_one_word_for_a_transfer_is_booked():
    """Nothing links a settlement and a payout, which are one transfer."""
    transfer = entry("outgoing-transfer", "-39.75", "0", TRANSFER)

    def balance(**options):
        found = [
            *pulled("payouts", payout("completed"), payout("failed"), **options),
            *pulled("settlements", settlement(), **options),
            *pulled("balance_transactions", transfer, **options),
        ]
        return {fact.object_id for fact in found if fact.is_balance}

    assert balance() == {SETTLEMENT}
    assert balance(payouts="settlements") == {SETTLEMENT}
    assert balance(payouts="payouts") == {PAYOUT}


def test_payout_by_every_road():
    options = {"payouts": "payouts"}
    out, paid = pulled("payouts", payout("completed"), **options)
    assert whole_claim(out)[:5] == (
        f"payout:{PAYOUT}:in_transit",
        "payout.in_transit",
        3975,
        "EUR",
        2,
    )
    assert list(map(whole_claim, facts(samples()["payout.completed"], **options))) == [
        whole_claim(out),
        whole_claim(paid),
    ]
    told = only(samples()["payout.initiated"], **options)
    assert whole_claim(told) == whole_claim(out)
    assert out.occurred_at < paid.occurred_at == LATER


# === balance transactions ===


def test_entry_does_not_vouch_for_the_amount_in_another_currency():
    known, fee = pulled("balance_transactions", entry())
    assert (known.key, known.type) == (
        f"balance_entry:{ENTRY}:payment",
        "external.info",
    )
    assert known.amount_minor is None
    assert known.payment_ref == fee.payment_ref == PAYMENT
    settlement = known.settlement
    assert settlement == fee.settlement
    assert (settlement.gross_minor, settlement.fee_minor) == (12100, 29)
    assert (settlement.net_minor, settlement.entry) == (12071, ENTRY)


@pytest.mark.parametrize(
    ("fee", "expected"),
    [("-0.29", ("fee.charged", 29)), ("0.29", ("fee.refunded", 29)), ("0", None)],
)
def test_fee(fee, expected):
    _main, *fees = pulled("balance_transactions", entry(fee=fee))
    assert [(fact.type, fact.amount_minor) for fact in fees] == (
        [expected] if expected else []
    )
    assert all(fact.key == f"balance_entry:{ENTRY}:fee" for fact in fees)


def test_fee_of_its_own():
    (fact,) = pulled("balance_transactions", entry("payment-fee", "-0.29", "0"))
    assert (fact.key, fact.type, fact.amount_minor) == (
        f"balance_entry:{ENTRY}:fee",
        "fee.charged",
        29,
    )
    assert fact.provider_code == "payment-fee"
    assert fact.payment_ref == PAYMENT
    assert fact.settlement.net_minor == -29
    assert fact.settlement.fees == (Fee("other", 29),)


DETAILS = {
    "fees": money("-0.02"),
    "commissions": money("-0.09"),
    "reservations": money("-0.10"),
    "repayments": money("-0.08"),
}


def test_deductions():
    found = pulled(
        "balance_transactions", entry(gross="10.00", deductionDetails=DETAILS)
    )
    assert [(fact.key, fact.type, fact.amount_minor) for fact in found] == [
        (f"balance_entry:{ENTRY}:payment", "external.info", None),
        (f"balance_entry:{ENTRY}:fee", "fee.charged", 11),
        (f"balance_entry:{ENTRY}:repayments", "advance.repaid", 8),
        (f"balance_entry:{ENTRY}:reservations", "reserve.held", 10),
    ]
    main, fee, repaid, held = (fact.settlement for fact in found)
    assert main.fees == (Fee("processing", 2), Fee("platform", 9))
    assert main.net_minor + repaid.net_minor + held.net_minor == 1000 - 29


@pytest.mark.parametrize(
    "changes",
    [
        {"deductionDetails": {"fees": money("-0.28")}},
        {"resultAmount": money("121.00")},
        {"deductions": money("-0.29", "GBP")},
        {"resultAmount": money("120.71", "GBP")},
        {"initialAmount": money("121.001")},
        {"initialAmount": money("-121.00"), "resultAmount": money("-121.29")},
    ],
)
def test_entry_that_contradicts_itself(changes):
    body = encode(page("balance_transactions", entry(**changes), entry()))
    bad, good = STREAMS["balance_transactions"].translate(body, {})
    assert bad.fault is not None
    assert good.fault is None


@pytest.mark.parametrize("kind", const.ENTRIES)
@pytest.mark.parametrize("gross", ["5.00", "-5.00"])
def test_other_entries(kind, gross):
    (fact,) = pulled("balance_transactions", entry(kind, gross, "0"))
    assert fact.type == const.ENTRIES[kind][gross.startswith("-")]
    assert fact.is_balance and fact.amount_minor == 500
    assert fact.settlement.net_minor == (-500 if gross.startswith("-") else 500)


@pytest.mark.parametrize(
    "context",
    [
        {"paymentId": PAYMENT, "refundId": REFUND},
        {"refund": {"paymentId": PAYMENT, "refundId": REFUND}},
        {"payment": None, "refund": {"paymentId": PAYMENT, "refundId": REFUND}},
    ],
)
@pytest.mark.parametrize("resource", ["balance_transaction", "balance-transaction"])
def test_both_shapes_of_an_entry(context, resource):
    item = entry("refund", "-20.00", "-0.25", context, resource=resource)
    main, fee = pulled("balance_transactions", item, **SAME_CURRENCY)
    assert main.key == f"refund:{REFUND}:succeeded"
    assert fee.amount_minor == 25
    assert main.settlement.net_minor == -2025


def test_entry_by_every_road():
    told = facts(samples()["balance-transaction.created"])
    found = pulled("balance_transactions", entry())
    assert list(map(whole_claim, told)) == list(map(whole_claim, found))
