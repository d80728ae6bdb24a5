# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Adyen's words and the hub's words for them.

Sources: https://docs.adyen.com/api-explorer/Webhooks/1/overview (event codes),
https://docs.adyen.com/development-resources/webhooks/webhook-types,
https://docs.adyen.com/risk-management/disputes-api/dispute-notifications.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

CODE = "adyen"
SIGNATURE_HEADER = "hmacsignature"
WEBHOOKS_URL = "https://docs.adyen.com/api-explorer/Webhooks/1/overview"

# https://docs.adyen.com/development-resources/currency-codes ("differs from standard")
EXPONENTS = {"CLP": 2, "CVE": 0, "IDR": 0, "ISK": 2}

# Sent by the hub to itself, to prove that a connection works from end to end.
TEST_EVENT_CODE = "PAYMENT_HUB_TEST"

# How the file names of settlement details reports begin.
SETTLEMENT_REPORT = "settlement_detail_report"

Fact = tuple[str, str]  # type of the event, leg


class Rule(NamedTuple):
    """What an event code means when the fact depends on nothing but ``success``.

    ``subject`` is the type of the object. A payment or a payout is the original one
    where the item names it; every other object has the item's own reference. Without
    a ``failure`` an item with success=false is information only.
    """

    subject: str
    success: Fact
    failure: Fact | None = None


INFO = "external.info"
_REFUND = Rule("refund", ("refund.succeeded", "succeeded"), ("refund.failed", "failed"))

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        # payments
        "AUTHENTICATION": Rule("payment", (INFO, "authenticated")),
        "CANCEL_AUTORESCUE": Rule("payment", ("payment.failed", "failed")),
        "HANDLED_EXTERNALLY": Rule("payment", (INFO, "handled_externally")),
        "OFFER_CLOSED": Rule("payment", ("payment.failed", "failed")),
        "PENDING": Rule("payment", ("payment.pending", "pending")),
        "PROCESS_RETRY": Rule("payment", ("payment.pending", "process_retry")),
        "MANUAL_REVIEW_ACCEPT": Rule("review", ("review.closed", "accepted")),
        "MANUAL_REVIEW_REJECT": Rule("review", ("review.closed", "rejected")),
        # refunds
        "POSTPONED_REFUND": Rule("refund", ("refund.requested", "requested")),
        "REFUND": _REFUND,
        "REFUND_WITH_DATA": _REFUND,
        "REFUND_FAILED": Rule("refund", ("refund.failed", "failed")),
        "REFUNDED_REVERSED": Rule("refund", ("refund.reversed", "reversed")),
        "VOID_PENDING_REFUND": Rule("refund", ("refund.canceled", "canceled")),
        # disputes, in the order in which one may go on
        "NOTIFICATION_OF_FRAUD": Rule(
            "dispute", ("dispute.fraud_notice", "fraud_notice")
        ),
        "REQUEST_FOR_INFORMATION": Rule(
            "dispute", ("dispute.inquiry_opened", "inquiry_opened")
        ),
        "NOTIFICATION_OF_CHARGEBACK": Rule("dispute", ("dispute.opened", "opened")),
        "CHARGEBACK": Rule("dispute", ("dispute.funds_withdrawn", "funds_withdrawn")),
        "INFORMATION_SUPPLIED": Rule(
            "dispute", ("dispute.evidence_submitted", "evidence_submitted")
        ),
        "ISSUER_COMMENTS": Rule("dispute", (INFO, "issuer_comments")),
        "DISPUTE_DEFENSE_PERIOD_ENDED": Rule("dispute", ("dispute.expired", "expired")),
        "CHARGEBACK_REVERSED": Rule(
            "dispute", ("dispute.funds_reinstated", "funds_reinstated")
        ),
        "ISSUER_RESPONSE_TIMEFRAME_EXPIRED": Rule("dispute", ("dispute.won", "won")),
        "SECOND_CHARGEBACK": Rule("dispute", ("dispute.escalated", "escalated")),
        "PREARBITRATION_OPEN": Rule(
            "dispute", ("dispute.opened", "prearbitration_opened")
        ),
        "PREARBITRATION_ACCEPTED": Rule("dispute", ("dispute.accepted", "accepted")),
        # Who declined what, and what that does, Adyen does not say.
        "PREARBITRATION_DECLINED": Rule("dispute", (INFO, "prearbitration_declined")),
        "PREARBITRATION_ISSUER_WITHDRAWN": Rule(
            "dispute", ("dispute.canceled", "canceled")
        ),
        "PREARBITRATION_WON": Rule("dispute", ("dispute.won", "won")),
        "PREARBITRATION_LOST": Rule("dispute", ("dispute.lost", "lost")),
        "SCHEME_ARBITRATION": Rule("dispute", ("dispute.opened", "arbitration_opened")),
        "SCHEME_ARBITRATION_WON": Rule("dispute", ("dispute.won", "won")),
        "SCHEME_ARBITRATION_LOST": Rule("dispute", ("dispute.lost", "lost")),
        # payouts to third parties
        "PAYOUT_THIRDPARTY": Rule(
            "payout", ("payout.in_transit", "in_transit"), ("payout.failed", "failed")
        ),
        "PAYOUT_DECLINE": Rule("payout", ("payout.failed", "failed")),
        "PAYOUT_EXPIRE": Rule("payout", ("payout.failed", "failed")),
        "PAIDOUT_REVERSED": Rule("payout", ("payout.reversed", "reversed")),
        # others
        "ACH_NOTIFICATION_OF_CHANGE": Rule("mandate", ("mandate.updated", "updated")),
        "DIRECT_DEBIT_NOTICE_OF_CHANGE_NOTIFICATION": Rule(
            "mandate", ("mandate.updated", "updated")
        ),
        "DONATION": Rule("donation", (INFO, "donation")),
        "ORDER_OPENED": Rule("order", (INFO, "opened")),
        "ORDER_CLOSED": Rule("order", (INFO, "closed")),
        "RECURRING_CONTRACT": Rule("mandate", ("mandate.updated", "updated")),
    }
)

