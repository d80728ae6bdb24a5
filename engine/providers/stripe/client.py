# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Stripe's API (https://docs.stripe.com/api).

Lists come newest first. A list bounded by ``created`` does not change while it is
read, however much is new: the id of the last object is where the next page begins.
"""

import json
import math
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

from ...errors import MalformedMessage
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
    parsed,
)
from . import codes, const, reading

_ACCOUNT_HEADER = "Stripe-Account"
_ENTRIES = ("balance_transaction", "failure_balance_transaction")

_EVENT_TYPES = sorted(codes.WEBHOOKS)
_MAX_TYPES = 20  # that may be asked for at once

# stream: (path, what to expand in each object)
_LISTS = {
    "balance_transactions": ("/v1/balance_transactions", ("source",)),
    "payouts": ("/v1/payouts", _ENTRIES),
}
# object: (path, what to expand, stream that reads it)
_OBJECTS = {
    "balance_transaction": (
        "/v1/balance_transactions",
        ("source",),
        "balance_transactions",
    ),
    "charge": ("/v1/charges", _ENTRIES, "objects"),
    "dispute": ("/v1/disputes", (), "objects"),
    "payment_intent": (
        "/v1/payment_intents",
        ("latest_charge.balance_transaction",),
        "objects",
    ),
    "payout": ("/v1/payouts", _ENTRIES, "objects"),
    "refund": ("/v1/refunds", _ENTRIES, "objects"),
}
_NOTHING = b'{"object":"list","data":[]}'


class Client(client.Client):
    """One Stripe account's API; ``account`` is a connected account that it acts for."""

    def _transport(self, base_url: str) -> Transport:
        headers = {
            "Authorization": f"Bearer {self._key}",
            "Stripe-Version": const.API_VERSION,
        }
        if self.account:
            headers[_ACCOUNT_HEADER] = self.account
        return Transport(base_url or const.API_URL, headers)

    @property
    def _key(self) -> str:
        return self.credentials.get("api_key", "").strip()

    @property
    def _api(self) -> Transport:
        """Give the transport, once the key can be one for this environment."""
        if not self._key or not (self._key.isascii() and self._key.isprintable()):
            raise Unauthorized("Enter the API key of the Stripe account.")
        # The prefix names the environment: rk_test_, sk_live_ and so on.
        other = "test" if self.livemode else "live"
        if self._key[2:].startswith(f"_{other}_"):
            raise Unauthorized(
                f"This is a key of Stripe's {other} mode: enter one of the "
                "connection's own environment."
            )
        return self.transport

    def page(self, stream: str, since: datetime, until: datetime, cursor: str) -> Page:
        """Give up to 100 objects of a list, the newest first."""
        window = _window(since, until)
        if stream == "events":
            return self._event_page(window, cursor)
        if stream == "payout_entries":
            return self._payout_page(window, cursor)
        path, expand = _LISTS[stream]
        body = self._list(path, expand, cursor, window)
        return Page(stream, body, _next(body, cursor))

    def _event_page(self, window: Mapping[str, int], cursor: str) -> Page:
        """Give a page of the messages that the webhook is subscribed to, no others.

        An account has many more, of customers and subscriptions and products. The
        cursor is "<number of the first type> <last message>", without message before
        the first page of these types.
        """
        first, _blank, last = cursor.partition(" ")
        number = int(first) if first.isdecimal() else 0
        types = _EVENT_TYPES[number : number + _MAX_TYPES]
        body = self._list("/v1/events", (), last, {"types[]": types, **window})
        if following := _next(body, last):
            return Page("events", body, f"{number} {following}")
        number += _MAX_TYPES
        return Page("events", body, f"{number} " if number < len(_EVENT_TYPES) else "")

    def _payout_page(self, window: Mapping[str, int], cursor: str) -> Page:
        """Give a page of what one payout contains; payouts come one after the other.

        The cursor is "<payout> <last entry>" within a payout, "<payout> " after it.
        """
        payout, _blank, entry = cursor.partition(" ")
        if not entry:
            body = self._list("/v1/payouts", (), payout, window, size=1)
            found = _objects(body)
            if not found:
                return Page("payout_entries", body)
            payout = found[0].identifier("id")
            # Stripe itemises automatic payouts only, and once it has done so.
            if found[0].data.get("reconciliation_status") != "completed":
                return Page("payout_entries", _NOTHING, f"{payout} ")
        path, expand = _LISTS["balance_transactions"]
        body = self._list(path, expand, entry, {"payout": payout})
        wrapped = b'{"object":"%s","payout":%s,"page":%s}' % (
            const.PAYOUT_PAGE.encode(),
            json.dumps(payout).encode(),
            body,
        )
        return Page("payout_entries", wrapped, f"{payout} {_next(body, entry)}")

    def _list(
        self,
        path: str,
        expand: tuple[str, ...],
        cursor: str,
        bounds: Mapping[str, object],
        size: int = const.PAGE_SIZE,
    ) -> bytes:
        params = {
            "limit": size,
            "expand[]": [f"data.{field}" for field in expand],
            "starting_after": cursor or None,
            **bounds,
        }
        return self._api.get(path, params)

    def lookup(self, lookup: Lookup) -> Page:
        """Give one object as it is now, with its balance transactions."""
        if lookup.object_type not in _OBJECTS:
            raise ProviderError(f"Stripe gives no {lookup.object_type} by its id.")
        path, expand, stream = _OBJECTS[lookup.object_type]
        object_id = quote(lookup.object_id, safe="")
        body = self._api.get(f"{path}/{object_id}", {"expand[]": expand})
        return Page(stream, body)

    def balance(self) -> Page:
        """Give the balance object."""
        return Page(reading.STREAM, dated(self._api.get("/v1/balance")))

    def check(self) -> str:
        """Try the key; give name and id of its account."""
        account = parsed(self._api.get("/v1/account"))
        account_id = _told_by(account, "id")
        if self.account and account_id != self.account:
            raise ProviderError(f"The key acts for {account_id}, not {self.account}.")
        profile = account.data.get("business_profile")
        name = Node(profile).text("name") if isinstance(profile, dict) else ""
        return f"{name} ({account_id})" if name else account_id

    def register_webhook(self, url: str, events: tuple[str, ...]) -> Registration:
        """Have Stripe send ``events`` to ``url``, in the pinned API version.

        Events of a connected account come through an endpoint of the platform.
        """
        data = {
            "url": url,
            "enabled_events[]": events,
            "api_version": const.API_VERSION,
            "connect": "true" if self.account else "false",
        }
        headers = {_ACCOUNT_HEADER: None}  # whatever the session's is
        body = self._api.post("/v1/webhook_endpoints", data=data, headers=headers)
        made = parsed(body)
        return Registration(_told_by(made, "id"), _told_by(made, "secret"))


def _window(since: datetime, until: datetime) -> dict[str, int]:
    # Stripe counts whole seconds.
    return {
        "created[gte]": math.ceil(since.timestamp()),
        "created[lt]": math.ceil(until.timestamp()),
    }


def _objects(body: bytes) -> list[Node]:
    """Give the objects of a page, each with an id."""
    objects = parsed(body, lambda root: list(root.children("data")))
    for item in objects:
        _told_by(item, "id")
    return objects


def _next(body: bytes, cursor: str) -> str:
    """Give the id after which the next page begins, "" after the last page."""
    objects = _objects(body)
    if not objects or parsed(body).data.get("has_more") is not True:
        return ""
    last = objects[-1].identifier("id")
    if last == cursor:
        raise ProviderError("Stripe gave the same page twice: try again later.")
    return last


def _told_by(answer: Node, field: str) -> str:
    try:
        return answer.identifier(field)
    except MalformedMessage as error:
        raise ProviderError(f"Stripe gave an odd answer: {error}") from None
