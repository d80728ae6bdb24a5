# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import json

import paypal_signed
from paypal_payloads import (
    CAPTURE,
    DETAIL_COLUMNS,
    REFUND,
    capture,
    detail,
    event,
    order,
    page,
    payout_item,
    receivable,
    refund,
    row,
    sale,
    samples,
    settlement,
    transaction,
)

from engine.providers.base import Keys

from . import Signed

MESSAGES = {name: (body, {}) for name, body in samples().items()} | {
    "yen": (
        event(
            "PAYMENT.CAPTURE.COMPLETED",
            capture(
                amount={"currency_code": "JPY", "value": "150"},
                seller_receivable_breakdown=receivable("150", "43", "107", "JPY"),
            ),
        ),
        {},
    ),
    "old capture": (event("PAYMENT.CAPTURE.COMPLETED", sale(), ""), {}),
    "live sale": (paypal_signed.BODY, paypal_signed.HEADERS),
    "simulated": (paypal_signed.SIMULATOR_BODY, paypal_signed.SIMULATOR_HEADERS),
    "of no interest": (event("VAULT.PAYMENT-TOKEN.CREATED", {"id": "7"}), {}),
}
USUAL = "PAYMENT.CAPTURE.COMPLETED"
SIGNED = [
    Signed(
        paypal_signed.BODY,
        paypal_signed.HEADERS,
        Keys(
            ["8PT597110X687430L", paypal_signed.WEBHOOK_ID],
            certificates={paypal_signed.URL: paypal_signed.PEM},
        ),
        paypal_signed.SENT + 1,
    )
]
_ROWS = (
    row("T0006", CAPTURE, 12100, -446),
    row("T1107", REFUND, -2100, 47, CAPTURE),
    row("T0400", "3MG88942N0662370U", -5000, bank="1047428557493"),
    row("T0006", "5K823", 15000, -4300, currency="JPY"),
)
BALANCES = {
    "balances": [
        {
            "currency": "EUR",
            "primary": True,
            "total_balance": {"currency_code": "EUR", "value": "123.45"},
            "available_balance": {"currency_code": "EUR", "value": "100.00"},
            "withheld_balance": {"currency_code": "EUR", "value": "23.45"},
        },
        {
            "currency": "JPY",
            "total_balance": {"currency_code": "JPY", "value": "-7"},
        },
    ],
    "account_id": "XZXSPECPDZHZU",
    "as_of_time": "2026-01-31T11:59:59Z",
    "last_refresh_time": "2026-01-31T11:59:59Z",
}
PAGES = [
    ("balances", json.dumps(BALANCES).encode()),
    ("events", b'{"events": [%s], "count": 1}' % samples()[USUAL]),
    (
        "transactions",
        json.dumps(
            page(
                transaction("T0006", CAPTURE, "121.00", "-4.46"),
                transaction("T1107", REFUND, "-21.00", "0.47", CAPTURE),
                transaction("T0400", "3MG88942N0662370U", "-50.00"),
            )
        ).encode(),
    ),
    ("captures", json.dumps(capture()).encode()),
    ("captures", json.dumps(sale()).encode()),
    ("refunds", json.dumps(refund()).encode()),
    ("orders", json.dumps(order("COMPLETED", {"captures": [capture()]})).encode()),
    ("orders", json.dumps(order()).encode()),
    ("reversals", json.dumps(refund()).encode()),
    ("payout_items", json.dumps(payout_item()).encode()),
]
REPORTS = [
    ("stl", settlement(*_ROWS)),
    ("trr", settlement(*map(detail, _ROWS), columns=DETAIL_COLUMNS)),
]
OPTIONS = [{}, {"merchant_id": "EZ782AXEUJUW8"}]
