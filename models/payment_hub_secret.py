# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import providers

SIGNING = "signing_secret"


class PaymentHubSecret(models.Model):
    """A credential that a provider shares with one connection, encrypted at rest.

    Several signing secrets can be active at once: while the provider rolls a secret,
    messages signed with the old and with the new one arrive side by side. Of the
    credentials of the API the newest counts.
    """

    _name = "payment.hub.secret"
    _inherit = ["payment.hub.sealed.mixin", "payment.hub.token.mixin"]
    _description = "Provider Secret"
    _order = "id desc"

    connection_id = fields.Many2one(
        "payment.hub.connection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="connection_id.company_id")
    name = fields.Char(
        string="Credential",
        required=True,
        default=SIGNING,
        help="As the provider's part of the hub calls it.",
    )
    label = fields.Char(string="What It Is", compute="_compute_label")
    active = fields.Boolean(default=True)
    valid_until = fields.Datetime(
        help="After this moment messages signed with this secret are refused. "
        "Empty: no end. Set it on the old secret while the provider rolls it."
    )

    @api.depends("name", "connection_id.provider")
    def _compute_label(self):
        for secret in self:
            provider = providers.PROVIDERS.get(secret.connection_id.provider)
            declared = provider.credentials if provider else ()
            labels = {credential.name: credential.label for credential in declared}
            secret.label = labels.get(secret.name, secret.name)

    @api.model_create_multi
    def create(self, vals_list):
        if not all((vals.get("value") or "").strip() for vals in vals_list):
            raise UserError(self.env._("Enter the secret."))
        return super().create(vals_list)
