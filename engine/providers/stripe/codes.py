# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""All codes that Stripe documents, and the rule or the types that they stand for."""

from collections.abc import Iterable, Mapping

from ..base import CodeList
from .entries import RULES

# balance_transaction.type: rule. The type "adjustment" leaves it to the category.
TYPES: Mapping[str, str] = {
    "adjustment": "adjustment",
    "advance": "advance",
    "advance_funding": "advance",
    "anticipation_repayment": "advance",
    "application_fee": "application_fee",
    "application_fee_refund": "application_fee_refund",
    "charge": "capture",
    "climate_order_purchase": "adjustment",
    "climate_order_refund": "adjustment",
    "connect_collection_transfer": "collection",
    "contribution": "adjustment",
    "fee_credit_funding": "fee",
    "inbound_transfer": "inbound_transfer",
    "inbound_transfer_reversal": "inbound_transfer",
    "issuing_authorization_hold": "hold",
    "issuing_authorization_release": "hold",
    "issuing_dispute": "adjustment",
    "issuing_dispute_provisional_credit": "adjustment",
    "issuing_dispute_provisional_credit_reversal": "adjustment",
    "issuing_transaction": "adjustment",
    "obligation_outbound": "collection",
    "obligation_reversal_inbound": "collection",
    "payment": "capture",
    "payment_failure_refund": "charge_failure",
    "payment_network_reserve_hold": "reserve",
    "payment_network_reserve_release": "reserve",
    "payment_refund": "refund",
    "payment_reversal": "charge_failure",
    "payment_unreconciled": "adjustment",
    "payout": "payout",
    "payout_cancel": "payout_cancel",
    "payout_failure": "payout_failure",
    "payout_minimum_balance_hold": "hold",
    "payout_minimum_balance_release": "hold",
    "refund": "refund",
    "refund_failure": "refund_failure",
    "reserve_hold": "reserve",
    "reserve_release": "reserve",
    "reserve_transaction": "reserve",
    "reserved_funds": "reserve",
    "stripe_balance_payment_debit": "adjustment",
    "stripe_balance_payment_debit_reversal": "adjustment",
    "stripe_fee": "fee",
    "stripe_fx_fee": "fee",
    "tax_fee": "tax",
    "tax_fund": "tax_withheld",
    "topup": "topup",
    "topup_reversal": "topup_reversal",
    "transfer": "transfer",
    "transfer_cancel": "transfer_cancel",
    "transfer_failure": "transfer_failure",
    "transfer_refund": "transfer_reversal",
}

# reporting_category: rules; several where only the type of the entry decides.
CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "advance": ("advance",),
    "advance_funding": ("advance",),
    "anticipation_repayment": ("advance",),
    "charge": ("capture",),
    "charge_failure": ("charge_failure",),
    "climate_order_purchase": ("adjustment",),
    "climate_order_refund": ("adjustment",),
    "connect_collection_transfer": ("collection",),
    "connect_reserved_funds": ("reserve",),
    "contribution": ("adjustment",),
    "dispute": ("dispute",),
    "dispute_reversal": ("dispute_reversal",),
    "fee": ("fee",),
    "issuing_authorization_hold": ("hold",),
    "issuing_authorization_release": ("hold",),
    "issuing_dispute": ("adjustment",),
    "issuing_transaction": ("adjustment",),
    "network_cost": ("fee",),
    "other_adjustment": ("adjustment",),
    "partial_capture_reversal": ("uncaptured",),
    "payout": ("payout",),
    "payout_reversal": ("payout_failure", "payout_cancel", "payout"),
    "platform_earning": ("application_fee",),
    "platform_earning_refund": ("application_fee_refund",),
    "refund": ("refund",),
    "refund_failure": ("refund_failure",),
    "risk_reserved_funds": ("reserve",),
    "tax": ("tax", "tax_withheld"),
    "topup": ("topup",),
    "topup_reversal": ("topup_reversal",),
    "transfer": ("transfer",),
    "transfer_reversal": ("transfer_reversal",),
}

_CAPTURED = ("payment.captured", "payment.authorized")
_REFUND = (
    "refund.requested",
    "refund.succeeded",
    "refund.failed",
    "refund.canceled",
    # An authorisation that is released, as if it were refunded.
    "payment.authorization_expired",
)
_INFO = ("external.info",)
# Each message about a payout tells that it has left the balance, or a reversal come.
_PAYOUT = ("payout.in_transit", "payout.reversed")

