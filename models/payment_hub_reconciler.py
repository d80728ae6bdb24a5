# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from itertools import product

from odoo import api, models

from .account_move import RECONCILED_ON
from .mapping_treatments import OWED_AGAIN, SHARES
from .payment_hub_booking import BULK_CONTEXT
from .payment_hub_entry import (
    APPLICATION,
    PAYING,
    applications,
    disputed_first,
    is_deposit,
    open_receivables,
)


class PaymentHubReconciler(models.AbstractModel):
    """Reconciles postings: with invoices and credit notes, and with what they undo."""

    _name = "payment.hub.reconciler"
    _description = "Reconciliation of Postings"

    @api.model
    def _reconcile(self, postings):
        """Reconcile postings that have just been booked."""
        self._reconcile_captures(postings)
        for posting in postings.filtered("is_adopted"):
            self._reconcile_adopted(posting)
        self._tell_invoices(
            self._reconcile_returns(postings) | self._reconcile_losses(postings)
        )
        self.env["payment.hub.deposits"]._forget_spent(postings.payment_id)
        postings.payment_id.invoice_id._payment_hub_paid_again()
        self.env["payment.hub.exchange"]._realise(postings)

    @api.model
    def _reconcile_captures(self, postings):
        """What the customer has paid settles the invoices, each in one go."""
        groups = {}
        for posting in postings:
            if posting.kind == APPLICATION:
                self._reconcile_open_returns(posting)
            line = posting.far_line_id
            if posting.kind in PAYING and posting.is_customer and not line.reconciled:
                invoice = posting.document_id
                key = invoice, line.account_id
                groups.setdefault(key, open_receivables(invoice, line.account_id))
                groups[key] |= line
        self.env["account.move.line"].with_context(**BULK_CONTEXT)._reconcile_plan(
            list(groups.values())
        )

    @api.model
    def _reconcile_open_returns(self, application):
        """What has gone back already, and was paid by nothing yet, comes first."""
        line = application.far_line_id
        returned = application.payment_id.posting_ids.filtered(
            lambda one: one.is_open_return and one.far_account_id == line.account_id
        )
        if returned:
            (line | returned.far_line_id).reconcile()
            application.payment_id.posting_ids.filtered(is_deposit)._apply_later()

    @api.model
    def _reconcile_returns(self, postings):
        """What comes back closes what went.

        :return: {posting: {invoice that owes again: how much of it}}
        """
        returned = {}
        for posting, parent in self._parents(postings | self._earlier(postings)):
            if posting.is_adopted or posting.kind in SHARES or not parent.move_id:
                continue  # it is reconciled as soon as there is the other one
            posting, parent = (
                one.with_context(**{RECONCILED_ON: posting.date})
                for one in (posting, parent)
            )
            if posting.kind == "refund_failure" and posting.far_account_id.reconcile:
                self._reconcile_refund_failure(posting, parent)
            elif not (posting.is_customer and posting.is_on_balance):
                self._reconcile_with(posting, parent)
            else:
                returned[posting] = self._reconcile_refund(posting, parent)
        return returned

    @api.model
    def _reconcile_losses(self, postings):
        """What disputes took is owed again; return as ``_reconcile_returns``."""
        return {
            loss: self._reconcile_loss(loss.with_context(**{RECONCILED_ON: loss.date}))
            for loss in self._losses(postings)
        }

    @api.model
    def _tell_invoices(self, returned):
        """Tell invoices what has opened them again; not what is posted anew.

        :param returned: {posting: {invoice: how much of it is owed again}}
        """
        for posting, owed in returned.items():
            if posting.kind == "refund" or not owed:
                continue
            told_before = posting.search_count(
                [
                    ("event_id", "=", posting.event_id.id),
                    ("posting_key", "=", posting.posting_key),
                    ("amount_minor", "=", posting.amount_minor),
                    ("far_account_id", "=", posting.far_account_id.id),
                    ("document_id", "=", posting.document_id.id),
                    ("is_reversed", "=", True),
                    ("move_id", "!=", False),
                ],
                limit=1,
            )
            for invoice, amount in owed.items() if not told_before else ():
                invoice._payment_hub_payment_returned(posting, amount)

    @api.model
    def _losses(self, postings):
        """What is owed again of the payments of these, and has its entry."""
        return postings.search(
            [
                ("payment_id", "in", postings.payment_id.ids),
                ("treatment", "=", OWED_AGAIN),
                ("is_reversed", "=", False),
                ("move_id", "!=", False),
            ],
            order="id",
        )

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
        """Return the invoices that it has opened again, as ``_reopen``."""
        invoice = posting.payment_id.invoice_id
        if posting.document_id != invoice:
            return self._reconcile_credit_note(posting)
        return self._reopen(posting, self._paying_lines(parent))

    @api.model
    def _paying_lines(self, paid):
        """The lines of what paid, and of all its parts where it was a deposit."""
        parts = paid
        if paid.kind == APPLICATION:
            parts = applications(paid.payment_id.posting_ids, paid.parent_key)
        return [one.customer_line.with_context(paid.env.context) for one in parts]

    @api.model
    def _reconcile_loss(self, posting):
        """The customer owes again what a dispute took, of whichever captures.

        Return the invoices that it has opened again, as ``_reopen``.
        """
        line, invoice = posting.far_line_id, posting.payment_id.invoice_id
        if line.reconciled:
            return {}
        if posting.is_customer and posting.document_id != invoice:
            return self._reconcile_credit_note(posting)
        return self._reopen(posting, self._captured_lines(posting))

    @api.model
    def _captured_lines(self, loss):
        """The lines by which the customer has paid what a dispute took, in order."""
        paying = loss.payment_id.posting_ids.filtered(
            lambda one: one.kind in PAYING and one.move_id and not one.is_reversed
        )
        [(_loss, withdrawal)] = self._parents(loss)
        dispute = loss.event_id | withdrawal.event_id
        return [
            posting.customer_line.with_context(loss.env.context)
            for event in disputed_first(paying.event_id, dispute)
            for posting in paying.filtered(lambda one, at=event: one.event_id == at)
            if posting.customer_line.account_id == loss.far_account_id
        ]

    @api.model
    def _reconcile_credit_note(self, posting):
        line = posting.far_line_id
        (line | open_receivables(posting.document_id, line.account_id)).reconcile()
        return {}

    @api.model
    def _reopen(self, posting, lines):
        """Have what goes back take the place of the invoice beside what was paid.

        The customer owes it again, unless something else of what was paid is left.

        :param lines: those by which the customer has paid it
        :return: {invoice that owes more than before: how much of what goes back}
        """
        invoice, ours = posting.payment_id.invoice_id, posting.far_line_id
        invoices = invoice.union(*(self._paid_beside(line) for line in lines))
        owed = {one: one.amount_residual for one in invoices}
        for captured, one in product(lines, invoices or [invoices]):
            if ours.reconciled:
                break
            captured.matched_debit_ids.filtered(
                lambda partial, one=one: partial.debit_move_id.move_id == one
            ).unlink()
            # An accountant may have used the capture's line for something else.
            if not captured.reconciled:
                (ours | captured).reconcile()
        for captured in self._paid_lines(posting, invoice):
            self._reconcile_rest(captured, invoice)
        if not ours.reconciled:
            posting.payment_id.posting_ids.filtered(is_deposit)._apply_later()
        return {
            one: min(one.amount_residual - before, posting.amount)
            for one, before in owed.items()
            if one.amount_residual > before
        }

    @api.model
    def _paid_beside(self, line):
        """The invoices that the transaction of Odoo's own payment was for."""
        transaction = line.move_id.origin_payment_id.payment_transaction_id
        return (transaction | transaction.source_transaction_id).invoice_ids

    @api.model
    def _paid_lines(self, posting, invoice):
        """The lines of all that has paid the invoice, in order."""
        paying = posting.search(
            [
                ("document_id", "in", invoice.ids),
                ("kind", "in", PAYING),
                ("is_reversed", "=", False),
                ("move_id", "!=", False),
            ],
            order="id",
        )
        return [line for one in paying for line in one.customer_line]

    @api.model
    def _reconcile_refund_failure(self, posting, parent):
        refund = parent.customer_line
        counterparts = refund.matched_credit_ids.credit_move_id
        refund.remove_move_reconcile()
        (posting.far_line_id | refund).reconcile()
        paying = posting.payment_id.posting_ids.filtered(
            lambda one: one.kind in PAYING and not one.is_reversed
        )
        ours = counterparts.union(*(one.customer_line for one in paying))
        for captured in counterparts & ours:
            self._reconcile_rest(captured, posting.payment_id.invoice_id)
        paying.filtered(is_deposit)._apply_later()

    @api.model
    def _reconcile_rest(self, captured, invoice):
        """Settle the invoice, or those it was paid with, by what is left of a line."""
        for one in reversed(invoice | self._paid_beside(captured)):
            lines = captured | open_receivables(one, captured.account_id)
            if one.state == "posted" and not captured.reconciled and len(lines) > 1:
                lines.reconcile()
