# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Short ways to read what PayPal tells."""

from paypal_payloads import event, settlement
from reading import events_of, read_report

from engine.providers.paypal import report, webhook
from engine.providers.paypal.webhook import translate


def told(event_type, resource, version="2.0"):
    """Read an event as PayPal's own list of events attests it."""
    body = event(event_type, resource, version)
    (translation,) = webhook.translate_page(b'{"events": [%s]}' % body)
    if translation.fault:
        raise translation.fault
    return translation


def lookups(event_type, resource, version="2.0"):
    (translation,) = translate(event(event_type, resource, version))
    return translation.lookups


def facts(*arguments):
    return {fact.key: fact for fact in told(*arguments).events}


def money(fact):
    return fact.amount_minor, fact.currency, fact.exponent


def of_report(body, options=()):
    return events_of(read_report(report, body, options))


def of_rows(*rows):
    return of_report(settlement(*rows))
