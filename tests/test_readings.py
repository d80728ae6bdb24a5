# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the provider says that it owes is held against what the events add up to."""

import json
from datetime import datetime, timedelta, timezone

from freezegun import freeze_time
from psycopg2 import errors

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..engine.events import Reading
from ..engine.providers.base import Translation
from ..engine.providers.client import Page, Unauthorized, Unavailable
from ..models import payment_hub_balance, payment_hub_proof_mixin, payment_hub_reading
from . import fake_provider as fake
from . import stripe_messages as stripe
from .common import PaymentHubCommon
from .generic_messages import T0, told
from .ledger_common import LedgerCommon

LOGGER = "odoo.addons.payment_hub.models.payment_hub_reading"
HOURS = payment_hub_proof_mixin.PATIENCE / timedelta(hours=1)
NEAR = payment_hub_balance.NEAR / timedelta(hours=1)


def reported(minor, at=0, currency="USD", **parts):
    """A message of what is owed, so many hours after the start."""
    balance = {"currency": currency, "available_minor": minor} | parts
    return told("balance.available", f"at-{at}", at=at, balances=[balance])


def fee(number, minor, at=0):
    return told("fee.charged", f"f{number}", minor, at)


@tagged("post_install", "-at_install")
class TestReadings(LedgerCommon):
    def shown(self, balance=None):
        balance = balance or self.balance
        balance.invalidate_recordset()
        at = balance.reported_at
        hours = at and (at - T0.replace(tzinfo=None)) / timedelta(hours=1)
        return balance.reported, hours, balance.unexplained

    def prove(self, at):
        with (
            freeze_time(T0 + timedelta(hours=at)),
            self.enter_registry_test_mode(),
        ):
            self.env.ref("payment_hub.ir_cron_prove").method_direct_trigger()

    def exceptions(self):
        return self.env["payment.hub.exception"].search(
            [("cause", "=", "balance_unexplained")]
        )

    def readings(self):
        return self.env["payment.hub.reading"].search([])

    # === what is shown ===

    def test_nothing_reported(self):
        self.assertEqual(self.shown(), (0.0, False, 0.0))

    def test_all_parts_count_at_their_moment(self):
        """What occurred later is none of that moment's, and a reserve is owed too."""
        self.deliver(
            fee(1, 2_00, at=1),
            told("topup.succeeded", "t", 100_00, at=2),
            told("reserve.held", "r", 30_00, at=2),
            reported(50_00, at=3, pending_minor=18_00, reserved_minor=30_00),
            fee(2, 5_00, at=4),
        )
        self.assertEqual(self.shown(), (98.0, 3.0, 0.0))
        self.assertEqual(self.balance.owed, 93.0)

    def test_what_is_not_explained(self):
        self.deliver(fee(1, 2_00), reported(10_00, at=1))
        self.assertEqual(self.shown(), (10.0, 1.0, 12.0))

    def test_what_waits_for_its_entry_counts(self):
        self.connection.sudo().granularity = "settlement"
        self.deliver(fee(1, 2_00), reported(-2_00, at=1))
        self.assertEqual(self.balance.booked, 0.0)
        self.assertEqual(self.shown(), (-2.0, 1.0, 0.0))

    def test_what_is_not_posted_explains_nothing(self):
        self.env["payment.hub.mapping"].sudo().search(
            [("event_type", "=", "fee.charged")]
        ).active = False
        self.deliver(fee(1, 2_00), reported(-2_00, at=1))
        self.assertEqual(self.shown(), (-2.0, 1.0, -2.0))
        self.assertEqual(self.balance.unposted_count, 1)

    def test_a_reversed_posting_explains_nothing(self):
        """The one in its place does, at the moment of the event."""
        self.deliver(fee(1, 2_00), reported(-2_00, at=1))
        posting = self.env["payment.hub.posting"].search([])
        posting.with_user(self.env.user).sudo().action_post_again()
        self.assertEqual(self.shown(), (-2.0, 1.0, 0.0))

    def test_the_newest_is_shown_whatever_the_order(self):
        self.deliver(reported(2_00, at=2), reported(1_00, at=1))
        self.assertEqual(self.shown()[:2], (2.0, 2.0))

    def test_nobody_s_clock_is_right_to_the_second(self):
        """What is felt a little earlier or later than it was told explains it."""
        self.deliver(
            fee(1, 1_00, at=1),
            fee(2, 2_00, at=3 - NEAR / 2),
            fee(3, 4_00, at=3 + NEAR / 2),
            fee(4, 8_00, at=3 + NEAR * 2),
        )
        for minor, unexplained in (
            (-1_00, 0.0),
            (-3_00, 0.0),
            (-7_00, 0.0),
            (-15_00, -8.0),
            (0, 1.0),
        ):
            self.deliver(reported(minor, at=3))
            with self.subTest(minor):
                self.assertEqual(self.shown()[2], unexplained)

    def test_each_currency_for_itself(self):
        other = self.add_balance(self.env.ref("base.EUR"))
        self.deliver(
            reported(0, at=1), reported(5_00, at=2, currency="EUR"), fee(1, 1_00)
        )
        self.assertEqual(self.shown(), (0.0, 1.0, 1.0))
        self.assertEqual(self.shown(other), (5.0, 2.0, 5.0))

    def test_a_currency_without_a_balance_is_kept(self):
        self.deliver(reported(5_00, currency="JPY"))
        self.assertEqual(self.readings().mapped("amount"), [500.0])
        self.assertFalse(self.open_causes())

    # === opening ===

    def test_opening(self):
        """It is owed, explains, and is booked by hand."""
        self.deliver(fee(1, 2_00), reported(98_00, at=1))
        self.assertEqual(self.shown()[2], 100.0)
        self.balance.opening = 100.0
        self.assertEqual(self.shown()[2], 0.0)
        self.assertEqual((self.balance.owed, self.balance.difference), (98.0, -100.0))
        move = self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "line_ids": [
                    Command.create({"account_id": account.id, "balance": balance})
                    for account, balance in (
                        (self.account("clearing"), 100.0),
                        (self.accounts["suspense"], -100.0),
                    )
                ],
            }
        )
        move.action_post()
        self.balance.invalidate_recordset()
        self.assertEqual((self.balance.booked, self.balance.difference), (98.0, 0.0))

    def test_opening_is_told_in_the_chatter(self):
        self.balance.write({"opening": 100.0})
        self.balance.write({"opening": 100.0})
        messages = self.connection.message_ids.filtered(
            lambda one: "Opening" in (one.body or "")
        )
        self.assertEqual(len(messages), 1)
        self.assertIn("0.0 → 100.0", messages.body)

    # === exceptions ===

    def test_only_what_no_late_fact_can_explain_is_an_exception(self):
        self.deliver(reported(-2_00, at=1))
        self.prove(at=HOURS)
        self.assertFalse(self.exceptions())
        self.prove(at=HOURS + 2)
        exception = self.exceptions()
        self.assertEqual((exception.amount, exception.currency), (-2.0, "USD"))
        self.assertEqual(
            exception.detail, "Reported for 2026-01-01 11:00:00 UTC: -2.00 USD"
        )
        self.prove(at=HOURS + 3)
        self.assertEqual(self.exceptions(), exception)
        self.deliver(fee(1, 2_00))  # late indeed
        self.prove(at=HOURS + 4)
        self.assertEqual(exception.state, "resolved")

    def test_later_readings_do_not_put_it_off(self):
        """A busy account reports every hour."""
        for hour in range(1, int(HOURS) + 4):
            self.deliver(reported(-2_00, at=hour))
        self.prove(at=HOURS + 4)
        self.assertEqual(self.exceptions().amount, -2.0)

    def test_a_later_reading_that_agrees_ends_it_at_once(self):
        self.deliver(reported(-2_00, at=1))
        self.prove(at=HOURS + 2)
        exception = self.exceptions()
        self.deliver(reported(-1_00, at=HOURS + 2))
        self.assertTrue(exception.is_open)
        self.deliver(reported(0, at=HOURS + 3))
        self.assertEqual(exception.state, "resolved")
        self.prove(at=HOURS * 2 + 4)
        self.assertFalse(self.open_causes())

    def test_an_amount_that_a_person_closed_stays_closed(self):
        self.deliver(reported(-2_00, at=1))
        self.prove(at=HOURS + 2)
        self.exceptions().action_ignore()
        self.prove(at=HOURS + 30)
        self.assertFalse(self.open_causes())
        self.deliver(reported(-3_00, at=2))
        self.prove(at=HOURS + 30)
        self.assertEqual(self.open_causes(), ["balance_unexplained"])

    def test_same_amount_for_another_reason(self):
        """Whoever closed it has seen the amount of that day."""
        self.deliver(reported(-2_00, at=1))
        self.prove(at=HOURS + 2)
        self.exceptions().action_ignore()
        self.deliver(fee(1, 2_00), reported(-2_00, at=20))
        self.prove(at=HOURS + 21)
        self.assertFalse(self.open_causes())
        self.deliver(reported(-4_00, at=40))
        self.prove(at=HOURS + 41)
        self.assertEqual(self.open_causes(), ["balance_unexplained"])

    def test_a_disabled_connection_is_left_alone(self):
        self.deliver(reported(-2_00, at=1))
        self.connection.sudo().action_disable()
        self.prove(at=HOURS + 2)
        self.assertFalse(self.exceptions())

    # === from the future ===

    def test_a_reading_from_the_future_is_refused(self):
        """It would be the newest one for years."""
        self.deliver(reported(-2_00, at=1))
        delivery = self.deliver(reported(0, at=24 * 365 * 100))
        self.assertEqual(self.open_causes(), ["malformed"])
        exception = self.env["payment.hub.exception"].search([])
        self.assertEqual((exception.delivery_id, exception.path), (delivery, "time"))
        self.assertIn("2125", exception.detail)
        self.assertEqual(self.shown(), (-2.0, 1.0, -2.0))

    def test_the_sender_s_clock_may_be_ahead_a_little(self):
        now = (datetime.now(timezone.utc) - T0) / timedelta(hours=1)
        self.deliver(reported(1_00, at=now + NEAR / 2))
        self.assertEqual(self.shown()[0], 1.0)
        self.deliver(reported(2_00, at=now + NEAR * 2))
        self.assertEqual(self.open_causes(), ["malformed"])
        self.assertEqual(self.shown()[0], 1.0)

    # === evidence ===

    def test_processed_again(self):
        delivery = self.deliver(reported(5_00))
        delivery.action_process_again()
        self.assertEqual(len(self.readings()), 1)
        self.assertEqual(self.readings().delivery_id, delivery)

    def test_readings_are_evidence(self):
        self.deliver(reported(5_00))
        changes = [
            f"UPDATE payment_hub_reading SET {column} = NULL"
            for column in payment_hub_reading.EVIDENCE
        ]
        for query in (*changes, "DELETE FROM payment_hub_reading"):
            with (
                self.subTest(query),
                self.assertRaises(errors.RestrictViolation),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(query)

    def test_who_may_read(self):
        self.deliver(reported(5_00))
        other = self.setup_other_company()["company"]
        ours, theirs = (
            new_test_user(
                self.env,
                f"manager {company.id}",
                groups="payment_hub.group_manager",
                company_id=company.id,
                company_ids=[Command.set(company.ids)],
            )
            for company in (self.company, other)
        )
        self.assertEqual(self.readings().with_user(ours).amount, 5.0)
        self.assertFalse(self.readings().with_user(theirs).search([]))
        with self.assertRaises(AccessError):
            self.readings().with_user(ours).write({"amount_minor": 1})

    def test_list_of_one_balance(self):
        self.add_balance(self.env.ref("base.EUR"))
        self.deliver(reported(1_00), reported(2_00, currency="EUR"))
        domain = self.balance.action_open_readings()["domain"]
        found = self.env["payment.hub.reading"].search(domain)
        self.assertEqual(found.mapped("amount"), [1.0])


@tagged("post_install", "-at_install")
class TestAsking(PaymentHubCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.api = fake.FakeApi()
        cls.startClassPatcher(fake.registered(cls.api))
        cls.fake = cls.make_connection("Fake", provider=fake.CODE)

    def answer(self, minor, at="2026-01-31T12:00:00Z", livemode=False):
        balance = {
            "object": "balance",
            "livemode": livemode,
            "available": [{"amount": minor, "currency": "usd"}],
            "pending": [],
        }
        body = json.dumps({"asked_at": at, "answer": balance}).encode()
        self.api.answers.append(Page("balance", body))

    def test_button(self):
        self.answer(5_00)
        self.assertTrue(self.fake.can_ask_balance)
        self.fake.action_ask_balance()
        balance = self.fake.balance_ids
        self.assertEqual((balance.reported, balance.unexplained), (5.0, 5.0))
        delivery = self.env["payment.hub.reading"].search([]).delivery_id
        self.assertEqual((delivery.source, delivery.state), ("api", "done"))
        self.assertIn('"usd"', delivery.body_text)

    def test_refused(self):
        self.refuse()
        shown = self.fake.action_ask_balance()["params"]
        self.assertEqual(shown["type"], "danger")
        self.assertIn("No such permission", shown["message"])
        exception = self.env["payment.hub.exception"].search([("is_open", "=", True)])
        self.assertEqual(exception.cause, "credentials_refused")
        self.assertEqual(exception.connection_id, self.fake)
        self.assertEqual(exception.detail, "No such permission.")
        self.answer(5_00)
        self.fake.action_ask_balance()
        self.assertEqual(exception.state, "resolved")

    def test_refused_day_by_day(self):
        """One exception as long as it lasts; another one after a person closed it."""
        for day in ("2026-03-01", "2026-03-02"):
            self.refuse()
            with freeze_time(day), mute_logger(LOGGER):
                self.fake._job_ask_balance()
        self.assertEqual(self.open_causes(), ["credentials_refused"])
        self.env["payment.hub.exception"].search([]).action_ignore()
        self.refuse()
        with freeze_time("2026-03-03"), mute_logger(LOGGER):
            self.fake._job_ask_balance()
        self.assertEqual(self.open_causes(), ["credentials_refused"])

    def test_no_answer_is_no_refusal(self):
        self.api.answers.append(Unavailable("No answer."))
        with mute_logger(LOGGER):
            self.fake._job_ask_balance()
        self.assertFalse(self.open_causes())
        self.api.answers.append(Unavailable("No answer."))
        with self.assertRaisesRegex(UserError, "No answer"):
            self.fake.action_ask_balance()

    def refuse(self):
        self.api.answers.append(Unauthorized("No such permission."))

    def test_who_may_ask(self):
        user = new_test_user(self.env, "reader", groups="payment_hub.group_user")
        user.company_ids = user.company_id = self.company
        with self.assertRaises(AccessError):
            self.fake.with_user(user).sudo(False).action_ask_balance()
        user.group_ids += self.env.ref("payment_hub.group_operator")
        self.answer(5_00)
        self.fake.with_user(user).sudo(False).action_ask_balance()
        self.assertEqual(self.fake.balance_ids.reported, 5.0)

    def test_who_cannot_be_asked(self):
        shop = self.make_connection("Adyen", provider="generic")
        self.assertFalse(shop.can_ask_balance)
        with self.assertRaisesRegex(UserError, "cannot do this"):
            shop.action_ask_balance()

    def test_the_other_environment_s_balance_does_not_count(self):
        self.answer(5_00, livemode=True)
        self.fake.action_ask_balance()
        self.assertFalse(self.env["payment.hub.reading"].search([]))
        self.assertEqual(self.open_causes(), ["environment_mismatch"])

    def test_every_day(self):
        """Stripe is asked once there is a key."""
        self.make_connection("Off", provider=fake.CODE).action_disable()
        asked = self.fake
        self.assertEqual(self.asked_by_cron(), asked)
        self.connection._replace_secret("api_key", "rk_test_1")
        asked += self.connection
        self.assertEqual(self.asked_by_cron(), asked)

    def asked_by_cron(self):
        """The connections for which there is a job, after the cron."""
        with self.enter_registry_test_mode():
            self.env.ref("payment_hub.ir_cron_ask_balance").method_direct_trigger()
        jobs = self.env["queue.job"].sudo()
        found = jobs.search([("method_name", "=", "_job_ask_balance")])
        return self.env["payment.hub.connection"].union(*found.mapped("records"))

    def test_job(self):
        self.answer(5_00)
        self.assertIn("Balance", self.fake._job_ask_balance())
        self.drain(self.fake)
        self.assertEqual(self.fake.balance_ids.reported, 5.0)
        self.refuse()
        with mute_logger(LOGGER):
            self.assertEqual(self.fake._job_ask_balance(), "No such permission.")
        self.assertEqual(self.open_causes(), ["credentials_refused"])
        self.answer(6_00, "2026-02-01T12:00:00Z")
        self.fake._job_ask_balance()
        self.assertFalse(self.open_causes())

    def test_unsigned_message_must_not_tell_a_balance(self):
        delivery = self.receive(stripe.captured(1, 100))
        said = (Reading("USD", 2, 5_00, T0),)
        message = Translation("", "", None, None, "", "", (), readings=said)
        problem = self.env["payment.hub.processor"]._problem
        self.assertFalse(problem(self.connection, delivery, message))
        unsigned = delivery.new(origin=delivery)
        unsigned.secret_id = False
        cause, *_where = problem(self.connection, unsigned, message)
        self.assertEqual(cause, "malformed")
