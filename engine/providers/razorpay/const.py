# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Razorpay's words and the hub's words for them.

Sources: https://razorpay.com/docs/webhooks/all, /docs/webhooks/disputes,
/docs/api/disputes/entity, /docs/api/settlements/fetch-recon,
/docs/payments/settlements.
"""

CODE = "razorpay"
HOST = "https://api.razorpay.com"
SIGNATURE_HEADER = "x-razorpay-signature"
EVENT_ID_HEADER = "x-razorpay-event-id"

# Minor units are those of ISO 4217 for all 128 currencies of
# https://razorpay.com/docs/payments/international-payments/#supported-currencies.

# Sent by the hub to itself, to prove that a connection works from end to end.
TEST_EVENT_TYPE = "payment_hub.test"

# Razorpay's first year; before it, a time is a mistake.
FIRST_YEAR = 2014

# Razorpay's reports tell time as it is in India, which has one zone and no summer time.
INDIA = "+05:30"

# payment.status: (fact, leg). These facts carry no amount, but for the money that moved
# or was promised.
PAYMENT_FACTS = {
    "created": ("payment.pending", "created"),
    "pending": ("payment.pending", "pending"),
    "authorized": ("payment.authorized", "authorization"),
    "captured": ("payment.captured", "capture"),
    # Refunds are facts of their own; a payment can be refunded only once captured,
    # but see UNCAPTURED.
    "refunded": ("payment.captured", "capture"),
    "failed": ("payment.failed", "failed"),
}
AMOUNT_MATTERS = {"payment.authorized", "payment.captured"}
# What Razorpay refunds by itself because nobody captured it in time: no money moves.
UNCAPTURED = ("payment.authorization_expired", "expired")

# Messages that tell of a payment because something else was paid with it.
PAID = (
    "order.paid",
    "invoice.paid",
    "invoice.partially_paid",
    "payment_link.paid",
    "payment_link.partially_paid",
    "qr_code.credited",
    "subscription.activated",
    "subscription.charged",
    "subscription.completed",
    "virtual_account.credited",
)

# refund.status: (fact, leg)
REFUND_FACTS = {
    "pending": ("refund.requested", "requested"),
    "processed": ("refund.succeeded", "succeeded"),
    "failed": ("refund.failed", "failed"),
}

# dispute.phase in which no money is claimed yet.
INQUIRY_PHASES = {
    "fraud": ("dispute.fraud_notice", "fraud_notice"),
    "retrieval": ("dispute.inquiry_opened", "inquiry_opened"),
}
# dispute.status, or the end of the message's name: (fact, leg). "open" depends on the
# phase, "closed" too: without a claim it ends an inquiry.
DISPUTE_FACTS = {
    "open": ("dispute.opened", "opened"),
    "under_review": ("dispute.evidence_submitted", "evidence_submitted"),
    "action_required": ("external.info", "action_required"),
    "won": ("dispute.won", "won"),
    "lost": ("dispute.lost", "lost"),
    "closed": ("dispute.canceled", "canceled"),
}
# dispute.phase: stage while it is open, where the fact's type says another.
DISPUTE_STAGES = {
    "fraud": "pre_dispute",
    "retrieval": "inquiry",
    "pre_arbitration": "pre_arbitration",
    "arbitration": "arbitration",
}
INQUIRY_CLOSED = ("dispute.inquiry_closed", "inquiry_closed")

# settlement.status: (fact, leg). A failed settlement may be tried again under the same
# id and still be processed, so it gives nothing back:
# https://razorpay.com/docs/payments/payment-gateway/s2s-integration/settlements/how-to-integrate
SETTLEMENT_FACTS = {
    "created": ("payout.scheduled", "scheduled"),
    "processed": ("payout.in_transit", "in_transit"),
    "failed": ("external.info", "failed"),
}
TRANSFER_FACTS = {
    "transfer.processed": ("transfer.created", "created"),
    # It did not leave the balance: nothing comes back.
    "transfer.failed": ("external.info", "failed"),
}

# Understood, and without a fact about money in the balance of the payment gateway.
# RazorpayX (payouts, transactions, …) is a bank account with a statement of its own.
INFORMATION = {
    "account.app": "authorization_revoked",
    "fund_account.validation": "completed failed",
    "invoice": "expired",
    "payment.downtime": "started resolved updated",
    "payment_link": "cancelled expired",
    "payout": "pending rejected queued initiated processed updated reversed failed",
    "payout.downtime": "started resolved",
    "payout_link": "pending issued processing processed attempted cancelled rejected "
    "expired",
    "product.route": "under_review needs_clarification activated",
    "qr_code": "created closed",
    "subscription": "authenticated updated pending halted cancelled paused resumed",
    "token": "confirmed rejected paused cancelled",
    "transaction": "created",
    "virtual_account": "created closed",
}
INFORMATION_EVENTS = tuple(
    f"{family}.{name}"
    for family, names in INFORMATION.items()
    for name in names.split()
)

EVENT_CODES = {
    "payment.created": ("payment.pending",),
    "payment.pending": ("payment.pending",),
    "payment.authorized": ("payment.authorized",),
    "payment.captured": ("payment.captured",),
    "payment.refunded": ("payment.captured", "payment.authorization_expired"),
    "payment.failed": ("payment.failed",),
    **dict.fromkeys(PAID, ("payment.captured", "external.info")),
    **dict.fromkeys(
        ("refund.created", "refund.processed", "refund.speed_changed"),
        ("refund.requested", "refund.succeeded", "payment.authorization_expired"),
    ),
    "refund.pending": ("refund.requested",),
    "refund.failed": ("refund.failed",),
    "payment.dispute.created": (
        "dispute.opened",
        "dispute.inquiry_opened",
        "dispute.fraud_notice",
        "dispute.funds_withdrawn",
    ),
    "payment.dispute.open": (
        "dispute.opened",
        "dispute.inquiry_opened",
        "dispute.fraud_notice",
        "dispute.funds_withdrawn",
    ),
    "payment.dispute.under_review": (
        "dispute.evidence_submitted",
        "dispute.funds_withdrawn",
    ),
    "payment.dispute.action_required": ("external.info", "dispute.funds_withdrawn"),
    "payment.dispute.won": ("dispute.won", "dispute.funds_withdrawn"),
    "payment.dispute.lost": ("dispute.lost", "dispute.funds_withdrawn"),
    "payment.dispute.closed": (
        "dispute.canceled",
        "dispute.inquiry_closed",
        "dispute.funds_withdrawn",
    ),
    "settlement.created": ("payout.scheduled",),
    "settlement.processed": ("payout.in_transit",),
    "settlement.failed": ("external.info",),
    "transfer.processed": ("transfer.created",),
    "transfer.failed": ("external.info",),
    **dict.fromkeys(INFORMATION_EVENTS, ("external.info",)),
    TEST_EVENT_TYPE: ("external.info",),
}

# Item type of a settlement's reconciliation. "settlement" stands in files only.
RECON_CODES = {
    "payment": ("payment.captured",),
    "refund": ("refund.succeeded",),
    "transfer": ("transfer.created",),
    "adjustment": (
        "adjustment.credit",
        "adjustment.debit",
        "dispute.funds_withdrawn",
        "dispute.funds_reinstated",
    ),
    "settlement": ("payout.in_transit",),
}
