# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One entry for a day."""

from datetime import date

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import mute_logger

from .generic_messages import captured, refunded, told
from .ledger_common import LedgerCommon


class GroupingCommon(LedgerCommon):
    """Fees are expenses, so that their lines come together."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts["fee"].write({"account_type": "expense", "reconcile": False})

    def postings(self, *domain):
        return self.env["payment.hub.posting"].search(list(domain), order="id")


@tagged("post_install", "-at_install")
class TestGrouping(GroupingCommon):
    def test_day_is_booked_when_it_is_over(self):
        self.connection.granularity = "day"
        somebody = self.env["res.partner"].create({"name": "Somebody Else"})
        invoice = self.make_invoice(100.0)
        other = self.make_invoice(50.0, partner_id=somebody.id)
        with freeze_time("2026-01-01 20:00:00"):
            self.deliver(
                captured(1, 100_00, invoice.name),
                captured(2, 50_00, other.name),
                *[told("fee.charged", f"f-{n}", 1_00) for n in range(5)],
            )
            self.assertFalse(self.postings().move_id)
            self.assertEqual(invoice.amount_residual, 100.0)
            self.assertEqual(
                set(self.postings().payment_id.mapped("posting_state")), {"to_post"}
            )
            self.assertEqual(self.balance.booked, 0.0)
            self.assertEqual(self.balance.waiting, 145.0)
            self.assertEqual(self.balance.owed, 145.0)
        with freeze_time("2026-01-02 00:30:00"):
            self.env["payment.hub.grouping"].sudo()._wake(self.connection)
            self.drain()
        move = self.postings().move_id
        self.assertEqual(len(move), 1)
        self.assertEqual(move.date, date(2026, 1, 1))
        self.assertEqual(len(move.line_ids), 5)  # 2 customers, fees, debits, credits
        self.assertEqual((invoice | other).mapped("amount_residual"), [0.0, 0.0])
        self.assertEqual(
            set(self.postings().payment_id.mapped("posting_state")), {"posted"}
        )
        self.assertBooked(clearing=145_00, fee=5_00)
        self.balance.invalidate_recordset()
        self.assertEqual(self.balance.waiting, 0.0)
        self.assertFalse(self.balance.difference)

    def test_line_leads_to_its_events_and_tells_when_they_changed(self):
        self.connection.granularity = "day"
        self.deliver(*[told("fee.charged", f"f-{n}", 1_00) for n in range(3)])
        move = self.postings().move_id
        line = move.line_ids.filtered(
            lambda one: one.account_id == self.accounts["fee"]
        )
        self.assertEqual(line.payment_hub_posting_ids, self.postings())
        self.assertEqual(
            self.env["payment.hub.posting"].search(
                line.action_open_payment_hub_postings()["domain"]
            ),
            self.postings(),
        )
        self.assertEqual(move.payment_hub_event_count, 3)
        self.assertFalse(move.payment_hub_false_lines)
        self.postings()[0].sudo().digest = "fee|-1||999|USD|2|999|USD|2"
        move.invalidate_recordset()
        named = f"{line.account_id.display_name}: {line.name}"
        self.assertIn(named, move.payment_hub_false_lines)

    def test_line_tells_when_its_amount_was_changed(self):
        """Not even SQL does it unnoticed."""
        self.connection.granularity = "day"
        self.deliver(told("fee.charged", "f-1", 1_00), told("fee.charged", "f-2", 2_00))
        move = self.postings().move_id
        self.assertFalse(move.payment_hub_false_lines)
        self.env.cr.execute(
            "UPDATE account_move_line SET balance = 2 * balance WHERE move_id = %s",
            [move.id],
        )
        move.line_ids.invalidate_recordset()
        move.invalidate_recordset()
        named = [f"{one.account_id.display_name}: {one.name}" for one in move.line_ids]
        self.assertEqual(move.payment_hub_false_lines, ", ".join(named))

    def test_what_comes_late_has_an_entry_of_its_own(self):
        self.connection.granularity = "day"
        self.deliver(told("fee.charged", "f-1", 1_00))
        self.deliver(told("fee.charged", "f-2", 2_00))
        self.assertEqual(len(self.postings().move_id), 2)
        self.assertBooked(clearing=-3_00, fee=3_00)

    def test_invoice_is_paid_once_though_the_first_payment_waits(self):
        self.connection.granularity = "day"
        self.company.payment_hub_overpayment = "exception"
        invoice = self.make_invoice(100.0)
        with freeze_time("2026-01-01 20:00:00"):
            self.deliver(captured(1, 100_00, invoice.name))
            self.deliver(captured(2, 100_00, invoice.name))
        self.assertEqual(self.open_causes(), ["amount_mismatch"])
        self.assertEqual(len(self.postings()), 1)

    def test_row_says_otherwise_than_the_connection(self):
        self.env["payment.hub.mapping"].search(
            [("event_type", "=", "fee.charged")]
        ).sudo().granularity = "day"
        invoice = self.make_invoice(100.0)
        with freeze_time("2026-01-01 20:00:00"):
            self.deliver(
                captured(1, 100_00, invoice.name), told("fee.charged", "f", 1_00)
            )
        capture, fee = self.postings()
        self.assertTrue(capture.account_payment_id)
        self.assertTrue(fee.is_waiting)
        self.assertEqual(fee.mapping_version_id.number, 2)

    def test_refund_that_is_booked_before_its_capture(self):
        self.connection.granularity = "day"
        self.rule("refund.succeeded", None, granularity="event")
        invoice = self.make_invoice(100.0)
        with freeze_time("2026-01-01 20:00:00"):
            self.deliver(captured(1, 100_00, invoice.name), refunded(1, 1, 30_00))
            self.assertEqual(self.postings().mapped("is_waiting"), [True, False])
        self.deliver(told("fee.charged", "f", 1_00))
        self.assertBooked(clearing=69_00, fee=1_00)
        self.assertEqual(invoice.amount_residual, 30.0)

    def test_refund_and_its_failure_in_one_entry(self):
        self.connection.granularity = "day"
        invoice = self.make_invoice(100.0)
        self.deliver(
            captured(1, 100_00, invoice.name),
            refunded(1, 1, 30_00),
            refunded(1, 1, 30_00, at=2, leg="failed"),
        )
        self.assertEqual(self.balances("clearing"), {"clearing": 100_00})
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_correction_takes_back_its_part_alone(self):
        self.connection.granularity = "day"
        tax = self.company_data["default_tax_purchase"]
        tax.amount = 20.0
        rule = self.env["payment.hub.mapping"].search(
            [("event_type", "=", "fee.charged")]
        )
        rule.sudo().tax_ids = tax
        self.deliver(*[told("fee.charged", f"f-{n}", 12_00) for n in range(3)])
        first = self.postings()[0]
        move = first.move_id
        tax.amount = 10.0  # what was booked is taken back, not what would be booked now
        first.action_post_again()
        self.assertTrue(first.is_reversed)
        self.assertFalse(move.reversal_move_ids)
        back = first.reversal_move_id
        self.assertEqual(sorted(back.line_ids.mapped("balance")), [-10.0, -2.0, 12.0])
        self.assertEqual(back.payment_hub_event_count, 1)
        self.assertFalse(move.payment_hub_false_lines)
        self.assertEqual(self.minor(self.accounts["fee"]), 2 * 10_00 + 10_91)
        self.assertEqual(self.balances("clearing"), {"clearing": -36_00})
        self.assertFalse(self.balance.difference)

    def test_customers_line_is_taken_back_and_paid_anew(self):
        self.connection.granularity = "day"
        invoice, other = self.make_invoice(100.0), self.make_invoice(50.0)
        self.deliver(captured(1, 100_00, invoice.name), captured(2, 50_00, other.name))
        self.postings()[0].action_post_again()
        self.assertBooked(clearing=150_00)
        self.assertEqual((invoice | other).mapped("amount_residual"), [0.0, 0.0])

    def test_wrong_while_it_waits(self):
        """Nothing is booked of what turned out wrong before the day was over."""
        self.connection.granularity = "day"
        with freeze_time("2026-01-01 20:00:00"):
            self.deliver(told("fee.charged", "f", 1_00))
            self.postings().action_post_again()
        self.deliver(told("fee.charged", "g", 1_00))
        gone, *live = self.postings()
        self.assertTrue(gone.is_reversed)
        self.assertFalse(gone.move_id)
        self.assertEqual(len(live), 2)
        self.assertBooked(clearing=-2_00, fee=2_00)

    def test_debits_and_credits_in_a_foreign_currency_stay_apart(self):
        """Their sum could be a debit whose value is a credit."""
        euro = self.env.ref("base.EUR")
        self.add_balance(euro)
        for day, rate in (("2026-01-01", 0.9), ("2026-01-02", 0.5)):
            self.env["res.currency.rate"].create(
                {"name": day, "currency_id": euro.id, "rate": rate}
            )
        self.connection.granularity = "settlement"
        self.rule("payout.in_transit", None, granularity="event")
        batch = {"settlement": {"batch": "B"}}
        self.deliver(
            told(
                "adjustment.credit",
                "a",
                10_00,
                settled=(10_00, "EUR"),
                currency="EUR",
                **batch,
            ),
            told(
                "adjustment.debit",
                "b",
                9_00,
                30,
                settled=(-9_00, "EUR"),
                currency="EUR",
                **batch,
            ),
            told(
                "payout.in_transit",
                "B",
                1_00,
                40,
                settled=(-1_00, "EUR"),
                currency="EUR",
                **batch,
            ),
        )
        self.assertEqual(len(self.postings().move_id), 2)
        self.assertFalse(self.open_causes())

    def test_period_that_is_locked_before_the_day_is_booked(self):
        self.connection.granularity = "day"
        with freeze_time("2026-01-01 20:00:00"):
            self.deliver(told("fee.charged", "f", 1_00))
        self.company.fiscalyear_lock_date = date(2026, 1, 31)
        self.deliver(told("fee.charged", "g", 2_00, 24 * 40))
        self.assertEqual(self.open_causes(), ["locked_period"])
        self.assertEqual(self.balances("fee"), {"fee": 2_00})
        self.company.payment_hub_lock_policy = "next_open_day"
        self.env["payment.hub.exception"].search([]).action_retry()
        self.assertBooked(clearing=-3_00, fee=3_00)
        late = self.postings()[0]
        self.assertTrue(late.is_late)
        self.assertEqual(late.due_date, date(2026, 1, 1))
        self.assertEqual(late.move_id.date, date(2026, 2, 1))

    def test_failure_leaves_the_rest_alone(self):
        self.connection.granularity = "day"
        with freeze_time("2026-01-01 20:00:00"):
            self.deliver(told("fee.charged", "f", 1_00))
        self.accounts["fee"].active = False
        self.accounts["fee"].flush_recordset()
        with mute_logger("odoo.addons.payment_hub.models.payment_hub_grouping"):
            self.deliver(told("adjustment.debit", "a", 2_00, 24))
        self.assertEqual(self.balances("suspense"), {"suspense": 2_00})
