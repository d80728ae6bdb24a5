# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
from datetime import timedelta, timezone

from psycopg2 import errors

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..engine import providers
from ..engine.errors import EngineError
from ..engine.providers import client as api_client
from ..engine.providers.base import Capability
from .payment_hub_lane import is_transient

_logger = logging.getLogger(__name__)

UNDER_WAY = ("running", "waiting")
LONGEST_PAUSE = timedelta(hours=1)
# How many processes may die of one page. Two may be chance: a deployment, or the
# kernel in want of memory.
DEADLY = 3


class PaymentHubBackfill(models.Model):
    """One list of the provider's API, pulled page by page for a stretch of time.

    Each page is a delivery, and a transaction of its own together with the cursor of
    the next page: a backfill goes on where it was, whatever ended the process. What
    the pages tell is attested like anything else, so that nothing posts twice.
    """

    _name = "payment.hub.backfill"
    _inherit = "payment.hub.pulled.mixin"
    _description = "Backfill"
    _order = "id desc"

    connection_id = fields.Many2one(
        "payment.hub.connection", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, index=True
    )
    stream = fields.Char(
        required=True, readonly=True, help="As the provider's part of the hub calls it."
    )
    stream_label = fields.Char(string="List", compute="_compute_stream_label")
    since = fields.Datetime(required=True, readonly=True)
    until = fields.Datetime(
        required=True, readonly=True, help="Nothing from this moment on is asked for."
    )
    state = fields.Selection(
        [
            ("running", "Running"),
            ("waiting", "Waiting"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="running",
    )
    cursor = fields.Text(
        readonly=True, help="Where the next page begins, in the provider's words."
    )
    milestone = fields.Text(readonly=True, help="An earlier cursor, to notice a loop.")
    page_count = fields.Integer(string="Pages", readonly=True)
    known_count = fields.Integer(
        string="Known Pages", readonly=True, help="Stored before, byte for byte."
    )
    message_count = fields.Integer(
        string="Items", readonly=True, help="Objects and events on these pages."
    )
    oldest_at = fields.Datetime(string="Oldest Item", readonly=True)
    newest_at = fields.Datetime(string="Newest Item", readonly=True)
    progress = fields.Float(
        compute="_compute_progress",
        help="How much of the time between start and end the items cover so far. An "
        "estimate: it tells nothing of how many items are to come.",
    )
    turn = fields.Integer(
        readonly=True, help="Raised by every job that comes to its end."
    )
    attempts = fields.Integer(string="Failed Attempts", readonly=True)
    next_at = fields.Datetime(string="Next Try", readonly=True)
    last_error = fields.Text(readonly=True)
    started_at = fields.Datetime(
        string="Started", readonly=True, default=fields.Datetime.now
    )
    ended_at = fields.Datetime(string="Ended", readonly=True)
    delivery_ids = fields.Many2many(
        "payment.hub.delivery",
        "payment_hub_backfill_delivery_rel",
        "backfill_id",
        "delivery_id",
        readonly=True,
    )
    exception_ids = fields.One2many("payment.hub.exception", "backfill_id")

    _one_under_way = models.UniqueIndex(
        "(connection_id, stream) WHERE state IN ('running', 'waiting')",
        "This list is being pulled already. Wait for that backfill, or cancel it.",
    )

    @api.depends("connection_id", "stream")
    def _compute_stream_label(self):
        for backfill in self:
            streams = providers.get(backfill.connection_id.provider).streams
            stream = streams.get(backfill.stream)
            backfill.stream_label = stream.label if stream else backfill.stream

    @api.depends("connection_id", "stream_label")
    def _compute_display_name(self):
        for backfill in self:
            backfill.display_name = (
                f"{backfill.connection_id.name}: {backfill.stream_label}"
            )

    @api.depends("state", "since", "until", "oldest_at", "newest_at")
    def _compute_progress(self):
        for backfill in self:
            if backfill.state == "done":
                backfill.progress = 100
            elif backfill.oldest_at:
                # Providers list from either end; what is in between is covered.
                covered = min(backfill.newest_at, backfill.until) - max(
                    backfill.oldest_at, backfill.since
                )
                whole = backfill.until - backfill.since
                backfill.progress = min(max(100 * (covered / whole), 0), 99)
            else:
                backfill.progress = 0

    def _deliveries_domain(self):
        return [("backfill_ids", "in", self.ids)]

    def _open_exceptions_domain(self):
        """About what it brought, or about the backfill itself."""
        mine = Domain("is_open", "=", True) & Domain("backfill_id", "in", self.ids)
        return Domain(super()._open_exceptions_domain()) | mine

    # === start, resume, cancel ===

    @api.model
    def _start(self, connection, streams, since, until):
        """Start a backfill for each of ``streams``; times are naive UTC.

        Raises UserError when one of them is being pulled already.
        """
        if until > fields.Datetime.now():
            raise UserError(self.env._("The end cannot be in the future."))
        if since >= until:
            raise UserError(self.env._("The start must be before the end."))
        backfills = self.browse()
        for stream in streams:
            known = providers.get(connection.provider).streams.get(stream)
            if not (known and known.is_pulled):
                raise UserError(
                    self.env._("%s is no list of this provider.", stream),
                )
            self._check_free(connection, stream)
            backfills += self.create(
                {
                    "connection_id": connection.id,
                    "stream": stream,
                    "since": since,
                    "until": until,
                }
            )
        backfills._wake_after_commit()
        return backfills

    @api.model
    def _check_free(self, connection, stream):
        other = self.search(
            [
                ("connection_id", "=", connection.id),
                ("stream", "=", stream),
                ("state", "in", UNDER_WAY),
            ]
        )
        if other:
            raise UserError(
                self.env._(
                    "%s is being pulled already. Wait for that backfill, or cancel it.",
                    other.display_name,
                )
            )

    def action_resume(self):
        """Go on at the cursor: after a failure, or without waiting any longer."""
        for backfill in self._lock_for_person():
            if backfill.state in ("failed", "cancelled"):
                self._check_free(backfill.connection_id, backfill.stream)
            if backfill.state != "done":
                backfill._set_state("running", attempts=0)
                backfill._wake_after_commit()

    def action_cancel(self):
        """Stop, or leave it at the failure; what has been pulled stays."""
        for backfill in self._lock_for_person():
            if backfill.state in (*UNDER_WAY, "failed"):
                backfill._set_state("cancelled", last_error=backfill.last_error)

    def _lock_for_person(self):
        """Return the backfills with all rights, while no job is at work on them."""
        self.check_access("read")
        self.env["payment.hub.exception"]._check_operator()
        try:
            self.env.cr.execute("SET LOCAL lock_timeout = '10s'")
            self.env.cr.execute(
                "SELECT FROM payment_hub_backfill WHERE id = ANY(%s) FOR NO KEY UPDATE",
                [self.ids],
                log_exceptions=False,
            )
        except errors.LockNotAvailable as error:
            raise UserError(
                self.env._("A page is being read just now. Try again in a minute.")
            ) from error
        return self.sudo()

    # === the job ===

    def _wake_after_commit(self):
        self.env["payment.hub.lane"]._after_commit(lambda _lane: self._wake())

    def _wake(self):
        """Make sure that a job will pull the next page, at its time.

        :return: whether there is something to commit
        """
        under_way = self.filtered(lambda backfill: backfill.state in UNDER_WAY)
        for backfill in under_way:
            key = f"payment_hub.backfill.{backfill.id}"
            # Looked up here before queue_job does: its time may have changed.
            job = self.env["queue.job"].search(
                [
                    ("identity_key", "=", key),
                    ("state", "in", ("pending", "enqueued")),
                ],
                limit=1,
            )
            if job:
                job.eta = backfill.next_at
            else:
                backfill.with_delay(
                    identity_key=key,
                    eta=backfill.next_at or None,
                    description=self.env._("Backfill %s", backfill.display_name),
                )._job_pull()
        return bool(under_way)

    @api.model
    def _cron_wake(self):
        """Wake each backfill whose job is gone, and each whose time has come."""
        due = self.search(
            [
                ("state", "in", UNDER_WAY),
                "|",
                ("next_at", "=", False),
                ("next_at", "<=", fields.Datetime.now()),
            ]
        )
        self.env["payment.hub.lane"]._cron_wake_each(due, lambda one: one._wake())

    def _job_pull(self):
        """Queue job: pull the next page, unless another job is just doing that.

        The next page is the next job's; nobody waits within a job.
        """
        # With a snapshot older than the lock PostgreSQL refuses the lock.
        mine = self.try_lock_for_update(allow_referencing=True)
        if not mine or self.state not in UNDER_WAY:
            return
        self.turn += 1
        attempts = self.env["payment.hub.attempt"]
        deaths = attempts._begin_page(self)
        with attempts._failure_is_no_death(self.connection_id, self):
            if deaths < DEADLY:
                self._pull_or_wait()
            else:
                self._fail(
                    self.env._(
                        "Each of %s attempts at the next page ended the process. "
                        "Odoo's log tells why: out of memory, a time limit, a crash.",
                        deaths,
                    )
                )
        self._wake_after_commit()

    def _pull_or_wait(self):
        try:
            with self.env.cr.savepoint():
                self._pull()
        except api_client.RateLimited as limited:
            self._wait(timedelta(seconds=max(limited.retry_after, 1)), str(limited))
        except api_client.Unavailable as error:
            pause = timedelta(minutes=1) * 2 ** min(self.attempts, 10)
            self._wait(min(pause, LONGEST_PAUSE), str(error))
        except (EngineError, UserError) as error:
            self._fail(str(error))
        except Exception as error:
            if is_transient(error):
                raise
            _logger.exception("Backfill %s failed", self.id)
            self._fail(f"{type(error).__name__}; see Odoo's log.")

    def _pull(self):
        """Store one page, and note where the next one begins."""
        client = self.connection_id._client_of(Capability.BACKFILL)
        page = client.page(
            self.stream,
            self.since.replace(tzinfo=timezone.utc),
            self.until.replace(tzinfo=timezone.utc),
            self.cursor or "",
        )
        delivery, is_new = self.env["payment.hub.delivery"]._store_pulled(
            self.connection_id, "api", page.stream, page.body
        )
        self.delivery_ids = [fields.Command.link(delivery.id)]
        self._count(delivery, is_new)
        if not page.cursor:
            self._set_state("done", cursor=False, attempts=0)
        elif page.cursor in (self.cursor, self.milestone):
            self._fail(
                self.env._(
                    "The provider gives the same page again and again. What was pulled "
                    "stays; start a new backfill for the rest."
                )
            )
        else:
            self._set_state("running", cursor=page.cursor, attempts=0)
            if not self.page_count & (self.page_count - 1):
                # At each power of two, so that a loop of any length is noticed.
                self.milestone = page.cursor

    def _count(self, delivery, is_new):
        """Note what the page holds, for people; the drain reads it once more."""
        try:
            told = delivery._translate()
        except Exception as error:
            if is_transient(error):
                raise
            told = ()  # the page is stored all the same, and the drain will say so
        moments = [
            message.created.replace(tzinfo=None, microsecond=0)
            for message in told
            if message.created
        ]
        self.page_count += 1
        self.known_count += not is_new
        self.message_count += len(told)
        self.oldest_at = min([*moments, *filter(None, [self.oldest_at])], default=False)
        self.newest_at = max([*moments, *filter(None, [self.newest_at])], default=False)

    def _wait(self, pause, error):
        self._set_state(
            "waiting",
            attempts=self.attempts + 1,
            next_at=fields.Datetime.now() + pause,
            last_error=error,
        )

    def _fail(self, error):
        self._set_state("failed", last_error=error)
        # One that a person has closed was about an earlier failure.
        closed = len(self.exception_ids.filtered(lambda one: not one.is_open))
        self.env["payment.hub.exception"]._open(
            self.connection_id,
            f"backfill:{self.id}:{closed}",
            "backfill_failed",
            {"backfill_id": self.id, "detail": f"{self.stream_label}: {error}"},
        )

    def _set_state(self, state, **vals):
        self.write(
            {
                "state": state,
                "next_at": False,
                "last_error": False,
                "ended_at": state not in UNDER_WAY and fields.Datetime.now(),
                **vals,
            }
        )
        if state in ("done", "cancelled"):
            self.exception_ids._resolve()
