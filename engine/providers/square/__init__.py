# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Square."""

from ..base import Capability, CodeList, Credential, Option, Provider, Stream
from . import const, pages, signature, webhook
from .client import Client

PROVIDER = Provider(
    code=const.CODE,
    label="Square",
    capabilities=frozenset(
        {
            Capability.BACKFILL,
            Capability.CHECK,
            Capability.LOOKUP,
            Capability.REGISTER,
            Capability.TEST_MESSAGE,
        }
    ),
    kept_headers=(
        const.SIGNATURE_HEADER,
        const.ENVIRONMENT_HEADER,
        const.VERSION_HEADER,
    ),
    verify=signature.verify,
    envelope=webhook.envelope,
    translate=webhook.translate,
    subscribed_events=const.SUBSCRIBED_EVENTS,
    credentials=(
        Credential(
            "signing_secret",
            "Signature Key",
            "Developer Console → your application → Webhooks → Subscriptions → the "
            "subscription → Signature key",
        ),
        Credential(
            "access_token",
            "Access Token",
            "Developer Console → your application → Credentials; that of the sandbox "
            "for a test connection",
            is_required=False,
        ),
    ),
    code_lists=(
        CodeList(
            "Webhook events",
            "https://developer.squareup.com/docs/webhooks/v2webhook-events-tech-ref",
            const.EVENT_CODES,
        ),
        CodeList(
            "Payout entries",
            "https://developer.squareup.com/reference/square/enums/ActivityType",
            const.ENTRY_CODES,
        ),
    ),
    webhook_steps="Developer Console → your application → Webhooks → Subscriptions → "
    "Add subscription; the URL must be exactly this one",
    options=(
        Option(
            "merchant",
            "Merchant ID",
            "Take only messages about this seller, for applications that several "
            "sellers use. Empty: take all that are signed with the key.",
        ),
    ),
    test_request=webhook.test_request,
    client=Client,
    streams={
        "events": Stream("Events", pages.translate_events, history_days=28),
        "payments": Stream("Payments", pages.reader("payment")),
        "refunds": Stream("Refunds", pages.reader("refund")),
        "disputes": Stream("Disputes", pages.reader("dispute")),
        "payouts": Stream("Payouts", pages.reader("payout")),
        "payout_entries": Stream("Payout Entries", pages.translate_entries),
    },
)
