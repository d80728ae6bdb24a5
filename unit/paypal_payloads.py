# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What PayPal sends and serves, in its shapes."""

import json
from datetime import datetime, timezone

API = "https://api.sandbox.paypal.com"
CREATED = 1_755_000_000
ORDER = "5O190127TN364715T"
CAPTURE = "3C679366HH908993F"
AUTHORIZATION = "0VF52814937998046"
REFUND = "1JU08902781691411"
REVERSAL = "09E71677NS257044M"
DISPUTE = "PP-R-KIK-10123456"
PAYOUT = "9T35095587812345X"


def iso(seconds=CREATED):
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def amount(value="121.00", currency="EUR"):
    return {"currency_code": currency, "value": value}


def old_amount(total="121.00", currency="EUR"):
    return {"total": total, "currency": currency}


def link(rel, path):
    return {"rel": rel, "href": API + path, "method": "GET"}


def event(event_type, resource, version="2.0", event_id="WH-2WR32451HC0233532-67976"):
    """Give a message; ``version`` "" for those of version 1."""
    return json.dumps(
        {
            "id": event_id,
            "event_version": "1.0",
            "create_time": iso().replace("Z", ".123Z"),
            "resource_type": "capture",
            **({"resource_version": version} if version else {}),
            "event_type": event_type,
            "summary": "Something about € 121.00",
            "resource": resource,
            "links": [
                link("self", f"/v1/notifications/webhooks-events/{event_id}"),
                link("resend", f"/v1/notifications/webhooks-events/{event_id}/resend"),
            ],
        },
        ensure_ascii=False,
    ).encode()


def receivable(gross="121.00", fee="4.46", net="116.54", currency="EUR", **more):
    return {
        "gross_amount": amount(gross, currency),
        "paypal_fee": amount(fee, currency),
        "net_amount": amount(net, currency),
        **more,
    }


def capture(status="COMPLETED", **more):
    return {
        "id": CAPTURE,
        "status": status,
        "amount": amount(),
        "final_capture": True,
        "seller_protection": {"status": "NOT_ELIGIBLE"},
        "seller_receivable_breakdown": receivable(),
        "invoice_id": "INV/2026/00001",
        "custom_id": "S00042",
        "supplementary_data": {"related_ids": {"order_id": ORDER}},
        "create_time": iso(),
        "update_time": iso(),
        "links": [
            link("self", f"/v2/payments/captures/{CAPTURE}"),
            link("refund", f"/v2/payments/captures/{CAPTURE}/refund"),
            link("up", f"/v2/checkout/orders/{ORDER}"),
        ],
        **more,
    }


def authorization(status="CREATED", **more):
    return {
        "id": AUTHORIZATION,
        "status": status,
        "amount": amount(),
        "invoice_id": "INV/2026/00001",
        "supplementary_data": {"related_ids": {"order_id": ORDER}},
        "create_time": iso(),
        "update_time": iso(),
        "links": [link("self", f"/v2/payments/authorizations/{AUTHORIZATION}")],
        **more,
    }


def refund(status="COMPLETED", refund_id=REFUND, **more):
    """A refund, or a reversal: PayPal gives both one shape."""
    return {
        "id": refund_id,
        "status": status,
        "amount": amount("21.00"),
        "seller_payable_breakdown": {
            **receivable("21.00", "0.47", "20.53"),
            "total_refunded_amount": amount("41.00"),
        },
        "custom_id": "S00042",
        "note_to_payer": "Too small",
        "create_time": "2025-08-12T05:00:00-07:00",
        "update_time": "2025-08-12T05:00:00-07:00",
        "links": [
            link("self", f"/v2/payments/refunds/{refund_id}"),
            link("up", f"/v2/payments/captures/{CAPTURE}"),
        ],
        **more,
    }


def order(status="APPROVED", payments=None, **more):
    unit = {
        "reference_id": "default",
        "custom_id": "S00042",
        "invoice_id": "INV/2026/00001",
        "description": "Two chairs",
        "amount": amount(),
        "payee": {"merchant_id": "EZ782AXEUJUW8"},
    }
    if payments:
        unit["payments"] = payments
    return {
        "id": ORDER,
        "status": status,
        "intent": "CAPTURE",
        "purchase_units": [unit],
        "create_time": iso(),
        "links": [link("self", f"/v2/checkout/orders/{ORDER}")],
        **more,
    }


