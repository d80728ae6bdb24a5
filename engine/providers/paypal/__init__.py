# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""PayPal."""

from ..base import Capability, CodeList, Credential, Option, Provider, Report, Stream
from . import (
    client,
    const,
    entries,
    objects,
    reading,
    report,
    signature,
    transactions,
    webhook,
)

_REPORTS_MENU = (
    "PayPal's SFTP server, /ppreports/outgoing; PayPal turns the report on: ask your "
    "account manager, or look under Activity → All Reports"
)

PROVIDER = Provider(
    code=const.CODE,
    label="PayPal",
    capabilities=frozenset(
        {
            Capability.REPORTS,
            Capability.BACKFILL,
            Capability.LOOKUP,
            Capability.CHECK,
            Capability.BALANCE,
            Capability.REGISTER,
        }
    ),
    kept_headers=(
        const.ID_HEADER,
        const.TIME_HEADER,
        const.SIGNATURE_HEADER,
        const.CERTIFICATE_HEADER,
        const.ALGORITHM_HEADER,
    ),
    verify=signature.verify,
    envelope=webhook.envelope,
    translate=webhook.translate,
    subscribed_events=webhook.SUBSCRIBED_EVENTS,
    credentials=(
        Credential(
            "signing_secret",
            "Webhook ID",
            "developer.paypal.com → Apps & Credentials → your app → Webhooks → Webhook "
            "ID. PayPal signs with a certificate; this id is what binds a message to "
            "your webhook. Not WEBHOOK_ID: that is everybody's.",
        ),
        Credential(
            "client_id",
            "Client ID",
            "developer.paypal.com → Apps & Credentials → your app → Client ID",
            is_secret=False,
        ),
        Credential(
            "client_secret",
            "Client Secret",
            "developer.paypal.com → Apps & Credentials → your app → Secret key 1. For "
            "lists of transactions and for balances, tick Transaction search among the "
            "app's features.",
        ),
    ),
    code_lists=(
        CodeList("events", const.EVENTS_SOURCE, webhook.EVENT_TYPES),
        CodeList("T-codes", const.T_CODES_SOURCE, entries.CODES),
    ),
    webhook_steps="developer.paypal.com → Apps & Credentials → Live or Sandbox → "
    "your app → Webhooks → Add Webhook; then copy the Webhook ID",
    options=(
        Option(
            report.ACCOUNT_OPTION,
            "Merchant ID",
            "The account whose reports this connection takes: Account Settings → "
            "Business information → PayPal Merchant ID. Empty: any account's.",
        ),
    ),
    client=client.Client,
    streams={
        "events": Stream("Events", webhook.translate_page, history_days=30),
        "transactions": Stream(
            "Transactions", transactions.translate, history_days=1095
        ),
        "captures": Stream("Captures", objects.captures, is_pulled=False),
        "refunds": Stream("Refunds", objects.refunds, is_pulled=False),
        "reversals": Stream("Reversals", objects.reversals, is_pulled=False),
        "orders": Stream("Orders", objects.orders, is_pulled=False),
        "payout_items": Stream("Payout Items", objects.payout_items, is_pulled=False),
        reading.STREAM: Stream("Balances", reading.translate, is_pulled=False),
    },
    reports={
        "stl": Report(
            "Settlement Report (STL)", _REPORTS_MENU, report.split, report.translate
        ),
        "trr": Report(
            "Transaction Detail Report (TRR)",
            _REPORTS_MENU,
            report.split,
            report.translate,
        ),
    },
)
