# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.orm.models import NO_ACCESS

from . import vault

# What dashboards and examples show in place of the real thing.
MASKS = ("…", "...", "•", "***", "xxxx")
LONG = 12  # characters; of less, the last four would tell too much


class PaymentHubSealedMixin(models.AbstractModel):
    """A value that goes in, is encrypted at once, and is never shown again."""

    _name = "payment.hub.sealed.mixin"
    _description = "Sealed Value"

    value = fields.Char(
        string="Secret",
        compute="_compute_value",
        inverse="_inverse_value",
        copy=False,
        exportable=False,
        help="Written once; it can be replaced or deleted, but never shown again.",
    )
    ciphertext = fields.Char(copy=False, exportable=False, groups=NO_ACCESS)
    hint = fields.Char(string="Ends With", readonly=True, copy=False)

    def _compute_value(self):
        self.value = False

    def _inverse_value(self):
        for record in self:
            value = self._clean(record.value or "")
            if not value:
                continue
            try:
                ciphertext = vault.encrypt(value)
            except vault.VaultError as error:
                raise UserError(str(error)) from error
            hint = value[-4:] if len(value) >= LONG else False
            record.sudo().write({"ciphertext": ciphertext, "hint": hint})
        self.invalidate_recordset(["value"])

    @api.model
    def _clean(self, value):
        """Return the value as the provider means it. Raises UserError for a mask."""
        value = value.strip()
        if value.isprintable() and not any(mask in value for mask in MASKS):
            return value
        raise UserError(
            self.env._(
                "This is not the value itself: it has dots or stars in place of "
                "letters, line breaks or invisible characters. Let the provider's "
                "dashboard reveal the value, and copy it once more."
            )
        )

    def _is_sealed(self):
        """Whether there is a value."""
        self.ensure_one()
        return bool(self.sudo().ciphertext)

    def _forget_value(self):
        self.sudo().write({"ciphertext": False, "hint": False})

    def _decrypt(self):
        """Return the value as str. Only to use it; never for a view or a log."""
        self.ensure_one()
        return vault.decrypt(self.sudo().ciphertext)
