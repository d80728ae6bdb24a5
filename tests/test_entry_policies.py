# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Dates, locked periods, taxes, and payments that are more or less than the invoice."""

from datetime import date

from odoo import Command
from odoo.tests import tagged

from .generic_messages import captured, refunded, told
from .ledger_common import LedgerCommon


class PolicyCommon(LedgerCommon):
    def posting(self, kind="fee"):
        return self.env["payment.hub.posting"].search([("kind", "=", kind)])

    def tax(self, *repartition, **vals):
        lines = [
            Command.create({"repartition_type": "base"}),
            *(
                Command.create(
                    {
                        "repartition_type": "tax",
                        "factor_percent": percent,
                        "account_id": account.id,
                    }
                )
                for percent, account in repartition
            ),
        ]
        return self.env["account.tax"].create(
            {
                "name": "Fee 21 %",
                "amount": 21.0,
                "type_tax_use": "purchase",
                "invoice_repartition_line_ids": lines,
                "refund_repartition_line_ids": [Command.clear(), *lines],
                **vals,
            }
        )


@tagged("post_install", "-at_install")
class TestDates(PolicyCommon):
    def fee_rule(self, **vals):
        rule = self.env["payment.hub.mapping"].search(
            [("event_type", "=", "fee.charged")]
        )
        rule.sudo().write(vals)

    def test_provider_closes_its_day_elsewhere(self):
        """The customer side follows the company's day, the provider's its own."""
        self.connection.sudo().calendar_ids = [
            Command.create(
                {"valid_from": "2025-01-01", "tz": "America/New_York", "day_start": 6}
            )
        ]
        invoice = self.make_invoice(100.0)
        self.deliver(
            captured(1, 100_00, invoice.name),  # 05:00 in New York
            told("fee.charged", "f", 2_00),
        )
        self.assertEqual(self.posting("capture").date, date(2026, 1, 1))
        self.assertEqual(self.posting().date, date(2025, 12, 31))

    def test_calendar_changes(self):
        self.connection.sudo().calendar_ids = [
            Command.create({"valid_from": "2025-01-01", "tz": "UTC", "day_start": 12}),
            Command.create({"valid_from": "2026-01-01", "tz": "UTC", "day_start": 0}),
        ]
        self.deliver(told("fee.charged", "f", 2_00, at=-12))  # 22:00 of the day before
        self.deliver(told("fee.charged", "g", 2_00))  # 10:00
        days = self.posting().sorted("id").mapped("date")
        self.assertEqual(days, [date(2025, 12, 31), date(2026, 1, 1)])

    def test_clock_of_the_rule(self):
        clocks = [
            {"kind": "available", "at": "2026-01-05T23:30:00Z"},
            {"kind": "value", "at": "2026-01-07T00:00:00Z"},
        ]
        for number, (rule, day) in enumerate(
            (
                ("occurred", date(2026, 1, 1)),
                ("booked", date(2026, 1, 1)),  # not told: as occurred
                ("available", date(2026, 1, 5)),
                ("value", date(2026, 1, 7)),
            )
        ):
            self.fee_rule(date_rule=rule)
            self.deliver(told("fee.charged", f"f{number}", 2_00, clocks=clocks))
            posting = self.posting().sorted("id")[-1]
            with self.subTest(rule):
                self.assertEqual((posting.date, posting.move_id.date), (day, day))

    def lock(self, policy):
        self.company.payment_hub_lock_policy = policy
        self.company.fiscalyear_lock_date = "2026-01-31"

    def test_locked_period_moves_on(self):
        self.lock("next_open_day")
        self.deliver(told("fee.charged", "f", 2_00))
        posting = self.posting()
        self.assertEqual(posting.move_id.date, date(2026, 2, 1))
        self.assertEqual(posting.due_date, date(2026, 1, 1))
        self.assertTrue(posting.is_late)

    def test_locked_period_stops(self):
        for policy, cause in (
            ("block", "locked_period"),
            ("request_reopen", "reopening_requested"),
        ):
            self.lock(policy)
            self.deliver(told("fee.charged", f"f-{policy}", 2_00))
            self.assertIn(cause, self.open_causes())
        self.assertFalse(self.posting())

    def test_somebody_is_asked_to_reopen(self):
        self.lock("request_reopen")
        self.company.payment_hub_reopen_user_id = self.env.user
        self.deliver(told("fee.charged", "f", 2_00))
        exception = self.env["payment.hub.exception"].search([])
        self.assertEqual(exception.activity_ids.user_id, self.env.user)
        self.company.fiscalyear_lock_date = False
        exception.action_retry()
        self.assertEqual(self.posting().date, date(2026, 1, 1))
        self.assertFalse(exception.activity_ids)


