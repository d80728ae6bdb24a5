# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Short ways to read a message of Stripe."""

import pytest

from engine.errors import MalformedMessage
from engine.providers.stripe.webhook import translate


def only(body):
    """Give the one fact of a message."""
    (translation,) = translate(body)
    (event,) = translation.events
    return event


def fault(body, error=MalformedMessage):
    """Give the path at which a message is refused."""
    with pytest.raises(error) as refused:
        translate(body)
    return refused.value.path
