# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Counts the work of Python code: unlike seconds, the same on every machine.

What happens inside of C (a regular expression, a copy of bytes) is one step.
"""

import sys
from collections.abc import Callable

SMALL = 1_500


def steps(work: Callable[[], object]) -> int:
    """Count the lines that are run, each again for each turn of its loop."""
    count = 0

    def trace(_frame, event, _arg):
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def assert_linear(work_on: Callable[[int], Callable[[], object]]) -> None:
    """Fail when three times as much to do takes far more than three times the steps.

    :param work_on: gives the work for a size
    """
    steps(work_on(SMALL))  # what is made once is made now
    few, many = steps(work_on(SMALL)), steps(work_on(3 * SMALL))
    assert many <= 4 * few + 1_000, (few, many)
