# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Company, invoice, balance and bank in currencies of their own."""

from odoo.tests import tagged

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


class ThreeCurrenciesCommon(CurrencyCommon):
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


@tagged("post_install", "-at_install")
class TestThreeCurrencies(ThreeCurrenciesCommon):
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
