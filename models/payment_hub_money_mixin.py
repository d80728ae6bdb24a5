# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from .columns import BigInt
from .money import amount_to_float


class PaymentHubMoneyMixin(models.AbstractModel):
    """An amount in integer minor units, shown in major units."""

    _name = "payment.hub.money.mixin"
    _description = "Amount in Minor Units"

    amount_minor = BigInt(string="Amount (Minor Units)", readonly=True)
    currency = fields.Char(string="Currency Code", size=3, readonly=True)
    exponent = fields.Integer(
        readonly=True, help="Decimals of the minor unit at this provider."
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    amount = fields.Monetary(compute="_compute_amount", currency_field="currency_id")

    @api.depends("currency")
    def _compute_currency_id(self):
        by_code = self._currencies("currency")
        for record in self:
            record.currency_id = by_code.get(record.currency)

    def _currencies(self, name):
        """Return {code: currency} of the codes in the field of that name."""
        codes = set(self.mapped(name)) - {False}
        found = self.env["res.currency"].with_context(active_test=False)
        return {one.name: one for one in found.search([("name", "in", list(codes))])}

    @api.depends("amount_minor", "exponent")
    def _compute_amount(self):
        for record in self:
            record.amount = amount_to_float(record.amount_minor, record.exponent)
