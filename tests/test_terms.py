# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the payment terms of an invoice promise: discounts and instalments."""

from odoo import Command
from odoo.tests import tagged

from ..models.mapping_treatments import LOSSES, OWED_AGAIN
from .generic_messages import captured, refunded, returned, told
from .ledger_common import LedgerCommon

LATE = 24 * 30  # hours


class TermsCommon(LedgerCommon):
    def invoice(self, term, amount=100.0, tax=False, **vals):
        """An invoice of 2025-12-15 over ``amount`` before tax of 15 %."""
        line = {
            "name": "Chair",
            "price_unit": amount,
            "tax_ids": [Command.set(self.tax_sale_a.ids if tax else [])],
        }
        return self.make_invoice(
            invoice_payment_term_id=term.id,
            invoice_line_ids=[Command.create(line)],
            **vals,
        )

    def posting(self, kind="capture"):
        return self.env["payment.hub.posting"].search(
            [("kind", "=", kind), ("is_reversed", "=", False)]
        )

    def owed(self, invoice):
        return round(invoice.amount_residual * 100)


@tagged("post_install", "-at_install")
class TestEarlyPayment(TermsCommon):
    """2 % when paid within 20 days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.payment_hub_underpayment = "exception"
        cls.loss = cls.company.account_journal_early_pay_discount_loss_account_id

    def term(self, computation="included"):
        return self.env["account.payment.term"].create(
            {
                "name": "2 % within 20 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 20,
                "early_pay_discount_computation": computation,
                "line_ids": [Command.create({"value": "percent", "value_amount": 100})],
            }
        )

    def test_each_way_of_taxes(self):
        vat = self.tax_sale_a.invoice_repartition_line_ids.account_id
        for number, (computation, total, due, discount, tax) in enumerate(
            (
                ("included", 115.00, 112_70, 2_00, -14_70),
                ("excluded", 115.00, 113_00, 2_00, -15_00),
                ("mixed", 114.70, 112_70, 2_00, -14_70),
            )
        ):
            with self.subTest(computation):
                before = {one: self.minor(one) for one in (self.loss, vat)}
                clearing = self.minor(self.account("clearing"))
                invoice = self.invoice(self.term(computation), tax=True)
                self.assertEqual(invoice.amount_total, total)
                self.deliver(captured(number, due, invoice.name))
                self.assertEqual(invoice.payment_state, "paid")
                self.assertEqual(self.owed(invoice), 0)
                self.assertEqual(self.minor(self.account("clearing")) - clearing, due)
                booked = self.minor(self.loss) - before[self.loss]
                self.assertEqual(booked, discount)
                self.assertEqual(self.minor(vat) - before[vat], tax)
        self.assertFalse(self.open_causes())

    def test_as_odoo_s_wizard_books_it(self):
        term = self.term()
        ours, theirs = self.invoice(term, tax=True), self.invoice(term, tax=True)
        self.deliver(captured(1, 112_70, ours.name))
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=theirs.ids
        )
        payment = wizard.create({"payment_date": "2026-01-01"})._create_payments()
        self.assertEqual(theirs.payment_state, ours.payment_state)

        def told_by(move):
            return sorted(
                (
                    line.account_id.id,
                    line.balance,
                    line.amount_currency,
                    line.tax_line_id.id,
                    tuple(line.tax_ids.ids),
                    tuple(line.tax_tag_ids.ids),
                )
                for line in move.line_ids
                if line.account_id != move.origin_payment_id.outstanding_account_id
            )

        self.assertEqual(told_by(self.posting().move_id), told_by(payment.move_id))

    def test_preview_of_what_is_posted(self):
        invoice = self.invoice(self.term(), tax=True)
        self.deliver(captured(1, 112_70, invoice.name))
        preview = self.env["payment.hub.preview"]._preview(self.posting().event_id)
        self.assertFalse(preview.cards[0].refusal)
        self.assertTrue(preview.is_same)

    def test_too_late(self):
        invoice = self.invoice(self.term())
        self.deliver(captured(1, 98_00, invoice.name, at=LATE))
        self.assertEqual(self.open_causes(), ["amount_mismatch"])
        self.company.payment_hub_underpayment = "partial"
        self.env["payment.hub.exception"].search([]).action_retry()
        self.assertBooked(clearing=98_00)
        self.assertEqual(self.owed(invoice), 2_00)
        self.assertEqual(self.minor(self.loss), 0)

    def test_paid_in_time_and_booked_late(self):
        """The day of the payment counts, not the one on which it may be booked."""
        self.company.payment_hub_lock_policy = "next_open_day"
        invoice = self.invoice(self.term())
        self.company.fiscalyear_lock_date = "2026-01-31"
        self.deliver(captured(1, 98_00, invoice.name))
        self.assertEqual(invoice.payment_state, "paid")
        self.assertBooked(clearing=98_00)
        self.assertEqual(self.minor(self.loss), 2_00)

    def test_all_of_it(self):
        invoice = self.invoice(self.term())
        self.deliver(captured(1, 100_00, invoice.name))
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self.minor(self.loss), 0)

    def test_in_two_parts(self):
        """Odoo's rule: who pays in parts has no discount."""
        self.company.payment_hub_underpayment = "partial"
        invoice = self.invoice(self.term())
        self.deliver(captured(1, 40_00, invoice.name), captured(2, 58_00, invoice.name))
        self.assertEqual(self.owed(invoice), 2_00)
        self.assertEqual(self.minor(self.loss), 0)

    def test_twice_in_one_batch(self):
        """The second payment finds nothing that is owed."""
        invoice = self.invoice(self.term())
        self.deliver(captured(1, 98_00, invoice.name), captured(2, 98_00, invoice.name))
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self.minor(self.loss), 2_00)
        self.assertEqual(self.open_causes(), ["amount_mismatch"])

    def test_payment_that_was_returned(self):
        """No payment, no discount: all of the invoice is owed again."""
        invoice = self.invoice(self.term(), tax=True)
        self.deliver(captured(1, 112_70, invoice.name), returned(1, 112_70, at=1))
        self.assertEqual(self.owed(invoice), 115_00)
        self.assertBooked(clearing=0)
        self.assertEqual(self.minor(self.loss), 0)
        self.deliver(captured(2, 115_00, invoice.name, at=LATE))
        self.assertEqual(invoice.payment_state, "paid")

    def test_entry_of_a_day(self):
        self.connection.sudo().granularity = "day"
        one, other = self.invoice(self.term(), tax=True), self.invoice(self.term())
        self.deliver(captured(1, 112_70, one.name), captured(2, 98_00, other.name))
        self.drain()
        self.assertEqual((one | other).mapped("payment_state"), ["paid", "paid"])
        self.assertEqual(len(self.posting().move_id), 1)
        self.assertEqual(self.minor(self.loss), 4_00)
        self.assertBooked(clearing=210_70)

    def owe_losses(self):
        rules = self.env["payment.hub.mapping"].sudo()
        losses = rules.search([("event_type", "in", LOSSES)])
        losses.write({"treatment": OWED_AGAIN, "account_id": False})

    def lost(self, number, amount):
        dispute = {"object_id": f"dp-{number}", "payment": f"pay-{number}"}
        return (
            told("dispute.funds_withdrawn", amount=amount, at=1, **dispute),
            told("dispute.lost", at=2, **dispute),
        )

    def test_dispute_lost(self):
        """All that was paid is owed again, with the discount; a part of it without."""
        self.owe_losses()
        for number, (lost, owed, discount) in enumerate(
            ((98_00, 100_00, 0), (30_00, 30_00, 2_00))
        ):
            with self.subTest(lost):
                before = self.minor(self.loss)
                invoice = self.invoice(self.term())
                self.deliver(
                    captured(number, 98_00, invoice.name), *self.lost(number, lost)
                )
                self.assertEqual(self.owed(invoice), owed)
                self.assertEqual(self.minor(self.loss) - before, discount)
                self.deliver(
                    told(
                        "dispute.funds_reinstated",
                        f"dp-{number}",
                        lost,
                        3,
                        payment=f"pay-{number}",
                    )
                )
                self.assertEqual(self.owed(invoice), 0)
                self.assertEqual(self.minor(self.loss) - before, 2_00)
        self.assertFalse(self.open_causes())

    def test_dispute_lost_and_credited(self):
        """The credit note takes what was lost: the invoice stays as it was paid."""
        self.owe_losses()
        invoice = self.invoice(self.term())
        self.deliver(captured(1, 98_00, invoice.name))
        note = self.make_invoice(98.0, "out_refund")
        note.reversed_entry_id = invoice
        before = self.minor(self.loss)
        self.deliver(*self.lost(1, 98_00))
        self.assertEqual((self.owed(note), self.owed(invoice)), (0, 0))
        self.assertEqual(self.minor(self.loss), before)

    def test_refund_without_a_credit_note(self):
        invoice = self.invoice(self.term())
        self.deliver(captured(1, 98_00, invoice.name), refunded(1, 1, 30_00))
        self.assertEqual(self.owed(invoice), 30_00)
        self.assertEqual(self.minor(self.loss), 2_00)

    def test_posted_again(self):
        invoice = self.invoice(self.term(), tax=True)
        self.deliver(captured(1, 112_70, invoice.name))
        self.posting().action_post_again()
        self.assertEqual(invoice.payment_state, "paid")
        self.assertBooked(clearing=112_70)
        self.assertEqual(self.minor(self.loss), 2_00)

    def test_in_another_currency(self):
        """The provider converts; the difference of rates is Odoo's exchange entry."""
        eur = self.env.ref("base.EUR")
        eur.active = True
        self.env["res.currency.rate"].create(
            {
                "name": "2025-12-01",
                "currency_id": eur.id,
                "company_id": self.company.id,
                "rate": 0.8,
            }
        )
        invoice = self.invoice(self.term(), currency_id=eur.id)
        self.deliver(
            captured(1, 98_00, invoice.name, currency="EUR", settled=(120_00, "USD"))
        )
        self.assertEqual(invoice.payment_state, "paid")
        self.assertBooked(clearing=120_00)
        self.assertEqual(self.minor(self.loss), 2_50)
        exchange = self.company.expense_currency_exchange_account_id
        self.assertEqual(self.minor(exchange), 2_50)

    def test_company_without_an_account_for_it(self):
        self.company.account_journal_early_pay_discount_loss_account_id = False
        self.deliver(captured(1, 98_00, self.invoice(self.term()).name))
        exception = self.env["payment.hub.exception"].search([])
        self.assertEqual(exception.cause, "setup_incomplete")
        self.assertIn("Discount", exception.detail)


