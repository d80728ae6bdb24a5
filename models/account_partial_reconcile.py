# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models

from .account_move import RECONCILED_ON


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    def unlink(self):
        """An invoice owes again what had paid it: other payments may fit now."""
        moves = self.debit_move_id.move_id
        invoices = moves.filtered(lambda move: move.move_type == "out_invoice")
        result = super().unlink()
        self.env["payment.hub.exception"]._invoices_owe(invoices)
        return result

    def _compute_max_date(self):
        """Cash basis taxes are due on the day of what has changed the reconciliation.

        A payment that settles less than before, because of a refund, did so before on
        a day of its own; that day's taxes were reversed on the day of the refund.
        """
        super()._compute_max_date()
        if day := self.env.context.get(RECONCILED_ON):
            for partial in self:
                partial.max_date = max(partial.max_date, day)
