# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL

from .exception_causes import MISFITS, OPEN_STATES


class PaymentHubMisfitMixin(models.AbstractModel):
    """Exceptions about payments that fit no invoice, and may fit one later.

    Where a rule names an account for them they are deposits, and wait likewise.
    """

    _name = "payment.hub.misfit.mixin"
    _description = "Exceptions about Payments That Fit No Invoice"

    @api.model
    def _invoices_changed(self, invoices):
        """Have payments and deposits tried again that are for one of these invoices.

        It is asked for each change of what is reconciled, so it reads no more than
        what is open.

        :param invoices: that were posted just now, or owe more or less than before
        """
        if not (waiting := self.sudo()._waiting_payments(invoices.company_id)):
            return
        naming = self.env["payment.hub.invoice.finder"]._naming(invoices, waiting)
        theirs = fields.Domain("payment_id", "in", naming)
        theirs |= fields.Domain("payment_id.invoice_id", "in", invoices.ids)
        chosen = fields.Domain("invoice_id", "in", invoices.ids)
        misfits = self._misfits(invoices.company_id) & (theirs | chosen)
        deposits = self._unapplied(invoices.company_id) & theirs
        postings = self.env["payment.hub.posting"].sudo()
        events = self.sudo().search(misfits).event_id
        (events | postings.search(deposits).event_id)._try_later()

    @api.model
    def _transactions_paid(self, transactions):
        """Have payments tried again that Odoo's own provider has booked meanwhile.

        :param transactions: payment.transaction, paid
        """
        companies = transactions.company_id
        if waiting := self.sudo()._waiting_payments(companies):
            finder = self.env["payment.hub.invoice.finder"]
            naming = finder._naming_any(finder._names_of(transactions), waiting)
            theirs = fields.Domain("payment_id", "in", naming)
            self.sudo().search(self._misfits(companies) & theirs).event_id._try_later()

    @api.model
    def _waiting_payments(self, companies):
        """SQL of the ids of payments that wait for an invoice; None where none does."""
        postings = self.env["payment.hub.posting"]
        misfits, deposits = self._misfits(companies), self._unapplied(companies)
        if not companies or not (
            self.search_count(misfits, limit=1)
            or postings.search_count(deposits, limit=1)
        ):
            return None
        queries = self._search(misfits), postings._search(deposits)
        return SQL("(%s UNION %s)", *(one.subselect("payment_id") for one in queries))

    @api.model
    def _misfits(self, companies):
        """Domain of those that are open, of these companies or above them."""
        return fields.Domain(
            [
                ("state", "in", OPEN_STATES),
                ("cause", "in", MISFITS),
                ("company_id", "parent_of", companies.ids),
            ]
        )

    @api.model
    def _unapplied(self, companies):
        """Domain of the deposits that wait for an invoice."""
        return fields.Domain(
            [
                ("is_unapplied", "=", True),
                ("is_reversed", "=", False),
                ("company_id", "parent_of", companies.ids),
            ]
        )
