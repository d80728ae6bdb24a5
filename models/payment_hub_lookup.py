# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.errors import EngineError
from ..engine.providers import client as api_client
from ..engine.providers.base import Lookup

_logger = logging.getLogger(__name__)

AT_ONCE = 20  # answers stored in one transaction
# How long the provider's API may be away before a person is told.
PATIENCE = timedelta(hours=24)
LONGEST_PAUSE = timedelta(hours=1)


class PaymentHubLookup(models.Model):
    """An object that a message only named: the provider is asked for it afterwards.

    The answer is a delivery like any other, whose facts are attested by the API.
    """

    _name = "payment.hub.lookup"
    _description = "Lookup at the Provider"
    _order = "id desc"
    _rec_name = "object_id"

    connection_id = fields.Many2one(
        "payment.hub.connection", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    delivery_id = fields.Many2one(
        "payment.hub.delivery",
        string="Asked by",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    object_type = fields.Char(required=True, readonly=True)
    object_id = fields.Char(string="Object", required=True, readonly=True)
    state = fields.Selection(
        [("todo", "To Do"), ("done", "Done"), ("failed", "Failed")],
        required=True,
        readonly=True,
        default="todo",
    )
    attempts = fields.Integer(readonly=True)
    next_at = fields.Datetime(string="Next Try", readonly=True)
    error = fields.Text(readonly=True)

    _once = models.UniqueIndex("(delivery_id, object_type, object_id)")
    _todo = models.Index("(connection_id, id) WHERE state = 'todo'")

    @api.model
    def _ask(self, connection, told):
        """Note what the messages ask for, and have a job ask the provider.

        :param told: list of (delivery, engine Translation). What was itself looked up
            asks no further, so that there is an end
        """
        wanted = {
            (delivery, lookup)
            for delivery, message in told
            for lookup in message.lookups
            if not delivery._is_looked_up()
        }
        if not wanted:
            return
        known = {
            (row.delivery_id, Lookup(row.object_type, row.object_id)): row
            for row in self.search(
                [("delivery_id", "in", [delivery.id for delivery, _lookup in wanted])]
            )
        }
        again = self.browse(row.id for key, row in known.items() if key in wanted)
        again.filtered(lambda row: row.state == "failed").write(
            {"state": "todo", "attempts": 0, "next_at": False}
        )
        self.create(
            [
                {
                    "connection_id": connection.id,
                    "delivery_id": delivery.id,
                    "object_type": lookup.object_type,
                    "object_id": lookup.object_id,
                }
                for delivery, lookup in sorted(
                    wanted - known.keys(), key=lambda key: (key[0].id, key[1])
                )
            ]
        )
        self._wake_after_commit(connection)

    @api.model
    def _wake_after_commit(self, connection):
        def wake(_lane):
            connection.sudo().with_delay(
                identity_key=f"payment_hub.lookup.{connection.id}",
                description=self.env._("Look up objects of %s", connection.name),
            )._job_look_up()
            return True

        self.env["payment.hub.lane"]._after_commit(wake)

    @api.model
    def _cron_wake(self):
        """Wake each connection with lookups that are due."""
        for connection, _count in self._read_group(
            self._due_domain(), ["connection_id"], ["__count"]
        ):
            self._wake_after_commit(connection)

    @api.model
    def _due_domain(self):
        now = fields.Datetime.now()
        return [
            ("state", "=", "todo"),
            "|",
            ("next_at", "=", False),
            ("next_at", "<=", now),
        ]

    @api.model
    def _look_up_due(self, connection):
        """Ask the provider for what is due on a connection, and store the answers."""
        domain = [("connection_id", "=", connection.id), *self._due_domain()]
        due = self.search(domain, order="id", limit=AT_ONCE)
        try:
            client = connection._client() if due else None
        except UserError as error:
            due._fail(str(error))
            return
        answered = set()  # several messages may have asked for one object
        for row in due:
            if (row.object_type, row.object_id) in answered:
                row._done()
                continue
            try:
                page = client.lookup(Lookup(row.object_type, row.object_id))
            except api_client.RateLimited as limited:
                due.filtered(lambda item: item.state == "todo").next_at = (
                    fields.Datetime.now() + timedelta(seconds=limited.retry_after)
                )
                return
            except api_client.Unavailable as error:
                row._put_off(str(error))
            except EngineError as error:
                row._fail(str(error))
            else:
                answered.add((row.object_type, row.object_id))
                self.env["payment.hub.delivery"]._store_pulled(
                    connection, "api", page.stream, page.body
                )
                row._done()
        if len(due) == AT_ONCE:
            self._wake_after_commit(connection)

    def _done(self):
        self.write({"state": "done", "error": False, "next_at": False})
        self._exceptions()._resolve()

    def _put_off(self, error):
        """Try later; tell somebody when it has taken too long."""
        pause = min(timedelta(minutes=1) * 2 ** min(self.attempts, 10), LONGEST_PAUSE)
        now = fields.Datetime.now()
        self.write(
            {"attempts": self.attempts + 1, "next_at": now + pause, "error": error}
        )
        if now - self.create_date > PATIENCE:
            self._tell(error)

    def _fail(self, error):
        self.write({"state": "failed", "error": error})
        for row in self:
            row._tell(error)

    def _tell(self, error):
        _logger.warning("Lookup %s failed", self.id)
        self.env["payment.hub.exception"]._open(
            self.connection_id,
            f"lookup:{self.id}",
            "lookup_failed",
            {
                "delivery_id": self.delivery_id.id,
                "detail": f"{self.object_type} {self.object_id}: {error}",
            },
        )

    def _exceptions(self):
        return self.env["payment.hub.exception"].search(
            [
                ("is_open", "=", True),
                ("connection_id", "in", self.connection_id.ids),
                ("subject", "in", [f"lookup:{row.id}" for row in self]),
            ]
        )
