# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Mollie's API (https://docs.mollie.com/reference/overview).

The API key belongs to one profile and one environment. What belongs to the whole
organisation, as balances and settlements, wants an access token of the organisation.
"""

import json
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote

from ...errors import EngineError
from ...json_node import Node
from .. import client
from ..base import Lookup
from ..client import (
    Page,
    ProviderError,
    Registration,
    Transport,
    Unauthorized,
    dated,
    next_link,
    parsed,
)

BASE_URL = "https://api.mollie.com"
LIMIT = 250  # the highest that Mollie allows


class _Resource(NamedTuple):
    stream: str
    path: str
    params: dict = {}
    wants_token: bool = False


_LISTS = (
    _Resource("payments", "/v2/payments"),
    _Resource("refunds", "/v2/refunds"),
    _Resource("chargebacks", "/v2/chargebacks"),
    _Resource("payouts", "/v2/payouts"),
    _Resource("balance_transactions", "/v2/balances/{}/transactions", {}, True),
    _Resource("settlements", "/v2/settlements", {}, True),
)
_BALANCES = _Resource("balances", "/v2/balances", {"limit": LIMIT}, True)
_PARTS = "captures,refunds,chargebacks"
# The id goes into the path, or into the parameter "from", where a list begins with it.
_OBJECTS = {
    "payment": _Resource("payment", "/v2/payments/{}", {"embed": _PARTS}),
    "payment_link": _Resource("payments", "/v2/payment-links/{}/payments"),
    "order": _Resource("payments", "/v2/orders/{}", {"embed": "payments"}),
    "refund": _Resource("refunds", "/v2/refunds", {"limit": 1}),
    "chargeback": _Resource("chargebacks", "/v2/chargebacks", {"limit": 1}),
    "event": _Resource("event", "/v2/events/{}", {}, True),
}


class Client(client.Client):
    """One profile's API, and that of its organisation where there is a token."""

    def _transport(self, base_url: str) -> Transport:
        self.base_url = base_url or BASE_URL
        return self._with_token(self.credentials.get("api_key", ""))

    def page(self, stream: str, since: datetime, until: datetime, cursor: str) -> Page:
        """Give one page of a list, the newest first; see ``client.Client``.

        Mollie cannot be asked for a span of time: the pages down to ``until`` come
        empty, and the one that reaches ``since`` is the last. An account has a balance
        for each currency; they come one after the other, and the cursor names the one.
        """
        resource = next(item for item in _LISTS if item.stream == stream)
        if stream != "balance_transactions":
            return self._page(resource, resource.path, since, until, cursor)
        balance, _slash, start = cursor.partition("/")
        balance = balance or self._balance_after("")
        if not balance:
            return Page(stream, b'{"_embedded": {"balance_transactions": []}}')
        path = resource.path.format(quote(balance, safe=""))
        page = self._page(resource, path, since, until, start)
        if not page.cursor:
            balance = self._balance_after(balance)
        return page._replace(cursor=balance and f"{balance}/{page.cursor}")

    def _balance_after(self, balance: str) -> str:
        """Give the next balance in the order of their ids, "" after the last one."""
        body = self._balances()
        ids = parsed(
            body,
            lambda root: [
                item.identifier("id")
                for item in root.child("_embedded").children("balances")
            ],
        )
        return min((one for one in ids if one > balance), default="")

    def _balances(self) -> bytes:
        return self._get(_BALANCES, _BALANCES.path, _BALANCES.params)

    def _page(
        self,
        resource: _Resource,
        path: str,
        since: datetime,
        until: datetime,
        cursor: str,
    ) -> Page:
        stream = resource.stream
        params = {"limit": LIMIT, **({"from": cursor} if cursor else {})}
        body = self._get(resource, path, params)
        items = parsed(
            body, lambda root: list(root.child("_embedded").children(stream))
        )
        following = parsed(body, lambda root: next_link(root, "from"))
        times = [_created(item) for item in items]
        kept = [
            item.data
            for item, time in zip(items, times, strict=True)
            if time is None or since <= time < until
        ]
        if len(kept) < len(items):
            body = json.dumps({"_embedded": {stream: kept}}).encode()
        is_last = bool(times) and times[-1] is not None and times[-1] < since
        return Page(stream, body, "" if is_last else following)

    def lookup(self, lookup: Lookup) -> Page:
        """Give an object as it is now; a payment with all that belongs to it."""
        resource = _OBJECTS.get(lookup.object_type)
        if resource is None:
            raise ProviderError(f"Mollie has no {ascii(lookup.object_type)[:40]}.")
        path = resource.path.format(quote(lookup.object_id, safe=""))
        params = dict(resource.params)
        if path == resource.path:
            params["from"] = lookup.object_id
        return Page(resource.stream, self._get(resource, path, params))

    def balance(self) -> Page:
        """Give all balances of the organisation."""
        return Page(_BALANCES.stream, dated(self._balances()))

    def check(self) -> str:
        """Try the API key, and the access token if there is one."""
        kind = "live_" if self.livemode else "test_"
        if not self.credentials.get("api_key", "").strip().startswith(kind):
            raise Unauthorized(f"Enter the API key that begins with {kind}.")
        if self.credentials.get("access_token", "").strip():
            self._organization.get("/v2/organizations/me")
        profile = parsed(self.transport.get("/v2/profiles/me"))
        return profile.text("name") or profile.text("id")

    def register_webhook(self, url: str, events: tuple[str, ...]) -> Registration:
        """Have Mollie send ``events`` to ``url``."""
        made = self._organization.post(
            "/v2/webhooks",
            json={
                "name": "Payment Hub",
                "url": url,
                "eventTypes": list(events),
                "testmode": not self.livemode,
            },
        )
        return parsed(
            made,
            lambda root: Registration(
                root.identifier("id"), root.identifier("webhookSecret")
            ),
        )

    def _get(self, resource: _Resource, path: str, params: dict) -> bytes:
        if not resource.wants_token:
            return self.transport.get(path, params)
        # Settlements are always real ones, and know no test mode.
        if not self.livemode and resource.stream != "settlements":
            params = {**params, "testmode": "true"}
        return self._organization.get(path, params)

    @property
    def _organization(self) -> Transport:
        token = self.credentials.get("access_token", "").strip()
        if not token:
            raise Unauthorized("Enter the organisation's access token.")
        return self._with_token(token)

    def _with_token(self, token: str) -> Transport:
        headers = {"Authorization": f"Bearer {token.strip()}"}
        return Transport(self.base_url, headers)


def _created(item: Node) -> datetime | None:
    try:
        return item.time("createdAt")
    except EngineError:
        return None  # shown as a fault where the page is translated
