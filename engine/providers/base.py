# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What every provider offers to the hub."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from ..events import Event


class Envelope(NamedTuple):
    """What the inbox needs to know of a message; "" where the message does not say."""

    event_id: str
    event_type: str
    dedupe_key: str


class Translation(NamedTuple):
    """A message as facts. ``created`` is the provider's clock, aware, UTC."""

    event_id: str
    event_type: str
    created: datetime
    livemode: bool
    account: str
    api_version: str
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class Provider:
    """One payment provider.

    ``verify(body, headers, secrets, now, tolerance=300)`` gives the index of the
    secret that signed the body, ``sign(body, secret, timestamp)`` the value of the
    first of ``signature_headers``, which are in lower case; ``envelope(body)`` gives an
    Envelope, and never raises; ``translate(body)`` a Translation.
    ``test_message(event_id, created, livemode)`` gives the body of a message that
    proves a connection and means nothing else. ``subscribed_events`` are the
    provider's names of what ``translate`` understands.
    """

    code: str
    label: str
    signature_headers: tuple[str, ...]
    verify: Callable[..., int]
    sign: Callable[[bytes, str, int], str]
    envelope: Callable[[bytes], Envelope]
    translate: Callable[[bytes], Translation]
    test_message: Callable[[str, int, bool], bytes]
    subscribed_events: tuple[str, ...]
