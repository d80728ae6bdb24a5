# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models

# Key of the context: payments are cancelled because their transactions were.
BY_TRANSACTION = "payment_hub_cancelled_by_transaction"


class AccountPayment(models.Model):
    _inherit = "account.payment"

    def action_cancel(self):
        """What the provider captured is a fact, whatever becomes of a transaction."""
        if self.env.context.get(BY_TRANSACTION):
            posted = self.env["payment.hub.posting"].sudo()
            self -= posted.search(
                [("account_payment_id", "in", self.ids), ("is_reversed", "=", False)]
            ).account_payment_id
        return super().action_cancel()
