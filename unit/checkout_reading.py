# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Short ways to read what Checkout.com tells."""

from reading import events_of, read_report

from engine.providers.checkout.report import REPORTS


def read(name, body):
    return read_report(REPORTS[name], body)


def facts(name, body):
    return {fact.key: fact for fact in events_of(read(name, body))}


def fault(name, body):
    (found,) = (item.fault for item in read(name, body) if item.fault)
    return found.path
