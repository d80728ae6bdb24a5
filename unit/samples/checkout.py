# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from checkout_payloads import (
    DISPUTE,
    action_page,
    actions,
    breakdown,
    breakdown_row,
    capture_actions,
    dispute,
    message,
    payment,
    payout,
    payouts,
    refund_row,
    report,
    report_page,
    samples,
    settlement,
)

from engine.providers.base import Keys
from engine.providers.checkout import const
from engine.providers.checkout.signature import sign

from . import Signed

SECRET = "8V8x0dLK%AyD*DNS8JJr"

MESSAGES = {name: (body, {}) for name, body in samples().items()} | {
    f"{name} of a payout": (message(name, payout()), {})
    for name in (*const.PAYOUT_FACTS, "payment_declined")
}
MESSAGES |= {
    "previous": (
        message(
            "payment_captured",
            payment(metadata=None, processing=None, balances=None),
            version=None,
            created_on=None,
            timestamp="2026-07-01T10:00:05.357+00:00",
            _links={"payment": {"href": "x"}},
        ),
        {},
    ),
    "without balances": (
        message("payment_authorization_incremented", payment(balances=None)),
        {},
    ),
    "carried forward": (
        message("settlement_generated", settlement(source_amount=0)),
        {},
    ),
    "other report": (message("report_generated", report("Authentication")), {}),
    "other category": (message("dispute_lost", dispute(category="new")), {}),
}
USUAL = "payment_captured"
SIGNED = [
    Signed(body, {"cko-signature": sign(body, SECRET)}, Keys(["other", SECRET]), 0)
    for body, _headers in [MESSAGES[USUAL]]
]
_ACTIONS = actions(
    *capture_actions(),
    ("Chargeback", DISPUTE, "Chargeback (ADJM)", "-50"),
    ("Chargeback", DISPUTE, "Chargeback Fixed Fee", "-15"),
    ("Capture", "act_9", "Rolling Reserve", "-5.0001"),
    ("Top Up", "adj_1", "Top Up", "100", {"Payment ID": "pay_topup"}),
    ("New", "adj_2", "Something New", "1", {"Payment ID": ""}),
)
_BREAKDOWN = breakdown(
    breakdown_row(),
    refund_row(),
    breakdown_row("Something New", "pay_2"),
    breakdown_row(payment="pay_3", **{"Type": "Void", "Gross In Holding Currency": ""})
    | {"Net In Holding Currency": "-1.5044"},
)
PAGES = [
    ("reports", report_page()),
    ("report_file", _ACTIONS),
    ("report_file", _BREAKDOWN),
    ("report_file", payouts()),
    ("financial_actions", action_page()),
    ("event", MESSAGES[USUAL][0]),
]
REPORTS = [
    ("financial_actions", _ACTIONS),
    ("settlement_breakdown", _BREAKDOWN),
    (
        "settlement_breakdown",
        breakdown(breakdown_row(), refund_row(), without=["Action ID"]),
    ),
    ("payouts", payouts()),
]
OPTIONS = [{}]
