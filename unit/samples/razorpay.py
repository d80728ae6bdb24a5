# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from razorpay_payloads import (
    CREATED,
    CSV,
    authorized,
    collection,
    dispute,
    items,
    message,
    payment,
    refund,
    settlement,
    transfer,
)

from engine.providers.base import Keys
from engine.providers.razorpay.signature import sign

from . import Signed

SECRET = "a secret of one's own"
HEADERS = {"x-razorpay-event-id": "NfBQ8nWc0r1LxE"}
USD = {"currency": "USD", "base_amount": 8350000, "base_currency": "INR"}
FAILED = {"error_code": "BAD_REQUEST_ERROR", "error_reason": "payment_timed_out"}
ORDER = {"id": "order_NfB4fW7kQZ3d9S", "entity": "order", "receipt": "S00042"}
INVOICE = {"id": "inv_NfBR2", "entity": "invoice", "invoice_number": "INV/2026/00042"}
LINK = {"id": "plink_NfBS3", "entity": "payment_link", "reference_id": "S00042"}
SUBSCRIPTION = {"id": "sub_NfBT4", "entity": "subscription", "status": "active"}
TOLD = {
    "payment.authorized": {"payment": authorized()},
    "payment.captured": {"payment": payment()},
    "payment.failed": {"payment": authorized(status="failed", **FAILED)},
    "payment.pending": {"payment": authorized(status="created")},
    "order.paid": {"payment": payment(), "order": ORDER},
    "invoice.paid": {"payment": payment(), "order": ORDER, "invoice": INVOICE},
    "invoice.partially_paid": {"payment": payment(), "invoice": INVOICE},
    "payment_link.paid": {"payment": payment(), "payment_link": LINK},
    "payment_link.partially_paid": {"payment": payment(), "payment_link": LINK},
    "qr_code.credited": {"payment": payment(), "qr_code": {"id": "qr_NfBU5"}},
    "virtual_account.credited": {"payment": payment()},
    "subscription.activated": {"subscription": SUBSCRIPTION},
    "subscription.charged": {
        "payment": payment(captured="1"),
        "subscription": SUBSCRIPTION,
    },
    "subscription.completed": {"payment": payment(captured="1")},
    "refund.created": {"refund": refund(status="pending"), "payment": payment()},
    "refund.processed": {"refund": refund(), "payment": payment()},
    "refund.failed": {"refund": refund(status="failed"), "payment": payment()},
    "refund.speed_changed": {"refund": refund(), "payment": payment()},
    "payment.dispute.created": {"dispute": dispute(), "payment": payment()},
    "payment.dispute.under_review": {"dispute": dispute(status="under_review")},
    "payment.dispute.action_required": {"dispute": dispute()},
    "payment.dispute.won": {"dispute": dispute(status="won")},
    "payment.dispute.lost": {"dispute": dispute(status="lost", amount_deducted=75000)},
    "payment.dispute.closed": {"dispute": dispute(status="closed", phase="fraud")},
    "settlement.processed": {"settlement": settlement()},
    "transfer.processed": {"transfer": transfer()},
    "transfer.failed": {"transfer": transfer(status="failed")},
}
MESSAGES = {name: (message(name, **told), HEADERS) for name, told in TOLD.items()} | {
    "without id": (message("payment.captured", payment=payment()), {}),
    "in dollars": (message("payment.captured", payment=payment(**USD)), HEADERS),
    "never captured": (
        message(
            "refund.processed",
            refund=refund(),
            payment=payment(status="refunded", captured=False),
        ),
        HEADERS,
    ),
    "payout.processed": (message("payout.processed", payout={}), HEADERS),
    "payment.invented": (message("payment.invented", payment=payment()), HEADERS),
}
USUAL = "payment.captured"
BODY = MESSAGES[USUAL][0]
SIGNED = [
    Signed(
        BODY,
        {"x-razorpay-signature": sign(BODY, SECRET), **HEADERS},
        Keys(["another", SECRET]),
        CREATED + 1,
        other_headers=HEADERS,
    )
]
PAGES = [
    ("payments", collection(payment(), authorized(), payment(status="refunded"))),
    ("payments", collection()),
    ("refunds", collection(refund(), refund(status="pending"))),
    ("disputes", collection(dispute(), dispute(status="lost", amount_deducted=75000))),
    ("settlements", collection(settlement(), settlement(status="created", utr=""))),
    ("recon", collection(*items())),
]
REPORTS = [("transactions", CSV)]
OPTIONS = [
    {},
    {
        "settlement_currency": "USD",
        "currencies": "several",
        "fees": "invoiced",
        "merchant": "acc_another",
    },
]
