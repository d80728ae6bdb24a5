# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From an account at a provider to a connection that works, whatever the provider."""

import json
import os
from unittest.mock import patch

from lxml import etree

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from ..engine import providers
from ..engine.providers.base import Capability, Credential
from ..models import vault
from . import acme
from .common import PaymentHubCommon

ABILITIES = {
    "action_send_test_event": Capability.TEST_MESSAGE,
    "action_check_credentials": Capability.CHECK,
    "action_register_webhook": Capability.REGISTER,
}


@tagged("post_install", "-at_install")
class TestOnboarding(PaymentHubCommon):
    def setUp(self):
        super().setUp()
        self.api = self.enterContext(acme.registered())

    def connect(self, provider):
        """Take the first step; return the wizard at the second one."""
        form = Form(self.env["payment.hub.onboarding"])
        form.provider = provider
        wizard = form.save()
        wizard.action_continue()
        return wizard

    def answer(self, wizard, **values):
        """Fill in the page as a person does, and go on."""
        with Form(wizard) as form:
            for name, value in values.items():
                setattr(form, name, value)
        return wizard.action_continue()

    def fill_in(self, wizard, until="test", key=acme.KEY):
        """Answer what Acme asks, up to a step."""
        answers = {
            "account": {"text": "M1"},
            "credential/client_id": {"value": "client_4321"},
            "credential/api_key": {"value": key},
        }
        while wizard.step != until:
            self.answer(wizard, **answers.get(wizard.step, {}))

    def buttons(self, record):
        """Names of the buttons that a manager sees on a record's form."""
        arch = etree.fromstring(record.get_view(view_type="form")["arch"])
        names = [
            node.get("name")
            for node in arch.iter("field")
            if not node.xpath("ancestor::field")
        ]
        values = {
            name: value[0] if isinstance(value, tuple) else value
            for name, value in record.read(names)[0].items()
        }
        return {
            button.get("name")
            for button in arch.iter("button")
            if not button.xpath("ancestor::field")
            and not any(
                safe_eval(node.get("invisible", "False"), dict(values))
                for node in (button, *button.iterancestors())
            )
        }

    # === what is shown ===

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
