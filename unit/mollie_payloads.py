# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Mollie sends, in the shapes of its API as of August 2026."""

import json

CREATED = 1_773_998_017
AT = "2026-03-20T09:13:37+00:00"
LATER = "2026-03-20T09:15:00+00:00"
SECRET = "VpQ3WukU6uSCGQ8TPTD3WPDpac3GyNEj"
PAYMENT = "tr_5B8cwPMGnU6qLbRvo7qEZo"
CAPTURE = "cpt_vytxeTZskVKR7C7WgdSP3d"
REFUND = "re_4qqhO89gsT"
CHARGEBACK = "chb_xFzwUN4ci8HAmSGUACS4J"
SETTLEMENT = "stl_jDk30akdN"
PAYOUT = "payout_j8NvRAM2WNZtsykpLEX8J"
ENTRY = "baltr_QM24QwzUWR4ev4Xfgyt29A"
# What nobody signs, for it only names an object.
CLASSIC = f"id={PAYMENT}".encode()
FORM = {
    "content-type": "application/x-www-form-urlencoded",
    "x-payment-hub-received": str(CREATED),
}


def encode(value):
    return json.dumps(value).encode()


def money(value, currency="EUR"):
    return {"currency": currency, "value": value}


def links(path):
    return {
        "self": {
            "href": f"https://api.mollie.com/v2/{path}",
            "type": "application/hal+json",
        }
    }


def payment(status="paid", **changes):
    moments = {
        "paid": {"paidAt": LATER},
        "authorized": {"authorizedAt": LATER},
        "canceled": {"canceledAt": LATER},
        "expired": {"expiredAt": LATER},
        "failed": {"failedAt": LATER},
    }
    return (
        {
            "resource": "payment",
            "id": PAYMENT,
            "mode": "test",
            "status": status,
            "amount": money("121.00"),
            "description": "S00042-1",
            "sequenceType": "oneoff",
            "method": "ideal",
            "metadata": {"order_id": "S00042", "invoice_number": "INV/2026/0007"},
            "customerId": "cst_4qqhO89gsT",
            "profileId": "pfl_QkEhN94Ba",
            "redirectUrl": "https://odoo.example/payment/status",
            "webhookUrl": "https://odoo.example/payment_hub/webhook/x",
            "createdAt": AT,
            "_links": links(f"payments/{PAYMENT}"),
        }
        | moments.get(status, {})
        | changes
    )


def capture(status="succeeded", **changes):
    return {
        "resource": "capture",
        "id": CAPTURE,
        "mode": "test",
        "description": "First parcel",
        "amount": money("35.95"),
        "status": status,
        "metadata": None,
        "paymentId": PAYMENT,
        "createdAt": LATER,
        "_links": links(f"payments/{PAYMENT}/captures/{CAPTURE}"),
    } | changes


def refund(status="refunded", **changes):
    return {
        "resource": "refund",
        "id": REFUND,
        "mode": "test",
        "amount": money("20.00"),
        "description": "Credit note RINV/2026/0003",
        "metadata": None,
        "status": status,
        "paymentId": PAYMENT,
        "createdAt": LATER,
        "_links": links(f"payments/{PAYMENT}/refunds/{REFUND}"),
    } | changes


def chargeback(**changes):
    return {
        "resource": "chargeback",
        "id": CHARGEBACK,
        "amount": money("121.00"),
        "reason": {"code": "AC01", "description": "Account identifier incorrect"},
        "paymentId": PAYMENT,
        "createdAt": LATER,
        "reversedAt": None,
        "_links": links(f"payments/{PAYMENT}/chargebacks/{CHARGEBACK}"),
    } | changes


def payout(status="initiated", **changes):
    return {
        "resource": "payout",
        "id": PAYOUT,
        "balanceId": "bal_gVMhHKqSSRYJyPsuoPNFH",
        "amount": money("39.75"),
        "description": "Payout of March",
        "status": status,
        "statusReason": {"code": status, "message": "As it says."},
        "createdAt": AT,
        "initiatedAt": AT,
        "completedAt": LATER if status == "completed" else None,
        "canceledAt": LATER if status == "canceled" else None,
        "mode": "test",
        "_links": links(f"payouts/{PAYOUT}"),
    } | changes