# Codes, of messages and of rows, after which a dispute is in another stage than the
# fact's type says: a second chargeback may follow the reversal of the first.
DISPUTE_STAGES: Mapping[str, str] = MappingProxyType(
    {
        "CHARGEBACK_REVERSED": "representment",
        "ChargebackReversed": "representment",
        "ChargebackReversedExternallyWithInfo": "representment",
        "PREARBITRATION_OPEN": "pre_arbitration",
        "SCHEME_ARBITRATION": "arbitration",
    }
)

# paymentMethod of cards: "visa", or with the wallet behind it, as "mc_applepay".
CARD_SCHEMES = frozenset(
    {
        "accel",
        "amex",
        "argencard",
        "bcmc",
        "cabal",
        "cartebancaire",
        "cup",
        "dankort",
        "diners",
        "discover",
        "eftpos",
        "electron",
        "elo",
        "girocard",
        "hiper",
        "hipercard",
        "interac",
        "jcb",
        "maestro",
        "mc",
        "naranja",
        "nyce",
        "pulse",
        "star",
        "troy",
        "visa",
        "visadankort",
        "vpay",
    }
)
CARD = "card"  # Adyen has no word for it here
WALLETS = frozenset(
    {"amazonpay", "applepay", "clicktopay", "googlepay", "paywithgoogle", "samsungpay"}
)

# Codes whose fact depends on an option, or on more of the item (payments.py).
SPECIAL_CODES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "AUTHORISATION": (
            "payment.authorized",
            "payment.captured",
            "payment.authorization_failed",
        ),
        "AUTHORISATION_ADJUSTMENT": ("payment.authorization_adjusted",),
        "AUTORESCUE": ("payment.authorized", "payment.captured", "payment.failed"),
        # With immediate capture the hub has booked what is now cancelled or expired.
        "EXPIRE": ("payment.authorization_expired", "payment.charge_reversed"),
        "CANCELLATION": (
            "payment.voided",
            "payment.charge_reversed",
            "payment.void_failed",
        ),
        "TECHNICAL_CANCEL": (
            "payment.voided",
            "payment.charge_reversed",
            "payment.void_failed",
        ),
        "CANCEL_OR_REFUND": (
            "payment.voided",
            "payment.charge_reversed",
            "payment.void_failed",
            "refund.succeeded",
            "unknown",
        ),
        "CAPTURE": ("payment.captured", "payment.capture_failed"),
        "CAPTURE_FAILED": ("payment.charge_reversed",),
        "REPORT_AVAILABLE": ("settlement.report_available",),
    }
)

# ``type`` of the webhooks that are signed in a header. Those of balance platforms
# (balancePlatform.…) and of the Management API (merchant.…) are left unknown: they
# concern other accounts than the merchant account whose money the hub books.
NOTICES_OF_CHANGE = ("ach.notificationOfChange", "eft.notificationOfChange")

# A fact that may be told twice with another amount has none; these have Adyen's, next
# to all that move the balance.
LIFECYCLE_WITH_AMOUNT = {
    "payment.authorized",
    "payment.authorization_adjusted",
    "refund.requested",
}

# Where ``reason`` is in Adyen's words why it went wrong. With a successful
# AUTHORISATION it has digits of the card instead.
TOLD_REASONS = {"CAPTURE_FAILED", "REFUND_FAILED"} | {
    code for code, rule in RULES.items() if rule.subject == "dispute"
}
