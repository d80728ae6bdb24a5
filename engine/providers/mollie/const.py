# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Mollie's words and the hub's words for them.

Sources: https://docs.mollie.com/reference/webhooks-new, /reference/webhooks,
/docs/handling-payment-status and https://github.com/mollie/openapi (August 2026).
"""

CODE = "mollie"
SIGNATURE_HEADER = "x-mollie-signature"
# Unix seconds at which the hub received a message; the hub's own, never the sender's.
RECEIVED_HEADER = "x-payment-hub-received"
# https://docs.mollie.com/reference/webhooks
FORM = "application/x-www-form-urlencoded"
# What a classic message can name, by the start of the id.
CLASSIC_OBJECTS = {b"tr": "payment", b"pl": "payment_link", b"ord": "order"}
CLASSIC_EVENT_TYPE = "classic"

# Sent by the hub to itself, to prove that a connection works from end to end.
TEST_EVENT_TYPE = "payment_hub.test"

MODES = {"live": True, "test": False}

# Which of Mollie's two words for one transfer to the bank books it.
PAYOUTS_OPTION = "payouts"
# Whether a balance transaction's amount is also the payment's own.
CURRENCY_OPTION = "one_currency"

# status: (fact, leg, moments of which the first that is there tells when)
PAYMENT_FACTS = {
    "open": ("payment.pending", "open", ()),
    "pending": ("payment.pending", "pending", ()),
    "canceled": ("payment.voided", "voided", ("canceledAt",)),
    "expired": ("payment.authorization_expired", "expired", ("expiredAt",)),
    "failed": ("payment.failed", "failed", ("failedAt",)),
}
REFUND_FACTS = {
    "queued": ("refund.requested", "requested"),
    "pending": ("refund.requested", "requested"),
    "processing": ("refund.requested", "requested"),
    "refunded": ("refund.succeeded", "succeeded"),
    "failed": ("refund.failed", "failed"),
    "canceled": ("refund.canceled", "canceled"),
}
CAPTURE_FACTS = {
    "pending": ("external.info", "capture_pending"),
    "succeeded": ("payment.captured", "capture"),
    "failed": ("payment.capture_failed", "capture_failed"),
}
_OUT = ("payout.in_transit", "in_transit")
_BACK = ("payout.failed", "failed")
# A payout that is said to have failed may never have left: out and back cancel out.
PAYOUT_FACTS = {
    "requested": (("payout.scheduled", "scheduled"),),
    "initiated": (_OUT,),
    "processing-at-bank": (_OUT,),
    "completed": (_OUT, ("payout.paid", "paid")),
    "failed": (_OUT, _BACK),
    "canceled": (("external.info", "canceled"),),
}
SETTLEMENT_FACTS = {
    "open": (("external.info", "open"),),
    "pending": (("payout.scheduled", "scheduled"),),
    "processing-at-bank": (_OUT,),
    "paidout": (_OUT, ("payout.paid", "paid")),
    "failed": (_OUT, _BACK),
}

# leg: what tells the moment of a transfer's fact, in a payout or in a settlement
TRANSFER_MOMENTS = {
    "scheduled": ("createdAt",),
    "in_transit": ("initiatedAt", "settledAt"),
    "paid": ("completedAt", "settledAt"),
    "canceled": ("canceledAt",),
}

_TOLD = ("external.info",)
_PAID = ("payment.captured", "payment.authorized")
_DISPUTED = ("dispute.opened", "dispute.funds_withdrawn")
_REINSTATED = ("dispute.won", "dispute.funds_reinstated")


def _types(facts: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    names = dict.fromkeys(name for name, _leg in facts)
    return (*names, *(_TOLD if "external.info" not in names else ()))


# Types of events at a next-gen webhook. Where types are several, the object in the
# message decides; a payment link and a message without its object are looked up.
EVENTS = {
    "payment.paid": _PAID,
    "payment.authorized": ("payment.authorized",),
    "payment.failed": ("payment.failed", "payment.authorized"),
    "payment.canceled": ("payment.voided", "payment.authorized"),
    "payment.expired": ("payment.authorization_expired", "payment.authorized"),
    "payment.pending": ("payment.pending",),
    "refund.queued": ("refund.requested",),
    "refund.pending": ("refund.requested",),
    "refund.processing": ("refund.requested",),
    "refund.refunded": ("refund.succeeded",),
    "refund.failed": ("refund.failed",),
    "refund.canceled": ("refund.canceled",),
    "chargeback.received": (*_DISPUTED, *_REINSTATED),
    "chargeback.reversed": (*_DISPUTED, *_REINSTATED),
    "capture.succeeded": ("payment.captured",),
    "capture.failed": ("payment.capture_failed",),
    "payment-link.paid": _TOLD,
    "payout.initiated": _types(PAYOUT_FACTS["initiated"]),
    "payout.processing-at-bank": _types(PAYOUT_FACTS["processing-at-bank"]),
    "payout.completed": _types(PAYOUT_FACTS["completed"]),
    "payout.canceled": _types(PAYOUT_FACTS["canceled"]),
    "payout.failed": _types(PAYOUT_FACTS["failed"]),
}
# No money of the balance that another message would not tell: known, and only noted.
NOTED = (
    "business-account-draft-transfer.approved",
    "business-account-draft-transfer.created",
    "business-account-draft-transfer.declined",
    "business-account-transfer.blocked",
    "business-account-transfer.failed",
    "business-account-transfer.initiated",
    "business-account-transfer.pending-review",
    "business-account-transfer.processed",
    "business-account-transfer.requested",
    "business-account-transfer.returned",
    "connect-balance-transfer.failed",
    "connect-balance-transfer.succeeded",
    "dispute.created",
    "dispute.resolved",
    "dispute.updated",
    "file.accepted",
    "file.failed",
    "file.rejected",
    "hook.ping",
    "profile.blocked",
    "profile.created",
    "profile.deleted",
    "profile.verified",
    "sales-invoice.canceled",
    "sales-invoice.created",
    "sales-invoice.e-invoice-failed",
    "sales-invoice.e-invoice-issued",
    "sales-invoice.issued",
    "sales-invoice.paid",
    "unmatched-credit-transfer.expired",
    "unmatched-credit-transfer.match.completed",
    "unmatched-credit-transfer.match.failed",
    "unmatched-credit-transfer.matched",
    "unmatched-credit-transfer.received",
    "unmatched-credit-transfer.return.completed",
    "unmatched-credit-transfer.return.failed",
    "unmatched-credit-transfer.returned",
)

# Statuses of objects that the API gives, as codes of their events.
STATUSES = {
    "payment.open": ("payment.pending",),
    "capture.pending": _TOLD,
    "payout.requested": ("payout.scheduled",),
    **{f"settlement.{name}": _types(facts) for name, facts in SETTLEMENT_FACTS.items()},
}

# Balance transactions about an object that other messages tell of too:
# type: (fact, leg, kind of object, id of the object in the context)
MOVEMENTS = {
    "payment": ("payment.captured", "capture", "payment", "paymentId"),
    "capture": ("payment.captured", "capture", "capture", "captureId"),
    "refund": ("refund.succeeded", "succeeded", "refund", "refundId"),
    "returned-refund": ("refund.failed", "failed", "refund", "refundId"),
    "chargeback": (
        "dispute.funds_withdrawn",
        "funds_withdrawn",
        "dispute",
        "chargebackId",
    ),
    "chargeback-reversal": (
        "dispute.funds_reinstated",
        "funds_reinstated",
        "dispute",
        "chargebackId",
    ),
}
TRANSFERS = {
    "outgoing-transfer": _OUT,
    "outgoing-custom-amount-transfer": _OUT,
    "canceled-outgoing-transfer": _BACK,
    "canceled-transfer": _BACK,
    "returned-transfer": _BACK,
}
# What makes the balance fall.
OUTGOING = ("refund.succeeded", "dispute.funds_withdrawn", "payout.in_transit")
_ADJUSTED = ("adjustment.credit", "adjustment.debit")
CHARGED = ("fee.refunded", "fee.charged")
_RESERVED = ("reserve.released", "reserve.held")
_LENT = ("advance.disbursed", "advance.repaid")
_TOPPED_UP = ("topup.succeeded", "topup.reversed")
_EARNED = ("application_fee.earned", "application_fee.refunded")
_COMMISSION = ("application_fee.earned", "fee.charged")
_ROUTED = ("adjustment.credit", "transfer.created")
# type: (fact when the balance rises, fact when it falls)
ENTRIES = {
    "api-payment-rolling-reserve-release": _RESERVED,
    "application-fee": _EARNED,
    "balance-charge-fee": CHARGED,
    "balance-correction": _ADJUSTED,
    "balance-reserve": _RESERVED,
    "balance-reserve-return": _RESERVED,
    "balance-topup": _TOPPED_UP,
    "bank-charged-failure-fee": CHARGED,
    "capture-commission": _COMMISSION,
    "capture-rolling-reserve-release": _RESERVED,
    "cash-advance-loan": _LENT,
    "cash-collateral-issuance": _RESERVED,
    "cash-collateral-release": _RESERVED,
    "chargeback-compensation": _ADJUSTED,
    "failed-payment": ("adjustment.credit", "payment.charge_reversed"),
    "failed-payment-fee": CHARGED,
    "failed-platform-split-payment": _ADJUSTED,
    "failed-split-payment-compensation": _ADJUSTED,
    "fee-prepayment": CHARGED,
    "held-rolling-reserve": _RESERVED,
    "incoming-transfer": _TOPPED_UP,
    "invoice-compensation": _ADJUSTED,
    "invoice-rounding-compensation": CHARGED,
    "loan": _LENT,
    "managed-fee": CHARGED,
    "movement": _ADJUSTED,
    "payment-commission": _COMMISSION,
    "payment-fee": CHARGED,
    "pending-rolling-reserve": _RESERVED,
    "platform-connected-organizations-fee": CHARGED,
    "platform-payment-chargeback": _ADJUSTED,
    "platform-payment-refund": _ADJUSTED,
    "post-payment-split-payment": _ROUTED,
    "refund-compensation": _ADJUSTED,
    "reimbursement-fee": CHARGED,
    "released-rolling-reserve": _RESERVED,
    "repayment": _LENT,
    "returned-managed-fee": CHARGED,
    "returned-platform-payment-refund": _ADJUSTED,
    "returned-refund-compensation": _ADJUSTED,
    "reversed-chargeback-compensation": _ADJUSTED,
    "reversed-platform-payment-chargeback": _ADJUSTED,
    "rolling-reserve-hold": _RESERVED,
    "rolling-reserve-release": _RESERVED,
    "split-payment": _ROUTED,
    "split-transaction": _ROUTED,
    "to-be-released-rolling-reserve": _RESERVED,
    "topup": _TOPPED_UP,
    "unauthorized-direct-debit": ("adjustment.credit", "payment.charge_reversed"),
}
# What a balance transaction may deduct besides its amount.
DEDUCTED_FEES = {"fees": "processing", "commissions": "platform"}
DEDUCTED_ENTRIES = {"repayments": _LENT, "reservations": _RESERVED}

_DEDUCTED = ("advance.repaid", "advance.disbursed", "reserve.held", "reserve.released")
BALANCE_TRANSACTIONS = {
    **{
        name: (fact, "external.info", *_DEDUCTED)
        for name, (fact, _leg, _kind, _id) in MOVEMENTS.items()
    },
    **{name: (*_types((fact,)), "unknown") for name, fact in TRANSFERS.items()},
    **{name: (*types, *_DEDUCTED) for name, types in ENTRIES.items()},
}
EVENTS["balance-transaction.created"] = tuple(
    dict.fromkeys(name for types in BALANCE_TRANSACTIONS.values() for name in types)
)
