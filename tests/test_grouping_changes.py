# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What changes between the decision on a posting and its entry of many."""

from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .generic_messages import captured, in_batch, refunded, told
from .ledger_common import LedgerCommon

EVENING = "2026-01-01 20:00:00"


@tagged("post_install", "-at_install")
class TestGroupingChanges(LedgerCommon):
    def postings(self, *domain):
        return self.env["payment.hub.posting"].search(list(domain), order="id")

    def wait(self, *bodies):
        """Deliver on a day that is not over; its entry comes with the next message."""
        self.connection.granularity = "day"
        with freeze_time(EVENING):
            self.deliver(*bodies)

    def end_day(self):
        self.deliver(told("adjustment.debit", "end", 1_00, 24 * 3))
        self.drain()  # what was set aside

    # === the world ===

    def test_invoice_is_cancelled(self):
        invoice, other = self.make_invoice(100.0), self.make_invoice(50.0)
        self.wait(captured(1, 100_00, invoice.name), captured(2, 50_00, other.name))
        invoice.button_draft()
        invoice.button_cancel()
        self.end_day()
        self.assertEqual(self.open_causes(), ["invoice_not_found"])
        self.assertEqual(other.amount_residual, 0.0)
        self.assertEqual(self.balances("clearing"), {"clearing": 50_00 - 1_00})

    def test_invoice_is_a_draft_again(self):
        invoice = self.make_invoice(100.0)
        self.wait(captured(1, 100_00, invoice.name))
        invoice.button_draft()
        self.end_day()
        self.assertEqual(self.open_causes(), ["invoice_not_found"])
        invoice.action_post()
        self.env["payment.hub.exception"].search([]).action_retry()
        self.assertEqual(invoice.amount_residual, 0.0)
        self.assertBooked(clearing=99_00)

    def test_invoice_is_owed_on_another_account(self):
        invoice = self.make_invoice(100.0)
        self.wait(captured(1, 100_00, invoice.name))
        other = self.make_account("other", "asset_receivable")
        invoice.button_draft()
        term = invoice.line_ids.filtered(lambda one: one.display_type == "payment_term")
        term.account_id = other
        invoice.action_post()
        self.end_day()
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_account_is_archived(self):
        invoice = self.make_invoice(100.0)
        self.wait(captured(1, 100_00, invoice.name), told("fee.charged", "f", 1_00))
        self.accounts["fee"].active = False
        self.end_day()
        self.assertEqual(self.open_causes(), ["setup_incomplete"])
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_sources_begin_to_contradict_each_other(self):
        self.wait(told("fee.charged", "f", 1_00))
        with freeze_time(EVENING):
            self.deliver(told("fee.charged", "f", 2_00))
        self.end_day()
        self.assertEqual(self.open_causes(), ["conflicting_attestation"])
        self.assertEqual(self.balances("fee"), {"fee": 0})

    def test_invoice_of_two_accounts_is_paid_in_two_drains(self):
        second = self.make_account("second", "asset_receivable")
        halves = [
            Command.create({"value": "percent", "value_amount": 50, "nb_days": days})
            for days in (0, 30)
        ]
        term = self.env["account.payment.term"].create(
            {"name": "halves", "line_ids": halves}
        )
        invoice = self.make_invoice(100.0, invoice_payment_term_id=term.id)
        invoice.button_draft()
        lines = invoice.line_ids.filtered(
            lambda one: one.display_type == "payment_term"
        )
        lines.sorted("date_maturity")[1].account_id = second
        invoice.action_post()
        self.wait(captured(1, 50_00, invoice.name))
        self.wait(captured(2, 50_00, invoice.name, at=1))
        self.end_day()
        self.assertEqual(invoice.amount_residual, 0.0)

    # === days ===

    def test_company_is_behind_the_provider(self):
        """The customers' day is not over when the provider's is."""
        self.connection.sudo().tz = "Pacific/Honolulu"
        self.env["payment.hub.calendar"].sudo().create(
            {
                "connection_id": self.connection.id,
                "tz": "UTC",
                "valid_from": "2020-01-01",
            }
        )
        self.connection.granularity = "day"
        for number in range(2):
            invoice = self.make_invoice(10.0)
            with freeze_time(f"2026-01-02 0{number + 1}:30:00"):
                self.deliver(captured(number, 10_00, invoice.name, at=15 + number))
        self.assertFalse(self.postings().move_id)

    def test_last_day_of_a_connection_that_was_closed(self):
        self.wait(told("fee.charged", "f", 1_00))
        self.connection.sudo().state = "disabled"
        lane = type(self.env["payment.hub.lane"])
        with patch.object(lane, "_cron_wake_each", autospec=True) as wake:
            self.env["payment.hub.grouping"].sudo()._cron_wake()
        self.assertEqual(wake.call_args.args[1], self.connection)

    def test_capture_is_booked_alone_after_its_refund(self):
        self.rule("refund.succeeded", None, granularity="event")
        invoice = self.make_invoice(100.0)
        self.connection.granularity = "day"
        with freeze_time(EVENING):
            self.deliver(captured(1, 100_00, invoice.name), refunded(1, 1, 30_00))
            self.postings(("is_waiting", "=", True)).action_book_alone()
        self.assertEqual(invoice.amount_residual, 30.0)

    def test_booked_alone_in_a_period_that_was_locked(self):
        """A person is told, and the lane goes on."""
        self.wait(told("fee.charged", "f", 1_00))
        self.company.fiscalyear_lock_date = date(2026, 1, 31)
        with self.assertRaisesRegex(UserError, "fee:f:charged could not be booked"):
            self.postings().action_book_alone()
        self.postings().sudo().granularity = "event"
        self.deliver(told("fee.charged", "g", 2_00, 24 * 40))
        self.assertEqual(self.open_causes(), ["locked_period"])
        self.assertEqual(self.balances("fee"), {"fee": 2_00})

    # === settlements ===

    def settle(self, *more):
        self.connection.granularity = "settlement"
        self.deliver(
            told("adjustment.credit", "a", 10_00, **in_batch("po-1", 10_00)),
            told("payout.in_transit", "po-1", 10_00, 5, **in_batch("po-1", -10_00)),
            *more,
        )

    def test_late_member_of_a_settlement_that_was_booked(self):
        self.settle()
        self.assertBooked(clearing=0, payout_transit=10_00)
        with freeze_time("2030-01-01"):
            self.deliver(told("fee.charged", "f", 1_00, **in_batch("po-1", 0, 1_00)))
        self.assertEqual(self.open_causes(), ["settlement_unproven"])

    def test_correction_of_a_settlement_that_was_booked(self):
        """It does not wait for a proof that may never come."""
        self.settle()
        self.deliver(told("fee.charged", "f", 1_00, **in_batch("po-1", 0, 1_00)))
        self.postings(("kind", "=", "adjustment")).action_post_again()
        self.assertEqual(
            self.balances("clearing", "payout_transit", "suspense"),
            {"clearing": 0, "payout_transit": 10_00, "suspense": -10_00},
        )

    def test_payout_that_comes_back_within_its_settlement(self):
        back = told("payout.failed", "po-1", 10_00, 24, **in_batch("po-1", 10_00))
        self.settle()
        self.deliver(back)
        self.assertBooked(clearing=10_00, payout_transit=0)

    def test_payout_that_has_come_back_before_its_settlement_is_booked(self):
        back = told("payout.failed", "po-1", 10_00, 24, **in_batch("po-1", 10_00))
        self.settle(back)
        self.assertBooked(clearing=10_00, payout_transit=0)

    def test_period_is_locked_within_the_month(self):
        self.connection.granularity = "settlement"
        self.deliver(told("adjustment.credit", "a", 10_00, **in_batch("po-1", 10_00)))
        self.company.fiscalyear_lock_date = date(2026, 1, 10)
        self.deliver(told("payout.in_transit", "po-1", 10_00, 24 * 20))
        self.assertEqual(self.open_causes(), ["locked_period"])
        self.assertFalse(self.postings().move_id)
        self.company.payment_hub_lock_policy = "next_open_day"
        self.env["payment.hub.exception"].search([]).action_retry()
        self.assertBooked(clearing=0, payout_transit=10_00)
        self.assertEqual(self.postings().mapped("is_late"), [True, False])

    def test_fiscal_year_ends_within_the_month(self):
        self.company.write({"fiscalyear_last_month": "1", "fiscalyear_last_day": 15})
        self.connection.granularity = "settlement"
        self.deliver(
            told("adjustment.credit", "a", 10_00, **in_batch("po-1", 10_00)),
            told("payout.in_transit", "po-1", 10_00, 24 * 20),
        )
        days = sorted(self.postings().mapped("date"))
        self.assertEqual(days, [date(2026, 1, 1), date(2026, 1, 21)])
