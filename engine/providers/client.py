# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Talking to a provider's API: the only place of the engine that reaches out."""

import time
from collections.abc import Callable, Mapping
from concurrent import futures
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from threading import Thread
from typing import NamedTuple, TypeVar
from urllib.parse import parse_qs, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from .. import strict_json
from ..errors import EngineError
from ..json_node import Node
from .base import NOTHING, Lookup

TIMEOUT = (5, 30)  # seconds to connect, and between two bytes
DEADLINE = 45  # seconds for a whole answer, further attempts included
MAX_ANSWER = 64 * 1024 * 1024
MAX_PAUSE = 3600  # seconds; whatever a server asks for
USER_AGENT = "payment_hub"

Result = TypeVar("Result")
Told = TypeVar("Told")

# A connection that breaks and a gateway that is busy are tried again at once, reading
# only. 429 is not: the caller decides when to come back.
_RETRY = Retry(
    total=2,
    backoff_factor=0.5,
    allowed_methods=("GET",),
    status_forcelist=(502, 503, 504),
    raise_on_status=False,
    respect_retry_after_header=False,
)


class ProviderError(EngineError):
    """The provider's API did not give what was asked for."""

    cause = "provider_error"


class RateLimited(ProviderError):
    """Too many requests; come back after ``retry_after`` seconds."""

    cause = "rate_limited"

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(ProviderError):
    """No answer, or one that a later attempt may better."""

    cause = "provider_unavailable"


class Unauthorized(ProviderError):
    """The credentials are wrong, or lack a permission."""

    cause = "provider_unauthorized"


class Missing(ProviderError):
    """What was asked for is not there, or no longer."""

    cause = "provider_missing"


class Page(NamedTuple):
    """One page as the provider gave it.

    ``stream`` tells how to read ``body``. ``cursor`` is where the next page begins,
    in the provider's words; "" after the last one.
    """

    stream: str
    body: bytes
    cursor: str = ""


class Registration(NamedTuple):
    """A webhook that the provider has made; ``secret`` signs its messages."""

    webhook_id: str
    secret: str


class _Session(requests.Session):
    def get_redirect_target(self, _answer: requests.Response) -> None:
        """Follow nobody; even unfollowed, the address and the body would be read."""


