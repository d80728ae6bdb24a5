# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Old events learn their batch and movement; payouts and disputes are made of them.

Rows of the entity mapping get their first version.
"""

from odoo import SUPERUSER_ID, api

from odoo.addons.payment_hub.engine.planner import fees_of

AT_ONCE = 1000  # events; all of them would not fit into memory


def migrate(cr, version):
    """Fill what 19.0.1.3.0 did not have."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    fill_settled(env)
    fill_postings(cr)
    fill_fee_kinds(env)
    entities = env["payment.hub.entity"].with_context(active_test=False)
    entities.search([])._keep_version()
    connections = env["payment.hub.connection"].search([])
    for name in ("payment.hub.payout", "payment.hub.dispute"):
        env[name]._rebuild(connections)


def fill_postings(cr):
    """Tell postings their settlement, as ``_compute_batch`` does."""
    cr.execute(
        """
        UPDATE payment_hub_posting posting
           SET batch = COALESCE(
                   event.batch,
                   CASE WHEN posting.kind = 'payout' THEN event.object_id END)
          FROM payment_hub_event event
         WHERE event.id = posting.event_id
        """
    )


def fill_fee_kinds(env):
    """Have posted fees learn their one kind, as the digest tells it by now.

    They stay as they were posted: without it, each would be reversed and posted anew.
    """
    env.cr.execute(
        """
        SELECT posting.id
          FROM payment_hub_posting posting
         WHERE posting.kind IN ('fee', 'fee_refund')
           AND posting.is_reversed IS NOT TRUE
           AND posting.digest IS NOT NULL
           AND posting.fee_kind IS NULL
         ORDER BY posting.id
        """
    )
    ids = [posting_id for (posting_id,) in env.cr.fetchall()]
    Posting = env["payment.hub.posting"]
    for start in range(0, len(ids), AT_ONCE):
        for posting in Posting.browse(ids[start : start + AT_ONCE]):
            kinds = fees_of(*posting.event_id._to_engine())
            if len(kinds) == 1:
                (kind,) = kinds
                posting.write({"fee_kind": kind, "digest": f"{posting.digest}|{kind}"})
        env.flush_all()
        env.invalidate_all()


def fill_settled(env):
    """Have each event learn what its sources have told, some at a time."""
    env.cr.execute(
        "SELECT DISTINCT event_id FROM payment_hub_attestation"
        " WHERE settlement_currency IS NOT NULL ORDER BY event_id"
    )
    ids = [event_id for (event_id,) in env.cr.fetchall()]
    Event = env["payment.hub.event"]
    for start in range(0, len(ids), AT_ONCE):
        Event.browse(ids[start : start + AT_ONCE])._keep_settled()
        env.flush_all()
        env.invalidate_all()
