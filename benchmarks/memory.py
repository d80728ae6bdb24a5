# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""drain_memory_growth_mb: what a worker keeps of the deliveries it has drained."""

import os
from itertools import islice

import world
from children import agent
from messages import Stripe
from tools import emit, steps

MEGABYTE = 1024 * 1024
WARM_UP = 5  # batches
POINTS = 10  # measurements after that
STORED_AT_ONCE = 1000
# One capture and the 39 messages of 13 payments that are not made yet.
GROUP = 40
MIX = (
    "1 in 40 a capture of an invoice, the rest payment_intent.created, "
    "payment_intent.requires_action and uncaptured charge.succeeded"
)


def invoices_needed(sizes):
    """Return how many invoices the captures pay."""
    return sizes.deliveries // GROUP + 1


def measure(sizes):
    """Print how far the memory of a fresh process grows during the whole drain."""
    database = world.fresh()
    with agent(database) as clerk:
        lane, _token = clerk.ask("connections")[0]
        bodies = _bodies(clerk.ask("invoices"))
        with steps.step(f"Storing {sizes.deliveries} deliveries"):
            _store(clerk, lane, islice(bodies, sizes.deliveries))
    with agent(database) as worker:
        growth = _drain(worker, lane, sizes.deliveries)
        left = worker.ask("left", lane)
    if left:
        raise RuntimeError(f"{left} deliveries are not done")
    against = (
        f"resident memory of the same process after its first {WARM_UP} batches; "
        f"{sizes.deliveries} waiting deliveries, {MIX}; highest of the samples, "
        "which are taken along the way"
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


def _drain(worker, lane, deliveries):
    """Drain the lane; return the growth in MB at some points on the way."""
    drained, _seconds = worker.ask("drain", lane, WARM_UP)
    start = worker.ask("memory")
    batch = max(1, drained // WARM_UP)
    step = max(1, (deliveries - drained) // batch // POINTS + 1)
    growth = []
    while True:
        count, seconds = worker.ask("drain", lane, step)
        if not count:
            return growth or [0]
        drained += count
        growth.append((worker.ask("memory") - start) / MEGABYTE)
        steps.say(
            f"[memory] {drained} drained, {count / seconds:.0f}/s, "
            f"{growth[-1]:+.1f} MB, load {os.getloadavg()[0]:.1f}"
        )