class Transport:
    """HTTP with one API: bounded time and size, no redirects, typed errors.

    :param base_url: scheme and host, perhaps a path; nothing else is ever called
    :param headers: sent with each request
    :param auth: user and password for basic authentication
    """

    def __init__(
        self,
        base_url: str,
        headers: Mapping[str, str] = NOTHING,
        auth: tuple[str, str] | None = None,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self.session = _Session()
        self.session.trust_env = False  # no .netrc in place of the credentials
        self.session.headers.update({"User-Agent": USER_AGENT, **headers})
        self.session.auth = auth
        for scheme in ("https://", "http://"):
            self.session.mount(scheme, HTTPAdapter(max_retries=_RETRY))

    def get(self, path: str, params: Mapping[str, object] | None = None) -> bytes:
        """Read a path; see ``request``."""
        return self.request("GET", path, params=params)

    def post(self, path: str, **more: object) -> bytes:
        """Write to a path; ``json``, ``data`` and the like as for requests."""
        return self.request("POST", path, **more)

    def request(self, method: str, path: str, **more: object) -> bytes:
        """Call the API.

        :param path: from the base URL on, with a leading slash
        :return: the body of a 2xx
        :raises RateLimited: for 429
        :raises Unauthorized: for 401 and 403
        :raises Missing: for 404 and 410
        :raises Unavailable: for 408, 5xx, and when there is no answer
        :raises ProviderError: for any other answer
        """
        try:
            answer, body = _in_time(
                lambda: self._ask(method, self.base_url + path, **more)
            )
        except futures.TimeoutError:
            raise Unavailable(
                f"No answer from {self._host} within {DEADLINE} s: try again later."
            ) from None
        except ValueError:  # its text may hold a credential
            raise Unauthorized(
                f"The credentials for {self._host} hold characters that cannot be "
                "sent: enter them again."
            ) from None
        except requests.RequestException as error:
            # The text of the error holds the address with its query: not that.
            raise Unavailable(
                f"No answer from {self._host} ({type(error).__name__}): "
                "check the network, then try again."
            ) from None
        self._check(answer, body)
        return body

    def _ask(
        self, method: str, url: str, **more: object
    ) -> tuple[requests.Response, bytes]:
        with self.session.request(
            method,
            url,
            timeout=TIMEOUT,
            allow_redirects=False,
            stream=True,
            **more,
        ) as answer:
            return answer, _read(answer)

    @property
    def _host(self) -> str:
        return urlsplit(self.base_url).hostname or ""

    def _check(self, answer: requests.Response, body: bytes) -> None:
        status = answer.status_code
        if 200 <= status < 300:
            return
        told = f"{self._host} answered {status}: {_excerpt(body)}"
        if status == 429:
            raise RateLimited(told, _retry_after(answer.headers))
        if status in (401, 403):
            raise Unauthorized(
                f"{told} Check the credentials and what they are allowed to do."
            )
        if status in (404, 410):
            raise Missing(told)
        if status == 408 or status >= 500:
            raise Unavailable(told)
        raise ProviderError(told)


class Client:
    """One provider account's API; each provider has a subclass.

    :param credentials: by the names that the provider declares
    :param livemode: False for the provider's test environment
    :param account: the provider's account, where the connection names one
    :param options: by the names that the provider declares
    :param base_url: in place of the provider's own address, for tests

    Every method raises ProviderError and its kin, and nothing else. What a provider
    cannot do, it does not declare as a capability and does not override.
    """

    def __init__(
        self,
        credentials: Mapping[str, str],
        livemode: bool,
        account: str = "",
        options: Mapping[str, str] = NOTHING,
        base_url: str = "",
    ) -> None:
        self.credentials = credentials
        self.livemode = livemode
        self.account = account
        self.options = options
        self.transport = self._transport(base_url)

    def _transport(self, base_url: str) -> Transport:
        raise NotImplementedError

    def page(self, stream: str, since: datetime, until: datetime, cursor: str) -> Page:
        """Give one page of a stream.

        :param since: aware; the page holds nothing older
        :param until: aware; and nothing from this moment on
        :param cursor: "" for the first page, then that of the page before
        """
        raise NotImplementedError

    def lookup(self, lookup: Lookup) -> Page:
        """Give one object as it is now.

        A cursor tells that there is more of it: ``page`` gives that, whatever times
        it is asked for.
        """
        raise NotImplementedError

    def certificate(self, url: str) -> str:
        """Fetch a certificate that ``verify`` asked for, as PEM text."""
        raise NotImplementedError

    def balance(self) -> Page:
        """Give what the provider owes now, in every currency."""
        raise NotImplementedError

    def check(self) -> str:
        """Try the credentials; give the name or id of the account they belong to."""
        raise NotImplementedError

    def register_webhook(self, url: str, events: tuple[str, ...]) -> Registration:
        """Have the provider send ``events`` to ``url``."""
        raise NotImplementedError


def _in_time(work: Callable[[], Result]) -> Result:
    """Give what ``work`` gives, or raise ``futures.TimeoutError`` at the deadline.

    A server that sends one byte now and then keeps a socket from timing out, so only
    another thread can stop waiting for it.
    """
    future = futures.Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    return future.result(DEADLINE)


def parsed(body: bytes, what: Callable[[Node], Told] = lambda root: root) -> Told:
    """Read the JSON object that an API answered.

    :param what: takes from it what is wanted
    :raises ProviderError: when it is no such object, or ``what`` is not in it
    """
    try:
        return what(Node(strict_json.loads(body)))
    except EngineError as fault:
        raise ProviderError(f"The answer cannot be read: {fault}") from None


def next_link(root: Node, parameter: str) -> str:
    """Give a parameter of the address in ``_links.next.href``; "" on the last page.

    :raises MalformedMessage: for an address that lacks it: pages would be lost
    """
    href: object = root.data
    for name in ("_links", "next", "href"):
        href = href.get(name) if isinstance(href, dict) else None
    if not href:
        return ""
    try:
        return parse_qs(urlsplit(href).query)[parameter][0]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise root.fault("_links.next.href", f"{parameter} is due here.") from None


def dated(answer: bytes) -> bytes:
    """Put an answer that tells no moment, as JSON, together with that of now."""
    now = utc_text(datetime.now(timezone.utc), "microseconds")
    return b'{"asked_at": "%s", "answer": %s}' % (now.encode(), answer)


def utc_text(moment: datetime, precision: str = "seconds") -> str:
    """Write a time in UTC as "2026-03-31T22:00:00Z".

    :param precision: seconds, milliseconds or microseconds; the rest is cut off
    """
    utc = moment.astimezone(timezone.utc).replace(tzinfo=None)
    return f"{utc.isoformat(timespec=precision)}Z"


def _read(answer: requests.Response) -> bytes:
    # Whom nobody waits for any longer ends here.
    ends = time.monotonic() + DEADLINE
    body = bytearray()
    for piece in answer.iter_content(65536):
        body += piece
        if len(body) > MAX_ANSWER or time.monotonic() > ends:
            raise requests.exceptions.ContentDecodingError("Too long")
    return bytes(body)


def _excerpt(body: bytes) -> str:
    text = body[:300].decode("utf-8", "replace")
    shown = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(shown.split()) or "no text."


def _retry_after(headers: Mapping[str, str]) -> float:
    """Read Retry-After (RFC 9110, 10.2.3): seconds, or a date."""
    text = headers.get("Retry-After", "").strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return float(min(int(text), MAX_PAUSE))
    try:
        wanted = parsedate_to_datetime(text)
        now = headers.get("Date")
        since = parsedate_to_datetime(now) if now else datetime.now(timezone.utc)
        return min(max(0.0, (wanted - since).total_seconds()), MAX_PAUSE)
    except (OverflowError, TypeError, ValueError):
        return 1.0
