# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""translate_<provider>_per_s: each provider's usual message, on one core."""

import json
import statistics
import subprocess
import sys

from tools import HERE, emit

PROGRAM = HERE / "translate_rounds.py"


def measure(sizes):
    """Print how many messages are translated in a process of its own."""
    command = [sys.executable, PROGRAM, str(sizes.rounds), str(sizes.messages)]
    told = subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout
    for code, (name, rates) in json.loads(told).items():
        emit(
            f"translate_{code}_per_s",
            statistics.median(rates),
            "messages/s",
            f"one core, no Odoo: the bytes of one {name} to events",
            rates,
        )
