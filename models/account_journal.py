# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models

from .account_move import RECONCILED_ON


class AccountJournal(models.Model):
    _inherit = "account.journal"

    @api.depends_context(RECONCILED_ON)
    def _compute_accounting_date(self):
        """It is kept by the context, and the day that the hub states is part of it."""
        super()._compute_accounting_date()
