# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What every provider offers to the hub."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from types import MappingProxyType
from typing import NamedTuple

from ..errors import EngineError
from ..events import Event, Reading

NOTHING: Mapping[str, str] = MappingProxyType({})


class Capability(str, Enum):
    """Something that not every provider can do; screens show what theirs can."""

    REPORTS = "reports"  # settlement reports can be uploaded
    BACKFILL = "backfill"  # lists can be pulled through the API
    LOOKUP = "lookup"  # one object can be asked for
    CHECK = "check"  # API credentials can be tried
    REGISTER = "register"  # the webhook can be registered through the API
    TEST_MESSAGE = "test_message"  # the hub can sign a message to itself
    BALANCE = "balance"  # the API can be asked what the provider owes
    BATCHES = "batches"  # sources tell to which settlement or payout something belongs


class Keys(NamedTuple):
    """What a signature is checked with.

    ``secrets`` are the active ones, the newest first, ``url`` is the webhook's address
    as registered at the provider, ``certificates`` are PEM texts by their address.
    """

    secrets: Sequence[str]
    url: str = ""
    certificates: Mapping[str, str] = NOTHING


class Envelope(NamedTuple):
    """What the inbox needs to know of a message; "" where the message does not say."""

    event_id: str
    event_type: str
    dedupe_key: str
    api_version: str = ""


class Lookup(NamedTuple):
    """An object that a message only names: ask the provider for it."""

    object_type: str
    object_id: str


class Translation(NamedTuple):
    """One message as facts; a delivery or a page may hold several.

    ``created`` is the provider's clock, aware, UTC. ``livemode`` is None where the
    message does not tell. ``account`` is the provider's account that the message is
    about, where the connection must name it, else "". ``readings`` are of the balance,
    one for each currency. A message that could not be read has a ``fault``, and neither
    facts nor readings.
    """

    event_id: str
    event_type: str
    created: datetime | None
    livemode: bool | None
    account: str
    api_version: str
    events: tuple[Event, ...]
    lookups: tuple[Lookup, ...] = ()
    fault: EngineError | None = None
    readings: tuple[Reading, ...] = ()


class Request(NamedTuple):
    """A signed message of the hub to itself; header names in lower case."""

    body: bytes
    headers: Mapping[str, str]


class Credential(NamedTuple):
    """Something that the provider hands out and the hub must know.

    ``name`` is ``signing_secret`` for what verifies messages; several of these may be
    active at once. The client gets the others by name. ``where`` tells a person where
    in the provider's dashboard it stands.
    """

    name: str
    label: str
    where: str
    is_required: bool = True
    is_secret: bool = True


class Option(NamedTuple):
    """A setting that the provider's messages do not tell; ``choices`` of
    (value, label), the first is the default; none for free text."""

    name: str
    label: str
    help: str
    choices: tuple[tuple[str, str], ...] = ()


class CodeList(NamedTuple):
    """All codes that a provider documents in one place, and what becomes of them.

    ``codes`` gives the types of events by provider code; several where the rest of
    the message or the sign decides.
    """

    name: str
    source: str  # where the provider documents them
    codes: Mapping[str, tuple[str, ...]]


class Stream(NamedTuple):
    """A list that the provider's API gives page by page.

    ``translate(body, options)`` reads one page, or one object that was looked up.
    ``is_pulled`` is False for objects that are only looked up. ``history_days`` is how
    far back the provider gives it; 0 without a limit.
    """

    label: str
    translate: Callable[[bytes, Mapping[str, str]], tuple[Translation, ...]]
    is_pulled: bool = True
    history_days: int = 0


class Report(NamedTuple):
    """A settlement report that a person or the client can bring.

    ``split(body)`` gives parts that can be read alone, each a few hundred rows, and
    raises MalformedMessage for a file that is no such report, incomplete or
    contradicts itself; ``translate(part, options)`` reads one part.
    """

    label: str
    where: str
    split: Callable[[bytes], list[bytes]]
    translate: Callable[[bytes, Mapping[str, str]], tuple[Translation, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One payment provider.

    ``verify(body, headers, keys, now, tolerance=300)`` gives the index of the secret
    that signed the body, or None for a message that the provider does not sign and
    that carries no fact: its translation has lookups only. It raises SignatureRefused
    or CertificateUnknown. Header names are in lower case everywhere.
    ``envelope(body, headers)`` gives an Envelope, and never raises.
    ``translate(body, headers, options)`` gives a tuple of Translations, or raises an
    EngineError for a body that cannot be taken apart at all.
    ``test_request(secret, url, account, event_id, created, livemode)`` gives a Request
    that proves a connection and means nothing else.
    ``client(credentials, livemode, account, options)`` gives a ``client.Client``.

    ``kept_headers`` are stored with a delivery: what was signed, and what
    ``envelope`` and ``translate`` read. ``subscribed_events`` are the provider's names
    of what ``translate`` understands. ``answer`` is the body that the provider wants
    to read in a 200; None for the hub's own. ``overlap_hours``: how long messages
    signed with a replaced secret may still arrive.
    """

    code: str
    label: str
    capabilities: frozenset[Capability]
    kept_headers: tuple[str, ...]
    verify: Callable[..., int | None]
    envelope: Callable[[bytes, Mapping[str, str]], Envelope]
    translate: Callable[..., tuple[Translation, ...]]
    subscribed_events: tuple[str, ...]
    credentials: tuple[Credential, ...]
    code_lists: tuple[CodeList, ...]
    webhook_steps: str  # where in the dashboard the webhook is made
    account_label: str = ""  # of the provider's account; "" when none is needed
    account_help: str = ""
    is_account_required: bool = False
    options: tuple[Option, ...] = ()
    answer: bytes | None = None
    overlap_hours: int = 24
    test_request: Callable[..., Request] | None = None
    client: Callable[..., object] | None = None
    streams: Mapping[str, Stream] = field(default_factory=dict)
    reports: Mapping[str, Report] = field(default_factory=dict)
