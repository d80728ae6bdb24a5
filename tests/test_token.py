# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A known token costs no query, and no change to what it leads to is missed."""

from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import tagged

from .common import PaymentHubCommon


@tagged("post_install", "-at_install")
class TestToken(PaymentHubCommon):
    def setUp(self):
        super().setUp()
        self.connection = self.connection.sudo()
        self.secret = self.connection.secret_ids
        self.env.flush_all()
        self.assertEqual(self.find()["id"], self.connection.id)

    def find(self, token=None):
        self.env.flush_all()
        tokens = self.env["payment.hub.token"]
        return tokens._find(token or self.connection.token)

    def cost(self, token=None):
        """Number of queries that a look-up takes."""
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self.find(token)
        return self.env.cr.sql_log_count - before

    def test_known_token_costs_no_query(self):
        self.assertEqual(self.cost(), 0)

    def test_unknown_token_is_not_kept(self):
        for _again in range(2):
            self.assertEqual(self.cost("nobody"), 1)

    def test_disabled_connection_is_refused_at_once(self):
        self.connection.action_disable()
        self.assertIsNone(self.find())
        self.connection.action_activate()
        self.assertTrue(self.find())

    def test_deleted_connection_is_refused_at_once(self):
        token = self.connection.token
        self.connection.unlink()
        self.assertIsNone(self.find(token))

    def test_secrets_change_at_once(self):
        new = self.secret.create(
            {"connection_id": self.connection.id, "value": "whsec_new"}
        )
        self.assertEqual(self.find()["secret_ids"], (new.id, self.secret.id))
        self.secret.active = False
        self.assertEqual(self.find()["secret_ids"], (new.id,))
        ciphertexts = self.find()["ciphertexts"]
        new.value = "whsec_newer"
        self.assertNotEqual(self.find()["ciphertexts"], ciphertexts)
        self.connection.secret_ids = [Command.delete(new.id)]
        self.assertIsNone(self.find())

    def test_secret_ends_while_it_is_kept(self):
        self.secret.valid_until = fields.Datetime.now() + timedelta(hours=1)
        self.assertTrue(self.find())
        later = fields.Datetime.now() + timedelta(hours=2)
        with patch.object(fields.Datetime, "now", return_value=later):
            self.assertIsNone(self.find())

    def test_other_processes_are_told(self):
        self.registry.cache_invalidated.clear()
        self.secret.valid_until = False
        self.assertIn("default", self.registry.cache_invalidated)

    def test_forgotten_again_after_the_commit(self):
        """Another thread may have looked before the commit, and seen the old rows."""
        self.connection.name = "Changed"
        self.find()
        self.env.cr.postcommit.run()
        self.assertEqual(self.cost(), 1)
