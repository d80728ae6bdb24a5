# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Razorpay's messages and objects, as it shapes them."""

import json

CREATED = 1_755_000_000
MERCHANT = "acc_NfB3kWcTbL0aXz"
PAYMENT = "pay_NfB4mFyQm2uEo1"
REFUND = "rfnd_NfB9kQwA17bTxE"
DISPUTE = "disp_NfBCq2LwXz19Rt"
SETTLEMENT = "setl_NfBFv6YpKe30Mn"
TRANSFER = "trf_NfBJx81RdTq2Wb"
UTR = "HDFCN52026081200417"


def payment(**more):
    return {
        "id": PAYMENT,
        "entity": "payment",
        "amount": 100000,
        "currency": "INR",
        "base_amount": 100000,
        "status": "captured",
        "order_id": "order_NfB4fW7kQZ3d9S",
        "invoice_id": None,
        "international": False,
        "method": "upi",
        "amount_refunded": 0,
        "amount_transferred": 0,
        "refund_status": None,
        "captured": True,
        "description": "S00042-1",
        "card_id": None,
        "bank": None,
        "wallet": None,
        "vpa": "buyer@okbank",
        "email": "buyer@example.com",
        "contact": "+919900000000",
        "customer_id": "cust_NfB2v0eRt55Lkm",
        "notes": {"invoice": "INV/2026/00042", "shelf": "12"},
        "fee": 2360,
        "tax": 360,
        "error_code": None,
        "error_description": None,
        "error_source": None,
        "error_step": None,
        "error_reason": None,
        "acquirer_data": {"rrn": "522400112233"},
        "created_at": CREATED,
    } | more


def authorized(**more):
    early = {"status": "authorized", "captured": False, "fee": None, "tax": None}
    return payment(**early | {"notes": []} | more)


def refund(**more):
    return {
        "id": REFUND,
        "entity": "refund",
        "amount": 25000,
        "currency": "INR",
        "payment_id": PAYMENT,
        "notes": [],
        "receipt": "RINV/2026/0007",
        "acquirer_data": {"arn": "10000000000000"},
        "created_at": CREATED + 100,
        "batch_id": None,
        "status": "processed",
        "speed_processed": "normal",
        "speed_requested": "normal",
    } | more


def dispute(**more):
    return {
        "id": DISPUTE,
        "entity": "dispute",
        "payment_id": PAYMENT,
        "amount": 75000,
        "currency": "INR",
        "amount_deducted": 0,
        "reason_code": "goods_or_services_not_received",
        "respond_by": CREATED + 900_000,
        "status": "open",
        "phase": "chargeback",
        "created_at": CREATED + 200,
        "evidence": {"amount": 75000, "summary": None, "submitted_at": None},
    } | more


def settlement(**more):
    return {
        "id": SETTLEMENT,
        "entity": "settlement",
        "amount": 72640,
        "status": "processed",
        "fees": 2360,
        "tax": 360,
        "utr": UTR,
        "created_at": CREATED + 300,
    } | more


def transfer(**more):
    return {
        "id": TRANSFER,
        "entity": "transfer",
        "source": PAYMENT,
        "recipient": "acc_NfBKk2QzPo77Yh",
        "amount": 100000,
        "currency": "INR",
        "amount_reversed": 0,
        "notes": {"branch": "Bangalore"},
        "fees": 296,
        "tax": 46,
        "on_hold": False,
        "created_at": CREATED + 400,
        "processed_at": CREATED + 401,
    } | more


def message(event, created=CREATED + 1, **entities):
    return json.dumps(
        {
            "entity": "event",
            "account_id": MERCHANT,
            "event": event,
            "contains": list(entities),
            "payload": {name: {"entity": value} for name, value in entities.items()},
            "created_at": created,
        }
    ).encode()


def item(**more):
    """One item of a settlement's reconciliation: a payment."""
    return {
        "entity_id": PAYMENT,
        "type": "payment",
        "debit": 0,
        "credit": 97640,
        "amount": 100000,
        "currency": "INR",
        "fee": 2360,
        "tax": 360,
        "on_hold": False,
        "settled": True,
        "created_at": CREATED,
        "settled_at": CREATED + 300,
        "settlement_id": SETTLEMENT,
        "posted_at": None,
        "credit_type": "default",
        "description": "S00042-1",
        "notes": "Beam me up",
        "payment_id": None,
        "settlement_utr": UTR,
        "order_id": "order_NfB4fW7kQZ3d9S",
        "order_receipt": "S00042",
        "method": "upi",
        "card_network": None,
        "card_issuer": None,
        "card_type": None,
        "dispute_id": None,
    } | more


def items():
    """The items that tell the same as the other samples, and one adjustment."""
    refunded = {"entity_id": REFUND, "type": "refund", "payment_id": PAYMENT}
    transferred = {"entity_id": TRANSFER, "type": "transfer", "payment_id": PAYMENT}
    disputed = {"entity_id": "adj_NfBM1", "type": "adjustment", "payment_id": PAYMENT}
    adjusted = item(
        entity_id="adj_NfBM2", type="adjustment", credit=1012, amount=1012, fee=0, tax=0
    )
    for field in ("credit_type", "settlement_utr", "order_id", "notes"):
        del adjusted[field]
    no_fee = {"fee": 0, "tax": 0, "credit": 0}
    return [
        item(),
        item(**refunded, debit=25000, amount=25000, **no_fee),
        item(**transferred, debit=100296, credit=0, fee=296, tax=46, notes=None),
        item(**disputed, debit=75000, amount=75000, dispute_id=DISPUTE, **no_fee),
        adjusted,
    ]


def collection(*objects):
    answer = {"entity": "collection", "count": len(objects), "items": objects}
    return json.dumps(answer).encode()


# The dashboard's file: major units, Indian time.
COLUMNS = (
    "entity_id,type,debit,credit,amount,currency,fee,tax,on_hold,settled,created_at,"
    "settled_at,settlement_id,description,notes,payment_id,arn,settlement_utr,order_id,"
    "order_receipt,method,upi_flow,card_network,card_issuer,card_type,dispute_id,"
    "additional_utr"
)
TIMES = "12/08/2025 17:30:00,13-08-2025"
CSV = f"""{COLUMNS}
{PAYMENT},payment,0,976.4,1000,INR,23.6,3.6,0,1,{TIMES},{SETTLEMENT},S00042-1,\
"{{""invoice"":""INV/2026/00042""}}",,,{UTR},order_NfB4fW7kQZ3d9S,S00042,upi,,,,,,
{REFUND},refund,250,0,250,INR,0,0,0,1,{TIMES},{SETTLEMENT},,[],{PAYMENT},,{UTR},,,upi,\
,,,,,
{TRANSFER},transfer,1002.96,0,1000,INR,2.96,0.46,0,1,{TIMES},{SETTLEMENT},,[],{PAYMENT}\
,,{UTR},,,,,,,,,
adj_NfBM1,adjustment,750,0,750,INR,0,0,0,1,{TIMES},{SETTLEMENT},,[],{PAYMENT},,{UTR},,\
,,,,,,{DISPUTE},
adj_NfBM2,adjustment,0,10.12,10.12,INR,0,0,0,1,{TIMES},{SETTLEMENT},test,[],,,{UTR},,,\
,,,,,,
{SETTLEMENT},settlement,726.4,0,726.4,INR,0,0,0,1,12/08/2025 17:35:00,,,,[],,,{UTR},,,,\
,,,,,
""".encode()
