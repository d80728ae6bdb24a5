# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import json

import stripe_balance_payloads as balance
from stripe_payloads import (
    CREATED,
    OLD,
    charge,
    envelope,
    message,
    payment_intent,
    payment_intent_succeeded,
    refund,
    samples,
)

from engine.providers.base import Keys
from engine.providers.stripe import const
from engine.providers.stripe.signature import sign

from . import Signed

SECRET = "whsec_" + "Abc123" * 5

MESSAGES = {
    name: (body, {})
    for name, body in (
        samples()
        | balance.samples()
        | {
            "old intent": payment_intent_succeeded(api_version=OLD),
            "old refund": message(
                "charge.refunded", charge(refunds=[refund()]), api_version=OLD
            ),
            "inquiry": message(
                "charge.dispute.created",
                balance.dispute(status="warning_needs_response"),
            ),
            "inquiry becomes chargeback": message(
                "charge.dispute.updated",
                balance.dispute(),
                previous_attributes={"status": "warning_under_review"},
            ),
            "inquiry closed": message(
                "charge.dispute.closed", balance.dispute(status="warning_closed")
            ),
            "reversing payout": message(
                "payout.paid",
                balance.payout(amount=-50000, original_payout="po_1RvOriginal"),
            ),
        }
    ).items()
}
USUAL = "payment_intent.succeeded"
SIGNED = [
    Signed(
        payment_intent_succeeded(),
        {"stripe-signature": sign(payment_intent_succeeded(), SECRET, CREATED)},
        Keys(["whsec_other", SECRET]),
        CREATED + 1,
    )
]
PAID = balance.payout(
    status="paid",
    balance_transaction=balance.entry("txn_1RvAbcPayout", "payout", -50000),
)
PAGES = [
    ("events", balance.page(envelope("charge.succeeded", charge()))),
    ("balance_transactions", balance.page(*balance.entries())),
    ("balance_transactions", json.dumps(balance.entries()[0]).encode()),
    ("payouts", balance.page(PAID, balance.failed_payout())),
    (
        "payout_entries",
        json.dumps(
            {
                "object": const.PAYOUT_PAGE,
                "payout": "po_1RvAbc",
                "page": balance.listed(balance.entries()),
            }
        ).encode(),
    ),
    (
        "objects",
        json.dumps(
            payment_intent(charge=charge())
            | {"latest_charge": charge(balance_transaction=balance.entry(fee=205))}
        ).encode(),
    ),
    (
        "objects",
        json.dumps(balance.dispute(entries=[balance.withdrawal()])).encode(),
    ),
    (
        "balance",
        json.dumps(
            {"asked_at": "2026-01-31T12:00:00.000001Z", "answer": balance.balance()}
        ).encode(),
    ),
]
REPORTS = [("itemized", balance.report_of(*balance.report_rows()))]
OPTIONS = [{}]
