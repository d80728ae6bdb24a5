# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A delivery that ends the process is found and left aside; the others flow."""

from contextlib import closing, nullcontext, suppress
from unittest.mock import Mock, patch

import psycopg2

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import payment_hub_attempt
from ..models.payment_hub_attempt import PaymentHubAttempt
from . import stripe_messages as stripe
from .common import PaymentHubCommon

# The class's own, which the tests of this addon replace.
OWN_TRANSACTION = PaymentHubAttempt._own_transaction


@tagged("post_install", "-at_install")
class TestAttempts(PaymentHubCommon):
    def receive_captures(self, count):
        self.invoices = [self.make_invoice(1.0) for _number in range(count)]
        return self.receive(
            *(
                stripe.captured(number, 100, invoice.name)
                for number, invoice in enumerate(self.invoices)
            )
        )

    def die(self, times=1):
        """Note what a drain notes that ends the process."""
        lane, attempts = self.lane, self.env["payment.hub.attempt"]
        for _time in range(times):
            self.connection.invalidate_recordset()
            due = lane._claim(self.connection, 200)
            attempts._begin(self.connection, self.connection.turn + 1, due)

    def states(self, deliveries):
        return deliveries.mapped("state")

    def test_batch_that_died_is_tried_one_at_a_time(self):
        deliveries = self.receive_captures(3)
        self.die()
        self.assertEqual(self.drain(), 1)
        self.assertEqual(self.states(deliveries), ["done", "pending", "pending"])
        self.assertEqual(self.drain(), 1)
        later = self.receive(*(stripe.captured(n, 100) for n in (7, 8)))
        self.assertEqual(self.drain(), 1)
        self.assertEqual(set(self.states(deliveries)), {"done"})
        self.assertEqual(self.drain(), 2, "care ends with the batch that died")
        self.assertEqual(set(self.states(later)), {"exception"})

    def test_delivery_that_dies_alone_twice_is_left_aside(self):
        first, second = self.receive_captures(2)
        self.die(times=3)  # in the batch, then twice alone
        with mute_logger("odoo.addons.payment_hub.models.payment_hub_processor"):
            self.assertEqual(self.drain(), 1)
        self.assertEqual(first.state, "exception")
        self.assertEqual(first.exception_ids.cause, "processing_crashed")
        self.assertEqual(self.invoices[0].payment_state, "not_paid")
        self.assertEqual(self.drain(), 1)
        self.assertEqual(second.state, "done")
        self.assertEqual(self.invoices[1].payment_state, "paid")

    def test_one_death_alone_is_forgiven(self):
        first, _second = self.receive_captures(2)
        self.die(times=2)
        self.drain()
        self.assertEqual(first.state, "done")

    def test_another_try_by_a_person_is_possible(self):
        first = self.receive_captures(1)
        self.die(times=3)
        with mute_logger("odoo.addons.payment_hub.models.payment_hub_processor"):
            self.drain()
        first.exception_ids.action_retry()
        self.assertEqual(first.state, "done")
        self.assertEqual(first.exception_ids.state, "resolved")
        self.assertEqual(self.invoices[0].payment_state, "paid")

    def test_turn_that_came_to_its_end_is_no_death(self):
        self.receive_captures(1)
        self.drain()
        deliveries = self.receive(*(stripe.captured(n, 100) for n in (7, 8)))
        self.assertEqual(self.drain(), 2)
        self.assertEqual(set(self.states(deliveries)), {"exception"})

    def test_error_that_the_process_outlives_is_no_death(self):
        deliveries = self.receive_captures(2)
        processor = type(self.env["payment.hub.processor"])
        with (
            patch.object(processor, "_process", side_effect=RuntimeError),
            # assertRaises would roll the note back, for want of an own transaction.
            suppress(RuntimeError),
        ):
            self.drain()
        note = self.env["payment.hub.attempt"].sudo().search([])
        self.assertEqual(note.turn, 0)
        self.assertEqual(note.last_delivery, deliveries[1].id)

    def test_survivor_of_an_outage_says_so_when_the_database_is_back(self):
        self.receive_captures(1)
        self.drain()
        attempts = self.env["payment.hub.attempt"].sudo()
        away = psycopg2.OperationalError("the database system is in recovery mode")
        with (
            patch.object(
                type(attempts),
                "_own_transaction",
                Mock(side_effect=[away, away, nullcontext(attempts)]),
            ),
            patch.object(payment_hub_attempt.time, "sleep"),
        ):
            attempts._survived(self.connection)
        self.assertEqual(attempts.search([]).turn, 0)

    def test_session_that_died_is_nobody_s_fault(self):
        deliveries = self.receive_captures(2)
        ledger = type(self.env["payment.hub.ledger"])
        for died in (psycopg2.DatabaseError(), psycopg2.InterfaceError()):
            with (
                patch.object(ledger, "_post", side_effect=died),
                self.assertRaises(type(died)),
            ):
                self.drain()
        self.assertFalse(deliveries.exception_ids)

    def test_rollback_after_the_drain_is_no_death(self):
        self.receive_captures(1)
        self.drain()
        self.env.cr.postrollback.run()
        self.assertEqual(self.env["payment.hub.attempt"].sudo().search([]).turn, 0)

    def test_note_is_committed_before_the_work(self):
        deliveries = self.receive_captures(1)
        attempts = self.env["payment.hub.attempt"]
        connection = self.connection
        with patch.object(type(attempts), "_own_transaction", OWN_TRANSACTION):
            attempts._begin(connection, 7, deliveries)
        with closing(self.registry.cursor()) as cr:
            cr.execute(
                "DELETE FROM payment_hub_attempt WHERE connection_id = %s"
                " RETURNING turn, last_delivery",
                [connection.id],
            )
            self.assertEqual(cr.fetchall(), [(7, deliveries.id)])
            cr.commit()
