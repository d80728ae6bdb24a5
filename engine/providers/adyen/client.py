# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Adyen's Management API, and its reports.

https://docs.adyen.com/api-explorer/Management/3/overview,
https://docs.adyen.com/reporting/automatically-get-reports. Adyen has no list of
events: what was missed is in the settlement reports, one for each batch.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import quote

from ...errors import EngineError
from ...json_node import Node
from .. import client
from ..base import NOTHING, Lookup, Option
from ..client import (
    Missing,
    Page,
    ProviderError,
    Registration,
    Transport,
    Unauthorized,
    parsed,
)
from . import report

SETTLEMENTS = "settlement_detail"
FIRST_BATCH = Option(
    "first_batch",
    "First Settlement Batch",
    "Number of the oldest settlement batch to pull, as in the name of its report; "
    "empty: 1.",
)

_MANAGEMENT = "https://management-{}.adyen.com"
_REPORTS = "https://ca-{}.adyen.com"
_FILE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,199}", re.ASCII)
_CURSOR = re.compile(rf"({_FILE.pattern})(?::([0-9]{{1,6}}))?", re.ASCII)
_BATCH = re.compile(r"[0-9]{1,9}", re.ASCII)


class Client(client.Client):
    """One merchant account; ``account`` is its code."""

    def __init__(
        self,
        credentials: Mapping[str, str],
        livemode: bool,
        account: str = "",
        options: Mapping[str, str] = NOTHING,
        base_url: str = "",
    ) -> None:
        super().__init__(credentials, livemode, account, options, base_url)
        user = credentials.get("report_user", "")
        password = credentials.get("report_password", "")
        self.reports = Transport(
            base_url or _REPORTS.format("live" if livemode else "test"),
            auth=(user, password),
        )
        self._file: tuple[str, list[bytes]] = ("", [])

    def _transport(self, base_url: str) -> Transport:
        return Transport(
            base_url or _MANAGEMENT.format("live" if self.livemode else "test"),
            {"X-API-Key": self.credentials.get("api_key", "")},
        )

    def page(self, stream: str, since: datetime, until: datetime, cursor: str) -> Page:
        """Give some rows of a settlement report, batch after batch.

        Nothing tells the time of a batch before its report is read: ``since`` and
        ``until`` are not looked at, and pages hold the rows of every batch from the
        option first_batch on. The last page is empty. A cursor is the number of a
        batch or the name of a file, with the number of the part that is next.
        """
        first = self.options.get(FIRST_BATCH.name, "").strip() or "1"
        match = _CURSOR.fullmatch(cursor or first)
        if not match:
            raise ProviderError("Give a cursor that a page had, and a number of batch.")
        name, part = match[1], int(match[2] or 0)
        if not _BATCH.fullmatch(name):
            return self._part(name, part)
        try:
            page = self._part(f"settlement_detail_report_batch_{name}.csv", part)
        except Missing:
            if not cursor:
                raise Missing(
                    f"There is no settlement report of batch {name}: set the first "
                    "batch to the oldest that Adyen still has, or wait for one."
                ) from None
            return Page(SETTLEMENTS, b"")
        rest = page.cursor.partition(":")[2]
        following = f"{name}:{rest}" if rest else str(int(name) + 1)
        return page._replace(cursor=following)

    def lookup(self, lookup: Lookup) -> Page:
        """Give the first part of a settlement report by the name of its file.

        The address is made of the name and the account, which Adyen signs, and never
        taken from the message: whoever changed it would be given the password. With
        the cursor, ``page`` gives the next part.
        """
        return self._part(lookup.object_id, 0)

    def check(self) -> str:
        """Try the API key; give the company that it belongs to."""
        me = self._ask("GET", "/v3/me")
        return me.text("companyName") or _due(me, "username")

    def register_webhook(self, url: str, events: tuple[str, ...]) -> Registration:
        """Have Adyen make a standard webhook for the account, and its HMAC key.

        ``events`` is not sent: Adyen's own choice has all that move money, and a list
        would keep out the codes that Adyen invents.
        """
        path = f"/v3/merchants/{quote(self.account, safe='')}/webhooks"
        webhook = {
            "type": "standard",
            "url": url,
            "active": True,
            "communicationFormat": "json",
            "description": "Payment Hub",
        }
        made = self._ask("POST", path, json=webhook)
        webhook_id = _due(made, "id")
        key = self._ask("POST", f"{path}/{quote(webhook_id, safe='')}/generateHmac")
        return Registration(webhook_id, _due(key, "hmacKey"))

    def _ask(self, method: str, path: str, **more: object) -> Node:
        if not self.credentials.get("api_key"):
            raise Unauthorized("Enter the API key of the Management API first.")
        return parsed(self.transport.request(method, path, **more))

    def _part(self, file: str, number: int) -> Page:
        if self._file[0] != file:
            self._file = (file, self._download(file))
        parts = self._file[1]
        if number >= len(parts):
            raise ProviderError(f"{file} has {len(parts)} parts only: start anew.")
        following = number + 1
        cursor = f"{file}:{following}" if following < len(parts) else ""
        return Page(SETTLEMENTS, parts[number], cursor)

    def _download(self, file: str) -> list[bytes]:
        if not file.endswith(".csv") or not _FILE.fullmatch(file):
            raise ProviderError(
                f"{file[:200]} cannot be read: choose CSV in the report's settings."
            )
        if not self.credentials.get("report_user"):
            raise Unauthorized("Enter the report user and its password first.")
        account = quote(self.account, safe="")
        body = self.reports.get(f"/reports/download/MerchantAccount/{account}/{file}")
        try:
            return report.split(body)
        except EngineError as fault:
            raise ProviderError(f"{file}: {fault}") from None


def _due(answer: Node, field: str) -> str:
    if value := answer.text(field):
        return value
    raise ProviderError(
        f"Adyen's answer lacks {field}: look into the Customer Area what was done."
    )
