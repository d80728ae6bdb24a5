# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Stripe."""

from ..base import Capability, Credential, Provider
from . import codes, const, signature, webhook

PROVIDER = Provider(
    code=const.CODE,
    label="Stripe",
    capabilities=frozenset({Capability.TEST_MESSAGE}),
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
    ),
    code_lists=codes.CODE_LISTS,
    webhook_steps="Developers → Webhooks → Add endpoint: enter the URL, choose the "
    "events that are listed here, then copy the signing secret. For a connected "
    "account choose to listen to events on connected accounts.",
    account_label="Connected Account",
    account_help="The acct_… id whose events this connection takes, when the webhook "
    "listens to connected accounts. Empty: only the account's own events.",
    test_request=webhook.test_request,
)
