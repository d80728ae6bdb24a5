# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What GoCardless sends, in the shapes of API version 2015-07-06."""

import json

from engine.providers.gocardless import const

CREATED = 1_773_998_017
AT = "2026-03-20T09:13:37.000Z"
SECRET = "ED7D658C-D8EB-4941-948B-3973214F2D49"
PAYMENT = "PM000123"
REFUND = "RF000123"
PAYOUT = "PO000123"
MANDATE = "MD000123"

LINKS = {
    "payments": {"payment": PAYMENT},
    "refunds": {"refund": REFUND, "payment": PAYMENT},
    "payouts": {"payout": PAYOUT},
    "mandates": {"mandate": MANDATE},
    "creditors": {"creditor": "CR000123"},
}


def encode(value):
    return json.dumps(value).encode()


def event(code, number=1, **changes):
    resource, action = code.split(".")
    return {
        "id": f"EV{number:06}",
        "created_at": f"2026-03-{number:02}T09:15:00.000Z",
        "resource_type": resource,
        "action": action,
        "links": dict(LINKS.get(resource, {resource: "XX000123"})),
        "details": {
            "origin": "bank",
            "cause": "refer_to_payer",
            "description": "As it says.",
            "scheme": "bacs",
            "reason_code": "ARUDD-0",
        },
        "metadata": {},
        "resource_metadata": {"order_id": "S00042"},
    } | changes


def batch(*events):
    return encode({"events": events, "meta": {"webhook_id": "WB123"}})


def payment(status="confirmed", **changes):
    return {
        "id": PAYMENT,
        "created_at": AT,
        "charge_date": "2026-03-23",
        "amount": 12100,
        "amount_refunded": 0,
        "currency": "GBP",
        "status": status,
        "reference": "WINEBOX001",
        "description": "S00042-1",
        "metadata": {"invoice_number": "INV/2026/0007"},
        "scheme": "bacs",
        "fx": {"fx_currency": None, "fx_amount": None},
        "links": {"mandate": MANDATE, "creditor": "CR000123", "payout": PAYOUT},
    } | changes


def refund(status="paid", **changes):
    return {
        "id": REFUND,
        "created_at": AT,
        "amount": 2000,
        "currency": "GBP",
        "status": status,
        "reference": "RINV3",
        "metadata": {},
        "links": {"payment": PAYMENT, "mandate": MANDATE},
    } | changes


def payout(status="paid", **changes):
    return {
        "id": PAYOUT,
        "amount": 9984,
        "arrival_date": "2026-03-25",
        "created_at": AT,
        "currency": "GBP",
        "deducted_fees": 116,
        "fx": {"fx_currency": None, "fx_amount": None, "exchange_rate": None},
        "metadata": {},
        "payout_type": "merchant",
        "reference": "WINEBOX-X7",
        "status": status,
        "tax_currency": None,
        "links": {"creditor": "CR000123", "creditor_bank_account": "BA000123"},
    } | changes


def item(kind="payment_paid_out", amount="12100.0", **links):
    if not links:
        links = {"payment": PAYMENT}
    return {"type": kind, "amount": amount, "taxes": [], "links": links}


ITEMS = [
    item(),
    item("payment_refunded", "-2000.0", payment=PAYMENT, refund=REFUND),
    item("gocardless_fee", "-100.5"),
    item("app_fee", "-15.0"),
]


def items(*given, of=None):
    return encode({"payout": of or payout(), "payout_items": given})


def page(name, *given, after=None):
    cursors = {"before": None, "after": after}
    return {name: given, "meta": {"cursors": cursors, "limit": 500}}


def history(*codes, of=None, name="payments"):
    """Give the events of a payment as the API lists them, the newest first."""
    events = [event(code, number) for number, code in enumerate(codes, 1)]
    return encode(
        page("events", *reversed(events)) | {"linked": {name: [of or payment()]}}
    )


def samples():
    """Give a batch for each code."""
    return {code: batch(event(code)) for code in const.EVENTS}