def sale(state="completed", **more):
    return {
        "id": CAPTURE,
        "state": state,
        "amount": {**old_amount(), "details": {"subtotal": "121.00"}},
        "payment_mode": "INSTANT_TRANSFER",
        "transaction_fee": {"value": "4.46", "currency": "EUR"},
        "parent_payment": "PAYID-LVT22VY7N839502VJ678725M",
        "billing_agreement_id": "I-YSW93404E5CF",
        "invoice_number": "INV/2026/00001",
        "custom": "S00042",
        "create_time": iso(),
        "update_time": iso(),
        "links": [
            link("self", f"/v1/payments/sale/{CAPTURE}"),
            link(
                "parent_payment", "/v1/payments/payment/PAYID-LVT22VY7N839502VJ678725M"
            ),
        ],
        **more,
    }


def old_refund(total="-21.00", refund_id=REFUND, **more):
    return {
        "id": refund_id,
        "state": "completed",
        "amount": old_amount(total),
        "sale_id": CAPTURE,
        "parent_payment": "PAYID-LVT22VY7N839502VJ678725M",
        "create_time": iso(),
        "update_time": iso(),
        "links": [link("sale", f"/v1/payments/sale/{CAPTURE}")],
        **more,
    }


def dispute(stage="CHARGEBACK", outcome="", **more):
    return {
        "dispute_id": DISPUTE,
        "create_time": iso(),
        "update_time": iso(),
        "disputed_transactions": [
            {
                "buyer_transaction_id": "3BC38643YC807283D",
                "seller_transaction_id": CAPTURE,
                "invoice_number": "INV/2026/00001",
                "custom": "S00042",
                "gross_amount": amount(),
            }
        ],
        "reason": "MERCHANDISE_OR_SERVICE_NOT_RECEIVED",
        "status": "RESOLVED" if outcome else "WAITING_FOR_SELLER_RESPONSE",
        "dispute_amount": amount(),
        "dispute_life_cycle_stage": stage,
        "dispute_channel": "INTERNAL",
        **({"dispute_outcome": {"outcome_code": outcome}} if outcome else {}),
        "links": [link("self", f"/v1/customer/disputes/{DISPUTE}")],
        **more,
    }


def payout_item(status="SUCCESS", **more):
    return {
        "payout_item_id": "RYP7YTZTN5PYG",
        "transaction_id": PAYOUT,
        "transaction_status": status,
        "payout_item_fee": {"value": "0.25", "currency": "EUR"},
        "payout_batch_id": "Q8KVJG9TZTNN4",
        "payout_item": {
            "recipient_type": "EMAIL",
            "amount": {"value": "50.00", "currency": "EUR"},
            "note": "Thank you",
            "receiver": "receiver@example.com",
            "sender_item_id": "COMMISSION-7",
        },
        "time_processed": iso(),
        "links": [link("self", "/v1/payments/payouts-item/RYP7YTZTN5PYG")],
        **more,
    }


def payout_batch(status="SUCCESS"):
    return {
        "batch_header": {
            "payout_batch_id": "Q8KVJG9TZTNN4",
            "batch_status": status,
            "time_created": iso(),
            "amount": {"value": "50.00", "currency": "EUR"},
            "fees": {"value": "0.25", "currency": "EUR"},
            "payments": 1,
        },
        "links": [link("self", "/v1/payments/payouts/Q8KVJG9TZTNN4")],
    }


def referenced_payout(status="SUCCESS"):
    return {
        "item_id": "CDZEC5MJ8R5HY",
        "processing_state": {"status": status},
        "reference_id": CAPTURE,
        "reference_type": "TRANSACTION_ID",
        "payout_transaction_id": "KUZEQVL6KJ3ZQ",
        "payout_amount": amount("100.00"),
        "links": [link("self", "/v1/payments/referenced-payouts-items/CDZEC5MJ8R5HY")],
    }


