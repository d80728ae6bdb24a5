# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class PaymentHubAttestation(models.Model):
    """One source's word for an event: this delivery says so, with amount and time."""

    _name = "payment.hub.attestation"
    _inherit = "payment.hub.money.mixin"
    _description = "Attestation"
    _order = "id"

    event_id = fields.Many2one(
        "payment.hub.event", required=True, readonly=True, ondelete="restrict"
    )
    delivery_id = fields.Many2one(
        "payment.hub.delivery",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    connection_id = fields.Many2one(related="event_id.connection_id")
    company_id = fields.Many2one(related="event_id.company_id", store=True)
    source = fields.Selection(
        [
            ("webhook", "Webhook"),
            ("api", "Provider's API"),
            ("report", "Settlement Report"),
            ("bank", "Bank Statement"),
        ],
        required=True,
        readonly=True,
    )
    provider_code = fields.Char(string="Provider's Code", readonly=True)
    occurred_at = fields.Datetime(string="Occurred", required=True, readonly=True)
    agrees = fields.Boolean(
        readonly=True, help="Whether it gives the same amount and currency."
    )
    _once = models.UniqueIndex("(event_id, delivery_id)")
