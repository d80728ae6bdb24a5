# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The set-up of accounts and rows, and the report of what has none."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from ..models.mapping_treatments import POSTABLE, is_built_in
from .mapping_common import MappingCommon

ROWS = {name for name in POSTABLE if not is_built_in(name)}


class SetupCommon(MappingCommon):
    def set_up(self, company=None):
        setup = self.env["payment.hub.ledger.setup"].create(
            {"company_id": (company or self.company).id}
        )
        setup.action_apply()
        return setup

    def rows(self, company=None):
        return self.Mapping.search([("company_id", "=", (company or self.company).id)])

    def line(self, setup, purpose):
        return setup.line_ids.filtered(lambda line: line.purpose == purpose)


@tagged("post_install", "-at_install")
class TestLedgerSetup(SetupCommon):
    def test_one_row_for_each_type_that_needs_one(self):
        self.set_up()
        rows = self.rows()
        interest = rows.filtered("fee_kind")
        rows -= interest
        self.assertEqual(sorted(rows.mapped("event_type")), sorted(ROWS))
        by_type = {row.event_type: row for row in rows}
        self.assertEqual(
            {(row.event_type, row.fee_kind) for row in interest},
            {("fee.charged", "interest"), ("fee.refunded", "interest")},
        )
        self.assertNotEqual(interest.account_id, by_type["fee.charged"].account_id)
        self.assertEqual(interest.account_id.internal_group, "expense")
        self.assertEqual(by_type["fee.charged"].account_id.name, "Bank Fees")
        hold = by_type["dispute.funds_withdrawn"]
        self.assertEqual(hold.treatment, "hold")
        self.assertTrue(hold.account_id.reconcile)
        self.assertEqual(hold.account_id, by_type["dispute.escalated"].account_id)
        self.assertEqual(by_type["adjustment.debit"].treatment, "suspense")
        self.assertNotEqual(
            by_type["adjustment.debit"].account_id,
            self.company.account_journal_suspense_account_id,
        )
        self.assertEqual(
            by_type["fx.converted"].account_id,
            self.company.expense_currency_exchange_account_id,
        )
        self.assertEqual(rows.account_id.company_ids, self.company)
        self.assertEqual(len(set(rows.account_id.mapped("code"))), 10)

    def test_run_again_changes_nothing(self):
        self.set_up()
        accounts = self.env["account.account"].search([])
        rows = self.rows()
        rows.filtered(lambda row: row.event_type == "tax.charged").active = False
        fee = rows.filtered(
            lambda row: row.event_type == "fee.charged" and not row.fee_kind
        )
        fee.account_id = self.fees
        versions = rows.version_id
        setup = self.env["payment.hub.ledger.setup"].create({})
        self.assertEqual(self.line(setup, "fee").account_id, self.fees)
        self.assertEqual(setup.line_ids.filtered("missing").purpose, "deposit")
        self.assertTrue(setup.is_complete)
        setup.action_apply()
        self.assertEqual(self.env["account.account"].search([]), accounts)
        self.assertEqual(self.rows(), rows.filtered("active"))
        self.assertEqual(rows.version_id, versions)

    def test_run_again_adds_what_is_missing(self):
        self.set_up()
        lost = self.rows().filtered(lambda row: row.event_type == "dispute.lost")
        account = lost.account_id
        lost.unlink()
        self.set_up()
        lost = self.rows().filtered(lambda row: row.event_type == "dispute.lost")
        self.assertEqual(lost.account_id, account)

    def test_accounts_made_before_are_found_by_name(self):
        self.set_up()
        accounts = self.rows().account_id
        self.rows().unlink()
        self.set_up()
        self.assertEqual(self.rows().account_id, accounts)

    def test_accounts_that_cannot_be_used_are_not_proposed(self):
        """One is archived, the other takes euros only."""
        exchange = self.company.expense_currency_exchange_account_id.sudo()
        fees = self.env["account.account"].search([("name", "=", "Bank Fees")])
        exchange.active = False
        fees.sudo().currency_id = self.env.ref("base.EUR")
        self.set_up()
        self.assertFalse((exchange | fees) & self.rows().account_id)

    def test_row_that_leaves_no_room(self):
        """Whether interest is this connection's or everybody's, a person decides."""
        row = self.make_row(connection_id=self.connection.id)
        with self.assertRefusal("(?s)Stripe US.* tie: .* Untick “Interest on Loans”"):
            self.set_up()
        setup = self.env["payment.hub.ledger.setup"].create({})
        self.line(setup, "interest").is_wanted = False
        setup.action_apply()
        self.assertEqual(len(self.rows() - row), len(ROWS))

    def test_what_a_person_changed_counts(self):
        setup = self.env["payment.hub.ledger.setup"].create({})
        self.line(setup, "fee").account_id = self.fees
        self.line(setup, "loan").is_wanted = False
        self.line(setup, "suspense").new_code = "199999"
        self.line(setup, "suspense").new_name = "To Be Cleared"
        self.line(setup, "deposit").is_wanted = True
        setup.action_apply()
        rows = self.rows().filtered(lambda row: not row.fee_kind)
        by_type = {row.event_type: row.account_id for row in rows}
        self.assertEqual(by_type["fee.refunded"], self.fees)
        self.assertNotIn("advance.repaid", by_type)
        self.assertEqual(
            by_type["adjustment.credit"].display_name, "199999 To Be Cleared"
        )
        deposit = by_type["payment.captured"]
        self.assertEqual(deposit.account_type, "liability_current")
        self.assertTrue(deposit.reconcile)

    def test_from_the_screen(self):
        """The web client sends no value of a column that is only shown."""
        with Form(self.env["payment.hub.ledger.setup"]) as form:
            with form.line_ids.edit(0) as line:
                self.assertEqual(line.purpose, "fee")
                line.account_id = self.fees
        form.record.action_apply()
        self.assertEqual(len(self.rows()), len(ROWS) + 2)
        self.assertIn(self.fees, self.rows().account_id)

    def test_codes_are_free_and_near_similar_ones(self):
        setup = self.env["payment.hub.ledger.setup"].create({})
        codes = [code for code in setup.line_ids.mapped("new_code") if code]
        self.assertEqual(len(codes), len(set(codes)))
        accounts = self.env["account.account"].search([])
        self.assertFalse({*codes} & {*accounts.mapped("code")})
        asset = self.line(setup, "dispute_hold").new_code
        similar = accounts.filtered(lambda one: one.account_type == "asset_current")
        self.assertIn(asset[0], {code[0] for code in similar.mapped("code")})

    def test_each_company_has_its_own(self):
        other = self.other_company()["company"]
        self.set_up()
        self.assertFalse(self.rows(other))
        self.env = self.Mapping.env
        self.set_up(other)
        self.assertEqual(self.rows(other).account_id.sudo().company_ids, other)

    def test_a_branch_uses_the_accounts_of_its_company(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.user.company_ids += branch
        self.set_up()
        count = self.env["account.account"].search_count([])
        self.Mapping = self.env["payment.hub.mapping"].with_company(branch)
        setup = (
            self.env["payment.hub.ledger.setup"]
            .with_context(allowed_company_ids=[branch.id, self.company.id])
            .create({"company_id": branch.id})
        )
        setup.action_apply()
        self.assertEqual(len(self.rows(branch)), len(ROWS) + 2)
        self.assertEqual(self.env["account.account"].search_count([]), count)

    def test_company_without_chart(self):
        company = self.env["res.company"].create({"name": "Empty"})
        self.env.user.company_ids += company
        setup = (
            self.env["payment.hub.ledger.setup"]
            .with_context(allowed_company_ids=company.ids)
            .create({"company_id": company.id})
        )
        self.assertFalse(setup.has_chart)
        self.assertFalse(setup.line_ids)
        with self.assertRefusal("Empty has no chart of accounts"):
            setup.action_apply()

    def test_who_may(self):
        operator = new_test_user(
            self.env,
            "setup_operator",
            groups="payment_hub.group_operator",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        with self.assertRaises(AccessError):
            self.env["payment.hub.ledger.setup"].with_user(operator).create({})
        manager = new_test_user(
            self.env,
            "setup_manager",
            groups="payment_hub.group_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        setup = self.env["payment.hub.ledger.setup"].with_user(manager).create({})
        setup.action_apply()
        self.assertEqual(len(self.rows()), len(ROWS) + 2)
        other = self.other_company()["company"]
        setup.company_id = other
        with self.assertRaises(AccessError):
            setup.action_apply()


@tagged("post_install", "-at_install")
class TestCoverage(SetupCommon):
    def coverage(self, event_type, connection=None):
        self.env.invalidate_all()
        return self.env["payment.hub.coverage"].search(
            [
                ("connection_id", "=", (connection or self.connection).id),
                ("event_type", "=", event_type),
            ]
        )

    def make_events(self, *amounts, currency="USD", event_type="fee.charged"):
        """Events of the connection that wait for a row."""
        exception = (
            self.env["payment.hub.exception"]
            .sudo()
            .create(
                {
                    "connection_id": self.connection.id,
                    "subject": f"untreated:{event_type}:{currency}",
                    "cause": "unmapped_event",
                }
            )
        )
        return (
            self.env["payment.hub.event"]
            .sudo()
            .create(
                [
                    {
                        "connection_id": self.connection.id,
                        "economic_key": f"fee:{event_type}{currency}{number}:x",
                        "type": event_type,
                        "object_type": "fee",
                        "object_id": str(number),
                        "leg": "x",
                        "occurred_at": "2026-01-15 12:00:00",
                        "amount_minor": amount,
                        "currency": currency,
                        "exponent": 0 if currency == "JPY" else 2,
                        "untreated_id": exception.id,
                    }
                    for number, amount in enumerate(amounts)
                ]
            )
        )

    def test_every_type_for_every_connection(self):
        second = self.make_connection("Second")
        rows = self.env["payment.hub.coverage"].search([])
        self.assertEqual(rows.connection_id, self.connection + second)
        self.assertEqual(len(rows), 2 * len(POSTABLE))
        states = {row.event_type: row.state for row in rows}
        self.assertEqual(
            {name for name, state in states.items() if state == "missing"}, ROWS
        )

    def test_states(self):
        self.assertEqual(self.coverage("fee.charged").state, "missing")
        self.make_row(scheme="visa")
        self.assertEqual(self.coverage("fee.charged").state, "partial")
        general = self.make_row()
        self.assertEqual(self.coverage("fee.charged").state, "row")
        general.valid_to = "2020-01-01"
        self.assertEqual(self.coverage("fee.charged").state, "partial")
        general.write({"valid_to": False, "active": False})
        self.assertEqual(self.coverage("fee.charged").state, "partial")
        self.assertEqual(self.coverage("payment.captured").state, "built_in")
        self.make_row("payment.captured", treatment="manual", priority=5)
        self.assertEqual(self.coverage("payment.captured").state, "row")

    def test_a_row_for_all_types_and_one_for_another_connection(self):
        second = self.make_connection("Second")
        self.make_row(False, treatment="none", connection_id=second.id)
        self.assertEqual(self.coverage("fee.charged").state, "missing")
        self.assertEqual(self.coverage("fee.charged", second).state, "row")

    def test_a_row_for_one_currency(self):
        self.make_events(100)
        self.make_events(7, currency="EUR")
        self.make_row(currency="EUR")
        states = {row.currency: row.state for row in self.coverage("fee.charged")}
        self.assertEqual(states, {"USD": "missing", "EUR": "row"})
        self.make_row("fee.refunded", currency="EUR")
        self.assertEqual(self.coverage("fee.refunded").state, "partial")

    def test_kinds_of_fees_that_rows_ask_for(self):
        self.make_events(100)
        self.make_row(fee_kind="scheme")
        interest = self.make_row(fee_kind="interest", method="card")
        self.make_row("fee.refunded", fee_kind="scheme", currency="EUR")
        self.assertEqual(
            [
                (row.fee_kind, row.state, row.event_count)
                for row in self.coverage("fee.charged")
            ],
            [
                (False, "partial", 1),
                ("scheme", "row", 0),
                ("interest", "partial", 0),
            ],
        )
        self.assertEqual(
            self.coverage("fee.refunded").mapped("state"), ["partial", "partial"]
        )
        line = self.coverage("fee.charged")[-1]
        found = self.Mapping.search(line.action_open_rows()["domain"])
        self.assertEqual(found, interest)
        general = self.make_row()
        self.assertEqual(
            self.coverage("fee.charged").mapped("state"), ["row", "row", "row"]
        )
        found = self.Mapping.search(line.action_open_rows()["domain"])
        self.assertEqual(found, interest | general)

    def test_what_waits(self):
        events = self.make_events(150, 250)
        self.make_events(500, currency="JPY")
        usd, yen = self.coverage("fee.charged").sorted("currency", reverse=True)
        self.assertEqual(
            (usd.event_count, usd.waiting_count, usd.waiting_amount), (2, 2, 4.0)
        )
        self.assertEqual((yen.waiting_amount, yen.currency_id.name), (500.0, "JPY"))
        events[0].untreated_id = False
        usd = self.coverage("fee.charged").filtered(lambda row: row.currency == "USD")
        self.assertEqual(
            (usd.event_count, usd.waiting_count, usd.waiting_amount), (2, 1, 2.5)
        )

    def test_click_opens_a_new_row_or_those_that_decide(self):
        coverage = self.coverage("dispute.escalated")
        action = coverage.action_open_rows()
        self.assertEqual(action["views"], [(False, "form")])
        row = self.Mapping.with_context(**action["context"]).create(
            {"account_id": self.hold.id}
        )
        self.assertEqual((row.event_type, row.treatment), ("dispute.escalated", "hold"))
        self.assertEqual(row.connection_id, self.connection)
        action = self.coverage("dispute.escalated").action_open_rows()
        self.assertEqual(self.Mapping.search(action["domain"]), row)
        auditor = new_test_user(
            self.env,
            "coverage_auditor",
            groups="payment_hub.group_auditor",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        missing = self.coverage("fee.charged").with_user(auditor)
        self.assertEqual(missing.action_open_rows()["views"][0][1], "list")

    def test_companies_do_not_see_each_other(self):
        other = self.other_company()["company"]
        self.make_connection("Other", other)
        user = new_test_user(
            self.env,
            "coverage_user",
            groups="payment_hub.group_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        rows = self.env["payment.hub.coverage"].with_user(user).search([])
        self.assertEqual(rows.connection_id, self.connection)

    def test_nothing_is_missing_after_the_set_up(self):
        self.set_up()
        rows = self.env["payment.hub.coverage"].search([])
        self.assertEqual(set(rows.mapped("state")), {"row", "built_in"})
