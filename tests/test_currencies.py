# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Company, invoice, balance and bank in currencies of their own."""

from datetime import date
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.queue_job.exception import RetryableJobError

from ..models import payment_hub_exchange
from .generic_messages import captured, refunded, told
from .ledger_common import LedgerCommon


class CurrencyCommon(LedgerCommon):
    @classmethod
    def rate(cls, code, rate, day="2025-12-01"):
        """Set how many units of a currency are worth one of the company's."""
        currency = cls.env.ref(f"base.{code}")
        currency.sudo().active = True
        cls.env["res.currency.rate"].sudo().create(
            {
                "name": day,
                "currency_id": currency.id,
                "company_id": cls.company.id,
                "rate": rate,
            }
        )
        return currency

    def posting(self, kind="capture"):
        return self.env["payment.hub.posting"].search(
            [("kind", "=", kind), ("is_reversed", "=", False)]
        )


@tagged("post_install", "-at_install")
class TestThreeCurrencies(CurrencyCommon):
    """The company keeps its books in GBP, sells in EUR, and the balance is in USD."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.currency_id = cls.env.ref("base.GBP")
        cls.env["res.currency.rate"].search([]).unlink()
        cls.eur = cls.rate("EUR", 1.25)
        cls.usd = cls.rate("USD", 1.6)
        cls.balance = cls.connection.balance_ids.filtered(
            lambda one: one.currency == "USD"
        ) or cls.add_balance(cls.usd)

    def capture(self, **more):
        invoice = self.make_invoice(100.0, currency_id=self.eur.id)
        self.deliver(
            captured(
                1, 100_00, invoice.name, currency="EUR", settled=(112_00, "USD"), **more
            )
        )
        return invoice

    def test_capture_and_refund(self):
        invoice = self.capture()
        near, far = self.posting().near_line_id, self.posting().far_line_id
        self.assertEqual((near.amount_currency, near.currency_id), (112.0, self.usd))
        self.assertEqual((far.amount_currency, far.currency_id), (-100.0, self.eur))
        self.assertEqual((near.balance, far.balance), (70.0, -70.0))
        self.assertEqual(invoice.payment_state, "paid")
        loss = self.company.expense_currency_exchange_account_id
        self.assertEqual(self.minor(loss), 10_00)  # sold for 80 GBP
        self.deliver(refunded(1, 1, 50_00, currency="EUR", settled=(-56_00, "USD")))
        self.assertEqual(invoice.amount_residual, 50.0)
        self.assertBooked(clearing=35_00)

    def test_fee_and_payout_in_the_balances_currency(self):
        self.deliver(
            told("fee.charged", "f", 3_20),
            told("payout.in_transit", "po", 16_00),
        )
        self.assertBooked(clearing=-12_00, fee=2_00, payout_transit=10_00)

    def test_no_rate_for_the_balances_currency(self):
        self.usd.rate_ids.sudo().unlink()
        self.capture()
        exception = self.env["payment.hub.exception"].search([])
        self.assertEqual(exception.cause, "rate_missing")
        self.assertIn("USD on 2026-01-01", exception.detail)


@tagged("post_install", "-at_install")
class TestDecimals(CurrencyCommon):
    """Currencies without decimals, and with three of them."""

    def check(self, code, rate, minor, amount, value):
        currency = self.rate(code, rate)
        balance = self.add_balance(currency)
        invoice = self.make_invoice(amount, currency_id=currency.id)
        self.deliver(
            captured(code, minor, invoice.name, currency=code),
            told("fee.charged", f"fee-{code}", minor // 100, currency=code),
            refunded(code, code, minor // 2, currency=code),
        )
        capture, fee, refund = (
            self.posting(kind).near_line_id for kind in ("capture", "fee", "refund")
        )
        self.assertEqual((capture.amount_currency, capture.balance), (amount, value))
        self.assertAlmostEqual(fee.amount_currency, -amount / 100)
        self.assertAlmostEqual(refund.amount_currency, -amount / 2)
        self.assertAlmostEqual(invoice.amount_residual, amount / 2)
        self.assertEqual(balance.difference, 0)
        self.assertFalse(self.open_causes())

    def test_none(self):
        self.check("JPY", 150.0, 15_000, 15_000.0, 100.0)

    def test_three(self):
        currency = self.env.ref("base.KWD")
        currency.sudo().rounding = 0.001
        self.check("KWD", 0.3, 12_600, 12.6, 42.0)

    def test_three_where_odoo_has_two(self):
        """What Odoo would round is refused, and the exception says so."""
        currency = self.rate("KWD", 0.3)
        currency.sudo().rounding = 0.01
        self.add_balance(currency)
        self.deliver(told("fee.charged", "f", 1_234, currency="KWD"))
        exception = self.env["payment.hub.exception"].search([])
        self.assertEqual(exception.cause, "amount_mismatch")
        self.assertIn("KWD", exception.detail)


@tagged("post_install", "-at_install")
class TestForeignBalance(CurrencyCommon):
    """A balance in EUR of a company in USD: each movement has the rate of its day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.eur = cls.rate("EUR", 0.8)
        cls.rate("EUR", 0.75, "2026-01-02")
        cls.euros = cls.add_balance(cls.eur)
        cls.gain = cls.company.income_currency_exchange_account_id
        cls.loss = cls.company.expense_currency_exchange_account_id

    def captured(self, number, minor, at=0, **more):
        invoice = self.make_invoice(minor / 100, currency_id=self.eur.id)
        more.setdefault("currency", "EUR")
        self.deliver(captured(number, minor, invoice.name, at=at, **more))

    def paid_out(self, number, minor, at=24, **more):
        self.deliver(
            told("payout.in_transit", f"po-{number}", minor, at, "EUR", **more)
        )

    def assertClearing(self, euros, dollars):
        """What the clearing account of the balance holds, in cents of each."""
        account = self.euros.clearing_account_id
        self.assertEqual(
            (self.minor(account, "amount_currency"), self.minor(account)),
            (euros, dollars),
        )
        self.assertEqual(self.euros.difference, 0)

    def transit(self, field="balance"):
        return self.minor(self.euros.transit_account_id, field)

    def test_payout_empties_it(self):
        self.captured(1, 60_00)
        self.captured(2, 40_00)
        self.deliver(told("fee.charged", "f", 4_00, currency="EUR"))
        self.assertClearing(96_00, 120_00)
        self.paid_out(1, 96_00)
        self.assertClearing(0, 0)
        self.assertEqual(self.transit("amount_currency"), 96_00)
        self.assertEqual(self.transit(), 128_00)
        self.assertEqual(self.minor(self.gain), -8_00)
        payout = self.posting("payout").near_line_id
        entries = payout.matched_debit_ids.exchange_move_id
        self.assertEqual(set(entries.mapped("date")), {date(2026, 1, 2)})
        self.assertFalse(self.open_causes())

    def test_bank_amount_is_told(self):
        """Case C: the provider has converted, and says what reaches the bank."""
        self.captured(1, 100_00)
        self.deliver(
            told("payout.in_transit", "po", 118_00, 24, settled=(-100_00, "EUR"))
        )
        self.assertClearing(0, 0)
        self.assertEqual(self.transit(), 118_00)
        self.assertEqual(self.transit("amount_currency"), 118_00)
        self.assertEqual(self.minor(self.loss), 7_00)

    def test_bank_converts(self):
        """Case C: what the bank's line says of the transit's currency closes it."""
        self.captured(1, 100_00)
        self.paid_out(1, 100_00)
        self.assertEqual(self.transit(), 133_33)
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": date(2026, 1, 5),
                "payment_ref": "po-1",
                "amount": 130.0,
                "foreign_currency_id": self.eur.id,
                "amount_currency": 100.0,
            }
        )
        _liquidity, suspense, _others = line._seek_for_lines()
        line.move_id.button_draft()
        suspense.account_id = self.euros.transit_account_id
        line.move_id.action_post()
        (suspense | self.posting("payout").far_line_id).reconcile()
        self.assertEqual(self.transit("amount_currency"), 0)
        self.assertEqual(self.transit(), 0)
        self.assertEqual(self.minor(self.loss), 3_33)

    def test_payout_takes_a_part(self):
        self.captured(1, 100_00)
        self.paid_out(1, 40_00)
        self.assertEqual(self.minor(self.gain), -3_33)
        self.assertClearing(60_00, 75_00)
        self.captured(2, 30_00, at=30)
        self.paid_out(2, 90_00, at=48)
        self.assertClearing(0, 0)
        self.assertEqual(self.transit(), 173_33)
        # The second customer, too, has paid 2.50 more than the invoice was worth.
        self.assertEqual(self.minor(self.gain), -8_33 - 2_50)

    def test_payout_is_told_first(self):
        self.paid_out(1, 100_00)
        self.assertClearing(-100_00, -133_33)
        self.captured(1, 60_00)
        self.captured(2, 40_00, at=23)
        self.assertClearing(0, 0)

    def test_conversion_empties_it(self):
        self.captured(1, 100_00)
        self.deliver(
            told("fx.converted", "out", 100_00, 24, "EUR", settled=(-100_00, "EUR")),
            told("fx.converted", "in", 130_00, 24, settled=(130_00, "USD")),
        )
        self.assertClearing(0, 0)

    def test_payout_that_fails(self):
        self.captured(1, 100_00)
        self.paid_out(1, 100_00)
        self.deliver(told("payout.failed", "po-1", 100_00, 48, "EUR"))
        self.assertEqual((self.transit(), self.transit("amount_currency")), (0, 0))
        self.paid_out(2, 100_00, at=72)
        self.assertClearing(0, 0)

    def test_correction(self):
        """What is posted again leaves nothing behind."""
        self.captured(1, 100_00)
        self.paid_out(1, 100_00)
        for kind in ("payout", "capture"):
            self.posting(kind).action_post_again()
            self.assertEqual(self.minor(self.gain) + self.minor(self.loss), -8_33)
            self.assertClearing(0, 0)

    def test_refund_after_the_payout(self):
        self.captured(1, 100_00)
        self.paid_out(1, 100_00)
        self.deliver(refunded(1, 1, 20_00, at=30, currency="EUR"))
        self.captured(2, 50_00, at=31)
        self.paid_out(2, 30_00, at=48)
        self.assertClearing(0, 0)

    def test_own_currency_is_left_alone(self):
        self.deliver(told("payout.in_transit", "po", 10_00))
        self.assertFalse(self.posting("payout").near_line_id.matched_debit_ids)

    def test_no_more_than_a_bound(self):
        """Jobs go on with what is more than one batch takes."""
        for number in range(5):
            self.captured(number, 10_00)
        with patch.object(payment_hub_exchange, "LIMIT", 2):
            self.paid_out(1, 50_00)
            self.assertEqual(
                self.posting("payout").near_line_id.amount_residual_currency, -30.0
            )
            done = 0
            while job := self.jobs("_job_realise_exchange"):
                [day] = job.args
                job.unlink()  # the runner has taken it
                self.connection._job_realise_exchange(day)
                done += 1
        self.assertEqual(done, 2)
        self.assertClearing(0, 0)

    def test_job_leaves_a_lane_to_its_drain(self):
        with (
            patch.object(type(self.lane), "_try_lock", lambda *_args: False),
            self.assertRaises(RetryableJobError),
        ):
            self.connection._job_realise_exchange(date(2026, 1, 1))

    def test_entries_of_a_day(self):
        """The lines of a day are reconciled as those of an event are."""
        self.connection.sudo().granularity = "day"
        for number, at in ((1, 0), (2, 1), (3, 24)):
            self.captured(number, 10_00, at=at)
        self.deliver(told("fee.charged", "f", 2_00, 25, "EUR"))
        self.paid_out(1, 28_00, at=26)
        self.drain()
        self.assertClearing(0, 0)
        lines = self.posting("payout").near_line_id
        self.assertTrue(all(lines.mapped("reconciled")))
