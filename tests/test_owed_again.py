# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a lost dispute took is owed again by the customer, where the rules say so."""

from itertools import permutations

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from ..models.mapping_treatments import LOSSES, OWED_AGAIN
from .generic_messages import captured, in_batch, refunded, told
from .test_currencies import CurrencyCommon, ThreeCurrenciesCommon


def taken(amount, at=1, of=1, dispute="dp-1", **more):
    return told(
        "dispute.funds_withdrawn", dispute, amount, at, payment=f"pay-{of}", **more
    )


def given_back(amount, at=5, of=1, dispute="dp-1", **more):
    return told(
        "dispute.funds_reinstated", dispute, amount, at, payment=f"pay-{of}", **more
    )


def lost(at=2, type_="lost", of=1, dispute="dp-1", **more):
    return told(f"dispute.{type_}", dispute, at=at, payment=f"pay-{of}", **more)


class OwedAgainCommon(CurrencyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["payment.hub.mapping"].search(
            [("event_type", "in", LOSSES)]
        ).sudo().write({"treatment": OWED_AGAIN, "account_id": False})
        cls.accounts["receivable"] = cls.company_data["default_account_receivable"]

    def postings(self, *domain):
        return self.env["payment.hub.posting"].search(
            [("is_reversed", "=", False), *domain], order="id"
        )

    def loss(self):
        return self.posting("dispute_loss")

    def credit_note(self, invoice, amount):
        note = self.make_invoice(amount, "out_refund")
        note.reversed_entry_id = invoice
        return note

    def assertOwed(self, invoice, owed):
        self.assertEqual(invoice.amount_residual, owed)
        self.assertEqual(self.minor(self.accounts["dispute_loss"]), 0)
        self.assertFalse(self.open_causes())


@tagged("post_install", "-at_install")
class TestOwedAgain(OwedAgainCommon):
    def test_whatever_comes_first(self):
        for number, order in enumerate(permutations(range(3)), 1):
            with self.subTest(order):
                invoice = self.make_invoice(121.0)
                told_ = [
                    captured(number, 121_00, invoice.name),
                    taken(121_00, of=number, dispute=f"dp-{number}"),
                    lost(2, LOSSES[number % 3][8:], of=number, dispute=f"dp-{number}"),
                ]
                for place in order:
                    self.deliver(told_[place])
                self.assertEqual(invoice.payment_state, "not_paid")
                self.assertOwed(invoice, 121.0)
                payment = self.env["payment.hub.payment"].search(
                    [("provider_ref", "=", f"pay-{number}")]
                )
                lines = payment.posting_ids.far_line_id
                self.assertTrue(all(lines.mapped("reconciled")))
                self.assertEqual(payment.posting_state, "posted")
        self.assertBooked(clearing=0, dispute_hold=0, dispute_loss=0)
        dispute = self.env["payment.hub.dispute"].search([], limit=1)
        self.assertEqual(dispute.owed_again, 121.0)

    def test_entry(self):
        invoice = self.make_invoice(121.0)
        self.deliver(captured(1, 121_00, invoice.name), taken(50_00), lost())
        loss = self.loss()
        self.assertEqual(loss.partner_id, self.customer)
        self.assertEqual(loss.document_id, invoice)
        self.assertFalse(loss.is_on_balance)
        lines = [
            (line.account_id, line.balance, line.partner_id)
            for line in loss.move_id.line_ids
        ]
        self.assertEqual(
            lines,
            [
                (self.account("dispute_hold"), -50.0, self.customer),
                (self.account("receivable"), 50.0, self.customer),
            ],
        )
        self.assertOwed(invoice, 50.0)

    def test_given_back_after_all(self):
        """In part and then in whole: the invoice is paid again by as much."""
        invoice = self.make_invoice(121.0)
        self.deliver(captured(1, 121_00, invoice.name), taken(121_00), lost())
        self.assertOwed(invoice, 121.0)
        self.deliver(given_back(30_00))
        self.assertOwed(invoice, 91.0)
        second = {"type": "dispute", "id": "dp-1", "leg": "second"}
        self.deliver(
            given_back(91_00, 6, object=second),
            told("dispute.won", "dp-1", at=6, payment="pay-1"),
        )
        self.assertOwed(invoice, 0.0)
        self.assertFalse(self.loss())
        self.assertBooked(clearing=121_00, dispute_hold=0)

    def test_credit_note(self):
        invoice = self.make_invoice(121.0)
        self.deliver(captured(1, 121_00, invoice.name))
        note = self.credit_note(invoice, 40.0)
        self.deliver(taken(40_00), lost())
        self.assertOwed(invoice, 0.0)
        self.assertEqual(note.amount_residual, 0.0)
        self.assertEqual(self.loss().document_id, note)
        self.deliver(given_back(40_00))
        self.assertOwed(invoice, 0.0)
        self.assertEqual(note.payment_state, "not_paid")

    def test_later_credit_note(self):
        invoice = self.make_invoice(121.0)
        self.deliver(captured(1, 121_00, invoice.name), taken(121_00), lost())
        note = self.credit_note(invoice, 121.0)
        lines = (invoice | note).line_ids.filtered(
            lambda line: line.account_id == self.account("receivable")
        )
        lines.reconcile()
        self.assertEqual(invoice.payment_state, "reversed")

    def test_beside_a_refund(self):
        invoice = self.make_invoice(121.0)
        self.deliver(
            captured(1, 121_00, invoice.name),
            refunded(1, 1, 21_00),
            taken(100_00, 2),
            lost(3),
        )
        self.assertOwed(invoice, 121.0)
        self.deliver(refunded(1, 1, 21_00, 4, leg="failed"))
        self.assertEqual(invoice.amount_residual, 100.0)

    def test_several_captures(self):
        """The charge that the dispute names, then the others."""
        invoice = self.make_invoice(121.0)
        for number, amount in ((1, 40_00), (2, 81_00)):
            self.deliver(
                told(
                    "payment.captured",
                    f"ch-{number}",
                    amount,
                    payment="pay-1",
                    invoice=invoice.name,
                )
            )
        self.deliver(taken(100_00, parent="ch-2"), lost(parent="ch-2"))
        self.assertOwed(invoice, 100.0)
        [first, second] = self.postings(("kind", "=", "capture"))
        self.assertEqual(
            second.far_line_id.matched_debit_ids.debit_move_id, self.loss().far_line_id
        )
        self.assertEqual(
            first.far_line_id.matched_debit_ids.debit_move_id.move_id,
            invoice | self.loss().move_id,
        )

    def test_more_than_was_paid(self):
        """The rest is owed as an open item of the customer's."""
        invoice = self.make_invoice(100.0)
        self.deliver(captured(1, 100_00, invoice.name), taken(110_00), lost())
        self.assertOwed(invoice, 100.0)
        self.assertEqual(self.loss().far_line_id.amount_residual, 10.0)
        self.assertBooked(clearing=-10_00, receivable=110_00)

    def test_deposit(self):
        """A payment without an invoice: the deposit is gone, nobody owes anything."""
        self.rule("payment.captured", self.deposits())
        self.deliver(captured(1, 80_00), taken(30_00), lost())
        self.assertEqual(self.loss().far_account_id, self.accounts["deposits"])
        self.assertEqual(
            self.balances("clearing", "dispute_hold", "deposits"),
            {"clearing": 50_00, "dispute_hold": 0, "deposits": -50_00},
        )
        self.assertEqual(self.open_causes(), ["deposit_unapplied"])

    def deposits(self):
        account = self.make_account("deposits")
        account.account_type = "liability_current"
        self.accounts["deposits"] = account
        return account

    def test_deposit_that_was_applied(self):
        self.rule("payment.captured", self.deposits())
        invoice = self.make_invoice(80.0)
        invoice.button_draft()
        self.deliver(captured(1, 80_00, invoice.name))
        invoice.action_post()
        self.apply_deposits()
        self.assertEqual(invoice.payment_state, "paid")
        self.deliver(taken(30_00), lost())
        self.assertOwed(invoice, 30.0)
        self.assertBooked(clearing=50_00, dispute_hold=0, deposits=0)

    def test_deposit_of_which_some_comes_back(self):
        """The rest of it was used by then: the invoice gets both."""
        self.rule("payment.captured", self.deposits())
        invoice = self.make_invoice(80.0)
        invoice.button_draft()
        self.deliver(captured(1, 80_00, invoice.name), taken(30_00), lost())
        invoice.action_post()
        self.apply_deposits()
        self.assertEqual(invoice.amount_residual, 30.0)
        self.deliver(given_back(30_00))
        self.assertOwed(invoice, 0.0)
        self.assertBooked(clearing=80_00, dispute_hold=0, deposits=0)
        self.deliver(taken(20_00, 7, dispute="dp-2"), lost(8, dispute="dp-2"))
        self.assertOwed(invoice, 20.0)
        self.posting().action_post_again()
        self.assertOwed(invoice, 20.0)
        self.assertBooked(clearing=60_00, dispute_hold=0, deposits=0)

    def test_deposit_that_fits_no_more(self):
        """What comes back of it waits for another invoice."""
        self.rule("payment.captured", self.deposits())
        self.company.payment_hub_overpayment = "exception"
        invoice = self.make_invoice(50.0)
        invoice.button_draft()
        self.deliver(captured(1, 80_00, invoice.name), taken(30_00), lost())
        invoice.action_post()
        self.apply_deposits()
        self.assertOwed(invoice, 0.0)
        self.deliver(given_back(30_00))
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self.open_causes(), ["deposit_unapplied"])
        self.assertTrue(self.posting().is_unapplied)

    def test_captures_are_posted_again(self):
        """What is owed again was reconciled with the capture: it goes with it."""
        invoice = self.make_invoice(121.0)
        self.deliver(captured(1, 121_00, invoice.name), taken(50_00), lost())
        before = self.postings()
        for kind in ("capture", "dispute_loss", "dispute_withdrawal"):
            self.posting(kind).action_post_again()
            self.assertOwed(invoice, 50.0)
        self.assertFalse(self.postings() & before)
        self.assertBooked(clearing=71_00, receivable=50_00, dispute_hold=0)

    def test_capture_is_a_deposit_after_all(self):
        """What is owed again follows the capture to its account."""
        invoice = self.make_invoice(121.0)
        self.deliver(captured(1, 121_00, invoice.name), taken(50_00), lost())
        invoice.button_draft()
        invoice.button_cancel()
        self.rule("payment.captured", self.deposits())
        self.posting().action_post_again()
        self.assertEqual(self.loss().far_account_id, self.accounts["deposits"])
        self.assertEqual(
            self.balances("clearing", "dispute_hold", "deposits", "receivable"),
            {"clearing": 71_00, "dispute_hold": 0, "deposits": -71_00, "receivable": 0},
        )

    def test_another_rule_afterwards(self):
        invoice = self.make_invoice(121.0)
        self.deliver(captured(1, 121_00, invoice.name), taken(50_00), lost())
        self.env["payment.hub.mapping"].search(
            [("event_type", "=", "dispute.lost")]
        ).sudo().write(
            {"treatment": "post", "account_id": self.accounts["dispute_loss"].id}
        )
        self.loss().action_post_again()
        self.assertEqual(invoice.payment_state, "paid")
        self.assertBooked(dispute_hold=0, dispute_loss=50_00)

    def test_given_up_at_once(self):
        """What was an expense when it was taken is none when the customer owes it."""
        row = self.env["payment.hub.mapping"].search(
            [("event_type", "=", "dispute.funds_withdrawn")]
        )
        spent = self.make_account("spent", "expense")
        row.sudo().write({"treatment": "expense", "account_id": spent.id})
        invoice = self.make_invoice(121.0)
        self.deliver(captured(1, 121_00, invoice.name), taken(50_00), lost())
        self.assertEqual(invoice.amount_residual, 50.0)
        self.assertEqual(self.minor(spent), 0)

    def test_given_up_with_taxes(self):
        row = self.env["payment.hub.mapping"].search(
            [("event_type", "=", "dispute.funds_withdrawn")]
        )
        spent = self.make_account("spent", "expense")
        tax = self.company_data["default_tax_purchase"]
        row.sudo().write(
            {
                "treatment": "expense",
                "account_id": spent.id,
                "tax_ids": [Command.set(tax.ids)],
            }
        )
        invoice = self.make_invoice(121.0)
        self.deliver(captured(1, 121_00, invoice.name), taken(50_00), lost())
        self.assertEqual(self.open_causes(), ["setup_incomplete"])
        self.assertFalse(self.loss())

    def test_taken_in_another_currency(self):
        """The customer has not paid in it; whoever keeps the rules is told so."""
        euro = self.rate("EUR", 0.8)
        invoice = self.make_invoice(100.0, currency_id=euro.id)
        self.deliver(
            captured(1, 100_00, invoice.name, currency="EUR", settled=(125_00, "USD")),
            taken(130_00, settled=(-130_00, "USD")),
        )
        self.assertBooked(clearing=-5_00, dispute_hold=130_00)
        self.deliver(lost())
        self.assertEqual(self.open_causes(), ["setup_incomplete"])
        exception = self.env["payment.hub.exception"].search([])
        self.assertIn("took USD of what was paid in EUR", exception.detail)
        rows = self.env["payment.hub.mapping"].search([("event_type", "in", LOSSES)])
        rows.sudo().write(
            {
                "treatment": "post",
                "account_id": self.accounts["dispute_loss"].id,
            }
        )
        exception.action_retry()
        self.drain()
        self.assertBooked(clearing=-5_00, dispute_hold=0, dispute_loss=130_00)

    def test_payment_that_is_not_posted(self):
        self.deliver(captured(1, 121_00), taken(50_00), lost())
        self.assertFalse(self.loss())
        self.assertIn("invoice_not_found", self.open_causes())

    # === the row ===

    def test_row(self):
        row = self.env["payment.hub.mapping"].search(
            [("event_type", "=", "dispute.lost")]
        )
        tax = self.company_data["default_tax_sale"]
        for vals in (
            {"account_id": self.accounts["dispute_loss"].id},
            {"tax_ids": [Command.set(tax.ids)]},
            {"event_type": "dispute.escalated"},
            {"event_type": False},
        ):
            with self.subTest(vals), self.assertRaises(ValidationError):
                row.sudo().write(vals)
        with Form(self.env["payment.hub.mapping"]) as form:
            form.event_type = "dispute.accepted"
            form.provider_code = "x"
            form.account_id = self.accounts["dispute_loss"]
            form.treatment = OWED_AGAIN
        self.assertFalse(form.record.account_id)


