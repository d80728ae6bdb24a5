# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A lane is woken after the commit, drained by one, and never left behind."""

from contextlib import closing, contextmanager
from datetime import timedelta
from unittest.mock import patch

import psycopg2
from psycopg2 import errors

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.queue_job.tests.common import trap_jobs

from ..models import payment_hub_lane
from ..models.payment_hub_lane import LOCK
from . import stripe_messages as stripe
from .common import PaymentHubCommon


@tagged("post_install", "-at_install")
class TestLane(PaymentHubCommon):
    def jobs(self):
        return (
            self.env["queue.job"]
            .sudo()
            .search([("method_name", "=", "_job_drain"), ("state", "=", "pending")])
        )

    @contextmanager
    def other_cursor(self):
        """A cursor on which a test may commit; the test's own may not."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            yield cr

    def sweep(self):
        with self.enter_registry_test_mode():
            self.env.ref("payment_hub.ir_cron_sweep").method_direct_trigger()

    def test_wake_enqueues_one_drain_job(self):
        self.lane._wake(self.connection.id)
        self.lane._wake(self.connection.id)
        job = self.jobs()
        self.assertEqual(len(job), 1)
        self.assertEqual(job.channel, "root.payment_hub.critical")

    def test_job_that_waits_for_an_eta_is_pulled_forward(self):
        self.lane._wake(self.connection.id)
        self.jobs().eta = fields.Datetime.now() + timedelta(hours=1)
        self.env.flush_all()
        self.lane._wake(self.connection.id)
        self.assertEqual(len(self.jobs()), 1)
        self.assertFalse(self.jobs().eta)

    def test_the_job_drains(self):
        invoice = self.make_invoice(1.0)
        self.receive(stripe.captured(1, 100, invoice.name))
        with trap_jobs() as trap:
            self.lane._wake(self.connection.id)
            trap.assert_jobs_count(1)
            trap.perform_enqueued_jobs()
        self.assertEqual(invoice.payment_state, "paid")

    def test_wake_comes_after_the_commit(self):
        with (
            patch.object(type(self.lane), "_wake") as wake,
            self.other_cursor() as cr,
        ):
            self.lane.with_env(self.env(cr=cr))._wake_after_commit(self.connection.id)
            wake.assert_not_called()
            cr.postcommit.run()
            wake.assert_called_once()

    def test_failing_wake_does_not_fail_the_request(self):
        with (
            patch.object(type(self.lane), "_wake", side_effect=RuntimeError),
            self.assertLogs("odoo.addons.payment_hub.models.payment_hub_lane"),
            self.other_cursor() as cr,
        ):
            self.lane.with_env(self.env(cr=cr))._wake_after_commit(self.connection.id)
            cr.postcommit.run()

    def test_drain_takes_a_batch_and_wakes_the_lane_for_the_rest(self):
        self.receive(*(stripe.captured(n, 100) for n in range(5)))
        with (
            patch.object(type(self.lane), "_wake") as wake,
            self.other_cursor() as cr,
        ):
            lane = self.lane.with_env(self.lane.env(cr=cr))
            self.assertEqual(lane._drain(self.connection, limit=3), 3)
            cr.postcommit.run()
            wake.assert_called_once_with(self.connection.id)
            self.assertEqual(lane._drain(self.connection, limit=3), 2)
            cr.postcommit.run()
            wake.assert_called_once()

    def test_a_batch_is_bounded_by_bytes_too(self):
        bodies = [stripe.captured(number, 100) for number in range(3)]
        deliveries = self.receive(*bodies)
        size = len(bodies[0]) + len(bodies[1])
        with patch.object(payment_hub_lane, "BATCH_BYTES", size):
            self.assertEqual(self.lane._claim(self.connection, 9), deliveries[:2])
        with patch.object(payment_hub_lane, "BATCH_BYTES", 1):
            self.assertEqual(self.lane._claim(self.connection, 9), deliveries[:1])

    def test_held_lane_is_left_alone(self):
        delivery = self.receive(stripe.captured(1, 100))
        with closing(psycopg2.connect(self.env.cr._cnx.dsn)) as other:
            with other.cursor() as cr:
                cr.execute(
                    "SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, self.connection.id]
                )
                self.assertIsNone(self.drain())
                with (
                    self.assertRaisesRegex(UserError, "being processed"),
                    self.env.cr.savepoint(),
                    patch.object(type(self.lane), "_wait_for_lock", self._hurry),
                ):
                    delivery.action_process_again()
            other.rollback()
            self.assertEqual(delivery.state, "pending")
            self.assertEqual(self.drain(), 1)

    def _hurry(self, connection):
        self.env.cr.execute("SET LOCAL lock_timeout = '100ms'")
        with mute_logger("odoo.sql_db"):
            self.env.cr.execute(
                "SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, connection.id]
            )

    def test_stale_snapshot_wakes_the_lane_anew(self):
        with (
            patch.object(
                type(self.lane), "_begin_turn", side_effect=errors.SerializationFailure
            ),
            patch.object(type(self.lane), "_wake_after_commit") as wake,
        ):
            self.assertIsNone(self.drain())
            wake.assert_called_once_with(self.connection.id)

    def test_turn_refuses_a_stale_snapshot(self):
        """Two real transactions: the lock alone does not make the later one fresh."""
        with closing(self.registry.cursor()) as first:
            first.execute(
                "INSERT INTO payment_hub_connection"
                " (name, provider, environment, company_id, state, tz, token,"
                " granularity)"
                " VALUES ('Race', 'stripe', 'test', %s, 'draft', 'UTC', 'race',"
                " 'event')"
                " RETURNING id",
                [self.env.ref("base.main_company").id],
            )
            (race_id,) = first.fetchone()
            first.commit()
            self.addCleanup(self._delete_connection, race_id)
            with closing(self.registry.cursor()) as second:
                second.execute("SELECT 1")  # takes the snapshot
                self._begin_turn_on(first, race_id)
                first.commit()
                with self.assertRaises(errors.SerializationFailure):
                    self._begin_turn_on(second, race_id)

    def _begin_turn_on(self, cr, connection_id):
        lane = self.lane.with_env(self.lane.env(cr=cr))
        connection = lane.env["payment.hub.connection"].browse(connection_id)
        with patch.object(type(lane), "_after_commit"):
            return lane._begin_turn(connection)

    def _delete_connection(self, connection_id):
        with self.registry.cursor() as cr:
            cr.execute(
                "DELETE FROM payment_hub_connection WHERE id = %s", [connection_id]
            )

    def test_waiting_delivery_is_not_claimed_before_its_time(self):
        refund = self.deliver(stripe.refunded(1, 1, 100))
        self.assertEqual(refund.state, "waiting")
        self.assertEqual(self.drain(), 0)
        refund.sudo().next_at = fields.Datetime.now() - timedelta(seconds=1)
        self.assertEqual(self.drain(), 1)
        self.assertEqual(refund.attempts, 2)

    def test_sweeper_wakes_a_lane_with_something_due(self):
        self.receive(stripe.captured(1, 100))
        self.sweep()
        self.assertEqual(len(self.jobs()), 1)

    def test_sweeper_leaves_a_quiet_lane_asleep(self):
        self.deliver(stripe.captured(1, 100))
        self.jobs().unlink()
        self.sweep()
        self.assertFalse(self.jobs())

    def test_sweeper_drains_a_stranded_lane_itself(self):
        invoice = self.make_invoice(1.0)
        delivery = self.receive(stripe.captured(1, 100, invoice.name))
        delivery.sudo().next_at = fields.Datetime.now() - timedelta(minutes=5)
        self.sweep()
        self.assertEqual(invoice.payment_state, "paid")
        exception = self.env["payment.hub.exception"].search([])
        self.assertEqual(exception.cause, "lane_stranded")
        self.assertEqual(len(self.jobs()), 1, "the runner may be back")
        self.assertTrue(exception.is_open)
        self.assertTrue(exception.display_name.endswith(self.connection.name))
        self.connection._job_drain()
        self.assertEqual(exception.state, "resolved")

    def test_job_that_does_not_get_the_lane_says_nothing_about_it(self):
        """Or it would write the row that the sweeper, who has the lane, writes."""
        self.env["payment.hub.exception"]._lane_stranded(self.connection)
        with patch.object(type(self.lane), "_try_lock", return_value=False):
            self.connection._job_drain()
        self.assertEqual(self.open_causes(), ["lane_stranded"])

    def test_sweeper_drains_a_stranded_lane_to_its_end(self):
        deliveries = self.receive(*(stripe.captured(n, 100) for n in range(5)))
        deliveries.sudo().next_at = fields.Datetime.now() - timedelta(minutes=5)
        drain = type(self.lane)._drain
        with patch.object(
            type(self.lane), "_drain", lambda lane, item: drain(lane, item, limit=2)
        ):
            self.sweep()
        self.assertEqual(set(deliveries.mapped("state")), {"exception"})

    def test_sweeper_goes_on_at_once_when_its_time_is_over(self):
        deliveries = self.receive(*(stripe.captured(n, 100) for n in range(3)))
        deliveries.sudo().next_at = fields.Datetime.now() - timedelta(minutes=5)
        cron, drain = type(self.env["ir.cron"]), type(self.lane)._drain
        with (
            patch.object(
                type(self.lane), "_drain", lambda lane, item: drain(lane, item, limit=1)
            ),
            patch.object(cron, "_commit_progress", return_value=0) as progress,
        ):
            for left in (2, 1):
                self.env.flush_all()
                self.lane._cron_sweep()
                progress.assert_called_with(1, remaining=1)
                states = deliveries.mapped("state")
                self.assertEqual(states.count("pending"), left)

    def test_lane_that_was_drained_lately_is_not_stranded(self):
        first = self.receive(stripe.captured(1, 100))
        self.drain()
        second = self.receive(stripe.captured(2, 100))
        second.sudo().next_at = fields.Datetime.now() - timedelta(minutes=5)
        self.sweep()
        self.assertEqual(first.state, "exception")
        self.assertEqual(second.state, "pending")
        self.assertFalse(
            self.env["payment.hub.exception"].search([("cause", "=", "lane_stranded")])
        )

    def test_lanes_do_not_meet(self):
        other = self.make_connection("Stripe Two")
        first = self.receive(stripe.captured(1, 100))
        second = self.receive(stripe.captured(1, 100), connection=other)
        self.drain(other)
        self.assertEqual(first.state, "pending")
        self.assertNotEqual(second.state, "pending")
