# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    payment_hub_payment_ids = fields.One2many(
        "payment.hub.payment",
        "invoice_id",
        string="Provider Payments",
        groups="payment_hub.group_user",
    )
    payment_hub_payment_count = fields.Integer(
        compute="_compute_payment_hub_payment_count",
        groups="payment_hub.group_user",
    )

    @api.depends("payment_hub_payment_ids")
    def _compute_payment_hub_payment_count(self):
        for move in self:
            move.payment_hub_payment_count = len(move.payment_hub_payment_ids)

    def action_open_payment_hub_payments(self):
        """Open the provider payments of this invoice."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "payment_hub.payment_hub_payment_action"
        )
        if self.payment_hub_payment_count == 1:
            action["views"] = [(False, "form")]
            action["res_id"] = self.payment_hub_payment_ids.id
        action["domain"] = [("id", "in", self.payment_hub_payment_ids.ids)]
        return action
