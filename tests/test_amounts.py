# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Several payments for one invoice, and what is more or less than it owes."""

from odoo.tests import tagged

from .generic_messages import captured, refunded
from .ledger_common import LedgerCommon


@tagged("post_install", "-at_install")
class TestSeveralPayments(LedgerCommon):
    def policy(self, over="exception", under="partial"):
        self.company.payment_hub_overpayment = over
        self.company.payment_hub_underpayment = under

    def owed(self, invoice):
        return round(invoice.amount_residual * 100)

    def test_parts_that_make_the_whole(self):
        self.policy()
        invoice = self.make_invoice(100.0)
        self.deliver(captured(1, 30_00, invoice.name), captured(2, 20_00, invoice.name))
        self.assertEqual(
            (self.owed(invoice), invoice.payment_state), (50_00, "partial")
        )
        self.deliver(captured(3, 50_00, invoice.name))
        self.assertEqual(invoice.payment_state, "paid")
        self.deliver(refunded(2, 2, 20_00))
        self.assertEqual(self.owed(invoice), 20_00)
        self.deliver(captured(4, 20_00, invoice.name))
        self.assertEqual(invoice.payment_state, "paid")
        self.assertBooked(clearing=100_00)

    def test_captures_of_one_payment(self):
        self.policy()
        invoice = self.make_invoice(100.0)
        parts = (captured(1, 60_00, invoice.name), captured(1, 40_00, invoice.name))
        self.deliver(
            *(part.replace(b'"ch-1"', b'"ch-1-%d"' % n) for n, part in enumerate(parts))
        )
        self.assertEqual(invoice.payment_state, "paid")
        self.assertBooked(clearing=100_00)

    def test_the_last_one_is_too_much(self):
        for together in (True, False):
            self.policy()
            invoice = self.make_invoice(100.0)
            first = captured(f"a{together}", 60_00, invoice.name)
            last = captured(f"b{together}", 60_00, invoice.name)
            with self.subTest(together=together):
                if together:
                    self.deliver(first, last)
                else:
                    self.deliver(first)
                    self.deliver(last)
                exception = self.env["payment.hub.exception"].search(
                    [("is_open", "=", True)]
                )
                self.assertEqual(exception.cause, "amount_mismatch")
                self.assertIn("owes 40.0", exception.detail)
                self.assertEqual(self.owed(invoice), 40_00)
                self.policy(over="credit")
                exception.action_retry()
                self.assertEqual(invoice.payment_state, "paid")
                self.assertFalse(self.open_causes())

    def test_credit_that_is_left_pays_another_invoice(self):
        """What the customer has paid too much is open on their account, to be used."""
        self.policy(over="credit")
        invoice, other = self.make_invoice(100.0), self.make_invoice(20.0)
        self.deliver(captured(1, 120_00, invoice.name))
        posting = self.env["payment.hub.posting"].search([])
        self.assertEqual(posting.far_line_id.amount_residual, -20.0)
        receivable = other.line_ids.filtered(
            lambda line: line.account_id == posting.far_account_id
        )
        (posting.far_line_id | receivable).reconcile()
        self.assertEqual(other.payment_state, "paid")
        self.assertBooked(clearing=120_00)

    def test_paid_already(self):
        self.policy(over="credit")
        invoice = self.make_invoice(100.0)
        self.deliver(captured(1, 100_00, invoice.name))
        self.deliver(captured(2, 100_00, invoice.name))
        self.assertBooked(clearing=200_00)
        self.deliver(refunded(2, 2, 100_00))
        self.assertEqual(invoice.payment_state, "paid")
        self.assertBooked(clearing=100_00)

    def test_too_little_in_parts(self):
        self.policy(under="exception")
        invoice = self.make_invoice(100.0)
        self.deliver(captured(1, 60_00, invoice.name))
        self.assertEqual(self.open_causes(), ["amount_mismatch"])
        self.policy()
        self.env["payment.hub.exception"].search([]).action_retry()
        self.assertEqual(self.owed(invoice), 40_00)
        self.policy(under="exception")
        self.deliver(captured(2, 40_00, invoice.name))
        self.assertEqual(invoice.payment_state, "paid")
        self.assertBooked(clearing=100_00)
