# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import time
from contextlib import contextmanager, suppress

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models

from .columns import LooseMany2one

TRIES, PAUSE = 10, 0.5  # seconds


class PaymentHubAttempt(models.Model):
    """What a lane or a backfill is about to do, noted before it is done.

    A delivery or page that ends the process takes its transaction along: nothing else
    would be left to tell. The note is committed by a transaction of its own, and is
    about the turn that the work's own transaction takes. When the next one takes the
    same turn, the one that the note is about has not come to its end.
    """

    _name = "payment.hub.attempt"
    _description = "Attempt to Drain a Lane or to Pull a Page"
    _rec_name = "connection_id"

    connection_id = LooseMany2one(
        "payment.hub.connection", required=True, readonly=True
    )
    backfill_id = LooseMany2one(
        "payment.hub.backfill", readonly=True, help="Empty: the lane is drained."
    )
    turn = fields.Integer(readonly=True)
    first_delivery = fields.Integer(readonly=True, help="Id of the first delivery.")
    last_delivery = fields.Integer(readonly=True, help="Id of the last delivery.")
    careful_until = fields.Integer(
        readonly=True, help="Deliveries up to this id are processed one at a time."
    )
    deaths = fields.Integer(
        readonly=True,
        help="How often the first delivery, alone, or the page ended the process.",
    )

    _connection_unique = models.UniqueIndex("(connection_id, COALESCE(backfill_id, 0))")

    @api.model
    def _begin(self, connection, turn, deliveries):
        """Note that an attempt at ``deliveries`` begins.

        After an attempt that died, those of its batch are tried one at a time.

        :param int turn: the connection's, as this drain has raised it
        :return: the deliveries to process, and how often the only one of them has
            ended the process before
        """
        with self._own_transaction() as attempts:
            note = attempts._note(connection)
            has_died = note.turn == turn
            careful_until = note.careful_until
            if has_died:
                careful_until = max(careful_until, note.last_delivery)
            if deliveries[0].id <= careful_until:
                deliveries = deliveries[0]
            first, last = deliveries[0].id, deliveries[-1].id
            is_same = has_died and note.first_delivery == note.last_delivery == first
            deaths = note.deaths + 1 if is_same else 0
            vals = {
                "turn": turn,
                "first_delivery": first,
                "last_delivery": last,
                "careful_until": careful_until,
                "deaths": deaths,
            }
            note.write(vals)
        return deliveries, deaths

    @api.model
    def _begin_page(self, backfill):
        """Note that an attempt at the next page of ``backfill`` begins.

        :return: how often this page has ended the process before
        """
        with self._own_transaction() as attempts:
            note = attempts._note(backfill.connection_id, backfill)
            deaths = note.deaths + 1 if note.turn == backfill.turn else 0
            note.write({"turn": backfill.turn, "deaths": deaths})
        return deaths

    def _note(self, connection, backfill=None):
        """Return the note of a lane, or of a backfill; there is one from now on."""
        domain = self._domain(connection, backfill)
        return self.search(domain) or self.create(
            {name: value for name, _operator, value in domain}
        )

    def _domain(self, connection, backfill):
        return [
            ("connection_id", "=", connection.id),
            ("backfill_id", "=", backfill.id if backfill else False),
        ]

    @contextmanager
    def _failure_is_no_death(self, connection, backfill=None):
        """What fails inside, or after that up to the commit, the process outlives."""
        self.env.cr.postrollback.add(lambda: self._survived(connection, backfill))
        try:
            yield
        except Exception:
            self._survived(connection, backfill)
            raise

    @api.model
    def _survived(self, connection, backfill=None):
        """Note that the process outlived the attempt, though it came to nothing."""
        for _try in range(TRIES):
            with suppress(psycopg2.Error), self._own_transaction() as attempts:
                attempts.search(attempts._domain(connection, backfill)).turn = 0
                return
            time.sleep(PAUSE)  # the database may be what failed; it will be back

    @contextmanager
    def _own_transaction(self):
        with self.env.registry.cursor() as cr:
            # A crash of the database may forget the note: it was no delivery's fault.
            cr.execute("SET LOCAL synchronous_commit = off")
            yield self.with_env(api.Environment(cr, SUPERUSER_ID, {}))
