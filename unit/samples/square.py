# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import json

from square_payloads import (
    URL,
    approved,
    dispute,
    entries,
    fee,
    listed,
    message,
    payment,
    payout,
    refund,
    usd,
    with_fees,
    with_payout_fee,
)

from engine.providers.base import Keys
from engine.providers.square.signature import sign

from . import Signed

SECRET = "asdf1234-Signature-Key"
HEADERS = {"square-environment": "Production", "square-version": "2025-08-20"}
INVOICE = {
    "id": "inv:0-ChCHu2mZEabLeeHahQnXDjZQECY",
    "invoice_number": "INV/2026/00042",
    "order_id": "03O3USaPaAaFnI6kkwB1JxGgBsUZY",
    "status": "PAID",
}
CASH = payment(source_type="CASH", card_details=None)
GIFT_CARD = payment(card_details={"card": {"card_brand": "SQUARE_GIFT_CARD"}})
TOLD = {
    "payment.created": {"payment": approved()},
    "payment.updated": {"payment": with_fees(app_fee_money=None)},
    "refund.created": {"refund": refund(status="PENDING", processing_fee=None)},
    "refund.updated": {"refund": refund()},
    "dispute.created": {"dispute": dispute()},
    "dispute.state.updated": {"dispute": dispute(state="LOST", version=6)},
    "payout.sent": {"payout": payout(status="SENT")},
    "payout.paid": {"payout": with_payout_fee()},
    "payout.failed": {"payout": payout(status="FAILED")},
    "invoice.payment_made": {"invoice": INVOICE},
    "invoice.deleted": {},
    "order.updated": {"order_updated": {"order_id": "x", "state": "OPEN"}},
    "payment.invented": {"payment": payment()},
}
OLD_DISPUTE = {"dispute_id": "old", **dispute(state="WON")}
del OLD_DISPUTE["id"]
# As in Square's documentation of payouts.
EARLY = "1970-01-01T00:20:28.481Z"
EARLY_PAYOUT = payout(
    updated_at=EARLY, amount_money={"amount": 457, "currency_code": "EUR"}
)
MESSAGES = {name: (message(name, **told), HEADERS) for name, told in TOLD.items()} | {
    "dispute.state.changed": (
        message("dispute.state.changed", dispute=OLD_DISPUTE),
        {"square-environment": "Sandbox"},
    ),
    "app fee": (message("payment.updated", payment=with_fees()), HEADERS),
    "adjusted fee": (
        message(
            "payment.updated",
            payment=payment(processing_fee=[fee(364), fee(-12, "ADJUSTMENT")]),
        ),
        HEADERS,
    ),
    "early": (message("payout.paid", EARLY, payout=EARLY_PAYOUT), {}),
    "cash": (message("payment.updated", payment=CASH), {}),
    "gift card": (message("payment.updated", payment=GIFT_CARD), {}),
    "drawn": (
        message("payout.paid", payout=payout(amount_money=usd(-103))),
        HEADERS,
    ),
    "failed": (
        message(
            "payment.updated",
            payment=payment(
                status="FAILED",
                card_details={"errors": [{"code": "CARD_DECLINED"}]},
            ),
        ),
        HEADERS,
    ),
}
USUAL = "payment.updated"
BODY = MESSAGES[USUAL][0]
SIGNED = [
    Signed(
        BODY,
        {"x-square-hmacsha256-signature": sign(BODY, SECRET, URL), **HEADERS},
        Keys(["another", SECRET], URL),
        1_786_536_000,
        other_headers=HEADERS,
    )
]
EVENTS = [json.loads(MESSAGES[name][0]) for name in ("payment.updated", "payout.paid")]
METADATA = [{"event_id": EVENTS[0]["event_id"], "api_version": "2024-01-18"}]
PAGES = [
    ("events", listed("events", *EVENTS, metadata=METADATA)),
    ("payments", listed("payments", payment(), approved(), CASH)),
    ("payments", json.dumps({"payment": with_fees()}).encode()),
    ("payments", b"{}"),
    ("refunds", listed("refunds", refund())),
    ("disputes", listed("disputes", dispute(), OLD_DISPUTE)),
    ("payouts", listed("payouts", with_payout_fee(), payout(status="FAILED"))),
    ("payout_entries", listed("payout_entries", *entries())),
]
REPORTS = []
OPTIONS = [{}, {"merchant": "another"}]
