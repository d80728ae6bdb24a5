# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Payments that fit no invoice, and end their exceptions themselves once one fits."""

from freezegun import freeze_time

from odoo import Command
from odoo.tests import new_test_user, tagged

from .generic_messages import captured, in_batch, refunded, returned, told
from .ledger_common import LedgerCommon

JOB = "_job_try_again"


@tagged("post_install", "-at_install")
class TestMisfits(LedgerCommon):
    def assertPaid(self, invoice, **balances):
        self.assertEqual(invoice.payment_state, "paid")
        self.assertBooked(**balances)

    def assertNotTried(self):
        self.assertFalse(self.jobs(JOB))

    def pay_twice(self):
        """An invoice that was paid; the second payment is an exception."""
        invoice = self.make_invoice(100.0)
        self.deliver(
            captured(1, 100_00, invoice.name), captured(2, 100_00, invoice.name)
        )
        self.assertEqual(self.open_causes(), ["amount_mismatch"])
        self.assertNotTried()
        return invoice

    def test_other_payment_is_returned(self):
        invoice = self.pay_twice()
        self.deliver(returned(1, 100_00))
        self.try_again()
        self.assertPaid(invoice, clearing=100_00)

    def test_other_payment_is_returned_in_the_same_batch(self):
        invoice = self.make_invoice(100.0)
        self.deliver(captured(1, 100_00, invoice.name))
        self.deliver(captured(2, 100_00, invoice.name), returned(1, 100_00))
        self.try_again()
        self.assertPaid(invoice, clearing=100_00)

    def test_other_payment_is_refunded_in_part(self):
        """What is owed again is less: the second payment does not fit that, either."""
        invoice = self.pay_twice()
        self.deliver(refunded(1, 1, 30_00))
        self.try_again()
        self.assertEqual(self.open_causes(), ["amount_mismatch"])
        self.deliver(refunded(2, 1, 70_00, at=2))
        self.try_again()
        self.assertPaid(invoice, clearing=100_00)

    def test_payment_in_parts(self):
        invoice = self.make_invoice(100.0)
        name = invoice.name
        self.deliver(*(captured(number, 40_00, name) for number in (1, 2, 3)))
        self.assertEqual(self.open_causes(), ["amount_mismatch"])
        self.deliver(returned(2, 40_00))
        self.try_again()
        self.assertEqual(invoice.amount_residual, 20.0)
        self.assertBooked(clearing=80_00)

    def test_correction(self):
        """A person has the first payment reversed, and a rule keeps it out."""
        invoice = self.pay_twice()
        first = self.env["payment.hub.posting"].search([])
        rule = self.rule("payment.captured", None, treatment="none", priority=1)
        first.action_post_again()
        self.assertTrue(first.is_reversed)
        rule.active = False
        self.try_again()
        self.assertPaid(invoice, clearing=100_00)

    def test_other_payment_has_waited_for_its_entry(self):
        """Of a day; its sources contradict each other before that is over."""
        self.connection.sudo().granularity = "day"
        with freeze_time("2026-01-01 20:00:00"):
            invoice = self.pay_twice()
            self.deliver(captured(1, 90_00, invoice.name))
            self.try_again()
            self.assertEqual(self.open_causes(), ["conflicting_attestation"])
        self.env["payment.hub.grouping"].sudo()._wake(self.connection)
        self.drain()
        self.assertEqual(invoice.payment_state, "paid")

    def test_settlement_waits_for_the_second_payment(self):
        """Its return is of the next settlement, and is not booked before the first."""
        self.connection.sudo().granularity = "settlement"
        invoice, other = self.make_invoice(100.0), self.make_invoice(150.0)
        self.deliver(
            captured(1, 100_00, invoice.name, **in_batch("po-1", 100_00)),
            captured(2, 100_00, invoice.name, **in_batch("po-1", 100_00)),
            told("payout.in_transit", "po-1", 200_00, 1),
        )
        self.assertEqual(self.open_causes(), ["amount_mismatch"])
        self.deliver(returned(1, 100_00, **in_batch("po-2", -100_00)))
        self.try_again()
        self.assertBooked(clearing=0, payout_transit=200_00)
        self.deliver(
            captured(3, 150_00, other.name, **in_batch("po-2", 150_00)),
            told("payout.in_transit", "po-2", 50_00, 4),
        )
        self.assertEqual(other.payment_state, "paid")
        self.assertPaid(invoice, clearing=0, payout_transit=250_00)

    def test_person_takes_the_other_payment_off(self):
        invoice = self.pay_twice()
        accountant = new_test_user(
            self.env,
            "accountant",
            groups="account.group_account_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        lines = invoice.line_ids.filtered("reconciled")
        lines.with_user(accountant).remove_move_reconcile()
        self.try_again()
        self.assertPaid(invoice, clearing=200_00)

    def test_invoice_comes_later(self):
        self.deliver(captured(1, 100_00, "INV-LATER"))
        self.assertEqual(self.open_causes(), ["invoice_not_found"])
        self.make_invoice(100.0, payment_reference="INV-OTHER")
        self.assertNotTried()
        invoice = self.make_invoice(100.0, payment_reference="INV-LATER")
        self.try_again()
        self.assertPaid(invoice, clearing=100_00)

    def test_invoice_is_corrected(self):
        invoice = self.make_invoice(90.0)
        self.deliver(captured(1, 100_00, invoice.name))
        self.assertEqual(self.open_causes(), ["amount_mismatch"])
        invoice.button_draft()
        invoice.invoice_line_ids.price_unit = 100.0
        invoice.action_post()
        self.try_again()
        self.assertPaid(invoice, clearing=100_00)

    def test_invoice_that_a_person_chose(self):
        invoice = self.make_invoice(100.0)
        self.deliver(captured(1, 100_00, invoice.name), captured(2, 100_00, "?"))
        exception = self.env["payment.hub.exception"].search([])
        exception.invoice_id = invoice
        exception.action_retry()
        self.assertEqual(self.open_causes(), ["amount_mismatch"])
        self.deliver(returned(1, 100_00))
        self.try_again()
        self.assertPaid(invoice, clearing=100_00)

    def test_invoice_of_a_transaction(self):
        """That names the payment, where the payment itself names no invoice."""
        invoice = self.make_invoice(100.0)
        self.env["payment.transaction"].sudo().create(
            {
                "provider_id": self.env["payment.provider"].create({"name": "Shop"}).id,
                "payment_method_id": self.env.ref("payment.payment_method_card").id,
                "reference": "TX-2",
                "provider_reference": "pay-2",
                "amount": 100.0,
                "currency_id": invoice.currency_id.id,
                "partner_id": self.customer.id,
                "invoice_ids": invoice.ids,
            }
        )
        self.deliver(captured(1, 100_00, invoice.name), captured(2, 100_00))
        self.assertEqual(self.open_causes(), ["amount_mismatch"])
        self.deliver(returned(1, 100_00))
        self.try_again()
        self.assertPaid(invoice, clearing=100_00)

    def test_what_a_person_closed_stays_closed(self):
        self.pay_twice()
        self.env["payment.hub.exception"].search([]).action_ignore()
        self.deliver(returned(1, 100_00))
        self.assertNotTried()

    def test_instalments_in_any_order(self):
        self.company.payment_hub_underpayment = "exception"
        term = self.env["account.payment.term"].create(
            {
                "name": "70/30",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 70, "nb_days": 0}
                    ),
                    Command.create(
                        {"value": "percent", "value_amount": 30, "nb_days": 30}
                    ),
                ],
            }
        )
        invoice = self.make_invoice(100.0, invoice_payment_term_id=term.id)
        self.deliver(captured(2, 30_00, invoice.name))
        self.assertEqual(self.open_causes(), ["amount_mismatch"])
        self.deliver(captured(1, 70_00, invoice.name, at=1))
        self.try_again()
        self.assertEqual(invoice.amount_residual, 0.0)
        self.assertFalse(self.open_causes())

    def test_credit_note_makes_it_fit(self):
        self.company.payment_hub_underpayment = "exception"
        invoice = self.make_invoice(100.0)
        self.deliver(captured(1, 60_00, invoice.name))
        self.assertEqual(self.open_causes(), ["amount_mismatch"])
        note = self.make_invoice(40.0, "out_refund")
        account = self.company_data["default_account_receivable"]
        (invoice | note).line_ids.filtered(
            lambda line: line.account_id == account
        ).reconcile()
        self.try_again()
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_refund_of_what_was_too_much_waits(self):
        """The refund of an overpayment waits; a payment that does not fit is let in."""
        self.company.payment_hub_overpayment = "credit"
        invoice = self.make_invoice(100.0)
        self.deliver(captured(1, 120_00, invoice.name))
        self.company.payment_hub_overpayment = "exception"
        self.connection.sudo().granularity = "day"
        with freeze_time("2026-01-01 20:00:00"):
            self.deliver(captured(2, 20_00, invoice.name, at=2))
            self.assertEqual(self.open_causes(), ["amount_mismatch"])
            self.deliver(refunded(1, 1, 20_00, 3))
            self.try_again()
        with freeze_time("2026-01-02 03:00:00"):
            self.env["payment.hub.grouping"].sudo()._wake(self.connection)
            self.drain()
        self.try_again()
        self.assertEqual(self.open_causes(), ["amount_mismatch"])
        self.assertEqual(self.minor(self.company_data["default_account_receivable"]), 0)
