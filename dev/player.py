# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A Stripe account for demonstrations: its facts, its messages, its balance.

Nothing of the addon is used here. What Stripe knows, how it writes it down and
how it signs it is told a second time, so that the addon can be compared with it.
"""

import hashlib
import hmac
import http.client
import json
import random
import string
import time
from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlsplit

API_VERSION = "2025-04-30.basil"
TIMEOUT = 20  # seconds for one answer; Stripe itself waits about as long
ATTEMPTS = 4  # of one delivery, while the answer is 5xx or there is none
PAUSE = 1.0  # seconds between two attempts
REFUSED = 400
UNAVAILABLE = 500


@dataclass(frozen=True)
class Order:
    """What a shop asks Stripe to collect."""

    reference: str
    amount: int  # minor units
    currency: str
    customer: str
    email: str


@dataclass(frozen=True)
class Payment:
    """A payment intent and its charge."""

    order: Order
    intent_id: str
    charge_id: str
    method_id: str
    customer_id: str
    created: int


class Account:
    """A Stripe account: makes payments and refunds and keeps its own balance.

    :param seed: the same seed gives the same ids
    """

    def __init__(self, seed):
        self._random = random.Random(seed)
        self.balance = 0  # minor units: captures minus refunds, fees left aside

    def pay(self, order, created):
        """Collect an order's amount at a time in unix seconds."""
        self.balance += order.amount
        return self.claim(order, created)

    def claim(self, order, created):
        """Return a payment that never happened, as a forger would make it up."""
        return Payment(
            order,
            self._id("pi_3", 23),
            self._id("ch_3", 23),
            self._id("pm_1", 23),
            self._id("cus_", 14),
            created,
        )

    def refund(self, payment, amount, created):
        """Give a part of a payment back; return the refund's object."""
        self.balance -= amount
        return {
            "id": self._id("re_3", 23),
            "object": "refund",
            "amount": amount,
            "balance_transaction": self._id("txn_3", 23),
            "charge": payment.charge_id,
            "created": created,
            "currency": payment.order.currency,
            "destination_details": {
                "card": {"reference_status": "pending", "type": "refund"},
                "type": "card",
            },
            "metadata": {},
            "payment_intent": payment.intent_id,
            "reason": "requested_by_customer",
            "receipt_number": None,
            "source_transfer_reversal": None,
            "status": "succeeded",
            "transfer_reversal": None,
        }

    def fail(self, refund):
        """Take a refund back that could not be delivered; return its object now."""
        self.balance += refund["amount"]
        return refund | {
            "failure_balance_transaction": self._id("txn_3", 23),
            "failure_reason": "lost_or_stolen_card",
            "status": "failed",
        }

    def inquire(self, payment, created, due):
        """Ask about a payment, as a cardholder's bank does before it takes money.

        :param due: unix seconds until which an answer is taken
        """
        return {
            "id": self._id("du_1", 23),
            "object": "dispute",
            "amount": payment.order.amount,
            "balance_transactions": [],
            "charge": payment.charge_id,
            "created": created,
            "currency": payment.order.currency,
            "evidence_details": {"due_by": due, "submission_count": 0},
            "network_reason_code": "10.4",
            "payment_intent": payment.intent_id,
            "reason": "fraudulent",
            "status": "warning_needs_response",
        }

    def owed(self, currency):
        """Return the balance object: what is paid out tomorrow is still pending."""
        available = self.balance // 2
        return {
            "object": "balance",
            "available": [{"amount": available, "currency": currency}],
            "livemode": False,
            "pending": [{"amount": self.balance - available, "currency": currency}],
        }

    def pay_out(self, amount, created, arrival):
        """Send an amount to the bank; return the payout's object."""
        self.balance -= amount
        return {
            "id": self._id("po_1", 23),
            "object": "payout",
            "amount": amount,
            "arrival_date": arrival - arrival % 86_400,
            "automatic": False,
            "balance_transaction": self._id("txn_1", 23),
            "created": created,
            "currency": "usd",
            "failure_balance_transaction": None,
            "failure_code": None,
            "method": "standard",
            "original_payout": None,
            "status": "in_transit",
            "trace_id": None,
        }

    def message(self, type_, data_object, created):
        """Return the body of an event, as it goes over the wire."""
        event = {
            "id": self._id("evt_1", 23),
            "object": "event",
            "api_version": API_VERSION,
            "created": created,
            "data": {"object": data_object},
            "livemode": False,
            "pending_webhooks": 1,
            "request": {
                "id": self._id("req_", 14),
                "idempotency_key": self._id("", 32),
            },
            "type": type_,
        }
        return json.dumps(event, indent=2).encode()

    def _id(self, prefix, length):
        letters = string.ascii_letters + string.digits
        return prefix + "".join(self._random.choices(letters, k=length))


