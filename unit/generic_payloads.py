# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Messages as another system may send them."""

import json
from base64 import b64encode

from engine.events import EVENT_TYPES
from engine.providers.generic.signature import sign

CREATED = 1_755_000_000
TIME = "2026-01-31T12:00:00.123+01:00"
SECRET = "whsec_" + b64encode(bytes(range(32))).decode()

OBJECTS = {
    "payment": "charge",
    "refund": "refund",
    "dispute": "dispute",
    "payout": "payout",
}


def data_of(event_type, **more):
    """Everything that a message may say; None leaves a field out."""
    group = event_type.partition(".")[0]
    data = {
        "livemode": True,
        "account": "shop-be",
        "object": {"type": OBJECTS.get(group, group), "id": "obj-1", "leg": "one"},
        "payment": "pay-77",
        "amount": {"minor": 12100, "currency": "eur", "exponent": 2},
        "reported_minor": 500,
        "parent": "ch-77",
        "reason": "goods_returned",
        "references": [
            {"kind": "invoice", "value": "INV/2026/00042"},
            {"kind": "transaction", "value": "S00042: 1"},
        ],
        "settlement": {
            "gross_minor": -13310,
            "fee_minor": 220,
            "net_minor": -13530,
            "currency": "USD",
            "exponent": 2,
            "fees": [
                {"kind": "processing", "amount_minor": 200},
                {"kind": "tax", "amount_minor": 20},
            ],
            "rate": "1.1",
            "entry": "be-5",
            "batch": "po-9",
        },
        "clocks": [
            {"kind": "available", "at": "2026-02-03T00:00:00+01:00"},
            {"kind": "booked", "at": "2026-01-31T23:00:00Z"},
        ],
        "method": "Card",
        "scheme": "visa",
        "country": "be",
        "dispute_stage": "pre_arbitration",
        "legal_entity": "BE 0123",
        "merchant_account": "ShopBE",
        "store": "till 4",
        "evidence_due_at": "2026-03-01T00:00:00+01:00",
    }
    if EVENT_TYPES[event_type].family != "balance":
        data["amount"] = None
    data |= more
    return {name: value for name, value in data.items() if value is not None}


def event(event_type="payment.captured", /, id="evt-1001", data=None, **envelope):
    """Give one message as a dict."""
    return {
        "specversion": "1.0",
        "id": id,
        "source": "/shop/be",
        "type": f"payment_hub.{event_type}",
        "time": TIME,
        "datacontenttype": "application/json",
        "dataschema": "urn:shop:event:1",
        "data": data_of(event_type) if data is None else data,
        **envelope,
    }


def body_of(*arguments, **more):
    """Give one message as it is sent."""
    return json.dumps(event(*arguments, **more)).encode()


def headers_for(body, secret=SECRET, message_id="msg_1", at=CREATED, family="webhook"):
    """Give the headers that sign a body."""
    return {
        f"{family}-id": message_id,
        f"{family}-timestamp": str(at),
        f"{family}-signature": sign(body, secret, message_id, at),
    }
