# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from . import vault


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    payment_hub_vault_ready = fields.Boolean(compute="_compute_payment_hub_vault_ready")
    payment_hub_connection_count = fields.Integer(
        compute="_compute_payment_hub_connection_count"
    )

    payment_hub_lock_policy = fields.Selection(
        related="company_id.payment_hub_lock_policy", readonly=False, required=True
    )
    payment_hub_reopen_user_id = fields.Many2one(
        related="company_id.payment_hub_reopen_user_id", readonly=False
    )
    payment_hub_overpayment = fields.Selection(
        related="company_id.payment_hub_overpayment", readonly=False, required=True
    )
    payment_hub_underpayment = fields.Selection(
        related="company_id.payment_hub_underpayment", readonly=False, required=True
    )
    payment_hub_bank_tolerance = fields.Float(
        related="company_id.payment_hub_bank_tolerance", readonly=False
    )

    def _compute_payment_hub_vault_ready(self):
        self.payment_hub_vault_ready = vault.is_ready()

    def _compute_payment_hub_connection_count(self):
        connections = self.env["payment.hub.connection"]
        for settings in self:
            settings.payment_hub_connection_count = connections.search_count(
                [("company_id", "=", settings.company_id.id)]
            )
