# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""PayPal's API (https://developer.paypal.com/api/rest/)."""

import re
from base64 import encodebytes
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qsl, urlsplit

from ...errors import MalformedMessage, SignatureRefused
from ...json_node import Node, is_identifier
from .. import client
from ..base import Lookup
from ..client import (
    Page,
    ProviderError,
    Registration,
    Transport,
    Unauthorized,
    parsed,
    utc_text,
)
from . import certificate, const, reading

_LIVE = "https://api-m.paypal.com"
_SANDBOX = "https://api-m.sandbox.paypal.com"

EVENTS_IN_PAGE = 100
TRANSACTIONS_IN_PAGE = 500
# At most 31 days may be asked for at once, and 10,000 transactions.
WINDOW = timedelta(days=7)
_TOO_MANY = "RESULTSET_TOO_LARGE"
_TOKEN = re.compile(r"[!-~]{1,4096}", re.ASCII)

# Stream and path of what can be looked up.
_OBJECTS = {
    "capture": ("captures", "/v2/payments/captures/"),
    "old_capture": ("captures", "/v1/payments/capture/"),
    "sale": ("captures", "/v1/payments/sale/"),
    "refund": ("refunds", "/v2/payments/refunds/"),
    "old_refund": ("refunds", "/v1/payments/refund/"),
    "reversal": ("reversals", "/v2/payments/refunds/"),
    "old_reversal": ("reversals", "/v1/payments/refund/"),
    "order": ("orders", "/v2/checkout/orders/"),
    "payout_item": ("payout_items", "/v1/payments/payouts-item/"),
}