def intent(payment, status="succeeded"):
    """Return the payment intent's object."""
    order, done = payment.order, status == "succeeded"
    return {
        "id": payment.intent_id,
        "object": "payment_intent",
        "amount": order.amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": order.amount if done else 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": {"allow_redirects": "always", "enabled": True},
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "automatic_async",
        "confirmation_method": "automatic",
        "created": payment.created,
        "currency": order.currency,
        "customer": payment.customer_id,
        "description": f"Invoice {order.reference}",
        "last_payment_error": None,
        "latest_charge": payment.charge_id if done else None,
        "livemode": False,
        "metadata": {"odoo_invoice": order.reference},
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": payment.method_id if done else None,
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "processing": None,
        "receipt_email": order.email,
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": status,
        "transfer_data": None,
        "transfer_group": None,
    }


def charge(payment, refunded=0):
    """Return the charge's object."""
    order = payment.order
    return {
        "id": payment.charge_id,
        "object": "charge",
        "amount": order.amount,
        "amount_captured": order.amount,
        "amount_refunded": refunded,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None,
        "billing_details": {
            "address": {"country": "US", "line1": None, "postal_code": "02110"},
            "email": order.email,
            "name": order.customer,
            "phone": None,
        },
        "calculated_statement_descriptor": "PAYMENT HUB DEMO",
        "captured": True,
        "created": payment.created,
        "currency": order.currency,
        "customer": payment.customer_id,
        "description": f"Invoice {order.reference}",
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "fraud_details": {},
        "livemode": False,
        "metadata": {"odoo_invoice": order.reference},
        "on_behalf_of": None,
        "outcome": {
            "network_status": "approved_by_network",
            "reason": None,
            "risk_level": "normal",
            "seller_message": "Payment complete.",
            "type": "authorized",
        },
        "paid": True,
        "payment_intent": payment.intent_id,
        "payment_method": payment.method_id,
        "payment_method_details": {
            "card": {"brand": "visa", "country": "US", "last4": "4242"},
            "type": "card",
        },
        "receipt_email": order.email,
        "receipt_number": None,
        "refunded": refunded == order.amount,
        "review": None,
        "shipping": None,
        "status": "succeeded",
        "transfer_data": None,
        "transfer_group": None,
    }


class Sender:
    """Delivers messages to a webhook as a provider does, and counts the answers.

    :param url: of the webhook, http only
    :param secret: what the provider signs with
    :param sign: function (body, secret) that gives the headers; Stripe's by default
    """

    def __init__(self, url, secret, sign=None):
        self._url = urlsplit(url)
        self._secret = secret
        self._sign = sign or signed
        self.sent = 0
        self.statuses = Counter()

    def send(self, body, secret=None):
        """Sign and deliver a body; send it again while the receiver is away.

        :param secret: another one than the webhook's, for a forgery
        :return: "accepted", "duplicate", "rejected" or "failed"
        """
        for attempt in range(ATTEMPTS):
            if attempt:
                time.sleep(PAUSE)
            status, answer = self._post(body, secret or self._secret)
            self.sent += 1
            self.statuses[status] += 1
            if status and status < UNAVAILABLE:
                break
        if REFUSED <= status < UNAVAILABLE:
            return "rejected"
        return _verdict(answer) if status == http.client.OK else "failed"

    def _post(self, body, secret):
        """Return (status, body) of one attempt; status 0 without an answer."""
        connection = http.client.HTTPConnection(
            self._url.hostname, self._url.port, timeout=TIMEOUT
        )
        try:
            headers = self._sign(body, secret)
            connection.request("POST", self._url.path, body, headers)
            response = connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
        finally:
            connection.close()


def signed(body, secret):
    """Return the headers that Stripe sends along, with the signature of now."""
    timestamp = int(time.time())
    content = f"{timestamp}.".encode() + body
    digest = hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": f"t={timestamp},v1={digest}",
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
    }


def _verdict(answer):
    """Read from the answer whether the message was new to the receiver.

    The answer that Adyen wants does not tell.
    """
    if answer == b"[accepted]":
        return "accepted"
    try:
        status = json.loads(answer)["status"]
    except (ValueError, KeyError, TypeError):
        return "failed"
    return status if status in ("accepted", "duplicate") else "failed"
