# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Square's API (https://developer.squareup.com/reference/square).

Payments and payouts are listed location by location, entries payout by payout. Where a
page ends is told by a JSON list: the location, and Square's own cursors in it.
"""

import hashlib
import json
import time
from datetime import datetime, timedelta
from urllib.parse import quote

from .. import client
from ..base import Lookup
from ..client import Page, ProviderError, Registration, Transport, parsed, utc_text
from . import const

_LIMIT = 100
# Payments and refunds are bound by their creation too; by default, to the last year.
_OLDEST = timedelta(days=3 * 365)
_PATHS = {
    "payment": "payments",
    "refund": "refunds",
    "dispute": "disputes",
    "payout": "payouts",
}
_IDEMPOTENT = 3600  # seconds in which a webhook is registered only once
_NO_ENTRIES = b'{"payout_entries": []}'


class Client(client.Client):
    """One seller's API, with a personal access token."""

    def _transport(self, base_url: str) -> Transport:
        host = const.HOST if self.livemode else const.SANDBOX_HOST
        token = self.credentials.get("access_token", "")
        return Transport(
            base_url or host,
            {"Authorization": f"Bearer {token}", "Square-Version": const.API_VERSION},
        )

    def page(self, stream: str, since: datetime, until: datetime, cursor: str) -> Page:
        """Give one page; disputes cannot be bound by time, and all come."""
        if stream == "events":
            return self._events_page(since, until, cursor)
        if stream == "payout_entries":
            return self._entries_page(since, until, cursor)
        if stream in ("payments", "payouts"):
            return self._page_of_location(stream, since, until, cursor)
        params = {} if stream == "disputes" else _times(stream, since, until)
        body, more = self._list(stream, params, cursor)
        return Page(stream, body, more)

    def _events_page(self, since: datetime, until: datetime, cursor: str) -> Page:
        times = {"start_at": _text(since), "end_at": _text(until)}
        wanted = {"event_types": const.SUBSCRIBED_EVENTS, "created_at": times}
        query = {
            "limit": _LIMIT,
            "query": {"filter": wanted, "sort": {"order": "ASC"}},
            **({"cursor": cursor} if cursor else {}),
        }
        body = self.transport.post("/v2/events", json=query)
        return Page("events", body, _cursor(body))

    def _page_of_location(
        self, stream: str, since: datetime, until: datetime, cursor: str
    ) -> Page:
        location, after = _state(cursor, 2) or (self._location_after(""), "")
        if not location:
            return Page(stream, b"{}")
        params = {"location_id": location, **_times(stream, since, until)}
        body, more = self._list(stream, params, after)
        if not more:
            location = self._location_after(location)
        return Page(stream, body, json.dumps([location, more]) if location else "")

    def _entries_page(self, since: datetime, until: datetime, cursor: str) -> Page:
        state = _state(cursor, 4) or (self._location_after(""), "", "", "")
        location, after, payout, entry = state
        if not location:
            return Page("payout_entries", _NO_ENTRIES)
        if not payout:
            params = {"location_id": location, **_times("payouts", since, until)}
            body, after = self._list("payouts", params | {"limit": 1}, after)
            payout = next(iter(_ids(body, "payouts")), "")
        body, entry_after = _NO_ENTRIES, ""
        if payout:
            path = f"payouts/{quote(payout, safe='')}/payout-entries"
            body, entry_after = self._list(path, {}, entry)
        if entry_after:
            following = [location, after, payout, entry_after]
        elif after:
            following = [location, after, "", ""]
        else:
            following = [self._location_after(location), "", "", ""]
        more = json.dumps(following) if following[0] else ""
        return Page("payout_entries", body, more)

    def _location_after(self, location: str) -> str:
        """Give the next location in the order of their ids, "" after the last one."""
        ids = _ids(self.transport.get("/v2/locations"), "locations")
        return min((one for one in ids if one > location), default="")

    def _list(
        self, path: str, params: dict[str, object], cursor: str
    ) -> tuple[bytes, str]:
        params = {"limit": _LIMIT, **params}
        if path == "disputes":
            del params["limit"]  # it has none
        if cursor:
            params["cursor"] = cursor
        body = self.transport.get(f"/v2/{path}", params)
        return body, _cursor(body)

    def lookup(self, lookup: Lookup) -> Page:
        """Give a payment, refund, dispute or payout as it is now."""
        stream = _PATHS.get(lookup.object_type)
        if stream is None:
            raise ProviderError(f"Square has no {lookup.object_type} to look up.")
        path = f"/v2/{stream}/{quote(lookup.object_id, safe='')}"
        return Page(stream, self.transport.get(path))

    def check(self) -> str:
        """Give the name of the seller, and the id to compare messages with."""
        body = self.transport.get("/v2/merchants/me")
        merchant = parsed(body, lambda root: root.child("merchant"))
        return f"{merchant.text('business_name')} {merchant.text('id')}".strip()

    def register_webhook(self, url: str, events: tuple[str, ...]) -> Registration:
        """Make a subscription; repeated within the hour, it is still one."""
        moment = int(time.time()) // _IDEMPOTENT
        once = hashlib.sha256(json.dumps([url, events, moment]).encode()).hexdigest()
        body = self.transport.post(
            "/v2/webhooks/subscriptions",
            json={
                "idempotency_key": once[:40],
                "subscription": {
                    "name": "Payment Hub",
                    "event_types": events,
                    "notification_url": url,
                    "api_version": const.API_VERSION,
                },
            },
        )
        made = parsed(body, lambda root: root.child("subscription"))
        webhook, secret = made.text("id"), made.text("signature_key")
        if not webhook or not secret:
            raise ProviderError("Square gave no signature key: look at its webhooks.")
        return Registration(webhook, secret)


def _times(stream: str, since: datetime, until: datetime) -> dict[str, str]:
    if stream == "payouts":
        return {"begin_time": _text(since), "end_time": _text(until)}
    return {
        "begin_time": _text(since - _OLDEST),
        "updated_at_begin_time": _text(since),
        "updated_at_end_time": _text(until),
        "sort_field": "UPDATED_AT",
        "sort_order": "ASC",
    }


def _text(moment: datetime) -> str:
    return utc_text(moment, "microseconds")


def _cursor(body: bytes) -> str:
    cursor = parsed(body).data.get("cursor")
    return cursor if isinstance(cursor, str) else ""


def _state(cursor: str, length: int) -> list[str] | None:
    """Read a cursor of ours; None for the first page."""
    if not cursor:
        return None
    try:
        state = json.loads(cursor)
    except ValueError:
        state = None
    if not (
        isinstance(state, list)
        and len(state) == length
        and all(isinstance(part, str) for part in state)
    ):
        raise ProviderError("This cursor is not one of Square's: begin anew.")
    return state


def _ids(body: bytes, name: str) -> list[str]:
    return parsed(body, lambda root: [one.text("id") for one in root.children(name)])
