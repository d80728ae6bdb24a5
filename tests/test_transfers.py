# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Money that goes from one company of the database to another, at the provider."""

from itertools import permutations

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .generic_messages import captured, refunded, told
from .ledger_common import SECRET, LedgerCommon


def of_account(name):
    """What a message says of the other account."""
    return {"references": [{"kind": "connected_account", "value": name}]}


@tagged("post_install", "-at_install")
class TestTransfers(LedgerCommon):
    """The platform pays a sister company, whose account is connected to its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sister = cls.setup_other_company()["company"]
        cls.env.user.company_ids |= cls.sister
        cls.theirs = cls.make_connection(
            "Sister",
            cls.sister,
            provider="generic",
            secret_ids=[Command.create({"value": SECRET})],
        )
        cls.due_from = cls.make_account("Due from Sister")
        cls.due_to = cls.env["account.account"].create(
            {
                "name": "Due to Platform",
                "code": "999100",
                "account_type": "liability_current",
                "reconcile": True,
                "company_ids": [Command.set(cls.sister.ids)],
            }
        )
        for event_type in ("transfer.created", "transfer.reversed"):
            cls.rule(event_type, cls.due_from, connected_account="acct_sister")
            cls.rule(
                event_type,
                cls.due_to,
                connected_account="acct_platform",
                company_id=cls.sister.id,
            )

    def tell(self, type_, number, amount, at=0):
        """The provider tells both sides, each of its own balance."""
        sent = -amount if type_ == "transfer.created" else amount
        sides = (
            (self.connection, "acct_sister", sent),
            (self.theirs, "acct_platform", -sent),
        )
        for connection, other, gross in sides:
            message = told(
                type_,
                f"tr-{number}",
                amount,
                at,
                settled=(gross, "USD"),
                **of_account(other),
            )
            self.deliver(message, connection=connection)

    def of_sister(self, account):
        return self.minor(account.with_company(self.sister))

    def assertSides(self, amount):
        """Both ledgers say the same of what the sister owes."""
        self.assertEqual(self.minor(self.due_from), amount)
        self.assertEqual(self.of_sister(self.due_to), -amount)
        self.assertEqual(self.minor(self.account("clearing")), -amount)
        self.assertEqual(self.of_sister(self.theirs.clearing_account_id), amount)
        for connection in (self.connection, self.theirs):
            self.assertEqual(connection.balance_ids.difference, 0)
        self.assertFalse(self.open_causes())

    def test_both_ledgers_agree(self):
        self.tell("transfer.created", 1, 45_00)
        self.assertSides(45_00)
        self.tell("transfer.created", 2, 10_00, at=1)
        self.tell("transfer.reversed", 1, 45_00, at=2)
        self.assertSides(10_00)
        postings = self.env["payment.hub.posting"].search([])
        for posting in postings:
            self.assertEqual(
                posting.move_id.company_id, posting.connection_id.company_id
            )

    def test_other_connected_accounts_have_the_general_rule(self):
        self.deliver(told("transfer.created", "tr-1", 5_00, **of_account("acct_x")))
        self.assertBooked(clearing=-5_00, connected_payable=5_00)
        self.assertEqual(self.minor(self.due_from), 0)

    def test_account_of_the_other_company_is_refused(self):
        rule = (
            self.env["payment.hub.mapping"]
            .sudo()
            .search(
                [
                    ("connected_account", "=", "acct_sister"),
                    ("event_type", "=", "transfer.created"),
                ]
            )
        )
        with self.assertRaisesRegex(UserError, "Due to Platform"):
            rule.account_id = self.due_to


@tagged("post_install", "-at_install")
class TestDestinationCharges(LedgerCommon):
    """The platform is the merchant of record, and owes what it collects."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.payable = cls.accounts["connected_payable"]
        cls.collecting = cls.rule(
            "payment.captured",
            cls.payable,
            treatment="on_behalf",
            connected_account="acct_seller",
        )

    def charge(self):
        """50.00 for the seller, of which the platform keeps 5.00."""
        return [
            captured(1, 50_00, **of_account("acct_seller")),
            told("transfer.created", "tr", 50_00, 1, payment="pay-1"),
            told("application_fee.earned", "fee", 5_00, 2, payment="pay-1"),
        ]

    def test_gross_is_split_between_seller_and_platform(self):
        for messages in permutations(self.charge()):
            with self.subTest(messages), self.env.cr.savepoint() as savepoint:
                self.deliver(*messages)
                self.assertBooked(clearing=5_00, connected_payable=0)
                self.assertBooked(platform_revenue=-5_00)
                savepoint.rollback()

    def test_refund_takes_all_of_it_back(self):
        self.deliver(
            *self.charge(),
            refunded(1, 1, 50_00, 3),
            told("transfer.reversed", "tr", 50_00, 4, payment="pay-1"),
            told("application_fee.refunded", "fee", 5_00, 5, payment="pay-1"),
        )
        self.assertBooked(clearing=0, connected_payable=0, platform_revenue=0)

    def test_entry_of_a_day(self):
        self.connection.granularity = "day"
        self.deliver(*self.charge())
        self.assertBooked(clearing=5_00, connected_payable=0, platform_revenue=-5_00)

    def test_seller_is_the_partner(self):
        self.collecting.write(
            {"partner_rule": "connected_account", "partner_id": self.customer.id}
        )
        self.collecting.account_id = self.company_data["default_account_payable"]
        self.deliver(self.charge()[0], refunded(1, 1, 20_00))
        lines = self.env["payment.hub.posting"].search([]).far_line_id
        self.assertEqual(lines.partner_id, self.customer)
        self.assertEqual(sum(lines.mapped("balance")), -30.0)

    def test_others_pay_invoices(self):
        invoice = self.make_invoice(10.0)
        named = {"kind": "invoice", "value": invoice.name}
        others = of_account("acct_other")["references"]
        self.deliver(captured(2, 10_00, references=[named, *others]))
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_row_needs_an_account(self):
        with self.assertRaisesRegex(UserError, "enter an account"):
            self.collecting.account_id = False
        with self.assertRaisesRegex(UserError, "say whose the amount is"):
            self.collecting.account_id = self.company_data["default_account_payable"]