# message: types of facts
WEBHOOKS: Mapping[str, tuple[str, ...]] = {
    "application_fee.created": ("application_fee.earned",),
    "application_fee.refund.updated": ("application_fee.refunded",),
    "application_fee.refunded": ("application_fee.refunded", *_INFO),
    "balance.available": ("balance.available",),
    "charge.captured": ("payment.captured",),
    "charge.dispute.closed": (
        "dispute.won",
        "dispute.lost",
        "dispute.inquiry_closed",
        "dispute.prevented",
        "dispute.canceled",
    ),
    "charge.dispute.created": ("dispute.opened", "dispute.inquiry_opened"),
    "charge.dispute.funds_reinstated": ("dispute.funds_reinstated",),
    "charge.dispute.funds_withdrawn": ("dispute.funds_withdrawn",),
    "charge.dispute.updated": ("dispute.evidence_submitted", "dispute.opened", *_INFO),
    "charge.expired": ("payment.authorization_expired",),
    "charge.failed": ("payment.failed", "payment.captured", "payment.charge_reversed"),
    "charge.pending": ("payment.pending",),
    "charge.refund.updated": _REFUND,
    "charge.refunded": (*_REFUND, "payment.voided", *_INFO),
    "charge.succeeded": _CAPTURED,
    "charge.updated": _INFO,
    "checkout.session.async_payment_failed": ("payment.failed",),
    # Captured, says the payment intent, which is asked for: it knows the charge.
    "checkout.session.async_payment_succeeded": ("payment.captured", *_INFO),
    "checkout.session.completed": _INFO,
    "checkout.session.expired": _INFO,
    "mandate.updated": ("mandate.updated",),
    "payment_intent.amount_capturable_updated": (
        "payment.authorized",
        "payment.authorization_adjusted",
    ),
    "payment_intent.canceled": ("payment.voided",),
    "payment_intent.created": ("payment.pending",),
    "payment_intent.partially_funded": ("payment.pending",),
    "payment_intent.payment_failed": ("payment.failed",),
    "payment_intent.processing": ("payment.pending",),
    "payment_intent.requires_action": ("payment.action_required",),
    "payment_intent.succeeded": ("payment.captured",),
    "payout.canceled": ("payout.canceled", *_PAYOUT, "adjustment.debit", *_INFO),
    "payout.created": ("payout.scheduled", *_PAYOUT),
    "payout.failed": ("payout.failed", *_PAYOUT, "adjustment.debit", *_INFO),
    "payout.paid": ("payout.paid", *_PAYOUT),
    "payout.reconciliation_completed": ("payout.reconciled", *_PAYOUT),
    "payout.updated": (*_INFO, *_PAYOUT),
    "radar.early_fraud_warning.created": ("dispute.fraud_notice",),
    "radar.early_fraud_warning.updated": ("dispute.fraud_notice",),
    "refund.created": _REFUND,
    "refund.failed": ("refund.failed",),
    "refund.updated": _REFUND,
    "reporting.report_run.failed": _INFO,
    "reporting.report_run.succeeded": ("settlement.report_available",),
    "reporting.report_type.updated": ("settlement.report_available",),
    "review.closed": ("review.closed",),
    "review.opened": ("review.opened",),
    "setup_intent.canceled": _INFO,
    "setup_intent.created": _INFO,
    "setup_intent.requires_action": _INFO,
    "setup_intent.setup_failed": _INFO,
    "setup_intent.succeeded": ("mandate.updated",),
    "topup.canceled": ("topup.failed",),
    "topup.created": ("topup.pending",),
    "topup.failed": ("topup.failed",),
    "topup.reversed": ("topup.reversed",),
    "topup.succeeded": ("topup.succeeded",),
    "transfer.created": ("transfer.created",),
    "transfer.reversed": ("transfer.reversed", *_INFO),
    "transfer.updated": _INFO,
}

# What Stripe books as an adjustment; the category tells which it is.
_ADJUSTMENTS = ("dispute", "dispute_reversal", "refund_failure", "fee", "adjustment")


def _types(rules: Iterable[str]) -> tuple[str, ...]:
    facts = [fact for name in rules for fact in (RULES[name].gain, RULES[name].loss)]
    return tuple(dict.fromkeys(fact[0] for fact in facts if fact))


_MORE_RULES = {"adjustment": _ADJUSTMENTS, "refund": ("refund", "uncaptured")}

CODE_LISTS = (
    CodeList("Webhook events", "https://docs.stripe.com/api/events/types", WEBHOOKS),
    CodeList(
        "Balance transaction types",
        "https://docs.stripe.com/reports/balance-transaction-types",
        {code: _types(_MORE_RULES.get(code, (rule,))) for code, rule in TYPES.items()},
    ),
    CodeList(
        "Reporting categories",
        "https://docs.stripe.com/reports/reporting-categories",
        {code: _types(rules) for code, rules in CATEGORIES.items()},
    ),
)
