# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One entry for a settlement that proves itself, and what is seen until then."""

from dataclasses import replace
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tests import tagged

from ..engine import providers
from .generic_messages import captured, in_batch, told
from .test_grouping import GroupingCommon


@tagged("post_install", "-at_install")
class TestSettlements(GroupingCommon):
    # === what a person sees ===

    def test_who_waits_says_until_when(self):
        self.connection.granularity = "day"
        invoice = self.make_invoice(100.0)
        with freeze_time("2026-01-01 20:00:00"):
            self.deliver(captured(1, 100_00, invoice.name))
            posting = self.postings()
            self.assertEqual(posting.waits_for, "End of 01/01/2026")
            self.assertIn("on 01/02/2026", posting.waits_until)
            self.assertIn("01/02/2026", str(posting.payment_id.timeline))
        with freeze_time("2026-01-02 00:10:00"):
            posting.invalidate_recordset()
            self.assertIn("within the hour", posting.waits_until)
        self.deliver(told("fee.charged", "f", 1_00))
        self.assertTrue(posting.move_id)
        self.assertFalse(posting.waits_for)
        self.assertFalse(posting.waits_until)

    def test_settlement_that_is_waited_for(self):
        self.connection.granularity = "settlement"
        self.deliver(told("adjustment.credit", "a", 10_00))
        self.assertEqual(self.postings().waits_for, "Settlement Not Told Yet")
        self.deliver(told("adjustment.credit", "a", 10_00, **in_batch("po-1", 10_00)))
        posting = self.postings()
        self.assertEqual(posting.waits_for, "Settlement po-1")
        self.assertIn("when it is paid out", posting.waits_until)
        self.deliver(told("payout.in_transit", "po-1", 9_00, 5))
        posting.invalidate_recordset()
        self.assertIn("what is missing", posting.waits_until)
        payout = self.env["payment.hub.payout"].search([])
        self.assertEqual(posting.action_open_payout()["res_id"], payout.id)
        self.assertIn("wait for their entry: 2", payout.waiting)
        self.assertEqual(
            self.env["payment.hub.posting"].search(
                payout.action_open_waiting()["domain"], order="id"
            ),
            self.postings(),
        )

    def test_payout_and_its_entries_lead_to_each_other(self):
        self.connection.granularity = "settlement"
        self.deliver(
            told("adjustment.credit", "a", 10_00, **in_batch("po-1", 10_00)),
            told("adjustment.credit", "b", 5_00, 24 * 31, **in_batch("po-1", 5_00)),
            told("payout.in_transit", "po-1", 15_00, 24 * 32),
        )
        payout = self.env["payment.hub.payout"].search([])
        moves = self.postings().move_id
        self.assertEqual(payout.entry_count, 2)
        self.assertFalse(payout.waiting)
        action = payout.action_open_entries()
        self.assertEqual(self.env["account.move"].search(action["domain"]), moves)
        for move in moves:
            self.assertEqual(move.payment_hub_payout_count, 1)
            action = move.action_open_payment_hub_payouts()
            self.assertEqual(action["res_id"], payout.id)

    def test_fee_is_not_told_to_be_reconciled(self):
        invoice = self.make_invoice(100.0)
        self.deliver(
            captured(1, 100_00, invoice.name),
            told("fee.charged", "f", 1_00, payment="pay-1"),
        )
        titles = [
            step["title"] for step in self.postings().payment_id._timeline_steps()
        ]
        self.assertEqual(titles.count("Reconciled"), 1)
        self.assertIn("Fee posted", titles)

    # === settlements ===

    def test_settlement_is_booked_when_it_is_proven(self):
        self.connection.granularity = "settlement"
        invoice = self.make_invoice(100.0)
        self.deliver(
            captured(1, 100_00, invoice.name, **in_batch("po-1", 100_00)),
            told("fee.charged", "f", 3_00, **in_batch("po-1", 0, 3_00)),
        )
        self.assertFalse(self.postings().move_id)
        self.deliver(told("payout.in_transit", "po-1", 97_00, 50))
        move = self.postings().move_id
        self.assertEqual(len(move), 1)
        self.assertEqual(move.ref, "Settlement po-1")
        self.assertEqual(move.date, date(2026, 1, 3))
        self.assertBooked(clearing=0, fee=3_00, payout_transit=97_00)
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_settlement_that_proves_nothing_waits_for_the_rest(self):
        self.connection.granularity = "settlement"
        self.deliver(
            told("adjustment.credit", "a", 10_00, **in_batch("po-1", 10_00)),
            told("payout.in_transit", "po-1", 9_00, 5),
        )
        self.assertFalse(self.postings().move_id)
        self.assertFalse(self.open_causes())  # it may be on its way
        with freeze_time("2030-01-01"):
            payout = self.postings(("kind", "=", "payout"))
            payout.sudo().event_id.attestation_ids.delivery_id.next_at = False
            self.drain()
            self.assertEqual(self.open_causes(), ["settlement_unproven"])
            exception = self.env["payment.hub.exception"].search([])
            self.assertIn("1.00 USD", exception.detail)
            self.deliver(told("fee.charged", "f", 1_00, **in_batch("po-1", 0, 1_00)))
            self.drain()
        self.assertBooked(clearing=0, fee=1_00, payout_transit=9_00)
        self.assertEqual(len(self.postings().move_id), 1)

    def test_settlement_is_told_weeks_later(self):
        self.connection.granularity = "settlement"
        self.deliver(
            told("adjustment.credit", "a", 10_00),
            told("payout.in_transit", "po-1", 10_00, 5),
        )
        self.assertFalse(self.postings().move_id)
        self.deliver(told("adjustment.credit", "a", 10_00, **in_batch("po-1", 10_00)))
        self.assertBooked(clearing=0, payout_transit=10_00)

    def test_settlement_over_two_months_has_two_entries(self):
        self.connection.granularity = "settlement"
        self.deliver(
            told("adjustment.credit", "a", 10_00, **in_batch("po-1", 10_00)),
            told("adjustment.credit", "b", 5_00, 24 * 31, **in_batch("po-1", 5_00)),
            told("payout.in_transit", "po-1", 15_00, 24 * 32),
        )
        january, february = self.postings().move_id.sorted("date")
        self.assertEqual(january.date, date(2026, 1, 1))
        self.assertEqual(february.date, date(2026, 2, 2))
        lines = january.line_ids.filtered(
            lambda one: one.account_id == self.account("clearing")
        )
        self.assertEqual(lines.balance, 10.0)  # still owed at the end of January

    def test_what_is_carried_forward_opens_and_closes(self):
        self.connection.granularity = "settlement"
        self.deliver(
            told("adjustment.credit", "a", 10_00, **in_batch("1", 10_00)),
            told("settlement.carry_forward", "c1", 10_00, 5, **in_batch("1", -10_00)),
        )
        self.assertBooked(clearing=10_00)
        self.deliver(
            told("settlement.carry_forward", "c2", 10_00, 6, **in_batch("2", 10_00)),
            told("adjustment.credit", "b", 5_00, 7, **in_batch("2", 5_00)),
            told("payout.in_transit", "po", 15_00, 9, **in_batch("2", -15_00)),
        )
        self.assertBooked(clearing=0, payout_transit=15_00)

    def test_booked_alone_by_a_person(self):
        self.connection.granularity = "settlement"
        self.deliver(told("adjustment.credit", "a", 10_00))
        self.assertTrue(self.postings().is_waiting)
        self.postings().action_book_alone()
        self.assertBooked(clearing=10_00)

    def test_settlement_that_does_not_come(self):
        self.connection.granularity = "settlement"
        self.deliver(told("adjustment.credit", "a", 10_00))
        grouping = self.env["payment.hub.grouping"].sudo()
        with freeze_time("2026-02-14 12:00:00"):
            grouping._wake(self.connection)
            self.assertFalse(self.open_causes())
        with freeze_time("2026-02-16 12:00:00"):
            grouping._wake(self.connection)
            self.assertEqual(self.open_causes(), ["settlement_overdue"])
            self.postings().action_book_alone()
            grouping._wake(self.connection)
        self.assertFalse(self.open_causes())

    def test_provider_without_settlements_has_days(self):
        self.connection.granularity = "settlement"
        generic = providers.get("generic")
        without = replace(generic, capabilities=frozenset())
        with patch.dict(providers.PROVIDERS, generic=without):
            self.deliver(told("fee.charged", "f", 1_00))
        self.assertEqual(self.postings().granularity, "day")
        self.assertBooked(clearing=-1_00, fee=1_00)
