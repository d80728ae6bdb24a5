# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import effects
from .columns import BigInt
from .grouped_lines import GRANULARITIES
from .mapping_treatments import FEE_KINDS, OWED_AGAIN
from .money import amount_to_float
from .payment_hub_entry import RETURNING, receivable_lines

LABELS = {
    "capture": "Capture",
    "charge_reversal": "Charge Reversal",
    "refund": "Refund",
    "refund_failure": "Failed Refund",
    "dispute_withdrawal": "Disputed Money Taken",
    "dispute_reinstatement": "Disputed Money Given Back",
    "dispute_loss": "Dispute Lost",
    "fee": "Fee",
    "fee_refund": "Fee Given Back",
    "tax": "Tax",
    "payout": "Payout",
    "payout_return": "Payout Returned",
    "reserve": "Reserve",
    "topup": "Top-Up",
    "conversion": "Currency Conversion",
    "transfer": "Transfer",
    "application_fee": "Application Fee",
    "platform_share": "Share of the Platform",
    "platform_share_return": "Share of the Platform Given Back",
    "advance": "Advance",
    "adjustment": "Adjustment",
    "deposit_application": "Deposit Applied",
}
KINDS = [(kind, LABELS[kind]) for kind in (*effects.KINDS, "deposit_application")]


