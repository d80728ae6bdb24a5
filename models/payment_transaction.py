# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models

from .account_payment import BY_TRANSACTION


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    def _post_process(self):
        """What the hub has posted stays; what it could not post may be adopted now."""
        self = self.with_context(**{BY_TRANSACTION: True})
        super()._post_process()
        paid = self.filtered(lambda transaction: transaction.state == "done")
        self.env["payment.hub.exception"]._transactions_paid(paid)

    def _create_payment(self, **extra_create_values):
        """What the hub has booked already is not booked again."""
        self.ensure_one()
        posting = self.env["payment.hub.posting"]._booked_for(self)
        if posting:
            # A deposit has none.
            self.payment_id = posting.account_payment_id
            return self.payment_id
        return super()._create_payment(**extra_create_values)