@tagged("post_install", "-at_install")
class TestTaxes(PolicyCommon):
    def book(self, tax, name="fee.charged", amount=2_42):
        self.env["payment.hub.mapping"].sudo().search(
            [("event_type", "=", name)]
        ).tax_ids = tax
        self.deliver(told(name, "f", amount))

    def test_tax_within_the_fee(self):
        vat = self.make_account("VAT")
        self.book(self.tax((100, vat)))
        self.assertBooked(clearing=-2_42, fee=2_00)
        self.assertEqual(self.minor(vat), 42)
        line = self.posting().far_line_id
        self.assertTrue(line.tax_ids)

    def test_disputed_money_comes_back_with_its_tax(self):
        vat = self.make_account("VAT")
        revenue = self.make_account("Revenue", "income")
        rule = self.env["payment.hub.mapping"].sudo()
        rule.search([("event_type", "=", "dispute.funds_withdrawn")]).write(
            {
                "treatment": "contra_revenue",
                "account_id": revenue.id,
                "tax_ids": self.tax((100, vat)).ids,
            }
        )
        self.deliver(told("dispute.funds_withdrawn", "dp", 2_42, payment="pay-1"))
        self.assertEqual((self.minor(revenue), self.minor(vat)), (2_00, 42))
        self.deliver(told("dispute.lost", "dp", at=1, payment="pay-1"))
        self.deliver(told("dispute.funds_reinstated", "dp", 2_42, 2, payment="pay-1"))
        self.assertEqual((self.minor(revenue), self.minor(vat)), (0, 0))
        self.assertBooked(clearing=0, dispute_loss=0)

    def test_tax_that_was_archived_comes_back(self):
        vat = self.make_account("VAT")
        revenue = self.make_account("Revenue", "income")
        tax = self.tax((100, vat))
        rule = self.env["payment.hub.mapping"].sudo()
        rule.search([("event_type", "=", "dispute.funds_withdrawn")]).write(
            {
                "treatment": "contra_revenue",
                "account_id": revenue.id,
                "tax_ids": tax.ids,
            }
        )
        self.deliver(told("dispute.funds_withdrawn", "dp", 2_42, payment="pay-1"))
        tax.active = False
        self.deliver(told("dispute.funds_reinstated", "dp", 2_42, 1, payment="pay-1"))
        self.assertEqual((self.minor(revenue), self.minor(vat)), (0, 0))
        self.assertBooked(clearing=0)

    def test_reverse_charge(self):
        due, deductible = self.make_account("Due"), self.make_account("Deductible")
        self.book(self.tax((100, deductible), (-100, due)), amount=2_00)
        self.assertBooked(clearing=-2_00, fee=2_00)
        self.assertEqual((self.minor(deductible), self.minor(due)), (42, -42))

    def test_tax_that_is_due_on_payment(self):
        """The provider has taken the fee: nothing is left to be paid."""
        self.company.tax_exigibility = True
        vat, waiting = self.make_account("VAT"), self.make_account("Not Due Yet")
        tag = self.env["account.account.tag"].create(
            {"name": "VAT", "applicability": "taxes"}
        )
        tax = self.tax(
            (100, vat),
            tax_exigibility="on_payment",
            cash_basis_transition_account_id=waiting.id,
        )
        tax.invoice_repartition_line_ids.tag_ids = tag
        self.book(tax)
        self.assertBooked(clearing=-2_42, fee=2_00)
        self.assertEqual((self.minor(vat), self.minor(waiting)), (42, 0))
        tagged_lines = self.posting().move_id.line_ids.filtered("tax_tag_ids")
        self.assertEqual(sorted(tagged_lines.mapped("balance")), [0.42, 2.0])

    def test_fee_that_is_given_back(self):
        vat = self.make_account("VAT")
        self.book(self.tax((100, vat)), "fee.refunded")
        self.assertBooked(clearing=2_42, fee=-2_00)
        self.assertEqual(self.minor(vat), -42)


@tagged("post_install", "-at_install")
class TestAmounts(PolicyCommon):
    def test_more_than_the_invoice(self):
        self.company.payment_hub_overpayment = "credit"
        invoice = self.make_invoice(90.0)
        self.deliver(captured(1, 100_00, invoice.name), refunded(1, 1, 10_00))
        self.assertEqual(invoice.payment_state, "paid")
        self.assertBooked(clearing=90_00)
        payments = self.posting("capture") | self.posting("refund")
        self.assertTrue(all(payments.far_line_id.mapped("reconciled")))

    def test_less_than_the_invoice(self):
        self.company.payment_hub_underpayment = "exception"
        self.deliver(captured(1, 80_00, self.make_invoice(90.0).name))
        self.assertEqual(self.open_causes(), ["amount_mismatch"])
