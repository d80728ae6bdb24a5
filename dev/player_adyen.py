# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A merchant account at Adyen for demonstrations: facts, messages, balance.

As in player.py, nothing of the addon is used here.
"""

import base64
import hashlib
import hmac
import json
import random
import string
from datetime import datetime, timedelta, timezone

# Adyen writes its clock with the offset of Amsterdam.
ZONE = timezone(timedelta(hours=1))
SIGNED = ("pspReference", "originalReference", "merchantAccountCode")
HEADERS = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "Adyen"}


class Account:
    """A merchant account that captures at once, and keeps its own balance.

    :param name: of the merchant account
    :param key: the webhook's HMAC key, hexadecimal
    :param seed: the same seed gives the same references
    """

    def __init__(self, name, key, seed):
        self.name = name
        self._key = key
        self._random = random.Random(seed)
        self.balance = 0  # minor units: captures minus refunds and chargebacks

    def pay(self, order, created):
        """Collect an order's amount; return the item that tells of it."""
        self.balance += order.amount
        return self.item("AUTHORISATION", order, order.amount, created)

    def refund(self, payment, order, amount, created):
        """Give a part of a payment back; return the item."""
        self.balance -= amount
        return self.item("REFUND", order, amount, created, payment["pspReference"])

    def charge_back(self, payment, order, created, due):
        """Lose a payment to the cardholder's bank; return the item.

        :param due: unix seconds until which evidence is taken
        """
        self.balance -= order.amount
        deadline = datetime.fromtimestamp(due, ZONE).isoformat()
        return self.item(
            "CHARGEBACK",
            order,
            order.amount,
            created,
            payment["pspReference"],
            additionalData={"defensePeriodEndsAt": deadline},
        )

    def item(self, code, order, amount, created, original="", **more):
        """Return one item of a message: what Adyen says has happened."""
        item = {
            "additionalData": {},
            "amount": {"currency": order.currency.upper(), "value": amount},
            "eventCode": code,
            "eventDate": datetime.fromtimestamp(created, ZONE).isoformat(),
            "merchantAccountCode": self.name,
            "merchantReference": order.reference,
            "operations": ["REFUND"],
            "paymentMethod": "visa",
            "pspReference": "".join(
                self._random.choices(string.ascii_uppercase + string.digits, k=16)
            ),
            "reason": "",
            "success": "true",
            **more,
        }
        return item | ({"originalReference": original} if original else {})

    def message(self, *items, key=None):
        """Return the body with these items, each signed.

        :param key: another key than the webhook's, for a forgery
        """
        signed = [
            item
            | {
                "additionalData": {
                    **item["additionalData"],
                    "hmacSignature": signature(item, key or self._key),
                }
            }
            for item in items
        ]
        listed = [{"NotificationRequestItem": item} for item in signed]
        return json.dumps({"live": "false", "notificationItems": listed}).encode()


def signature(item, key):
    """Return the signature of an item: eight of its fields, joined as they are."""
    amount = item["amount"]
    fields = [
        *(item.get(name, "") for name in SIGNED),
        item["merchantReference"],
        str(amount["value"]),
        amount["currency"],
        item["eventCode"],
        item["success"],
    ]
    text = ":".join(fields).encode()
    digest = hmac.new(bytes.fromhex(key), text, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def signed(_body, _secret):
    """Return the headers; the signature is in the body."""
    return HEADERS
