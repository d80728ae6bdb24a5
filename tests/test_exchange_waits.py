# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Exchange differences that cannot be realised for now, and who is told."""

from datetime import date
from unittest.mock import patch

from odoo.tests import new_test_user, tagged

from ..models import payment_hub_exchange
from .generic_messages import told
from .test_exchange import ForeignCommon


@tagged("post_install", "-at_install")
class TestLocks(ForeignCommon):
    """A lock date is set while money is on its way."""

    def lock(self, policy):
        self.company.payment_hub_lock_policy = policy
        self.company.fiscalyear_lock_date = date(2026, 1, 31)

    def locked_meanwhile(self, policy):
        """The books are closed between a batch and the job that goes on with it."""
        for number in range(5):
            self.captured(number, 10_00)
        with patch.object(payment_hub_exchange, "LIMIT", 2):
            self.paid_out(1, 50_00)
            self.lock(policy)
            self.run_jobs()

    def test_next_open_day(self):
        self.locked_meanwhile("next_open_day")
        self.assertClearing(0, 0)
        entries = self.payouts().matched_debit_ids.exchange_move_id
        self.assertEqual(
            set(entries.mapped("date")), {date(2026, 1, 2), date(2026, 2, 1)}
        )

    def test_a_person_is_wanted(self):
        """It stays open, and goes on with the next payout."""
        self.locked_meanwhile("block")
        self.assertFalse(self.payouts().reconciled)
        self.captured(6, 10_00, at=24 * 40)
        self.paid_out(2, 10_00, at=24 * 41)
        self.assertTrue(all(self.payouts().mapped("reconciled")))
        self.assertClearing(0, 0)

    def test_capture_is_late(self):
        """What came before the payout, and is booked later, goes with it at once."""
        self.rate("EUR", 0.5, "2026-02-01")
        self.captured(1, 50_00)
        self.paid_out(1, 100_00)
        self.lock("next_open_day")
        self.captured(2, 50_00)
        self.assertTrue(self.payouts().reconciled)
        self.assertClearing(0, 0)

    def waiting(self):
        """The exception about differences that wait."""
        return self.env["payment.hub.exception"].search(
            [("cause", "=", "exchange_waiting")]
        )

    def test_somebody_is_told(self):
        self.locked_meanwhile("block")
        self.assertEqual(self.open_causes(), ["exchange_waiting"])
        told_of = self.waiting()
        self.assertEqual(told_of.subject, f"exchange:{self.euros.id}:2026-01-02")
        self.assertEqual((told_of.amount, told_of.currency), (30.0, "EUR"))
        self.assertIn(self.euros.clearing_account_id.display_name, told_of.detail)
        self.assertIn("2026-01-02 is locked up to 2026-01-31", told_of.detail)

    def test_next_payout_ends_it(self):
        self.locked_meanwhile("block")
        self.captured(6, 10_00, at=24 * 40)
        self.assertTrue(self.waiting().is_open)
        self.paid_out(2, 10_00, at=24 * 41)
        self.assertFalse(self.waiting().is_open)
        self.assertEqual(len(self.waiting()), 1)

    def test_retry_after_the_reopening(self):
        self.locked_meanwhile("block")
        user = new_test_user(self.env, "operator", groups="payment_hub.group_operator")
        user.company_ids = user.company_id = self.company
        mine = self.waiting().with_user(user).sudo(False)
        mine.action_retry()
        self.assertTrue(mine.is_open)
        self.company.fiscalyear_lock_date = False
        mine.action_retry()
        self.assertFalse(mine.is_open)
        self.assertClearing(0, 0)

    def test_it_goes_on_by_itself_after_the_reopening(self):
        self.locked_meanwhile("block")
        self.company.fiscalyear_lock_date = False
        with self.enter_registry_test_mode():
            self.env.ref("payment_hub.ir_cron_prove").method_direct_trigger()
        self.run_jobs()
        self.assertFalse(self.waiting().is_open)
        self.assertClearing(0, 0)

    def test_who_reopens_is_asked_once(self):
        user = new_test_user(self.env, "closer", groups="account.group_account_manager")
        user.company_ids = user.company_id = self.company
        self.company.payment_hub_reopen_user_id = user
        self.locked_meanwhile("request_reopen")
        self.waiting().action_retry()
        self.assertEqual(self.waiting().activity_ids.user_id, user)
        self.assertEqual(len(self.waiting().activity_ids), 1)

    def test_what_a_person_closed_stays_closed(self):
        self.locked_meanwhile("block")
        self.waiting().action_ignore()
        self.connection._job_realise_exchange(date(2026, 1, 1))
        self.assertEqual(self.waiting().mapped("state"), ["ignored"])

    def test_reserve(self):
        self.captured(1, 100_00)
        self.company.currency_exchange_journal_id = False
        self.deliver(
            told("reserve.held", "r1", 10_00, 1, "EUR"),
            told("reserve.released", "r1", 10_00, 25, "EUR"),
        )
        self.assertIn(self.euros.reserve_account_id.display_name, self.waiting().detail)

    def test_odoo_refuses(self):
        """The payout is posted all the same; it is not to blame."""
        journal = self.company.currency_exchange_journal_id
        self.company.currency_exchange_journal_id = False
        self.captured(1, 100_00)
        self.paid_out(1, 100_00)
        self.assertEqual(self.open_causes(), ["exchange_waiting"])
        self.assertIn("Exchange Gain or Loss Journal", self.waiting().detail)
        self.assertFalse(self.payouts().reconciled)
        self.company.currency_exchange_journal_id = journal
        self.waiting().action_retry()
        self.assertFalse(self.open_causes())
        self.assertClearing(0, 0)
