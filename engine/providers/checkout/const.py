# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Checkout.com's words and the hub's words for them."""

CODE = "checkout"
SIGNATURE_HEADER = "cko-signature"

_DOCS = "https://www.checkout.com/docs"
EVENT_TYPES_SOURCE = f"{_DOCS}/developer-resources/event-notifications/event-types"
BREAKDOWN_TYPES_SOURCE = (
    f"{_DOCS}/funds-management/reconcile-with-checkout-com/breakdown-types"
)

# https://www.checkout.com/docs/resources/calculating-the-amount: 16 currencies have
# no decimals, 7 have three, "all others" two. CLP is among these, ending in 00.
EXPONENTS = {"CLF": 2, "CLP": 2, "UYI": 2, "UYW": 2}

# Sent by the hub to itself, to prove that a connection works from end to end.
TEST_EVENT_TYPE = "payment_hub.test"

# === webhooks ===

# type of message: (fact, leg), about the payment. They carry no amount.
PAYMENT_FACTS = {
    "payment_pending": ("payment.pending", "pending"),
    "payment_capture_pending": ("payment.pending", "capture_pending"),
    "payment_voided": ("payment.voided", "voided"),
    "payment_canceled": ("payment.voided", "canceled"),
    "payment_expired": ("payment.authorization_expired", "expired"),
    "payment_compliance_review": ("review.opened", "compliance_review"),
    "payment_authorization_increment_declined": ("external.info", "increment_declined"),
    "payment_retry_scheduled": ("external.info", "retry_scheduled"),
    "payment_void_pending": ("external.info", "void_pending"),
    "card_verified": ("external.info", "card_verified"),
    "card_verification_declined": ("external.info", "card_verification_declined"),
}
# The same about one action: another attempt may do better.
ACTION_FACTS = {
    "payment_declined": ("payment.authorization_failed", "failed"),
    "payment_authentication_failed": ("payment.failed", "authentication_failed"),
    "payment_capture_declined": ("payment.capture_failed", "capture_failed"),
    "payment_void_declined": ("payment.void_failed", "void_failed"),
}
# With the amount of the action.
REFUND_FACTS = {
    "payment_refund_pending": ("refund.requested", "requested"),
    "payment_refunded": ("refund.succeeded", "succeeded"),
    "payment_refund_declined": ("refund.failed", "failed"),
}

# Money that the merchant sends from its balance to a card or a bank account comes in
# messages of the same types; facts with an amount, then those without.
PAYOUT_FACTS = {
    "payment_pending": ((), ("payout.scheduled",)),
    "payment_approved": (("payout.in_transit",), ()),
    "payment_paid": (("payout.in_transit",), ("payout.paid",)),
    "payment_returned": (("payout.reversed",), ()),
}

