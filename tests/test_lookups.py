# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a message only names is asked for until the provider gives it."""

from datetime import timedelta
from unittest.mock import patch

from psycopg2 import errors

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..engine.providers.client import (
    Missing,
    Page,
    RateLimited,
    Unavailable,
)
from ..models import payment_hub_lookup
from . import fake_provider as fake
from . import stripe_messages as stripe
from .common import PaymentHubCommon

LANE_LOGGER = "odoo.addons.payment_hub.models.payment_hub_lane"
LOGGER = "odoo.addons.payment_hub.models.payment_hub_lookup"


def answer(*messages, cursor=""):
    return fake.page(*messages, cursor=cursor, stream="charge")


@tagged("post_install", "-at_install")
class TestLookups(PaymentHubCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.api = fake.FakeApi()
        cls.startClassPatcher(fake.registered(cls.api))
        cls.fake = cls.make_connection("Fake", provider=fake.CODE)

    def setUp(self):
        super().setUp()
        self.api.asked = []

    def ask(self, *ids):
        """Receive a message for each object; return the lookups."""
        self.deliver(
            *(fake.asking("charge", name) for name in ids), connection=self.fake
        )
        return self.lookups()

    def lookups(self):
        return self.env["payment.hub.lookup"].sudo().search([], order="id")

    def look_up(self, *answers):
        """Run the job once with these answers; return the ids asked for."""
        self.api.answers = list(answers)
        self.api.asked = []
        self.fake._job_look_up()
        return [asked[-1] for asked in self.api.asked]

    def exception(self):
        return self.env["payment.hub.exception"].search(
            [("cause", "=", "lookup_failed")], order="id desc", limit=1
        )

    def make_due(self):
        self.lookups().next_at = False

    def test_answer_is_a_delivery_that_posts(self):
        invoice = self.make_invoice(1.0)
        lookup = self.ask("ch_1")
        self.assertEqual(lookup.delivery_id.state, "done")
        self.assertEqual(self.fake.todo_lookup_count, 1)
        self.look_up(answer(stripe.captured(1, 100, invoice.name)))
        self.assertEqual(self.api.asked, [("lookup", "charge", "ch_1")])
        self.assertEqual((lookup.state, lookup.error), ("done", False))
        self.drain(self.fake)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self.payment(1).event_ids.attestation_ids.source, "api")
        self.fake.invalidate_recordset()
        self.assertEqual(self.fake.todo_lookup_count, 0)

    def jobs(self):
        return (
            self.env["queue.job"]
            .sudo()
            .search([("method_name", "=", "_job_look_up"), ("state", "=", "pending")])
        )

    def sweep(self):
        with self.enter_registry_test_mode():
            self.env.ref("payment_hub.ir_cron_look_up").method_direct_trigger()

    def test_sweeper_wakes_the_others_when_one_fails(self):
        other = self.make_connection("Fake Too", provider=fake.CODE)
        self.ask("ch_1")
        self.deliver(fake.asking("charge", "ch_2"), connection=other)
        lookups = type(self.lookups())
        wake = lookups._wake
        for failing, woken in ((self.fake, other), (other, self.fake)):

            def wake_or_fail(model, connection, eta=None, failing=failing):
                if connection == failing:
                    model.env.cr.execute("SELECT 1 / 0")
                return wake(model, connection, eta)

            self.jobs().unlink()
            with (
                self.subTest(failing=failing.name),
                patch.object(lookups, "_wake", wake_or_fail),
                mute_logger("odoo.sql_db", LANE_LOGGER),
            ):
                self.sweep()
                self.assertEqual(self.jobs().records, woken)

    def test_sweeper_wakes_what_is_due(self):
        lookup = self.ask("ch_1")
        self.look_up(Unavailable("No answer"))
        self.sweep()
        self.assertFalse(self.jobs())
        lookup.next_at = fields.Datetime.now() - timedelta(seconds=1)
        self.sweep()
        self.sweep()
        self.assertEqual(self.jobs().records, self.fake)
        self.assertEqual(self.jobs().channel, "root.payment_hub.provider")

    def test_job_is_enqueued_after_the_commit(self):
        with patch.object(type(self.lane), "_after_commit") as after_commit:
            self.ask("ch_1")
            self.assertFalse(self.jobs())
            for call in after_commit.mock_calls:
                call.args[0](self.lane)
        self.assertEqual(self.jobs().records, self.fake)

    def test_object_of_several_messages_is_asked_for_once(self):
        self.ask("ch_1", "ch_2")
        again = fake.listed(
            fake.asking("charge", "ch_1"), fake.asking("charge", "ch_1")
        )
        self.deliver(again, connection=self.fake)
        self.assertEqual(len(self.lookups()), 3)
        asked = self.look_up(answer(), answer(stripe.captured(1, 100)))
        self.assertEqual(asked, ["ch_1", "ch_2"])
        self.assertEqual(set(self.lookups().mapped("state")), {"done"})

    def test_object_that_was_looked_up_asks_no_further(self):
        self.ask("ch_1")
        self.look_up(answer(fake.asking("charge", "ch_2")))
        self.drain(self.fake)
        self.assertEqual(self.lookups().mapped("object_id"), ["ch_1"])

    def test_object_in_several_pages(self):
        lookup = self.ask("ch_1")
        self.look_up(
            answer(stripe.captured(1, 100), cursor="a"),
            answer(stripe.captured(2, 100), cursor="b"),
            answer(stripe.captured(3, 100)),
        )
        self.assertEqual(lookup.state, "done")
        self.assertEqual(
            self.pages_asked(), [("lookup", "ch_1"), ("page", "a"), ("page", "b")]
        )
        self.drain(self.fake)
        self.assertTrue(self.payment(1) and self.payment(2) and self.payment(3))

    def pages_asked(self):
        return [(asked[0], asked[-1]) for asked in self.api.asked]

    def test_object_is_gone_on_with_where_it_stopped(self):
        lookup = self.ask("ch_1")
        first = answer(stripe.captured(1, 100), cursor="a")
        self.look_up(first, Unavailable("Gone"))
        self.assertEqual(lookup.state, "todo")
        self.make_due()
        self.look_up(answer(stripe.captured(2, 100)))
        self.assertEqual(self.pages_asked(), [("page", "a")])
        self.assertEqual(lookup.state, "done")
        self.drain(self.fake)
        self.assertTrue(self.payment(1) and self.payment(2))

    def test_rate_limit_within_an_object(self):
        lookup = self.ask("ch_1")
        self.look_up(answer(cursor="a"), RateLimited("Slow down", 1.0))
        self.make_due()
        self.look_up(answer())
        self.assertEqual(self.pages_asked(), [("page", "a")])
        self.assertEqual(lookup.state, "done")

    def test_object_longer_than_a_round(self):
        lookup = self.ask("ch_1")
        clock = iter([0, 0, 31, 31])
        with patch.object(payment_hub_lookup.time, "monotonic", lambda: next(clock)):
            self.look_up(answer(cursor="a"))
        self.assertEqual((lookup.state, lookup.cursor), ("todo", "a"))
        self.look_up(answer())
        self.assertEqual(lookup.state, "done")
        lookup.delivery_id.action_process_again()
        self.assertEqual(lookup.state, "done", "told already")

    def test_retry_of_an_object_asks_for_all_of_it(self):
        lookup = self.ask("ch_1")
        with mute_logger(LOGGER):
            self.look_up(answer(cursor="a"), Missing("Ended"))
        self.exception().action_retry()
        self.look_up(answer())
        self.assertEqual(self.pages_asked(), [("lookup", "ch_1")])
        self.assertEqual(lookup.state, "done")

    def test_object_without_end(self):
        lookup = self.ask("ch_1")
        with (
            patch.object(payment_hub_lookup, "MAX_PAGES", 3),
            mute_logger(LOGGER),
        ):
            self.look_up(*[answer(cursor="a")] * 5)
        self.assertEqual(lookup.state, "failed")

    def test_a_batch_at_a_time(self):
        self.ask(*(f"ch_{number}" for number in range(25)))
        with patch.object(type(self.lookups()), "_wake_after_commit") as wake:
            self.assertEqual(len(self.look_up(*[answer()] * 25)), 20)
            wake.assert_called_once()
            wake.reset_mock()
            self.assertEqual(len(self.look_up(*[answer()] * 25)), 5)
            wake.assert_not_called()

    def test_a_round_ends_in_time(self):
        self.ask("ch_1", "ch_2")
        with patch.object(payment_hub_lookup, "ROUND", -1):
            self.assertEqual(self.look_up(answer()), [])
        self.assertEqual(set(self.lookups().mapped("state")), {"todo"})

    def test_rate_limit_lets_the_others_wait_too(self):
        lookups = self.ask("ch_1", "ch_2", "ch_3")
        asked = self.look_up(answer(), RateLimited("Slow down", 90.0))
        self.assertEqual(asked, ["ch_1", "ch_2"])
        self.assertEqual(lookups.mapped("state"), ["done", "todo", "todo"])
        left = lookups[2].next_at - fields.Datetime.now()
        self.assertTrue(80 < left.total_seconds() <= 90)
        self.assertEqual(self.look_up(answer()), [])
        self.assertFalse(self.exception())
        self.assertFalse(any(lookups.mapped("attempts")))

    def test_provider_that_is_away(self):
        """One answer is enough for a round; the next one begins with another."""
        lookups = self.ask("ch_1", "ch_2")
        self.assertEqual(self.look_up(Unavailable("No answer")), ["ch_1"])
        self.assertEqual(self.look_up(Unavailable("No answer")), ["ch_2"])
        self.assertEqual(self.look_up(), [])
        pauses = []
        for _attempt in range(7):
            lookups[1].unlink()
            self.make_due()
            self.look_up(Unavailable("No answer"))
            left = lookups[0].next_at - fields.Datetime.now()
            pauses.append(round(left.total_seconds() / 60))
        self.assertEqual(pauses, [2, 4, 8, 16, 32, 60, 60])
        self.assertFalse(self.exception(), "patient for a day")

    def test_provider_that_is_away_for_a_day(self):
        lookup = self.ask("ch_1")
        self.env.cr.execute(
            "UPDATE payment_hub_lookup SET create_date = create_date - interval '25h'"
        )
        lookup.invalidate_recordset()
        with mute_logger(LOGGER):
            self.look_up(Unavailable("No answer"))
        self.assertEqual(lookup.state, "todo", "and goes on")
        self.assertIn("ch_1: No answer", self.exception().detail)
        self.make_due()
        self.look_up(answer())
        self.assertEqual(self.exception().state, "resolved")

    def test_failure_and_retry(self):
        invoice = self.make_invoice(1.0)
        lookup = self.ask("ch_1")
        with mute_logger(LOGGER):
            self.look_up(Missing("No such charge"))
        exception = self.exception()
        self.assertEqual((lookup.state, lookup.error), ("failed", "No such charge"))
        self.assertEqual(exception.lookup_id, lookup)
        self.assertEqual(lookup.exception_ids, exception)
        self.assertEqual(self.look_up(), [], "not without a person")
        notification = exception.action_retry()
        self.assertIn("asked once more", notification["params"]["message"])
        self.assertTrue(exception.is_open, "until the provider gives it")
        self.assertEqual(lookup.state, "todo")
        with mute_logger(LOGGER):
            self.look_up(Missing("Still no such charge"))
        self.assertTrue(exception.is_open)
        self.assertIn("Still", exception.detail)
        exception.action_retry()
        self.look_up(answer(stripe.captured(1, 100, invoice.name)))
        self.assertEqual((lookup.state, exception.state), ("done", "resolved"))
        self.drain(self.fake)
        self.assertEqual(invoice.payment_state, "paid")

    def test_retry_does_not_wait_for_the_pause(self):
        lookup = self.ask("ch_1")
        self.look_up(Unavailable("No answer"))
        self.assertTrue(lookup.next_at)
        lookup.delivery_id.action_process_again()
        self.assertFalse(lookup.next_at)

    def test_bug_of_a_client_stops_nothing_else(self):
        lookups = self.ask("ch_1", "ch_2")
        with mute_logger(LOGGER):
            self.look_up(KeyError("secret"), answer())
        self.assertEqual(lookups.mapped("state"), ["failed", "done"])
        self.assertNotIn("secret", self.exception().detail)

    def test_failure_of_the_database_is_no_failure_of_the_lookup(self):
        lookup = self.ask("ch_1")
        with self.assertRaises(errors.SerializationFailure):
            self.look_up(errors.SerializationFailure())
        self.assertEqual(lookup.state, "todo")

    def test_connection_without_key_to_its_secrets(self):
        lookups = self.ask("ch_1", "ch_2")
        with (
            patch.dict("os.environ", {"PAYMENT_HUB_SECRET_KEYS": ""}),
            mute_logger(LOGGER),
        ):
            self.assertEqual(self.look_up(), [])
        self.assertEqual(set(lookups.mapped("state")), {"failed"})

    def test_two_jobs_share_the_work(self):
        """What one job asks for, another one leaves alone."""
        self.ask("ch_1")
        nothing = self.env["payment.hub.lookup"]
        with patch.object(type(nothing), "try_lock_for_update", return_value=nothing):
            self.assertEqual(self.look_up(), [])

    def test_answer_that_cannot_be_read(self):
        self.ask("ch_1")
        self.look_up(Page("charge", b"<html>"))
        self.drain(self.fake)
        self.assertEqual(self.open_causes(), ["malformed"])
