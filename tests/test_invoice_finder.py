# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which reference leads to which invoice."""

from odoo.tests import tagged

from . import stripe_messages as stripe
from .common import PaymentHubCommon


@tagged("post_install", "-at_install")
class TestInvoiceFinder(PaymentHubCommon):
    def assertFinds(self, invoice, **fields):
        """A capture with these fields of the payment intent pays the invoice."""
        self.deliver(stripe.captured(1, 12100, **fields))
        self.assertEqual(self.payment(1).invoice_id, invoice)

    def test_name_in_metadata(self):
        invoice = self.make_invoice()
        self.assertFinds(invoice, metadata={"invoice_number": invoice.name})

    def test_payment_reference_in_metadata(self):
        invoice = self.make_invoice(payment_reference="RF18-539")
        self.assertFinds(invoice, metadata={"order_id": "RF18-539"})

    def test_description(self):
        invoice = self.make_invoice()
        self.assertFinds(invoice, description=invoice.name)

    def test_name_within_a_description(self):
        invoice = self.make_invoice()
        self.assertFinds(invoice, description=f"Payment of {invoice.name}, thanks")

    def test_metadata_comes_before_description(self):
        invoice = self.make_invoice()
        other = self.make_invoice()
        self.assertFinds(
            invoice,
            metadata={"odoo_invoice": invoice.name},
            description=other.name,
        )

    def test_paid_candidate_gives_way_to_the_open_one(self):
        paid = self.make_invoice(payment_reference="SHARED")
        invoice = self.make_invoice(payment_reference="SHARED")
        self.deliver(stripe.captured(9, 12100, paid.name))
        self.assertFinds(invoice, metadata={"order_id": "SHARED"})

    def test_draft_and_vendor_bill_do_not_count(self):
        draft = self.make_invoice(payment_reference="X-1")
        draft.button_draft()
        self.make_invoice(move_type="in_invoice", payment_reference="X-1")
        self.assertFinds(self.env["account.move"], metadata={"order_id": "X-1"})
        self.assertEqual(self.open_causes(), ["invoice_not_found"])

    def test_invoice_of_another_company_does_not_count(self):
        other = self.setup_other_company()["company"]
        self.env.user.company_ids += other
        invoice = (
            self.env["account.move"]
            .with_company(other)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer.id,
                    "invoice_date": "2025-12-15",
                    "payment_reference": "OTHER-1",
                    "invoice_line_ids": [
                        (0, 0, {"name": "Chair", "price_unit": 121.0, "tax_ids": []})
                    ],
                }
            )
        )
        invoice.action_post()
        self.assertFinds(self.env["account.move"], metadata={"order_id": "OTHER-1"})

    def test_any_identifier_finds_the_payment(self):
        invoice = self.make_invoice()
        self.deliver(stripe.captured(1, 12100, invoice.name))
        self.deliver(stripe.refunded(1, 1, 100))
        payments = self.env["payment.hub.payment"]
        for value in ("pi_1", "ch_1", "re_1", invoice.name):
            self.assertEqual(
                payments.search([("reference_ids.value", "=", value)]), self.payment(1)
            )
