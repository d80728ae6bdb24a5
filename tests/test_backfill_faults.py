# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whatever comes between, a backfill goes on where it was, or tells somebody."""

from contextlib import closing, suppress
from datetime import timedelta
from unittest.mock import patch

from psycopg2 import errors

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..engine.providers.client import RateLimited, Unauthorized, Unavailable
from . import fake_provider as fake
from . import stripe_messages as stripe
from .backfill_common import BackfillCommon

LANE_LOGGER = "odoo.addons.payment_hub.models.payment_hub_lane"


@tagged("post_install", "-at_install")
class TestBackfillFaults(BackfillCommon):
    def test_rate_limit_waits_as_long_as_the_provider_says(self):
        backfill = self.start(
            fake.page(cursor="a"), RateLimited("Slow down", 90.0), fake.page()
        )
        self.pull(backfill)
        self.assertEqual((backfill.state, backfill.cursor), ("waiting", "a"))
        self.assertIn("Slow down", backfill.last_error)
        left = (backfill.next_at - fields.Datetime.now()).total_seconds()
        self.assertTrue(80 < left <= 90)
        backfill._wake()
        self.assertEqual(self.jobs().eta, backfill.next_at)
        backfill._job_pull()
        self.assertEqual((backfill.state, backfill.last_error), ("done", False))
        self.assertEqual(self.api.asked[-1][-1], "a")

    def test_provider_that_is_away_is_asked_less_and_less_often(self):
        backfill = self.start(*[Unavailable("No answer")] * 9, fake.page())
        pauses = []
        for _attempt in range(9):
            backfill._job_pull()
            pause = backfill.next_at - fields.Datetime.now()
            pauses.append(round(pause.total_seconds() / 60))
        self.assertEqual(pauses, [1, 2, 4, 8, 16, 32, 60, 60, 60])
        self.assertEqual((backfill.state, backfill.attempts), ("waiting", 9))
        backfill._job_pull()
        self.assertEqual((backfill.state, backfill.attempts), ("done", 0))

    def test_resume_after_a_failure_goes_on_at_the_cursor(self):
        backfill = self.start(
            fake.page(stripe.captured(1, 100), cursor="a"),
            Unauthorized("The key is wrong."),
            fake.page(stripe.captured(2, 100)),
        )
        self.pull(backfill)
        self.assertEqual((backfill.state, backfill.cursor), ("failed", "a"))
        self.assertEqual(backfill.last_error, "The key is wrong.")
        self.assertTrue(backfill.ended_at)
        backfill._job_pull()
        self.assertEqual(len(self.api.asked), 2, "a failed one is left alone")
        backfill.action_resume()
        self.assertFalse(backfill.ended_at)
        self.pull(backfill)
        self.assertEqual((backfill.state, backfill.page_count), ("done", 2))
        self.assertEqual(self.api.asked[-1][-1], "a")

    def test_failure_is_an_exception_until_the_end_is_reached(self):
        backfill = self.start(
            fake.page(stripe.captured(1, 100, self.make_invoice(1.0).name), cursor="a"),
            Unauthorized("The key is wrong."),
            Unauthorized("The key is still wrong."),
            RateLimited("Slow down", 90.0),
            fake.page(),
        )
        backfill._job_pull()
        self.drain(self.fake)
        self.assertFalse(self.open_causes())
        backfill._job_pull()
        (exception,) = self.env["payment.hub.exception"].search([])
        self.assertEqual(
            (exception.cause, exception.backfill_id), ("backfill_failed", backfill)
        )
        self.assertEqual(exception.detail, "Events: The key is wrong.")
        self.assertIn("retry", exception.suggestion)
        self.assertIn("Fake: Events", exception.display_name)
        backfill.invalidate_recordset()
        self.assertEqual(backfill.open_exception_count, 1)
        action = backfill.action_open_exceptions()
        self.assertEqual(exception.search(action["domain"]), exception)

        exception.action_retry()
        self.assertEqual((backfill.state, exception.state), ("running", "open"))
        backfill._job_pull()
        self.assertEqual((backfill.state, exception.state), ("failed", "open"))
        self.assertIn("still wrong", exception.detail)
        backfill.action_resume()
        backfill._job_pull()
        self.assertEqual((backfill.state, exception.state), ("waiting", "open"))
        backfill._job_pull()
        self.assertEqual((backfill.state, exception.state), ("done", "resolved"))
        self.assertFalse(exception.resolved_by_id)
        self.assertFalse(self.open_causes())

    def test_cancelled_after_a_failure(self):
        backfill = self.start(Unauthorized("The key is wrong."))
        backfill._job_pull()
        self.assertEqual(self.open_causes(), ["backfill_failed"])
        backfill.action_cancel()
        self.assertEqual(backfill.state, "cancelled")
        self.assertEqual(backfill.last_error, "The key is wrong.")
        self.assertFalse(self.open_causes())

    def test_failure_after_a_person_closed_the_last_one_is_told_anew(self):
        backfill = self.start(*[Unauthorized("The key is wrong.")] * 2)
        backfill._job_pull()
        first = self.env["payment.hub.exception"].search([])
        first.action_ignore()
        backfill.action_resume()
        backfill._job_pull()
        self.assertEqual(first.state, "ignored")
        self.assertEqual(self.open_causes(), ["backfill_failed"])

    def test_processing_does_not_close_the_exception_of_a_backfill(self):
        """It has no delivery and no event: a drain knows nothing of it."""
        backfill = self.start(
            fake.page(stripe.captured(1, 100), cursor="a"), Unauthorized("Wrong.")
        )
        self.pull(backfill)
        self.drain(self.fake)
        self.assertEqual(self.open_causes(), ["backfill_failed", "invoice_not_found"])

    def test_bug_of_a_client_is_a_failure_with_a_text(self):
        backfill = self.start(fake.page(cursor="a"), KeyError("secret"))
        with mute_logger("odoo.addons.payment_hub.models.payment_hub_backfill"):
            self.pull(backfill)
        self.assertEqual(backfill.state, "failed")
        self.assertIn("KeyError", backfill.last_error)
        self.assertNotIn("secret", backfill.last_error)

    def test_failure_of_the_database_is_no_failure_of_the_backfill(self):
        backfill = self.start(errors.SerializationFailure())
        with self.assertRaises(errors.SerializationFailure):
            backfill._job_pull()
        self.assertEqual(backfill.state, "running")

    def test_loop_of_the_provider_ends(self):
        for length in (1, 2, 5):
            with self.subTest(length=length):
                names = [f"c{number % length}" for number in range(40)]
                backfill = self.start(*(fake.page(cursor=name) for name in names))
                self.assertLess(self.pull(backfill, 40), 20)
                self.assertEqual(backfill.state, "failed")
                self.assertIn("again and again", backfill.last_error)

    def test_kill_between_page_and_next_job(self):
        """The hook that enqueues the next job never ran; the sweeper sees to it."""
        backfill = self.start(
            fake.page(stripe.captured(1, 100), cursor="a"),
            fake.page(stripe.captured(2, 100)),
        )
        backfill._job_pull()
        self.assertFalse(self.jobs())
        self.sweep()
        job = self.jobs()
        self.assertEqual(job.channel, "root.payment_hub.provider")
        self.assertEqual(job.records, backfill)
        self.sweep()
        self.assertEqual(len(self.jobs()), 1)
        self.pull(backfill)
        self.assertEqual([asked[-1] for asked in self.api.asked], ["", "a"])

    def test_kill_before_the_commit(self):
        """Page and cursor are one transaction: the same page is pulled once more."""
        message = stripe.captured(1, 100)
        backfill = self.start(fake.page(message, cursor="a"), fake.page(message))
        with self.assertRaises(KeyboardInterrupt), self.env.cr.savepoint():
            backfill._job_pull()
            raise KeyboardInterrupt
        self.assertFalse(backfill.cursor)
        self.assertFalse(backfill.delivery_ids)
        self.pull(backfill)
        self.assertEqual(backfill.page_count, 1)

    def die(self, backfill, times):
        """Note what a job notes that ends its process."""
        for _time in range(times):
            backfill.turn += 1
            self.env["payment.hub.attempt"]._begin_page(backfill)
            backfill.turn -= 1  # as the rollback does

    def test_page_that_ends_each_process_is_given_up(self):
        """Real processes die in ``test_killed``."""
        backfill = self.start(
            fake.page(stripe.captured(1, 100), cursor="a"),
            fake.page(stripe.captured(2, 100)),
        )
        backfill._job_pull()
        self.die(backfill, times=3)
        backfill._job_pull()
        self.assertEqual((backfill.state, backfill.cursor), ("failed", "a"))
        self.assertIn("ended the process", backfill.last_error)
        self.assertEqual(len(self.api.asked), 1, "the page is not asked for again")
        exception = self.env["payment.hub.exception"].search([])
        self.assertIn("3 attempts", exception.detail)
        exception.action_retry()
        self.pull(backfill)
        self.assertEqual((backfill.state, backfill.page_count), ("done", 2))
        self.assertEqual(exception.state, "resolved")

    def test_two_deaths_at_each_page_are_forgiven(self):
        backfill = self.start(
            *(fake.page(stripe.captured(n, 1), cursor=f"c{n}") for n in range(3)),
            fake.page(),
        )
        for _page in range(4):
            self.die(backfill, times=2)
            backfill._job_pull()
        self.assertEqual((backfill.state, backfill.page_count), ("done", 4))

    def test_what_the_process_outlives_is_no_death(self):
        away = [RateLimited("Slow down", 90.0), Unavailable("No answer")] * 3
        backfill = self.start(*away, *[errors.SerializationFailure()] * 4, fake.page())
        for _time in away:
            backfill._job_pull()
        for _time in range(4):
            # assertRaises would roll the note back, for want of an own transaction.
            with suppress(errors.SerializationFailure):
                backfill._job_pull()
            backfill.turn -= 1  # as the rollback does
        backfill._job_pull()
        self.assertEqual(backfill.state, "done")

    def test_failure_of_the_commit_is_no_death(self):
        backfill = self.start(fake.page())
        backfill._job_pull()
        note = self.env["payment.hub.attempt"].sudo().search([])
        self.assertEqual((note.backfill_id, note.turn), (backfill, 1))
        self.env.cr.postrollback.run()
        self.assertEqual(note.turn, 0)

    def test_lane_and_backfills_have_notes_of_their_own(self):
        backfills = self.start(streams=["events", "payouts"])
        for backfill in backfills:
            self.die(backfill, times=2)
        deliveries = self.receive(stripe.captured(1, 100), connection=self.fake)
        attempts = self.env["payment.hub.attempt"]
        _batch, deaths = attempts._begin(self.fake, self.fake.turn + 1, deliveries)
        self.assertEqual(deaths, 0)
        notes = attempts.sudo().search([])
        self.assertEqual(sorted(notes.mapped("deaths")), [0, 1, 1])

    def sweep(self):
        with self.enter_registry_test_mode():
            self.env.ref("payment_hub.ir_cron_backfill").method_direct_trigger()

    def test_sweeper_leaves_alone_what_is_not_due(self):
        waiting = self.start(RateLimited("Slow down", 90.0))
        self.pull(waiting)
        done = self.start(fake.page(), streams=["payouts"])
        self.pull(done)
        self.sweep()
        self.assertFalse(self.jobs())
        waiting.next_at = fields.Datetime.now() - timedelta(seconds=1)
        self.sweep()
        self.assertEqual(self.jobs().records, waiting)

    def test_sweeper_wakes_the_others_when_one_fails(self):
        self.start(streams=["events", "payouts"])
        first, second = backfills = self.backfills.search([])
        wake = type(backfills)._wake
        for failing, woken in ((first, second), (second, first)):

            def wake_or_fail(backfill, failing=failing):
                if failing in backfill:
                    backfill.env.cr.execute("SELECT 1 / 0")
                return wake(backfill)

            self.jobs().unlink()
            with (
                self.subTest(failing=failing.stream),
                patch.object(type(backfills), "_wake", wake_or_fail),
                mute_logger("odoo.sql_db", LANE_LOGGER),
            ):
                self.sweep()
                self.assertEqual(self.jobs().records, woken)

    def test_page_is_not_pulled_twice_at_a_time(self):
        with closing(self.registry.cursor()) as first:
            backfill_id = self._insert_backfill(first)
            first.execute(
                "SELECT FROM payment_hub_backfill WHERE id = %s FOR NO KEY UPDATE",
                [backfill_id],
            )
            with closing(self.registry.cursor()) as second:
                self._backfill_on(second, backfill_id)._job_pull()
                self.assertFalse(self.api.asked)
                # The first one commits its page; the second's snapshot is older.
                first.execute(
                    "UPDATE payment_hub_backfill SET cursor = 'a' WHERE id = %s",
                    [backfill_id],
                )
                first.commit()
                with (
                    self.assertRaises(errors.SerializationFailure),
                    mute_logger("odoo.sql_db"),
                ):
                    self._backfill_on(second, backfill_id)._job_pull()
                self.assertFalse(self.api.asked)

    def _insert_backfill(self, cr):
        cr.execute(
            "INSERT INTO payment_hub_connection"
            " (name, provider, environment, company_id, state, tz, token, granularity)"
            " VALUES ('Race', 'fake', 'test', %s, 'draft', 'UTC', 'race', 'event')"
            " RETURNING id",
            [self.env.ref("base.main_company").id],
        )
        (connection_id,) = cr.fetchone()
        cr.execute(
            "INSERT INTO payment_hub_backfill"
            " (connection_id, stream, since, until, state)"
            " VALUES (%s, 'events', '2026-01-01', '2026-01-02', 'running')"
            " RETURNING id",
            [connection_id],
        )
        (backfill_id,) = cr.fetchone()
        cr.commit()
        self.addCleanup(self._delete, connection_id)
        return backfill_id

    def _delete(self, connection_id):
        with self.registry.cursor() as cr:
            for table, column in (
                ("payment_hub_backfill", "connection_id"),
                ("payment_hub_connection", "id"),
            ):
                cr.execute(f"DELETE FROM {table} WHERE {column} = %s", [connection_id])

    def _backfill_on(self, cr, backfill_id):
        return self.backfills.with_env(self.backfills.env(cr=cr)).browse(backfill_id)
