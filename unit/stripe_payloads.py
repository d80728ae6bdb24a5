# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Stripe messages as Stripe sends them, in the shapes of two API versions.

``OLD`` has the charges inside the payment intent and the refunds inside the charge;
``NEW`` names the latest charge, and leaves the refunds out.
"""

import json

OLD = "2020-08-27"
NEW = "2025-04-30.basil"
CREATED = 1_755_000_000


def envelope(
    event_type,
    obj,
    event_id="evt_1RvAbcEngine",
    created=CREATED,
    api_version=NEW,
    previous_attributes=None,
    **more,
):
    """Give the message as a dict."""
    data = {"object": obj}
    if previous_attributes is not None:
        data["previous_attributes"] = previous_attributes
    return {
        "id": event_id,
        "object": "event",
        "api_version": api_version,
        "created": created,
        "data": data,
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": "req_AbcEngine", "idempotency_key": "7d3a-engine"},
        "type": event_type,
        **more,
    }


def encode(message):
    """Give the bytes, indented as Stripe's are."""
    return json.dumps(message, indent=2).encode()


def message(event_type, obj, **more):
    return encode(envelope(event_type, obj, **more))


def payment_intent(
    id="pi_3RvAbc",
    amount=12100,
    amount_received=0,
    amount_capturable=0,
    charge=None,
    status="succeeded",
    api_version=NEW,
    **more,
):
    intent = {
        "id": id,
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": amount_capturable,
        "amount_details": {"tip": {}},
        "amount_received": amount_received,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": {"allow_redirects": "always", "enabled": True},
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "client_secret": f"{id}_secret_Abc",
        "confirmation_method": "automatic",
        "created": CREATED - 60,
        "currency": "eur",
        "customer": "cus_SrAbc",
        "description": "S00042-1",
        "last_payment_error": None,
        "livemode": False,
        "metadata": {"odoo_invoice": "INV/2025/00042", "odoo_tx": "S00042-1"},
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": "pm_1RvAbc",
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card", "bancontact"],
        "processing": None,
        "receipt_email": None,
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "statement_descriptor": None,
        "status": status,
        "transfer_data": None,
        "transfer_group": None,
    }
    if api_version == NEW:
        intent["latest_charge"] = charge["id"] if charge else None
    else:
        failed = dict(charge or {}, id="ch_3RvAbcDeclined", status="failed")
        attempts = [charge, failed] if charge else []
        intent["charges"] = {
            "object": "list",
            "data": attempts,
            "has_more": False,
            "total_count": len(attempts),
            "url": f"/v1/charges?payment_intent={id}",
        }
    return intent | more


def charge(
    id="ch_3RvAbc",
    amount=12100,
    captured=True,
    amount_refunded=0,
    refunds=None,
    api_version=NEW,
    **more,
):
    result = {
        "id": id,
        "object": "charge",
        "amount": amount,
        "amount_captured": amount if captured else 0,
        "amount_refunded": amount_refunded,
        "application": None,
        "application_fee": None,
        "balance_transaction": "txn_3RvAbc" if captured else None,
        "billing_details": {
            "address": {"city": None, "country": "BE", "line1": None, "state": None},
            "email": "buyer@example.com",
            "name": "A. Buyer",
            "phone": None,
        },
        "calculated_statement_descriptor": "EXAMPLE SHOP",
        "captured": captured,
        "created": CREATED - 1,
        "currency": "eur",
        "customer": "cus_SrAbc",
        "description": "S00042-1",
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": False,
        "metadata": {"odoo_invoice": "INV/2025/00042", "odoo_tx": "S00042-1"},
        "outcome": {
            "network_status": "approved_by_network",
            "reason": None,
            "risk_level": "normal",
            "risk_score": 20,
            "seller_message": "Payment complete.",
            "type": "authorized",
        },
        "paid": True,
        "payment_intent": "pi_3RvAbc",
        "payment_method": "pm_1RvAbc",
        "payment_method_details": {
            "card": {
                "brand": "visa",
                "checks": {"cvc_check": "pass"},
                "country": "BE",
                "exp_month": 12,
                "exp_year": 2030,
                "funding": "debit",
                "last4": "4242",
                "network": "visa",
                "three_d_secure": None,
                "wallet": None,
            },
            "type": "card",
        },
        "receipt_email": None,
        "receipt_url": "https://pay.stripe.com/receipts/payment/Abc\u0026Engine",
        "refunded": amount_refunded == amount,
        "review": None,
        "shipping": None,
        "status": "succeeded",
        "transfer_data": None,
    }
    if api_version == OLD or refunds is not None:
        data = refunds or []
        result["refunds"] = {
            "object": "list",
            "data": data,
            "has_more": False,
            "total_count": len(data),
            "url": f"/v1/charges/{id}/refunds",
        }
    return result | more


def refund(id="re_3RvAbc", amount=2000, status="succeeded", **more):
    return {
        "id": id,
        "object": "refund",
        "amount": amount,
        "balance_transaction": "txn_3RvAbcRefund",
        "charge": "ch_3RvAbc",
        "created": CREATED + 3600,
        "currency": "eur",
        "destination_details": {"card": {"type": "refund"}, "type": "card"},
        "metadata": {},
        "payment_intent": "pi_3RvAbc",
        "reason": "requested_by_customer",
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": status,
        "transfer_reversal": None,
    } | more


def payment_intent_succeeded(amount=12100, api_version=NEW, **more):
    intent = payment_intent(
        amount=amount,
        amount_received=amount,
        charge=charge(amount=amount, api_version=api_version),
        api_version=api_version,
    )
    return message("payment_intent.succeeded", intent, api_version=api_version, **more)


def charge_succeeded(amount=12100, api_version=NEW, **more):
    return message(
        "charge.succeeded",
        charge(amount=amount, api_version=api_version),
        api_version=api_version,
        **more,
    )


def samples():
    """Give one message of every kind that Stripe sends about a payment or a refund."""
    uncaptured = charge(captured=False)
    declined = charge(captured=False, status="failed", failure_code="card_declined")
    refunded = charge(amount_refunded=2000)
    intents = {
        "payment_intent.created": payment_intent(status="requires_payment_method"),
        "payment_intent.processing": payment_intent(status="processing"),
        "payment_intent.partially_funded": payment_intent(status="requires_action"),
        "payment_intent.requires_action": payment_intent(status="requires_action"),
        "payment_intent.canceled": payment_intent(
            status="canceled", cancellation_reason="abandoned"
        ),
        "payment_intent.payment_failed": payment_intent(
            status="requires_payment_method",
            charge=declined,
            last_payment_error={"code": "card_declined", "type": "card_error"},
        ),
        "payment_intent.amount_capturable_updated": payment_intent(
            status="requires_capture", amount_capturable=12100, charge=uncaptured
        ),
        "payment_intent.succeeded": payment_intent(
            amount_received=12100, charge=charge()
        ),
    }
    charges = {
        "charge.succeeded": charge(),
        "charge.captured": charge(),
        "charge.pending": charge(captured=False, status="pending"),
        "charge.failed": declined,
        "charge.expired": uncaptured,
        "charge.updated": charge(),
        "charge.refunded": refunded,
    }
    refunds = {
        "charge.refund.updated": refund(),
        "refund.created": refund(status="pending"),
        "refund.updated": refund(),
        "refund.failed": refund(status="failed", failure_reason="declined"),
    }
    return {
        name: message(name, obj) for name, obj in (intents | charges | refunds).items()
    }
