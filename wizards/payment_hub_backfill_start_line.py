# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

from ..engine import providers


class PaymentHubBackfillStartLine(models.TransientModel):
    """One of the lists that the provider's API gives."""

    _name = "payment.hub.backfill.start.line"
    _description = "List to Pull"

    start_id = fields.Many2one(
        "payment.hub.backfill.start", required=True, ondelete="cascade"
    )
    stream = fields.Char(required=True)
    is_chosen = fields.Boolean(string="Pull")
    label = fields.Char(string="List", compute="_compute_label")
    limit_text = fields.Char(string="How Far Back", compute="_compute_limit")
    is_beyond_limit = fields.Boolean(compute="_compute_limit")

    def _stream(self):
        code = self.start_id.connection_id.provider
        return providers.get(code).streams.get(self.stream) if code else None

    @api.depends("stream", "start_id.connection_id")
    def _compute_label(self):
        for line in self:
            stream = line._stream()
            line.label = stream.label if stream else line.stream

    @api.depends("stream", "start_id.connection_id", "start_id.since")
    def _compute_limit(self):
        for line in self:
            stream = line._stream()
            days = stream.history_days if stream else 0
            first = fields.Datetime.now() - timedelta(days=days)
            since = line.start_id.since
            line.is_beyond_limit = bool(days and since and since < first)
            if not days:
                line.limit_text = self.env._("No limit")
            elif line.is_beyond_limit:
                line.limit_text = self.env._(
                    "%(days)s days: nothing before %(date)s",
                    days=days,
                    date=format_date(self.env, first.date()),
                )
            else:
                line.limit_text = self.env._("%s days", days)