# What a message says of the dispute, and the leg of the money it moved, if it did:
# "" for the first round, the round's name for a later one.
DISPUTE_FACTS = {
    "request_for_information_received": ("dispute.inquiry_opened", "inquiry_opened"),
    "dispute_received": ("dispute.opened", "opened"),
    "dispute_evidence_required": ("dispute.opened", "opened"),
    "dispute_evidence_submitted": ("dispute.evidence_submitted", "evidence_submitted"),
    "dispute_evidence_acknowledged_by_scheme": ("external.info", "evidence_forwarded"),
    "dispute_accepted": ("dispute.accepted", "accepted"),
    "dispute_expired": ("dispute.expired", "expired"),
    "dispute_canceled": ("dispute.canceled", "canceled"),
    # Closed without the merchant, who had refunded the customer before.
    "dispute_resolved": ("dispute.canceled", "resolved"),
    "dispute_won": ("dispute.won", "won"),
    "dispute_lost": ("dispute.lost", "lost"),
    "dispute_arbitration_evidence_submitted": (
        "dispute.evidence_submitted",
        "evidence_submitted:arbitration",
    ),
    "dispute_arbitration_sent_to_scheme": ("external.info", "arbitration_sent"),
    "dispute_arbitration_won": ("dispute.won", "won:arbitration"),
    "dispute_arbitration_lost": ("dispute.lost", "lost:arbitration"),
}
DISPUTE_MONEY = {
    "dispute_evidence_required": ("dispute.funds_withdrawn", "funds_withdrawn"),
    "dispute_canceled": ("dispute.funds_reinstated", "funds_reinstated"),
    "dispute_won": ("dispute.funds_reinstated", "funds_reinstated"),
    "dispute_arbitration_won": (
        "dispute.funds_reinstated",
        "funds_reinstated:arbitration",
    ),
}
# Where the dispute is in another stage than the fact's type says.
DISPUTE_STAGES = {"dispute_arbitration_evidence_submitted": "arbitration"}
# The card schemes among the names of payment methods, as "VISA", in disputes and
# reports; the source of a payment has a type and a scheme instead.
CARD_SCHEMES = frozenset(
    {
        "american express",
        "amex",
        "cartes bancaires",
        "cartes_bancaires",
        "diners",
        "diners club international",
        "discover",
        "jcb",
        "mada",
        "maestro",
        "mastercard",
        "unionpay",
        "visa",
    }
)
# category of a dispute: reason (canonical model 2.6)
DISPUTE_REASONS = {
    "authorization": "authorization",
    "canceled_recurring": "subscription_canceled",
    "credit_not_issued": "credit_not_processed",
    "duplicate": "duplicate",
    "fraudulent": "fraud",
    "incorrect_amount": "processing_error",
    "invalid_data": "processing_error",
    "not_as_described": "not_as_described",
    "product_service_not_received": "not_received",
    "unrecognized": "unrecognized",
}
OTHER_REASON = "general"

# They move no money of the merchant.
NOTES = (
    "authentication_approved",
    "authentication_attempted",
    "authentication_expired",
    "authentication_failed",
    "authentication_started",
    "sub_account_low_balance_threshold_exceeded",
)
# Documented, and deliberately left to a person: platforms and their sub-entities, cards
# that the merchant issues, the previous API's names, and types whose content is not
# documented.
NOT_UNDERSTOOD = (
    "action_required",
    "authorization_advice_received",
    "authorization_approved",
    "authorization_declined",
    "bank_account_updated",
    "batch_successful",
    "batch_unsuccessful",
    "error_details",
    "full_dd_failed",
    "full_dd_passed",
    "issuing_dispute_closed",
    "match_failed",
    "match_passed",
    "payment_authorized",
    "payment_chargeback",
    "payment_instrument_created",
    "payment_instrument_error",
    "payment_instrument_verification_failed",
    "payment_instrument_verification_passed",
    "payment_optimized",
    "payment_retrieval",
    "payments_disabled",
    "payments_enabled",
    "payouts_disabled",
    "payouts_enabled",
    "source_updated",
    "status_changed",
    "sub_entity_created",
    "transfer_status_changed",
    "vmss_failed",
    "vmss_passed",
)

EVENT_CODES = {
    **{
        name: (fact[0],)
        for table in (PAYMENT_FACTS, ACTION_FACTS, REFUND_FACTS, DISPUTE_FACTS)
        for name, fact in table.items()
    },
    **{name: (DISPUTE_FACTS[name][0], fact[0]) for name, fact in DISPUTE_MONEY.items()},
    **dict.fromkeys(NOTES, ("external.info",)),
    **dict.fromkeys(NOT_UNDERSTOOD, ("unknown",)),
    "payment_approved": ("payment.authorized", "payout.in_transit"),
    "payment_authorization_incremented": ("payment.authorization_adjusted",),
    "payment_captured": ("payment.captured",),
    "payment_paid": ("payout.in_transit", "payout.paid"),
    "payment_pending": ("payment.pending", "payout.scheduled"),
    "payment_returned": ("payment.charge_reversed", "payout.reversed"),
    "report_generated": ("settlement.report_available",),
    "settlement_generated": ("payout.in_transit", "settlement.carry_forward"),
}

