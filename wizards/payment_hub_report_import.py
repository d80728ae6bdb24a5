# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import providers
from ..engine.errors import EngineError
from ..engine.providers.base import Capability


class PaymentHubReportImport(models.TransientModel):
    """Bring settlement reports that were downloaded from the provider by hand."""

    _name = "payment.hub.report.import"
    _description = "Import Settlement Reports"

    connection_id = fields.Many2one(
        "payment.hub.connection",
        required=True,
        domain=lambda self: [
            ("provider", "in", self._able_providers()),
            ("state", "!=", "draft"),
        ],
    )
    kind = fields.Selection(
        lambda self: [
            (f"{code}.{name}", report.label)
            for code, provider in providers.PROVIDERS.items()
            for name, report in provider.reports.items()
        ],
        string="Report",
        required=True,
        compute="_compute_kind",
        precompute=True,
        store=True,
        readonly=False,
    )
    available_kinds = fields.Json(compute="_compute_available_kinds")
    where = fields.Char(string="Where to Find It", compute="_compute_where")
    file_ids = fields.Many2many("ir.attachment", string="Files")

    @api.model
    def _able_providers(self):
        return [
            code
            for code, provider in providers.PROVIDERS.items()
            if Capability.REPORTS in provider.capabilities
        ]

    @api.depends("connection_id")
    def _compute_available_kinds(self):
        for wizard in self:
            code = wizard.connection_id.provider
            reports = providers.get(code).reports if code else ()
            wizard.available_kinds = [f"{code}.{name}" for name in reports]

    @api.depends("available_kinds")
    def _compute_kind(self):
        for wizard in self:
            kinds = wizard.available_kinds or [False]
            if wizard.kind not in kinds:
                wizard.kind = kinds[0]

    @api.depends("kind")
    def _compute_where(self):
        for wizard in self:
            code, _dot, name = (wizard.kind or "").partition(".")
            wizard.where = providers.get(code).reports[name].where if name else False

    def action_import(self):
        """Import the files, all or none; tell of those that were here already."""
        self.ensure_one()
        self.connection_id.check_access("read")
        self.env["payment.hub.exception"]._check_operator()
        if self.connection_id.state == "draft":
            raise UserError(self.env._("Activate the connection first."))
        if self.kind not in (self.available_kinds or ()):
            raise UserError(self.env._("Choose a report of this provider."))
        if not self.file_ids:
            raise UserError(self.env._("Upload at least one file."))
        reports = self.env["payment.hub.report"]
        known = reports
        for file in self.file_ids:
            report, is_new = self._import(file)
            reports |= report
            if not is_new:
                known |= report
        # The reports keep them.
        self.file_ids.filtered(lambda file: file.res_model == self._name).unlink()
        return self._notification(known, self._open(reports))

    def _import(self, file):
        _code, _dot, name = self.kind.partition(".")
        try:
            return (
                self.env["payment.hub.report"]
                .sudo()
                ._import(self.connection_id, name, file.name, file.raw or b"")
            )
        except EngineError as error:
            raise UserError(
                self.env._(
                    "%(file)s was not imported: %(error)s\nNothing of it is kept. "
                    "Download it anew, or choose another report.",
                    file=file.name,
                    error=error,
                )
            ) from error

    def _open(self, reports):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "payment_hub.payment_hub_report_action"
        )
        if len(reports) == 1:
            return action | {"views": [(False, "form")], "res_id": reports.id}
        return action | {"domain": [("id", "in", reports.ids)]}

    def _notification(self, known, following):
        if not known:
            return following
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": self.env._(
                    "Imported before, and left as it is: %s",
                    ", ".join(known.mapped("name")),
                ),
                "next": following,
            },
        }
