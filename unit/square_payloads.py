# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Square's messages and objects, as it shapes them."""

import json

CREATED = "2026-08-12T12:00:00.250Z"
MERCHANT = "6SSW7HV8K2ST5"
LOCATION = "S8GWD5R9QB376"
PAYMENT = "hYy9pRFVxpDsO1FB05SunFWUe9JZY"
REFUND = f"{PAYMENT}_ptNBVqHYxt5gAdfcobBe4u1A"
DISPUTE = "ORSEVtZAJxb37RA1EiGw"
PAYOUT = "po_4d28e6c4-7dd5-4de4-8ec9-a059277646a6"
URL = "https://odoo.example/payment_hub/webhook/abc"


def usd(amount, currency="USD"):
    return {"amount": amount, "currency": currency}


def fee(amount, kind="INITIAL", at="2026-08-12T14:00:00.000Z", currency="USD"):
    money = usd(amount, currency)
    return {"effective_at": at, "type": kind, "amount_money": money}


def payment(**more):
    return {
        "id": PAYMENT,
        "created_at": "2026-08-12T11:59:58.086Z",
        "updated_at": "2026-08-12T12:00:00.100Z",
        "amount_money": usd(10000),
        "tip_money": usd(1500),
        "total_money": usd(11500),
        "approved_money": usd(11500),
        "status": "COMPLETED",
        "delay_duration": "PT168H",
        "delay_action": "CANCEL",
        "source_type": "CARD",
        "card_details": {
            "status": "CAPTURED",
            "card": {"card_brand": "VISA", "last_4": "9029", "card_type": "CREDIT"},
            "entry_method": "KEYED",
            "card_payment_timeline": {
                "authorized_at": "2026-08-12T11:59:58.198Z",
                "captured_at": "2026-08-12T11:59:59.832Z",
            },
        },
        "location_id": LOCATION,
        "order_id": "03O3USaPaAaFnI6kkwB1JxGgBsUZY",
        "reference_id": "INV/2026/00042",
        "customer_id": "W92WH6P11H4Z77CTET0RNTGFW8",
        "note": "Two chairs",
        "receipt_number": "hYy9",
        "version_token": "bhC3b8qKJvNDdxqKzXaeDsAjS1oMFuAKxGgT32HbE6S6o",
    } | more


def approved(**more):
    timeline = {"authorized_at": "2026-08-12T11:59:58.198Z"}
    card = {"status": "AUTHORIZED", "card_payment_timeline": timeline}
    return payment(**{"status": "APPROVED", "card_details": card} | more)


def with_fees(**more):
    """The payment, once Square knows what it costs."""
    costs = {"processing_fee": [fee(364)], "app_fee_money": usd(200)}
    return payment(**costs | {"updated_at": "2026-08-12T14:00:01.000Z"} | more)


def refund(**more):
    return {
        "id": REFUND,
        "status": "COMPLETED",
        "location_id": LOCATION,
        "destination_type": "CARD",
        "amount_money": usd(5000),
        "payment_id": PAYMENT,
        "order_id": "haOyDuHiqtAXMk0d8pDKXpL7Jg4F",
        "reason": "A chair was broken",
        "processing_fee": [fee(-59)],
        "app_fee_money": usd(80),
        "created_at": "2026-08-13T09:00:00.000Z",
        "updated_at": "2026-08-13T10:00:00.000Z",
        "version": 10,
    } | more


def dispute(**more):
    return {
        "id": DISPUTE,
        "amount_money": usd(6500),
        "reason": "NOT_RECEIVED",
        "state": "EVIDENCE_REQUIRED",
        "due_at": "2026-09-04T00:00:00.000Z",
        "disputed_payment": {"payment_id": PAYMENT},
        "card_brand": "VISA",
        "brand_dispute_id": "100000809947",
        "created_at": "2026-08-20T08:00:00.000Z",
        "updated_at": "2026-08-20T08:00:00.000Z",
        "reported_at": "2026-08-20T00:00:00.000Z",
        "version": 1,
        "location_id": LOCATION,
    } | more


def payout(**more):
    return {
        "id": PAYOUT,
        "status": "PAID",
        "location_id": LOCATION,
        "created_at": "2026-08-13T23:31:49Z",
        "updated_at": "2026-08-14T07:00:00.875Z",
        "amount_money": usd(5840),
        "destination": {"type": "BANK_ACCOUNT", "id": "bact:ZPp3oedR3AeEUNd3z7"},
        "version": 2,
        "type": "BATCH",
        "arrival_date": "2026-08-14",
        "end_to_end_id": "L2100000005",
    } | more


def with_payout_fee(**more):
    told = {"effective_at": "2026-08-13T23:31:49Z"}
    fees = [
        told | {"type": "TRANSFER_FEE", "amount_money": usd(95)},
        told | {"type": "TAX_ON_TRANSFER_FEE", "amount_money": usd(5)},
    ]
    return payout(**{"payout_fee": fees} | more)


def message(event, created=CREATED, **objects):
    (name, value) = next(iter(objects.items()), ("", {}))
    return json.dumps(
        {
            "merchant_id": MERCHANT,
            "location_id": LOCATION,
            "type": event,
            "event_id": "6a8f5f28-54a1-4eb0-a98a-3111513fd4fc",
            "created_at": created,
            "data": {
                "type": name,
                "id": str(value.get("id", "")),
                "object": {name: value} if objects else {},
            },
        }
    ).encode()


def entry(kind, gross, fee=0, entry_id="", **details):
    """One entry of the payout; its money has a field of another name."""
    money = {"gross": gross, "fee": fee, "net": gross - fee}
    return {
        "id": entry_id or f"poe_{kind}",
        "payout_id": PAYOUT,
        "effective_at": "2026-08-13T20:00:00Z",
        "type": kind,
        **{
            f"{name}_amount_money": {"amount": amount, "currency_code": "USD"}
            for name, amount in money.items()
        },
        **({f"type_{kind.lower()}_details": details} if details else {}),
    }


def entries():
    """The entries that tell the same as the other samples."""
    both = {"payment_id": PAYMENT, "refund_id": REFUND}
    disputed = {"payment_id": PAYMENT, "dispute_id": DISPUTE}
    return [
        entry("CHARGE", 11500, 364, payment_id=PAYMENT),
        entry("THIRD_PARTY_FEE", -200, payment_id=PAYMENT),
        entry("REFUND", -5000, -59, **both),
        entry("THIRD_PARTY_FEE_REFUND", 80, **both),
        entry("DEPOSIT_FEE", -95, payout_id=PAYOUT),
        entry("OPEN_DISPUTE", -6500, **disputed),
        entry("FEE", -12, payment_id=PAYMENT),
        entry("TAX_ON_FEE", -7, payment_id=PAYMENT),
        entry("RESERVE_HOLD", -1000, payment_id=PAYMENT),
        entry("SQUARE_CAPITAL_PAYMENT", -300, payment_id=PAYMENT),
        entry("AUTOMATIC_SAVINGS", -10, payment_id=PAYMENT, payout_id=PAYOUT),
        entry("MONEY_TRANSFER", 55),
    ]


def listed(name, *objects, **more):
    return json.dumps({name: objects, **more}).encode()
