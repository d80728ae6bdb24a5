# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import datetime, timezone

from odoo import api, fields, models

from odoo.addons.queue_job.job import identity_exact

from ..engine import events as engine
from ..engine import payouts, planner
from ..engine.facts import Facts, effect_of, surest
from ..engine.mapping import KEYS
from .columns import BigInt
from .evidence import protect_evidence
from .money import amount_to_float
from .payment_hub_entry import Group

EVIDENCE = (
    "connection_id",
    "economic_key",
    "type",
    "object_type",
    "object_id",
    "leg",
    "payment_ref",
    "occurred_at",
    "amount_minor",
    "currency",
    "exponent",
    "provider_code",
)


class PaymentHubEvent(models.Model):
    """One canonical, immutable business fact.

    Several sources can attest the same event; only the first one creates it.
    """

    _name = "payment.hub.event"
    _inherit = "payment.hub.money.mixin"
    _description = "Payment Event"
    _order = "occurred_at desc, id desc"
    _rec_name = "economic_key"

    connection_id = fields.Many2one(
        "payment.hub.connection", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, index=True
    )
    economic_key = fields.Char(
        required=True,
        readonly=True,
        help="object_type:object_id:leg, unique within the connection: "
        "the identity of the fact, whichever road it came by.",
    )
    type = fields.Selection(
        [(name, name) for name in engine.EVENT_TYPES], required=True, readonly=True
    )
    family = fields.Selection(
        [("lifecycle", "Lifecycle Fact"), ("balance", "Balance Entry")],
        compute="_compute_family",
    )
    object_type = fields.Char(required=True, readonly=True)
    object_id = fields.Char(string="Object", required=True, readonly=True)
    leg = fields.Char(required=True, readonly=True)
    payment_ref = fields.Char(string="Provider's Payment", readonly=True)
    payment_id = fields.Many2one(
        "payment.hub.payment", readonly=True, index=True, ondelete="restrict"
    )
    payout_id = fields.Many2one(
        "payment.hub.payout",
        string="About the Payout",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    dispute_id = fields.Many2one(
        "payment.hub.dispute",
        string="About the Dispute",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    occurred_at = fields.Datetime(
        string="Occurred", required=True, readonly=True, help="Provider's clock, UTC."
    )
    provider_code = fields.Char(string="Provider's Code", readonly=True)
    reason = fields.Char(readonly=True)
    parent = fields.Char(string="Parent Object", readonly=True)
    reported_minor = BigInt(readonly=True)
    conflicted = fields.Boolean(
        readonly=True, help="Two sources disagree on its amount; it posts nothing more."
    )
    batch = fields.Char(
        readonly=True, help="Payout or settlement batch in which the provider lists it."
    )
    settled_minor = BigInt(
        string="In the Provider's Balance (Minor Units)",
        readonly=True,
        help="By how much it moved the balance: positive when the provider owes more.",
    )
    settled_currency = fields.Char(size=3, readonly=True)
    settled_exponent = fields.Integer(readonly=True)
    settled_currency_id = fields.Many2one(
        "res.currency", compute="_compute_settled_amount", string="Balance's Currency"
    )
    settled = fields.Monetary(
        string="In the Provider's Balance",
        compute="_compute_settled_amount",
        currency_field="settled_currency_id",
    )
    attestation_ids = fields.One2many("payment.hub.attestation", "event_id")
    posting_ids = fields.One2many("payment.hub.posting", "event_id")
    exception_ids = fields.One2many("payment.hub.exception", "event_id")
    untreated_id = fields.Many2one(
        "payment.hub.exception",
        string="Waits for a Rule",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The exception about all events of this type that no rule posts.",
    )

    _economic_key_unique = models.UniqueIndex("(connection_id, economic_key)")
    _object = models.Index("(connection_id, object_id) WHERE payment_id IS NULL")
    _batch = models.Index("(connection_id, batch) WHERE batch IS NOT NULL")

    def init(self):
        protect_evidence(self.env.cr, self._table, EVIDENCE)

    @api.depends("type")
    def _compute_family(self):
        for event in self:
            event.family = engine.EVENT_TYPES[event.type].family

    def _keep_settled(self):
        """Learn what a new source tells of batch and balance."""
        for event in self:
            told = self._settled_vals(event, event._settlements())
            if vals := {name: told[name] for name in told if told[name] != event[name]}:
                event.write(vals)

    @api.model
    def _settled_vals(self, fact, told):
        """What the sources say that a fact did to the provider's balance.

        :param fact: event, or the engine's
        :param told: list of the engine's Settlement; the surest counts
        """
        best = surest(told)
        moved = best and payouts.felt(fact.type, fact.amount_minor, fact.currency, best)
        is_told = moved is not None
        # A source that comes late may be the first to tell the batch.
        naming = surest(one for one in told if one.batch)
        return {
            "batch": naming.batch if naming else False,
            "settled_minor": moved or 0,
            "settled_currency": is_told and best.currency,
            "settled_exponent": best.exponent if is_told else 0,
        }

    @api.depends("settled_minor", "settled_currency", "settled_exponent")
    def _compute_settled_amount(self):
        by_code = self._currencies("settled_currency")
        for event in self:
            event.settled_currency_id = by_code.get(event.settled_currency)
            event.settled = amount_to_float(event.settled_minor, event.settled_exponent)

    @api.model
    def _store_vals(self, connection, fact, payment):
        """Values of a new row for the engine's event ``fact``."""
        return {
            "connection_id": connection.id,
            "company_id": connection.company_id.id,
            "economic_key": fact.key,
            "type": fact.type,
            "object_type": fact.object_type,
            "object_id": fact.object_id,
            "leg": fact.leg,
            "payment_ref": fact.payment_ref,
            "payment_id": payment.id,
            "occurred_at": fact.occurred_at.replace(tzinfo=None),
            "amount_minor": fact.amount_minor or 0,
            "currency": fact.currency,
            "exponent": fact.exponent or 0,
            "provider_code": fact.provider_code,
            "reason": fact.reason,
            "parent": fact.parent,
            "reported_minor": fact.reported_minor or 0,
            **self._settled_vals(fact, [fact.settlement] if fact.settlement else []),
        }

    def action_preview(self):
        """Show what the event would post by the rules of now."""
        self.ensure_one()
        return self.env["payment.hub.preview.dialog"]._open(
            self.env._("What This Event Posts"), event_id=self.id
        )

    def _is_decided(self):
        """Whether a person has closed what no rule posts, for this event alone."""
        return any(
            one.cause == "unmapped_event" and one.resolved_by_id
            for one in self.exception_ids
        )

    def _agrees(self, fact):
        """Whether the engine's event ``fact`` gives the same amounts and currencies.

        A source may leave out what happened to the provider's balance.
        """
        said = (fact.amount_minor or 0, fact.currency or False, fact.exponent or 0)
        if said != (self.amount_minor, self.currency, self.exponent):
            return False
        return not fact.settlement or all(
            row._effect() == effect_of(fact.settlement)
            for row in self.attestation_ids
            if row.settlement_currency
        )

    def _settlement(self):
        """What the surest source says of the provider's balance; None if none does."""
        return surest(self._settlements())

    def _settlements(self):
        """What each source that tells it says of the provider's balance."""
        told = [row._to_settlement() for row in self.attestation_ids]
        return list(filter(None, told))

    def _traits(self):
        """Properties by which rules tell events apart: {kind: value}."""
        traits = {}
        for row in self.attestation_ids.sorted("id", reverse=True):
            traits |= dict(row.traits or ())
        return traits

    def _criteria(self):
        """What a rule may ask for: value by name of ``engine.mapping.KEYS``."""
        self.ensure_one()
        traits = self._traits()
        settled = self._settlement()
        kinds = {fee.kind for fee in settled.fees} if settled else set()
        return {
            "connection": self.connection_id.id,
            "event_type": self.type,
            "provider_code": self.provider_code,
            "currency": self.currency,
            "fee_kind": kinds.pop() if len(kinds) == 1 else "",
            **{key: traits[key] for key in KEYS if key in traits},
        }

    def _criteria_of_parts(self):
        """What rules may ask for, of each kind that a fee has."""
        criteria = self._criteria()
        kinds = [*planner.fees_of(*self._to_engine())] or [criteria["fee_kind"]]
        return [criteria | {"fee_kind": kind} for kind in kinds]

    def _moment(self, kind):
        """The earliest attested moment of a provider's clock (aware, UTC), or None.

        :param kind: occurred, or a kind of ``engine.events.Clock``
        """
        if kind == "occurred":
            return self._earliest().replace(tzinfo=timezone.utc)
        told = [
            datetime.fromisoformat(at)
            for row in self.attestation_ids
            for name, at, _zone in row.clocks or ()
            if name == kind
        ]
        return min(told, default=None)

    def _earliest(self):
        """The earliest attested time: the same whoever came first (naive UTC)."""
        return min(self.attestation_ids.mapped("occurred_at"), default=self.occurred_at)

    def _to_facts(self):
        """The events as the engine's facts, with what the hub knows of conflicts."""
        conflicted = self.filtered("conflicted").mapped("economic_key")
        return Facts(self._to_engine(), conflicted)

    def _planned_group(self):
        """The planned group of one event; nothing is written."""
        if payment := self.payment_id:
            return payment._plan(payment.event_ids._to_facts())
        return self._groups()[0]

    def _try_later(self):
        """Have these events processed once more, by a job."""
        for connection, events in self.grouped("connection_id").items():
            connection.with_delay(
                identity_key=identity_exact,
                description=self.env._("Try payments of %s again", connection.name),
            )._job_try_again(sorted(events.ids))

    def _groups(self):
        """All events that have to be planned with these, in planned groups."""
        groups = self.payment_id._fold_and_plan()
        alone = self.filtered(lambda event: not event.payment_id)
        if alone:
            connection = alone.connection_id
            currencies = connection.balance_ids.mapped("currency")
            of_objects = self.search(
                [
                    ("connection_id", "=", connection.id),
                    ("payment_id", "=", False),
                    ("object_id", "in", alone.mapped("object_id")),
                ]
            )
            for events in of_objects.grouped(
                lambda event: (event.object_type, event.object_id)
            ).values():
                if events & alone:
                    plan = planner.plan(events._to_facts(), currencies)
                    groups.append(Group(events.payment_id, events, plan))
        return groups

    def _to_engine(self):
        """The events as the engine's immutable ones, for fold and plan."""
        return [
            engine.Event(
                type=event.type,
                object_type=event.object_type,
                object_id=event.object_id,
                leg=event.leg,
                payment_ref=event.payment_ref or "",
                occurred_at=event._earliest().replace(tzinfo=timezone.utc),
                amount_minor=event.amount_minor if event.currency else None,
                currency=event.currency or None,
                exponent=event.exponent if event.currency else None,
                provider_code=event.provider_code or "",
                reason=event.reason or "",
                parent=event.parent or "",
                reported_minor=event.reported_minor or None,
                settlement=event._settlement(),
            )
            for event in self
        ]
