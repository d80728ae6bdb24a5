# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Adyen."""

from ..base import Capability, CodeList, Credential, Provider, Report, Stream
from . import captures, client, const, journal, report, signature, webhook

PROVIDER = Provider(
    code=const.CODE,
    label="Adyen",
    capabilities=frozenset(
        {
            Capability.REPORTS,
            Capability.BACKFILL,
            Capability.LOOKUP,
            Capability.CHECK,
            Capability.REGISTER,
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
            "HMAC Key",
            "Developers → Webhooks → your webhook → Security → HMAC Key → Generate; "
            "64 hexadecimal digits, shown once",
        ),
        Credential(
            "api_key",
            "API Key",
            "Developers → API credentials → a web service user (ws@…) → Server "
            "settings → Authentication → API key. Role “Management API – Webhooks read "
            "and write”. Only to check the account and to register the webhook",
            is_required=False,
        ),
        Credential(
            "report_user",
            "Report User",
            "Developers → API credentials → a report user (report@…): its full name. "
            "Role “Merchant Report”. Only to download settlement reports",
            is_required=False,
            is_secret=False,
        ),
        Credential(
            "report_password",
            "Report Password",
            "Developers → API credentials → the report user → Server settings → "
            "Authentication → Basic auth → Generate password",
            is_required=False,
        ),
    ),
    code_lists=(
        CodeList(
            "Event codes",
            const.WEBHOOKS_URL,
            const.SPECIAL_CODES
            | {
                code: tuple(fact[0] for fact in (rule.success, rule.failure) if fact)
                for code, rule in const.RULES.items()
            },
        ),
        CodeList(
            "Webhook types",
            const.WEBHOOKS_URL,
            dict.fromkeys(const.NOTICES_OF_CHANGE, ("mandate.updated",)),
        ),
        CodeList(
            "Journal types",
            journal.SOURCE,
            {
                code: tuple(
                    dict.fromkeys(
                        fact[0] for fact in (rule.credit, rule.debit, rule.also) if fact
                    )
                )
                for code, rule in journal.JOURNALS.items()
            },
        ),
    ),
    webhook_steps="Developers → Webhooks → + Webhook → Standard webhook; method JSON; "
    "add the address, generate the HMAC key, save. Settlement reports: Reports → "
    "Settlement details → Manage report → Automatic, CSV",
    account_label="Merchant Account",
    account_help="Code of the merchant account, as YourCompanyECOM, whose payments "
    "this connection takes. Make the webhook for this account: one of the company "
    "account sends the messages of all.",
    is_account_required=True,
    options=(captures.OPTION, client.FIRST_BATCH),
    answer=b"[accepted]",
    test_request=webhook.test_request,
    client=client.Client,
    streams={client.SETTLEMENTS: Stream("Settlement details", report.translate)},
    reports={
        client.SETTLEMENTS: Report(
            "Settlement details",
            "Reports → Settlement details → a batch → Download, as CSV",
            report.split,
            report.translate,
        )
    },
)
