# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models

from .account_move import RECONCILED_ON
from .payment_hub_booking import BULK_CONTEXT
from .payment_hub_decision import APPLICATION
from .payment_hub_entry import open_receivables


class PaymentHubReconciler(models.AbstractModel):
    """Reconciles postings: with invoices and credit notes, and with what they undo."""

    _name = "payment.hub.reconciler"
    _description = "Reconciliation of Postings"

    @api.model
    def _reconcile(self, postings):
        """Reconcile postings that have just been booked."""
        groups = {}
        for posting in postings:
            if posting.kind in ("capture", APPLICATION) and posting.is_customer:
                invoice, line = posting.document_id, posting.far_line_id
                key = invoice, line.account_id
                groups.setdefault(key, open_receivables(invoice, line.account_id))
                groups[key] |= line
        self.env["account.move.line"].with_context(**BULK_CONTEXT)._reconcile_plan(
            list(groups.values())
        )
        for posting in postings.filtered("is_adopted"):
            self._reconcile_adopted(posting)
        for posting, parent in self._parents(postings | self._earlier(postings)):
            if posting.is_adopted or not parent.move_id:
                continue  # it is reconciled as soon as there is the other one
            posting, parent = (
                one.with_context(**{RECONCILED_ON: posting.date})
                for one in (posting, parent)
            )
            if not (posting.is_customer and posting.is_on_balance):
                self._reconcile_with(posting, parent)
            elif posting.kind == "refund_failure":
                self._reconcile_refund_failure(posting, parent)
            else:
                self._reconcile_refund(posting, parent)
        self.env["payment.hub.exchange"]._realise(postings)

    @api.model
    def _earlier(self, postings):
        """What undoes some of these, and was booked before them."""
        return postings.search(
            [
                ("connection_id", "in", postings.connection_id.ids),
                ("parent_key", "in", postings.mapped("posting_key")),
                ("is_reversed", "=", False),
                ("move_id", "!=", False),
            ],
            order="id",
        )

    @api.model
    def _parents(self, postings):
        """Give (posting, what it undoes, if that stands), in the order of postings."""
        undoing = postings.filtered("parent_key")
        found = postings.search(
            [
                ("connection_id", "in", undoing.connection_id.ids),
                ("posting_key", "in", undoing.mapped("parent_key")),
                ("is_reversed", "=", False),
            ]
        )
        by_key = {(one.connection_id, one.posting_key): one for one in found}
        return [
            (one, by_key.get((one.connection_id, one.parent_key), postings.browse()))
            for one in undoing
        ]

    @api.model
    def _reconcile_adopted(self, posting):
        """The money has left Odoo's outstanding account for the clearing account."""
        lines = posting.account_payment_id.move_id.line_ids.filtered(
            lambda line: line.account_id == posting.far_account_id
        )
        if posting.far_account_id.reconcile and not any(lines.mapped("reconciled")):
            (posting.far_line_id | lines).reconcile()

    @api.model
    def _reconcile_with(self, posting, parent):
        """What comes back closes what went: a dispute, a payout, a deposit."""
        ours = posting.far_line_id if posting.is_on_balance else posting.near_line_id
        lines = ours | parent.far_line_id
        if ours.account_id.reconcile and not any(lines.mapped("reconciled")):
            lines.reconcile()

    @api.model
    def _reconcile_refund(self, posting, parent):
        invoice = posting.payment_id.invoice_id
        if posting.document_id != invoice:
            line = posting.far_line_id
            (line | open_receivables(posting.document_id, line.account_id)).reconcile()
            return
        # Without credit note the customer owes the refunded part again: it takes its
        # place beside the capture's line, and the invoice re-opens by as much.
        captured = parent.customer_line
        captured.matched_debit_ids.filtered(
            lambda partial: partial.debit_move_id.move_id == invoice
        ).unlink()
        # An accountant may have used the capture's line for something else.
        if not captured.reconciled:
            (posting.far_line_id | captured).reconcile()
        self._reconcile_rest(captured, invoice)

    @api.model
    def _reconcile_refund_failure(self, posting, parent):
        refund = parent.customer_line
        counterparts = refund.matched_credit_ids.credit_move_id
        refund.remove_move_reconcile()
        (posting.far_line_id | refund).reconcile()
        captures = posting.payment_id.posting_ids.filtered(
            lambda one: one.kind == "capture" and not one.is_reversed
        )
        ours = counterparts.union(*(one.customer_line for one in captures))
        for captured in counterparts & ours:
            self._reconcile_rest(captured, posting.payment_id.invoice_id)

    @api.model
    def _reconcile_rest(self, captured, invoice):
        """Settle the invoice with what is left of a capture's line."""
        if invoice.state != "posted":
            return
        lines = captured | open_receivables(invoice, captured.account_id)
        if not captured.reconciled and len(lines) > 1:
            lines.reconcile()