@tagged("post_install", "-at_install")
class TestInstalments(TermsCommon):
    """30 % at once, 30 % after 30 days, 40 % after 60 days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.payment_hub_underpayment = "exception"
        cls.term = cls.env["account.payment.term"].create(
            {
                "name": "In three parts",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": part, "nb_days": days}
                    )
                    for part, days in ((30, 0), (30, 30), (40, 60))
                ],
            }
        )

    def open_parts(self, invoice):
        """What is open of each instalment, in cents, the first one first."""
        lines = invoice.line_ids.filtered(
            lambda line: line.display_type == "payment_term"
        )
        return [
            round(line.amount_residual * 100) for line in lines.sorted("date_maturity")
        ]

    def test_each_instalment_is_a_payment_that_fits(self):
        invoice = self.invoice(self.term)
        self.deliver(captured(1, 30_00, invoice.name))
        self.assertEqual(self.open_parts(invoice), [0, 30_00, 40_00])
        self.deliver(captured(2, 30_00, invoice.name, at=LATE))
        self.assertEqual(self.open_parts(invoice), [0, 0, 40_00])
        self.deliver(captured(3, 40_00, invoice.name, at=2 * LATE))
        self.assertEqual(invoice.payment_state, "paid")
        self.assertBooked(clearing=100_00)

    def test_several_at_once(self):
        invoice = self.invoice(self.term)
        self.deliver(captured(1, 60_00, invoice.name))
        self.assertEqual(self.open_parts(invoice), [0, 0, 40_00])
        self.assertFalse(self.open_causes())

    def test_two_in_one_batch(self):
        invoice = self.invoice(self.term)
        self.deliver(captured(1, 30_00, invoice.name), captured(2, 70_00, invoice.name))
        self.assertEqual(invoice.payment_state, "paid")
        self.assertFalse(self.open_causes())

    def test_no_instalment(self):
        invoice = self.invoice(self.term)
        self.deliver(captured(1, 40_00, invoice.name))
        self.assertEqual(self.open_causes(), ["amount_mismatch"])

    def test_part_of_one_by_policy(self):
        self.company.payment_hub_underpayment = "partial"
        invoice = self.invoice(self.term)
        self.deliver(captured(1, 40_00, invoice.name))
        self.assertEqual(self.open_parts(invoice), [0, 20_00, 40_00])

    def test_refund_opens_what_was_paid(self):
        invoice = self.invoice(self.term)
        self.deliver(
            captured(1, 30_00, invoice.name), captured(2, 30_00, invoice.name, at=1)
        )
        self.deliver(refunded(1, 1, 10_00, 2))
        self.assertEqual(self.open_parts(invoice), [10_00, 0, 40_00])
        self.deliver(refunded(2, 2, 30_00, 2))
        self.assertEqual(self.open_parts(invoice), [10_00, 30_00, 40_00])
        self.assertBooked(clearing=20_00)

    def test_refund_of_several(self):
        """What is due last is open again first."""
        invoice = self.invoice(self.term)
        self.deliver(captured(1, 100_00, invoice.name), refunded(1, 1, 50_00, 2))
        self.assertEqual(self.open_parts(invoice), [0, 10_00, 40_00])

    def on_two_accounts(self):
        """An invoice whose last instalment stands on another account."""
        other = self.make_account("Other Receivable", "asset_receivable")
        invoice = self.invoice(self.term)
        invoice.button_draft()
        last = invoice.line_ids.filtered(
            lambda line: line.display_type == "payment_term"
        ).sorted("date_maturity")[-1]
        last.account_id = other
        invoice.action_post()
        self.assertEqual(last.account_id, other)
        return invoice

    def test_several_accounts(self):
        invoice = self.on_two_accounts()
        self.deliver(captured(1, 60_00, invoice.name))
        self.assertEqual(self.open_parts(invoice), [0, 0, 40_00])
        self.deliver(captured(2, 40_00, invoice.name, at=1))
        self.assertEqual(invoice.payment_state, "paid")
        self.deliver(refunded(1, 1, 10_00, 2), refunded(2, 2, 5_00, 2))
        self.assertEqual(self.open_parts(invoice), [0, 10_00, 5_00])
        self.assertBooked(clearing=85_00)

    def test_several_accounts_in_one_batch(self):
        invoice = self.on_two_accounts()
        self.deliver(captured(1, 60_00, invoice.name), captured(2, 40_00, invoice.name))
        self.assertEqual(invoice.payment_state, "paid")
        self.assertBooked(clearing=100_00)

    def test_one_payment_for_several_accounts(self):
        invoice = self.on_two_accounts()
        self.deliver(captured(1, 100_00, invoice.name))
        exception = self.env["payment.hub.exception"].search([])
        self.assertEqual(exception.cause, "amount_mismatch")
        self.assertIn("several accounts", exception.detail)
