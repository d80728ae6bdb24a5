# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
import time
from datetime import datetime, timedelta, timezone

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine.errors import EngineError
from ..engine.providers import client as api_client
from ..engine.providers.base import Capability, Lookup
from .payment_hub_lane import is_transient

_logger = logging.getLogger(__name__)

AT_ONCE = 20  # answers stored in one transaction
ROUND = 30  # seconds after which no other object is asked for in a transaction
MAX_PAGES = 10_000  # of one object
# What nobody has signed may name anything: no more than these are taken in advance.
MAX_UNSIGNED = 1_000
BEGINNING = datetime(1970, 1, 1, tzinfo=timezone.utc)
# How long the provider's API may be away before a person is told.
PATIENCE = timedelta(hours=24)
LONGEST_PAUSE = timedelta(hours=1)
FROM_THE_START = {"stream": False, "cursor": False, "pages": 0}


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
    # An object with many pages is gone on with where its last one ended.
    stream = fields.Char(readonly=True)
    cursor = fields.Char(readonly=True)
    pages = fields.Integer(readonly=True)
    error = fields.Text(readonly=True)
    exception_ids = fields.One2many("payment.hub.exception", "lookup_id")

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
        now = fields.Datetime.now()
        # What is due already may be in the hands of a job.
        again.filtered(
            lambda row: (
                row.state == "failed"
                or (row.state == "todo" and row.next_at and row.next_at > now)
            )
        ).write({"state": "todo", "attempts": 0, "next_at": False, **FROM_THE_START})
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
    def _is_full(self, connection_id):
        """Whether so much waits that no unsigned message is taken for now."""
        mine = [("connection_id", "=", connection_id)]
        return any(
            self.env[model].sudo().search_count([*mine, state], limit=MAX_UNSIGNED)
            >= MAX_UNSIGNED
            for model, state in (
                ("payment.hub.lookup", ("state", "=", "todo")),
                ("payment.hub.delivery", ("state", "=", "pending")),
            )
        )

    @api.model
    def _wake_after_commit(self, connection, eta=None):
        self.env["payment.hub.lane"]._after_commit(
            lambda _lane: self._wake(connection, eta)
        )

    @api.model
    def _wake(self, connection, eta=None):
        """Make sure that a job will look up what is due on the connection."""
        connection.sudo().with_delay(
            identity_key=f"payment_hub.lookup.{connection.id}",
            eta=eta,
            description=self.env._("Look up objects of %s", connection.name),
        )._job_look_up()
        return True

    @api.model
    def _cron_wake(self):
        """Wake each connection with lookups that are due."""
        groups = self._read_group(self._due_domain(), ["connection_id"])
        connections = [connection for (connection,) in groups]
        self.env["payment.hub.lane"]._cron_wake_each(connections, self._wake)

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
        # With a snapshot older than the lock PostgreSQL refuses the lock.
        due = self.search(domain, order="id", limit=AT_ONCE).try_lock_for_update(
            allow_referencing=True
        )
        if not due:
            return
        try:
            client = connection._client_of(Capability.LOOKUP)
        except UserError as error:
            due._fail(str(error))
            self._wake_after_commit(connection)
            return
        ends = time.monotonic() + ROUND
        answered = set()  # several messages may have asked for one object
        for row in due:
            wanted = Lookup(row.object_type, row.object_id)
            if wanted in answered:
                row._done()
                continue
            if time.monotonic() > ends:
                break
            try:
                is_whole = row._store_answer(client, wanted, ends)
            except api_client.RateLimited as limited:
                pause = timedelta(seconds=max(limited.retry_after, 1))
                then = fields.Datetime.now() + pause
                due.filtered(lambda item: item.state == "todo").next_at = then
                self._wake_after_commit(connection, then)
                return
            except api_client.Unavailable as error:
                row._put_off(str(error))
                return  # nor has it an answer for the others: the sweeper goes on
            except api_client.Missing as error:
                row._not_there(str(error))
            except EngineError as error:
                row._fail(str(error))
            except Exception as error:
                if is_transient(error):
                    raise
                _logger.exception("Lookup %s failed", row.id)
                row._fail(f"{type(error).__name__}; see Odoo's log.")
            else:
                if is_whole:
                    answered.add(wanted)
                    row._done()
        if self.search_count(domain, limit=1):
            self._wake_after_commit(connection)

    def _store_answer(self, client, wanted, ends):
        """Store the object page by page; return whether that was all of it.

        :param ends: moment of the monotonic clock after which no page is asked for
        """
        while self.pages < MAX_PAGES:
            with self.env.cr.savepoint():
                if self.cursor:
                    now = datetime.now(timezone.utc)
                    page = client.page(self.stream, BEGINNING, now, self.cursor)
                else:
                    page = client.lookup(wanted)
                self.env["payment.hub.delivery"]._store_pulled(
                    self.connection_id, "api", page.stream, page.body
                )
                self.write(
                    {
                        "stream": page.stream,
                        "cursor": page.cursor,
                        "pages": self.pages + 1,
                    }
                )
            if not page.cursor:
                return True
            if time.monotonic() > ends:
                return False
        raise EngineError("The object has more pages than the hub asks for.")

    def _done(self):
        self.write({"state": "done", "error": False, "next_at": False})
        self.exception_ids._resolve()

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

    def _not_there(self, error):
        """An unsigned message may name anything: nobody needs to look into that."""
        delivery = self.delivery_id
        if delivery.source == "webhook" and not delivery.secret_id:
            self.write({"state": "failed", "error": error})
        else:
            self._fail(error)

    def _tell(self, error):
        _logger.warning("Lookup %s failed", self.id)
        self.env["payment.hub.exception"]._open(
            self.connection_id,
            f"lookup:{self.id}",
            "lookup_failed",
            {
                "delivery_id": self.delivery_id.id,
                "lookup_id": self.id,
                "detail": f"{self.object_type} {self.object_id}: {error}",
            },
        )
