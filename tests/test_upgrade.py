# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What an older version stored is complete after the upgrade, evidence included."""

import runpy
from unittest.mock import patch

import psycopg2

from odoo.tests import tagged
from odoo.tools import file_path, mute_logger

from ..models import payment_hub_delivery
from ..models.evidence import protect_evidence
from . import stripe_messages as stripe
from .common import PaymentHubCommon
from .test_untreated import withdrawn

# Columns that 19.0.1.1.0 did not have.
NEW = {
    "payment_hub_delivery": ("source", "stream", "api_version"),
    "payment_hub_secret": ("name",),
    "payment_hub_connection": ("webhook_url",),
}
# Columns of postings that 19.0.1.2.0 did not have.
FILLED = [
    "moved_minor",
    "moved_currency",
    "moved_exponent",
    "is_on_balance",
    "is_reversed",
    "treatment",
    "due_date",
    "journal_id",
    "entity_company_id",
    "near_account_id",
    "near_line_id",
    "value",
    "far_account_id",
    "far_line_id",
    "partner_id",
]


@tagged("post_install", "-at_install")
class TestUpgrade(PaymentHubCommon):
    def test_from_19_0_1_1_0(self):
        delivery = self.deliver(stripe.captured(1, 100)).sudo()
        connection = self.connection.sudo()
        url, token = connection.webhook_url, connection.token
        self.env.flush_all()
        self._make_old()
        self.env.invalidate_all()
        self.registry.init_models(
            self.env.cr,
            ["payment.hub.delivery", "payment.hub.secret", "payment.hub.connection"],
            {"module": "payment_hub"},
            install=False,
        )
        self.env.flush_all()
        self.assertEqual(delivery.source, "webhook")
        self.assertEqual(connection.secret_ids.name, "signing_secret")
        self.assertEqual(connection.webhook_url, url)
        self.assertTrue(self.env["payment.hub.token"]._find(token))
        for column in NEW["payment_hub_delivery"]:
            with (
                self.subTest(column),
                self.assertRaises(psycopg2.errors.RestrictViolation),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(f"UPDATE payment_hub_delivery SET {column} = 'x'")

    def test_closed_one_by_one_under_19_0_1_1_0(self):
        """It had an exception for each event that no rule posts, not for each type."""
        exceptions = self.env["payment.hub.exception"]
        with patch.object(type(exceptions), "_untreated"):
            deliveries = self.deliver(*(withdrawn(n, 100 + n) for n in range(3)))
        events = deliveries.attestation_ids.event_id.sorted("amount_minor")
        hold = self.env["payment.hub.processor"].sudo()._hold
        posted_by_hand, ignored, left = [
            hold(event, "unmapped_event", "").with_env(self.env) for event in events
        ]
        posted_by_hand.action_resolve()
        ignored.action_ignore()
        deliveries.action_process_again()
        self.assertEqual(posted_by_hand.state, "resolved")
        self.assertEqual(posted_by_hand.resolved_by_id, self.env.user)
        self.assertEqual(ignored.state, "ignored")
        self.assertEqual(
            left.state, "resolved", "the exception of its type says so now"
        )
        group = exceptions.search([("is_open", "=", True)])
        self.assertEqual(group.untreated_event_ids, events[2])
        self.assertEqual((group.untreated_count, group.amount_minor), (1, 102))
        self.assertEqual(set(deliveries.mapped("state")), {"done"})

    def _make_old(self):
        old = [
            column
            for column in payment_hub_delivery.EVIDENCE
            if column not in NEW["payment_hub_delivery"]
        ]
        protect_evidence(self.env.cr, "payment_hub_delivery", old)
        for table, columns in NEW.items():
            for column in columns:
                self.env.cr.execute(f"ALTER TABLE {table} DROP COLUMN {column}")

    def test_from_19_0_1_2_0(self):
        """The clearing account moves to a balance, and postings learn their lines."""
        invoice = self.make_invoice(121.0)
        self.deliver(
            stripe.captured(1, 121_00, invoice.name), stripe.refunded(1, 1, 21_00)
        )
        postings = self.payment(1).posting_ids.sorted("id")
        filled = postings.read(FILLED, load=None)
        connection = self.connection.sudo()
        account = connection.clearing_account_id
        line = connection.balance_ids.inbound_method_line_id
        self._migrate_from_19_0_1_2_0(account)
        self.assertEqual(connection.clearing_account_id, account)
        self.assertEqual(connection.balance_ids.inbound_method_line_id, line)
        self.assertEqual(postings.read(FILLED, load=None), filled)
        self.deliver(stripe.refunded(2, 1, 5_00))
        self.assertEqual(self.clearing_minor(), 95_00)

    def test_clearing_account_that_was_changed_under_19_0_1_2_0(self):
        """Postings know where they are booked, and the balance what is used now."""
        self.deliver(stripe.captured(1, 121_00, self.make_invoice(121.0).name))
        posting = self.payment(1).posting_ids
        filled = posting.read(FILLED, load=None)
        old = self.connection.sudo().clearing_account_id
        new = old.copy({"name": "New Clearing"})
        self._migrate_from_19_0_1_2_0(new)
        self.assertEqual(self.connection.sudo().clearing_account_id, new)
        self.assertEqual(posting.near_account_id, old)
        self.assertEqual(posting.read(FILLED, load=None), filled)
        self.assertEqual(self.connection.sudo().balance_ids.difference, -121.0)

    def test_entities_from_19_0_1_3_0(self):
        """Rows get their first version, archived ones too; who has one, no second."""
        Entity = self.env["payment.hub.entity"]
        vals = {"connection_id": self.connection.id, "company_id": self.company.id}
        with patch.object(type(Entity), "_keep_version"):
            rows = Entity.create(
                [vals | {"store": "A"}, vals | {"store": "B", "active": False}]
            )
        rows += Entity.create(vals | {"store": "C"})
        self.assertEqual(len(rows.version_id), 1)
        script = file_path("payment_hub/migrations/19.0.1.4.0/post-migration.py")
        runpy.run_path(script)["migrate"](self.env.cr, "19.0.1.3.0")
        self.env.invalidate_all()
        self.assertEqual(rows.version_id.mapped("number"), [1, 1, 1])
        self.assertEqual(rows.version_ids, rows.version_id)

    def _migrate_from_19_0_1_2_0(self, account):
        """Put the tables back to what they were, and run the script.

        :param account: the connection's clearing account of then
        """
        self.env.flush_all()
        for name in FILLED:
            self.env.cr.execute(f"UPDATE payment_hub_posting SET {name} = NULL")
        self.env.cr.execute("DELETE FROM payment_hub_balance")
        self.env.cr.execute(
            "ALTER TABLE payment_hub_connection ADD clearing_account_id integer"
        )
        self.env.cr.execute(
            "UPDATE payment_hub_connection SET clearing_account_id = %s", [account.id]
        )
        self.env.invalidate_all()
        script = file_path("payment_hub/migrations/19.0.1.3.0/post-migration.py")
        runpy.run_path(script)["migrate"](self.env.cr, "19.0.1.2.0")
        self.env.invalidate_all()
