# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Stripe messages for the tests, with the fields that matter to the hub."""

import itertools
import json

from ..engine.providers.stripe import signature

_numbers = itertools.count(1)
T0 = 1_767_261_600  # 2026-01-01 10:00:00 UTC


def event(type_, data_object, created=T0, livemode=False, **fields):
    """A message of Stripe as bytes; ``fields`` overrides the envelope."""
    envelope = {
        "id": f"evt_{next(_numbers):06d}",
        "object": "event",
        "api_version": "2025-04-30.basil",
        "created": created,
        "livemode": livemode,
        "pending_webhooks": 1,
        "type": type_,
        "data": {"object": data_object},
    }
    return json.dumps(envelope | fields).encode()


def payment_intent(number, amount, status="succeeded", **fields):
    """A payment intent whose charge is ``ch_<number>``."""
    return {
        "id": f"pi_{number}",
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
        "amount_received": amount if status == "succeeded" else 0,
        "currency": "usd",
        "description": None,
        "latest_charge": f"ch_{number}",
        "metadata": {},
        "status": status,
    } | fields


def charge(number, amount, captured=True, **fields):
    """A charge of the payment intent ``pi_<number>``."""
    return {
        "id": f"ch_{number}",
        "object": "charge",
        "amount": amount,
        "amount_captured": amount if captured else 0,
        "amount_refunded": 0,
        "captured": captured,
        "created": T0,
        "currency": "usd",
        "description": None,
        "metadata": {},
        "payment_intent": f"pi_{number}",
        "status": "succeeded",
    } | fields


def refund(number, of, amount, status="succeeded", **fields):
    """The refund ``re_<number>`` of the charge ``ch_<of>``."""
    return {
        "id": f"re_{number}",
        "object": "refund",
        "amount": amount,
        "charge": f"ch_{of}",
        "currency": "usd",
        "metadata": {},
        "payment_intent": f"pi_{of}",
        "reason": "requested_by_customer",
        "status": status,
    } | fields


def captured(number, amount, invoice=None, created=T0, **fields):
    """The message payment_intent.succeeded, for an invoice's name."""
    metadata = {"odoo_invoice": invoice} if invoice else {}
    data_object = payment_intent(number, amount, **{"metadata": metadata} | fields)
    return event("payment_intent.succeeded", data_object, created)


def charged(number, amount, invoice=None, created=T0, **fields):
    """The message charge.succeeded about the same capture."""
    metadata = {"odoo_invoice": invoice} if invoice else {}
    data_object = charge(number, amount, metadata=metadata, **fields)
    return event("charge.succeeded", data_object, created)


def refunded(number, of, amount, created=T0 + 3600, **fields):
    """The message refund.created."""
    return event("refund.created", refund(number, of, amount, **fields), created)


def signed(body, secret, timestamp):
    """The headers with which Stripe would send ``body``."""
    return {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": signature.sign(body, secret, timestamp),
    }
