# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import gzip
import json

from generic_payloads import CREATED, SECRET, body_of, data_of, event, headers_for

from engine.events import EVENT_TYPES
from engine.providers.base import Keys

from . import Signed

_batch = json.dumps([event(), event("refund.succeeded", id="evt-1002")]).encode()

MESSAGES = {
    f"payment_hub.{name}": (body_of(name), {"webhook-id": "msg_1"})
    for name in EVENT_TYPES
} | {
    "batch": (_batch, {}),
    "gzip": (gzip.compress(body_of(), mtime=0), {}),
    "foreign": (body_of(data="anything", type="com.example.order.created"), {}),
    "shortest": (
        body_of(
            "payment.pending",
            data={"livemode": False, "object": {"type": "order", "id": "1"}},
        ),
        {},
    ),
    "usual": (
        body_of(
            data=data_of(
                "payment.captured",
                references=[{"kind": "invoice", "value": "INV/2026/00042"}],
                clocks=None,
                settlement=None,
                reported_minor=None,
            )
        ),
        {},
    ),
}
USUAL = "usual"


def _signed(body, family="webhook"):
    secrets = ["whsec_b3RoZXItc2VjcmV0LW9mLXRoZS1jb25uZWN0aW9u", SECRET]
    headers = headers_for(body, family=family)
    return Signed(body, headers, Keys(secrets), CREATED + 1)


SIGNED = [_signed(body_of()), _signed(_batch, "svix"), _signed(b"\x1f\x8b\xff")]
PAGES = []
REPORTS = []
OPTIONS = [{}]
