# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

KINDS = [
    ("capture", "Capture"),
    ("refund", "Refund"),
    ("refund_failure", "Failed Refund"),
    ("charge_reversal", "Charge Reversal"),
]


class PaymentHubPosting(models.Model):
    """The ledger effect of one event.

    The unique posting key makes a second attempt, by whatever road, impossible.
    """

    _name = "payment.hub.posting"
    _inherit = "payment.hub.money.mixin"
    _description = "Posting"
    _order = "date desc, id desc"
    _rec_name = "posting_key"

    connection_id = fields.Many2one(
        "payment.hub.connection", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, index=True
    )
    posting_key = fields.Char(required=True, readonly=True)
    kind = fields.Selection(KINDS, required=True, readonly=True)
    payment_id = fields.Many2one(
        "payment.hub.payment",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    event_id = fields.Many2one(
        "payment.hub.event",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    date = fields.Date(
        string="Accounting Date",
        required=True,
        readonly=True,
        help="Day of the event in the connection's time zone.",
    )
    account_payment_id = fields.Many2one(
        "account.payment",
        string="Journal Payment",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    move_id = fields.Many2one(
        "account.move",
        string="Journal Entry",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    document_id = fields.Many2one(
        "account.move",
        string="Reconciled With",
        readonly=True,
        index=True,
        help="The invoice or credit note that this posting was reconciled with.",
    )

    _posting_key_unique = models.UniqueIndex("(connection_id, posting_key)")
    _one_move_each = models.UniqueIndex("(account_payment_id)")

    @property
    def receivable_line(self):
        """The customer's line of the entry."""
        return receivable_lines(self.move_id)


def receivable_lines(move):
    """The receivable lines of an invoice, a credit note or a customer payment."""
    return move.line_ids.filtered(
        lambda line: line.account_id.account_type == "asset_receivable"
    )
