# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the benchmarks share: the set-up's modules from dev/, and the output."""

import json
import statistics
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "dev"))

import databases
import odoo_run
import odoo_server
import paths
import player
import python_env
import steps

HERE = Path(__file__).resolve().parent

__all__ = (
    "HERE",
    "databases",
    "digits",
    "emit",
    "odoo_run",
    "odoo_server",
    "paths",
    "player",
    "python_env",
    "ratio",
    "steps",
)


def digits(value):
    """Return a number with three digits that count."""
    return float(f"{value:.3g}")


def emit(name, value, unit, against, samples):
    """Print one figure as a JSON object on a line of its own."""
    figure = {
        "name": name,
        "value": digits(value),
        "unit": unit,
        "against": against,
        "samples": [digits(sample) for sample in samples],
    }
    print(json.dumps(figure), flush=True)


def ratio(rounds):
    """Return the median and the single ratios of [(rate, rate it is held against)]."""
    ratios = [rate / other for rate, other in rounds]
    return statistics.median(ratios), ratios
