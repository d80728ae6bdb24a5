# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a provider's API gives is pulled to its end, once, whatever comes between."""

from contextlib import closing, suppress
from datetime import datetime, timedelta, timezone
from unittest.mock import patch

from psycopg2 import IntegrityError, errors

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..engine.providers.client import Page, RateLimited, Unauthorized, Unavailable
from . import fake_provider as fake
from . import stripe_messages as stripe
from .common import PaymentHubCommon

LANE_LOGGER = "odoo.addons.payment_hub.models.payment_hub_lane"
SINCE = datetime(2026, 1, 1)
UNTIL = datetime(2026, 1, 11)


@tagged("post_install", "-at_install")
class TestBackfill(PaymentHubCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.api = fake.FakeApi()
        cls.startClassPatcher(fake.registered(cls.api))
        cls.fake = cls.make_connection("Fake", provider=fake.CODE)
        cls.backfills = cls.env["payment.hub.backfill"].sudo()

    def setUp(self):
        super().setUp()
        self.api.asked = []

    def start(self, *answers, streams=("events",)):
        self.api.answers = list(answers)
        return self.backfills._start(self.fake, streams, SINCE, UNTIL)

    def pull(self, backfill, times=10):
        """Run the job until there is nothing to do now; return how often it ran."""
        for count in range(times):
            if backfill.state != "running":
                return count
            backfill._job_pull()
        return times

    def jobs(self):
        return (
            self.env["queue.job"]
            .sudo()
            .search([("method_name", "=", "_job_pull"), ("state", "=", "pending")])
        )

    # === what it brings ===

    def test_pages_are_pulled_to_the_end(self):
        invoice = self.make_invoice(2.0)
        backfill = self.start(
            fake.page(stripe.captured(1, 100, invoice.name), cursor="a"),
            fake.page(stripe.captured(2, 100, invoice.name)),
        )
        self.assertEqual(self.pull(backfill), 2)
        self.assertEqual(backfill.state, "done")
        self.assertEqual(backfill.page_count, 2)
        self.assertEqual(backfill.message_count, 2)
        self.assertFalse(backfill.known_count)
        self.assertTrue(backfill.ended_at)
        utc = timezone.utc
        times = (SINCE.replace(tzinfo=utc), UNTIL.replace(tzinfo=utc))
        self.assertEqual(
            self.api.asked,
            [("page", "events", *times, ""), ("page", "events", *times, "a")],
        )
        self.assertEqual(set(backfill.delivery_ids.mapped("source")), {"api"})
        self.assertEqual(backfill.todo_count, 2)
        self.drain(self.fake)
        self.assertEqual(invoice.payment_state, "paid")
        backfill.invalidate_recordset()
        self.assertFalse(backfill.todo_count)
        self.assertFalse(backfill.open_exception_count)

    def test_webhook_and_page_post_once_in_any_order(self):
        for number, order in ((1, "webhook first"), (2, "page first")):
            with self.subTest(order):
                invoice = self.make_invoice(1.0)
                message = stripe.captured(number, 100, invoice.name)
                before = self.clearing_minor(self.fake)
                backfill = self.start(fake.page(message))
                roads = [
                    lambda message=message: self.receive(message, connection=self.fake),
                    lambda backfill=backfill: self.pull(backfill),
                ]
                for road in roads if number == 1 else reversed(roads):
                    road()
                    self.drain(self.fake)
                self.assertEqual(self.clearing_minor(self.fake) - before, 100)
                (event,) = self.payment(number).event_ids
                self.assertEqual(
                    sorted(event.attestation_ids.mapped("source")), ["api", "webhook"]
                )
                self.assertEqual(len(event.posting_ids), 1)
        self.assertFalse(self.open_causes())

    def test_gap_pulled_again_posts_nothing(self):
        invoice = self.make_invoice(3.0)
        first = fake.page(stripe.captured(1, 100, invoice.name))
        self.pull(self.start(first))
        self.drain(self.fake)
        both = (stripe.captured(1, 100, invoice.name), stripe.captured(2, 100))
        again = self.start(first._replace(cursor="a"), fake.page(*both))
        self.pull(again)
        self.drain(self.fake)
        self.assertEqual(again.known_count, 1)
        self.assertEqual(len(again.delivery_ids), 2)
        self.assertEqual(self.clearing_minor(self.fake), 100)
        self.assertEqual(len(self.payment(1).event_ids.attestation_ids), 2)

    def test_page_that_disagrees_blocks_the_event(self):
        self.receive(stripe.captured(1, 100), connection=self.fake)
        self.pull(self.start(fake.page(stripe.captured(1, 90))))
        self.drain(self.fake)
        self.assertEqual(self.payment(1).state, "conflicted")

    def test_unreadable_page_does_not_stop_the_others(self):
        invoice = self.make_invoice(1.0)
        backfill = self.start(
            Page("events", b"<html>", "a"),
            fake.page(stripe.captured(1, 100, invoice.name)),
        )
        self.pull(backfill)
        self.drain(self.fake)
        self.assertEqual(backfill.state, "done")
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self.open_causes(), ["malformed"])
        self.assertEqual(backfill.open_exception_count, 1)

    def test_progress(self):
        def at(day):
            moment = SINCE.replace(tzinfo=timezone.utc) + timedelta(days=day)
            return int(moment.timestamp())

        backfill = self.start(
            fake.page(stripe.captured(1, 1, created=at(10)), cursor="a"),
            fake.page(stripe.captured(2, 1, created=at(6)), cursor="b"),
            fake.page(),
        )
        self.assertEqual(backfill.progress, 0)
        backfill._job_pull()
        backfill._job_pull()
        self.assertEqual(round(backfill.progress), 40)
        self.assertEqual(backfill.oldest_at, SINCE + timedelta(days=6))
        self.assertEqual(backfill.newest_at, SINCE + timedelta(days=10))
        backfill._job_pull()
        self.assertEqual((backfill.progress, backfill.message_count), (100, 2))

    # === what comes between ===

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
            " (name, provider, environment, company_id, state, tz, token)"
            " VALUES ('Race', 'fake', 'test', %s, 'draft', 'UTC', 'race')"
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

    # === what a person may do ===

    def test_one_at_a_time_for_each_list(self):
        backfill = self.start(fake.page())
        with self.assertRaisesRegex(UserError, "Fake: Events is being pulled"):
            self.start()
        self.start(streams=["payouts"])
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            backfill.copy()
        backfill.action_cancel()
        again = self.start()
        with self.assertRaisesRegex(UserError, "is being pulled"):
            backfill.action_resume()
        again.action_cancel()
        backfill.action_resume()
        self.assertEqual(backfill.state, "running")

    def test_cancel_stops_it(self):
        backfill = self.start(fake.page(cursor="a"), fake.page())
        backfill._job_pull()
        backfill.action_cancel()
        backfill._job_pull()
        self.assertEqual((backfill.state, backfill.page_count), ("cancelled", 1))
        backfill.action_cancel()
        backfill.action_resume()
        self.pull(backfill)
        self.assertEqual((backfill.state, backfill.page_count), ("done", 2))
        backfill.action_cancel()
        backfill.action_resume()
        self.assertEqual(backfill.state, "done")

    def test_person_does_not_wait_for_a_page_for_ever(self):
        backfill = self.start()
        execute = self.env.cr.execute

        def fail(query, *args, **kwargs):
            if "FOR NO KEY UPDATE" in str(query):
                raise errors.LockNotAvailable
            return execute(query, *args, **kwargs)

        self.patch(self.env.cr, "execute", fail)
        with self.assertRaisesRegex(UserError, "Try again"):
            backfill.action_cancel()

    def test_wizard_lists_what_the_provider_gives(self):
        start = Form(
            self.env["payment.hub.backfill.start"].with_context(
                default_connection_id=self.fake.id
            )
        )
        start.since = fields.Datetime.now() - timedelta(days=100)
        lines = start.line_ids._records
        self.assertEqual([line["label"] for line in lines], ["Events", "Payouts"])
        self.assertEqual([line["is_beyond_limit"] for line in lines], [False, True])
        with start.line_ids.edit(1) as line:
            self.assertIn("nothing before", line.limit_text)
            line.is_chosen = False
        wizard = start.save()
        self.assertEqual(wizard.line_ids.mapped("stream"), ["events", "payouts"])
        action = wizard.action_start()
        backfill = self.env["payment.hub.backfill"].browse(action["res_id"])
        self.assertEqual(backfill.stream, "events")
        self.assertEqual(backfill.create_uid, self.env.user)

    def test_wizard_refuses_impossible_times(self):
        now = fields.Datetime.now()
        for since, until, text in (
            (now, now - timedelta(days=1), "before the end"),
            (now, now, "before the end"),
            (SINCE, now + timedelta(hours=1), "future"),
        ):
            wizard = self.env["payment.hub.backfill.start"].create(
                {"connection_id": self.fake.id, "since": since, "until": until}
            )
            with self.assertRaisesRegex(UserError, text):
                wizard.action_start()
        wizard.line_ids.is_chosen = False
        with self.assertRaisesRegex(UserError, "at least one list"):
            wizard.action_start()

    def test_wizard_refuses_what_is_no_list_of_the_provider(self):
        wizard = self.env["payment.hub.backfill.start"].create(
            {"connection_id": self.fake.id, "since": SINCE}
        )
        for stream in ("nothing", "charge"):
            wizard.line_ids[0].stream = stream
            with self.assertRaisesRegex(UserError, "no list"):
                wizard.action_start()

    def test_who_may_start(self):
        other = self.setup_other_company()["company"]
        foreign = self.make_connection("Other", other, provider=fake.CODE)
        for role in ("operator", "auditor", "user"):
            user = new_test_user(
                self.env,
                f"backfill_{role}",
                groups=f"payment_hub.group_{role}",
                company_id=self.company.id,
                company_ids=[(6, 0, self.company.ids)],
            )
            vals = {"connection_id": self.fake.id, "since": SINCE}
            wizards = self.env["payment.hub.backfill.start"].with_user(user)
            if role != "operator":
                with self.assertRaises(AccessError):
                    wizards.create(vals)
                backfill = self.backfills.search([], limit=1).with_user(user)
                self.assertTrue(backfill.display_name)
                for action in (backfill.action_cancel, backfill.action_resume):
                    with self.assertRaises(AccessError):
                        action()
                continue
            wizards.create(vals).action_start()
            with self.assertRaises(AccessError):
                wizards.create(vals | {"connection_id": foreign.id}).action_start()
            self.backfills.search([]).with_user(user).action_cancel()

    def test_draft_connection_is_refused(self):
        draft = self.fake.copy({"name": "Draft"})
        wizard = self.env["payment.hub.backfill.start"].create(
            {"connection_id": draft.id, "since": SINCE}
        )
        with self.assertRaisesRegex(UserError, "Activate"):
            wizard.action_start()
