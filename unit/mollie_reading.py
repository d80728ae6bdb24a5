# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Short ways to read what Mollie tells."""

from datetime import datetime, timezone

import pytest
from mollie_payloads import encode, page
from reading import events_of

from engine.errors import MalformedMessage
from engine.providers import get
from engine.providers.mollie.webhook import translate

STREAMS = get("mollie").streams
LATER = datetime(2026, 3, 20, 9, 15, tzinfo=timezone.utc)


def facts(body, **options):
    (translation,) = translate(body, {}, options)
    return translation.events


def only(body, **options):
    (event,) = facts(body, **options)
    return event


def pulled(stream, *items, **options):
    """Give the facts of a page."""
    return events_of(STREAMS[stream].translate(encode(page(stream, *items)), options))


def looked_up(item, stream="payment"):
    (translation,) = STREAMS[stream].translate(encode(item), {})
    return translation.events


def fault(body, error=MalformedMessage):
    with pytest.raises(error) as refused:
        translate(body)
    return refused.value.path
