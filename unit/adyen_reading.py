# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Short ways to read what Adyen tells."""

from adyen_payloads import message

from engine.providers.adyen.webhook import translate

IMMEDIATE, MANUAL = {}, {"capture": "manual"}


def only(payload, options=IMMEDIATE):
    """Give the one fact of a message."""
    (translation,) = translate(payload, {}, options)
    if translation.fault:
        raise translation.fault
    (event,) = translation.events
    return event


def told(code, options=IMMEDIATE, **more):
    """Give key and type of an item's fact."""
    event = only(message(code, **more), options)
    return event.key, event.type