class PaymentHubPosting(models.Model):
    """The ledger effect of one event: what was decided, and where it is booked.

    The unique posting key makes a second attempt, by whatever road, impossible. What
    turns out to be wrong is reversed, and posted anew.
    """

    _name = "payment.hub.posting"
    _inherit = ["payment.hub.money.mixin", "payment.hub.waiting.mixin"]
    _description = "Posting"
    _order = "date desc, id desc"
    _rec_name = "posting_key"

    connection_id = fields.Many2one(
        "payment.hub.connection", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, index=True
    )
    entity_company_id = fields.Many2one(
        "res.company",
        string="Booked in",
        readonly=True,
        ondelete="restrict",
        help="The connection's company, or one of its branches.",
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id")
    posting_key = fields.Char(required=True, readonly=True)
    parent_key = fields.Char(readonly=True, help="Of the posting that this one undoes.")
    kind = fields.Selection(KINDS, required=True, readonly=True)
    fee_kind = fields.Selection(
        FEE_KINDS,
        readonly=True,
        help="A fee of several kinds has a posting for each.",
    )
    digest = fields.Char(
        readonly=True, help="What the facts said; when they say more, it is corrected."
    )
    payment_id = fields.Many2one(
        "payment.hub.payment", readonly=True, index=True, ondelete="restrict"
    )
    event_id = fields.Many2one(
        "payment.hub.event",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    mapping_version_id = fields.Many2one(
        "payment.hub.mapping.version",
        string="Decided by",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    entity_version_id = fields.Many2one(
        "payment.hub.entity.version",
        string="Entity",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The version of the row that said whose business it is: company, journal "
        "and analytic accounts, where the account mapping names none. Empty: the "
        "connection's company.",
    )
    decided_by = fields.Char(
        compute="_compute_decided_by",
        help="The version of the row of the mapping; built in, where none is needed.",
    )
    treatment = fields.Char(readonly=True)
    date = fields.Date(string="Accounting Date", required=True, readonly=True)
    due_date = fields.Date(
        string="Date of the Event",
        readonly=True,
        help="In the calendar that the rule names, whatever is locked.",
    )
    is_late = fields.Boolean(
        string="Posted Late",
        readonly=True,
        help="Its date was locked, and the company lets such entries move on.",
    )
    granularity = fields.Selection(
        GRANULARITIES,
        string="Entry for Each",
        required=True,
        readonly=True,
        default="event",
    )
    batch = fields.Char(
        string="Settlement",
        compute="_compute_batch",
        store=True,
        help="The provider's settlement or payout that it belongs to.",
    )
    moved_minor = BigInt(
        string="Provider's Balance (Minor Units)",
        readonly=True,
        help="What the provider's balance felt: positive when it grew.",
    )
    moved_currency = fields.Char(size=3, readonly=True)
    moved_exponent = fields.Integer(readonly=True)
    moved_currency_id = fields.Many2one(
        "res.currency", compute="_compute_moved", string="Balance's Currency"
    )
    moved = fields.Monetary(
        string="In the Provider's Balance",
        compute="_compute_moved",
        currency_field="moved_currency_id",
    )
    is_on_balance = fields.Boolean(
        readonly=True, help="Whether the provider's balance moved."
    )
    balance_id = fields.Many2one("payment.hub.balance", compute="_compute_balance_id")
    journal_id = fields.Many2one("account.journal", readonly=True, ondelete="restrict")
    value = fields.Monetary(
        readonly=True,
        currency_field="company_currency_id",
        help="Of what moved, in the company's currency.",
    )
    near_account_id = fields.Many2one(
        "account.account", string="Account", readonly=True, ondelete="restrict"
    )
    far_account_id = fields.Many2one(
        "account.account", string="Counter Account", readonly=True, ondelete="restrict"
    )
    partner_id = fields.Many2one("res.partner", readonly=True, ondelete="restrict")
    tax_ids = fields.Many2many(
        "account.tax",
        readonly=True,
        ondelete="restrict",
        # What comes back has the taxes that went, whatever became of them.
        context={"active_test": False},
    )
    told_taxes = fields.Json(
        readonly=True,
        help="As they went into the entry of many: what is taken back is the same.",
    )
    analytic_distribution = fields.Json(readonly=True)
    discount_lines = fields.Json(
        readonly=True,
        help="Journal items of the discount that the customer got for paying early.",
    )
    account_payment_id = fields.Many2one(
        "account.payment", string="Journal Payment", readonly=True, ondelete="restrict"
    )
    is_adopted = fields.Boolean(
        string="Booked by Odoo's Provider",
        readonly=True,
        default=False,
        help="The journal payment is Odoo's own; the entry only brings its money to "
        "the clearing account.",
    )
    move_id = fields.Many2one(
        "account.move",
        string="Journal Entry",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    near_line_id = fields.Many2one(
        "account.move.line", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    far_line_id = fields.Many2one(
        "account.move.line", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    document_id = fields.Many2one(
        "account.move",
        string="Invoice",
        readonly=True,
        index=True,
        help="The invoice or credit note that it settles, or belongs to.",
    )
    is_unapplied = fields.Boolean(
        string="Waits for an Invoice",
        readonly=True,
        help="Booked as a deposit, because no invoice was found that it fits.",
    )
    is_doubted = fields.Boolean(
        readonly=True, help="A person wants it reversed, and posted anew."
    )
    is_reversed = fields.Boolean(readonly=True, default=False)
    reversal_move_id = fields.Many2one(
        "account.move", string="Reversal", readonly=True, ondelete="restrict"
    )

    _posting_key_unique = models.UniqueIndex(
        "(connection_id, posting_key) WHERE is_reversed IS NOT TRUE"
    )
    _unapplied = models.Index("(company_id) WHERE is_unapplied")
    _batch = models.Index("(connection_id, batch) WHERE batch IS NOT NULL")
    _waiting = models.Index(
        "(connection_id, granularity, due_date) WHERE move_id IS NULL"
    )
    _children = models.Index("(connection_id, parent_key) WHERE parent_key IS NOT NULL")
    _leaving = models.Index(
        "(connection_id, date) WHERE kind IN ('payout', 'conversion', 'reserve')"
    )
    _late = models.Index("(entity_company_id, due_date) WHERE is_late IS TRUE")
    _one_move_each = models.UniqueIndex(
        "(account_payment_id) WHERE is_reversed IS NOT TRUE"
    )

    @api.depends("event_id.batch", "kind")
    def _compute_batch(self):
        for posting in self:
            event = posting.event_id
            is_payout = posting.kind == "payout"
            posting.batch = event.batch or (is_payout and event.object_id)

    @api.depends("moved_minor", "moved_currency", "moved_exponent")
    def _compute_moved(self):
        by_code = self._currencies("moved_currency")
        for posting in self:
            posting.moved_currency_id = by_code.get(posting.moved_currency)
            posting.moved = amount_to_float(posting.moved_minor, posting.moved_exponent)

    @api.depends("mapping_version_id")
    def _compute_decided_by(self):
        for posting in self:
            version = posting.mapping_version_id
            posting.decided_by = version.display_name or self.env._("Built In")

    def action_post_again(self):
        """Reverse the entries, and post anew by the rules of now.

        What undoes them goes with them.
        """
        self.connection_id._check_manager()
        live = self.filtered(lambda posting: not posting.is_reversed)
        if not live:
            raise UserError(self.env._("These postings are reversed already."))
        deliveries = live.event_id.attestation_ids.delivery_id
        live.sudo().is_doubted = True
        self.env["payment.hub.lane"]._process_now(deliveries)
        left = live.filtered(lambda posting: not posting.is_reversed)
        if left:
            raise UserError(
                self.env._(
                    "%(posting)s could not be reversed: %(why)s",
                    posting=left[0].posting_key,
                    why=left[0]._obstacle(),
                )
            )

    def _compute_balance_id(self):
        for posting in self:
            posting.balance_id = posting.connection_id.balance_ids.filtered(
                lambda one, posting=posting: one.currency == posting.moved_currency
            )

    @api.model
    def _booked_for(self, transaction):
        """The posting with which the hub has booked Odoo's payment.transaction."""
        name = transaction.provider_reference
        if not name:
            return self.browse()
        of_refund = transaction.operation == "refund"
        siblings = transaction.source_transaction_id.child_transaction_ids - transaction
        domain = [
            ("company_id", "=", transaction.company_id.id),
            ("kind", "=", "refund" if of_refund else "capture"),
            ("is_reversed", "=", False),
            # Parts of one payment may have one identifier.
            ("account_payment_id", "not in", siblings.payment_id.ids),
            ("event_id.object_id", "=", name)
            if of_refund
            else ("payment_id.reference_ids.value", "=", name),
        ]
        return self.sudo().search(domain, order="id", limit=1)

    @property
    def taxes(self):
        """As on an entry that is not booked yet."""
        return self.tax_ids

    @property
    def payment(self):
        """As on an entry that is not booked yet."""
        return self.payment_id

    @property
    def partner(self):
        """As on an entry that is not booked yet."""
        return self.partner_id

    @property
    def analytic(self):
        """As on an entry that is not booked yet."""
        return self.analytic_distribution

    def _is_taken(self):
        """Whether its entry is the one of Odoo's own payment."""
        odoo_s = self.account_payment_id.move_id
        return self.is_adopted and self.move_id == odoo_s

    @property
    def customer_line(self):
        """The line on the customer's account, of whoever has booked it."""
        if self.is_adopted:
            return receivable_lines(self.account_payment_id.move_id)
        return self.far_line_id

    @property
    def is_open_return(self):
        """Whether the customer got back more than stood on their account."""
        is_return = self.kind in RETURNING or self.treatment == OWED_AGAIN
        is_noted = self.document_id.move_type == "out_refund"
        is_booked = self.move_id and not self.is_reversed
        is_open = is_booked and not self.far_line_id.reconciled
        return is_return and is_open and self.is_customer and not is_noted

    @property
    def label(self):
        """What is written on its lines."""
        kind = f" ({self.fee_kind})" if self.fee_kind else ""
        return f"{self.event_id.type} {self.event_id.object_id}{kind}"

    @property
    def kind_label(self):
        """Its kind, in the words of the user."""
        return dict(self._fields["kind"]._description_selection(self.env))[self.kind]

    @property
    def is_payment(self):
        """Whether Odoo's own payment stands for it."""
        is_own_journal = self.journal_id == self.connection_id.journal_id
        is_alone = self.granularity == "event"
        return self.is_customer and self.is_on_balance and is_own_journal and is_alone

    @property
    def far_amount(self):
        """The far side in major units of its currency, signed like a debit."""
        return -self.amount if self.moved_minor > 0 else self.amount

    def _check_booked(self):
        """Odoo can leave out an entry or move its date without a word."""
        move = self.move_id
        if move.state != "posted" or move.date != self.date:
            raise AssertionError(
                f"Entry {move.name} is {move.state} on {move.date}, "
                f"not posted on {self.date}"
            )

    def _apply_later(self):
        """Have these deposits settle the invoices that they are for."""
        self.event_id._try_later()

    @property
    def is_customer(self):
        """As on an entry that is not booked yet."""
        return self.far_account_id.account_type == "asset_receivable"

    @property
    def near_account(self):
        """As on an entry that is not booked yet."""
        return self.near_account_id

    @property
    def far_account(self):
        """As on an entry that is not booked yet."""
        return self.far_account_id

    @property
    def document(self):
        """As on an entry that is not booked yet."""
        return self.document_id
