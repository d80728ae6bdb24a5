# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Deposits that settle an invoice in parts, and what comes back of them."""

from odoo.tests import tagged

from .generic_messages import captured, refunded, returned
from .test_owed_again import OwedAgainCommon, lost, taken


@tagged("post_install", "-at_install")
class TestDepositParts(OwedAgainCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.take_deposits()

    def applied_in_parts(self, amount=100.0):
        """An invoice that a deposit has paid in two parts: 70 and 30."""
        self.deliver(captured(1, 100_00, "SO-1"), refunded(1, 1, 30_00))
        invoice = self.make_invoice(amount, payment_reference="SO-1")
        self.apply_deposits()
        self.deliver(refunded(1, 1, 30_00, 5, leg="failed"))
        if amount >= 100:
            self.apply_deposits()
            self.assertEqual(invoice.payment_state, "paid")
        return invoice

    def test_refunded_before_the_invoice(self):
        self.deliver(captured(1, 100_00, "SO-1"), refunded(1, 1, 30_00))
        invoice = self.make_invoice(100.0, payment_reference="SO-1")
        self.apply_deposits()
        self.assertEqual(invoice.amount_residual, 30.0)
        self.assertBooked(deposit=0, clearing=70_00)

    def test_refunded_as_a_whole(self):
        invoice = self.applied_in_parts()
        self.deliver(refunded(2, 1, 100_00, 6))
        self.assertEqual(invoice.amount_residual, 100.0)

    def test_returned_as_a_whole(self):
        invoice = self.applied_in_parts()
        self.deliver(returned(1, 100_00, 6))
        self.assertEqual(invoice.amount_residual, 100.0)

    def test_lost_as_a_whole(self):
        invoice = self.applied_in_parts()
        self.deliver(taken(100_00, 6), lost(7))
        self.assertEqual(invoice.amount_residual, 100.0)

    def test_what_does_not_fit_is_given_back_first(self):
        """What of the deposit no invoice has taken."""
        invoice = self.applied_in_parts(70.0)
        self.assertEqual(self.balances("deposit"), {"deposit": -30_00})
        self.deliver(refunded(2, 1, 30_00, 6))
        self.assertEqual(
            self.balances("deposit", "clearing", "receivable"),
            {"deposit": 0, "clearing": 70_00, "receivable": 0},
        )
        self.assertEqual(invoice.amount_residual, 0.0)
        self.deliver(refunded(3, 1, 70_00, 6))
        self.assertEqual(invoice.amount_residual, 70.0)
        self.assertEqual(
            self.balances("deposit", "clearing", "receivable"),
            {"deposit": 0, "clearing": 0, "receivable": 70_00},
        )

    def test_part_of_what_does_not_fit_is_given_back(self):
        """What is left of the deposit then fits another invoice of that name."""
        self.deliver(captured(1, 100_00, "SO-1"))
        invoice = self.make_invoice(70.0, payment_reference="SO-1")
        self.apply_deposits()
        self.assertEqual(self.open_causes(), ["deposit_unapplied"])
        self.deliver(refunded(1, 1, 30_00))
        self.assertEqual(invoice.payment_state, "paid")
        self.assertBooked(deposit=0, clearing=70_00, receivable=0)

    def test_nothing_is_left(self):
        self.deliver(captured(1, 100_00, "SO-1"))
        deposit = self.posting("capture")
        self.assertTrue(deposit.is_unapplied)
        self.deliver(refunded(1, 1, 100_00))
        self.assertFalse(deposit.is_unapplied)
        self.assertBooked(deposit=0, clearing=0)

    def test_part_is_posted_again(self):
        """What was given back by then is paid by it, and not the invoice."""
        invoice = self.applied_in_parts()
        self.company.payment_hub_underpayment = "exception"
        self.deliver(refunded(2, 1, 100_00, 6))
        part = self.postings(("kind", "=", "deposit_application"))[1]
        part.action_post_again()
        self.assertEqual(invoice.amount_residual, 100.0)
        self.assertEqual(
            self.balances("deposit", "clearing", "receivable"),
            {"deposit": 0, "clearing": 0, "receivable": 100_00},
        )
        self.assertEqual(self.open_causes(), ["refund_failed"])

    def test_more_is_given_back_than_no_invoice_has_taken(self):
        invoice = self.applied_in_parts(70.0)
        self.deliver(refunded(2, 1, 100_00, 6))
        self.assertEqual(invoice.amount_residual, 70.0)
        self.assertEqual(
            self.balances("deposit", "clearing", "receivable"),
            {"deposit": 0, "clearing": 0, "receivable": 70_00},
        )
