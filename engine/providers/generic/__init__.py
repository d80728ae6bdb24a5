# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Any other system that sends the hub's own messages, as Standard Webhooks."""

from ..base import Capability, CodeList, Credential, Provider
from . import const, signature, webhook

PROVIDER = Provider(
    code=const.CODE,
    label="Other System (Standard Webhooks)",
    capabilities=frozenset({Capability.TEST_MESSAGE, Capability.BATCHES}),
    kept_headers=tuple(
        f"{family}-{name}"
        for family in const.HEADER_FAMILIES
        for name in ("id", "timestamp", "signature")
    ),
    verify=signature.verify,
    envelope=webhook.envelope,
    translate=webhook.translate,
    subscribed_events=webhook.SUBSCRIBED_EVENTS,
    credentials=(
        Credential(
            "signing_secret",
            "Signing Secret",
            "The sending system's webhook settings: a shared secret (whsec_…), or its "
            "public key (whpk_…) when it signs with Ed25519",
        ),
    ),
    code_lists=(
        CodeList(
            "Types of messages",
            "docs/generic-provider.md",
            {name: (event_type,) for name, event_type in const.FACTS.items()},
        ),
    ),
    webhook_steps="In the sending system: add a webhook with this address, and have it "
    "send CloudEvents in the format of docs/generic-provider.md",
    account_label="Account",
    account_help="What data.account says in the messages of this connection, when the "
    "sending system serves several accounts. Empty: messages name no account.",
    test_request=webhook.test_request,
)
