# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Checkout.com."""

from ..base import Capability, CodeList, Credential, Option, Provider, Stream
from . import api, client, const, report, signature, webhook

PROVIDER = Provider(
    code=const.CODE,
    label="Checkout.com",
    capabilities=frozenset(
        {
            Capability.REPORTS,
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
            "Signature Key",
            "Developers → Webhooks → your webhook → Signature key",
        ),
        Credential(
            "secret_key",
            "Secret Key",
            "Developers → Keys → Secret key (sk_…) with the scopes reports, "
            "financial-actions and flow:events",
            is_required=False,
        ),
    ),
    code_lists=(
        CodeList("Events", const.EVENT_TYPES_SOURCE, const.EVENT_CODES),
        CodeList(
            "Movements in reports", const.BREAKDOWN_TYPES_SOURCE, const.MOVEMENT_CODES
        ),
    ),
    webhook_steps="Developers → Webhooks → Create a webhook: this address, the event "
    "types to send, and a signature key of your own",
    options=(
        Option(
            "prefix",
            "API Prefix",
            "What stands before api.checkout.com in the base URL that Developers → "
            "Overview shows, such as vkuhvk4v.",
        ),
    ),
    overlap_hours=36,  # a message is sent again for 30 hours
    test_request=webhook.test_request,
    client=client.Client,
    streams={
        "reports": Stream("Reports", api.translate_reports),
        "report_file": Stream("Report Files", report.translate_file, is_pulled=False),
        "financial_actions": Stream(
            "Financial Actions", api.translate_actions, is_pulled=False
        ),
        "event": Stream("Events", webhook.translate_event, is_pulled=False),
    },
    reports=report.REPORTS,
)
