# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""ack_to_posted_p50_s, ack_to_posted_p95_s: from the 200 to the entry in the books."""

import json
import time

import world
from live import SERVER, WARM_UP, live
from tools import emit, percentile

PER_SECOND = 1
POLL = 0.02  # seconds
PATIENCE = 60  # seconds for the last posting
PERCENTILES = (50, 95)
# Which of some messages have a posting that others can see.
POSTED = """
    SELECT array_agg(delivery.dedupe_key)
      FROM payment_hub_delivery delivery
      JOIN payment_hub_attestation attestation
        ON attestation.delivery_id = delivery.id
      JOIN payment_hub_posting posting ON posting.event_id = attestation.event_id
     WHERE delivery.connection_id = %s AND delivery.dedupe_key = ANY(%s)
"""


def invoices_needed(sizes):
    """Return how many invoices the captures pay."""
    return WARM_UP + sizes.posted_seconds * PER_SECOND


def measure(sizes):
    """Print the figures."""
    with live() as road:
        bodies = road.captures(sizes.posted_seconds * PER_SECOND)
        events = [json.loads(body)["id"] for body in bodies]
        road.tell(bodies, PER_SECOND)
        seen = _watch(road, events)
        waits = [
            seen[event] - answered
            for event, (_latency, answered) in zip(events, road.answers(), strict=True)
        ]
        road.wait_until_posted()
    against = (
        f"captures of open invoices, {PER_SECOND} per second: from the moment the 200 "
        "was there until another connection to the database sees the posting, which "
        f"it looks for every {POLL * 1000:.0f} ms; {SERVER}"
    )
    for percent in PERCENTILES:
        value = percentile(waits, percent)
        emit(f"ack_to_posted_p{percent}_s", value, "s", against, waits)


def _watch(road, events):
    """Return {event: moment its posting was seen}, by the clock of the senders."""
    seen = {}
    deadline = time.monotonic() + len(events) / PER_SECOND + PATIENCE
    with world.connection(road.database) as cursor:
        while missing := [event for event in events if event not in seen]:
            cursor.execute(POSTED, [road.lane, missing])
            now = time.monotonic()
            seen.update(dict.fromkeys(cursor.fetchone()[0] or (), now))
            if now > deadline:
                raise RuntimeError(f"{len(missing)} of {len(events)} are not posted")
            time.sleep(POLL)
    return seen
