# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Types of rows in Adyen's reports and the hub's words for them.

Those of the payments accounting report, which settle nothing, are here too.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from .const import INFO, Fact

SOURCE = (
    "https://docs.adyen.com/reporting/settlement-reconciliation/transaction-level/"
    "settlement-details-report"
)


class Journal(NamedTuple):
    """What a type of row in a settlement report means.

    ``subject`` is the type of the object: a capture, refund or dispute is named by
    the row's modification reference and a payment by its psp reference; ``entry`` is
    the row itself, and only its net amount counts. ``credit`` and ``debit`` are the
    facts by direction; None where Adyen documents none. ``also`` moves no money.
    """

    subject: str
    credit: Fact | None = None
    debit: Fact | None = None
    also: Fact | None = None


def _either(subject: str, event_type: str, leg: str) -> Journal:
    return Journal(subject, (event_type, leg), (event_type, leg))


_SETTLED = Journal("capture", credit=("payment.captured", "capture"))
_REFUNDED = Journal("refund", debit=("refund.succeeded", "succeeded"))
_CHARGEBACK = Journal("dispute", debit=("dispute.funds_withdrawn", "funds_withdrawn"))
_REINSTATED = Journal(
    "dispute", credit=("dispute.funds_reinstated", "funds_reinstated")
)
_FEE = Journal("entry", ("fee.refunded", "fee"), ("fee.charged", "fee"))
_RESERVE = Journal("entry", ("reserve.released", "released"), ("reserve.held", "held"))
_TOPUP = Journal(
    "entry", ("topup.succeeded", "succeeded"), ("topup.reversed", "reversed")
)
_PAYOUT = Journal("payout", debit=("payout.in_transit", "in_transit"))
# Another acquirer settles it: nothing of it is in the balance with Adyen.
_EXTERNAL = _either("entry", INFO, "external")
# A part of what was captured as a whole, and is in the books since.
_INSTALLMENT = _either("entry", "balance.available", "installment")

JOURNALS: Mapping[str, Journal] = MappingProxyType(
    {
        "Received": _either("payment", "payment.pending", "received"),
        "Authorised": _either("payment", "payment.authorized", "authorization"),
        "Refused": _either(
            "payment", "payment.authorization_failed", "authorization_failed"
        ),
        "Error": _either("payment", "payment.failed", "failed"),
        "Cancelled": _either("payment", "payment.voided", "voided"),
        "Expired": _either("payment", "payment.authorization_expired", "expired"),
        "SentForSettle": _either("capture", "payment.captured", "capture"),
        "CaptureFailed": _either(
            "capture", "payment.charge_reversed", "charge_reversed"
        ),
        "Settled": _SETTLED,
        "SettledBulk": _SETTLED,
        "BulkSettlement": _either("entry", "settlement.batch_closed", "batch_closed"),
        "SettledInstallment": _INSTALLMENT,
        "SettledInstallmentExternallyWithInfo": _INSTALLMENT,
        "SettledExternally": _EXTERNAL,
        "SettledExternallyWithInfo": _SETTLED,
        "SentForRefund": _either("refund", "refund.requested", "requested"),
        "Refunded": _REFUNDED,
        "RefundedBulk": _REFUNDED,
        "RefundedExternally": _EXTERNAL,
        "RefundedExternallyWithInfo": _REFUNDED,
        "RefundedInstallmentExternallyWithInfo": _either(
            "entry", INFO, "refund_installment"
        ),
        "RefundFailed": _either("refund", "refund.failed", "failed"),
        "RefundedReversed": Journal("refund", credit=("refund.reversed", "reversed")),
        "Chargeback": _CHARGEBACK,
        "ChargebackExternally": _EXTERNAL,
        "ChargebackExternallyWithInfo": _CHARGEBACK,
        "SecondChargeback": Journal(
            "dispute", debit=("dispute.escalated", "escalated")
        ),
        "ChargebackReversed": _REINSTATED,
        "ChargebackReversedExternallyWithInfo": _REINSTATED,
        "Fee": _FEE,
        "InvoiceDeduction": _FEE,
        "PaymentCost": _FEE,
        "AdvancementCommissionExternallyWithInfo": _FEE,
        "AuthorisationSchemeFee": _FEE,
        "MiscCosts": _FEE,
        "DepositCorrection": _RESERVE,
        "ReserveAdjustment": _RESERVE,
        "Balancetransfer": _either(
            "entry", "settlement.carry_forward", "carried_forward"
        ),
        "ManualCorrected": Journal(
            "entry", ("adjustment.credit", "credit"), ("adjustment.debit", "debit")
        ),
        "MatchedStatement": _TOPUP,
        "MerchantPayin": _TOPUP,
        "MerchantPayout": _PAYOUT,
        "AcquirerPayout": _PAYOUT,
        "BPPaidOut": _PAYOUT,
        "BankInstructionReturned": Journal(
            "payout", credit=("payout.reversed", "reversed")
        ),
        "SentForPayout": _either("payout", "payout.scheduled", "scheduled"),
        "PayoutAuthorised": _either("payout", "payout.scheduled", "scheduled"),
        "PayoutError": _either("payout", "payout.failed", "failed"),
        "PayoutFailed": _either("payout", "payout.failed", "failed"),
        "PaidOut": _PAYOUT._replace(also=("payout.paid", "paid")),
        "PaidOutExternally": _EXTERNAL,
        "PaidOutReversed": Journal("payout", credit=("payout.reversed", "reversed")),
    }
)
UNKNOWN = _either("entry", "unknown", "unknown")

# Column: kind of fee.
FEES = {
    "Commission (NC)": "processing",
    "Markup (NC)": "markup",
    "Scheme Fees (NC)": "scheme",
    "Interchange (NC)": "interchange",
}

# Minutes ahead of UTC, as Java abbreviates zones. BST is British and CST American;
# abbreviations that are as common elsewhere (IST of India, Ireland and Israel, AST of
# Arabia and the Atlantic) are missing: better no date than a wrong one.
ZONES: Mapping[str, int] = MappingProxyType(
    {
        "UTC": 0,
        "GMT": 0,
        "WET": 0,
        "WEST": 60,
        "BST": 60,
        "CET": 60,
        "CEST": 120,
        "EET": 120,
        "EEST": 180,
        "SAST": 120,
        "TRT": 180,
        "GST": 240,
        "ICT": 420,
        "WIB": 420,
        "SGT": 480,
        "HKT": 480,
        "MYT": 480,
        "AWST": 480,
        "JST": 540,
        "KST": 540,
        "ACST": 570,
        "ACDT": 630,
        "AEST": 600,
        "AEDT": 660,
        "NZST": 720,
        "NZDT": 780,
        "BRT": -180,
        "BRST": -120,
        "ART": -180,
        "CLT": -240,
        "CLST": -180,
        "COT": -300,
        "PET": -300,
        "EST": -300,
        "EDT": -240,
        "CST": -360,
        "CDT": -300,
        "MST": -420,
        "MDT": -360,
        "PST": -480,
        "PDT": -420,
        "AKST": -540,
        "AKDT": -480,
        "HST": -600,
    }
)
