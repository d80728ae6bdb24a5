# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models

from .exception_causes import OPEN_STATES
from .payment_hub_documents import DEPOSIT_CAUSES


class PaymentHubMisfitMixin(models.AbstractModel):
    """Exceptions about payments that fit no invoice, and may fit one later."""

    _name = "payment.hub.misfit.mixin"
    _description = "Exceptions about Payments That Fit No Invoice"

    @api.model
    def _invoices_owe(self, invoices):
        """Have payments tried again that are for one of these invoices.

        It is asked for each change of what is reconciled: the states are those of an
        index that holds open exceptions only.

        :param invoices: that were posted just now, or owe more than before
        """
        self = self.sudo()
        misfits = self._misfits(invoices.company_id)
        if not misfits:
            return
        naming = self.env["payment.hub.invoice.finder"]._naming(invoices)
        exceptions = self.search([*misfits, ("payment_id", "in", naming)])
        exceptions |= self.search(
            [
                *misfits,
                "|",
                ("invoice_id", "in", invoices.ids),
                ("payment_id.invoice_id", "in", invoices.ids),
            ]
        )
        exceptions._try_again()

    @api.model
    def _transactions_paid(self, transactions):
        """Have payments tried again that Odoo's own provider has booked meanwhile.

        :param transactions: payment.transaction, paid
        """
        self = self.sudo()
        if misfits := self._misfits(transactions.company_id):
            finder = self.env["payment.hub.invoice.finder"]
            naming = finder._naming_any(finder._names_of(transactions))
            self.search([*misfits, ("payment_id", "in", naming)])._try_again()

    @api.model
    def _misfits(self, companies):
        """Domain of those of these companies or above them; none if nothing is open."""
        misfits = [
            ("state", "in", OPEN_STATES),
            ("cause", "in", DEPOSIT_CAUSES),
            ("company_id", "parent_of", companies.ids),
        ]
        return misfits if companies and self.search_count(misfits, limit=1) else []

    def _try_again(self):
        for connection, some in self.grouped("connection_id").items():
            connection.with_delay(
                description=self.env._("Try payments of %s again", connection.name)
            )._job_try_again(some.event_id.ids)
