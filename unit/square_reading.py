# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Short ways to read what Square tells."""

from roads import by_key
from square_payloads import CREATED, PAYMENT, listed, message

from engine.providers import get

SQUARE = get("square")
CAPTURE = f"payment:{PAYMENT}:capture"
FEE = f"payment:{PAYMENT}:fee"


def told(event, created=CREATED, headers=None, options=None, **objects):
    body = message(event, created, **objects)
    (translation,) = SQUARE.translate(body, headers or {}, options or {})
    return translation


def facts(event, **more):
    return {fact.key: fact for fact in told(event, **more).events}


def pulled(stream, *objects):
    return by_key(SQUARE.streams[stream].translate(listed(stream, *objects), {}))
