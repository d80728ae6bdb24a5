# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.errors import EngineError
from ..engine.providers.base import Capability
from ..engine.providers.client import Unauthorized
from .evidence import protect_evidence
from .payment_hub_balance import NEAR

_logger = logging.getLogger(__name__)

EVIDENCE = (
    "connection_id",
    "delivery_id",
    "at",
    "amount_minor",
    "currency",
    "exponent",
)


class PaymentHubReading(models.Model):
    """What the provider said that it owed in one currency; never changed."""

    _name = "payment.hub.reading"
    _inherit = "payment.hub.money.mixin"
    _description = "Reported Balance"
    _order = "at desc, id desc"
    _rec_name = "at"

    connection_id = fields.Many2one(
        "payment.hub.connection", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, index=True
    )
    delivery_id = fields.Many2one(
        "payment.hub.delivery", required=True, readonly=True, ondelete="restrict"
    )
    at = fields.Datetime(
        string="Balance of",
        required=True,
        readonly=True,
        help="The moment of which the provider tells.",
    )

    _once = models.UniqueIndex("(delivery_id, currency, at)")
    _newest = models.Index("(connection_id, currency, at)")

    def init(self):
        protect_evidence(self.env.cr, self._table, EVIDENCE)

    @api.model
    def _problem(self, delivery, readings):
        """Return (cause, detail, path) of readings from the future, or None.

        They would be the newest for as long, and hide what is told in the meantime.
        """
        latest = delivery.received_at + NEAR
        for reading in readings:
            if (at := _second(reading.at)) > latest:
                detail = self.env._(
                    "The balance is told for %(at)s UTC, but the message came at "
                    "%(received)s: mend the sender's clock, and send the balance anew.",
                    at=at,
                    received=delivery.received_at,
                )
                return "malformed", detail, "time"
        return None

    @api.model
    def _keep(self, connection, told):
        """Store what deliveries say of the balance.

        :param told: list of (delivery, engine Translation)
        :return: the new readings
        """
        wanted = {
            (delivery, reading.currency, _second(reading.at)): reading
            for delivery, message in told
            for reading in message.readings
        }
        if not wanted:
            return self.browse()
        known = {
            (row.delivery_id, row.currency, row.at)
            for row in self.search(
                [("delivery_id", "in", [delivery.id for delivery, *_key in wanted])]
            )
        }
        return self.create(
            [
                {
                    "connection_id": connection.id,
                    "delivery_id": delivery.id,
                    "at": at,
                    "currency": currency,
                    "exponent": reading.exponent,
                    "amount_minor": reading.total_minor,
                }
                for (delivery, currency, at), reading in wanted.items()
                if (delivery, currency, at) not in known
            ]
        )

    def _end_exceptions(self):
        """A new reading may end what another one began; to begin is the cron's."""
        exceptions = self.env["payment.hub.exception"]
        for balance in self.connection_id.balance_ids:
            told = balance.currency in self.mapped("currency")
            if told and exceptions._of_unexplained(balance):
                exceptions._balance_explained(balance)

    def action_open_delivery(self):
        """Open the message that tells of it."""
        return self.delivery_id.get_formview_action()

    # === asking ===

    @api.model
    def _ask(self, connection):
        """Ask the provider what it owes; return the answer as a delivery.

        Raises EngineError without an answer, UserError when it cannot be asked.
        """
        page = connection._client_of(Capability.BALANCE).balance()
        self.env["payment.hub.exception"]._credentials_accepted(connection)
        delivery, _is_new = (
            self.env["payment.hub.delivery"]
            .sudo()
            ._store_pulled(connection, "api", page.stream, page.body)
        )
        return delivery

    @api.model
    def _ask_or_log(self, connection):
        """Ask for a job; its result says what came of it. Tomorrow is another day."""
        try:
            return self._ask(connection).display_name
        except (EngineError, UserError) as error:
            if isinstance(error, Unauthorized):
                self.env["payment.hub.exception"]._credentials_refused(
                    connection, error
                )
            _logger.warning("Balance of %s not told: %s", connection.name, error)
            return str(error)

    @api.model
    def _cron_ask(self):
        """Have each provider asked what it owes, where there are credentials for it."""
        connections = self.env["payment.hub.connection"].search(
            [("state", "=", "active")]
        )
        self.env["payment.hub.lane"]._cron_wake_each(
            connections.filtered(
                lambda one: one.can_ask_balance and one._has_api_credentials()
            ),
            lambda connection: connection.with_delay(
                identity_key=f"payment_hub.balance.{connection.id}",
                description=self.env._("Ask for the balance of %s", connection.name),
            )._job_ask_balance(),
        )


def _second(moment):
    """As Odoo stores it: naive, in UTC, without a fraction."""
    return moment.replace(tzinfo=None, microsecond=0)
