# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Deposits beside what waits for its entry, and beside other payments."""

from freezegun import freeze_time

from odoo.tests import tagged

from .generic_messages import captured, in_batch, refunded, returned, told
from .test_owed_again import OwedAgainCommon, lost, taken


@tagged("post_install", "-at_install")
class TestDepositsThatWait(OwedAgainCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.take_deposits()

    def overnight(self, when):
        with freeze_time(when):
            self.env["payment.hub.grouping"].sudo()._wake(self.connection)
            self.drain()

    def test_refund_waits_when_the_invoice_comes(self):
        self.connection.sudo().granularity = "day"
        with freeze_time("2026-01-01 20:00:00"):
            self.deliver(captured(1, 100_00, "SO-1"))
        self.overnight("2026-01-02 03:00:00")
        with freeze_time("2026-01-02 12:00:00"):
            self.deliver(refunded(1, 1, 30_00, 24))
            invoice = self.make_invoice(100.0, payment_reference="SO-1")
            self.try_again()
        self.overnight("2026-01-03 03:00:00")
        self.try_again()
        self.assertEqual(invoice.amount_residual, 30.0)
        self.assertBooked(deposit=0, clearing=70_00, receivable=30_00)

    def test_loss_waits_when_the_invoice_comes(self):
        self.connection.sudo().granularity = "day"
        with freeze_time("2026-01-01 20:00:00"):
            self.deliver(captured(1, 100_00, "SO-1"))
        self.overnight("2026-01-02 03:00:00")
        with freeze_time("2026-01-02 12:00:00"):
            self.deliver(taken(40_00, 24), lost(25))
            invoice = self.make_invoice(100.0, payment_reference="SO-1")
            self.try_again()
        self.overnight("2026-01-03 03:00:00")
        self.try_again()
        self.assertEqual(invoice.amount_residual, 40.0)
        self.assertBooked(deposit=0, clearing=60_00, receivable=40_00, dispute_hold=0)

    def test_two_refunds_wait(self):
        """30 left of a deposit; two refunds of 30 wait for the day's entry."""
        self.deliver(captured(1, 100_00, "SO-1"), refunded(1, 1, 30_00))
        invoice = self.make_invoice(70.0, payment_reference="SO-1")
        self.try_again()
        self.deliver(refunded(1, 1, 30_00, 5, leg="failed"))
        self.try_again()
        self.connection.sudo().granularity = "day"
        with freeze_time("2026-01-01 23:00:00"):
            self.deliver(refunded(2, 1, 30_00, 6))
            self.deliver(refunded(3, 1, 30_00, 7))
        self.overnight("2026-01-03 03:00:00")
        self.try_again()
        self.assertEqual(invoice.amount_residual, 30.0)
        self.assertEqual(
            self.balances("deposit", "receivable"), {"deposit": 0, "receivable": 30_00}
        )

    def test_rest_fits_when_the_refund_is_booked(self):
        """As c, and the day begins with an event of another payment."""
        self.connection.sudo().granularity = "day"
        with freeze_time("2026-01-01 20:00:00"):
            self.deliver(captured(1, 100_00, "SO-1"))
        self.overnight("2026-01-02 03:00:00")
        with freeze_time("2026-01-02 12:00:00"):
            self.deliver(told("fee.charged", "fee-1", 1_00, 24))
            self.deliver(refunded(1, 1, 30_00, 24))
            invoice = self.make_invoice(70.0, payment_reference="SO-1")
            self.try_again()
        self.overnight("2026-01-03 03:00:00")
        self.try_again()
        self.overnight("2026-01-04 03:00:00")
        self.try_again()
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_rest_fits_when_the_settlement_is_booked(self):
        self.connection.sudo().granularity = "settlement"
        self.deliver(
            captured(1, 100_00, "SO-1", **in_batch("po-1", 100_00)),
            told("payout.in_transit", "po-1", 100_00, 1),
        )
        self.try_again()
        self.deliver(refunded(1, 1, 30_00, 24, **in_batch("po-2", -30_00)))
        invoice = self.make_invoice(70.0, payment_reference="SO-1")
        self.try_again()
        self.deliver(
            captured(2, 130_00, "SO-2", at=25, **in_batch("po-2", 130_00)),
            told("payout.in_transit", "po-2", 100_00, 26),
        )
        self.try_again()
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_other_payment_is_returned(self):
        invoice = self.make_invoice(100.0)
        self.deliver(captured(1, 100_00, invoice.name))
        self.deliver(captured(2, 100_00, invoice.name))
        self.assertEqual(self.open_causes(), ["deposit_unapplied"])
        self.deliver(returned(1, 100_00))
        self.try_again()
        self.assertEqual(invoice.amount_residual, 0.0)
        self.assertBooked(deposit=0, clearing=100_00, receivable=0)

    def test_person_takes_the_other_payment_off(self):
        invoice = self.make_invoice(100.0)
        self.deliver(captured(1, 100_00, invoice.name))
        self.deliver(captured(2, 100_00, invoice.name))
        invoice.line_ids.filtered("reconciled").remove_move_reconcile()
        self.try_again()
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_more_is_left_than_went_back(self):
        self.deliver(captured(1, 170_00, "SO-1"), refunded(1, 1, 100_00))
        invoice = self.make_invoice(70.0, payment_reference="SO-1")
        self.try_again()
        self.deliver(refunded(1, 1, 100_00, 5, leg="failed"))
        self.try_again()
        self.deliver(refunded(2, 1, 110_00, 6))
        self.try_again()
        self.assertEqual(invoice.amount_residual, 10.0)
