# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Checkout.com's API (https://api-reference.checkout.com)."""

import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

from ...json_node import Node
from .. import client
from ..base import Lookup
from ..client import Page, ProviderError, Transport, next_link, parsed, utc_text

_PREFIX = re.compile(r"(?:pl-)?[a-z0-9]{1,40}", re.ASCII)
_LIMIT = 100  # the most that a page can have
_ACTIONS = "financial_actions"


class Client(client.Client):
    """One merchant's API, with a secret key (sk_…)."""

    def _transport(self, base_url: str) -> Transport:
        key = self.credentials.get("secret_key", "")
        return Transport(
            base_url or self._host(), {"Authorization": f"Bearer {key.strip()}"}
        )

    def _host(self) -> str:
        prefix = self.options.get("prefix", "").strip().lower()
        if prefix and not _PREFIX.fullmatch(prefix):
            raise ProviderError("The prefix is the first part of the API's address.")
        environment = "" if self.livemode else "sandbox."
        return f"https://{prefix}{prefix and '.'}api.{environment}checkout.com"

    def page(self, stream: str, since: datetime, until: datetime, cursor: str) -> Page:
        """Give one page of the list of reports, or more of what was looked up."""
        if stream == _ACTIONS:
            payment, _blank, token = cursor.partition(" ")
            return self._actions(payment, token)
        params = {
            "created_after": utc_text(since),
            "created_before": utc_text(until),
            "limit": _LIMIT,
        }
        return self._page(stream, "/reports", params, cursor)

    def lookup(self, lookup: Lookup) -> Page:
        """Give the financial actions of a payment, an event, or a file of a report."""
        if lookup.object_type == "payment":
            return self._actions(lookup.object_id)
        if lookup.object_type == "event":
            path = f"/workflows/events/{quote(lookup.object_id, safe='')}"
            return Page("event", self.transport.get(path))
        if lookup.object_type == "report_file":
            report, _dot, file = lookup.object_id.partition(".")
            path = f"/reports/{quote(report, safe='')}/files/{quote(file, safe='')}"
            return Page("report_file", self.transport.get(path))
        raise ProviderError("This kind of object cannot be asked for.")

    def check(self) -> str:
        """Try the secret key; give the client's id where a report tells it."""
        found = parsed(self.transport.get("/reports", {"limit": 1})).data.get("data")
        first = found[0] if isinstance(found, list) and found else None
        account = first.get("account") if isinstance(first, dict) else None
        return Node(account).text("client_id") if isinstance(account, dict) else ""

    def _actions(self, payment: str, token: str = "") -> Page:
        """Give a payment's financial actions; the cursor names the payment too."""
        params = {"payment_id": payment, "limit": _LIMIT}
        page = self._page(_ACTIONS, "/financial-actions", params, token)
        return page._replace(cursor=f"{payment} {page.cursor}" if page.cursor else "")

    def _page(
        self, stream: str, path: str, params: Mapping[str, object], cursor: str
    ) -> Page:
        if cursor:
            params = {**params, "pagination_token": cursor}
        body = self.transport.get(path, params)
        following = parsed(body, lambda root: next_link(root, "pagination_token"))
        return Page(stream, body, following)
