# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Square's words and the hub's words for them.

Sources: https://developer.squareup.com/reference/square (Payment, PaymentRefund,
Dispute, Payout, PayoutEntry, ActivityType) and
https://developer.squareup.com/docs/webhooks/v2webhook-events-tech-ref, all as of the
API version 2025-08-20.
"""

CODE = "square"
HOST = "https://connect.squareup.com"
SANDBOX_HOST = "https://connect.squareupsandbox.com"
API_VERSION = "2025-08-20"

SIGNATURE_HEADER = "x-square-hmacsha256-signature"
ENVIRONMENT_HEADER = "square-environment"
VERSION_HEADER = "square-version"
LIVEMODES = {"production": True, "sandbox": False}

# Square's first year: its own examples of payouts happened in 1970.
FIRST_YEAR = 2009

# Sent by the hub to itself, to prove that a connection works from end to end.
TEST_EVENT_TYPE = "payment_hub.test"

# payment.status: (fact, leg)
PAYMENT_FACTS = {
    "PENDING": ("payment.pending", "pending"),
    "APPROVED": ("payment.authorized", "authorization"),
    "COMPLETED": ("payment.captured", "capture"),
    "CANCELED": ("payment.voided", "voided"),
    "FAILED": ("payment.failed", "failed"),
}
# Recorded at Square, paid elsewhere. A gift card was paid when it was loaded.
OUTSIDE_SOURCES = {"CASH", "EXTERNAL"}
GIFT_CARD = "SQUARE_GIFT_CARD"

# refund.status: (fact, leg)
REFUND_FACTS = {
    "PENDING": ("refund.requested", "requested"),
    "COMPLETED": ("refund.succeeded", "succeeded"),
    "REJECTED": ("refund.failed", "failed"),
    "FAILED": ("refund.failed", "failed"),
}

# dispute.state: (fact, leg). Only payout entries tell what it does to the balance.
DISPUTE_FACTS = {
    "INQUIRY_EVIDENCE_REQUIRED": ("dispute.inquiry_opened", "inquiry_opened"),
    "INQUIRY_PROCESSING": ("dispute.evidence_submitted", "inquiry_evidence_submitted"),
    "INQUIRY_CLOSED": ("dispute.inquiry_closed", "inquiry_closed"),
    "EVIDENCE_REQUIRED": ("dispute.opened", "opened"),
    "PROCESSING": ("dispute.evidence_submitted", "evidence_submitted"),
    "WON": ("dispute.won", "won"),
    "LOST": ("dispute.lost", "lost"),
    "ACCEPTED": ("dispute.accepted", "accepted"),
}
# Where the dispute is in another stage than the fact's type says.
DISPUTE_STAGES = {"INQUIRY_PROCESSING": "inquiry"}
# Canonical model 2.6.
DISPUTE_REASONS = {
    "AMOUNT_DIFFERS": "processing_error",
    "CANCELLED": "credit_not_processed",
    "CUSTOMER_REQUESTS_CREDIT": "credit_not_processed",
    "DUPLICATE": "duplicate",
    "EMV_LIABILITY_SHIFT": "fraud",
    "NOT_AS_DESCRIBED": "not_as_described",
    "NOT_RECEIVED": "not_received",
    "NO_KNOWLEDGE": "fraud",
    "PAID_BY_OTHER_MEANS": "duplicate",
}

# payout.status: facts as (fact, leg), all that must have happened by then: a message
# may be the first that arrives. A positive payout goes to the bank, …
PAYOUT_FACTS = {
    "SENT": (("payout.in_transit", "in_transit"),),
    "PAID": (("payout.in_transit", "in_transit"), ("payout.paid", "paid")),
    "FAILED": (("payout.in_transit", "in_transit"), ("payout.failed", "failed")),
}
# … a negative one is drawn from it.
WITHDRAWAL_FACTS = {
    "SENT": (("topup.pending", "pending"),),
    "PAID": (("topup.succeeded", "succeeded"),),
    "FAILED": (("topup.failed", "failed"),),
}

# === payout entries ===

FEE = ("fee.refunded", "fee.charged")
ADJUSTMENT = ("adjustment.credit", "adjustment.debit")
ADVANCE = ("advance.disbursed", "advance.repaid")
APPLICATION_FEE = ("application_fee.earned", "application_fee.refunded")
FUNDS = ("dispute.funds_reinstated", "dispute.funds_withdrawn")
HOLD = ("hold.released", "hold.placed")
RESERVE = ("reserve.released", "reserve.held")

# ActivityType: what it is when money comes in, and when it goes out; "" for what should
# not happen. Moves to other accounts of the seller's at Square are adjustments: the
# balance is right, and a person decides where they belong.
ENTRY_FACTS = {
    "ADJUSTMENT": ADJUSTMENT,
    "APP_FEE_REFUND": APPLICATION_FEE,
    "APP_FEE_REVENUE": APPLICATION_FEE,
    "AUTOMATIC_BITCOIN_CONVERSIONS": ADJUSTMENT,
    "AUTOMATIC_BITCOIN_CONVERSIONS_REVERSED": ADJUSTMENT,
    "AUTOMATIC_SAVINGS": ADJUSTMENT,
    "AUTOMATIC_SAVINGS_REVERSED": ADJUSTMENT,
    "BALANCE_FOLDERS_TRANSFER": ADJUSTMENT,
    "BALANCE_FOLDERS_TRANSFER_REVERSED": ADJUSTMENT,
    "CHARGE": ("payment.captured", ""),
    "CREDIT_CARD_REPAYMENT": ADJUSTMENT,
    "CREDIT_CARD_REPAYMENT_REVERSED": ADJUSTMENT,
    "DEPOSIT_FEE": FEE,
    "DEPOSIT_FEE_REVERSED": FEE,
    "DISPUTE": FUNDS,
    "ESCHEATMENT": ADJUSTMENT,
    "FREE_PROCESSING": FEE,
    "GIFT_CARD_LOAD_FEE": FEE,
    "GIFT_CARD_LOAD_FEE_REFUND": FEE,
    "GIFT_CARD_POOL_TRANSFER": ADJUSTMENT,
    "GIFT_CARD_POOL_TRANSFER_REVERSED": ADJUSTMENT,
    "HOLD_ADJUSTMENT": HOLD,
    "LOCAL_OFFERS_CASHBACK": ADJUSTMENT,
    "LOCAL_OFFERS_FEE": FEE,
    "OPEN_DISPUTE": FUNDS,
    "OTHER": ADJUSTMENT,
    "OTHER_ADJUSTMENT": ADJUSTMENT,
    "PAID_SERVICE_FEE": FEE,
    "PAID_SERVICE_FEE_REFUND": FEE,
    "PERCENTAGE_PROCESSING_DEACTIVATION": ADVANCE,
    "PERCENTAGE_PROCESSING_ENROLLMENT": ADVANCE,
    "PERCENTAGE_PROCESSING_REPAYMENT": ADVANCE,
    "PERCENTAGE_PROCESSING_REPAYMENT_REVERSED": ADVANCE,
    "REDEMPTION_CODE": ADJUSTMENT,
    "REFUND": ("", "refund.succeeded"),
    "RELEASE_ADJUSTMENT": HOLD,
    "RESERVE_HOLD": RESERVE,
    "RESERVE_RELEASE": RESERVE,
    "SQUARE_CAPITAL_PAYMENT": ADVANCE,
    "SQUARE_CAPITAL_REVERSED_PAYMENT": ADVANCE,
    "SQUARE_PAYROLL_TRANSFER": ADJUSTMENT,
    "SQUARE_PAYROLL_TRANSFER_REVERSED": ADJUSTMENT,
    "SUBSCRIPTION_FEE": FEE,
    "SUBSCRIPTION_FEE_PAID_REFUND": FEE,
    "SUBSCRIPTION_FEE_REFUND": FEE,
    "TAX_ON_FEE": ("adjustment.credit", "tax.charged"),
    "THIRD_PARTY_FEE": FEE,
    "THIRD_PARTY_FEE_REFUND": FEE,
    "UNDO_GIFT_CARD_LOAD_FEE_REFUND": FEE,
}
# What the payment, the refund or the payout itself tells too, with a key of its own: an
# entry would tell it a second time.
ENTRY_INFORMATION = {
    "FEE",  # an adjustment of the fee, as in payment.processing_fee
    "PROCESSING_FEE",
    "PROCESSING_FEE_REFUND",
    "RETURNED_PAYOUT",
    "UNDO_PROCESSING_FEE_REFUND",
}
# Documented, but not so that the hub could know what to book.
ENTRY_UNKNOWN = {
    "INITIAL_BALANCE_CHANGE",
    "MONEY_TRANSFER",
    "MONEY_TRANSFER_REVERSAL",
    "PAYOUT",
}
ENTRY_CODES = {
    **{
        code: (*dict.fromkeys(filter(None, facts)), "external.info", "unknown")
        for code, facts in ENTRY_FACTS.items()
    },
    **dict.fromkeys(ENTRY_INFORMATION, ("external.info",)),
    **dict.fromkeys(ENTRY_UNKNOWN, ("unknown",)),
}

# === webhook events ===

_CUSTOM_ATTRIBUTES = " ".join(
    f"{thing}.{who}.{what}"
    for thing, whats in (
        ("custom_attribute_definition", ("created", "updated", "deleted")),
        ("custom_attribute", ("updated", "deleted")),
    )
    for who in ("owned", "visible")
    for what in whats
)
# Understood, and without a fact about money.
_INFORMATION = {
    "bank_account": "created disabled verified",
    "booking": f"created updated {_CUSTOM_ATTRIBUTES}",
    "card": "automatically_updated created disabled forgotten updated",
    "catalog": "version.updated",
    "customer": f"created deleted updated {_CUSTOM_ATTRIBUTES} "
    "custom_attribute.deleted custom_attribute.public.deleted "
    "custom_attribute.public.updated custom_attribute.updated "
    "custom_attribute_definition.created custom_attribute_definition.deleted "
    "custom_attribute_definition.public.created "
    "custom_attribute_definition.public.deleted "
    "custom_attribute_definition.public.updated custom_attribute_definition.updated",
    "device": "code.paired created",
    "gift_card": "activity.created activity.updated created customer_linked "
    "customer_unlinked updated",
    "inventory": "count.updated",
    "invoice": "canceled created deleted published refunded scheduled_charge_failed "
    "updated",
    "job": "created updated",
    "labor": "scheduled_shift.created scheduled_shift.deleted "
    "scheduled_shift.published scheduled_shift.updated shift.created shift.deleted "
    "shift.updated timecard.created timecard.deleted timecard.updated",
    "location": f"created updated {_CUSTOM_ATTRIBUTES}",
    "loyalty": "account.created account.deleted account.updated event.created "
    "program.created program.updated promotion.created promotion.updated",
    "merchant": _CUSTOM_ATTRIBUTES,
    "oauth": "authorization.revoked",
    "online_checkout": "location_settings.updated merchant_settings.updated",
    "order": f"created updated fulfillment.updated {_CUSTOM_ATTRIBUTES}",
    "subscription": "created updated",
    "team_member": "created updated wage_setting.updated",
    "terminal": "action.created action.updated checkout.created checkout.updated "
    "refund.created refund.updated",
    "vendor": "created updated",
}
INFORMATION_EVENTS = tuple(
    f"{family}.{name}"
    for family, names in _INFORMATION.items()
    for name in names.split()
)

# Event: the object that it carries.
EVENT_OBJECTS = {
    "payment.created": "payment",
    "payment.updated": "payment",
    "refund.created": "refund",
    "refund.updated": "refund",
    "dispute.created": "dispute",
    "dispute.evidence.added": "dispute",
    "dispute.evidence.created": "dispute",
    "dispute.evidence.deleted": "dispute",
    "dispute.evidence.removed": "dispute",
    "dispute.state.changed": "dispute",
    "dispute.state.updated": "dispute",
    "payout.failed": "payout",
    "payout.paid": "payout",
    "payout.sent": "payout",
    "invoice.payment_made": "invoice",
}
# Without the names that Square has replaced.
SUBSCRIBED_EVENTS = (
    "dispute.created",
    "dispute.state.updated",
    "invoice.payment_made",
    "payment.created",
    "payment.updated",
    "payout.failed",
    "payout.paid",
    "payout.sent",
    "refund.created",
    "refund.updated",
)


def _types(*tables: dict) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fact for table in tables for fact in table))


_PAYOUT_TYPES = _types(
    *(
        dict(facts)
        for table in (PAYOUT_FACTS, WITHDRAWAL_FACTS)
        for facts in table.values()
    )
)
_OBJECT_TYPES = {
    "payment": (*_types(dict(PAYMENT_FACTS.values())), "external.info"),
    "refund": (*_types(dict(REFUND_FACTS.values())), "external.info"),
    "dispute": _types(dict(DISPUTE_FACTS.values())),
    "payout": (*_PAYOUT_TYPES, "tax.charged"),
    "invoice": ("external.info",),
}
EVENT_CODES = {
    **{event: _OBJECT_TYPES[kind] for event, kind in EVENT_OBJECTS.items()},
    **dict.fromkeys(INFORMATION_EVENTS, ("external.info",)),
    TEST_EVENT_TYPE: ("external.info",),
}
