# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a provider's API gives is pulled to its end, once; what a person may do."""

from datetime import timedelta, timezone

from psycopg2 import IntegrityError, errors

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..engine.providers.client import Page
from . import fake_provider as fake
from . import stripe_messages as stripe
from .backfill_common import SINCE, UNTIL, BackfillCommon

LANE_LOGGER = "odoo.addons.payment_hub.models.payment_hub_lane"


@tagged("post_install", "-at_install")
class TestBackfill(BackfillCommon):
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
