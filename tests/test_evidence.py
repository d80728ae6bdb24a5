# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What was received stays as it was, and the database itself sees to uniqueness."""

from psycopg2 import errors

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import payment_hub_delivery, payment_hub_event
from . import stripe_messages as stripe
from .common import PaymentHubCommon

UNIQUE_INDEXES = {
    "payment_hub_connection": ["(token)", "(journal_id)"],
    "payment_hub_delivery": ["(connection_id, dedupe_key)"],
    "payment_hub_event": ["(connection_id, economic_key)"],
    "payment_hub_attestation": ["(event_id, delivery_id)"],
    "payment_hub_payment": ["(connection_id, provider_ref)"],
    "payment_hub_reference": [
        "(connection_id, kind, value, payment_id)",
        "(connection_id, kind, value) WHERE",
    ],
    "payment_hub_posting": ["(connection_id, posting_key)", "(account_payment_id)"],
    "payment_hub_exception": ["(connection_id, subject) WHERE"],
    "payment_hub_mapping_version": ["(mapping_id, number)"],
    "payment_hub_entity_version": ["(entity_id, number)"],
    "payment_hub_attempt": ["(connection_id, COALESCE(backfill_id, 0))"],
    "payment_hub_refusal": ["(connection_id, slot)"],
    "payment_hub_refusal_count": ["(connection_id, cause)"],
    "payment_hub_lookup": ["(delivery_id, object_type, object_id)"],
    "payment_hub_certificate": ["(url)"],
    "payment_hub_backfill": ["(connection_id, stream) WHERE"],
    "payment_hub_reading": ["(delivery_id, currency, at)"],
    "payment_hub_report": ["(connection_id, kind, sha256)"],
}


@tagged("post_install", "-at_install")
class TestEvidence(PaymentHubCommon):
    def test_unique_indexes_exist(self):
        """Odoo only logs an index that it could not create."""
        for table, columns in UNIQUE_INDEXES.items():
            self.env.cr.execute(
                "SELECT indexdef FROM pg_indexes WHERE tablename = %s", [table]
            )
            found = " ; ".join(
                row[0] for row in self.env.cr.fetchall() if "UNIQUE" in row[0]
            )
            for column in columns:
                with self.subTest(table=table, column=column):
                    self.assertIn(f"btree {column}", found)

    def assertForbidden(self, query):
        with (
            self.assertRaises(errors.RestrictViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(query)

    def test_evidence_of_deliveries_cannot_be_changed(self):
        self.deliver(stripe.captured(1, 100))
        # Each column has a value in one of the two.
        self.env["payment.hub.delivery"]._store_pulled(
            self.connection, "api", "events", b"{}"
        )
        for column in payment_hub_delivery.EVIDENCE:
            with self.subTest(column=column):
                self.assertForbidden(_change("payment_hub_delivery", column))

    def test_evidence_of_events_cannot_be_changed(self):
        self.deliver(stripe.captured(1, 100))
        for column in payment_hub_event.EVIDENCE:
            with self.subTest(column=column):
                self.assertForbidden(_change("payment_hub_event", column))

    def test_evidence_cannot_be_deleted(self):
        self.deliver(stripe.captured(1, 100))
        for table in ("payment_hub_delivery", "payment_hub_event"):
            self.assertForbidden(f"DELETE FROM {table}")
            self.assertForbidden(f"TRUNCATE {table} CASCADE")

    def test_state_of_a_delivery_can_change(self):
        delivery = self.deliver(stripe.captured(1, 100))
        self.env.cr.execute("UPDATE payment_hub_delivery SET state = 'pending'")
        delivery.invalidate_recordset()
        self.assertEqual(delivery.state, "pending")

    def test_one_posting_for_one_key(self):
        invoice = self.make_invoice(1.0)
        self.deliver(stripe.captured(1, 100, invoice.name))
        posting = self.payment(1).posting_ids.sudo()
        with (
            self.assertRaises(errors.UniqueViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                "INSERT INTO payment_hub_posting (connection_id, posting_key, kind,"
                " payment_id, event_id, date, granularity, account_payment_id)"
                " SELECT connection_id, posting_key, kind, payment_id, event_id, date,"
                " granularity, account_payment_id + 1000000"
                " FROM payment_hub_posting WHERE id = %s",
                [posting.id],
            )


def _change(table, column):
    """A statement that takes the column's value away, or gives it one."""
    return (
        f"UPDATE {table} SET {column} = CASE WHEN {column} IS NULL"
        f" THEN (SELECT {column} FROM {table} LIMIT 0) ELSE NULL END"
    )
