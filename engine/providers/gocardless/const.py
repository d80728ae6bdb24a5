# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""GoCardless's words and the hub's words for them.

Sources: https://developer.gocardless.com/api-reference/#event-types, #payouts,
#payout-items, and the official SDKs of August 2026.
"""

CODE = "gocardless"
SIGNATURE_HEADER = "webhook-signature"

# Sent by the hub to itself, to prove that a connection works from end to end.
TEST_EVENT_TYPE = "payment_hub.test"

# Payments that tell of money, or after which one must know whether money had come:
# the history of the payment decides.
PAYMENT_MONEY = {
    "confirmed": ("payment.captured",),
    "paid_out": ("payment.captured",),
    "failed": ("payment.failed", "payment.charge_reversed"),
    "late_failure_settled": ("payment.captured", "payment.charge_reversed"),
    "charged_back": ("payment.captured", "dispute.opened", "dispute.funds_withdrawn"),
    "chargeback_settled": ("payment.captured", "dispute.funds_withdrawn"),
    "chargeback_cancelled": ("dispute.canceled", "dispute.funds_reinstated"),
}
PAYMENT_NOTES = {
    "created": "payment.pending",
    "customer_approval_granted": "payment.pending",
    "customer_approval_denied": "payment.failed",
    "submitted": "payment.pending",
    "resubmission_requested": "payment.pending",
    "cancelled": "payment.voided",
    "surcharge_fee_debited": "external.info",
    "sds_settlement_delayed": "external.info",
}
REFUND_FACTS = {
    "created": ("refund.requested", "requested"),
    "paid": ("refund.succeeded", "succeeded"),
    "refund_settled": ("refund.succeeded", "succeeded"),
    "failed": ("refund.failed", "failed"),
    "bounced": ("refund.failed", "failed"),
    "funds_returned": ("refund.failed", "failed"),
    "cancelled": ("refund.canceled", "canceled"),
}
_OUT = ("payout.in_transit", "in_transit")
# status: facts. A payout that bounced "can be retried", under the same id, and is paid
# after all: https://developer.gocardless.com/api-reference/#core-endpoints-payouts. So
# a bounce gives nothing back.
PAYOUT_FACTS = {
    "pending": (("payout.scheduled", "scheduled"),),
    "paid": (_OUT, ("payout.paid", "paid")),
    "bounced": (_OUT, ("external.info", "bounced")),
}
_PAYOUT_TYPES = (
    "payout.scheduled",
    "payout.in_transit",
    "payout.paid",
    "application_fee.earned",
    "fee.charged",
    "fee.refunded",
    "external.info",
)
PAYOUT_LOOKUPS = ("paid", "bounced", "fx_rate_confirmed")

_MANDATE_ACTIONS = (
    "active blocked cancelled consumed created customer_approval_granted "
    "customer_approval_skipped expired failed reinstated replaced "
    "resubmission_requested submitted transferred"
)
# No money of the balance that another event would not tell: known, and only noted.
_NOTED = {
    "billing_requests": "bank_authorisation_authorised bank_authorisation_denied "
    "bank_authorisation_expired bank_authorisation_failed bank_authorisation_visited "
    "cancelled choose_currency collect_amount collect_bank_account "
    "collect_customer_details created failed flow_created flow_exited flow_visited "
    "fulfilled payer_details_confirmed payer_geo_blocked select_institution",
    "creditors": "account_auto_frozen account_auto_frozen_reverted "
    "new_payout_currency_added updated",
    "customer": "approved request_for_information_required under_review",
    "customers": "approved request_for_information_required under_review",
    "exports": "completed failed started",
    "instalment_schedules": "cancelled completed created creation_failed errored "
    "resumed",
    "outbound_payments": "cancelled created executed failed set_to_executing "
    "set_to_pending_approval",
    "payer_authorisations": "completed failed",
    "payment_account_transaction": "created",
    "payment_account_transactions": "created",
    "payouts": "tax_exchange_rates_confirmed",
    "scheme_identifiers": "activated",
    "subscriptions": "amended cancelled created customer_approval_denied "
    "customer_approval_granted finished paused payment_created resumed "
    "scheduled_pause scheduled_pause_cancelled scheduled_resume",
}
NOTED = {
    f"{resource}.{action}"
    for resource, actions in _NOTED.items()
    for action in actions.split()
}
BOUNCED_PAYOUT = "creditors.bounced_payout"

EVENTS = {
    **{f"payments.{action}": types for action, types in PAYMENT_MONEY.items()},
    **{f"payments.{action}": (name,) for action, name in PAYMENT_NOTES.items()},
    **{f"refunds.{action}": (fact[0],) for action, fact in REFUND_FACTS.items()},
    **{f"payouts.{action}": _PAYOUT_TYPES for action in PAYOUT_LOOKUPS},
    **{
        f"mandates.{action}": ("mandate.updated",)
        for action in _MANDATE_ACTIONS.split()
    },
    BOUNCED_PAYOUT: _PAYOUT_TYPES,
    **dict.fromkeys(sorted(NOTED), ("external.info",)),
}
PAYOUT_STATUSES = {f"payout.{status}": _PAYOUT_TYPES for status in PAYOUT_FACTS}

# type of payout item: (fact, leg, kind of object, link, sign)
PAYOUT_ITEMS = {
    "payment_paid_out": ("payment.captured", "capture", "payment", "payment", 1),
    "payment_failed": (
        "payment.charge_reversed",
        "charge_reversed",
        "payment",
        "payment",
        -1,
    ),
    "payment_charged_back": (
        "dispute.funds_withdrawn",
        "funds_withdrawn",
        "dispute",
        "payment",
        -1,
    ),
    "payment_refunded": ("refund.succeeded", "succeeded", "refund", "refund", -1),
    "refund": ("refund.succeeded", "succeeded", "refund", "refund", -1),
    "refund_funds_returned": ("refund.failed", "failed", "refund", "refund", 1),
}
PAYOUT_FEES = ("gocardless_fee", "app_fee", "surcharge_fee", "revenue_share")
ITEM_TYPES = {
    **{name: (item[0],) for name, item in PAYOUT_ITEMS.items()},
    **dict.fromkeys(PAYOUT_FEES, ("external.info",)),
}
