# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from gocardless_payloads import (
    CREATED,
    ITEMS,
    SECRET,
    batch,
    encode,
    event,
    history,
    items,
    page,
    payout,
    refund,
    samples,
)

from engine.providers.base import Keys
from engine.providers.gocardless.signature import sign

from . import Signed

BATCH = batch(
    event("payments.created"),
    event("payments.confirmed", 2),
    event("payments.paid_out", 3),
    event("mandates.active", 4),
    event("brand.new", 5),
)
LIFE = (
    "payments.created",
    "payments.submitted",
    "payments.confirmed",
    "payments.paid_out",
    "payments.failed",
    "payments.late_failure_settled",
    "payments.resubmission_requested",
    "payments.confirmed",
    "payments.charged_back",
    "payments.chargeback_settled",
    "payments.chargeback_cancelled",
)
FX = {"fx_currency": "EUR", "fx_amount": 11534, "exchange_rate": "1.1552483974"}

MESSAGES = {name: (body, {}) for name, body in samples().items()} | {
    "batch": (BATCH, {}),
    "partner": (
        batch(event("payouts.paid", links={"payout": "PO1", "organisation": "OR1"})),
        {},
    ),
}
USUAL = "payments.paid_out"
SIGNED = [
    Signed(
        BATCH,
        {"webhook-signature": sign(BATCH, SECRET)},
        Keys(["other", SECRET]),
        CREATED,
    )
]
PAGES = [
    ("events", encode(page("events", event("payments.confirmed")))),
    ("payouts", encode(page("payouts", payout(), payout("bounced", fx=FX)))),
    ("payouts", encode({"payouts": payout("pending", payout_type="partner")})),
    ("payout_items", items(*ITEMS)),
    ("payout_items", encode({"payout_items": []})),
    ("payment", history(*LIFE)),
    (
        "refund",
        history("refunds.created", "refunds.paid", of=refund(), name="refunds"),
    ),
]
REPORTS = []
OPTIONS = [{}]
