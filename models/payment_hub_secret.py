# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

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

    # === what becomes of it is told in the connection's chatter, never the value ===

    @api.model_create_multi
    def create(self, vals_list):
        if not all((vals.get("value") or "").strip() for vals in vals_list):
            raise UserError(self.env._("Enter the secret."))
        secrets = super().create(vals_list)
        for secret in secrets:
            secret._tell(self.env._("Entered: %s", secret._title()))
        return secrets

    def write(self, vals):
        before = {secret: (secret.active, secret.valid_until) for secret in self}
        result = super().write(vals)
        for secret, (was_active, end) in before.items():
            title = secret._title()
            if vals.get("value"):
                secret._tell(self.env._("Entered anew: %s", title))
            if secret.active != was_active:
                secret._tell(
                    self.env._("Activated: %s", title)
                    if secret.active
                    else self.env._("Deactivated: %s", title)
                )
            if secret.valid_until != end:
                secret._tell(secret._end_text(title))
        return result

    def unlink(self):
        for secret in self:
            secret._tell(self.env._("Deleted: %s", secret._title()))
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        """What a delivery was verified with belongs to its evidence."""
        for secret in self:
            if secret._has_verified():
                raise UserError(
                    self.env._(
                        "Deliveries were verified with %s, which is part of their "
                        "evidence. Deactivate it instead.",
                        secret._title(),
                    )
                )

    def _has_verified(self):
        """Whether a delivery was verified with it. No foreign key would tell."""
        mine = [
            ("connection_id", "=", self.connection_id.id),  # for the index
            ("secret_id", "=", self.id),
        ]
        return bool(self.env["payment.hub.delivery"].sudo().search_count(mine, limit=1))

    def _title(self):
        """A name for everybody, also for those who may not see how it ends."""
        return self.env._("%(label)s (no. %(id)s)", label=self.label, id=self.id)

    def _end_text(self, title):
        if not self.valid_until:
            return self.env._("Has no end any more: %s", title)
        end = format_datetime(self.env, self.valid_until, "UTC", "long")
        return self.env._("Ends on %(end)s: %(secret)s", end=end, secret=title)

    def _tell(self, body):
        self.connection_id._message_log(body=body)