@tagged("post_install", "-at_install")
class TestOwedAgainTogether(OwedAgainCommon):
    """One entry for a day, or for a settlement."""

    def test_day(self):
        self.connection.granularity = "day"
        invoice = self.make_invoice(121.0)
        for message in (lost(), taken(50_00), captured(1, 121_00, invoice.name)):
            self.deliver(message)
        self.assertEqual(self.loss().move_id, self.posting().move_id)
        self.assertOwed(invoice, 50.0)
        self.assertBooked(clearing=71_00, receivable=50_00, dispute_hold=0)
        self.loss().action_post_again()
        self.deliver(given_back(20_00))
        self.assertOwed(invoice, 30.0)

    def test_settlement(self):
        """The loss moves no balance and is booked at once, before its capture."""
        self.connection.granularity = "settlement"
        invoice = self.make_invoice(121.0)
        self.deliver(
            captured(1, 121_00, invoice.name, **in_batch("po-1", 121_00)),
            taken(50_00, **in_batch("po-1", -50_00)),
            lost(),
        )
        self.assertFalse(self.posting().move_id)
        self.assertTrue(self.loss().move_id)
        self.deliver(
            told("payout.in_transit", "po-1", 71_00, 9, **in_batch("po-1", -71_00))
        )
        self.assertTrue(self.posting().move_id)
        self.assertOwed(invoice, 50.0)
        self.assertBooked(clearing=0, payout_transit=71_00, dispute_hold=0)
        self.assertTrue(self.loss().near_line_id.reconciled)


@tagged("post_install", "-at_install")
class TestOwedAgainInThreeCurrencies(OwedAgainCommon, ThreeCurrenciesCommon):
    def test_loss_and_the_end_of_it(self):
        invoice = self.make_invoice(100.0, currency_id=self.eur.id)
        self.deliver(
            captured(1, 100_00, invoice.name, currency="EUR", settled=(112_00, "USD")),
            taken(60_00, currency="EUR", settled=(-72_00, "USD")),
            lost(),
        )
        self.assertEqual(invoice.amount_residual, 60.0)
        loss = self.loss()
        self.assertEqual(loss.far_line_id.amount_currency, 60.0)
        self.assertEqual(loss.far_line_id.balance, 45.0)  # as 72.00 USD were worth
        self.assertEqual(
            self.minor(self.accounts["dispute_hold"], "amount_currency"), 0
        )
        self.assertBooked(dispute_hold=0, clearing=25_00)
        self.deliver(
            given_back(60_00, currency="EUR", settled=(70_40, "USD")),
            told("dispute.won", "dp-1", at=6, payment="pay-1"),
        )
        self.assertEqual(invoice.payment_state, "paid")
        self.assertBooked(dispute_hold=0, clearing=69_00)
