# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    payment_hub_lock_policy = fields.Selection(
        [
            ("block", "Ask a person"),
            ("request_reopen", "Ask to reopen it"),
            ("next_open_day", "Post on the first open day"),
        ],
        string="Events of a Locked Period",
        required=True,
        default="block",
    )
    payment_hub_reopen_user_id = fields.Many2one(
        "res.users",
        string="Reopens Periods",
        domain="[('share', '=', False)]",
        help="Gets an activity for each exception about a locked period.",
    )
    payment_hub_overpayment = fields.Selection(
        [
            ("exception", "Ask a person"),
            ("credit", "Leave the rest as a credit"),
        ],
        string="Payments above the Invoice",
        required=True,
        default="exception",
    )
    payment_hub_underpayment = fields.Selection(
        [
            ("partial", "Pay a part of the invoice"),
            ("exception", "Ask a person"),
        ],
        string="Payments below the Invoice",
        required=True,
        default="partial",
    )
    payment_hub_bank_tolerance = fields.Float(
        string="Tolerance of Bank Rates",
        digits=(5, 2),
        default=5.0,
        help="Percentage by which a bank that converts a payout may credit more or "
        "less than it was booked with, before an exception tells.",
    )

    @api.constrains("payment_hub_bank_tolerance")
    def _check_payment_hub_bank_tolerance(self):
        if any(company.payment_hub_bank_tolerance < 0 for company in self):
            raise ValidationError(
                self.env._(
                    "The tolerance of bank rates cannot be below zero. Enter 0 to be "
                    "told of every difference."
                )
            )
