# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Stripe's words and the hub's words for them.

Sources: https://docs.stripe.com/api/events/types, /api/payment_intents/object,
/api/charges/object, /api/refunds/object, /api/disputes/object, /api/payouts/object,
/api/balance_transactions/object.
"""

CODE = "stripe"
SIGNATURE_HEADER = "stripe-signature"

API_URL = "https://api.stripe.com"
# Fixes the shape of what the API answers and of what a registered webhook sends.
API_VERSION = "2025-04-30.basil"
PAGE_SIZE = 100  # the most that Stripe gives
EVENT_DAYS = 30  # https://docs.stripe.com/api/events
# Made by the client: {"object": this, "payout": id, "page": what Stripe answered}
PAYOUT_PAGE = "payment_hub.payout_page"

# https://docs.stripe.com/currencies#special-cases: 16 zero-decimal codes, of which only
# MGA differs from ISO 4217; ISK and UGX are sent with two decimals.
EXPONENTS = {"ISK": 2, "MGA": 0, "UGX": 2}

# Sent by the hub to itself, to prove that a connection works from end to end.
TEST_EVENT_TYPE = "payment_hub.test"

# message: (fact, leg). These facts carry no amount: the object's amount may change
# between two messages about one fact, which is no contradiction.
PAYMENT_INTENT_FACTS = {
    "payment_intent.created": ("payment.pending", "created"),
    "payment_intent.processing": ("payment.pending", "processing"),
    "payment_intent.partially_funded": ("payment.pending", "partially_funded"),
    "payment_intent.requires_action": ("payment.action_required", "action_required"),
    "payment_intent.canceled": ("payment.voided", "voided"),
}
CHARGE_FACTS = {
    "charge.pending": ("payment.pending", "pending"),
    "charge.expired": ("payment.authorization_expired", "expired"),
    "charge.updated": ("external.info", "updated"),
}

# refund.status: (fact, leg)
REFUND_FACTS = {
    "pending": ("refund.requested", "requested"),
    "requires_action": ("refund.requested", "requested"),
    "succeeded": ("refund.succeeded", "succeeded"),
    "failed": ("refund.failed", "failed"),
    "canceled": ("refund.canceled", "canceled"),
}

# Stripe "refunds" an authorisation that was never captured; no money moves.
REASON_NEVER_CAPTURED = "expired_uncaptured_charge"

# Canonical model 2.6.
REFUND_REASONS = {
    "duplicate": "duplicate",
    "expired_uncaptured_charge": "expired_uncaptured",
    "fraudulent": "fraud",
    "requested_by_customer": "customer_request",
}
OTHER_REASON = "other"
REFUND_FAILURE_REASONS = {
    "charge_for_pending_refund_disputed",
    "declined",
    "expired_or_canceled_card",
    "insufficient_funds",
    "lost_or_stolen_card",
    "merchant_request",
    "unknown",
}
OTHER_FAILURE_REASON = "unknown"

# object: {kind of id: field}
IDS = {
    "charge": {"charge": "id", "payment": "payment_intent"},
    "refund": {"refund": "id", "charge": "charge", "payment": "payment_intent"},
    "dispute": {"dispute": "id", "charge": "charge", "payment": "payment_intent"},
    "radar.early_fraud_warning": {"charge": "charge", "payment": "payment_intent"},
    "review": {"charge": "charge", "payment": "payment_intent"},
    "payout": {"payout": "id", "original_payout": "original_payout"},
    "topup": {"topup": "id"},
    "transfer": {
        "transfer": "id",
        "charge": "source_transaction",
        "connected_account": "destination",
    },
    "transfer_reversal": {"transfer_reversal": "id", "transfer": "transfer"},
    "application_fee": {
        "application_fee": "id",
        "charge": "originating_transaction",
        "connected_account": "account",
    },
    "fee_refund": {"fee_refund": "id", "application_fee": "fee"},
    "setup_intent": {"mandate": "mandate"},
    "mandate": {"mandate": "id"},
}
# Those of them by which an event can be found.
REFERENCE_KINDS = {
    "balance_entry",
    "batch",
    "charge",
    "connected_account",
    "dispute",
    "mandate",
    "payment",
    "payout",
    "refund",
}

# dispute.reason: the family of the canonical model 2.6
DISPUTE_REASONS = {
    "bank_cannot_process": "bank_process",
    "check_returned": "bank_process",
    "credit_not_processed": "credit_not_processed",
    "customer_initiated": "general",
    "debit_not_authorized": "bank_process",
    "duplicate": "duplicate",
    "fraudulent": "fraud",
    "general": "general",
    "incorrect_account_details": "bank_process",
    "insufficient_funds": "bank_process",
    "noncompliant": "noncompliant",
    "product_not_received": "not_received",
    "product_unacceptable": "not_as_described",
    "subscription_canceled": "subscription_canceled",
    "unrecognized": "unrecognized",
}
# dispute.status once it is closed: (fact, leg)
DISPUTE_ENDS = {
    "won": ("dispute.won", "won"),
    "lost": ("dispute.lost", "lost"),
    "prevented": ("dispute.prevented", "prevented"),
    "warning_closed": ("dispute.inquiry_closed", "inquiry_closed"),
    # Until 2023: closed, because the charge was refunded meanwhile.
    "charge_refunded": ("dispute.canceled", "canceled"),
}
INQUIRY = "warning_"  # how the status of a dispute begins while no money moves

# Card brands in reports, where they are no other case of the API's.
REPORT_BRANDS = {"american express": "amex", "diners club": "diners"}

# fee_details[].type: kind of fee
FEE_KINDS = {
    "application_fee": "platform",
    "stripe_fee": "processing",
    "tax": "tax",
    "withheld_tax": "tax",
}
OTHER_FEE = "other"
# What Stripe's own fee is for, where it is not for processing a payment.
STRIPE_FEES = {
    "dispute": "dispute",
    "dispute_reversal": "dispute",
    "payout": "payout",
    "refund": "refund",
}