class Client(client.Client):
    """One PayPal account; its access token lives as long as this object."""

    def _transport(self, base_url: str) -> Transport:
        self._base_url = base_url
        self._has_token = False
        return Transport(base_url or (_LIVE if self.livemode else _SANDBOX))

    def page(self, stream: str, since: datetime, until: datetime, cursor: str) -> Page:
        """Give one page of ``events`` or ``transactions``."""
        if stream == "events":
            return self._events(since, until, cursor)
        if stream == "transactions":
            return self._transactions(since, until, cursor)
        raise ProviderError("Ask for a stream that PayPal has.")

    def lookup(self, lookup: Lookup) -> Page:
        """Give one object as it is now."""
        if lookup.object_type not in _OBJECTS or not _is_plain(lookup.object_id):
            raise ProviderError("Ask for an object that PayPal has.")
        stream, path = _OBJECTS[lookup.object_type]
        return Page(stream, self._get(path + lookup.object_id))

    def balance(self) -> Page:
        """Give all balances, as of the last moment that PayPal has counted."""
        return Page(reading.STREAM, self._get("/v1/reporting/balances"))

    def check(self) -> str:
        """Have an access token made; give the id of the app that it is for."""
        return self._authenticate()

    def register_webhook(self, url: str, events: tuple[str, ...]) -> Registration:
        """Have PayPal send ``events`` to ``url``; the webhook's id is the secret."""
        names = [{"name": name} for name in events]
        body = {"url": url, "event_types": names}
        answer = self._call(
            lambda: self.transport.post("/v1/notifications/webhooks", json=body)
        )
        webhook_id = parsed(answer, lambda root: root.identifier("id"))
        return Registration(webhook_id, webhook_id)

    def certificate(self, url: str) -> str:
        """Fetch a signer's certificate and those that lead to a root; check them.

        :param url: from CertificateUnknown
        :return: PEM, the signer's first
        :raises ProviderError: when it is not to be trusted now
        """
        try:
            path = certificate.path_of(url)
            host = self._base_url or url.removesuffix(path)
            pem = self._with_issuers(Transport(host).get(path).decode("ascii"))
            signer = certificate.signer_of(pem)
        except (SignatureRefused, UnicodeDecodeError) as fault:
            raise ProviderError(f"Certificate refused: {fault}") from None
        now = int(datetime.now(timezone.utc).timestamp())
        if not certificate.is_current(signer, now):
            raise ProviderError("PayPal's certificate is not valid now.")
        return pem

    def _with_issuers(self, pem: str) -> str:
        """Add the certificates that PayPal leaves out, until the chain is trusted."""
        issuers = Transport(self._base_url or f"http://{const.ISSUERS_HOST}")
        for _step in range(certificate.MAX_CHAIN - 1):
            try:
                certificate.signer_of(pem)
                break
            except SignatureRefused:
                path = certificate.issuer_path(pem)
            if not path:
                break
            pem = f"{pem.rstrip()}\n{_pem(issuers.get(path))}"
        return pem

    def _events(self, since: datetime, until: datetime, cursor: str) -> Page:
        query = parse_qsl(cursor) or [
            ("start_time", utc_text(since)),
            # Events have milliseconds: a second less would lose those of the last.
            ("end_time", utc_text(until)),
            ("page_size", EVENTS_IN_PAGE),
        ]
        body = self._get("/v1/notifications/webhooks-events", dict(query))
        following = parsed(body, _next_query)
        return Page("events", body, "" if following == cursor else following)

    def _transactions(self, since: datetime, until: datetime, cursor: str) -> Page:
        """Walk through windows of time, and the pages of each.

        The cursor is start, end and page of what comes next.
        """
        start, end, number = _window(cursor, since, until)
        while True:
            try:
                body = self._get(
                    "/v1/reporting/transactions",
                    {
                        "start_date": utc_text(start),
                        "end_date": utc_text(end - timedelta(seconds=1)),
                        "fields": "all",
                        "balance_affecting_records_only": "Y",
                        "page_size": TRANSACTIONS_IN_PAGE,
                        "page": number,
                    },
                )
                break
            except ProviderError as error:
                half = timedelta(seconds=(end - start) // timedelta(seconds=2))
                if _TOO_MANY not in str(error) or number > 1 or not half:
                    raise
                end = start + half
        pages = parsed(body, _total_pages)
        if number < pages:
            return Page("transactions", body, _cursor(start, end, number + 1))
        if end < until:
            following = _cursor(end, min(end + WINDOW, until), 1)
            return Page("transactions", body, following)
        return Page("transactions", body)

    def _get(self, path: str, params: Mapping[str, object] | None = None) -> bytes:
        return self._call(lambda: self.transport.get(path, params))

    def _call(self, ask: Callable[[], bytes]) -> bytes:
        """Ask with a token; once more with a new one when it is not taken."""
        if self._has_token:
            try:
                return ask()
            except Unauthorized:
                pass
        self._authenticate()
        return ask()

    def _authenticate(self) -> str:
        self._has_token = False
        self.transport.session.headers.pop("Authorization", None)
        answer = self.transport.post(
            "/v1/oauth2/token",
            data={"grant_type": "client_credentials"},
            auth=(
                self.credentials.get("client_id", ""),
                self.credentials.get("client_secret", ""),
            ),
        )
        token = parsed(answer, _token)
        self.transport.session.headers["Authorization"] = f"Bearer {token}"
        self._has_token = True
        return parsed(answer, lambda root: root.text("app_id"))


def _token(root: Node) -> str:
    """Give the access token; longer ones than an id can be are announced."""
    token = root.data.get("access_token")
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise root.fault("access_token", "A token is due here.")
    return token


def _next_query(root: Node) -> str:
    for link in root.children("links"):
        if link.data.get("rel") == "next":
            return urlsplit(link.text("href")).query
    return ""


def _total_pages(root: Node) -> int:
    return root.minor("total_pages") if "total_pages" in root.data else 1


def _window(
    cursor: str, since: datetime, until: datetime
) -> tuple[datetime, datetime, int]:
    if not cursor:
        return since, min(since + WINDOW, until), 1
    try:
        start, end, number = cursor.split("|")
        node = Node({"start": start, "end": end})
        return node.time("start"), node.time("end"), int(number)
    except (ValueError, MalformedMessage):
        raise ProviderError("Begin anew; this is no cursor.") from None


def _cursor(start: datetime, end: datetime, number: int) -> str:
    return f"{utc_text(start)}|{utc_text(end)}|{number}"


def _is_plain(object_id: str) -> bool:
    return is_identifier(object_id) and object_id.replace("-", "").isalnum()


def _pem(body: bytes) -> str:
    """Give as PEM what a certificate authority serves as DER (RFC 5280, 4.2.2.1)."""
    if body.startswith(b"-----BEGIN"):
        return body.decode("ascii", "replace")
    text = encodebytes(body).decode()
    return f"-----BEGIN CERTIFICATE-----\n{text}-----END CERTIFICATE-----\n"
