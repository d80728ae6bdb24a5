# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dataclasses import replace
from datetime import datetime

from odoo import api, fields, models

from ..engine import disputes
from ..engine.events import Clock, Trait
from ..engine.facts import Facts
from .columns import BigInt
from .mapping_treatments import OWED_AGAIN
from .money import amount_to_float

STAGES = [
    ("inquiry", "Inquiry"),
    ("pre_dispute", "Warning"),
    ("chargeback", "Chargeback"),
    ("representment", "Defended"),
    ("second_chargeback", "Second Chargeback"),
    ("pre_arbitration", "Pre-Arbitration"),
    ("arbitration", "Arbitration"),
    ("closed", "Closed"),
]
# The columns of an empty board: most disputes go no further.
USUAL_STAGES = ("inquiry", "chargeback", "representment", "closed")
STATES = [
    ("notice", "For Information"),
    ("needs_response", "Needs Response"),
    ("under_review", "Under Review"),
    ("won", "Won"),
    ("lost", "Lost"),
    ("closed", "Closed"),
]
OUTCOMES = [
    ("won", "Won"),
    ("lost", "Lost"),
    ("accepted", "Accepted"),
    ("expired", "Deadline Expired"),
    ("canceled", "Withdrawn by the Customer"),
    ("prevented", "Prevented"),
    ("inquiry_closed", "Inquiry Closed"),
]


class PaymentHubDispute(models.Model):
    """A dispute at a provider, from the first inquiry to its end."""

    _name = "payment.hub.dispute"
    _inherit = "payment.hub.folded.mixin"
    _description = "Dispute"
    _order = "due_at, opened_at desc, id desc"
    _rec_names_search = ["provider_ref", "payment_id.provider_ref", "reason"]
    _events_field = "dispute_id"
    _event_group = "dispute"

    provider_ref = fields.Char(string="Provider's Dispute")
    payment_id = fields.Many2one(
        "payment.hub.payment",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    invoice_id = fields.Many2one(related="payment_id.invoice_id")
    partner_id = fields.Many2one(related="payment_id.partner_id", string="Customer")
    stage = fields.Selection(STAGES, readonly=True, group_expand="_expand_stages")
    state = fields.Selection(STATES, readonly=True)
    outcome = fields.Selection(OUTCOMES, readonly=True)
    reason = fields.Char(readonly=True)
    opened_at = fields.Datetime(string="Opened", readonly=True)
    due_at = fields.Datetime(
        string="Deadline",
        readonly=True,
        help="The last moment to send evidence to the provider.",
    )
    cycle = fields.Integer(
        readonly=True, help="How often it was opened: 2 for a second chargeback."
    )
    withdrawn_minor = BigInt(readonly=True)
    given_back_minor = BigInt(readonly=True)
    withdrawn = fields.Monetary(
        compute="_compute_amounts",
        help="What the provider has taken from the balance for it.",
    )
    given_back = fields.Monetary(compute="_compute_amounts")
    fee_amount_minor = BigInt(readonly=True)
    fee_currency = fields.Char(string="Fee Currency Code", size=3, readonly=True)
    fee_exponent = fields.Integer(readonly=True)
    fee_currency_id = fields.Many2one("res.currency", compute="_compute_fee")
    fee = fields.Monetary(compute="_compute_fee", currency_field="fee_currency_id")
    owed_again = fields.Monetary(
        compute="_compute_owed_again",
        string="Owed Again",
        help="What the dispute took, and the customer owes again by the rules.",
    )
    event_ids = fields.One2many("payment.hub.event", "dispute_id")

    _object_unique = models.UniqueIndex("(connection_id, object_type, provider_ref)")
    _to_answer = models.Index("(company_id, due_at) WHERE state = 'needs_response'")

    @api.model
    def _expand_stages(self, stages, domain):
        return [name for name, _label in STAGES if name in (*USUAL_STAGES, *stages)]

    @api.depends("exponent", "withdrawn_minor", "given_back_minor")
    def _compute_amounts(self):
        for dispute in self:
            for name in ("withdrawn", "given_back"):
                minor = dispute[f"{name}_minor"]
                dispute[name] = amount_to_float(minor, dispute.exponent)

    @api.depends("event_ids.posting_ids.is_reversed")
    def _compute_owed_again(self):
        for dispute in self:
            losses = dispute.posting_ids.filtered(
                lambda one: one.treatment == OWED_AGAIN and not one.is_reversed
            )
            minor = sum(losses.mapped("amount_minor"))
            dispute.owed_again = amount_to_float(minor, dispute.exponent)

    @api.depends("fee_amount_minor", "fee_currency", "fee_exponent")
    def _compute_fee(self):
        currencies = self._currencies("fee_currency")
        for dispute in self:
            dispute.fee_currency_id = currencies.get(dispute.fee_currency)
            dispute.fee = amount_to_float(
                dispute.fee_amount_minor, dispute.fee_exponent
            )

    def _fold(self):
        self.event_ids.fetch()
        for dispute in self:
            folded = disputes.fold(dispute._facts())
            dispute._write_changed(
                {
                    **self._money_vals("", folded.amount),
                    **self._money_vals("fee_", folded.fee),
                    "payment_id": dispute.event_ids.payment_id[:1],
                    "state": folded.status,
                    "stage": folded.stage,
                    "outcome": folded.outcome or False,
                    "reason": folded.reason or False,
                    "cycle": folded.cycle,
                    "opened_at": folded.opened_at.replace(tzinfo=None),
                    "due_at": folded.due_at
                    and folded.due_at.replace(tzinfo=None)
                    or False,
                    "withdrawn_minor": folded.withdrawn_minor,
                    "given_back_minor": folded.given_back_minor,
                }
            )

    def _facts(self):
        """The engine's events, with stages and deadlines.

        Contradicted ones count only where nothing else is known.
        """
        told = [
            replace(fact, **_stages_and_deadlines(event))
            for event, fact in zip(
                self.event_ids, self.event_ids._to_engine(), strict=True
            )
        ]
        conflicted = self.event_ids.filtered("conflicted").mapped("economic_key")
        facts = Facts(told, conflicted)
        return facts.sound or facts.all

    def action_open_payment(self):
        """Open the disputed payment."""
        self.ensure_one()
        return self.payment_id.get_formview_action()


def _stages_and_deadlines(event):
    """What all sources tell of them, as the engine's traits and clocks."""
    rows = event.attestation_ids
    return {
        "traits": tuple(
            Trait(kind, value)
            for row in rows
            for kind, value in row.traits or ()
            if kind == "dispute_stage"
        ),
        "clocks": tuple(
            Clock(kind, datetime.fromisoformat(at), zone)
            for row in rows
            for kind, at, zone in row.clocks or ()
            if kind == "due"
        ),
    }
