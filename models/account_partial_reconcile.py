# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models

from .account_move import RECONCILED_ON


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.model_create_multi
    def create(self, vals_list):
        """What an invoice still owes may be what another payment brings.

        A bank may have converted a payout at a rate that a person has to see.
        """
        partials = super().create(vals_list)
        self.env["payment.hub.exception"]._invoices_changed(
            partials._payment_hub_invoices()
        )
        if lines := partials._payment_hub_by_bank().debit_move_id:
            self.env["payment.hub.exception"]._bank_credited(lines)
        return partials

    def unlink(self):
        """An invoice owes again what had paid it: other payments may fit now.

        What a bank had credited for a payout is looked at anew.
        """
        invoices = self._payment_hub_invoices()
        lines = self._payment_hub_by_bank().debit_move_id
        result = super().unlink()
        exceptions = self.env["payment.hub.exception"]
        exceptions._invoices_changed(invoices)
        if lines:
            exceptions._bank_credited(lines)
        return result

    def _payment_hub_invoices(self):
        moves = self.debit_move_id.move_id
        return moves.filtered(lambda move: move.move_type == "out_invoice")

    def _payment_hub_by_bank(self):
        """Where a bank's statement pays amounts that are not in the company's currency.

        Every reconciliation is asked, and hardly any is one: currencies come first.
        """
        return self.filtered(
            lambda one: (
                one.debit_currency_id == one.credit_currency_id
                and one.debit_currency_id != one.company_currency_id
                and one.debit_amount_currency
                and one.credit_move_id.statement_line_id
            )
        )

    def _compute_max_date(self):
        """Cash basis taxes are due on the day of what has changed the reconciliation.

        A payment that settles less than before, because of a refund, did so before on
        a day of its own; that day's taxes were reversed on the day of the refund.
        """
        super()._compute_max_date()
        if day := self.env.context.get(RECONCILED_ON):
            for partial in self:
                partial.max_date = max(partial.max_date, day)
