# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .payment_hub_ledger_setup_line import PURPOSES


class PaymentHubLedgerSetup(models.TransientModel):
    """Proposes accounts and rows for a company; makes only what is missing."""

    _name = "payment.hub.ledger.setup"
    _description = "Set Up Accounts and Rules"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        domain="[('id', 'in', allowed_company_ids)]",
    )
    has_chart = fields.Boolean(compute="_compute_has_chart")
    is_complete = fields.Boolean(compute="_compute_is_complete")
    line_ids = fields.One2many(
        "payment.hub.ledger.setup.line",
        "setup_id",
        string="Accounts",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("company_id")
    def _compute_has_chart(self):
        Account = self.env["account.account"].sudo()
        for setup in self:
            domain = Account._check_company_domain(setup.company_id)
            setup.has_chart = bool(Account.search_count(domain, limit=1))

    @api.depends("line_ids.missing", "line_ids.is_wanted")
    def _compute_is_complete(self):
        for setup in self:
            wanted = setup.line_ids.filtered("is_wanted")
            setup.is_complete = not any(wanted.mapped("missing"))

    @api.depends("company_id")
    def _compute_line_ids(self):
        Line = self.env["payment.hub.ledger.setup.line"]
        for setup in self:
            taken = set()
            proposals = [
                Line._propose(setup.company_id, purpose, taken)
                for purpose in (PURPOSES if setup.has_chart else ())
            ]
            setup.line_ids = [
                fields.Command.clear(),
                *map(fields.Command.create, proposals),
            ]

    def action_apply(self):
        """Make the missing accounts and rows, and show all rows of the company."""
        self.ensure_one()
        if not self.env["payment.hub.mapping"].has_access("create"):
            raise AccessError(
                self.env._("Only a Payment Hub manager may set up accounts and rules.")
            )
        if self.company_id not in self.env.companies:
            raise AccessError(
                self.env._("Switch to %s first.", self.company_id.display_name)
            )
        if not self.has_chart:
            raise UserError(
                self.env._(
                    "%s has no chart of accounts. Choose one in the settings of "
                    "Accounting (Fiscal Localization), then start again.",
                    self.company_id.display_name,
                )
            )
        for line in self.line_ids.filtered("is_wanted"):
            line._apply()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "payment_hub.payment_hub_mapping_action"
        )
        return action | {
            "target": "main",
            "domain": [("company_id", "=", self.company_id.id)],
        }
