# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Short ways to read what GoCardless tells."""

from gocardless_payloads import PAYMENT
from reading import events_of

from engine.providers import get

STREAMS = get("gocardless").streams
CAPTURE = f"payment:{PAYMENT}:capture"
RETURN = f"payment:{PAYMENT}:charge_reversed"
DISPUTE = f"dispute:{PAYMENT}"


def pulled(stream, body):
    """Give the facts of a page."""
    return events_of(STREAMS[stream].translate(body, {}))
