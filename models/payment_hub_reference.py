# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class PaymentHubReference(models.Model):
    """An identifier under which somebody knows a payment.

    Search any of them, at the provider or in Odoo, and find the payment.
    """

    _name = "payment.hub.reference"
    _description = "Payment Reference"
    _order = "payment_id, kind, value"
    _rec_name = "value"

    payment_id = fields.Many2one(
        "payment.hub.payment",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    connection_id = fields.Many2one(
        "payment.hub.connection", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    kind = fields.Char(required=True, readonly=True)
    value = fields.Char(required=True, readonly=True)

    _once = models.UniqueIndex("(connection_id, kind, value, payment_id)")
    # A provider's object belongs to one payment.
    _provider_object = models.UniqueIndex(
        "(connection_id, kind, value) WHERE kind IN ('payment', 'charge', 'refund')"
    )

    @api.model
    def _add(self, connection, values):
        """Add references that are not known yet.

        :param values: set of (payment id, kind, value)
        """
        known = self.search_fetch(
            [
                ("connection_id", "=", connection.id),
                ("payment_id", "in", [payment_id for payment_id, *_ in values]),
            ],
            ["payment_id", "kind", "value"],
        )
        values -= {(ref.payment_id.id, ref.kind, ref.value) for ref in known}
        self.create(
            [
                {
                    "connection_id": connection.id,
                    "company_id": connection.company_id.id,
                    "payment_id": payment_id,
                    "kind": kind,
                    "value": value,
                }
                for payment_id, kind, value in sorted(values)
            ]
        )
