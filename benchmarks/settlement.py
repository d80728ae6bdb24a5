# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""settlement_seconds, _whole_seconds, _peak_mb, _end_vs_start: a large settlement.

Half of its lines are captures, each of an invoice of its own, half are fees. They are
told one by one, and wait; the payout proves the settlement, and all of it is booked by
one entry in one transaction.
"""

import json
import statistics

import world
from children import agent
from tools import emit, parts

MEGABYTE = 1024 * 1024
STORED_AT_ONCE = 1000
WARM_UP = 1  # batches
BATCH = "po-1"
FEE = 30  # cents


def invoices_needed(sizes):
    """Return how many invoices the captures pay."""
    return sizes.settlement_lines // 2


def measure(sizes):
    """Print the figures of one settlement, booked by a fresh process."""
    lines = sizes.settlement_lines
    database = world.fresh()
    with agent(database) as clerk:
        lane = clerk.ask("connect_shop", "settlement")
        invoices = clerk.ask("invoices")[: lines // 2]
        for chunk in parts(invoices, max(1, lines // STORED_AT_ONCE)):
            clerk.ask("store", lane, [body for one in chunk for body in _told(*one)])
    world.execute(database, "ANALYZE")
    with agent(database) as worker:
        batches = worker.ask("drain", lane)
        total = sum(cents for _id, _name, cents in invoices)
        payout = _message(
            "payout.in_transit", "payout", BATCH, total - FEE * len(invoices)
        )
        worker.ask("store", lane, [payout])
        [(_count, seconds)] = worker.ask("drain", lane)
        peak = worker.ask("peak") / MEGABYTE
        paid = worker.ask("paid", [id_ for id_, _name, _cents in invoices])
    if paid != len(invoices):
        raise RuntimeError(f"{len(invoices) - paid} invoices are not paid")
    told = (
        f"{lines} lines: {len(invoices)} captures of an invoice each, and as many fees"
    )
    deciding = sum(spent for _count, spent in batches)
    emit("settlement_seconds", seconds, "s", f"60 s; booking alone; {told}", [seconds])
    against = (
        "60 s; from the stored messages to the entry, posted and reconciled: reading "
        f"and deciding, then booking; {told}"
    )
    emit(
        "settlement_whole_seconds",
        deciding + seconds,
        "s",
        against,
        [deciding, seconds],
    )
    emit(
        "settlement_peak_mb",
        peak,
        "MB",
        f"1024 MB; of the whole process; {told}",
        [peak],
    )
    rates = [count / spent for count, spent in batches[WARM_UP:] or batches]
    fifth = max(1, len(rates) // 5)
    start, end = rates[:fifth], rates[-fifth:]
    value = statistics.median(end) / statistics.median(start)
    against = (
        f"messages decided per second in the first {fifth} batches after {WARM_UP} to "
        f"warm up, held against the last {fifth}; {told}"
    )
    emit("settlement_end_vs_start", value, "ratio", against, [*start, *end])


def _told(_id, name, cents):
    """Return what the provider tells of one payment."""
    settled = {
        "gross_minor": cents,
        "fee_minor": FEE,
        "net_minor": cents - FEE,
        "currency": "USD",
        "batch": BATCH,
    }
    paid = {"payment": f"pay-{_id}", "settlement": settled}
    references = [{"kind": "invoice", "value": name}]
    return (
        _message(
            "payment.captured",
            "charge",
            f"ch-{_id}",
            cents,
            references=references,
            **paid,
        ),
        _message("fee.charged", "fee", f"f-{_id}", FEE, **paid),
    )


def _message(type_, kind, name, cents, **more):
    data = {
        "livemode": False,
        "object": {"type": kind, "id": name},
        "amount": {"minor": cents, "currency": "USD"},
        **more,
    }
    return json.dumps(
        {
            "specversion": "1.0",
            "id": f"{type_}-{name}",
            "source": "/shop",
            "type": f"payment_hub.{type_}",
            "time": "2026-01-10T10:00:00+00:00",
            "data": data,
        }
    )
