# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from ..engine.mapping import Rule
from .grouped_lines import GRANULARITIES
from .mapping_treatments import (
    FEE_KINDS,
    OWED_AGAIN,
    POSTABLE,
    TREATMENTS,
    treatments_of,
)

DISPUTE_STAGES = [
    ("inquiry", "Inquiry"),
    ("pre_dispute", "Pre-Dispute"),
    ("chargeback", "Chargeback"),
    ("representment", "Representment"),
    ("second_chargeback", "Second Chargeback"),
    ("pre_arbitration", "Pre-Arbitration"),
    ("arbitration", "Arbitration"),
    ("closed", "Closed"),
]
UPPER = ("currency",)
LOWER = ("method", "scheme")
VERBATIM = ("provider_code", "connected_account")


class PaymentHubMapping(models.Model):
    """A row that decides how events of its kind are booked; the most specific wins."""

    _name = "payment.hub.mapping"
    _inherit = [
        "payment.hub.mapping.check.mixin",
        "payment.hub.rule.mixin",
        "payment.hub.mapping.preview.mixin",
        "analytic.mixin",
    ]
    _description = "Account Mapping"
    _order = "event_type, priority, specificity desc, id"

    _rule_keys = {
        "event_type": "event_type",
        "connection": "connection_id",
        "provider_code": "provider_code",
        "method": "method",
        "scheme": "scheme",
        "currency": "currency",
        "country": "country_id",
        "fee_kind": "fee_kind",
        "dispute_stage": "dispute_stage",
        "connected_account": "connected_account",
    }
    _rank_fields = ("priority", "valid_from", "valid_to")
    _decided_field = "mapping_version_id"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        tracking=True,
    )

    # What the row asks for; what is empty fits every event.
    event_type = fields.Selection(
        [(name, name) for name in POSTABLE],
        tracking=True,
        help="Empty: every type of event that can be posted.",
    )
    connection_id = fields.Many2one(
        "payment.hub.connection",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        tracking=True,
    )
    provider_code = fields.Char(
        string="Provider's Code",
        tracking=True,
        help="The provider's own name of the message or of the entry.",
    )
    method = fields.Char(
        tracking=True, help="Payment method as the provider writes it: card, ideal …"
    )
    scheme = fields.Char(
        tracking=True, help="Card scheme as the provider writes it: visa …"
    )
    currency = fields.Char(
        string="Currency Code", size=3, tracking=True, help="ISO 4217, such as EUR."
    )
    country_id = fields.Many2one(
        "res.country",
        ondelete="restrict",
        tracking=True,
        help="Of the card or of the customer's bank.",
    )
    fee_kind = fields.Selection(FEE_KINDS, tracking=True)
    dispute_stage = fields.Selection(DISPUTE_STAGES, tracking=True)
    connected_account = fields.Char(
        tracking=True, help="The provider's id of an account of your platform."
    )
    valid_from = fields.Date(tracking=True, help="First day, in the provider's days.")
    valid_to = fields.Date(tracking=True, help="Last day, in the provider's days.")
    priority = fields.Integer(
        default=10,
        required=True,
        tracking=True,
        help="The lowest number goes first, even before what is more specific.",
    )

    # What it decides.
    treatment = fields.Selection(
        TREATMENTS,
        required=True,
        default="post",
        tracking=True,
        help="Post: book to the account. Hold as Asset: disputed money until the "
        "dispute is decided. Contra Revenue or Expense: at once. Customer Owes Again: "
        "a lost dispute opens the invoice again, or takes its credit note. Collected "
        "for Others: owed to whoever has sold; no invoice is looked for. Suspense: "
        "book to an account to be cleared. No Entry: nothing, on purpose. By Hand: a "
        "person posts it.",
    )
    account_id = fields.Many2one(
        "account.account",
        check_company=True,
        ondelete="restrict",
        tracking=True,
        domain="[('account_type', 'not in',"
        " ('off_balance', 'asset_cash', 'liability_credit_card'))]",
        help="Against the provider's balance. For payment.captured: where a capture "
        "goes that no invoice takes (customer deposits).",
    )
    journal_id = fields.Many2one(
        "account.journal",
        check_company=True,
        ondelete="restrict",
        tracking=True,
        domain="[('type', 'in', ('bank', 'general'))]",
        help="Empty: the connection's journal.",
    )
    tax_ids = fields.Many2many(
        "account.tax",
        string="Taxes",
        check_company=True,
        tracking=True,
        domain="[('amount_type', 'in', ('percent', 'division', 'fixed', 'group'))]",
        # None must drop out of what is booked unnoticed.
        ondelete="restrict",
        context={"active_test": False},
        help="Taken out of the amount, which is what the provider's balance felt.",
    )
    partner_rule = fields.Selection(
        [
            ("none", "No Partner"),
            ("customer", "Customer"),
            ("provider", "Provider"),
            ("connected_account", "Connected Account"),
        ],
        required=True,
        default="none",
        tracking=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        check_company=True,
        ondelete="restrict",
        tracking=True,
        help="Who the provider, or the connected account, is.",
    )
    date_rule = fields.Selection(
        [
            ("occurred", "When It Occurred"),
            ("booked", "When the Provider Booked It"),
            ("available", "When the Money Is Available"),
            ("value", "Value Date"),
        ],
        required=True,
        default="occurred",
        tracking=True,
        help="Where the source does not tell, the day on which it occurred.",
    )
    granularity = fields.Selection(
        GRANULARITIES,
        string="Entry for Each",
        tracking=True,
        help="Empty: as the connection says.",
    )
    note = fields.Text()

    version_id = fields.Many2one(
        "payment.hub.mapping.version",
        string="Version",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    version_ids = fields.One2many(
        "payment.hub.mapping.version", "mapping_id", string="Versions"
    )

    _by_rank = models.Index("(company_id, specificity) WHERE active")

    @api.depends(*_rule_keys.values())
    def _compute_display_name(self):
        for row in self:
            names = row._criteria_names()
            row.display_name = " · ".join(names) or self.env._("All Events")

    # === asking ===

    def _criteria(self):
        criteria = super()._criteria()
        if self.country_id:
            criteria["country"] = self.country_id.code
        return criteria

    def _to_rule(self):
        return Rule(
            self.id,
            self._criteria(),
            self.priority,
            self.valid_from or None,
            self.valid_to or None,
        )

    @api.model
    def _choose(self, company, criteria, day):
        """The row that decides about an event; empty when there is none.

        :param dict criteria: value by name of ``engine.mapping.KEYS``; the connection
            by its database id
        :param day: date in the provider's calendar
        """
        rule = self._rules(company).choose(criteria, day)
        return self.browse(rule and rule.id)

    # === saving ===

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([_normalised(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(_normalised(vals))

    @api.onchange("event_type")
    def _onchange_event_type(self):
        possible = treatments_of(self.event_type)
        if self.event_type and self.treatment not in possible:
            self.treatment = possible[0]

    @api.onchange("treatment")
    def _onchange_treatment(self):
        if self.treatment == OWED_AGAIN:  # the fields are hidden then
            self.account_id = self.tax_ids = self.partner_id = False
            self.partner_rule = "none"

    @api.onchange("partner_rule")
    def _onchange_partner_rule(self):
        if self.partner_rule in ("none", "customer"):
            self.partner_id = False


def _normalised(vals):
    """Codes as providers and ISO write them, so that rows and events compare."""
    vals = dict(vals)
    for name in (*UPPER, *LOWER, *VERBATIM):
        if text := vals.get(name):
            text = text.strip()
            if name in UPPER:
                text = text.upper()
            elif name in LOWER:
                text = text.lower()
            vals[name] = text or False
    return vals
