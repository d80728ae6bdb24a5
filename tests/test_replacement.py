# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A secret is replaced; messages that are signed with both are in ``test_webhook``."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from . import acme
from .common import PaymentHubCommon


@tagged("post_install", "-at_install")
class TestReplacement(PaymentHubCommon):
    def replace(self, secret, value, **values):
        form = Form(
            self.env["payment.hub.replacement"].with_context(
                default_secret_id=secret.id
            )
        )
        form.value = value
        for name, wanted in values.items():
            setattr(form, name, wanted)
        wizard = form.save()
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT row_to_json(t)::text FROM payment_hub_replacement t WHERE id = %s",
            [wizard.id],
        )
        self.assertNotIn(value, self.env.cr.fetchone()[0])
        wizard.action_replace()
        return wizard

    def test_api_credential_is_tried_before_the_old_one_ends(self):
        with acme.registered():
            connection = self.make_connection(
                "Acme", provider="acme", provider_account="M"
            )
            connection._replace_secret("api_key", acme.KEY)
            old = connection._active_secrets("api_key")
            with (
                self.assertRaisesRegex(UserError, "401"),
                self.env.cr.savepoint(),
            ):
                self.replace(old, "acme_wrong_key")
            self.assertEqual(connection._active_secrets("api_key"), old)
            self.replace(old, acme.KEY)
            new = connection._active_secrets("api_key")
            self.assertNotEqual(new, old)
            self.assertFalse(old.active)
            self.replace(new, "acme_untried_key", is_tried=False)
            self.assertFalse(new.active)

    def test_stolen_secret_ends_at_once(self):
        old = self.connection.sudo().secret_ids
        wizard = self.replace(old, "whsec_new_12345", overlap_hours=0)
        self.assertFalse(wizard.is_tried, "A signing secret cannot be tried")
        self.assertFalse(old.active)

    def test_end_is_never_put_off(self):
        old = self.connection.sudo().secret_ids
        old.valid_until = "2030-01-01"
        self.replace(old, "whsec_new_12345", overlap_hours=10)
        self.assertLess(str(old.valid_until), "2030-01-01")
        end = old.valid_until
        self.replace(self.connection._active_secrets()[:1], "whsec_newer_12345")
        self.assertEqual(old.valid_until, end)

    def test_nothing_or_nonsense(self):
        old = self.connection.sudo().secret_ids
        for value in (" ", "whsec_…"):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.replace(old, value)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.replace(old, "whsec_new_12345", overlap_hours=-1)
        self.assertEqual(self.connection._active_secrets(), old)
