# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Razorpay's API (https://razorpay.com/docs/api/understand#pagination).

Lists go from the newest to the oldest and are paged by a number of objects to skip. The
end of the time that is asked for stands still, so what is new does not move the pages.
"""

import math
from datetime import date, datetime, timedelta, timezone
from urllib.parse import quote

from .. import client
from ..base import Lookup
from ..client import Page, ProviderError, Transport, Unauthorized, parsed
from . import const

_COUNT = 100
_RECON_COUNT = 1000
# Entity: stream and path of its list.
_LISTS = {
    "payment": "payments",
    "refund": "refunds",
    "dispute": "disputes",
    "settlement": "settlements",
}
_INDIA = timezone(timedelta(hours=5, minutes=30))


class Client(client.Client):
    """One account's API; the key tells test from live, the host is the same."""

    def _transport(self, base_url: str) -> Transport:
        key = self.credentials.get("key_id", "")
        auth = (key, self.credentials.get("key_secret", ""))
        return Transport(base_url or const.HOST, auth=auth)

    def page(self, stream: str, since: datetime, until: datetime, cursor: str) -> Page:
        """Give one page; the cursor holds what to skip, for ``recon`` also the day."""
        if stream == "recon":
            return self._recon_page(since, until, cursor)
        skip = _number(cursor)
        params = {
            "from": math.floor(since.timestamp()),
            "to": math.ceil(until.timestamp()),
            "count": _COUNT,
            "skip": skip,
        }
        body = self._get(f"/v1/{stream}", params)
        is_last = _length(body) < _COUNT
        return Page(stream, body, "" if is_last else str(skip + _COUNT))

    def _recon_page(self, since: datetime, until: datetime, cursor: str) -> Page:
        """Give one page of one day's settlements; Razorpay's day is India's."""
        text, _slash, rest = cursor.partition("/")
        day = _day(text) if text else since.astimezone(_INDIA).date()
        skip = _number(rest)
        params = {
            "year": day.year,
            "month": day.month,
            "day": day.day,
            "count": _RECON_COUNT,
            "skip": skip,
        }
        body = self._get("/v1/settlements/recon/combined", params)
        if _length(body) == _RECON_COUNT:
            return Page("recon", body, f"{day}/{skip + _RECON_COUNT}")
        last = (until - timedelta(microseconds=1)).astimezone(_INDIA).date()
        is_last = day >= last
        return Page("recon", body, "" if is_last else f"{day + timedelta(days=1)}/0")

    def lookup(self, lookup: Lookup) -> Page:
        """Give a payment, refund, dispute or settlement as it is now."""
        stream = _LISTS.get(lookup.object_type)
        if stream is None:
            raise ProviderError(f"Razorpay has no {lookup.object_type} to look up.")
        return Page(
            stream, self._get(f"/v1/{stream}/{quote(lookup.object_id, safe='')}")
        )

    def check(self) -> str:
        """Read one payment; give the key, for the API does not tell the account."""
        _length(self._get("/v1/payments", {"count": 1}))
        return self.credentials["key_id"]

    def _get(self, path: str, params: dict[str, int] | None = None) -> bytes:
        # The host is the same for both: a test key would fill live books.
        expected = "rzp_live_" if self.livemode else "rzp_test_"
        if not self.credentials.get("key_id", "").startswith(expected):
            raise Unauthorized(f"Use a key that begins with {expected}.")
        return self.transport.get(path, params)


def _length(body: bytes) -> int:
    items = parsed(body).data.get("items")
    if not isinstance(items, list):
        raise ProviderError("Razorpay did not answer with a list: try again later.")
    return len(items)


def _number(text: str) -> int:
    if text and not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ProviderError("This cursor is not one of Razorpay's: begin anew.")
    return int(text or 0)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ProviderError(
            "This cursor is not one of Razorpay's: begin anew."
        ) from None
