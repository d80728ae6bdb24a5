# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Stripe."""

from ..base import Capability, Credential, Provider, Report, Stream
from . import balance, codes, const, objects, reading, report, signature, webhook
from .client import Client

PROVIDER = Provider(
    code=const.CODE,
    label="Stripe",
    capabilities=frozenset(Capability),
    kept_headers=(const.SIGNATURE_HEADER,),
    verify=signature.verify,
    envelope=webhook.envelope,
    translate=webhook.translate,
    subscribed_events=webhook.SUBSCRIBED_EVENTS,
    credentials=(
        Credential(
            "signing_secret",
            "Signing Secret",
            "Developers → Webhooks → your endpoint → Signing secret (whsec_…)",
        ),
        Credential(
            "api_key",
            "Restricted API Key",
            "Developers → API keys → Create restricted key (rk_…). Read permission for "
            "all core resources and Connect is enough to pull and to look up; write "
            "permission for Webhook Endpoints only if the hub is to register its "
            "webhook. Needed for lists and lookups, not for webhooks and reports.",
            is_required=False,
        ),
    ),
    code_lists=codes.CODE_LISTS,
    webhook_steps="Developers → Webhooks → Add endpoint: enter the URL, choose the "
    "events that are listed here, then copy the signing secret. For a connected "
    "account choose to listen to events on connected accounts.",
    account_label="Connected Account",
    account_help="The acct_… id whose events this connection takes, when the webhook "
    "listens to connected accounts. Empty: only the account's own events.",
    test_request=webhook.test_request,
    client=Client,
    streams={
        "events": Stream(
            "Events", webhook.translate_page, history_days=const.EVENT_DAYS
        ),
        "balance_transactions": Stream("Balance transactions", balance.translate),
        "payouts": Stream("Payouts", objects.translate),
        "payout_entries": Stream("Contents of payouts", balance.translate),
        "objects": Stream("Single objects", objects.translate, is_pulled=False),
        reading.STREAM: Stream("Balance", reading.translate, is_pulled=False),
    },
    reports={
        "itemized": Report(
            "Itemised payout reconciliation or balance report",
            "Reporting → Payout reconciliation (or Balance) → Download → Itemised, CSV "
            "with a point as decimal separator. Choose these columns: "
            f"{', '.join(report.COLUMNS)}; for the payout of each row also "
            "automatic_payout_id, for rules by method, brand and country "
            "payment_method_type, card_brand and card_country.",
            report.split,
            report.translate,
        ),
    },
)
