# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What stays, and what is settled again, when postings are taken back or doubted."""

from odoo.tests import tagged

from .generic_messages import captured, refunded, told
from .ledger_common import LedgerCommon


@tagged("post_install", "-at_install")
class TestCorrections(LedgerCommon):
    def live(self, kind):
        return self.env["payment.hub.posting"].search(
            [("kind", "=", kind), ("is_reversed", "=", False)]
        )

    def test_loss_of_a_contradicted_withdrawal_stays(self):
        """What is held stays as it was posted, and so does what rests on it."""
        self.deliver(
            told("dispute.funds_withdrawn", "dp", 100_00, payment="pay-1"),
            told("dispute.lost", "dp", at=2, payment="pay-1"),
        )
        self.deliver(told("dispute.funds_withdrawn", "dp", 90_00, payment="pay-1"))
        self.assertEqual(self.open_causes(), ["conflicting_attestation"])
        self.assertEqual(
            self.balances("clearing", "dispute_hold", "dispute_loss"),
            {"clearing": -100_00, "dispute_hold": 0, "dispute_loss": 100_00},
        )
        postings = self.env["payment.hub.posting"].search([])
        self.assertEqual(
            sorted(postings.mapped("kind")), ["dispute_loss", "dispute_withdrawal"]
        )
        self.assertFalse(any(postings.mapped("is_reversed")))

    def test_refund_that_is_taken_back_for_good(self):
        """The capture pays all of the invoice again."""
        invoice = self.make_invoice(100.0)
        self.deliver(captured(1, 100_00, invoice.name), refunded(1, 1, 30_00))
        self.assertEqual(invoice.amount_residual, 30.0)
        self.rule("refund.succeeded", None, treatment="none")
        self.live("refund").action_post_again()
        self.assertFalse(self.live("refund"))
        self.assertEqual(invoice.payment_state, "paid")
        self.assertBooked(clearing=100_00)

    def test_one_refund_of_two_is_taken_back(self):
        invoice = self.make_invoice(100.0)
        self.deliver(
            captured(1, 100_00, invoice.name),
            refunded(1, 1, 30_00),
            refunded(2, 1, 20_00),
        )
        self.assertEqual(invoice.amount_residual, 50.0)
        self.rule("refund.succeeded", None, treatment="none")
        first = self.live("refund").filtered(lambda one: one.amount_minor == 30_00)
        first.action_post_again()
        self.assertEqual(invoice.amount_residual, 20.0)
        self.assertEqual(self.live("refund").amount_minor, 20_00)
        self.assertBooked(clearing=80_00)

    def fee_entry(self, granularity):
        """A posting of 1.00 that has an entry for its event or its day."""
        self.connection.granularity = granularity
        self.deliver(told("fee.charged", granularity, 1_00))
        return self.live("fee").filtered(
            lambda one: one.event_id.object_id == granularity
        )

    def test_entry_that_was_cancelled_is_not_reversed(self):
        """It weighs nothing any more: the posting is made anew, and that is all."""
        for count, granularity in enumerate(("event", "day"), 1):
            with self.subTest(granularity):
                posting = self.fee_entry(granularity)
                cancel(posting.move_id)
                posting.action_post_again()
                self.assertTrue(posting.is_reversed)
                self.assertFalse(posting.reversal_move_id)
                self.assertEqual(posting.move_id.state, "cancel")
                self.assertEqual(len(self.live("fee")), count)
                self.assertBooked(clearing=-count * 1_00, fee=count * 1_00)
                self.balance.invalidate_recordset()
                self.assertFalse(self.balance.difference)

    def test_entries_of_a_capture_and_its_refund_were_cancelled(self):
        """The invoice is paid once, and owed again for what was refunded."""
        for count, granularity in enumerate(("event", "day"), 1):
            with self.subTest(granularity):
                self.connection.granularity = granularity
                invoice = self.make_invoice(100.0)
                self.deliver(
                    captured(count, 100_00, invoice.name),
                    refunded(count, count, 30_00),
                )
                postings = self.payment_of(invoice).posting_ids
                cancel(postings.move_id)
                self.assertEqual(invoice.amount_residual, 100.0)
                postings.filtered(lambda one: one.kind == "capture").action_post_again()
                self.assertEqual(invoice.amount_residual, 30.0)
                self.assertFalse(postings.reversal_move_id)
                self.assertBooked(clearing=count * 70_00)

    def payment_of(self, invoice):
        return self.env["payment.hub.payment"].search([("invoice_id", "=", invoice.id)])

    def test_entry_that_is_a_draft_waits_for_a_person(self):
        for count, granularity in enumerate(("event", "day"), 1):
            with self.subTest(granularity):
                posting = self.fee_entry(granularity)
                move = posting.move_id
                move.button_draft()
                posting.sudo().is_doubted = True
                posting.event_id.attestation_ids.delivery_id.action_process_again()
                exception = self.env["payment.hub.exception"].search(
                    [("is_open", "=", True)]
                )
                self.assertEqual(exception.mapped("cause"), ["processing_error"])
                self.assertIn(move.name, exception.detail)
                self.assertIn("Post it or cancel it", exception.detail)
                self.assertFalse(posting.is_reversed)
                self.assertEqual(move.state, "draft")
                move.action_post()
                exception.action_retry()
                self.drain()
                self.assertEqual(posting.reversal_move_id.state, "posted")
                self.assertBooked(clearing=-count * 1_00, fee=count * 1_00)


def cancel(moves):
    """As a person does it."""
    moves.button_draft()
    moves.button_cancel()
