# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class PaymentHubPulledMixin(models.AbstractModel):
    """What brought several deliveries at once, and what has become of them."""

    _name = "payment.hub.pulled.mixin"
    _description = "Source of Several Deliveries"

    todo_count = fields.Integer(
        string="To Process",
        compute="_compute_outcome",
        help="Deliveries that are stored and not processed yet.",
    )
    open_exception_count = fields.Integer(
        string="Exceptions", compute="_compute_outcome"
    )

    def _deliveries_domain(self):
        """The domain of the deliveries that these records brought."""
        raise NotImplementedError

    def _compute_outcome(self):
        Delivery = self.env["payment.hub.delivery"]
        for record in self:
            record.todo_count = Delivery.search_count(
                [*record._deliveries_domain(), ("state", "in", ("pending", "waiting"))]
            )
            record.open_exception_count = self.env[
                "payment.hub.exception"
            ].search_count(record._open_exceptions_domain())

    def _open_exceptions_domain(self):
        """About the deliveries, or about an event that one of them attests."""
        mine = self._deliveries_domain()
        return [
            ("is_open", "=", True),
            "|",
            "|",
            ("delivery_id", "any", mine),
            ("event_id.attestation_ids.delivery_id", "any", mine),
            ("untreated_event_ids.attestation_ids.delivery_id", "any", mine),
        ]

    def action_open_deliveries(self):
        """Open what these records brought."""
        return self._open_action("delivery", self._deliveries_domain())

    def action_open_exceptions(self):
        """Open what needs attention of what these records brought."""
        return self._open_action("exception", self._open_exceptions_domain())

    def _open_action(self, name, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"payment_hub.payment_hub_{name}_action"
        )
        return action | {"domain": domain, "context": {}}
