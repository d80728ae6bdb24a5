# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from .grouped_lines import fingerprint


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    payment_hub_posting_ids = fields.Many2many(
        "payment.hub.posting",
        "payment_hub_posting_line_rel",
        "line_id",
        "posting_id",
        string="Postings of the Line",
        readonly=True,
        copy=False,
        groups="payment_hub.group_user",
        help="Of an entry of many: what was brought together here.",
    )
    payment_hub_hash = fields.Char(
        string="Hash of the Postings",
        readonly=True,
        copy=False,
        groups="payment_hub.group_user",
        help="SHA-256 of their keys and contents, and of the line's account and "
        "amounts, when they were booked.",
    )

    def _payment_hub_is_true(self):
        """Whether account, amounts and postings are those of the booking."""
        self.ensure_one()
        now = fingerprint(
            self.sudo().payment_hub_posting_ids,
            self.account_id.id,
            (self.amount_currency, self.currency_id),
            (self.balance, self.company_currency_id),
        )
        return now == self.sudo().payment_hub_hash

    def action_open_payment_hub_postings(self):
        """Open the postings that were brought together in the line."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "payment_hub.payment_hub_posting_action"
        )
        postings = self.payment_hub_posting_ids
        return action | {
            "name": self.env._("Postings: %s", self.name),
            "domain": [("id", "in", postings.ids)],
            "context": {"payment_hub_of_line": True},
        }
