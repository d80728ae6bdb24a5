# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""GoCardless."""

from ..base import Capability, CodeList, Credential, Provider, Stream
from . import const, history, report, signature, webhook
from .client import Client

PROVIDER = Provider(
    code=const.CODE,
    label="GoCardless",
    capabilities=frozenset(
        {
            Capability.BACKFILL,
            Capability.LOOKUP,
            Capability.CHECK,
            Capability.TEST_MESSAGE,
            Capability.BATCHES,
        }
    ),
    kept_headers=(const.SIGNATURE_HEADER,),
    verify=signature.verify,
    envelope=webhook.envelope,
    translate=webhook.translate,
    subscribed_events=webhook.SUBSCRIBED_EVENTS,
    credentials=(
        Credential(
            "signing_secret",
            "Webhook Secret",
            "Developers → Webhook endpoints → your endpoint → Secret",
        ),
        Credential(
            "access_token",
            "Access Token",
            "Developers → Create → Access token, read-only; of the live or of the "
            "sandbox dashboard, as the connection is",
        ),
    ),
    code_lists=(
        CodeList(
            "Events",
            "https://developer.gocardless.com/api-reference/#event-types",
            const.EVENTS,
        ),
        CodeList(
            "Statuses of payouts",
            "https://developer.gocardless.com/api-reference/#core-endpoints-payouts",
            const.PAYOUT_STATUSES,
        ),
        CodeList(
            "Types of payout items",
            "https://developer.gocardless.com/api-reference/#core-endpoints-payout-items",
            const.ITEM_TYPES,
        ),
    ),
    webhook_steps="Developers → Create → Webhook endpoint",
    account_label="Organisation",
    account_help="The OR… id whose events this connection takes, when the webhook is "
    "that of a partner's app. Empty: the account's own webhook.",
    test_request=webhook.test_request,
    client=Client,
    streams={
        "events": Stream(
            "Events", lambda body, _options: webhook.translate(body), history_days=540
        ),
        **report.STREAMS,
        **history.STREAMS,
    },
)
