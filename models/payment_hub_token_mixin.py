# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models


class PaymentHubTokenMixin(models.AbstractModel):
    """A record that decides which messages the webhook takes: no change is missed."""

    _name = "payment.hub.token.mixin"
    _description = "Kept with a Token"

    @api.model_create_multi
    def create(self, vals_list):
        self._forget_tokens()
        return super().create(vals_list)

    def write(self, vals):
        self._forget_tokens()
        return super().write(vals)

    def unlink(self):
        self._forget_tokens()
        return super().unlink()

    @api.model
    def _forget_tokens(self):
        """Forget at once, and again after the commit.

        A thread of this process may look a token up in between, and still see what
        was before.
        """
        forget = self.env.registry.clear_cache
        forget()
        self.env.cr.postcommit.add(forget)
