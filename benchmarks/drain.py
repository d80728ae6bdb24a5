# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""drain_end_vs_start, drain_memory_growth_mb: what a long drain wears out.

The speed of the machine changes in minutes. So the end of the drain is held against the
start of a second one, of a copy of the database made before, batch by batch in turns.
"""

import os
from itertools import islice

import world
from children import agent
from messages import Stripe
from tools import emit, parts, ratio, steps

MEGABYTE = 1024 * 1024
WARM_UP = 5  # batches
POINTS = 10  # measurements of memory after that
STORED_AT_ONCE = 1000
# One capture and the 39 messages of 13 payments that are not made yet. A batch holds
# five groups, so that all batches are alike.
GROUP = 40
MIX = (
    "1 in 40 a capture of an invoice, the rest payment_intent.created, "
    "payment_intent.requires_action and uncaptured charge.succeeded"
)


def invoices_needed(sizes):
    """Return how many invoices the captures pay."""
    return sizes.deliveries // GROUP + 1


def measure(sizes):
    """Print both figures of one drain by a fresh process."""
    database = world.fresh()
    with agent(database) as clerk:
        lane, _token = clerk.ask("connections")[0]
        bodies = _bodies(clerk.ask("invoices"))
        with steps.step(f"Storing {sizes.deliveries} deliveries"):
            _store(clerk, lane, islice(bodies, sizes.deliveries))
    # Or PostgreSQL would know more of the one database than of its copy.
    world.execute(database, "ANALYZE")
    twin = world.twin()
    with agent(database) as worker, agent(twin) as beginner:
        batch = worker.ask("drain", lane, WARM_UP)[0][0]
        batches = sizes.deliveries // batch - WARM_UP
        tenth = max(1, batches // 10)
        growth = _drain(worker, lane, batches - tenth)
        beginner.ask("drain", lane, WARM_UP)
        rounds = [_round(worker, beginner, lane, number) for number in range(tenth)]
        worker.ask("drain", lane)
        left = worker.ask("left", lane)
    if left:
        raise RuntimeError(f"{left} deliveries are not done")
    told = f"{sizes.deliveries} waiting deliveries, {MIX}; in every batch alike"
    against = (
        f"deliveries per second at the start of the same drain, after {WARM_UP} "
        f"batches to warm up: the last {tenth} batches in turns with the first {tenth} "
        f"of another process in a copy of the database; {told}"
    )
    value, ratios = ratio(rounds)
    emit("drain_end_vs_start", value, "ratio", against, ratios)
    against = (
        f"resident memory of the same process after its first {WARM_UP} batches; "
        f"{told}; highest of the samples, which are taken along the way"
    )
    emit("drain_memory_growth_mb", max(growth), "MB", against, growth)


def _bodies(invoices):
    """Yield messages in groups; each names an invoice, one of them pays one."""
    stripe = Stripe()
    for _id, name, total in invoices:
        yield stripe.captured(name, total)
        for _payment in range(GROUP // 3):
            yield from stripe.lifecycle(name, total)


def _store(clerk, lane, bodies):
    while chunk := list(islice(bodies, STORED_AT_ONCE)):
        clerk.ask("store", lane, chunk)


def _drain(worker, lane, batches):
    """Drain some batches; return how memory grows on the way, in MB."""
    start = worker.ask("memory")
    growth = []
    for part in parts(range(batches), POINTS):
        worker.ask("drain", lane, len(part))
        growth.append((worker.ask("memory") - start) / MEGABYTE)
    return growth


def _round(worker, beginner, lane, number):
    """Return deliveries per second of one batch of each, who take turns to be first."""
    pair = [worker, beginner]
    rates = {}
    for index in (0, 1) if number % 2 else (1, 0):
        [(count, seconds)] = pair[index].ask("drain", lane, 1)
        rates[index] = count / seconds
    steps.say(
        f"[drain] round {number + 1}: end {rates[0]:.0f}/s, start {rates[1]:.0f}/s, "
        f"load {os.getloadavg()[0]:.1f}"
    )
    return rates[0], rates[1]
