# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Stripe's words and the hub's words for them.

Sources: https://docs.stripe.com/api/events/types, /api/payment_intents/object,
/api/charges/object, /api/refunds/object.
"""

CODE = "stripe"
SIGNATURE_HEADER = "stripe-signature"

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
