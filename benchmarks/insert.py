# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""insert_at_1m_vs_1k: whether storing a message gets slower as evidence piles up."""

import json
import os

import world
from children import agent
from messages import Stripe
from tools import emit, ratio, steps

FEW = 1000
# Done deliveries with the columns that the webhook fills. Keys are random, which is
# the worst case for their index; the bodies differ in nothing but their key.
FILL = """
    INSERT INTO payment_hub_delivery (
        connection_id, dedupe_key, provider_event_id, event_type, body, body_sha256,
        headers, remote_address, secret_id, source, received_at, state, attempts,
        processed_at, create_date, write_date
    )
    SELECT %(connection)s, key, key, 'payment_intent.succeeded',
           convert_to(replace(%(body)s, %(event)s, key), 'UTF8'), encode(
           sha256(key::bytea), 'hex'), '{"user-agent": "Stripe/1.0"}', '127.0.0.1', 1,
           'webhook', moment, 'done', 1, moment, moment, moment
      FROM generate_series(1, %(rows)s) AS number,
   LATERAL (SELECT 'evt_' || md5(number::text) AS key,
                   now() AT TIME ZONE 'UTC' - interval '1 year'
                   + number * interval '1 s' AS moment) AS made
"""


def measure(sizes):
    """Print the figure, from two databases that take turns."""
    few, many = world.fresh(), world.fresh(world.SECOND)
    stripe = Stripe()
    with agent(few) as at_few, agent(many) as at_many:
        lane, _token = at_few.ask("connections")[0]
        rows = {few: FEW, many: sizes.old_deliveries}
        for database, count in rows.items():
            _fill(database, lane, stripe.captured("INV/2026/00001", 11500), count)
        workers = [at_few, at_many]
        rounds = [
            _round(workers, lane, stripe, sizes.inserts, number)
            for number in range(1 + sizes.insert_rounds)
        ][1:]  # the first warms up
    inserted = (1 + sizes.insert_rounds) * sizes.inserts
    for database, count in rows.items():
        there = world.execute(database, "SELECT count(*) FROM payment_hub_delivery")
        if there != count + inserted:
            raise RuntimeError(f"{count + inserted} deliveries expected, {there} there")
    body = world.execute(many, "SELECT length(body) FROM payment_hub_delivery LIMIT 1")
    value, ratios = ratio([(rates[1], rates[0]) for rates in rounds])
    against = (
        f"the webhook's INSERT, one commit each, in a database with {rows[many]} done "
        f"deliveries against one with {rows[few]}; bodies of {body} bytes, "
        "alternating rounds"
    )
    emit("insert_at_1m_vs_1k", value, "ratio", against, ratios)


def _fill(database, lane, body, rows):
    with steps.step(f"Filling {database} with {rows} deliveries"):
        parameters = {
            "connection": lane,
            "body": body,
            "event": json.loads(body)["id"],
            "rows": rows,
        }
        world.execute(database, FILL, parameters)
        # What the server does in its own time, so that it does not do it meanwhile.
        world.execute(database, "VACUUM ANALYZE payment_hub_delivery")
        world.execute(database, "CHECKPOINT")


def _round(workers, lane, stripe, inserts, number):
    """Return inserts per second of each worker; they take turns at being the first."""
    rates = [0, 0]
    for index in (0, 1) if number % 2 else (1, 0):
        bodies = [stripe.captured("INV/2026/00001", 11500) for _ in range(inserts)]
        rates[index] = inserts / workers[index].ask("insert", lane, bodies)
    steps.say(
        f"[insert] round {number}: {rates[0]:.0f}/s, with many rows "
        f"{rates[1]:.0f}/s, load {os.getloadavg()[0]:.1f}"
    )
    return rates
