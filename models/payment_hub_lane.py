# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
from datetime import timedelta

import psycopg2
from psycopg2 import errors

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import SQL

from .. import failpoints

_logger = logging.getLogger(__name__)

# Deliveries of one batch. Where nothing is booked yet, since a day or a settlement has
# one entry, each costs a third, and what a batch costs by itself weighs more.
BATCH = 200
WAITING_BATCH = 500
BATCH_BYTES = 2 * 1024 * 1024  # of one batch; a delivery that is larger comes alone
# When no job runner is alive, the sweeper drains a lane itself that has something due
# and that nobody has drained for so long.
STRANDED_AFTER = timedelta(minutes=1)
# How often a delivery may end the process while it is processed alone, before it is
# given up. Once may be chance: a deployment, or the kernel in want of memory.
DEADLY = 2
# First key of the advisory locks of lanes; the second one is the connection's id.
LOCK = 0x70_68_75_62
# What a new attempt can settle: never a reason to blame a delivery.
TRANSIENT = (
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.LockNotAvailable,
    errors.OperationalError,
    psycopg2.InterfaceError,
    LockError,
)


def is_transient(error):
    """Whether a new attempt can settle it. Some dead sessions raise the bare class."""
    return isinstance(error, TRANSIENT) or type(error) is psycopg2.DatabaseError


