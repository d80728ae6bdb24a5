# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whoever collects an invoice learns that its payment went back, once."""

from itertools import permutations
from unittest.mock import patch

from odoo.tests import new_test_user, tagged

from ..models.account_move import AccountMove
from ..models.mapping_treatments import OWED_AGAIN
from .generic_messages import captured, in_batch, refunded, returned, told
from .test_owed_again import OwedAgainCommon, given_back, lost, taken


@tagged("post_install", "-at_install")
class TestPaymentReturned(OwedAgainCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(cls.env, "clerk", "account.group_account_invoice")

    def setUp(self):
        super().setUp()
        self.invoice = self.make_invoice(121.0, invoice_user_id=self.clerk.id)

    def notes(self, invoice=None):
        messages = (invoice or self.invoice).message_ids
        messages = messages.filtered(lambda message: not message.mail_activity_type_id)
        bodies = messages.mapped(lambda message: str(message.body))
        return [body for body in bodies if "open again" in body]

    def assertTold(self, times, to_do=None):
        """Told so many times, and as much to do, unless some of it is done."""
        self.assertEqual(len(self.notes()), times)
        to_do = times if to_do is None else to_do
        self.assertEqual(len(self.invoice.activity_ids), to_do)

    def test_note_and_activity(self):
        self.deliver(captured(1, 121_00, self.invoice.name))
        self.assertTold(0)
        self.deliver(returned(reason="insufficient_funds"))
        [note] = self.notes()
        for text in ("121.00", "Shop", "ch-1", "insufficient_funds", "send it once"):
            self.assertIn(text, note)
        activity = self.invoice.activity_ids
        self.assertEqual(activity.user_id, self.clerk)
        self.assertEqual(activity.summary, "Payment returned")
        self.assertIn("121.00", activity.note)

    def test_whatever_comes_first(self):
        self.deliver(returned())
        self.assertTold(0)
        self.deliver(captured(1, 121_00, self.invoice.name))
        self.assertEqual(self.invoice.amount_residual, 121.0)
        self.assertTold(1)

    def test_nobody_is_responsible(self):
        self.clerk.active = False
        self.deliver(captured(1, 121_00, self.invoice.name), returned())
        self.assertTold(1)
        self.assertFalse(self.invoice.activity_ids.user_id)

    def test_not_twice(self):
        self.deliver(captured(1, 121_00, self.invoice.name), returned())
        self.deliver(returned())
        for kind in ("charge_reversal", "capture"):
            self.posting(kind).action_post_again()
            self.assertEqual(self.invoice.amount_residual, 121.0)
        self.assertTold(1)

    def test_collected_and_returned_again(self):
        again = {"type": "charge", "id": "ch-1", "leg": "again"}
        once_more = {"type": "charge", "id": "ch-1", "leg": "once more"}
        self.deliver(captured(1, 121_00, self.invoice.name), returned())
        self.deliver(captured(1, 121_00, self.invoice.name, at=4, object=again))
        self.assertTold(1, to_do=0)
        self.deliver(returned(at=5, object=once_more))
        self.assertTold(2, to_do=1)

    def test_refund_is_no_return(self):
        self.deliver(captured(1, 121_00, self.invoice.name), refunded(1, 1, 21_00))
        self.deliver(refunded(1, 1, 21_00, 2, leg="failed"))
        self.assertTold(0)

    def test_lost_dispute(self):
        self.deliver(
            captured(1, 121_00, self.invoice.name),
            taken(50_00),
            lost(reason="fraudulent"),
        )
        [note] = self.notes()
        for text in ("50.00", "dispute", "dp-1", "fraudulent"):
            self.assertIn(text, note)
        self.loss().action_post_again()
        self.assertTold(1)
        self.deliver(given_back(50_00))
        self.assertEqual(self.invoice.amount_residual, 0.0)
        self.assertTold(1, to_do=0)

    def test_more_was_taken_than_paid(self):
        """What is left is looked at again with each later fact of the payment."""
        self.deliver(
            captured(1, 121_00, self.invoice.name),
            taken(130_00),
            lost(),
        )
        self.deliver(told("fee.charged", "f", 1_00, payment="pay-1"))
        self.assertTold(1)

    def test_credit_note_keeps_the_invoice_paid(self):
        self.deliver(captured(1, 121_00, self.invoice.name))
        self.credit_note(self.invoice, 50.0)
        self.deliver(taken(50_00), lost())
        self.assertEqual(self.invoice.amount_residual, 0.0)
        self.assertTold(0)

    def test_written_off(self):
        self.env["payment.hub.mapping"].search(
            [("event_type", "=", "dispute.lost")]
        ).sudo().write(
            {"treatment": "post", "account_id": self.accounts["dispute_loss"].id}
        )
        self.deliver(captured(1, 121_00, self.invoice.name), taken(50_00), lost())
        self.assertTold(0)
        row = self.env["payment.hub.mapping"].search(
            [("event_type", "=", "dispute.lost")]
        )
        row.sudo().write({"treatment": OWED_AGAIN, "account_id": False})
        self.loss().action_post_again()
        self.assertEqual(self.invoice.amount_residual, 50.0)
        self.assertTold(1)

    def test_settlement(self):
        """Nothing is open again before it is booked."""
        self.connection.granularity = "settlement"
        self.deliver(
            captured(1, 121_00, self.invoice.name, **in_batch("po-1", 121_00)),
            returned(**in_batch("po-1", -121_00)),
            captured(2, 7_00, self.make_invoice(7.0).name, **in_batch("po-1", 7_00)),
        )
        self.assertTold(0)
        self.deliver(
            told("payout.in_transit", "po-1", 7_00, 9, **in_batch("po-1", -7_00))
        )
        self.assertEqual(self.invoice.amount_residual, 121.0)
        self.assertTold(1)

    def test_day(self):
        self.connection.granularity = "day"
        self.deliver(captured(1, 121_00, self.invoice.name), returned())
        self.assertTold(1)

    def test_addon_for_dunning(self):
        seen = []

        def collect(invoice, posting, amount):
            seen.append((invoice, posting.kind, amount, invoice.amount_residual))

        with patch.object(AccountMove, "_payment_hub_payment_returned", collect):
            self.deliver(captured(1, 121_00, self.invoice.name), returned())
        self.assertEqual(seen, [(self.invoice, "charge_reversal", 121.0, 121.0)])
        self.assertTold(0)


@tagged("post_install", "-at_install")
class TestPaidAgain(OwedAgainCommon):
    """What was given back is paid again: the same ledger, told at once or not."""

    def stories(self, number):
        invoice = self.make_invoice(121.0)
        ref, dispute = invoice.name, f"dp-{number}"
        first = captured(number, 121_00, ref)
        other = captured(number + 1, 121_00, ref, at=9)
        again = {"type": "charge", "id": f"ch-{number}", "leg": "again"}
        return invoice, {
            "collected again": [
                first,
                returned(number),
                captured(number, 121_00, ref, at=9, object=again),
            ],
            "another payment": [first, returned(number), other],
            "refund": [first, refunded(number, number, 121_00), other],
            "lost dispute": [
                first,
                taken(121_00, of=number, dispute=dispute),
                lost(of=number, dispute=dispute),
                other,
            ],
            "paid twice before": [
                first,
                captured(number + 1, 121_00, ref, at=1),
                returned(number),
            ],
        }

    def assertPaidAgain(self, invoice, before):
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self.balances("clearing")["clearing"], before + 121_00)
        self.assertFalse(self.open_causes())

    def test_at_once(self):
        for number, name in enumerate(self.stories(1)[1]):
            for backwards in (False, True):
                with self.subTest(name, backwards=backwards):
                    invoice, stories = self.stories(10 + 4 * number + 2 * backwards)
                    before = self.balances("clearing")["clearing"]
                    self.deliver(*stories[name][:: -1 if backwards else 1])
                    self.assertPaidAgain(invoice, before)

    def test_one_by_one_in_any_order(self):
        for number, order in enumerate(permutations(range(3))):
            with self.subTest(order):
                invoice, stories = self.stories(10 + 2 * number)
                before = self.balances("clearing")["clearing"]
                for place in order:
                    self.deliver(stories["collected again"][place])
                self.assertPaidAgain(invoice, before)

    def test_refund_that_failed_leaves_nothing_to_pay(self):
        invoice = self.make_invoice(121.0)
        self.deliver(
            captured(1, 121_00, invoice.name),
            refunded(1, 1, 121_00),
            refunded(1, 1, 121_00, 5, leg="failed"),
            captured(2, 121_00, invoice.name, at=9),
        )
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self.balances("clearing"), {"clearing": 121_00})
        self.assertIn("amount_mismatch", self.open_causes())

    def test_settlement(self):
        """All of it is one entry: the invoice stays paid, and nobody is told else."""
        self.connection.granularity = "settlement"
        invoice = self.make_invoice(121.0)
        again = {"type": "charge", "id": "ch-1", "leg": "again"}
        paid, back = in_batch("po-1", 121_00), in_batch("po-1", -121_00)
        self.deliver(captured(1, 121_00, invoice.name, **paid))
        self.deliver(returned(**back))
        self.deliver(captured(1, 121_00, invoice.name, at=9, object=again, **paid))
        self.deliver(told("payout.in_transit", "po-1", 121_00, 12, **back))
        self.assertEqual(invoice.payment_state, "paid")
        self.assertFalse(invoice.activity_ids)
        self.assertBooked(clearing=0, payout_transit=121_00)

    def test_more_was_paid_than_the_invoice_owed(self):
        """What had paid no invoice opens none."""
        self.company.payment_hub_overpayment = "credit"
        invoice = self.make_invoice(100.0)
        self.deliver(captured(1, 121_00, invoice.name), taken(21_00), lost())
        self.assertEqual(invoice.payment_state, "paid")
        self.assertFalse(invoice.activity_ids)
