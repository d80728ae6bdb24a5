# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import providers
from ..engine.providers.base import Capability


class PaymentHubBackfillStart(models.TransientModel):
    """Choose what to pull from the provider's API, and for what time."""

    _name = "payment.hub.backfill.start"
    _description = "Start Backfills"

    connection_id = fields.Many2one(
        "payment.hub.connection",
        required=True,
        domain=lambda self: [
            ("provider", "in", self._able_providers()),
            ("state", "!=", "draft"),
        ],
    )
    since = fields.Datetime(required=True, help="Nothing older is asked for.")
    until = fields.Datetime(
        required=True,
        default=fields.Datetime.now,
        help="Nothing from this moment on is asked for.",
    )
    line_ids = fields.One2many(
        "payment.hub.backfill.start.line",
        "start_id",
        string="Lists",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.model
    def _able_providers(self):
        return [
            code
            for code, provider in providers.PROVIDERS.items()
            if Capability.BACKFILL in provider.capabilities
        ]

    @api.depends("connection_id")
    def _compute_line_ids(self):
        for start in self:
            code = start.connection_id.provider
            streams = providers.get(code).streams if code else {}
            start.line_ids = [
                fields.Command.clear(),
                *(
                    fields.Command.create({"stream": name, "is_chosen": True})
                    for name, stream in streams.items()
                    if stream.is_pulled
                ),
            ]

    def action_start(self):
        """Start a backfill for each chosen list, and show them."""
        self.ensure_one()
        self.connection_id.check_access("read")
        self.env["payment.hub.exception"]._check_operator()
        if self.connection_id.state == "draft":
            raise UserError(self.env._("Activate the connection first."))
        streams = self.line_ids.filtered("is_chosen").mapped("stream")
        if not streams:
            raise UserError(self.env._("Choose at least one list."))
        backfills = (
            self.env["payment.hub.backfill"]
            .sudo()
            ._start(self.connection_id, streams, self.since, self.until)
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "payment_hub.payment_hub_backfill_action"
        )
        if len(backfills) == 1:
            action |= {"views": [(False, "form")], "res_id": backfills.id}
        else:
            action["domain"] = [("connection_id", "=", self.connection_id.id)]
        return action
