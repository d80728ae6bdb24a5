# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Odoo's own payment providers do, without any of them."""

from .common import PaymentHubCommon


class AdoptionCommon(PaymentHubCommon):
    """An active connection and Odoo's own provider, with an account of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls.env["payment.provider"].sudo().create({"name": "Stripe"})
        cls.outstanding = cls.env["account.account"].create(
            {
                "name": "Odoo's Outstanding Receipts",
                "code": "199990",
                "account_type": "asset_current",
                "reconcile": True,
            }
        )

    def transaction(self, invoice, amount=121.0, reference="TX-1", **vals):
        """The transaction with which Odoo's provider paid an invoice."""
        return (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": self.provider.id,
                    "payment_method_id": self.env.ref("payment.payment_method_card").id,
                    "reference": reference,
                    "provider_reference": "pi_1",
                    "amount": amount,
                    "currency_id": self.env.ref("base.USD").id,
                    "partner_id": self.customer.id,
                    "invoice_ids": invoice.ids,
                    **vals,
                }
            )
        )

    def refund_of(self, source):
        """Odoo's transaction of the refund ``re_1``, of 21."""
        return self.transaction(
            source.invoice_ids,
            -21.0,
            "R-TX-1",
            operation="refund",
            source_transaction_id=source.id,
            provider_reference="re_1",
        )

    def pay(self, transaction, account=None, invoice=None):
        """Book it as Odoo's own provider does."""
        line = self.connection.balance_ids.inbound_method_line_id
        journal = self.connection.journal_id
        if not account:
            line = line.copy(
                {"payment_account_id": self.outstanding.id, "name": "Odoo"}
            )
        payment = self.env["account.payment"].create(
            {
                "amount": abs(transaction.amount),
                "payment_type": "inbound" if transaction.amount > 0 else "outbound",
                "partner_type": "customer",
                "partner_id": self.customer.id,
                "journal_id": journal.id,
                "payment_method_line_id": line.id,
                "payment_transaction_id": transaction.id,
            }
        )
        payment.action_post()
        transaction.payment_id = payment
        if invoice:
            lines = (payment.move_id | invoice).line_ids.filtered(
                lambda one: one.account_id == payment.destination_account_id
            )
            lines.reconcile()
        return payment

    def receivable(self):
        account = self.customer.property_account_receivable_id
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("partner_id", "=", self.customer.id)]
        )
        return round(sum(lines.mapped("balance")) * 100)

    def outstanding_minor(self):
        lines = self.env["account.move.line"].search(
            [("account_id", "=", self.outstanding.id)]
        )
        return round(sum(lines.mapped("balance")) * 100)

    def post_process(self, transaction):
        """What Odoo does once its provider has said that the customer has paid."""
        transaction._set_done()
        transaction._post_process()

    def try_again(self):
        """Do what was asked for meanwhile."""
        jobs = self.env["queue.job"].sudo()
        for job in jobs.search([("method_name", "=", "_job_try_again")]):
            job.records._job_try_again(*job.args)
        self.drain()
