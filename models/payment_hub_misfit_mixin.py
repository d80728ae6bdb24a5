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
        misfits = [
            ("state", "in", OPEN_STATES),
            ("cause", "in", DEPOSIT_CAUSES),
            ("company_id", "parent_of", invoices.company_id.ids),
        ]
        self = self.sudo()
        if not invoices or not self.search_count(misfits, limit=1):
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
        for connection, some in exceptions.grouped("connection_id").items():
            connection.with_delay(
                description=self.env._("Try payments of %s again", connection.name)
            )._job_try_again(some.event_id.ids)
