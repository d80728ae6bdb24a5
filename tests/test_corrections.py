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
