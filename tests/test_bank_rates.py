# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a bank makes of a payout in another currency: within a tolerance, or told."""

from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from .generic_messages import told
from .test_exchange import ForeignCommon

CAUSE = "bank_rate_differs"


class BankCommon(ForeignCommon):
    def bank_in_euros_credits(self, euros, payout):
        """As ``bank_credits``, of a bank account in EUR."""
        bank = self.company_data["default_journal_bank"].copy(
            {"name": "Euros", "code": "EURB", "currency_id": self.eur.id}
        )
        vals = {"journal_id": bank.id, "foreign_currency_id": False}
        return self.bank_credits(euros, False, payout, **vals)


class BankRateCommon(BankCommon):
    """EUR 100 are on their way to a bank in USD; they are worth USD 133.33."""

    def setUp(self):
        super().setUp()
        self.captured(1, 140_00)
        self.paid_out(1, 100_00)
        self.payout = self.posting("payout")

    def exceptions(self):
        return self.env["payment.hub.exception"].search([("cause", "=", CAUSE)])

    def assertTold(self, *texts):
        """One exception is open, about this payout; its detail has these texts."""
        exception = self.exceptions().filtered("is_open")
        self.assertEqual(exception.event_id, self.payout.event_id)
        for text in texts:
            self.assertIn(text, exception.detail.replace("\N{NO-BREAK SPACE}", " "))
        return exception

    def assertNothingTold(self):
        self.assertFalse(self.open_causes())


@tagged("post_install", "-at_install")
class TestBankRates(BankRateCommon):
    def test_within_tolerance(self):
        for amount in (130.0, 126.67, 140.0):
            with self.subTest(amount):
                self.bank_credits(amount, 100.0, self.payout).remove_move_reconcile()
                self.assertFalse(self.exceptions())

    def test_beyond_tolerance(self):
        item = self.bank_credits(120.0, 100.0, self.payout)
        exception = self.assertTold(
            "Payout po-1: 100.00 €",
            "Booked: $ 133.33, 1.3333 USD for 1 EUR",
            "Credited by the bank: $ 120.00, 1.2000 USD for 1 EUR",
            "10.00 %",
            "5.00 %",
            item.move_name,
        )
        self.assertEqual((exception.amount, exception.currency), (-13.33, "USD"))
        self.assertIn("statement", exception.suggestion)
        # Odoo has booked the difference, and nothing is held.
        self.assertEqual((self.transit(), self.minor(self.loss)), (0, 13_33))
        self.assertEqual(exception.event_id.attestation_ids.delivery_id.state, "done")

    def test_bank_pays_more(self):
        self.bank_credits(150.0, 100.0, self.payout)
        self.assertEqual(self.assertTold("12.50 %").amount, 16.67)

    def test_tolerance_of_the_company(self):
        self.company.payment_hub_bank_tolerance = 12.0
        item = self.bank_credits(120.0, 100.0, self.payout)
        self.assertNothingTold()
        item.remove_move_reconcile()
        self.company.payment_hub_bank_tolerance = 9.0
        (item | self.payout.far_line_id).reconcile()
        self.assertTold("9.00 %")

    def test_every_difference(self):
        self.company.payment_hub_bank_tolerance = 0.0
        item = self.bank_credits(133.33, 100.0, self.payout)
        self.assertNothingTold()
        item.remove_move_reconcile()
        self.bank_credits(133.32, 100.0, self.payout)
        self.assertEqual(self.assertTold().amount, -0.01)

    def test_undone(self):
        item = self.bank_credits(120.0, 100.0, self.payout)
        exception = self.assertTold()
        item.remove_move_reconcile()
        self.assertEqual(exception.state, "resolved")
        self.assertFalse(exception.resolved_by_id)
        self.bank_credits(131.0, 100.0, self.payout)
        self.assertNothingTold()

    def test_undone_on_the_statement(self):
        item = self.bank_credits(120.0, 100.0, self.payout)
        self.assertTold()
        item.move_id.statement_line_id.action_undo_reconciliation()
        self.assertNothingTold()

    def test_line_of_another_payout(self):
        """The statement's line is that of a payout of EUR 40."""
        self.paid_out(2, 40_00, at=25)
        item = self.bank_credits(52.0, 100.0, self.payout)
        self.assertTold("Payout po-1", "61.00 %")
        item.remove_move_reconcile()
        small = self.posting("payout") - self.payout
        self.bank_credits(52.0, 40.0, small)
        self.bank_credits(130.0, 100.0, self.payout)
        self.assertNothingTold()

    def test_two_credits(self):
        """All that the bank has credited for a payout counts together."""
        self.bank_credits(78.0, 60.0, self.payout)
        self.assertNothingTold()
        rest = self.bank_credits(42.0, 40.0, self.payout, day=6)
        self.assertTold("100.00 €", "$ 120.00")
        rest.remove_move_reconcile()
        self.assertNothingTold()

    def test_later_message(self):
        """What the provider tells does not change what the bank has credited."""
        self.bank_credits(120.0, 100.0, self.payout)
        delivery = self.deliver(told("payout.paid", "po-1", at=30))
        again = self.payout.event_id.attestation_ids.delivery_id
        again.action_process_again()
        self.assertTold().action_retry()
        self.assertTold()
        self.assertEqual((delivery | again).mapped("state"), ["done", "done"])

    def test_closed_by_a_person(self):
        """What was accepted stays accepted; another match is looked at anew."""
        item = self.bank_credits(120.0, 100.0, self.payout)
        self.assertTold().action_resolve()
        item.remove_move_reconcile()
        (item | self.payout.far_line_id).reconcile()
        self.assertNothingTold()
        item.remove_move_reconcile()
        self.bank_credits(52.0, 100.0, self.payout)
        self.assertTold("$ 52.00")

    def test_payout_is_posted_again(self):
        item = self.bank_credits(120.0, 100.0, self.payout)
        first = self.assertTold()
        self.payout.action_post_again()
        self.assertEqual(first.state, "resolved")
        (item | self.posting("payout").far_line_id).reconcile()
        self.assertTold("$ 120.00")

    def test_bank_in_the_currency_of_the_balance(self):
        """Nobody converts: only the company's rate has changed meanwhile."""
        self.rate("EUR", 0.5, "2026-01-04")
        self.bank_in_euros_credits(100.0, self.payout)
        self.assertEqual(self.transit("amount_currency"), 0)
        self.assertEqual(self.minor(self.gain), -8_33 - 66_67)
        self.assertNothingTold()

    def test_payout_that_fails(self):
        """The hub takes it back at the rate of another day: no bank has converted."""
        self.rate("EUR", 0.5, "2026-01-03")
        self.deliver(told("payout.failed", "po-1", 100_00, 48, "EUR"))
        self.assertEqual(self.transit("amount_currency"), 0)
        self.assertNothingTold()

    def test_the_hub_itself_is_not_looked_at(self):
        with patch.object(
            type(self.env["payment.hub.exception"]), "_bank_credited"
        ) as look:
            self.captured(2, 60_00, at=30)
            self.paid_out(2, 100_00, at=48)
            self.assertTrue(self.payouts().matched_debit_ids.exchange_move_id)
            self.payout.action_post_again()
            self.posting("payout").far_line_id.remove_move_reconcile()
        look.assert_not_called()


