# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL

from .columns import BigInt, LooseMany2one

KEPT = 100

CAUSES = [
    ("signature_missing", "No signature"),
    ("signature_malformed", "Malformed signature"),
    ("signature_mismatch", "Wrong signature (wrong secret?)"),
    ("timestamp_stale", "Signed too long ago"),
    ("timestamp_future", "Signed in the future (clock?)"),
    ("certificate_missing", "Signed with a certificate that does not exist"),
    ("length_required", "No Content-Length"),
    ("too_large", "Too large"),
]


class PaymentHubRefusal(models.Model):
    """The last hundred refused requests of a connection: when, why, from where.

    A ring, so that nobody can fill the disk; without the body, because nobody vouches
    for it.
    """

    _name = "payment.hub.refusal"
    _description = "Refused Request"
    _order = "refused_at desc, id desc"
    _rec_name = "cause"
    _log_access = False

    connection_id = LooseMany2one(
        "payment.hub.connection", required=True, readonly=True
    )
    company_id = fields.Many2one(related="connection_id.company_id")
    slot = fields.Integer(required=True, readonly=True)
    cause = fields.Selection(CAUSES, required=True, readonly=True)
    refused_at = fields.Datetime(string="Refused", required=True, readonly=True)
    remote_address = fields.Char(readonly=True)

    _ring = models.UniqueIndex("(connection_id, slot)")

    @api.model
    def _record(self, connection_id, cause, address):
        """Count a refusal and keep it in the ring, in a transaction of its own.

        All refusals of a connection meet in the same rows. LOCK TABLE comes before the
        snapshot: a flood of refusals queues up here instead of failing to serialise.
        """
        with self.env.registry.cursor() as cr:
            cr.execute(
                "SET LOCAL synchronous_commit = off; SET LOCAL lock_timeout = '2s'"
            )
            cr.execute(
                "LOCK TABLE payment_hub_refusal_count IN SHARE ROW EXCLUSIVE MODE"
            )
            cr.execute(
                SQL(
                    """
                    INSERT INTO payment_hub_refusal_count AS counter
                        (connection_id, cause, count, last_at)
                    VALUES (%s, %s, 1, now() AT TIME ZONE 'UTC')
                    ON CONFLICT (connection_id, cause) DO UPDATE
                       SET count = counter.count + 1, last_at = EXCLUDED.last_at
                    """,
                    connection_id,
                    cause,
                )
            )
            cr.execute(
                SQL(
                    """
                    INSERT INTO payment_hub_refusal
                        (connection_id, slot, cause, refused_at, remote_address)
                    SELECT %(id)s, sum(count) %% %(kept)s, %(cause)s,
                           now() AT TIME ZONE 'UTC', %(address)s
                      FROM payment_hub_refusal_count WHERE connection_id = %(id)s
                    ON CONFLICT (connection_id, slot) DO UPDATE
                       SET cause = EXCLUDED.cause, refused_at = EXCLUDED.refused_at,
                           remote_address = EXCLUDED.remote_address
                    """,
                    id=connection_id,
                    kept=KEPT,
                    cause=cause,
                    address=address,
                )
            )


class PaymentHubRefusalCount(models.Model):
    """How often a connection refused requests for each cause."""

    _name = "payment.hub.refusal.count"
    _description = "Count of Refused Requests"
    _order = "last_at desc"
    _rec_name = "cause"
    _log_access = False

    connection_id = LooseMany2one(
        "payment.hub.connection", required=True, readonly=True
    )
    company_id = fields.Many2one(related="connection_id.company_id")
    cause = fields.Selection(CAUSES, required=True, readonly=True)
    count = BigInt(required=True, readonly=True)
    last_at = fields.Datetime(string="Last", required=True, readonly=True)

    _once = models.UniqueIndex("(connection_id, cause)")