def samples():
    """Give one message for each event that the hub subscribes to."""
    resources = {
        "CHECKOUT.CHECKOUT.BUYER-APPROVED": sale(id="PAYID-LVT22VY7"),
        "CHECKOUT.ORDER.APPROVED": order(),
        "CHECKOUT.ORDER.COMPLETED": order("COMPLETED", {"captures": [capture()]}),
        "CHECKOUT.ORDER.PROCESSED": order("COMPLETED"),
        "CHECKOUT.PAYMENT-APPROVAL.REVERSED": {
            "order_id": ORDER,
            "purchase_units": [{"custom_id": "S00042", "reference_id": "default"}],
        },
        "CUSTOMER.DISPUTE.CREATED": dispute("INQUIRY"),
        "CUSTOMER.DISPUTE.UPDATED": dispute(),
        "CUSTOMER.DISPUTE.RESOLVED": dispute(outcome="RESOLVED_BUYER_FAVOUR"),
        "PAYMENT.AUTHORIZATION.CREATED": authorization(),
        "PAYMENT.AUTHORIZATION.VOIDED": authorization("VOIDED"),
        "PAYMENT.CAPTURE.COMPLETED": capture(),
        "PAYMENT.CAPTURE.DECLINED": capture("DECLINED"),
        "PAYMENT.CAPTURE.DENIED": capture(
            "DECLINED", status_details={"reason": "OTHER"}
        ),
        "PAYMENT.CAPTURE.PENDING": capture(
            "PENDING", status_details={"reason": "ECHECK"}
        ),
        "PAYMENT.CAPTURE.REFUNDED": refund(),
        "PAYMENT.CAPTURE.REVERSED": refund(refund_id=REVERSAL),
        "PAYMENT.PAYOUTS-ITEM.BLOCKED": payout_item("BLOCKED"),
        "PAYMENT.PAYOUTS-ITEM.CANCELED": payout_item("RETURNED"),
        "PAYMENT.PAYOUTS-ITEM.DENIED": payout_item("DENIED"),
        "PAYMENT.PAYOUTS-ITEM.FAILED": payout_item("FAILED", transaction_id=None),
        "PAYMENT.PAYOUTS-ITEM.HELD": payout_item("ONHOLD"),
        "PAYMENT.PAYOUTS-ITEM.REFUNDED": payout_item("REFUNDED"),
        "PAYMENT.PAYOUTS-ITEM.RETURNED": payout_item("RETURNED"),
        "PAYMENT.PAYOUTS-ITEM.SUCCEEDED": payout_item(),
        "PAYMENT.PAYOUTS-ITEM.UNCLAIMED": payout_item("UNCLAIMED"),
        "PAYMENT.PAYOUTSBATCH.DENIED": payout_batch("DENIED"),
        "PAYMENT.PAYOUTSBATCH.PROCESSING": payout_batch("PROCESSING"),
        "PAYMENT.PAYOUTSBATCH.SUCCESS": payout_batch(),
        "PAYMENT.REFERENCED-PAYOUT-ITEM.COMPLETED": referenced_payout(),
        "PAYMENT.REFERENCED-PAYOUT-ITEM.FAILED": referenced_payout("FAILED"),
    }
    old = {
        "PAYMENT.ORDER.CANCELLED": sale("voided", id="O-0PW72302W3743444R"),
        "PAYMENT.ORDER.CREATED": sale("pending", id="O-0PW72302W3743444R"),
        "PAYMENT.SALE.COMPLETED": sale(),
        "PAYMENT.SALE.DENIED": sale("denied"),
        "PAYMENT.SALE.PENDING": sale("pending"),
        "PAYMENT.SALE.REFUNDED": old_refund(),
        "PAYMENT.SALE.REVERSED": old_refund(refund_id=REVERSAL),
        "PAYMENTS.PAYMENT.CREATED": {
            "id": "PAYID-LVT22VY7",
            "state": "approved",
            "transactions": [{"amount": old_amount(), "custom": "S00042"}],
            "links": [link("self", "/v1/payments/payment/PAYID-LVT22VY7")],
        },
        "RISK.DISPUTE.CREATED": dispute(),
    }
    return {name: event(name, resource) for name, resource in resources.items()} | {
        name: event(name, resource, "") for name, resource in old.items()
    }