def settlement(status="paidout", **changes):
    return {
        "resource": "settlement",
        "id": SETTLEMENT,
        "reference": "1234567.2603.03",
        "createdAt": AT,
        "settledAt": LATER if status == "paidout" else None,
        "status": status,
        "amount": money("39.75"),
        "balanceId": "bal_3kUf4yU2nT",
        "invoiceId": "inv_FrvewDA3Pr",
        "periods": {
            "2026": {
                "03": {
                    "costs": [
                        {
                            "description": "iDEAL",
                            "method": "ideal",
                            "count": 6,
                            "rate": {"fixed": money("0.3500"), "percentage": None},
                            "amountNet": money("2.1000"),
                            "amountVat": money("0.4410"),
                            "amountGross": money("2.5410"),
                        }
                    ],
                    "revenue": [],
                }
            }
        },
        "_links": links(f"settlements/{SETTLEMENT}"),
    } | changes


def entry(kind="payment", gross="121.00", fee="-0.29", context=None, **changes):
    cents = round(float(gross) * 100) + round(float(fee) * 100)
    if context is None:
        context = {"paymentId": PAYMENT, "paymentDescription": "S00042-1"}
    return {
        "resource": "balance_transaction",
        "id": ENTRY,
        "type": kind,
        "initialAmount": money(gross),
        "deductions": money(fee) if float(fee) else None,
        "resultAmount": money(f"{cents / 100:.2f}"),
        "createdAt": LATER,
        "context": context,
    } | changes


def event(kind, entity, **changes):
    return {
        "resource": "event",
        "id": "event_GvJ8WHrp5isUdRub9CJyH",
        "type": kind,
        "entityId": entity["id"],
        "createdAt": LATER,
        "_embedded": {"entity": entity},
        "_links": links("events/event_GvJ8WHrp5isUdRub9CJyH"),
    } | changes


def message(kind, entity, **changes):
    return encode(event(kind, entity, **changes))


def simple(kind, entity_id):
    body = event(kind, {"id": entity_id})
    del body["_embedded"]
    return encode(body)


def page(name, *items, following=""):
    href = f"https://api.mollie.com/v2/{name}?from={following}&limit=250"
    return {
        "count": len(items),
        "_embedded": {name: list(items)},
        "_links": {"next": {"href": href} if following else None},
    }


WHOLE = payment(
    captureMode="manual",
    authorizedAt="2026-03-20T09:14:00+00:00",
    amountCaptured=money("71.90"),
    amountRefunded=money("20.00"),
    amountChargedBack=money("121.00"),
    settlementAmount=money("71.90"),
    settlementId=SETTLEMENT,
    _embedded={
        "captures": [capture(), capture("failed", id="cpt_2")],
        "refunds": [refund(), refund("queued", id="re_2")],
        "chargebacks": [chargeback(reversedAt="2026-04-01T08:00:00+02:00")],
    },
)


def samples():
    """Give a message for each type of event."""
    entities = {
        "payment": payment,
        "refund": refund,
        "payout": payout,
        "capture": capture,
    }
    found = {}
    for kind in (
        "payment.paid payment.authorized payment.failed payment.canceled "
        "payment.expired payment.pending refund.queued refund.pending "
        "refund.processing refund.refunded refund.failed refund.canceled "
        "capture.succeeded capture.failed payout.initiated payout.processing-at-bank "
        "payout.completed payout.canceled payout.failed"
    ).split():
        resource, _dot, status = kind.partition(".")
        found[kind] = message(kind, entities[resource](status))
    found["chargeback.received"] = message("chargeback.received", chargeback())
    found["chargeback.reversed"] = message(
        "chargeback.reversed", chargeback(reversedAt="2026-04-01T08:00:00+02:00")
    )
    found["balance-transaction.created"] = message(
        "balance-transaction.created", entry()
    )
    found["payment-link.paid"] = message(
        "payment-link.paid",
        {
            "resource": "payment-link",
            "id": "pl_4Y0eZitmBnQ6IDoMqZQKh",
            "mode": "live",
            "amount": money("24.95"),
            "paidAt": LATER,
            "createdAt": AT,
        },
    )
    return found
