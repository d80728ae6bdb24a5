# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import datetime

from odoo import api, fields, models

from ..engine import planner, state
from .columns import BigInt
from .money import amount_to_float
from .payment_hub_entry import Group

STATES = [
    ("pending", "Pending"),
    ("action_required", "Action Required"),
    ("authorized", "Authorized"),
    ("partially_captured", "Partially Captured"),
    ("captured", "Captured"),
    ("partially_refunded", "Partially Refunded"),
    ("refunded", "Refunded"),
    ("disputed", "Disputed"),
    ("lost", "Dispute Lost"),
    ("voided", "Voided"),
    ("expired", "Expired"),
    ("failed", "Failed"),
    ("conflicted", "Conflicted"),
]
POSTING_STATES = [
    ("not_required", "Nothing to Post"),
    ("to_post", "To Post"),
    ("posted", "Posted"),
    ("blocked", "Blocked"),
]

# Kinds of references that are a payment's alone.
IDENTIFIERS = ("payment", "charge")


class PaymentHubPayment(models.Model):
    """A payment at a provider: state derived by folding its events.

    Nothing in here is a source; it can be rebuilt from the events at any time. Only
    the invoice is more than that: the decision of a rule or a person.
    """

    _name = "payment.hub.payment"
    _inherit = "payment.hub.money.mixin"
    _description = "Provider Payment"
    _order = "occurred_at desc, id desc"
    _check_company_auto = True
    _rec_name = "provider_ref"
    _rec_names_search = ["provider_ref", "reference_ids.value"]

    connection_id = fields.Many2one(
        "payment.hub.connection", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, index=True
    )
    provider_ref = fields.Char(
        string="Provider's Payment", required=True, readonly=True
    )
    occurred_at = fields.Datetime(
        string="Occurred", readonly=True, help="Time of the first known event, UTC."
    )
    state = fields.Selection(STATES, readonly=True, required=True, default="pending")
    posting_state = fields.Selection(
        POSTING_STATES,
        string="Posting",
        readonly=True,
        required=True,
        default="not_required",
    )
    authorized_minor = BigInt(readonly=True)
    captured_minor = BigInt(readonly=True)
    refunded_minor = BigInt(readonly=True)
    authorized = fields.Monetary(compute="_compute_amounts")
    captured = fields.Monetary(compute="_compute_amounts")
    refunded = fields.Monetary(compute="_compute_amounts")
    invoice_id = fields.Many2one(
        "account.move",
        string="Invoice",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Of the company, or of one of its branches.",
    )
    partner_id = fields.Many2one(related="invoice_id.partner_id", string="Customer")
    event_ids = fields.One2many("payment.hub.event", "payment_id")
    posting_ids = fields.One2many(
        "payment.hub.posting", "payment_id", string="Postings"
    )
    dispute_ids = fields.One2many("payment.hub.dispute", "payment_id")
    reference_ids = fields.One2many("payment.hub.reference", "payment_id")
    exception_ids = fields.One2many("payment.hub.exception", "payment_id")
    open_exception_count = fields.Integer(compute="_compute_open_exception_count")
    delivery_ids = fields.Many2many(
        "payment.hub.delivery", compute="_compute_delivery_ids"
    )
    timeline = fields.Html(compute="_compute_timeline", sanitize=False)

    _provider_ref_unique = models.UniqueIndex("(connection_id, provider_ref)")

    @api.depends("exponent", "authorized_minor", "captured_minor", "refunded_minor")
    def _compute_amounts(self):
        for payment in self:
            for name in ("authorized", "captured", "refunded"):
                minor = payment[f"{name}_minor"]
                payment[name] = amount_to_float(minor, payment.exponent)

    @api.depends("exception_ids.state")
    def _compute_open_exception_count(self):
        for payment in self:
            payment.open_exception_count = len(
                payment.exception_ids.filtered("is_open")
            )

    @api.depends("event_ids.attestation_ids")
    def _compute_delivery_ids(self):
        for payment in self:
            payment.delivery_ids = payment.event_ids.attestation_ids.delivery_id

    @api.depends("event_ids.attestation_ids", "posting_ids")
    def _compute_timeline(self):
        for payment in self:
            payment.timeline = self.env["ir.qweb"]._render(
                "payment_hub.payment_timeline", {"steps": payment._timeline_steps()}
            )

    def _timeline_steps(self):
        """Steps from the first delivery to the reconciled invoice, oldest first.

        :return: list of dict(time, icon, title, detail, record)
        """
        self.ensure_one()
        attestations = self.event_ids.attestation_ids
        steps = [
            {
                "time": delivery.received_at,
                "icon": "fa-inbox",
                "title": self.env._("Delivery received"),
                "detail": delivery.event_type,
                "record": delivery,
            }
            for delivery in attestations.delivery_id
        ] + [
            {
                "time": event.create_date,
                "icon": "fa-bolt",
                "title": event.type,
                "detail": self.env._(
                    "%(count)s attestation(s), occurred %(time)s UTC",
                    count=len(event.attestation_ids),
                    time=event.occurred_at,
                ),
                "record": event,
            }
            for event in self.event_ids.sorted(lambda one: (one.occurred_at, one.id))
        ]
        for posting in self.posting_ids.sorted("id"):
            kind, move = posting.kind_label, posting.move_id
            posted_at = max(posting.create_date, move.create_date or datetime.min)
            steps.append(
                {
                    "time": posted_at,
                    "icon": "fa-book" if move else "fa-clock-o",
                    "title": self.env._("%s posted", kind)
                    if move
                    else self.env._("%s decided, waits for its entry", kind),
                    "detail": move.display_name or posting.waits_until,
                    "record": move or posting,
                }
            )
            if posting.document_id and posting.is_customer and move:
                steps.append(
                    {
                        "time": posted_at,
                        "icon": "fa-check",
                        "title": self.env._("Reconciled"),
                        "detail": posting.document_id.display_name,
                        "record": posting.document_id,
                    }
                )
        # sorted() is stable: what shares a transaction keeps the order of the road
        return sorted(steps, key=lambda step: step["time"])

    # === fold ===

    @api.model
    def _for_facts(self, connection, facts):
        """Return {provider's payment id: payment}, made where it is not there yet.

        A message may name only the charge of a payment that others name by its own
        id: whatever shares an identifier is one payment.
        """
        aliases = {}  # of a payment's id: the identifiers that come with it
        for fact in facts:
            if fact.payment_ref:
                aliases.setdefault(fact.payment_ref, {fact.payment_ref}).update(
                    ref.value for ref in fact.references if ref.kind in IDENTIFIERS
                )
        known = self._by_identifier(connection, set().union(*aliases.values()))
        for payment_ref, identifiers in aliases.items():
            names = [payment_ref, *sorted(identifiers)]
            found = next((known[name] for name in names if name in known), payment_ref)
            known.update(dict.fromkeys(identifiers, found))
        missing = sorted({ref for ref in known.values() if isinstance(ref, str)})
        made = self.create(
            [
                {
                    "connection_id": connection.id,
                    "company_id": connection.company_id.id,
                    "provider_ref": ref,
                }
                for ref in missing
            ]
        )
        by_ref = dict(zip(missing, made, strict=True))
        return {ref: by_ref.get(known[ref], known[ref]) for ref in aliases}

    @api.model
    def _by_identifier(self, connection, identifiers):
        """Return {identifier: payment} of those known as a payment's or a charge's."""
        references = self.env["payment.hub.reference"].search(
            [
                ("connection_id", "=", connection.id),
                ("kind", "in", IDENTIFIERS),
                ("value", "in", list(identifiers)),
            ]
        )
        return {ref.value: ref.payment_id for ref in references}

    def _fold_and_plan(self):
        """Derive the state from the events; return the groups, planned."""
        self.event_ids.fetch()
        groups = []
        for payment in self:
            facts = payment.event_ids._to_facts()
            payment._fold(facts)
            groups.append(payment._plan(facts))
        return groups

    def _fold(self, facts):
        folded = state.fold(facts)
        self._write_changed(
            {
                "state": folded.status,
                "currency": folded.currency or False,
                "exponent": folded.exponent or 0,
                "authorized_minor": folded.authorized_minor,
                "captured_minor": folded.captured_minor,
                "refunded_minor": folded.refunded_minor,
                "amount_minor": folded.net_minor,
                "occurred_at": min(self.event_ids.mapped("occurred_at")),
            }
        )

    def _plan(self, facts):
        """Give the planned Group of one payment; nothing is written."""
        currencies = self.connection_id.balance_ids.mapped("currency")
        return Group(self, self.event_ids, planner.plan(facts, currencies))

    def _write_changed(self, vals):
        changed = {name: value for name, value in vals.items() if self[name] != value}
        if changed:
            self.write(changed)

    def _set_posting_state(self, group, blocked):
        """State of the postings of ``group`` after an attempt to post it.

        :param bool blocked: whether an exception stands in the way
        """
        if blocked:
            posting_state = "blocked"
        elif group.missing:
            posting_state = "to_post"
        else:
            posting_state = "posted" if group.postings else "not_required"
            if group.postings.filtered("is_waiting"):
                posting_state = "to_post"
        self._write_changed({"posting_state": posting_state})

    # === actions ===

    def action_open_exceptions(self):
        """Open the payment's exceptions."""
        return self._action_window(
            self.env._("Exceptions"), self.exception_ids, {"search_default_open": 1}
        )

    def action_open_deliveries(self):
        """Open the messages that attest the payment's events."""
        return self._action_window(self.env._("Deliveries"), self.delivery_ids)

    def action_open_entries(self):
        """Open the journal entries of the payment's postings."""
        return self._action_window(
            self.env._("Journal Entries"), self.posting_ids.move_id
        )

    def action_open_disputes(self):
        """Open the disputes about the payment."""
        return self._action_window(self.env._("Disputes"), self.dispute_ids)

    def action_open_invoice(self):
        """Open the invoice that the payment pays."""
        self.ensure_one()
        return self.invoice_id.get_formview_action()

    def _action_window(self, name, records, context=None):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": records._name,
            "view_mode": "list,form",
            "domain": [("id", "in", records.ids)],
            "context": context or {},
        }