class PaymentHubLane(models.AbstractModel):
    """The unit of ordered processing: one connection, one drain at a time.

    Waking and draining follow one rule: the rows of the deliveries are the truth
    about what is left to do, a queue job only says that someone should look.
    """

    _name = "payment.hub.lane"
    _description = "Lane of a Connection"

    # === wake ===

    @api.model
    def _wake_after_commit(self, connection_id):
        """Make sure that a drain job is pending, once this transaction is committed.

        The hook runs in the cursor's next transaction, whose snapshot is younger than
        the commit: a pending job that it sees will start later and see the delivery.
        A crash in between is the sweeper's case.
        """
        self._after_commit(lambda lane: lane._wake(connection_id))

    @api.model
    def _after_commit(self, hook):
        """Call hook(lane) in the next transaction; commit if it returns true."""
        cr = self.env.cr

        def run():
            try:
                failpoints.reach("wake.begun")
                if hook(self):
                    failpoints.reach("wake.enqueued")
                    cr.commit()  # pylint: disable=invalid-commit
                    failpoints.reach("wake.committed")
            except Exception:
                # The delivery is stored; not to wake the lane must not refuse it.
                cr.rollback()
                _logger.exception("A lane was not woken; the sweeper will")

        cr.postcommit.add(run)

    @api.model
    def _wake(self, connection_id):
        """Enqueue the drain job of the lane unless one is about to start.

        :return: whether there is something to commit
        """
        identity_key = f"payment_hub.drain.{connection_id}"
        # Asked here before queue_job asks: most wake-ups end with this one query.
        jobs = self.env.execute_query(
            SQL(
                "SELECT id, eta FROM queue_job WHERE identity_key = %s"
                " AND state IN ('pending', 'enqueued')",
                identity_key,
            )
        )
        if any(not eta for _id, eta in jobs):
            return False
        env = self.with_user(SUPERUSER_ID).env  # most wake-ups do without
        if jobs:
            # After a database error queue_job waits some seconds with the next try;
            # no other job with this key can be made, and the lane would sleep on.
            env["queue.job"].browse(id_ for id_, _eta in jobs).eta = False
        else:
            connection = env["payment.hub.connection"].browse(connection_id)
            connection.with_delay(
                identity_key=identity_key,
                description=self.env._("Drain %s", connection.display_name),
            )._job_drain()
        return True

    @api.model
    def _cron_wake_each(self, records, wake):
        """Call wake(record) for each, of which one that fails keeps no other asleep."""
        cron = self.env["ir.cron"]
        for record in records:
            try:
                wake(record)
                cron._commit_progress()
            except Exception:
                # A cron that fails again and again is switched off by Odoo.
                self.env.cr.rollback()
                _logger.exception("%s was not woken", record)
        cron._commit_progress(remaining=0)

    @api.model
    def _cron_sweep(self):
        """Wake each lane that has something due; drain those that nobody drains."""
        cron, exceptions = self.env["ir.cron"], self.env["payment.hub.exception"]
        for connection_id, neglected_for in self._due_lanes():
            connection = self.env["payment.hub.connection"].browse(connection_id)
            try:
                self._wake(connection_id)
                cron._commit_progress()
                # Once stranded, the lane is the sweeper's until a job runs again.
                is_stranded = exceptions._of_stranded_lane(connection)
                if neglected_for >= STRANDED_AFTER or is_stranded:
                    if not self._drain_stranded(connection):
                        return
            except Exception:
                # A cron that fails again and again is switched off by Odoo.
                self.env.cr.rollback()
                _logger.exception("Lane %s could not be swept", connection_id)
        cron._commit_progress(remaining=0)

    @api.model
    def _drain_stranded(self, connection):
        """Drain a lane that the job runner leaves alone, and tell somebody.

        One batch after the other, each committed.

        :return: False when the cron's time is over; it is called again at once then
        """
        while self._drain(connection):
            self.env["payment.hub.exception"]._lane_stranded(connection)
            failpoints.reach("sweep.drained")
            if not self.env["ir.cron"]._commit_progress(1, remaining=1):
                return False
        return True

    @api.model
    def _due_lanes(self):
        """Lanes with something due, and for how long nobody has looked after it.

        :return: list of (connection id, timedelta since it fell due, or since the
            last drain if that is later), the most neglected lane first
        """
        return self.env.execute_query(
            SQL(
                """
                WITH now AS (SELECT clock_timestamp() AT TIME ZONE 'UTC' AS utc),
                     todo AS (SELECT connection_id,
                                     min(COALESCE(next_at, received_at)) AS due_at
                                FROM payment_hub_delivery
                               WHERE state IN ('pending', 'waiting')
                            GROUP BY connection_id)
                SELECT connection.id, utc - GREATEST(due_at, drained_at)
                  FROM todo
                  JOIN payment_hub_connection connection
                    ON connection.id = connection_id
            CROSS JOIN now
                 WHERE due_at <= utc
              ORDER BY 2 DESC
                """
            )
        )

    # === drain ===

    @api.model
    def _drain(self, connection, limit=None):
        """Process up to ``limit`` due deliveries of the lane; wake it for the rest.

        :return: number of deliveries processed; None when another drain has the lane
        """
        try:
            with self.env.cr.savepoint():
                if not self._try_lock(connection):
                    return None  # who holds the lane looks again after its commit
                turn = self._begin_turn(connection)
        except errors.SerializationFailure:
            # Another drain has committed since this transaction began.
            self._wake_after_commit(connection.id)
            return None
        failpoints.reach("drain.locked")
        usual = BATCH if connection.granularity == "event" else WAITING_BATCH
        deliveries = self._claim(connection, limit or usual)
        if not deliveries:
            return 0
        attempts = self.env["payment.hub.attempt"]
        deliveries, deaths = attempts._begin(connection, turn, deliveries)
        with attempts._failure_is_no_death(connection):
            failpoints.reach("drain.noted")
            processor = self.env["payment.hub.processor"]
            if deaths < DEADLY:
                processor._process(connection, deliveries)
            else:
                processor._give_up(connection, deliveries)
        failpoints.reach("drain.settled")
        return len(deliveries)

    @api.model
    def _process_now(self, deliveries):
        """Process ``deliveries`` in this transaction, for a person who waits.

        Raises UserError when a drain holds the lane for too long.
        """
        for connection, batch in deliveries.sudo().grouped("connection_id").items():
            self._take_now(connection)
            self.env["payment.hub.processor"]._process(connection, batch)

    @api.model
    def _take_now(self, connection):
        """Take the lane for a person. Raises UserError when it is held for too long."""
        try:
            self.env.cr.execute("SET LOCAL lock_timeout = '10s'")
            self._wait_for_lock(connection)
            self._begin_turn(connection)
        except errors.LockNotAvailable as error:
            raise UserError(
                self.env._(
                    "%s is being processed at the moment. Try again in a minute.",
                    connection.display_name,
                )
            ) from error

    @api.model
    def _process_later(self, deliveries):
        """Have ``deliveries`` processed once more by the lanes, however many."""
        deliveries = deliveries.sudo()
        deliveries.write({"state": "pending", "next_at": False})
        for connection in deliveries.connection_id:
            self._wake_after_commit(connection.id)

    @api.model
    def _try_lock(self, connection):
        """Take the lane until the end of the transaction, unless it is taken."""
        return self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", LOCK, connection.id)
        )[0][0]

    @api.model
    def _wait_for_lock(self, connection):
        """Take the lane until the end of the transaction, as soon as it is free."""
        self.env.cr.execute(
            SQL("SELECT pg_advisory_xact_lock(%s, %s)", LOCK, connection.id),
            log_exceptions=False,
        )

    @api.model
    def _begin_turn(self, connection):
        """Make sure of a fresh snapshot, and that nothing is left behind.

        The lock alone would not do: under REPEATABLE READ the snapshot is older than
        the lock. Raising the turn makes PostgreSQL refuse (SerializationFailure) a
        transaction that began before the previous holder's commit. Drains that found
        the lane taken meanwhile have given up: so the holder looks again.

        :return: the turn of this transaction
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE payment_hub_connection
                   SET turn = COALESCE(turn, 0) + 1,
                       drained_at = clock_timestamp() AT TIME ZONE 'UTC'
                 WHERE id = %s
             RETURNING turn
                """,
                connection.id,
            ),
            log_exceptions=False,
        )
        (turn,) = self.env.cr.fetchone()
        connection_id = connection.id
        self._after_commit(
            lambda lane: lane._is_due(connection_id) and lane._wake(connection_id)
        )
        return turn

    @api.model
    def _is_due(self, connection_id):
        connection = self.env["payment.hub.connection"].browse(connection_id)
        return bool(self.sudo()._claim(connection, limit=1))

    @api.model
    def _claim(self, connection, limit):
        """Return the due deliveries of the lane, oldest first."""
        due = self.env["payment.hub.delivery"]._search(
            [
                ("connection_id", "=", connection.id),
                ("state", "in", ("pending", "waiting")),
                "|",
                ("next_at", "=", False),
                ("next_at", "<=", fields.Datetime.now()),
            ],
            order="id",
            limit=limit,
        )
        # Messages are small, but a page of an API or a part of a report holds many.
        sizes = self.env.execute_query(
            SQL(
                "SELECT id, sum(length(body)) OVER (ORDER BY id)"
                " FROM payment_hub_delivery WHERE id IN %s ORDER BY id",
                due.subselect(),
            )
        )
        taken = [id_ for id_, total in sizes if total <= BATCH_BYTES]
        return self.env["payment.hub.delivery"].browse(
            taken or [id_ for id_, _total in sizes[:1]]
        )
