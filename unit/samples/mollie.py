# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from mollie_payloads import (
    CLASSIC,
    CREATED,
    FORM,
    PAYMENT,
    REFUND,
    SECRET,
    SETTLEMENT,
    WHOLE,
    chargeback,
    encode,
    entry,
    event,
    message,
    money,
    page,
    payment,
    payout,
    refund,
    samples,
    settlement,
    simple,
)

from engine.providers.base import Keys
from engine.providers.mollie.signature import sign

from . import Signed

PAID = samples()["payment.paid"]
ENTRIES = [
    entry(),
    entry(
        "refund",
        "-20.00",
        "-0.25",
        {"refund": {"paymentId": PAYMENT, "refundId": REFUND}},
    ),
    entry(
        "outgoing-transfer",
        "-39.75",
        "0",
        {"settlementId": SETTLEMENT, "transferId": "trf_nyjwa2"},
    ),
    entry("payment-fee", "-0.29", "0"),
    entry("unauthorized-direct-debit", "-121.00", "0"),
    entry("balance-reserve", "-100.00", "0", {}),
    entry(
        gross="10.00",
        fee="-0.29",
        deductionDetails={
            "fees": money("-0.02"),
            "commissions": money("-0.09"),
            "reservations": money("-0.09"),
            "repayments": money("-0.09"),
        },
    ),
]

MESSAGES = {name: (body, {}) for name, body in samples().items()} | {
    "classic": (CLASSIC, FORM),
    "simple payment": (simple("payment.paid", PAYMENT), {}),
    "simple payout": (simple("payout.completed", "payout_1"), {}),
    "captured apart": (
        message("payment.paid", payment(amountCaptured=money("35.95"))),
        {},
    ),
    "refund of a balance": (message("balance-transaction.created", ENTRIES[1]), {}),
    "noted": (message("sales-invoice.paid", {"id": "invoice_1"}), {}),
    "unknown": (message("brand.new", {"id": "x_1"}), {}),
}
USUAL = "payment.paid"
SIGNED = [
    Signed(
        PAID,
        {"x-mollie-signature": sign(PAID, SECRET)},
        Keys(["other", SECRET]),
        CREATED,
        may_repeat=True,
    ),
    Signed(CLASSIC, FORM, Keys(["other", SECRET]), CREATED, other_headers=FORM),
]
PAGES = [
    ("payments", encode(page("payments", payment(), payment("open"), WHOLE))),
    ("refunds", encode(page("refunds", refund(), refund("queued")))),
    ("chargebacks", encode(page("chargebacks", chargeback()))),
    ("balance_transactions", encode(page("balance_transactions", *ENTRIES))),
    (
        "settlements",
        encode(page("settlements", settlement(), settlement("failed", id="stl_2"))),
    ),
    ("payouts", encode(page("payouts", payout("completed"), payout("requested")))),
    (
        "balances",
        encode(
            {
                "asked_at": "2026-01-31T12:00:00.000001Z",
                "answer": page(
                    "balances",
                    {
                        "id": "bal_1",
                        "availableAmount": money("905.25"),
                        "pendingAmount": money("-1.00"),
                    },
                ),
            }
        ),
    ),
    ("payment", encode(WHOLE)),
    ("event", encode(event("refund.refunded", refund()))),
]
REPORTS = []
OPTIONS = [{}, {"payouts": "payouts", "one_currency": "yes"}]
