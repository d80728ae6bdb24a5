# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..engine import providers
from ..models.payment_hub_secret import SIGNING


class PaymentHubReplacement(models.TransientModel):
    """Replaces a secret while messages go on to arrive.

    The provider may sign with the old secret for some hours after the new one was
    made, so both count for that long. Of a credential of the API the old one ends at
    once, when the provider has taken the new one.
    """

    _name = "payment.hub.replacement"
    _description = "Replace a Secret"
    _inherit = "payment.hub.sealed.mixin"
    _rec_name = "label"

    secret_id = fields.Many2one(
        "payment.hub.secret", required=True, readonly=True, ondelete="cascade"
    )
    label = fields.Char(related="secret_id.label")
    old_hint = fields.Char(related="secret_id.hint", string="Present One Ends With")
    provider = fields.Selection(related="secret_id.connection_id.provider")
    where = fields.Char(string="Where to Find It", compute="_compute_declared")
    is_secret = fields.Boolean(compute="_compute_declared")
    is_signing = fields.Boolean(compute="_compute_declared")
    can_try = fields.Boolean(compute="_compute_declared")
    is_tried = fields.Boolean(
        string="Try It First",
        compute="_compute_is_tried",
        store=True,
        readonly=False,
        help="The old one ends only when the provider has taken the new one. Clear "
        "this when several credentials change together, or it has another purpose "
        "than the one that is tried.",
    )
    overlap_hours = fields.Integer(
        string="Old One Counts For",
        compute="_compute_overlap_hours",
        store=True,
        readonly=False,
        help="Hours in which the provider may still sign with the old secret.",
    )

    @api.depends("secret_id")
    def _compute_declared(self):
        for wizard in self:
            secret = wizard.secret_id
            connection = secret.connection_id
            provider = providers.PROVIDERS.get(connection.provider)
            declared = {item.name: item for item in provider.credentials}
            credential = declared.get(secret.name)
            wizard.where = credential.where if credential else ""
            wizard.is_secret = not credential or credential.is_secret
            wizard.is_signing = secret.name == SIGNING
            wizard.can_try = not wizard.is_signing and connection.can_check

    @api.depends("can_try")
    def _compute_is_tried(self):
        for wizard in self:
            wizard.is_tried = wizard.can_try

    @api.depends("secret_id")
    def _compute_overlap_hours(self):
        for wizard in self:
            wizard.overlap_hours = providers.get(wizard.provider).overlap_hours

    @api.constrains("overlap_hours")
    def _check_overlap_hours(self):
        if any(wizard.overlap_hours < 0 for wizard in self):
            raise ValidationError(self.env._("Enter zero or more hours."))

    def action_replace(self):
        """Put the new one in the place of the old one."""
        self.ensure_one()
        connection = self.secret_id.connection_id
        connection._check_manager()
        if not self._is_sealed():
            raise UserError(self.env._("Enter “%s” first.", self.label))
        connection._replace_secret(
            self.secret_id.name,
            self._decrypt(),
            self.overlap_hours if self.is_signing else 0,
        )
        if self.is_tried:
            connection._check_credentials()
        return {"type": "ir.actions.act_window_close"}
