# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""ack_p50_ms, ack_p95_ms, ack_p99_ms: how long a provider waits during the drain."""

from live import SERVER, WARM_UP, live
from tools import emit, parts, percentile

PER_SECOND = 50
PERCENTILES = (50, 95, 99)
PARTS = 5


def invoices_needed(sizes):
    """Return how many invoices the captures pay."""
    return WARM_UP + sizes.ack_seconds * PER_SECOND


def measure(sizes):
    """Print the figures; the drain must have worked meanwhile."""
    with live() as road:
        before = road.posted()
        road.tell(road.captures(sizes.ack_seconds * PER_SECOND), PER_SECOND)
        latencies = [1000 * latency for latency, _moment in road.answers()]
        meanwhile = road.posted() - before
        road.wait_until_posted()
    if not meanwhile:
        raise RuntimeError("Nothing was posted meanwhile: the drain did not work")
    against = (
        f"{len(latencies)} captures of open invoices, {PER_SECOND} per second, each "
        f"from when it was due to be sent to its 200; {SERVER}; {meanwhile} of them "
        "were posted meanwhile, the rest afterwards; samples of "
        f"{PARTS} stretches of time"
    )
    for percent in PERCENTILES:
        samples = [percentile(part, percent) for part in parts(latencies, PARTS)]
        value = percentile(latencies, percent)
        emit(f"ack_p{percent}_ms", value, "ms", against, samples)
