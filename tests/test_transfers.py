# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Money that goes from one company of the database to another, at the provider."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .generic_messages import told
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
