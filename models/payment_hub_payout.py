# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Domain

from ..engine import payouts
from .columns import BigInt
from .money import amount_to_float

STATES = [
    ("open", "Not Paid Out Yet"),
    ("scheduled", "Scheduled"),
    ("in_transit", "In Transit"),
    ("paid", "Paid"),
    ("reconciled", "Paid, Batch Closed"),
    ("failed", "Failed"),
    ("canceled", "Canceled"),
    ("reversed", "Reversed"),
]


class PaymentHubPayout(models.Model):
    """A payout of a provider, and the settlement batch that it pays.

    A batch of which no payout is known yet has one too, without ``object_type``.
    """

    _name = "payment.hub.payout"
    _inherit = ["payment.hub.folded.mixin", "payment.hub.waterfall.mixin"]
    _description = "Payout"
    _order = "occurred_at desc, id desc"
    _rec_names_search = ["provider_ref", "batch"]
    _events_field = "payout_id"
    _event_group = "payout"

    provider_ref = fields.Char(string="Provider's Payout")
    state = fields.Selection(STATES, readonly=True)
    batch = fields.Char(
        readonly=True,
        help="As the provider names it; its payout's name where it tells no other.",
    )
    occurred_at = fields.Datetime(
        string="Occurred", readonly=True, help="Provider's clock, UTC."
    )
    booked_at = fields.Datetime(
        string="Booked", readonly=True, help="In the provider's books, UTC."
    )
    arrival_date = fields.Date(
        string="Arrival", readonly=True, help="When the bank is to have it."
    )
    bank_amount_minor = BigInt(readonly=True)
    bank_currency = fields.Char(string="Bank Currency Code", size=3, readonly=True)
    bank_exponent = fields.Integer(readonly=True)
    bank_currency_id = fields.Many2one("res.currency", compute="_compute_bank_amount")
    bank_amount = fields.Monetary(
        string="At the Bank",
        compute="_compute_bank_amount",
        currency_field="bank_currency_id",
        help="Where the bank account is in another currency.",
    )
    returned_minor = BigInt(readonly=True)
    returned = fields.Monetary(
        string="Came Back", compute="_compute_returned", help="Of what was paid out."
    )
    event_ids = fields.One2many(
        "payment.hub.event",
        "payout_id",
        help="About the payout itself, not about what its batch holds.",
    )

    _object_unique = models.UniqueIndex(
        "(connection_id, object_type, provider_ref) WHERE object_type IS NOT NULL"
    )
    _batch_unique = models.UniqueIndex(
        "(connection_id, batch, currency) WHERE object_type IS NULL"
    )
    _batch = models.Index("(connection_id, batch)")

    @api.depends("bank_amount_minor", "bank_currency", "bank_exponent")
    def _compute_bank_amount(self):
        currencies = self._currencies("bank_currency")
        for payout in self:
            payout.bank_currency_id = currencies.get(payout.bank_currency)
            payout.bank_amount = amount_to_float(
                payout.bank_amount_minor, payout.bank_exponent
            )

    @api.depends("returned_minor", "bank_exponent", "exponent")
    def _compute_returned(self):
        for payout in self:
            payout.returned = amount_to_float(payout.returned_minor, payout.exponent)

    def _entries(self):
        """Also those of what it pays; of a settlement there may be one a month."""
        live = self._listed_postings() & Domain("is_reversed", "=", False)
        listed = self.env["payment.hub.posting"].search(live)
        return super()._entries() | listed.move_id

    def _open(self):
        """Open the page of one payout, or the list of several."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "payment_hub.payment_hub_payout_action"
        )
        if len(self) == 1:
            return action | {"views": [(False, "form")], "res_id": self.id}
        return action | {"domain": [("id", "in", self.ids)]}

    # === fold ===

    @api.model
    def _keep(self, connection, events):
        listed = {
            (event.batch, event.settled_currency): event.settled_exponent
            for event in events
            if event.batch and event.settled_currency
        }
        own = events.filtered(self._is_about)
        self._link(connection, own)
        found = own.payout_id
        before = set(found.mapped("batch")) - {False}
        found._fold()
        after = set(found.mapped("batch"))
        self._keep_batches(connection, listed, before - after, after)

    def _fold(self):
        self.event_ids.fetch()
        for payout in self:
            events = payout.event_ids
            facts = events._to_facts()
            folded = payouts.fold(facts.sound or facts.all)
            sent = events.filtered(lambda event: event.type == payouts.SENT)
            batches = [event.batch for event in sent or events if event.batch]
            booked = [at for event in events if (at := event._moment("booked"))]
            value = [at for event in events if (at := event._moment("value"))]
            payout._write_changed(
                {
                    **self._money_vals("", folded.amount),
                    **self._money_vals("bank_", folded.bank),
                    "state": folded.status,
                    "returned_minor": folded.returned_minor,
                    "batch": min(batches, default=payout.provider_ref),
                    "occurred_at": min(event._earliest() for event in sent or events),
                    "booked_at": min(booked).replace(tzinfo=None) if booked else False,
                    "arrival_date": max(value).date() if value else False,
                }
            )

    @api.model
    def _keep_batches(self, connection, listed, left=(), taken=()):
        """Have one record for each batch: its payout, or one of its own until then.

        :param listed: {(batch, currency): exponent} of events
        :param left: batches that payouts were thought to have, and have not
        :param taken: batches that payouts have
        """
        if left:
            listed |= self._listed(connection, left)
        names = {batch for batch, _currency in listed}.union(taken)
        if not names:
            return
        found = self.search(
            [("connection_id", "=", connection.id), ("batch", "in", list(names))]
        )
        of_payouts = found.filtered("object_type")
        alone = found - of_payouts
        claimed = {(payout.batch, payout.currency) for payout in of_payouts}

        def is_claimed(batch, currency):
            return not claimed.isdisjoint([(batch, currency), (batch, False)])

        known = {(one.batch, one.currency) for one in alone}
        alone.filtered(lambda one: is_claimed(one.batch, one.currency)).unlink()
        self.create(
            [
                {
                    "connection_id": connection.id,
                    "provider_ref": batch,
                    "batch": batch,
                    "currency": currency,
                    "exponent": exponent,
                    "state": "open",
                }
                for (batch, currency), exponent in sorted(listed.items())
                if (batch, currency) not in known and not is_claimed(batch, currency)
            ]
        )

    @api.model
    def _listed(self, connection, batches=None):
        """{(batch, currency): exponent} of the events in ``batches``, or in all."""
        domain = Domain(
            [
                ("connection_id", "=", connection.id),
                ("batch", "!=", False),
                ("settled_currency", "!=", False),
            ]
        )
        if batches is not None:
            domain &= Domain("batch", "in", list(batches))
        groups = self.env["payment.hub.event"]._read_group(
            domain, ["batch", "settled_currency"], ["settled_exponent:max"]
        )
        return {(batch, currency): exponent for batch, currency, exponent in groups}

    @api.model
    def _rebuild(self, connections):
        super()._rebuild(connections)
        for connection in connections:
            self._keep_batches(connection, self._listed(connection))
