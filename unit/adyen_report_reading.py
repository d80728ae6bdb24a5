# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Short ways to read Adyen's settlement report."""

import pytest
from adyen_payloads import settlement_report
from adyen_reading import IMMEDIATE, MANUAL
from reading import events_of, read_report

from engine.errors import EngineError
from engine.providers.adyen import report as adyen_report

OPTIONS = pytest.mark.parametrize("options", [IMMEDIATE, MANUAL])


def read(body, options=IMMEDIATE):
    return read_report(adyen_report, body, options)


def lines(*rows, options=IMMEDIATE):
    """Give the facts of rows, which need not be a whole batch."""
    return events_of(adyen_report.translate(settlement_report(rows), options))


def fault(*rows):
    """Give the path at which the first bad row is refused."""
    with pytest.raises(EngineError) as refused:
        lines(*rows)
    return refused.value.path


def claims(events):
    return {
        (one.key, one.type, one.amount_minor, one.currency, one.exponent)
        for one in events
    }
