# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class PaymentHubPreviewDialog(models.TransientModel):
    """Shows what an event, or the events of a row of the mapping, would post.

    It is only looked at: no row of it is ever stored.
    """

    _name = "payment.hub.preview.dialog"
    _description = "Preview of Postings"

    event_id = fields.Many2one("payment.hub.event", readonly=True)
    mapping_id = fields.Many2one("payment.hub.mapping", readonly=True)
    content = fields.Html(compute="_compute_content", sanitize=False)

    @api.model
    def _open(self, name, **shown):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": self._name,
            "view_mode": "form",
            "target": "new",
            "context": {f"default_{field}": value for field, value in shown.items()},
        }

    @api.depends("event_id", "mapping_id")
    def _compute_content(self):
        for dialog in self:
            if row := dialog.mapping_id:
                dialog.content = self._render_row(row)
            else:
                shown = self.env["payment.hub.preview"]._preview(dialog.event_id)
                dialog.content = self._render("event", {"shown": shown})

    @api.model
    def _render(self, name, values):
        return self.env["ir.qweb"]._render(f"payment_hub.preview_{name}", values)

    @api.model
    def _render_row(self, row):
        row.check_access("read")
        events, looked_at = row._latest_events()
        previews = [self.env["payment.hub.preview"]._preview(event) for event in events]
        return self._render(
            "row", {"row": row, "previews": previews, "looked_at": looked_at}
        )
