# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From the webhook to a connection that works, left and resumed."""

import json

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from ..engine import providers
from . import acme
from .onboarding_common import OnboardingCommon


@tagged("post_install", "-at_install")
class TestOnboardingStart(OnboardingCommon):
    # === webhook ===

    def test_webhook_is_registered_through_the_api(self):
        wizard = self.connect("acme")
        self.fill_in(wizard, "webhook")
        wizard.action_register_webhook()
        connection = wizard.connection_id
        call, body = self.api.asked[-1]
        self.assertEqual(call, "POST /webhooks")
        self.assertEqual(
            json.loads(body),
            {
                "url": connection.webhook_url,
                "events": list(providers.get("acme").subscribed_events),
            },
        )
        self.assertEqual(connection.webhook_ref, "wh_7")
        secret = connection._active_secrets()
        self.assertEqual(secret._decrypt(), acme.WEBHOOK_SECRET)
        self.assertEqual(wizard.known_hint, "acme")
        wizard.action_continue()
        self.assertEqual(wizard.step, "ledger")
        self.assertEqual(connection._active_secrets(), secret)

    def test_webhook_is_not_registered_twice_by_mistake(self):
        connection = self.make_connection("Acme", provider="acme", provider_account="M")
        connection._replace_secret("api_key", acme.KEY)
        connection.action_register_webhook()
        count = len(self.api.asked)
        with self.assertRaisesRegex(UserError, "already, as wh_7"):
            connection.action_register_webhook()
        self.assertEqual(len(self.api.asked), count)
        connection.with_context(payment_hub_again=True).action_register_webhook()
        self.assertEqual(len(self.api.asked), count + 1)

    def test_registration_that_fails_says_what_to_do(self):
        connection = self.make_connection("Acme", provider="acme", provider_account="M")
        connection._replace_secret("api_key", acme.KEY)
        self.api.status = 500
        with self.assertRaisesRegex(UserError, "(?s)500.*dashboard"):
            connection.action_register_webhook()
        self.assertFalse(connection.webhook_ref)

    def test_address_that_no_provider_reaches(self):
        connection = self.connection.sudo()
        path = f"/payment_hub/webhook/{connection.token}"
        for base, is_public in (
            ("https://odoo.example.com", True),
            ("https://8.8.8.8", True),
            ("http://odoo.example.com", False),
            ("https://localhost:8069", False),
            ("https://192.168.1.7", False),
            ("https://[::1]", False),
            ("https://odoo.local", False),
        ):
            with self.subTest(base):
                connection.webhook_url = f"{base}{path}"
                self.assertEqual(connection.is_url_public, is_public)

    def test_address_that_is_not_ours(self):
        """The test event goes there: to our webhook, and nowhere else."""
        connection = self.connection.sudo()
        path = f"/payment_hub/webhook/{connection.token}"
        for url in (
            f"https:{path}",
            f"ftp://odoo.example.com{path}",
            f"https://10.0.0.1/x?{path}",
            f"https://10.0.0.1/x#{path}",
            f"https://name@10.0.0.1{path}",
            "https://odoo.example.com/payment_hub/webhook/other",
        ):
            with self.subTest(url), self.assertRaises(ValidationError):
                connection.webhook_url = url

    def test_no_start_without_what_the_api_needs(self):
        connection = self.make_connection("Acme", provider="acme", provider_account="M")
        connection.action_disable()
        connection._active_secrets("api_key").active = False
        with self.assertRaisesRegex(UserError, "API Key"):
            connection.action_activate()
        connection._replace_secret("api_key", acme.KEY)
        connection.action_activate()

    def test_what_is_required_cannot_be_skipped(self):
        wizard = self.connect("acme")
        self.assertEqual(wizard.step, "account")
        with self.assertRaisesRegex(UserError, "Merchant Code"):
            wizard.action_skip()

    def test_what_messages_mean_does_not_change(self):
        """Under another setting, what is posted already would be another fact."""
        connection = self.make_connection(
            "Adyen", provider="adyen", provider_account="M"
        )
        connection.options = {"capture": "manual"}
        self.receive(b"{}", connection=connection)
        with self.assertRaisesRegex(UserError, "new connection"):
            connection.options = {"capture": "immediate"}
        with self.assertRaisesRegex(UserError, "new connection"):
            connection.options = False
        connection.options = {"capture": "manual", "first_batch": "7"}
        self.assertEqual(connection.options["first_batch"], "7")

    def test_signing_secret_is_demanded(self):
        wizard = self.connect("mute")
        with self.assertRaisesRegex(UserError, "Signing Key"):
            wizard.action_continue()

    def test_new_signing_secret_of_an_active_connection_overlaps(self):
        connection = self.make_connection("Mute", provider="mute")
        old = connection._active_secrets()
        action = connection.action_onboard()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.answer(wizard, value="whsec_mute_12345")
        self.assertTrue(old.active and old.valid_until)
        self.assertEqual(connection._active_secrets()[0]._decrypt(), "whsec_mute_12345")

    # === start, leave, resume ===

    def test_start_makes_the_ledger(self):
        wizard = self.connect("mute")
        self.answer(wizard, value="whsec_mute_12345")
        wizard.action_start()
        connection = wizard.connection_id
        self.assertEqual(connection.state, "active")
        self.assertTrue(connection._is_ledger_ready())
        self.assertTrue(connection.is_ledger_complete)
        balance = connection.balance_ids
        reserve = balance.reserve_account_id
        balance.reserve_account_id = False
        self.assertFalse(connection.is_ledger_complete)
        connection.action_set_up_ledger()
        self.assertTrue(connection.is_ledger_complete)
        self.assertNotEqual(balance.reserve_account_id, reserve)
        action = wizard.action_open_connection()
        self.assertEqual(action["res_id"], connection.id)

    def test_resumed_where_it_was_left(self):
        wizard = self.connect("acme")
        connection = wizard.connection_id
        self.assertEqual(connection.state, "draft")

        def resumed():
            action = connection.action_onboard()
            return self.env[action["res_model"]].browse(action["res_id"])

        for step, then in (
            ("account", "account"),
            ("credential/client_id", "credential/api_key"),  # the former is optional
            ("option/days", "option/days"),
            ("option/site", "webhook"),  # neither setting nor test is demanded
        ):
            self.fill_in(wizard, step)
            self.assertEqual(resumed().step, then)
        self.fill_in(wizard, "webhook")
        wizard.action_register_webhook()
        self.assertEqual(resumed().step, "ledger")
        wizard.action_continue()
        wizard.action_start()
        again = resumed()
        self.assertEqual((again.step, again.text), ("account", "M1"))
        count = len(connection.secret_ids)
        for _page in range(3):
            again.action_continue()
        self.assertEqual(again.step, "option/days")
        self.assertEqual(len(connection.secret_ids), count, "Nothing was entered anew")

    def test_back_stops_where_the_connection_was_made(self):
        wizard = self.connect("acme")
        self.assertTrue(wizard.is_first)
        self.assertNotIn("action_back", self.buttons(wizard))
        self.fill_in(wizard, "credential/client_id")
        self.assertIn("action_back", self.buttons(wizard))
        wizard.action_back()
        self.assertEqual((wizard.step, wizard.text), ("account", "M1"))

    # === rights ===

    def test_managers_of_the_company_only(self):
        def user(role, company):
            return new_test_user(
                self.env,
                f"{role}_{company.id}",
                groups=f"payment_hub.group_{role}",
                company_id=company.id,
                company_ids=[(6, 0, company.ids)],
            )

        other = self.setup_other_company()["company"]
        connection = self.connect("acme").connection_id
        for stranger in (user("operator", self.company), user("manager", other)):
            theirs = connection.with_user(stranger)
            with self.assertRaises(AccessError):
                theirs.action_onboard()
            with self.assertRaises(AccessError):
                self.env["payment.hub.onboarding"].with_user(stranger).create(
                    {"provider": "acme", "connection_id": connection.id}
                )
        colleague = user("manager", self.company)
        wizard = self.connect("mute")
        with self.assertRaises(AccessError):
            wizard.with_user(colleague).read(["title"])
        self.assertTrue(connection.with_user(colleague).action_onboard())
