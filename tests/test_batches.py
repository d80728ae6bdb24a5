# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Messages that hold several others, none at all, or come in a provider's own way."""

import gzip
from unittest.mock import patch

from odoo.tests import tagged

from ..engine.providers.client import Missing
from ..models import payment_hub_lookup
from . import fake_provider as fake
from . import stripe_messages as stripe
from .http_common import PaymentHubHttpCommon


def half_signed(body, headers, _keys, _now, tolerance=300):
    """Sign nothing that does not say so."""
    return 0 if "signature" in headers else None


@tagged("post_install", "-at_install")
class TestBatches(PaymentHubHttpCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.api = fake.FakeApi()
        cls.startClassPatcher(
            fake.registered(
                cls.api,
                verify=half_signed,
                answer=b"[accepted]",
                kept_headers=("signature",),
            )
        )
        cls.connection = cls.make_connection("Fake", provider=fake.CODE)

    def bad(self, number, **fields):
        """A message that cannot be read until it is told otherwise."""
        return stripe.captured(number, 100, **{"amount_received": "x"} | fields)

    def test_one_bad_message_does_not_stop_the_others(self):
        invoice = self.make_invoice(2.0)
        delivery = self.deliver(
            fake.listed(
                stripe.captured(1, 100, invoice.name),
                self.bad(2),
                stripe.captured(3, 100, invoice.name),
                self.bad(4, currency="zzz", amount_received=1),
            )
        )
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(delivery.state, "exception")
        self.assertEqual(
            sorted(delivery.exception_ids.mapped("cause")),
            ["malformed", "unknown_currency"],
        )
        self.assertEqual(
            delivery.exception_ids.sorted("id").mapped("subject"),
            [f"delivery:{delivery.id}:1", f"delivery:{delivery.id}:3"],
        )

    def test_retry_resolves_what_was_mended(self):
        """Each message keeps its exception, whatever becomes of the one before it."""
        delivery = self.deliver(fake.listed(self.bad(1), self.bad(2)))
        first, second = delivery.exception_ids.sorted("id")
        mended = fake.translate(fake.listed(stripe.captured(1, 100), self.bad(2)))
        with patch.object(type(delivery), "_translate", return_value=mended):
            first.action_retry()
        self.assertEqual((first.state, second.state), ("resolved", "open"))
        self.assertEqual(delivery.state, "exception")
        self.assertTrue(self.payment(1))
        mended = fake.translate(
            fake.listed(stripe.captured(1, 100), stripe.captured(2, 100))
        )
        with patch.object(type(delivery), "_translate", return_value=mended):
            second.action_retry()
        self.assertEqual(second.state, "resolved")
        self.assertTrue(self.payment(2))

    def test_news_of_one_payment_leave_the_others_to_their_person(self):
        page = self.deliver(
            fake.listed(
                stripe.captured(1, 100),
                self.bad(2),
                stripe.captured(3, 100, "INV/NOWHERE"),
            )
        )
        before = page.all_exception_ids.filtered("is_open")
        self.assertEqual(len(before), 3)
        about_one = before.filtered(lambda one: one.payment_id == self.payment(1))
        invoice = self.make_invoice(1.0)
        intent = stripe.payment_intent(1, 100, metadata={"invoice": invoice.name})
        self.deliver(stripe.event("payment_intent.succeeded", intent))
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(about_one.state, "resolved")
        self.assertEqual(before.filtered("is_open"), before - about_one)
        self.assertEqual(page.state, "exception")

    def test_what_waits_beside_a_fault_goes_on_waiting(self):
        page = self.deliver(fake.listed(stripe.refunded(7, 5, 100), self.bad(6)))
        self.assertEqual(page.state, "waiting")
        page.exception_ids.action_ignore()
        self.assertEqual(page.state, "waiting")
        self.deliver(stripe.captured(5, 100))
        self.assertIn("refund.succeeded", page.attestation_ids.event_id.mapped("type"))

    def test_many_faults_are_few_exceptions(self):
        delivery = self.deliver(fake.listed(*(self.bad(n) for n in range(50))))
        shown = delivery.exception_ids.sorted("id")
        self.assertEqual(len(shown), 20)
        self.assertIn("30 more", shown[-1].detail)

    def test_two_equal_faults_are_two_exceptions(self):
        delivery = self.deliver(fake.listed(self.bad(1), self.bad(2)))
        first, second = delivery.exception_ids.sorted("id")
        self.assertEqual((first.cause, second.cause), ("malformed", "malformed"))
        first.action_ignore()
        self.assertEqual(delivery.state, "exception", "the second one is open")
        second.action_retry()
        self.assertTrue(second.is_open)
        second.action_ignore()
        self.assertEqual(delivery.state, "done")
        delivery.action_process_again()
        self.assertEqual(delivery.state, "done", "a person has decided on both")
        self.assertEqual(len(delivery.exception_ids), 2)

    def test_unsigned_message_names_objects_and_nothing_else(self):
        answer = self.post(fake.asking("charge", "ch_1"), {})
        self.assertEqual(answer.status, 200)
        self.drain()
        delivery = self.deliveries()
        self.assertFalse(delivery.secret_id)
        self.assertEqual(delivery.state, "done")
        self.assertEqual(self.env["payment.hub.lookup"].search([]).object_id, "ch_1")

    def test_unsigned_message_may_invent_objects(self):
        """Whoever knows the URL can: that is no work for a person."""
        self.post(fake.asking("charge", "ch_1"), {})
        self.drain()
        self.api.answers = [Missing("No such charge")]
        self.connection._job_look_up()
        self.assertEqual(self.env["payment.hub.lookup"].search([]).state, "failed")
        self.assertFalse(self.open_causes())

    def test_unsigned_messages_are_taken_up_to_a_number(self):
        with patch.object(payment_hub_lookup, "MAX_UNSIGNED", 2):
            for number in range(2):
                answer = self.post(fake.asking("charge", f"ch_{number}"), {})
                self.assertEqual(answer.status, 200)
            full = self.post(fake.asking("charge", "ch_2"), {})
            self.assertProblem(full, 503)
            self.drain()
            self.assertProblem(self.post(fake.asking("charge", "ch_2"), {}), 503)
            body = stripe.captured(1, 100)
            self.assertEqual(self.post(body, {"Signature": "1"}).status, 200)
            self.api.answers = [fake.page(stream="charge")] * 2
            self.connection._job_look_up()
            self.drain()
            answer = self.post(fake.asking("charge", "ch_2"), {})
            self.assertEqual(answer.status, 200)

    def test_unsigned_message_with_facts_is_refused(self):
        invoice = self.make_invoice(1.0)
        message = stripe.captured(1, 100, invoice.name)
        self.assertEqual(self.post(message, {}).status, 200)
        self.drain()
        delivery = self.deliveries()
        self.assertEqual(delivery.exception_ids.cause, "malformed")
        self.assertIn("unsigned", delivery.exception_ids.detail)
        self.assertEqual(invoice.payment_state, "not_paid")
        self.assertFalse(self.payment(1))

    def test_answer_is_what_the_provider_wants_to_read(self):
        message = stripe.captured(1, 100)
        for _time in range(2):
            answer = self.post(message, {"Signature": "yes"})
            self.assertEqual((answer.status, answer.text), (200, "[accepted]"))
            kind = answer.getheader("Content-Type")
            self.assertEqual(kind, "text/plain; charset=utf-8")
        self.assertEqual(len(self.deliveries()), 1)

    def test_packed_message_is_kept_as_it_came(self):
        packed = gzip.compress(stripe.captured(1, 100))
        headers = {
            "Signature": "yes",
            "Content-Encoding": "gzip",
            "Content-Type": "application/json",
        }
        self.assertEqual(self.post(packed, headers).status, 200)
        delivery = self.deliveries().sudo()
        self.assertEqual(delivery.body, packed)
        self.assertEqual(delivery.headers["content-encoding"], "gzip")
        self.assertIn("payment_intent.succeeded", delivery.body_text)
        self.assertIn("content-encoding: gzip", delivery.headers_text)

    def test_form_can_be_read(self):
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        self.assertEqual(self.post(b"id=tr_1&note=two+words", headers).status, 200)
        self.assertEqual(self.deliveries().body_text, "id = tr_1\nnote = two words")

    def test_long_message_can_be_read(self):
        delivery = self.receive(b"x" * 600_000)
        self.assertLess(len(delivery.body_text), 501_000)
        self.assertTrue(delivery.body_text.endswith("[…]"))
