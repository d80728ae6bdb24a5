# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from ..engine.events import Fee, Settlement
from .columns import BigInt
from .money import to_text


class PaymentHubAttestation(models.Model):
    """One source's word for an event: this delivery says so, with amount and time.

    Some sources also tell what the event did to the provider's balance, in the
    balance's own currency, and by which clocks. Signs are the merchant's.
    """

    _name = "payment.hub.attestation"
    _inherit = "payment.hub.money.mixin"
    _description = "Attestation"
    _order = "id"

    event_id = fields.Many2one(
        "payment.hub.event", required=True, readonly=True, ondelete="restrict"
    )
    delivery_id = fields.Many2one(
        "payment.hub.delivery",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    connection_id = fields.Many2one(related="event_id.connection_id")
    company_id = fields.Many2one(related="event_id.company_id", store=True)
    source = fields.Selection(
        [
            ("webhook", "Webhook"),
            ("api", "Provider's API"),
            ("report", "Settlement Report"),
            ("bank", "Bank Statement"),
        ],
        required=True,
        readonly=True,
    )
    provider_code = fields.Char(string="Provider's Code", readonly=True)
    occurred_at = fields.Datetime(string="Occurred", required=True, readonly=True)
    agrees = fields.Boolean(
        readonly=True, help="Whether it gives the same amount and currency."
    )
    api_version = fields.Char(string="API Version", readonly=True)
    settlement_currency = fields.Char(readonly=True)
    settlement_exponent = fields.Integer(readonly=True)
    gross_minor = BigInt(readonly=True)
    fee_minor = BigInt(readonly=True)
    net_minor = BigInt(readonly=True)
    settlement = fields.Char(
        string="In the Provider's Balance", compute="_compute_settlement"
    )
    settlement_details = fields.Json(
        readonly=True, help="Fees by kind, exchange rate, balance entry and batch."
    )
    clocks = fields.Json(
        readonly=True, help="Further moments: kind, time in UTC, provider's time zone."
    )
    traits = fields.Json(
        readonly=True, help="Method, scheme, country …: what rules may ask for."
    )
    clocks_text = fields.Char(
        string="Provider's Clocks", compute="_compute_clocks_text"
    )

    _once = models.UniqueIndex("(event_id, delivery_id)")

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows.event_id._keep_settled()
        return rows

    @api.model
    def _store_vals(self, delivery, event, message, fact):
        """Values of a new row: what ``delivery`` says of ``event``.

        :param message: the engine's Translation that holds the engine's event ``fact``
        """
        vals = {
            "event_id": event.id,
            "company_id": event.company_id.id,
            "delivery_id": delivery.id,
            "source": delivery.source,
            "api_version": message.api_version,
            "provider_code": fact.provider_code,
            "occurred_at": fact.occurred_at.replace(tzinfo=None),
            "amount_minor": fact.amount_minor or 0,
            "currency": fact.currency,
            "exponent": fact.exponent or 0,
            "agrees": event._agrees(fact),
            "clocks": [
                [clock.kind, clock.at.isoformat(), clock.zone] for clock in fact.clocks
            ]
            or False,
            "traits": [*map(list, fact.traits), *_accounts(fact)] or False,
        }
        if settled := fact.settlement:
            vals |= {
                "settlement_currency": settled.currency,
                "settlement_exponent": settled.exponent,
                "gross_minor": settled.gross_minor,
                "fee_minor": settled.fee_minor,
                "net_minor": settled.net_minor,
                "settlement_details": {
                    "fees": [list(fee) for fee in settled.fees],
                    "rate": settled.rate,
                    "entry": settled.entry,
                    "batch": settled.batch,
                },
            }
        return vals

    def _effect(self):
        """What two sources of one movement must agree on; as ``facts.effect_of``."""
        return self.gross_minor, self.fee_minor, self.settlement_currency

    def _to_settlement(self):
        """The engine's Settlement; None when the source does not tell."""
        if not self.settlement_currency:
            return None
        details = self.settlement_details
        return Settlement(
            gross_minor=self.gross_minor,
            fee_minor=self.fee_minor,
            net_minor=self.net_minor,
            currency=self.settlement_currency,
            exponent=self.settlement_exponent,
            fees=tuple(Fee(*fee) for fee in details["fees"]),
            rate=details["rate"],
            entry=details["entry"],
            batch=details["batch"],
        )

    @api.depends("gross_minor", "fee_minor", "net_minor", "settlement_currency")
    def _compute_settlement(self):
        for row in self:
            if not row.settlement_currency:
                row.settlement = False
                continue
            gross, fee, net = (
                to_text(minor, row.settlement_exponent)
                for minor in (row.gross_minor, row.fee_minor, row.net_minor)
            )
            row.settlement = self.env._(
                "%(gross)s − fee %(fee)s = %(net)s %(currency)s",
                gross=gross,
                fee=fee,
                net=net,
                currency=row.settlement_currency,
            )

    @api.depends("clocks")
    def _compute_clocks_text(self):
        for row in self:
            row.clocks_text = ", ".join(
                f"{kind} {at[:16].replace('T', ' ')} UTC ({zone})"
                for kind, at, zone in row.clocks or ()
            )


def _accounts(fact):
    """The connected account, when the engine's event names it."""
    return [list(ref) for ref in fact.references if ref.kind == "connected_account"]
