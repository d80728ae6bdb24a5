# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Mollie."""

from ..base import Capability, CodeList, Credential, Option, Provider
from . import const, signature, webhook
from .client import Client
from .pages import STREAMS

PROVIDER = Provider(
    code=const.CODE,
    label="Mollie",
    capabilities=frozenset(
        {
            Capability.BACKFILL,
            Capability.LOOKUP,
            Capability.CHECK,
            Capability.BALANCE,
            Capability.REGISTER,
            Capability.TEST_MESSAGE,
            Capability.BATCHES,
        }
    ),
    kept_headers=(const.SIGNATURE_HEADER, "content-type", const.RECEIVED_HEADER),
    verify=signature.verify,
    envelope=webhook.envelope,
    translate=webhook.translate,
    subscribed_events=webhook.SUBSCRIBED_EVENTS,
    credentials=(
        Credential(
            "signing_secret",
            "Webhook Secret",
            "Developers → Webhooks → your webhook → Signing secret",
        ),
        Credential(
            "api_key",
            "API Key",
            "Developers → API keys → the profile's live key (live_…) or test key "
            "(test_…)",
        ),
        Credential(
            "access_token",
            "Access Token",
            "Developers → Organization access tokens (access_…), allowed to read "
            "balances, settlements, organizations and events, and to write webhooks. "
            "Without it there are no fees, no settlements and no balance.",
            is_required=False,
        ),
    ),
    code_lists=(
        CodeList(
            "Webhook events",
            "https://docs.mollie.com/reference/webhooks-new",
            {**const.EVENTS, **dict.fromkeys(const.NOTED, ("external.info",))},
        ),
        CodeList(
            "Statuses in the API",
            "https://docs.mollie.com/docs/handling-payment-status, "
            "https://docs.mollie.com/reference/get-settlement",
            const.STATUSES,
        ),
        CodeList(
            "Balance transactions",
            "https://docs.mollie.com/reference/list-balance-transactions",
            const.BALANCE_TRANSACTIONS,
        ),
    ),
    webhook_steps="Developers → Webhooks → Create webhook: full payload, all events of "
    "payments, refunds, captures, chargebacks, payment links, payouts and balance "
    "transactions. The same address may be the webhookUrl of single payments.",
    options=(
        Option(
            const.PAYOUTS_OPTION,
            "Transfers to the Bank",
            "Mollie tells of a transfer as a settlement and as a payout, and does not "
            "link the two. Only the one chosen here is booked. Settlements need the "
            "access token.",
            (("settlements", "Settlements"), ("payouts", "Payouts")),
        ),
        Option(
            const.CURRENCY_OPTION,
            "Currencies",
            "A balance transaction tells an amount in the currency of the balance. It "
            "is the payment's own amount only when that is in the same currency.",
            (
                ("no", "Payments may be in another currency than the balance"),
                ("yes", "Every payment is in the currency of its balance"),
            ),
        ),
    ),
    overlap_hours=26,
    test_request=webhook.test_request,
    client=Client,
    streams=STREAMS,
)
