# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""engine_events_per_s, simulator_deliveries_per_s: the engine alone, on one core."""

import json
import statistics
import subprocess
import sys

from tools import HERE, emit

PROGRAM = HERE / "engine_rounds.py"
FIGURES = (
    (
        "engine_events_per_s",
        "events/s",
        "one core, no Odoo: verify, translate, fold and plan a signed "
        "payment_intent.succeeded of about 2 KB; each gives one posting",
    ),
    (
        "simulator_deliveries_per_s",
        "deliveries/s",
        "one core, no Odoo: the simulator's model of receive, drain and post around "
        "the real engine, with duplicates, disorder and crashes; all promises checked",
    ),
)


def measure(sizes):
    """Print how fast the engine is in a process of its own."""
    command = [sys.executable, PROGRAM, str(sizes.rounds), str(sizes.messages)]
    told = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    for (name, unit, against), rates in zip(FIGURES, json.loads(told), strict=True):
        emit(name, statistics.median(rates), unit, against, rates)
