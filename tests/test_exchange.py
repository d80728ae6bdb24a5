# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Exchange differences of a balance that is not in the company's currency."""

from datetime import date
from random import Random
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.queue_job.exception import RetryableJobError

from ..models import payment_hub_exchange
from .generic_messages import captured, refunded, told
from .test_currencies import CurrencyCommon


class ForeignCommon(CurrencyCommon):
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

    def bank_credits(self, amount, euros, payout, day=5, **vals):
        """Reconcile a line of the bank's statement with a payout, as a person would.

        :param amount: in the bank's currency
        :param euros: of the payout that the line is for
        :return: the line's journal item on the transit account
        """
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": date(2026, 1, day),
                "payment_ref": payout.event_id.object_id,
                "amount": amount,
                "foreign_currency_id": self.eur.id,
                "amount_currency": euros,
            }
            | vals
        )
        _liquidity, item, _others = line._seek_for_lines()
        line.move_id.button_draft()
        item.account_id = payout.far_line_id.account_id
        line.move_id.action_post()
        (item | payout.far_line_id).reconcile()
        return item

    def payouts(self):
        return self.posting("payout").sorted("id").near_line_id

    def paid_out_often(self, count, at=24):
        """Many payouts of EUR 10 each, told at once."""
        self.deliver(
            *(
                told("payout.in_transit", f"po-{number}", 10_00, at, "EUR")
                for number in range(count)
            )
        )

    def charged(self, count, at=0):
        """Many fees of EUR 1 each."""
        self.deliver(
            *(told("fee.charged", f"f-{n}", 1_00, at, "EUR") for n in range(count))
        )

    def run_jobs(self):
        """Go on with what a batch has left; return in how many jobs."""
        done = 0
        while job := self.jobs("_job_realise_exchange"):
            [day] = job.args
            job.unlink()  # the runner has taken it
            self.connection._job_realise_exchange(day)
            done += 1
            self.assertLess(done, 30)
        return done


@tagged("post_install", "-at_install")
class TestForeignBalance(ForeignCommon):
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
        self.bank_credits(130.0, 100.0, self.posting("payout"))
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

    def test_reserve_comes_back(self):
        self.captured(1, 100_00)
        self.deliver(
            told("reserve.held", "r1", 10_00, 1, "EUR"),
            told("reserve.held", "r2", 10_00, 24, "EUR"),
            told("reserve.released", "r1", 10_00, 25, "EUR"),
        )
        reserve = self.euros.reserve_account_id
        self.assertEqual(self.minor(reserve, "amount_currency"), 10_00)
        self.assertEqual(self.minor(reserve), 13_33)
        self.deliver(told("reserve.released", "r2", 10_00, 26, "EUR"))
        self.paid_out(1, 100_00, at=27)
        self.assertEqual(self.minor(reserve), 0)
        self.assertClearing(0, 0)
        self.posting("reserve")[:1].action_post_again()
        self.assertEqual(self.minor(reserve), 0)
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


@tagged("post_install", "-at_install")
class TestBound(ForeignCommon):
    """Jobs go on with what is more than one batch takes, and come to an end."""

    def test_no_more_than_a_bound(self):
        """Jobs go on with what is more than one batch takes."""
        for number in range(5):
            self.captured(number, 10_00)
        with patch.object(payment_hub_exchange, "LIMIT", 2):
            self.paid_out(1, 50_00)
            self.assertEqual(
                self.posting("payout").near_line_id.amount_residual_currency, -30.0
            )
            self.assertEqual(self.run_jobs(), 2)
        self.assertClearing(0, 0)

    def test_job_leaves_a_lane_to_its_drain(self):
        with (
            patch.object(type(self.lane), "_try_lock", lambda *_args: False),
            self.assertRaises(RetryableJobError),
        ):
            self.connection._job_realise_exchange(date(2026, 1, 1))

    def test_many_fees_come_before_the_capture(self):
        with patch.object(payment_hub_exchange, "LIMIT", 2):
            self.charged(3)
            self.captured(1, 103_00)
            self.paid_out(1, 100_00)
            self.run_jobs()
            self.assertClearing(0, 0)
            self.captured(2, 10_00, at=48)
            self.paid_out(2, 10_00, at=49)
        self.assertClearing(0, 0)

    def test_as_many_fees_as_the_bound_and_one(self):
        limit = payment_hub_exchange.LIMIT
        self.charged(limit + 1)
        self.drain()
        self.captured(1, (limit + 101) * 100)
        self.paid_out(1, 100_00)
        self.run_jobs()
        self.assertClearing(0, 0)

    def test_many_payouts_of_one_capture(self):
        self.captured(1, 50_00)
        with patch.object(payment_hub_exchange, "LIMIT", 2):
            self.paid_out_often(5)
            self.run_jobs()
        self.assertTrue(all(self.payouts().mapped("reconciled")))
        self.assertClearing(0, 0)

    def test_nothing_to_take_away(self):
        with patch.object(payment_hub_exchange, "LIMIT", 2):
            self.paid_out_often(5)
            self.assertEqual(self.run_jobs(), 0)
            self.captured(1, 20_00)
            self.assertLessEqual(self.run_jobs(), 2)
            self.assertFalse(self.jobs("_job_realise_exchange"))
            self.captured(2, 30_00)
            self.run_jobs()
        self.assertClearing(0, 0)

    def test_any_order(self):
        """Whatever is told first, the next payout leaves nothing behind."""
        movements = [
            (self.captured, (1, 103_00)),
            (self.charged, (3,)),
            (self.paid_out, (1, 60_00)),
            (self.captured, (2, 20_00, 20)),
            (self.paid_out, (2, 60_00, 48)),
        ]
        for seed in range(3):
            Random(seed).shuffle(movements)
            with (
                self.subTest(seed=seed),
                self.env.cr.savepoint(flush=True) as savepoint,
                patch.object(payment_hub_exchange, "LIMIT", 2),
            ):
                for method, told_of in movements:
                    method(*told_of)
                    self.run_jobs()
                self.captured(3, 10_00, at=72)
                self.paid_out(3, 10_00, at=96)
                self.run_jobs()
                self.assertClearing(0, 0)
                savepoint.rollback()
                self.env.invalidate_all()
