# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Beside Odoo's own payment providers: one owner per fact, whoever comes first."""

from odoo.tests import tagged

from . import stripe_messages as stripe
from .adoption_common import AdoptionCommon


@tagged("post_install", "-at_install")
class TestAdoption(AdoptionCommon):
    def test_odoo_came_first(self):
        invoice = self.make_invoice(121.0)
        payment = self.pay(self.transaction(invoice), invoice=invoice)
        state = payment.state
        self.assertEqual(self.outstanding_minor(), 121_00)
        self.deliver(stripe.captured(1, 121_00, invoice.name))
        posting = self.payment(1).posting_ids
        self.assertEqual(posting.account_payment_id, payment)
        self.assertEqual(self.clearing_minor(), 121_00)
        self.assertEqual((self.outstanding_minor(), self.receivable()), (0, 0))
        self.assertEqual(payment.state, state)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertFalse(self.open_causes())
        self.assertEqual(self.payment(1).invoice_id, invoice)

    def test_odoo_books_on_the_clearing_account(self):
        invoice = self.make_invoice(121.0)
        payment = self.pay(self.transaction(invoice), account="ours", invoice=invoice)
        self.deliver(stripe.captured(1, 121_00, invoice.name))
        posting = self.payment(1).posting_ids
        self.assertEqual(posting.move_id, payment.move_id)
        self.assertEqual(posting.near_line_id.balance, 121.0)
        self.assertEqual(self.clearing_minor(), 121_00)

    def test_posted_again_odoo_s_entry_stays(self):
        invoice = self.make_invoice(121.0)
        payment = self.pay(self.transaction(invoice), account="ours", invoice=invoice)
        self.deliver(stripe.captured(1, 121_00, invoice.name))
        self.payment(1).posting_ids.action_post_again()
        self.assertEqual(len(self.payment(1).posting_ids), 2)
        self.assertFalse(payment.move_id.reversal_move_ids)
        self.assertEqual(self.clearing_minor(), 121_00)

    def test_refund_at_the_provider_of_what_odoo_has_booked(self):
        invoice = self.make_invoice(121.0)
        self.pay(self.transaction(invoice), invoice=invoice)
        self.deliver(stripe.captured(1, 121_00, invoice.name))
        self.deliver(stripe.refunded(1, 1, 21_00))
        self.assertEqual(self.clearing_minor(), 100_00)
        self.assertEqual(invoice.amount_residual, 21.0)

    def test_refund_that_odoo_has_booked(self):
        invoice = self.make_invoice(121.0)
        source = self.transaction(invoice)
        self.pay(source, invoice=invoice)
        refund = self.refund_of(source)
        payment = self.pay(refund)
        self.deliver(stripe.captured(1, 121_00, invoice.name))
        self.deliver(stripe.refunded(1, 1, 21_00))
        postings = self.payment(1).posting_ids
        self.assertIn(payment, postings.account_payment_id)
        self.assertEqual(self.clearing_minor(), 100_00)
        self.assertEqual(self.outstanding_minor(), 0)
        self.assertEqual(self.receivable(), 21_00)

    def test_refund_of_what_odoo_has_booked_before_the_invoice(self):
        nothing = self.env["account.move"]
        self.pay(self.transaction(nothing))
        self.deliver(stripe.captured(1, 121_00))
        self.deliver(stripe.refunded(1, 1, 21_00))
        self.assertEqual(self.clearing_minor(), 100_00)
        self.assertEqual(self.receivable(), -100_00)
        self.assertFalse(self.open_causes())

    def test_odoo_does_not_book_a_deposit_of_the_hub(self):
        deposits = self.outstanding.copy(
            {"code": "299990", "account_type": "liability_current"}
        )
        self.env["payment.hub.mapping"].sudo().create(
            {
                "company_id": self.company.id,
                "event_type": "payment.captured",
                "account_id": deposits.id,
            }
        )
        transaction = self.transaction(self.env["account.move"])
        self.deliver(stripe.captured(1, 121_00))
        self.post_process(transaction)
        self.assertFalse(transaction.payment_id)
        self.assertEqual(self.clearing_minor(), 121_00)
        self.assertEqual(self.receivable(), 0)

    def test_return_leaves_the_transaction_alone(self):
        invoice = self.make_invoice(121.0)
        transaction = self.transaction(invoice)
        self.deliver(stripe.captured(1, 121_00, invoice.name))
        captured = transaction.payment_id
        self.assertTrue(captured)
        self.deliver(stripe.refunded(1, 1, 21_00))
        self.assertEqual(transaction.payment_id, captured)

    def test_another_amount_is_for_a_person(self):
        invoice = self.make_invoice(121.0)
        transaction = self.transaction(invoice, amount=120.0)
        self.pay(transaction, invoice=invoice)
        self.deliver(stripe.captured(1, 121_00, invoice.name))
        self.assertEqual(self.open_causes(), ["recorded_elsewhere"])
        self.assertEqual(self.clearing_minor(), 0)

    def test_draft_of_odoo_is_for_a_person(self):
        invoice = self.make_invoice(121.0)
        self.transaction(invoice).payment_id = self.env["account.payment"].create(
            {"amount": 121.0, "partner_id": self.customer.id}
        )
        self.deliver(stripe.captured(1, 121_00, invoice.name))
        self.assertEqual(self.open_causes(), ["recorded_elsewhere"])

    def test_transaction_of_another_payment_is_not_in_the_way(self):
        invoice = self.make_invoice(121.0)
        self.pay(
            self.transaction(
                invoice, 1.0, invoice.name, provider_reference="another-psp-1"
            )
        )
        self.deliver(stripe.captured(1, 121_00, description=invoice.name))
        self.assertEqual(invoice.payment_state, "paid")

    def test_the_hub_came_first(self):
        invoice = self.make_invoice(121.0)
        transaction = self.transaction(invoice)
        self.deliver(stripe.captured(1, 121_00, invoice.name))
        posted = self.payment(1).posting_ids.account_payment_id
        self.assertEqual(transaction.payment_id, posted)
        self.post_process(transaction)
        self.assertEqual(transaction.payment_id, posted)
        self.assertEqual(self.receivable(), 0)

    def test_the_hub_came_before_odoo_knew_the_refund(self):
        invoice = self.make_invoice(121.0)
        source = self.transaction(invoice)
        self.deliver(stripe.captured(1, 121_00, invoice.name))
        self.deliver(stripe.refunded(1, 1, 21_00))
        refund = self.refund_of(source)
        self.post_process(refund)
        self.assertIn(refund.payment_id, self.payment(1).posting_ids.account_payment_id)
        self.assertEqual(self.clearing_minor(), 100_00)
        self.assertEqual(self.receivable(), 21_00)

    def test_odoo_books_after_the_hub_refused(self):
        invoices = self.make_invoice(100.0) | self.make_invoice(21.0)
        transaction = self.transaction(invoices)
        self.deliver(stripe.captured(1, 121_00))
        self.assertEqual(self.open_causes(), ["invoice_ambiguous"])
        self.pay(transaction, invoice=invoices)
        self.post_process(transaction)
        self.try_again()
        self.assertFalse(self.open_causes())
        self.assertEqual(self.clearing_minor(), 121_00)
        self.assertEqual(self.outstanding_minor(), 0)

    def test_transaction_was_unknown_when_the_hub_refused(self):
        invoice = self.make_invoice(121.0)
        self.deliver(stripe.captured(1, 121_00))
        self.assertEqual(self.open_causes(), ["invoice_not_found"])
        transaction = self.transaction(invoice)
        self.pay(transaction, invoice=invoice)
        self.post_process(transaction)
        self.try_again()
        self.assertFalse(self.open_causes())
        self.assertEqual((self.clearing_minor(), self.outstanding_minor()), (121_00, 0))

    def test_transaction_of_another_payment_wakes_nothing(self):
        invoice = self.make_invoice(121.0)
        self.deliver(stripe.captured(1, 121_00))
        transaction = self.transaction(invoice, provider_reference="pi_2")
        self.pay(transaction, invoice=invoice)
        self.post_process(transaction)
        jobs = self.env["queue.job"].sudo()
        self.assertFalse(jobs.search([("method_name", "=", "_job_try_again")]))

    def cancel(self, transaction):
        """What Odoo does once its provider has said that nothing is paid."""
        transaction._set_canceled(extra_allowed_states=("done",))
        transaction._post_process()
        self.assertEqual(transaction.state, "cancel")

    def test_transaction_is_cancelled_after_the_capture(self):
        invoice = self.make_invoice(121.0)
        transaction = self.transaction(invoice)
        self.deliver(stripe.captured(1, 121_00, invoice.name))
        self.cancel(transaction)
        self.assertEqual(self.clearing_minor(), 121_00)
        self.assertEqual(self.receivable(), 0)
        self.assertEqual(invoice.payment_state, "paid")

    def test_transaction_is_cancelled_after_its_adoption(self):
        invoice = self.make_invoice(121.0)
        transaction = self.transaction(invoice)
        payment = self.pay(transaction, account="ours", invoice=invoice)
        self.deliver(stripe.captured(1, 121_00, invoice.name))
        self.cancel(transaction)
        self.assertEqual(payment.move_id.state, "posted")
        self.assertEqual(self.clearing_minor(), 121_00)

    def test_odoo_cancels_what_the_hub_has_not_posted(self):
        invoice = self.make_invoice(121.0)
        transaction = self.transaction(invoice)
        payment = self.pay(transaction, invoice=invoice)
        self.cancel(transaction)
        self.assertEqual(payment.move_id.state, "cancel")

    def returned(self):
        """The message that the debit ``ch_1`` of 121 came back."""
        charge = stripe.charge(
            1, 121_00, status="failed", failure_balance_transaction="txn_1"
        )
        return stripe.event("charge.failed", charge, stripe.T0 + 7200)

    def paid_together(self):
        """Two invoices that one transaction has paid, adopted."""
        invoices = self.make_invoice(100.0) | self.make_invoice(21.0)
        self.pay(self.transaction(invoices), invoice=invoices)
        self.deliver(stripe.captured(1, 121_00))
        self.assertEqual(invoices.mapped("amount_residual"), [0.0, 0.0])
        return invoices

    def test_return_of_what_paid_several_invoices(self):
        """Each owes its own amount again, and is told so once."""
        invoices = self.paid_together()
        self.deliver(self.returned())
        self.deliver(self.returned())
        self.assertEqual(invoices.mapped("amount_residual"), [100.0, 21.0])
        for invoice, amount in zip(invoices, ("100.00", "21.00"), strict=True):
            [todo] = invoice.activity_ids
            self.assertIn(amount, todo.note)
        for posting in self.payment(1).posting_ids:
            self.assertTrue(posting.customer_line.reconciled)
        self.assertEqual(self.receivable(), 121_00)

    def test_return_is_posted_again(self):
        invoices = self.paid_together()
        self.deliver(self.returned())
        back = self.payment(1).posting_ids.filtered("parent_key")
        back.action_post_again()
        self.assertEqual(invoices.mapped("amount_residual"), [100.0, 21.0])
        self.assertEqual([len(one.activity_ids) for one in invoices], [1, 1])

    def test_refund_of_what_paid_several_invoices(self):
        """The first one owes it, then the other; and neither, when it fails."""
        invoices = self.paid_together()
        self.deliver(stripe.refunded(1, 1, 20_00))
        self.assertEqual(invoices.mapped("amount_residual"), [20.0, 0.0])
        self.deliver(stripe.refunded(2, 1, 90_00))
        self.assertEqual(invoices.mapped("amount_residual"), [100.0, 10.0])
        self.deliver(stripe.refunded(2, 1, 90_00, status="failed"))
        self.assertEqual(invoices.mapped("amount_residual"), [20.0, 0.0])
        self.assertFalse(invoices.activity_ids)
