# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the benchmarks share: the set-up's modules from dev/, and the output."""

import itertools
import json
import math
import statistics
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "dev"))

import databases
import odoo_run
import odoo_server
import paths
import player
import postgres
import python_env
import stages
import steps

HERE = Path(__file__).resolve().parent

__all__ = (
    "HERE",
    "databases",
    "digits",
    "emit",
    "odoo_run",
    "odoo_server",
    "parts",
    "paths",
    "percentile",
    "player",
    "postgres",
    "python_env",
    "ratio",
    "stages",
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


def percentile(samples, percent):
    """Return the sample that so many percent of the samples do not exceed."""
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def parts(samples, number):
    """Cut samples, in their order, into so many parts of about the same length."""
    edges = [len(samples) * index // number for index in range(number + 1)]
    return [samples[start:end] for start, end in itertools.pairwise(edges)]
