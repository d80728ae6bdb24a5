# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Taxes that are due when the customer pays: each payment moves its part of them."""

from datetime import date

from odoo import Command
from odoo.tests import tagged

from .generic_messages import captured, refunded, told
from .ledger_common import LedgerCommon

DAY = 24


@tagged("post_install", "-at_install")
class TestCashBasis(LedgerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.tax_exigibility = True
        cls.due = cls.make_account("Tax Due", "liability_current")
        cls.waiting = cls.make_account("Tax Not Due Yet", "liability_current")
        cls.waiting.reconcile = True
        repartition = [
            Command.clear(),
            Command.create({"repartition_type": "base"}),
            Command.create({"repartition_type": "tax", "account_id": cls.due.id}),
        ]
        cls.tax = cls.env["account.tax"].create(
            {
                "name": "15 % on payment",
                "amount": 15.0,
                "tax_exigibility": "on_payment",
                "cash_basis_transition_account_id": cls.waiting.id,
                "invoice_repartition_line_ids": repartition,
                "refund_repartition_line_ids": repartition,
            }
        )

    def invoice(self, **vals):
        """An invoice over 115.00, of which 15.00 are taxes."""
        line = {
            "name": "Chair",
            "price_unit": 100.0,
            "tax_ids": [Command.set(self.tax.ids)],
        }
        return self.make_invoice(invoice_line_ids=[Command.create(line)], **vals)

    def returned(self, amount, at):
        return told("payment.charge_reversed", "ch-1", amount, at, payment="pay-1")

    def assertTaxes(self, due, waiting):
        """What the two accounts owe, in cents."""
        self.assertEqual(
            (-self.minor(self.due), -self.minor(self.waiting)), (due, waiting)
        )

    def days(self, invoice):
        """Dates of the entries that moved taxes, the first one first."""
        moves = invoice.tax_cash_basis_created_move_ids
        moves |= moves.reversal_move_ids
        return moves.sorted("id").mapped("date")

    def test_each_payment_moves_its_part(self):
        invoice = self.invoice()
        self.assertTaxes(0, 15_00)
        self.deliver(captured(1, 23_00, invoice.name))
        self.assertTaxes(3_00, 12_00)
        self.deliver(captured(2, 92_00, invoice.name, at=DAY))
        self.assertTaxes(15_00, 0)
        self.assertEqual(self.days(invoice), [date(2026, 1, 1), date(2026, 1, 2)])
        self.assertBooked(clearing=115_00)

    def test_payment_that_was_returned(self):
        """The taxes come back on the day of the return: its month is another one."""
        invoice = self.invoice()
        self.deliver(captured(1, 115_00, invoice.name))
        self.deliver(self.returned(115_00, at=40 * DAY))
        self.assertTaxes(0, 15_00)
        self.assertEqual(self.days(invoice), [date(2026, 1, 1), date(2026, 2, 10)])
        self.assertEqual(invoice.amount_residual, 115.0)

    def test_refund_without_a_credit_note(self):
        invoice = self.invoice()
        self.deliver(captured(1, 115_00, invoice.name))
        self.deliver(refunded(1, 1, 46_00, at=40 * DAY))
        self.assertTaxes(9_00, 6_00)
        refund, failure = date(2026, 2, 10), date(2026, 2, 15)
        self.assertEqual(self.days(invoice), [date(2026, 1, 1), refund, refund])
        self.deliver(refunded(1, 1, 46_00, at=45 * DAY, leg="failed"))
        self.assertTaxes(15_00, 0)
        self.assertEqual(self.days(invoice)[3:], [failure])
        self.assertEqual(invoice.payment_state, "paid")

    def test_refund_with_a_credit_note(self):
        invoice = self.invoice()
        self.deliver(captured(1, 115_00, invoice.name))
        self.invoice(move_type="out_refund", reversed_entry_id=invoice.id)
        self.assertTaxes(15_00, -15_00)
        self.deliver(refunded(1, 1, 115_00, at=DAY))
        self.assertTaxes(0, 0)
        self.assertBooked(clearing=0)

    def test_correction(self):
        invoice = self.invoice()
        self.deliver(captured(1, 115_00, invoice.name))
        self.env["payment.hub.posting"].search([]).action_post_again()
        self.assertTaxes(15_00, 0)
        self.assertEqual(set(self.days(invoice)), {date(2026, 1, 1)})
        self.assertEqual(invoice.payment_state, "paid")

    def test_returns_are_locked_as_their_taxes_are(self):
        invoice = self.invoice()
        self.deliver(captured(1, 115_00, invoice.name))
        self.company.tax_lock_date = "2026-01-31"
        self.deliver(self.returned(115_00, at=DAY))
        self.assertEqual(self.open_causes(), ["locked_period"])
        self.assertTaxes(15_00, 0)
        self.company.payment_hub_lock_policy = "next_open_day"
        self.env["payment.hub.exception"].search([]).action_retry()
        self.assertTaxes(0, 15_00)
        self.assertEqual(self.days(invoice), [date(2026, 1, 1), date(2026, 2, 1)])

    def test_payments_are_locked_as_their_taxes_are(self):
        invoice = self.invoice()
        self.company.tax_lock_date = "2026-01-31"
        self.deliver(captured(1, 115_00, invoice.name))
        self.assertEqual(self.open_causes(), ["locked_period"])
        self.assertTaxes(0, 15_00)
        self.company.payment_hub_lock_policy = "next_open_day"
        self.env["payment.hub.exception"].search([]).action_retry()
        self.assertTaxes(15_00, 0)
        self.assertEqual(self.days(invoice), [date(2026, 2, 1)])

    def test_other_taxes_do_not_wait(self):
        """What was due with the invoice is not locked with the payment."""
        invoice = self.make_invoice(100.0)
        self.company.tax_lock_date = "2026-01-31"
        self.deliver(captured(1, 100_00, invoice.name))
        self.assertEqual(invoice.payment_state, "paid")
        self.assertBooked(clearing=100_00)
