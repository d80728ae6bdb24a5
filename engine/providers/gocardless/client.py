# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""GoCardless's API (https://developer.gocardless.com/api-reference/)."""

import json
from datetime import datetime
from urllib.parse import quote

from ...json_node import Node
from .. import client
from ..base import Lookup
from ..client import Missing, Page, ProviderError, Transport, parsed, utc_text

LIVE_URL = "https://api.gocardless.com"
SANDBOX_URL = "https://api-sandbox.gocardless.com"
VERSION = "2015-07-06"
LIMIT = 500  # the highest that GoCardless allows

Params = dict[str, object]


class Client(client.Client):
    """One access token's API."""

    def _transport(self, base_url: str) -> Transport:
        token = self.credentials.get("access_token", "").strip()
        return Transport(
            base_url or (LIVE_URL if self.livemode else SANDBOX_URL),
            {"Authorization": f"Bearer {token}", "GoCardless-Version": VERSION},
        )

    def page(self, stream: str, since: datetime, until: datetime, cursor: str) -> Page:
        """Give one page of a list, the newest first; see ``client.Client``."""
        params = {
            "created_at[gte]": utc_text(since, "milliseconds"),
            "created_at[lt]": utc_text(until, "milliseconds"),
            "limit": LIMIT,
        }
        if stream == "payout_items":
            return self._payout_items(params, cursor)
        if cursor:
            params["after"] = cursor
        body = self.transport.get(f"/{stream}", params)
        return Page(stream, body, parsed(body, _after))

    def lookup(self, lookup: Lookup) -> Page:
        """Give an object; a payment or a refund as the list of its events."""
        kind, object_id = lookup
        if kind in ("payment", "refund"):
            params = {
                kind: object_id,
                "resource_type": f"{kind}s",
                "include": kind,
                "limit": LIMIT,
            }
            return Page(kind, self.transport.get("/events", params))
        if kind == "payout":
            path = f"/payouts/{quote(object_id, safe='')}"
            return Page("payouts", self.transport.get(path))
        if kind == "bounced_payouts":
            params = {"creditor": object_id, "status": "bounced", "limit": LIMIT}
            return Page("payouts", self.transport.get("/payouts", params))
        raise ProviderError(f"GoCardless has no {ascii(kind)[:40]}.")

    def check(self) -> str:
        """Try the access token; give the creditor's name, or its id."""
        creditor = _first(self.transport.get("/creditors", {"limit": 1}), "creditors")
        return creditor.text("name") or creditor.text("id") if creditor else ""

    def _payout_items(self, params: Params, cursor: str) -> Page:
        """Give items of one payout, together with the payout.

        An item tells neither its payout nor its currency. The cursor is that of the
        payout in the list of payouts, and that of the items in the payout.
        """
        payouts_after, items_after = _cursors(cursor)
        params = params | {"limit": 1}
        if payouts_after:
            params["after"] = payouts_after
        payouts = self.transport.get("/payouts", params)
        payout = _first(payouts, "payouts")
        if payout is None:
            return Page("payout_items", b'{"payout_items": []}')
        params = {"payout": payout.text("id"), "limit": LIMIT}
        if items_after:
            params["after"] = items_after
        try:
            items = self.transport.get("/payout_items", params)
        except Missing as error:
            raise Missing(
                f"GoCardless gives the items of a payout for six months: {error}"
            ) from None
        found = parsed(
            items, lambda root: [item.data for item in root.children("payout_items")]
        )
        body = json.dumps({"payout": payout.data, "payout_items": found}).encode()
        following = ""
        if more_items := parsed(items, _after):
            following = json.dumps([payouts_after, more_items])
        elif more_payouts := parsed(payouts, _after):
            following = json.dumps([more_payouts, ""])
        return Page("payout_items", body, following)


def _cursors(cursor: str) -> tuple[str, str]:
    try:
        payouts, items = json.loads(cursor or '["", ""]')
        return str(payouts), str(items)
    except (ValueError, TypeError):
        raise ProviderError("The cursor is not one of payout items.") from None


def _first(body: bytes, name: str) -> Node | None:
    return parsed(body, lambda root: next(root.children(name), None))


def _after(root: Node) -> str:
    """Find where the next page begins; "" when there is none."""
    return root.child("meta").child("cursors").text("after")
