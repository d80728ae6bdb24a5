# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Payments that Odoo's own provider has captured in parts, or voided in part."""

from odoo.tests import tagged

from . import stripe_messages as stripe
from .adoption_common import AdoptionCommon


@tagged("post_install", "-at_install")
class TestAdoptionInParts(AdoptionCommon):
    def setUp(self):
        super().setUp()
        self.provider.support_manual_capture = "partial"
        self.invoice = self.make_invoice(121.0)
        self.source = self.transaction(
            self.invoice, operation="online_direct", state="authorized"
        )

    def part(self, amount, **vals):
        """Odoo's transaction of a part that it captures or voids."""
        parts = self.source.child_transaction_ids
        return self.transaction(
            self.env["account.move"],
            amount,
            f"P-TX-1-{len(parts)}",
            operation=self.source.operation,
            source_transaction_id=self.source.id,
            **vals,
        )

    def paid_part(self, amount, **vals):
        part = self.part(amount, **vals)
        self.pay(part, invoice=self.invoice)
        part._set_done()
        return part

    def void_rest(self):
        self.part(21.0)._set_canceled()

    def assertBooked(self, clearing, *parts):
        """Each part has a posting, and no money is left at Odoo's account."""
        postings = self.payment(1).posting_ids
        for part in parts:
            self.assertIn(part.payment_id, postings.account_payment_id)
        self.assertEqual(self.clearing_minor(), clearing)
        self.assertEqual(self.outstanding_minor(), 0)
        self.assertFalse(self.open_causes())

    def test_odoo_came_first(self):
        part = self.paid_part(100.0)
        self.void_rest()
        self.deliver(stripe.captured(1, 100_00))
        self.assertBooked(100_00, part)
        self.assertEqual(self.payment(1).invoice_id, self.invoice)
        self.assertEqual(self.invoice.amount_residual, 21.0)

    def test_the_hub_came_first(self):
        part = self.part(100.0)
        self.void_rest()
        self.deliver(stripe.captured(1, 100_00))
        self.post_process(part)
        self.assertTrue(part.payment_id)
        self.assertBooked(100_00, part)
        self.assertFalse(self.source.payment_id)
        self.assertEqual(self.receivable(), 21_00)

    def test_odoo_knows_no_part_yet(self):
        self.deliver(stripe.captured(1, 100_00))
        part = self.part(100.0)
        self.post_process(part)
        self.assertBooked(100_00, part)
        self.assertEqual(self.receivable(), 21_00)

    def test_parts_of_one_amount(self):
        parts = self.paid_part(60.5) | self.paid_part(60.5)
        self.deliver(
            stripe.charged(1, 60_50), stripe.charged(2, 60_50, payment_intent="pi_1")
        )
        self.assertBooked(121_00, *parts)

    def test_part_is_found_by_its_amount(self):
        parts = self.paid_part(21.0) | self.paid_part(100.0)
        self.deliver(stripe.charged(1, 100_00))
        self.deliver(stripe.charged(2, 21_00, payment_intent="pi_1"))
        self.assertBooked(121_00, *parts)

    def test_part_is_found_by_its_reference(self):
        second = self.paid_part(60.5, provider_reference="ch_2")
        first = self.paid_part(60.5, provider_reference="ch_1")
        self.deliver(
            stripe.charged(1, 60_50), stripe.charged(2, 60_50, payment_intent="pi_1")
        )
        self.assertBooked(121_00, first, second)
        by_object = self.payment(1).posting_ids.grouped(
            lambda one: one.event_id.object_id
        )
        self.assertEqual(by_object["ch_1"].account_payment_id, first.payment_id)
        self.assertEqual(by_object["ch_2"].account_payment_id, second.payment_id)

    def test_another_amount_is_for_a_person(self):
        self.paid_part(99.0)
        self.deliver(stripe.captured(1, 100_00))
        self.assertEqual(self.open_causes(), ["recorded_elsewhere"])

    def test_refund_of_a_part(self):
        part = self.paid_part(100.0)
        self.void_rest()
        refund = self.refund_of(part)
        self.pay(refund)
        self.deliver(stripe.captured(1, 100_00), stripe.refunded(1, 1, 21_00))
        self.assertBooked(79_00, part, refund)

    def test_second_part_before_the_provider_tells_of_it(self):
        """Odoo books it: what the hub has posted is the first part."""
        first = self.part(60.5)
        self.deliver(stripe.charged(1, 60_50))
        second = self.part(60.5)
        postings = self.env["payment.hub.posting"]
        self.assertTrue(postings._booked_for(first))
        self.assertFalse(postings._booked_for(second))
