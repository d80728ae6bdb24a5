# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Secrets go in, and nothing but a signature check gets them out."""

import os
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import html2plaintext

from ..models import vault
from . import stripe_messages as stripe
from .common import SECRET, PaymentHubCommon


def keys(*values):
    return patch.dict(os.environ, {vault.ENVIRONMENT: ",".join(values)})


@tagged("post_install", "-at_install")
class TestSecrets(PaymentHubCommon):
    def setUp(self):
        super().setUp()
        self.secret = self.connection.sudo().secret_ids.with_user(self.env.user)

    def test_encrypted_in_the_database(self):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT row_to_json(s)::text FROM payment_hub_secret s WHERE id = %s",
            [self.secret.id],
        )
        row = self.env.cr.fetchone()[0]
        self.assertNotIn(SECRET, row)
        self.assertEqual(self.secret._decrypt(), SECRET)

    def test_never_read_back(self):
        self.secret.invalidate_recordset()
        self.assertFalse(self.secret.value)
        values = self.secret.read()[0]
        self.assertNotIn("ciphertext", values)
        self.assertNotIn(SECRET, str(values))
        with self.assertRaises(AccessError):
            self.secret.read(["ciphertext"])
        exported = self.secret.export_data(["hint", "value"])["datas"]
        self.assertNotIn(SECRET, str(exported))

    def test_saving_without_a_new_value_keeps_the_secret(self):
        self.secret.write({"value": False, "valid_until": "2030-01-01"})
        self.assertEqual(self.secret._decrypt(), SECRET)

    def test_empty_secret_is_refused(self):
        for value in ("", "  ", False):
            with self.assertRaisesRegex(UserError, "Enter the secret"):
                self.secret.create(
                    {"connection_id": self.connection.id, "value": value}
                )

    def test_missing_key_says_how_to_make_one(self):
        for configured in ("", "not a key"):
            with keys(configured), self.assertRaisesRegex(UserError, "Fernet"):
                self.secret.value = "whsec_other"
        self.assertTrue(vault.is_ready())
        with keys(""):
            self.assertFalse(vault.is_ready())

    def test_keys_rotate(self):
        old = os.environ[vault.ENVIRONMENT]
        new = Fernet.generate_key().decode()
        with keys(new, old):
            self.assertEqual(self.secret._decrypt(), SECRET)
            self.secret.value = "whsec_second"
        with keys(new):
            self.assertEqual(self.secret._decrypt(), "whsec_second")
        with keys(old), self.assertRaisesRegex(vault.VaultError, "old key"):
            self.secret._decrypt()

    def said(self):
        """What the chatter has told since it was asked last: (author, text)."""
        messages = self.connection.message_ids.sorted("id") - self.heard
        self.heard = self.connection.message_ids
        return [
            (message.author_id, html2plaintext(message.body)) for message in messages
        ]

    def test_changes_are_told_in_the_chatter(self):
        manager = new_test_user(
            self.env,
            "secrets_manager",
            groups="payment_hub.group_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        secret = self.secret.with_user(manager)
        title = f"Signing Secret (no. {secret.id})"
        self.heard = self.connection.message_ids
        for vals, text in (
            ({"active": False}, f"Deactivated: {title}"),
            ({"active": True}, f"Activated: {title}"),
            ({"valid_until": "2030-01-31 10:00:00"}, "Ends on January 31, 2030"),
            ({"valid_until": False}, f"Has no end any more: {title}"),
            ({"value": "whsec_second_12345"}, f"Entered anew: {title}"),
        ):
            secret.write(vals)
            ((author, told),) = self.said()
            self.assertEqual(author, manager.partner_id)
            self.assertIn(text, told)
            self.assertIn(title, told)
            self.assertNotIn("12345", told)
            secret.write(vals)
            self.assertEqual(len(self.said()), "value" in vals, "No change, no message")
        secret.unlink()
        self.assertEqual(self.said(), [(manager.partner_id, f"Deleted: {title}")])

    def test_replacement_is_told_once(self):
        connection = self.connection.sudo()
        self.heard = connection.message_ids
        for hours, text in ((12, "Ends on"), (0, "Deactivated: ")):
            old = connection._active_secrets()
            connection._replace_secret("signing_secret", "whsec_new_12345", hours)
            new = connection.secret_ids.sorted("id")[-1]
            entered, *ended = [told for _author, told in self.said()]
            self.assertEqual(entered, f"Entered: Signing Secret (no. {new.id})")
            self.assertEqual(len(ended), len(old))
            for told in ended:
                self.assertIn(text, told)
            for secret in old:
                self.assertIn(f"(no. {secret.id})", "".join(ended))

    def test_what_evidence_was_verified_with_is_not_deleted(self):
        delivery = self.receive(stripe.captured(1, 100))
        self.assertEqual(delivery.sudo().secret_id, self.secret.sudo())
        for delete in (
            self.secret.unlink,
            lambda: self.connection.write(
                {"secret_ids": [Command.delete(self.secret.id)]}
            ),
        ):
            with (
                self.assertRaisesRegex(UserError, "Deactivate it instead"),
                self.env.cr.savepoint(),
            ):
                delete()
        self.assertTrue(self.secret.exists())
        self.secret.active = False
        unused = self.secret.create(
            {"connection_id": self.connection.id, "value": "whsec_newer_12345"}
        )
        unused.unlink()
        self.assertEqual(self.connection.secret_ids, self.secret)

    def test_no_activation_without_secret(self):
        connection = self.connection.sudo().create({"name": "No secret"})
        connection.action_set_up_ledger()
        with (
            self.assertRaisesRegex(UserError, "signing secret"),
            self.env.cr.savepoint(),
        ):
            connection.action_activate()
        connection.secret_ids = [
            Command.create({"value": SECRET, "valid_until": "2020-01-01"})
        ]
        with self.assertRaisesRegex(UserError, "signing secret"):
            connection.action_activate()

    def test_active_connection_that_lost_its_secret_says_so(self):
        self.assertFalse(self.connection.is_without_secret)
        self.secret.active = False
        self.assertTrue(self.connection.is_without_secret)

    def test_no_activation_without_ledger(self):
        connection = self.connection.sudo().create(
            {"name": "No ledger", "secret_ids": [Command.create({"value": SECRET})]}
        )
        with self.assertRaisesRegex(UserError, "journal"):
            connection.action_activate()

    def test_copy_of_a_connection_has_neither_secret_nor_token(self):
        copy = self.connection.sudo().copy()
        self.assertFalse(copy.secret_ids)
        self.assertNotEqual(copy.token, self.connection.sudo().token)
        self.assertEqual(copy.state, "draft")
