# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Razorpay."""

from ..base import Capability, CodeList, Credential, Option, Provider, Report, Stream
from . import const, pages, report, signature, webhook
from .client import Client

PROVIDER = Provider(
    code=const.CODE,
    label="Razorpay",
    capabilities=frozenset(
        {
            Capability.BACKFILL,
            Capability.CHECK,
            Capability.LOOKUP,
            Capability.REPORTS,
            Capability.TEST_MESSAGE,
            Capability.BATCHES,
        }
    ),
    kept_headers=(const.SIGNATURE_HEADER, const.EVENT_ID_HEADER),
    verify=signature.verify,
    envelope=webhook.envelope,
    translate=webhook.translate,
    subscribed_events=webhook.SUBSCRIBED_EVENTS,
    credentials=(
        Credential(
            "signing_secret",
            "Webhook Secret",
            "The secret that you chose yourself at Account & Settings → Webhooks. "
            "Razorpay lets you leave it empty; the hub then takes no message.",
        ),
        Credential(
            "key_id",
            "Key ID",
            "Account & Settings → API Keys (rzp_live_… or rzp_test_…)",
            is_required=False,
            is_secret=False,
        ),
        Credential(
            "key_secret",
            "Key Secret",
            "Shown once, when the key is made at Account & Settings → API Keys",
            is_required=False,
        ),
    ),
    code_lists=(
        CodeList(
            "Webhook events",
            "https://razorpay.com/docs/webhooks/all",
            const.EVENT_CODES,
        ),
        CodeList(
            "Settlement items",
            "https://razorpay.com/docs/api/settlements/fetch-recon",
            const.RECON_CODES,
        ),
    ),
    webhook_steps="Account & Settings → Webhooks → Add New Webhook; enter a secret",
    options=(
        Option(
            "settlement_currency",
            "Settlement Currency",
            "The currency that Razorpay settles in; its messages do not tell.",
            (
                ("INR", "INR"),
                ("MYR", "MYR"),
                ("SGD", "SGD"),
                ("USD", "USD"),
            ),
        ),
        Option(
            "currencies",
            "Payments In",
            "Choose several when customers also pay in other currencies: reports then "
            "tell fees, and payments and refunds are looked up with the API key.",
            (
                ("one", "The settlement currency only"),
                ("several", "Several currencies"),
            ),
        ),
        Option(
            "fees",
            "Fees",
            "How Razorpay takes its fees (prepaid or postpaid model).",
            (
                ("deducted", "Deducted from each payment"),
                ("invoiced", "Invoiced at the end of the month"),
            ),
        ),
        Option(
            "merchant",
            "Account ID",
            "Take only messages about this account (acc_…), for webhooks of partners "
            "and of Route. Empty: take all that are signed with the secret.",
        ),
    ),
    test_request=webhook.test_request,
    client=Client,
    streams={
        "payments": Stream("Payments", pages.reader("payment")),
        "refunds": Stream("Refunds", pages.reader("refund")),
        "disputes": Stream("Disputes", pages.reader("dispute")),
        "settlements": Stream("Settlements", pages.reader("settlement")),
        "recon": Stream("Settlement Items", report.translate_page),
    },
    reports={
        "transactions": Report(
            "Transactions (CSV)",
            "Reports → Combined Report or Settlement Recon, as CSV",
            report.split,
            report.translate_part,
        )
    },
)