# === entries of the balance ===


def transaction(
    code, transaction_id, gross, fee="", related="", currency="EUR", **more
):
    """One entry as the transaction search has it; signed amounts."""
    info = {
        "paypal_account_id": "6STWC2LSUYYYE",
        "transaction_id": transaction_id,
        "transaction_event_code": code,
        "transaction_initiation_date": "2025-08-12T12:00:00+0000",
        "transaction_updated_date": "2025-08-12T12:00:01+0000",
        "transaction_amount": amount(gross, currency),
        "transaction_status": "S",
        "ending_balance": amount("1000.00", currency),
        "invoice_id": "INV/2026/00001",
        "custom_field": "S00042",
        "protection_eligibility": "01",
        **more,
    }
    if fee:
        info["fee_amount"] = amount(fee, currency)
    if related:
        info.setdefault("paypal_reference_id_type", "TXN")
        info["paypal_reference_id"] = related
    return {"transaction_info": info, "payer_info": {"country_code": "BE"}}


def page(*transactions, number=1, pages=1):
    return {
        "transaction_details": list(transactions),
        "account_number": "XZXSPECPDZHZU",
        "last_refreshed_datetime": iso(),
        "page": number,
        "total_items": len(transactions),
        "total_pages": pages,
    }


COLUMNS = (
    "Transaction ID",
    "Invoice ID",
    "PayPal Reference ID",
    "PayPal Reference ID Type",
    "Transaction Event Code",
    "Transaction Initiation Date",
    "Transaction Completion Date",
    "Transaction  Debit or Credit",  # two blanks, as PayPal writes it
    "Gross Transaction Amount",
    "Gross Transaction Currency",
    "Fee Debit or Credit",
    "Fee Amount",
    "Fee Currency",
    "Custom Field",
    "Consumer ID",
    "Payment Tracking ID",
    "Store ID",
    "Bank Reference ID",
    "Credit Transactional Fee",
    "Credit Promotional Fee",
    "Credit Term",
)
TIME = "2025/08/12 05:00:00 -0700"


def row(code, transaction_id, gross, fee=0, related="", currency="EUR", bank=""):
    """One entry of a settlement report; signed hundredths of the major unit."""

    def direction(hundredths):
        return "CR" if hundredths > 0 else "DR"

    return [
        transaction_id,
        "INV/2026/00001",
        related,
        "TXN" if related else "",
        code,
        TIME,
        "2025/08/12 05:00:01 -0700",
        direction(gross),
        str(abs(gross)),
        currency,
        direction(fee) if fee else "",
        str(abs(fee)) if fee else "",
        currency if fee else "",
        "S00042",
        "7Q8R9",
        "",
        "",
        bank,
        "",
        "",
        "",
    ]


def line(*cells):
    return ",".join(
        cell if cell.isdigit() or cell == TIME else f'"{cell}"' for cell in cells
    )


def detail(cells, status="S"):
    """Give the row of a transaction detail report."""
    return [*cells[:13], status, *cells[13:]]


DETAIL_COLUMNS = (*COLUMNS[:13], "Transactional Status", *COLUMNS[13:])


def settlement(
    *rows, columns=COLUMNS, account="EZ782AXEUJUW8", count=None, file="01", end=True
):
    """Give a whole report, with a byte order mark as PayPal's have it."""
    count = str(len(rows) if count is None else count)
    lines = [
        f'"RH",2025/08/13 02:21:10 -0700,"A","{account}",009,',
        f'"FH",{file}',
        f'"SH",{TIME},{TIME},"{account}",""',
        '"CH",' + ",".join(columns),
        *[line("SB", *cells) for cells in rows],
        f'"SF","EUR",10000,0,0,300,"CR",0,"CR",9700,"CR",0,"CR",0,"CR",0,"CR",0,{count}',
        f'"SC",{count}',
        f'"RF","EUR",10000,0,0,300,"CR",0,"CR",9700,"CR",0,"CR",0,"CR",0,"CR",0,{count}',
        f'"RC",{count}',
    ]
    if end:
        lines.append(f'"FF",{count}')
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()
