# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the wizard asks, whatever the provider, and what it takes."""

import os
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..engine import providers
from ..engine.providers.base import Capability, Credential
from ..models import vault
from . import acme
from .onboarding_common import OnboardingCommon

ABILITIES = {
    "action_send_test_event": Capability.TEST_MESSAGE,
    "action_check_credentials": Capability.CHECK,
    "action_register_webhook": Capability.REGISTER,
}


@tagged("post_install", "-at_install")
class TestOnboarding(OnboardingCommon):
    def test_form_shows_only_what_the_provider_can_do(self):
        for code, provider in providers.PROVIDERS.items():
            with self.subTest(code):
                connection = self.make_connection(
                    code.title(), provider=code, provider_account="M1"
                ).with_user(self.env.user)
                Form(connection)
                shown = self.buttons(connection)
                for button, capability in ABILITIES.items():
                    able = capability in provider.capabilities
                    self.assertEqual(button in shown, able, button)
                    if not able:
                        with self.assertRaisesRegex(UserError, "cannot do this"):
                            getattr(connection, button)()

    def test_wizard_asks_what_each_provider_declares(self):
        for code, provider in providers.PROVIDERS.items():
            with self.subTest(code):
                wizard = self.connect(code)
                can = provider.capabilities
                wanted = [
                    *(["account"] if provider.account_label else []),
                    *(
                        f"credential/{item.name}"
                        for item in provider.credentials
                        if item.name != "signing_secret"
                    ),
                    *(f"option/{option.name}" for option in provider.options),
                    *(["test"] if Capability.CHECK in can else []),
                    "webhook",
                    "ledger",
                ]
                self.assertEqual([step.key for step in wizard._steps()[1:]], wanted)
                for number, step in enumerate(wizard._steps()[1:], 2):
                    wizard._go(step)
                    Form(wizard)
                    self.assertEqual(
                        wizard.title,
                        f"Step {number} of {len(wanted) + 1}: {step.label}",
                    )
                    shown = self.buttons(wizard)
                    self.assertEqual(
                        "action_register_webhook" in shown,
                        step.key == "webhook" and Capability.REGISTER in can,
                    )
                    self.assertNotIn("action_send_test_event", shown)
                for item in provider.credentials:
                    wizard.connection_id._replace_secret(item.name, "whsec_12345678")
                wizard.connection_id.provider_account = "M1"
                wizard.action_start()
                wizard.invalidate_recordset()  # as the next request does
                self.assertEqual(
                    "action_send_test_event" in self.buttons(wizard),
                    Capability.TEST_MESSAGE in can,
                )

    def test_page_tells_where_to_find_what_it_asks(self):
        wizard = self.connect("acme")
        self.fill_in(wizard, "credential/api_key")
        self.assertEqual(wizard.asked, "API Key")
        self.assertEqual(wizard.help_text, "Settings → API Keys")
        self.assertTrue(wizard.is_required and wizard.is_secret)
        self.fill_in(wizard, "webhook")
        self.assertEqual(wizard.asked, "Signing Key")
        self.assertEqual(wizard.help_text, "Webhooks → Signing Key")
        self.assertIn("charge.succeeded", wizard.subscribed_events)

    def test_choices_are_the_options_own(self):
        wizard = self.connect("acme")
        self.fill_in(wizard, "option/days")
        self.assertEqual(wizard.choices, ["acme/days/7", "acme/days/1"])
        self.assertEqual(wizard.choice, "acme/days/7")
        self.answer(wizard, choice="acme/days/1")
        self.answer(wizard, text=" shop ")
        self.assertEqual(wizard.connection_id.options, {"days": "1", "site": "shop"})
        self.assertEqual(wizard.connection_id.options_text, "Days: 1 day\nSite: shop")
        wizard.action_back()
        self.assertEqual(wizard.text, "shop")
        self.answer(wizard, text=False)
        self.assertEqual(wizard.connection_id.options, {"days": "1"})
        wizard.action_back()
        wizard.action_back()
        self.assertEqual(wizard.choice, "acme/days/1")

    # === credentials ===

    def test_credentials_are_tried(self):
        wizard = self.connect("acme")
        self.fill_in(wizard, "test", f"  {acme.KEY} ")
        self.assertEqual(wizard.step, "test")
        wizard.action_continue()
        self.assertEqual(wizard.step, "webhook")
        self.assertEqual(wizard.account_found, "Harbor & Pine")
        connection = wizard.connection_id
        self.assertEqual(connection.provider_account, "M1")
        self.assertEqual(connection._active_secrets("api_key")._decrypt(), acme.KEY)
        notice = connection.action_check_credentials()["params"]
        self.assertIn("Harbor & Pine", notice["message"])

    def test_refused_credentials(self):
        wizard = self.connect("acme")
        self.fill_in(wizard, "test", "acme_wrong_key")
        with self.assertRaisesRegex(UserError, "(?s)Acme Pay.*401.*Check the cred"):
            wizard.action_continue()
        self.assertEqual(wizard.step, "test")
        self.assertFalse(wizard.account_found)
        wizard.action_skip()
        self.assertEqual(wizard.step, "webhook")

    def test_nothing_to_try(self):
        """A provider whose credentials are optional, and none was entered."""
        item = Credential("api_key", "API Key", "Settings", False)
        acme_pay = providers.get("acme")
        signing = acme_pay.credentials[-1]
        with acme.registered(credentials=(item, signing), options=()):
            wizard = self.connect("acme")
            self.answer(wizard, text="M1")
            self.answer(wizard)
            self.assertEqual(wizard.step, "webhook")
            with self.assertRaisesRegex(UserError, "Enter “API Key” first"):
                wizard.action_register_webhook()
            wizard.action_back()
            self.answer(wizard, value=acme.KEY)
            self.assertEqual(wizard.step, "test")

    def test_gaps_are_named(self):
        wizard = self.connect("acme")
        with self.assertRaisesRegex(UserError, "Merchant Code"):
            wizard.action_continue()
        self.fill_in(wizard, "credential/api_key")
        with self.assertRaisesRegex(UserError, "API Key"):
            wizard.action_continue()
        connection = wizard.connection_id
        for action in ("action_check_credentials", "action_register_webhook"):
            with self.assertRaisesRegex(UserError, "Enter “API Key” first"):
                getattr(connection, action)()
        self.assertFalse(self.api.asked)

    def test_what_is_no_key_is_refused(self):
        wizard = self.connect("acme")
        for wrong in ("sk_live_…", "sk_••••1234", "****abcd", "a\nb", "sk\u200bx"):
            with self.assertRaisesRegex(UserError, "copy it once more"):
                wizard.value = wrong
        wizard.value = "   "
        self.assertFalse(wizard.hint)

    def test_typed_values_are_sealed_at_once(self):
        wizard = self.connect("acme")
        self.fill_in(wizard, "credential/api_key")
        wizard.value = acme.KEY
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT row_to_json(t)::text FROM payment_hub_onboarding t WHERE id = %s",
            [wizard.id],
        )
        self.assertNotIn(acme.KEY, self.env.cr.fetchone()[0])
        self.assertFalse(wizard.value)
        self.assertNotIn(acme.KEY, str(wizard.read()))
        wizard.action_continue()
        self.assertFalse(wizard.hint, "Nothing is left for the next page")
        connection = wizard.connection_id
        self.assertEqual(connection._active_secrets("api_key")._decrypt(), acme.KEY)
        said = str(connection.message_ids.mapped("body"))
        self.assertNotIn(acme.KEY, said)
        self.assertIn("Entered: API Key", said)

    def test_hint_tells_little_of_a_short_secret(self):
        wizard = self.connect("mute")
        self.answer(wizard, value="shortsecret")
        secret = wizard.connection_id._active_secrets()
        self.assertEqual(secret._decrypt(), "shortsecret")
        self.assertFalse(secret.hint)

    def test_no_key_to_encrypt_with(self):
        wizard = self.connect("mute")
        with (
            patch.dict(os.environ, {vault.ENVIRONMENT: ""}),
            self.assertRaisesRegex(UserError, "Fernet"),
        ):
            wizard.value = acme.KEY
