# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What was right when it was saved, and was changed by somebody afterwards.

What is wrong from the start is refused when it is saved: ``test_mapping_checks``.
"""

from odoo.tests import tagged

from .generic_messages import captured, told
from .ledger_common import LedgerCommon


@tagged("post_install", "-at_install")
class TestBadSetup(LedgerCommon):
    def fee_rule(self):
        return (
            self.env["payment.hub.mapping"]
            .sudo()
            .search([("event_type", "=", "fee.charged")])
        )

    def assertTold(self, *words, cause="setup_incomplete", bodies=()):
        """A fee is an exception that names what to mend, and posts once it is."""
        self.deliver(*(bodies or [told("fee.charged", "f", 2_00)]))
        exception = self.env["payment.hub.exception"].search([("is_open", "=", True)])
        self.assertEqual(exception.mapped("cause"), [cause])
        for word in words:
            self.assertIn(word, exception.detail)
        self.assertFalse(self.env["payment.hub.posting"].search([]))
        return exception

    def assertMended(self, exception):
        exception.action_retry()
        self.assertEqual(exception.state, "resolved")
        self.assertTrue(self.env["payment.hub.posting"].search([]))

    def test_archived_account_of_a_rule(self):
        account = self.accounts["fee"]
        account.active = False
        exception = self.assertTold(
            "fee.charged", "Account (", account.name, "archived"
        )
        account.active = True
        self.assertMended(exception)

    def test_archived_account_of_the_balance(self):
        account = self.balance.transit_account_id
        account.active = False
        message = told("payout.in_transit", "po", 2_00)
        exception = self.assertTold("Shop", account.name, "USD", bodies=[message])
        account.active = True
        self.assertMended(exception)

    def test_archived_clearing_account(self):
        self.balance.clearing_account_id.active = False
        exception = self.assertTold("Shop USD Clearing", "archived")
        self.balance.clearing_account_id.active = True
        self.assertMended(exception)

    def test_archived_receivable(self):
        """Of an invoice of old."""
        invoice = self.make_invoice(5.0)
        account = self.company_data["default_account_receivable"]
        account.active = False
        exception = self.assertTold(
            account.name, invoice.name, bodies=[captured(1, 5_00, invoice.name)]
        )
        account.active = True
        self.assertMended(exception)

    def test_archived_account_of_what_comes_back(self):
        self.deliver(told("dispute.funds_withdrawn", "dp", 5_00, payment="pay-1"))
        account = self.accounts["dispute_hold"]
        account.active = False
        self.deliver(told("dispute.funds_reinstated", "dp", 5_00, 1, payment="pay-1"))
        exception = self.env["payment.hub.exception"].search([])
        self.assertEqual(exception.cause, "setup_incomplete")
        self.assertIn(account.name, exception.detail)
        self.assertIn("dispute:dp:funds_withdrawn", exception.detail)

    def test_archived_journal_of_a_rule(self):
        journal = self.company_data["default_journal_misc"].copy({"code": "FEES"})
        self.fee_rule().journal_id = journal
        journal.sudo().active = False
        exception = self.assertTold("fee.charged", "Journal", "archived")
        self.fee_rule().journal_id = False
        self.assertMended(exception)

    def test_archived_journal_of_the_connection(self):
        journal = self.connection.journal_id.sudo()
        journal.active = False
        exception = self.assertTold("journal")
        journal.active = True
        self.assertMended(exception)

    def test_account_that_went_to_another_company(self):
        """Odoo allows it as long as nothing is booked there."""
        account = self.accounts["fee"]
        other = self.setup_other_company()["company"]
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE account_account_res_company_rel SET res_company_id = %s"
            " WHERE account_account_id = %s",
            [other.id, account.id],
        )
        self.env.invalidate_all()
        self.assertTold("fee.charged", account.name)

    def test_account_that_takes_one_currency_now(self):
        eur = self.env.ref("base.EUR")
        eur.active = True
        self.accounts["fee"].currency_id = eur
        self.assertTold("fee.charged", "EUR")

    def test_tax_that_cannot_be_taken_out_any_more(self):
        tax = self.env["account.tax"].create(
            {"name": "Levy", "amount": 21, "type_tax_use": "purchase"}
        )
        self.fee_rule().tax_ids = tax
        tax.amount = -100
        exception = self.assertTold("fee.charged", "Levy", "Taxes")
        tax.amount = 21
        self.assertMended(exception)

    def test_deleted_analytic_account(self):
        self.check_deleted_analytic_account(self.fee_rule())

    def test_deleted_analytic_account_of_an_entity(self):
        entities = self.env["payment.hub.entity"].sudo()
        entity = entities.create(
            {"connection_id": self.connection.id, "company_id": self.company.id}
        )
        self.check_deleted_analytic_account(entity)

    def check_deleted_analytic_account(self, row):
        plan = self.env["account.analytic.plan"].create({"name": "Plan"})
        account = self.env["account.analytic.account"].create(
            {"name": "Shop", "plan_id": plan.id}
        )
        row.analytic_distribution = {str(account.id): 100}
        account.unlink()
        exception = self.assertTold(row.display_name, "Analytic Distribution")
        row.analytic_distribution = False
        self.assertMended(exception)

    def test_archived_account_of_a_tax(self):
        vat = self.make_account("VAT")
        tax = self.env["account.tax"].create(
            {"name": "Levy", "amount": 21, "type_tax_use": "purchase"}
        )
        lines = tax.invoice_repartition_line_ids
        lines.filtered(lambda one: one.repartition_type == "tax").account_id = vat
        self.fee_rule().tax_ids = tax
        vat.active = False
        exception = self.assertTold("fee.charged", "Taxes", "Levy", "VAT")
        vat.active = True
        self.assertMended(exception)

    def test_currency_that_odoo_does_not_know(self):
        chf = self.env.ref("base.CHF")
        self.add_balance(chf)
        chf.active = False
        message = told("fee.charged", "f", 2_00, currency="CHF")
        exception = self.assertTold("CHF", cause="unknown_currency", bodies=[message])
        chf.active = True
        self.assertIn("CHF", exception.detail)

    def test_only_what_is_wrong_waits(self):
        """The others of the batch are posted."""
        self.accounts["fee"].active = False
        self.deliver(
            *(told("fee.charged", f"f{number}", 2_00) for number in range(3)),
            told("adjustment.debit", "a", 5_00),
        )
        self.assertEqual(self.balances("clearing", "suspense")["suspense"], 5_00)
        self.assertEqual(set(self.open_causes()), {"setup_incomplete"})