@tagged("post_install", "-at_install")
class TestProviderConverts(BankCommon):
    def test_bank_in_the_currency_that_the_provider_pays(self):
        """The balance is in USD, and the provider says what it took for EUR 100."""
        self.captured(1, 100_00, settled=(150_00, "USD"))
        for number, taken in (("dear", 150_00), ("fair", 134_00)):
            with self.subTest(number):
                self.paid_out(number, 100_00, settled=(-taken, "USD"))
                payout = self.posting("payout").filtered(
                    lambda one, number=number: number in one.event_id.object_id
                )
                line = payout.far_line_id
                self.assertEqual(line.balance, taken / 100)
                item = self.bank_in_euros_credits(100.0, payout)
                wanted = [CAUSE] if number == "dear" else []
                self.assertEqual(self.open_causes(), wanted)
                item.remove_move_reconcile()
                item.journal_id.code = number


@tagged("post_install", "-at_install")
class TestBankRateRights(BankRateCommon):
    def new_user(self, login, *groups):
        return new_test_user(
            self.env,
            login,
            groups=",".join(groups),
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )

    def test_accountant_without_the_hub(self):
        """Who reconciles need not know the hub; who knows it is told."""
        self.company.payment_hub_bank_tolerance = 50.0
        item = self.bank_credits(120.0, 100.0, self.payout)
        item.remove_move_reconcile()
        self.company.payment_hub_bank_tolerance = 5.0
        accountant = self.new_user("accountant", "account.group_account_user")
        lines = (item | self.payout.far_line_id).with_user(accountant)
        lines.reconcile()
        exception = self.assertTold()
        with self.assertRaises(AccessError):
            exception.with_user(accountant).read(["detail"])
        operator = self.new_user("operator", "payment_hub.group_operator")
        exception.with_user(operator).action_acknowledge()
        self.assertEqual(exception.user_id, operator)
        lines.remove_move_reconcile()
        self.assertEqual(exception.state, "resolved")

    def test_setting(self):
        self.assertEqual(self.company.payment_hub_bank_tolerance, 5.0)
        with self.assertRaisesRegex(ValidationError, "below zero"):
            self.company.payment_hub_bank_tolerance = -1.0
        manager = self.new_user(
            "manager", "payment_hub.group_manager", "base.group_system"
        )
        settings = self.env["res.config.settings"].with_user(manager)
        with Form(settings) as form:
            form.payment_hub_bank_tolerance = 2.5
        form.record.execute()
        self.assertEqual(self.company.payment_hub_bank_tolerance, 2.5)

    def test_who_may_change_the_setting(self):
        operator = self.new_user("operator", "payment_hub.group_operator")
        with self.assertRaises(AccessError):
            self.company.with_user(operator).payment_hub_bank_tolerance = 50.0
        administrator = self.new_user("administrator", "base.group_system")
        settings = self.env["res.config.settings"].with_user(administrator)
        self.assertNotIn("payment_hub_bank_tolerance", settings.get_view()["arch"])
