# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import hashlib

from odoo import api, fields, models

from ..engine import providers
from ..engine.providers.bodies import unpacked
from .evidence import protect_evidence

EVIDENCE = ("connection_id", "kind", "name", "size", "sha256")


class PaymentHubReport(models.Model):
    """A settlement report as the provider wrote it, whoever brought it.

    The file is evidence; its parts are deliveries, small enough to be processed each
    in a batch. A part that an overlapping file brought before is not stored again.
    """

    _name = "payment.hub.report"
    _inherit = "payment.hub.pulled.mixin"
    _description = "Settlement Report"
    _order = "id desc"

    connection_id = fields.Many2one(
        "payment.hub.connection", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, index=True
    )
    kind = fields.Char(
        required=True, readonly=True, help="As the provider's part of the hub calls it."
    )
    kind_label = fields.Char(string="Report", compute="_compute_kind_label")
    name = fields.Char(string="File Name", required=True, readonly=True)
    file = fields.Binary(
        required=True,
        readonly=True,
        groups="payment_hub.group_operator,payment_hub.group_auditor",
        help="Byte for byte as it was brought.",
    )
    size = fields.Integer(string="Bytes", readonly=True)
    sha256 = fields.Char(string="SHA-256 of the File", required=True, readonly=True)
    part_count = fields.Integer(string="Parts", readonly=True)
    known_count = fields.Integer(
        string="Known Parts",
        readonly=True,
        help="Stored before, byte for byte: another report overlaps with this one.",
    )
    delivery_ids = fields.Many2many(
        "payment.hub.delivery",
        "payment_hub_report_delivery_rel",
        "report_id",
        "delivery_id",
        readonly=True,
    )
    state = fields.Selection(
        [
            ("processing", "Processing"),
            ("exception", "Needs Attention"),
            ("done", "Done"),
        ],
        compute="_compute_state",
    )

    _once = models.UniqueIndex(
        "(connection_id, kind, sha256)", "This file was imported already."
    )

    def init(self):
        protect_evidence(self.env.cr, self._table, EVIDENCE)

    @api.depends("connection_id", "kind")
    def _compute_kind_label(self):
        for report in self:
            reports = providers.get(report.connection_id.provider).reports
            known = reports.get(report.kind)
            report.kind_label = known.label if known else report.kind

    def _deliveries_domain(self):
        return [("report_ids", "in", self.ids)]

    @api.depends("todo_count", "open_exception_count")
    def _compute_state(self):
        for report in self:
            if report.open_exception_count:
                report.state = "exception"
            else:
                report.state = "processing" if report.todo_count else "done"

    @api.model
    def _import(self, connection, kind, name, body):
        """Keep a report and store its parts, unless the same file is here already.

        :param kind: a name of the provider's ``reports``
        :param bytes body: the file, perhaps gzipped
        :return: the report, and whether it is new
        :raises MalformedMessage: for what is no such report
        """
        digest = hashlib.sha256(body).hexdigest()
        known = self.search(
            [
                ("connection_id", "=", connection.id),
                ("kind", "=", kind),
                ("sha256", "=", digest),
            ]
        )
        if known:
            return known, False
        Delivery = self.env["payment.hub.delivery"]
        parts = providers.get(connection.provider).reports[kind].split(unpacked(body))
        stored = [
            Delivery._store_pulled(connection, "report", kind, part) for part in parts
        ]
        report = self.create(
            {
                "connection_id": connection.id,
                "kind": kind,
                "name": name,
                "file": base64.b64encode(body),
                "size": len(body),
                "sha256": digest,
                "part_count": len(stored),
                "known_count": sum(not is_new for _delivery, is_new in stored),
                "delivery_ids": [
                    fields.Command.link(delivery.id) for delivery, _is_new in stored
                ],
            }
        )
        return report, True
