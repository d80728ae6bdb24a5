# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The webhook over real HTTP: what it accepts, what it refuses, what it keeps."""

import time
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import patch
from urllib.parse import urlsplit

import psycopg2

from odoo import fields
from odoo.tests import Form, tagged, test_cursor
from odoo.tools import SQL, mute_logger

from ..controllers import main
from ..models.payment_hub_delivery import PaymentHubDelivery
from . import stripe_messages as stripe
from .common import SECRET
from .http_common import PaymentHubHttpCommon


@tagged("post_install", "-at_install")
class TestWebhook(PaymentHubHttpCommon):
    def test_stored_byte_for_byte(self):
        body = b' {"id":"evt_1", "type": "x" }\n'
        answer = self.post(body)
        self.assertEqual((answer.status, answer.text), (200, '{"status": "accepted"}'))
        delivery = self.deliveries().sudo()
        self.assertEqual(delivery.body, body)
        self.assertEqual(delivery.dedupe_key, "evt_1")
        self.assertEqual(delivery.event_type, "x")
        self.assertEqual(delivery.secret_id, self.connection.sudo().secret_ids)
        self.assertIn("stripe-signature", delivery.headers)
        self.assertEqual(delivery.state, "pending")
        self.assertIsNone(answer.getheader("Set-Cookie"))

    def test_webhook_to_paid_invoice(self):
        invoice = self.make_invoice(121.0)
        self.post(stripe.captured(1, 12100, invoice.name))
        self.drain()
        self.assertEqual(invoice.payment_state, "paid")

    def test_form_body_is_verified_as_sent(self):
        body = b"a=1&b=%20"
        headers = stripe.signed(body, SECRET, int(time.time()))
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.assertEqual(self.post(body, headers).status, 200)
        self.assertEqual(self.deliveries().sudo().body, body)

    def test_duplicate_is_accepted_and_stored_once(self):
        body = stripe.captured(1, 12100)
        self.assertIn("accepted", self.post(body).text)
        # Stripe changes this counter between the tries; it is the same event.
        retried = body.replace(b'"pending_webhooks": 1', b'"pending_webhooks": 0')
        self.assertNotEqual(body, retried)
        answer = self.post(retried)
        self.assertEqual((answer.status, answer.text), (200, '{"status": "duplicate"}'))
        self.assertEqual(len(self.deliveries()), 1)

    def test_duplicate_of_a_row_that_is_being_changed(self):
        """PostgreSQL cannot tell then, and the insert fails however often."""
        body = stripe.captured(1, 12100)
        self.assertIn("accepted", self.post(body).text)
        failing = SQL("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$")
        with (
            patch.object(PaymentHubDelivery, "_insert_sql", return_value=failing),
            mute_logger("odoo.addons.payment_hub.controllers.main"),
        ):
            self.assertIn("duplicate", self.post(body).text)
            self.assertProblem(self.post(stripe.captured(2, 12100)), 503)

    def test_refused_signatures(self):
        body = stripe.captured(1, 12100)
        now = int(time.time())
        good = stripe.signed(body, SECRET, now)["Stripe-Signature"]
        cases = {
            "signature_missing": [{}],
            "signature_malformed": [
                {"Stripe-Signature": value}
                for value in ("", "x", "t=1", "v1=ab", "t=²,v1=é", f"{good},{good}")
            ],
            "signature_mismatch": [
                stripe.signed(body, "whsec_wrong", now),
                stripe.signed(body + b" ", SECRET, now),
            ],
            "timestamp_stale": [stripe.signed(body, SECRET, now - 400)],
            "timestamp_future": [stripe.signed(body, SECRET, now + 400)],
        }
        for cause, variants in cases.items():
            for headers in variants:
                with self.subTest(cause=cause, headers=headers):
                    headers = {name: value.encode() for name, value in headers.items()}
                    self.assertProblem(self.post(body, headers), 401)
        self.assertFalse(self.deliveries())
        self.connection.invalidate_recordset()
        counts = {
            count.cause: count.count for count in self.connection.refusal_count_ids
        }
        self.assertEqual(sum(counts.values()), sum(map(len, cases.values())))
        self.assertEqual(counts["signature_mismatch"], 2)
        self.assertEqual(counts["timestamp_stale"], 1)
        self.assertEqual(counts["timestamp_future"], 1)

    def test_repeated_signature_header_is_refused(self):
        body = stripe.captured(1, 12100)
        with self.http() as connection:
            connection.putrequest("POST", self.path)
            connection.putheader("Content-Length", str(len(body)))
            for secret in ("whsec_wrong", SECRET):
                signature = stripe.signed(body, secret, int(time.time()))
                connection.putheader("Stripe-Signature", signature["Stripe-Signature"])
            connection.endheaders(body)
            self.assertProblem(self.answer(connection), 401)
        self.assertFalse(self.deliveries())

    def test_only_the_last_hundred_refusals_are_kept(self):
        refusals = self.env["payment.hub.refusal"]
        for _ in range(130):
            refusals._record(self.connection.id, "signature_mismatch", "192.0.2.1")
        self.assertEqual(len(self.connection.refusal_ids), 100)
        self.assertEqual(self.connection.refusal_count_ids.count, 130)

    def test_unknown_and_disabled_token_get_the_same_answer(self):
        body = stripe.captured(1, 12100)
        unknown = [
            self.post(body, path=f"/payment_hub/webhook/{token}")
            for token in ("nobody", "%00", "%C3%A9", "x" * 10_000)
        ]
        self.connection.action_disable()
        disabled = self.post(body)
        for answer in (*unknown, disabled):
            self.assertProblem(answer, 404)
            self.assertEqual(answer.text, disabled.text)
        self.assertFalse(self.connection.refusal_ids)

    def test_unknown_and_disabled_token_cost_the_same_queries(self):
        self.connection.action_disable()
        self.env.flush_all()
        with patch.object(main, "request", SimpleNamespace(env=self.env)):
            for token in ("nobody", self.connection.sudo().token):
                with self.assertQueryCount(1):
                    self.assertIsNone(main._connection_by_token(token))

    def test_changes_count_at_once(self):
        connection = self.connection.sudo()
        self.assertEqual(self.post(stripe.captured(1, 100)).status, 200)
        connection.secret_ids.value = "whsec_new"
        self.assertProblem(self.post(stripe.captured(2, 100)), 401)
        new = stripe.captured(3, 100)
        self.assertEqual(self.post(new, secret="whsec_new").status, 200)
        connection.action_disable()
        self.assertProblem(self.post(new, secret="whsec_new"), 404)

    def test_length_is_required(self):
        headers = {"Transfer-Encoding": "chunked"}
        with self.http() as connection:
            connection.request(
                "POST", self.path, iter([b"{}"]), headers, encode_chunked=True
            )
            self.assertProblem(self.answer(connection), 411)

    def test_too_long(self):
        headers = {"Content-Length": str(main.MAX_BODY + 1)}
        body = b"x" * (main.MAX_BODY + 1)
        self.assertProblem(self.post(body, headers), 413)
        self.assertEqual(self.connection.refusal_ids.cause, "too_large")

    def test_get_is_not_allowed(self):
        with self.http() as connection:
            connection.request("GET", self.path)
            answer = self.answer(connection)
        self.assertProblem(answer, 405)
        self.assertEqual(answer.getheader("Allow"), "POST")

    def test_both_secrets_are_accepted_while_they_overlap(self):
        old = self.connection.sudo().secret_ids
        invoices = [self.make_invoice(amount) for amount in (121.0, 50.0)]
        form = Form(
            self.env["payment.hub.replacement"].with_context(default_secret_id=old.id)
        )
        form.value = "whsec_new"
        form.overlap_hours = 2
        form.save().action_replace()
        new = self.connection.sudo().secret_ids - old
        self.assertTrue(old.active and old.valid_until)
        left = old.valid_until - fields.Datetime.now()
        self.assertTrue(timedelta(hours=1.9) < left <= timedelta(hours=2))
        self.assertEqual(
            self.post(stripe.captured(1, 12100, invoices[0].name)).status, 200
        )
        body = stripe.captured(2, 5000, invoices[1].name)
        self.assertEqual(self.post(body, secret="whsec_new").status, 200)
        used = self.deliveries().sudo().sorted("id").secret_id
        self.assertEqual(used, old + new)
        self.drain()
        for invoice in invoices:
            self.assertEqual(invoice.payment_state, "paid")
        old.valid_until = "2026-01-01"
        self.assertEqual(self.post(stripe.captured(3, 100)).status, 401)
        self.assertEqual(
            self.post(stripe.captured(4, 100), secret="whsec_new").status, 200
        )

    @contextmanager
    def failing_store(self, error):
        def fail(*_args, **_kwargs):
            raise error

        with (
            patch.object(main, "_store", fail),
            mute_logger("odoo.addons.payment_hub.controllers.main"),
        ):
            yield

    def test_database_error_is_503_with_retry_after(self):
        for error in (psycopg2.OperationalError("gone"), psycopg2.InterfaceError()):
            with self.failing_store(error):
                answer = self.post(stripe.captured(1, 100))
            self.assertProblem(answer, 503)
            self.assertTrue(15 <= int(answer.getheader("Retry-After")) <= 60)

    def test_commit_that_fails_is_503(self):
        gone = psycopg2.OperationalError("gone")
        with (
            patch.object(test_cursor.TestCursor, "commit", side_effect=gone),
            mute_logger("odoo.addons.payment_hub.controllers.main"),
        ):
            answer = self.post(stripe.captured(1, 100))
        self.assertProblem(answer, 503)
        self.assertTrue(answer.getheader("Retry-After"))

    def test_database_away_is_503_with_retry_after(self):
        """The same URL answers while Odoo cannot open the database at all."""
        away = psycopg2.OperationalError("the database system is shutting down")
        with (
            patch("odoo.http.Registry", side_effect=away),
            mute_logger("odoo.http"),
        ):
            answer = self.post(stripe.captured(1, 100))
        self.assertProblem(answer, 503)
        self.assertTrue(answer.getheader("Retry-After"))
        self.assertEqual(self.post(stripe.captured(1, 100)).status, 200)

    def test_missing_key_is_503_and_not_a_refusal(self):
        with (
            patch.dict("os.environ", {"PAYMENT_HUB_SECRET_KEYS": ""}),
            mute_logger("odoo.addons.payment_hub.controllers.main"),
        ):
            self.assertProblem(self.post(stripe.captured(1, 100)), 503)
        self.assertEqual(self.post(stripe.captured(1, 100)).status, 200)

    def test_answer_to_a_bug_has_no_internals(self):
        with self.failing_store(RuntimeError("secret detail")):
            answer = self.post(stripe.captured(1, 100))
        self.assertProblem(answer, 503)
        self.assertNotIn("secret detail", answer.text)

    def test_test_event_goes_the_whole_way(self):
        with patch("requests.post", self._real_post):
            self.connection.action_send_test_event()
        self.drain()
        delivery = self.deliveries()
        self.assertEqual(delivery.event_type, "payment_hub.test")
        self.assertEqual(delivery.state, "done")
        self.assertEqual(delivery.attestation_ids.event_id.type, "external.info")
        self.assertFalse(self.open_causes())

    def _real_post(self, url, data, headers, timeout, allow_redirects):
        self.assertFalse(allow_redirects)
        # Odoo's tests block requests; this one goes to the own server all the same.
        answer = self.post(data, headers, path=urlsplit(url).path)
        answer.status_code = answer.status
        return answer
