# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Verified bytes that cannot be used: stored, an exception, and the rest goes on."""

import json

from odoo.tests import tagged

from . import stripe_messages as stripe
from .common import PaymentHubCommon

MALFORMED = {
    "empty": b"",
    "no JSON": b"hello",
    "no object": b"[1, 2]",
    "deeply nested": b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "NaN": b'{"id": "evt_nan", "amount": NaN}',
    "duplicate key": b'{"id": "evt_a", "id": "evt_b"}',
    "NUL": b'{"id": "evt_nul", "x": "\\u0000"}',
    "lone surrogate": b'{"id": "evt_sur", "x": "\\ud800"}',
    "huge integer": b'{"id": "evt_huge", "x": ' + b"9" * 5000 + b"}",
    "float overflow": b'{"id": "evt_inf", "x": 1e999}',
    "invalid UTF-8": b'{"id": "\xff\xfe"}',
    "UTF-16": '{"id": "evt_16"}'.encode("utf-16"),
    "no fields": b"{}",
}


@tagged("post_install", "-at_install")
class TestBadMessages(PaymentHubCommon):
    def test_malformed_becomes_an_exception_and_the_rest_goes_on(self):
        invoice = self.make_invoice(1.0)
        deliveries = self.receive(
            *MALFORMED.values(), stripe.captured(1, 100, invoice.name)
        )
        self.assertEqual(len(deliveries), len(MALFORMED) + 1)
        self.drain()
        self.assertEqual(invoice.payment_state, "paid")
        for name, delivery in zip(MALFORMED, deliveries, strict=False):
            with self.subTest(name):
                self.assertEqual(delivery.state, "exception")
                self.assertEqual(delivery.exception_ids.cause, "malformed")
                self.assertTrue(delivery.exception_ids.detail)
        # and not tried for ever
        self.assertEqual(self.drain(), 0)

    def test_evidence_can_be_looked_at(self):
        deliveries = self.receive(*MALFORMED.values())
        for delivery in deliveries:
            self.assertIsInstance(delivery.body_text, str)
            self.assertNotIn("\0", delivery.body_text)

    def test_impossible_fields_name_their_path(self):
        for field, value in (
            ("amount_received", -1),
            ("amount_received", "12"),
            ("amount_received", True),
            ("amount_received", 1.5),
            ("currency", 5),
            ("latest_charge", None),
        ):
            with self.subTest(field=field, value=value):
                delivery = self.deliver(stripe.captured(1, 100, **{field: value}))
                self.assertEqual(delivery.exception_ids.cause, "malformed")
                self.assertIn(field, delivery.exception_ids.path)

    def test_unknown_currency(self):
        delivery = self.deliver(stripe.captured(1, 100, currency="zzz"))
        self.assertEqual(delivery.exception_ids.cause, "unknown_currency")

    def test_unknown_type_is_never_dropped(self):
        delivery = self.deliver(stripe.event("invoice.paid", {"object": "invoice"}))
        exception = delivery.exception_ids
        self.assertEqual(exception.cause, "unknown_event_type")
        self.assertIn("invoice.paid", exception.detail)
        self.assertEqual(delivery.attestation_ids.event_id.type, "unknown")

    def test_event_of_the_other_environment_posts_nothing(self):
        invoice = self.make_invoice(1.0)
        body = json.loads(stripe.captured(1, 100, invoice.name)) | {"livemode": True}
        delivery = self.deliver(json.dumps(body).encode())
        self.assertEqual(delivery.exception_ids.cause, "environment_mismatch")
        self.assertEqual(invoice.payment_state, "not_paid")
        self.assertFalse(self.payment(1))

    def test_event_of_another_account_posts_nothing(self):
        invoice = self.make_invoice(1.0)
        body = json.loads(stripe.captured(1, 100, invoice.name))
        body["account"] = "acct_other"
        delivery = self.deliver(json.dumps(body).encode())
        self.assertEqual(delivery.exception_ids.cause, "unmapped_company")
        self.assertEqual(invoice.payment_state, "not_paid")
        self.connection.sudo().provider_account = "acct_other"
        delivery.exception_ids.action_retry()
        self.assertEqual(delivery.exception_ids.state, "resolved")
        self.assertEqual(invoice.payment_state, "paid")

    def test_disagreeing_sources_block_the_event(self):
        invoice = self.make_invoice(121.0)
        self.deliver(
            stripe.captured(1, 12100, invoice.name),
            stripe.charged(1, 12000, invoice.name),
        )
        self.assertEqual(self.payment(1).state, "conflicted")
        self.assertEqual(self.open_causes(), ["conflicting_attestation"])
        self.assertEqual(self.clearing_minor(), 0)