# === reports ===

# What a movement is, by its sign: facts when money comes in, and when it goes out; ""
# where that sign makes no sense.
MOVEMENTS = {
    "Capture": ("payment.captured", ""),
    "Partial Capture": ("payment.captured", ""),
    "Charge": ("payment.captured", ""),
    "Partial Charge": ("payment.captured", ""),
    "Refund": ("", "refund.succeeded"),
    "Partial Refund": ("", "refund.succeeded"),
    "Chargeback": ("dispute.funds_reinstated", "dispute.funds_withdrawn"),
    "Chargeback (ADJM)": ("", "dispute.funds_withdrawn"),
    "Chargeback (CBRV)": ("dispute.funds_reinstated", ""),
    "Chargeback (RPDW)": ("dispute.funds_reinstated", ""),
}
# Entries of the balance that belong to no payment, likewise.
ENTRIES = {
    "Cover Negative Position": ("adjustment.credit", "adjustment.debit"),
    "Invoice Settlement": ("adjustment.credit", "adjustment.debit"),
    "Transaction Amount Discrepancy": ("adjustment.credit", "adjustment.debit"),
    "Top Up": ("topup.succeeded", ""),
    "Operational Funding Release": ("hold.released", ""),
    "Operational Funding Reservation": ("", "hold.placed"),
    "Security Deposit Release": ("reserve.released", ""),
    "Security Deposit Reservation": ("", "reserve.held"),
}
# Rows that have fees only.
FEES_ONLY = (
    "Account Updater",
    "Authentication",
    "Authorization",
    "Card Verification",
    "Merchant Payout",
    "Network Token Provisioning",
    "Network Token Update",
    "Void",
)
# No payment of a customer.
NOT_PAYMENTS = {*ENTRIES, "Adjustment", "Merchant Payout", "Payout"}
# Money on its way to a bank, which webhooks and the report of payouts tell of under
# another id: here it posts nothing.
TOLD_ELSEWHERE = ("Payout",)
# Documented, and deliberately left to a person: what they reverse, or to whom they
# belong, is not in the row.
UNCLEAR = (
    "Chargeback (ARBL)",
    "Chargeback (ARBW)",
    "Chargeback (ARWS)",
    "Chargeback (AUTO)",
    "Clearing Failed",
)

RESERVE = "Rolling Reserve"  # first words of a breakdown type
# First word of a fee's breakdown type: kind of fee.
FEE_KINDS = {
    "Interchange": "interchange",
    "Scheme": "scheme",
    "Chargeback": "dispute",
    "Dispute": "dispute",
    "Refund": "refund",
    "Payout": "payout",
    "FX": "fx",
}
FEES = (
    "Authentication Fixed Fee",
    "Authorization Fixed Fee",
    "Blended Fixed Fee",
    "Blended Variable Fee",
    "Card Verification Fixed Fee",
    "Gateway Fixed Fee",
    "Interchange Fixed Fee",
    "Minimum Billing Fee",
    "Premium Fixed Fee",
    "Premium Variable Fee",
    "Refund Fixed Fee",
    "Risk Engine Fixed Fee",
    "Scheme Fixed Fee",
    "Scheme Variable Fee",
    "Void Fixed Fee",
)

MOVEMENT_CODES = {
    **{
        name: tuple(filter(None, facts))
        for name, facts in (MOVEMENTS | ENTRIES).items()
    },
    **dict.fromkeys((*FEES, *FEES_ONLY), ("fee.charged", "fee.refunded")),
    **dict.fromkeys(TOLD_ELSEWHERE, ("balance.available",)),
    **dict.fromkeys(UNCLEAR, ("unknown",)),
    RESERVE: ("reserve.held", "reserve.released"),
}
