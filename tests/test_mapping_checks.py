# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A row that could not be booked is refused, naming itself and the field to mend."""

from psycopg2 import errors

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.payment_hub_balance import ACCOUNTS
from .mapping_common import MappingCommon


@tagged("post_install", "-at_install")
class TestMappingChecks(MappingCommon):
    def assertRefused(self, field, text="", event_type="fee.charged", **vals):
        """The row is refused with its name, the field's label and ``text``."""
        label = self.Mapping._fields[field].string
        with self.assertRaises(UserError) as caught:
            self.make_row(event_type, **vals)
        message = str(caught.exception)
        self.assertIn(f"“{event_type or 'All Events'}", message)
        self.assertIn(label, message)
        self.assertIn(text, message)

    def test_validity(self):
        self.assertRefused(
            "valid_to", "2026-02-01", valid_from="2026-02-01", valid_to="2026-01-31"
        )
        self.make_row(valid_from="2026-02-01", valid_to="2026-02-01")

    def test_currency(self):
        self.assertRefused("currency", "XQX", currency="xqx")

    # === treatment ===

    def test_treatment_that_the_type_cannot_have(self):
        hold = {"treatment": "hold", "account_id": self.hold.id}
        self.assertRefused("treatment", "Post, Contra Revenue", **hold)
        self.assertRefused("treatment", "Hold as Asset, Contra", "dispute.escalated")
        hold["account_id"] = False
        self.assertRefused("treatment", "Post, No Entry", "payout.failed", **hold)
        self.assertRefused("treatment", "No Entry, By Hand", event_type=False)
        hold["account_id"] = self.hold.id
        self.make_row("dispute.escalated", **hold)

    def test_every_type_at_once_can_only_be_left_out(self):
        self.make_row(event_type=False, treatment="manual")

    # === account ===

    def test_account_missing(self):
        for event_type, treatment in (
            ("fee.charged", "post"),
            ("dispute.lost", "expense"),
            ("dispute.funds_withdrawn", "hold"),
            ("adjustment.credit", "suspense"),
        ):
            self.assertRefused(
                "account_id",
                event_type=event_type,
                treatment=treatment,
                account_id=False,
            )
        self.make_row(treatment="none")
        row = self.make_row("payout.in_transit", account_id=False, date_rule="value")
        self.assertFalse(row.account_id)

    def test_account_that_would_not_count(self):
        for event_type in ("reserve.held", "refund.succeeded", "payout.failed"):
            self.assertRefused(
                "account_id", "leave it empty", event_type, account_id=self.hold.id
            )

    def test_deposits_are_open_items(self):
        self.assertRefused("account_id", "type", "payment.captured")
        fixed = self.make_account("Deposits", "liability_current")
        self.assertRefused(
            "account_id", "Reconciliation", "payment.captured", account_id=fixed.id
        )
        fixed.reconcile = True
        self.make_row("payment.captured", account_id=fixed.id)

    def test_account_of_another_company(self):
        other = self.other_company()["company"]
        account = self.make_account("Theirs", "expense", other)
        self.assertRefused("account_id", "another company", account_id=account.id)

    def test_archived_account(self):
        self.other_fees.active = False
        self.assertRefused("account_id", "archived", account_id=self.other_fees.id)
        row = self.make_row(account_id=self.other_fees.id, active=False)
        with self.assertRefusal("archived"):
            row.active = True

    def test_account_of_the_provider_s_balance(self):
        clearing = self.connection.clearing_account_id
        self.assertRefused("account_id", "against itself", account_id=clearing.id)

    def test_accounts_of_the_provider_s_balance(self):
        """Asset accounts, one for each purpose, that hold its currency."""
        balance = self.connection.balance_ids
        good = {"account_type": "asset_current", "reconcile": True}
        self.env.ref("base.EUR").active = True
        for vals in (
            {"active": False},
            {"reconcile": False},
            {"account_type": "liability_current"},
            {"currency_id": self.env.ref("base.EUR").id},
        ):
            account = self.make_account("Bad", **good | vals)
            for name in ACCOUNTS:
                with self.subTest(name=name, **vals), self.assertRefusal("Bad"):
                    balance[name] = account
        with self.assertRefusal("for each purpose"):
            balance.transit_account_id = balance.clearing_account_id
        balance.reserve_account_id = self.make_account(
            "Held for Years", "asset_non_current", reconcile=True
        )

    def test_account_that_no_entry_can_hold(self):
        for account_type, text in (
            ("off_balance", "off-balance"),
            ("asset_cash", "statements"),
        ):
            account = self.make_account(account_type, account_type)
            self.assertRefused("account_id", text, account_id=account.id)

    def test_account_must_suit_the_treatment(self):
        asset = self.make_account("Asset", "asset_current")
        for event_type, treatment, account, text in (
            ("dispute.escalated", "hold", self.fees, "Asset"),
            ("dispute.escalated", "hold", asset, "Reconciliation"),
            ("dispute.escalated", "expense", self.hold, "Expense"),
            ("dispute.escalated", "contra_revenue", self.fees, "Income"),
            ("adjustment.debit", "suspense", self.fees, "Asset, Liability"),
            ("adjustment.debit", "suspense", asset, "Reconciliation"),
        ):
            self.assertRefused(
                "account_id",
                text,
                event_type,
                treatment=treatment,
                account_id=account.id,
            )

    def test_account_of_one_currency(self):
        euro, dollar = self.env.ref("base.EUR"), self.company.currency_id
        self.fees.currency_id = euro
        self.assertRefused("account_id", "Enter EUR")
        self.assertRefused("account_id", "Enter EUR", currency="USD")
        self.make_row(currency="EUR")
        self.other_fees.currency_id = dollar  # Odoo takes every currency there
        self.make_row(currency="GBP", account_id=self.other_fees.id)

    def test_account_of_partners(self):
        for account_type in ("liability_payable", "asset_receivable"):
            account = self.make_account(account_type, account_type, reconcile=True)
            vals = {"event_type": "transfer.created", "account_id": account.id}
            self.assertRefused("partner_rule", account_type, **vals)
            self.make_row(
                **vals,
                currency="EUR" if account_type == "asset_receivable" else "USD",
                partner_rule="connected_account",
                partner_id=self.customer.id,
            )

    # === partner, journal, taxes ===

    def test_partner(self):
        for rule in ("provider", "connected_account"):
            self.assertRefused("partner_id", "choose", partner_rule=rule)
        for rule in ("none", "customer"):
            self.assertRefused(
                "partner_id",
                "Partner Rule",
                partner_rule=rule,
                partner_id=self.customer.id,
            )

    def test_journal(self):
        general = self.company_data["default_journal_misc"]
        for name in ("sale", "purchase", "cash"):
            journal = self.company_data[f"default_journal_{name}"]
            self.assertRefused("journal_id", "miscellaneous", journal_id=journal.id)
        self.assertRefused(
            "journal_id",
            "connection's journal",
            "payment.captured",
            account_id=False,
            journal_id=general.id,
        )
        other = self.other_company()
        theirs = other["default_journal_misc"]
        self.assertRefused("journal_id", "another company", journal_id=theirs.id)
        row = self.make_row(journal_id=general.id)
        row.unlink()
        general.active = False
        self.assertRefused("journal_id", "archived", journal_id=general.id)

    def make_tax(self, **vals):
        return self.env["account.tax"].create(
            {"name": "Tax", "amount": 21, "type_tax_use": "purchase", **vals}
        )

    def test_taxes(self):
        good = [
            self.make_tax(name="Percent"),
            self.make_tax(name="Division", amount_type="division"),
            self.make_tax(name="Fixed", amount_type="fixed"),
        ]
        good.append(
            self.make_tax(
                name="Group",
                amount_type="group",
                children_tax_ids=[Command.set([tax.id for tax in good])],
            )
        )
        bad = [
            self.make_tax(name="All", amount=-100),
            self.make_tax(name="Nothing", amount_type="division", amount=100),
        ]
        bad.append(
            self.make_tax(
                name="Bad Group",
                amount_type="group",
                children_tax_ids=[Command.set(bad[0].ids)],
            )
        )
        for tax in good:
            self.make_row(tax_ids=[Command.set(tax.ids)]).unlink()
        for tax in bad:
            self.assertRefused("tax_ids", "taken out", tax_ids=[Command.set(tax.ids)])
        good[0].active = False
        self.assertRefused("tax_ids", "archived", tax_ids=[Command.set(good[0].ids)])

    def test_taxes_that_book_to_an_archived_account(self):
        account = self.make_account("VAT", "asset_current")
        tax = self.make_tax()
        lines = tax.invoice_repartition_line_ids
        lines.filtered(lambda one: one.repartition_type == "tax").account_id = account
        account.active = False
        self.assertRefused("tax_ids", "VAT", tax_ids=[Command.set(tax.ids)])

    def test_taxes_of_another_country(self):
        belgium = self.env.ref("base.be")
        group = self.env["account.tax.group"].create(
            {"name": "VAT", "country_id": belgium.id}
        )
        tax = self.make_tax(country_id=belgium.id, tax_group_id=group.id)
        self.assertRefused("tax_ids", "country", tax_ids=[Command.set(tax.ids)])

    def test_taxes_stay(self):
        """Who deletes one would change what is booked, without a version."""
        tax = self.make_tax()
        self.make_row(tax_ids=[Command.set(tax.ids)])
        with (
            self.assertRaises(errors.ForeignKeyViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            tax.unlink()

    def test_taxes_of_another_company(self):
        tax = self.other_company()["default_tax_purchase"]
        self.assertRefused("tax_ids", "another company", tax_ids=[Command.set(tax.ids)])

    def test_taxes_where_nothing_contains_them(self):
        taxes = [Command.set(self.tax_purchase_a.ids)]
        self.assertRefused(
            "tax_ids",
            "only income",
            "payout.in_transit",
            account_id=False,
            tax_ids=taxes,
        )
        self.assertRefused(
            "tax_ids",
            "only income",
            "dispute.escalated",
            treatment="hold",
            account_id=self.hold.id,
            tax_ids=taxes,
        )

    def test_analytic_account(self):
        plan = self.env["account.analytic.plan"].create({"name": "Plan"})
        other = self.other_company()["company"]
        Account = self.env["account.analytic.account"]
        for company, is_theirs in ((other, True), (self.company, False)):
            account = Account.create(
                {"name": "Shop", "plan_id": plan.id, "company_id": company.id}
            )
            vals = {"analytic_distribution": {str(account.id): 100}}
            if is_theirs:
                self.assertRefused("analytic_distribution", "another", **vals)
            else:
                self.make_row(**vals)

    def test_connection_of_another_company(self):
        other = self.other_company()["company"]
        connection = self.make_connection("Other", other)
        self.assertRefused(
            "connection_id", "another company", connection_id=connection.id
        )
