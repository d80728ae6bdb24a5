# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Money that goes from one company of the database to another, at the provider."""

from itertools import permutations

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..engine.effects import SHARE_LEG
from .generic_messages import captured, in_batch, refunded, told
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

    def share(self):
        """The same as ``charge``, but nothing is made of what the platform keeps."""
        kept = {"type": "charge", "id": "ch-1", "leg": SHARE_LEG}
        return [
            captured(1, 50_00, **of_account("acct_seller")),
            told("transfer.created", "tr", 45_00, 1, payment="pay-1"),
            told("external.info", "ch-1", 5_00, 0, payment="pay-1", object=kept),
        ]

    def assertShare(self, kept, *messages, **granularity):
        """What is left to the seller is 0 in whatever order it was told."""
        self.connection.write(granularity)
        for told_in in permutations(messages):
            with self.subTest(told_in), self.env.cr.savepoint() as savepoint:
                for message in told_in:
                    self.deliver(message)
                self.assertBooked(
                    clearing=kept, connected_payable=0, platform_revenue=-kept
                )
                self.assertEqual(self.balance.difference, 0)
                self.assertEqual(self.balance.unposted_count, 0)
                savepoint.rollback()

    def test_share_without_a_fee(self):
        self.assertShare(5_00, *self.share())

    def test_share_of_a_day(self):
        self.assertShare(5_00, *self.share(), granularity="day")

    def test_share_goes_with_a_refund(self):
        back = refunded(1, 1, 25_00, 3)
        sent_back = told("transfer.reversed", "tr", 22_50, 4, payment="pay-1")
        self.assertShare(2_50, *self.share(), back, sent_back)

    def test_share_and_its_return_are_corrected_with_the_capture(self):
        self.deliver(*self.share(), refunded(1, 1, 25_00, 3))
        self.assertEqual(self.balances("platform_revenue"), {"platform_revenue": -2_50})
        capture = self.env["payment.hub.posting"].search([("kind", "=", "capture")])
        capture.action_post_again()
        self.assertTrue(capture.is_reversed)
        self.assertBooked(clearing=-20_00, connected_payable=22_50)
        self.assertBooked(platform_revenue=-2_50)

    def test_share_of_a_settlement(self):
        self.connection.granularity = "settlement"
        collected, sent, kept = self.share()
        batch = in_batch("b-1", 50_00)
        self.deliver(
            captured(1, 50_00, **of_account("acct_seller"), **batch),
            told(
                "transfer.created",
                "tr",
                45_00,
                1,
                payment="pay-1",
                **in_batch("b-1", -45_00),
            ),
            kept,
            told("payout.in_transit", "b-1", 5_00, 5, **in_batch("b-1", -5_00)),
        )
        self.assertBooked(clearing=0, connected_payable=0, platform_revenue=-5_00)
        self.assertEqual(self.balance.difference, 0)

    def test_share_of_an_own_sale_is_none(self):
        """No row collects it for others: the customer pays an invoice."""
        self.collecting.active = False
        invoice = self.make_invoice(50.0)
        named = [{"kind": "invoice", "value": invoice.name}]
        _collected, sent, kept = self.share()
        for messages in permutations([captured(1, 50_00, references=named), kept]):
            with self.subTest(messages), self.env.cr.savepoint() as savepoint:
                for message in messages:
                    self.deliver(message)
                self.assertBooked(clearing=50_00, platform_revenue=0)
                self.assertEqual(invoice.amount_residual, 0.0)
                self.assertEqual(self.balance.unposted_count, 0)
                payment = self.env["payment.hub.payment"].search([])
                self.assertEqual(payment.posting_state, "posted")
                savepoint.rollback()

    def test_share_waits_for_a_capture_that_is_refused(self):
        """And adds no exception to the one of an own sale without an invoice."""
        self.collecting.active = False
        self.deliver(captured(1, 50_00), self.share()[2])
        self.assertEqual(self.open_causes(), ["invoice_not_found"])
        self.collecting.active = True
        self.collecting.connected_account = False
        self.env["payment.hub.exception"].search([]).action_retry()
        self.drain()
        self.assertBooked(connected_payable=-45_00, platform_revenue=-5_00)

    def test_share_without_a_row_says_which(self):
        earned = [("event_type", "=", "application_fee.earned")]
        self.env["payment.hub.mapping"].search(earned).active = False
        self.deliver(*self.share())
        [exception] = self.env["payment.hub.exception"].search([])
        self.assertEqual(exception.cause, "setup_incomplete")
        self.assertIn("application_fee.earned", exception.detail)

    def test_share_is_decided_as_a_fee_is(self):
        earned = [("event_type", "=", "application_fee.earned")]
        row = self.env["payment.hub.mapping"].search(earned)
        self.deliver(*self.share())
        share = self.env["payment.hub.posting"].search([("kind", "=", SHARE_LEG)])
        self.assertEqual(share.mapping_version_id.mapping_id, row)

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
