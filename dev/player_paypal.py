# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A merchant at PayPal for demonstrations: facts, messages, balance.

As in player.py, nothing of the addon is used here.
"""

import base64
import json
import random
import secrets
import string
import time
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

API = "https://api.sandbox.paypal.com"
CERTIFICATES = "/v1/notifications/certs/"
SIGNER_NAME = "messageverificationcerts.sandbox.paypal.com"
# What PayPal keeps of a card payment in the United States, in per mille and cents.
RATE, FIXED = 29, 49


@dataclass(frozen=True)
class Signer:
    """Who signs a message, and for which webhook.

    :param key: private key, PEM
    :param certificate_url: where the receiver finds the certificate of that key
    """

    webhook_id: str
    key: bytes
    certificate_url: str


def identity():
    """Make a signer for a new webhook.

    :return: the signer, its certificate and that of the root it ends in, both PEM
    """
    root_key, key = (rsa.generate_private_key(65537, 2048) for _number in range(2))
    root_name = _name("Payment Hub Demonstration Root")
    root = (
        _certificate(root_name, root_name, root_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(root_key, hashes.SHA256())
    )
    leaf = (
        _certificate(_name(SIGNER_NAME), root_name, key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(SIGNER_NAME)]), False)
        .sign(root_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    number = secrets.token_hex(4).upper()
    signer = Signer(
        f"{number}DEMO{number[:5]}", private, f"{API}{CERTIFICATES}CERT-{number}"
    )
    return signer, leaf.public_bytes(pem).decode(), root.public_bytes(pem)


def _name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _certificate(subject, issuer, public_key):
    now = datetime.now(timezone.utc)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=2))
        .not_valid_after(now + timedelta(days=365))
    )


@dataclass(frozen=True)
class Payment:
    """A captured order."""

    order: object  # player.Order
    order_id: str
    capture_id: str
    created: int


class Account:
    """A merchant that keeps its own balance, in minor units, fees taken off.

    :param seed: the same seed gives the same ids
    :param objects: gets what the API would tell, by its path
    """

    def __init__(self, seed, objects):
        self._random = random.Random(seed)
        self._objects = objects
        self.balance = 0

    def pay(self, order, created):
        """Capture an order."""
        self.balance += order.amount - fee(order.amount)
        return self.claim(order, created)

    def claim(self, order, created):
        """Return a payment that never happened, as a forger would make it up."""
        return Payment(order, self._id(17), self._id(17), created)

    def approved(self, payment):
        """Return the order's object before it was captured."""
        order = payment.order
        return {
            "create_time": _time(payment.created - 40),
            "id": payment.order_id,
            "intent": "CAPTURE",
            "purchase_units": [
                {
                    "amount": _money(order.amount, order.currency),
                    "invoice_id": order.reference,
                    "reference_id": "default",
                }
            ],
            "status": "APPROVED",
        }

    def capture(self, payment):
        """Return the capture's object."""
        order, kept = payment.order, fee(payment.order.amount)
        found = {
            "amount": _money(order.amount, order.currency),
            "create_time": _time(payment.created),
            "final_capture": True,
            "id": payment.capture_id,
            "invoice_id": order.reference,
            "links": [],
            "seller_protection": {"status": "ELIGIBLE"},
            "seller_receivable_breakdown": {
                "gross_amount": _money(order.amount, order.currency),
                "paypal_fee": _money(kept, order.currency),
                "net_amount": _money(order.amount - kept, order.currency),
            },
            "status": "COMPLETED",
            "supplementary_data": {"related_ids": {"order_id": payment.order_id}},
            "update_time": _time(payment.created),
        }
        self._objects[f"/v2/payments/captures/{payment.capture_id}"] = found
        return found

    def refund(self, payment, amount, created):
        """Give a part back, without its fee; return the refund's object."""
        self.balance -= amount
        currency = payment.order.currency
        found = {
            "amount": _money(amount, currency),
            "create_time": _time(created),
            "id": self._id(17),
            "invoice_id": payment.order.reference,
            "links": [
                {
                    "href": f"{API}/v2/payments/captures/{payment.capture_id}",
                    "method": "GET",
                    "rel": "up",
                }
            ],
            "seller_payable_breakdown": {
                "gross_amount": _money(amount, currency),
                "paypal_fee": _money(0, currency),
                "net_amount": _money(amount, currency),
                "total_refunded_amount": _money(amount, currency),
            },
            "status": "COMPLETED",
            "update_time": _time(created),
        }
        self._objects[f"/v2/payments/refunds/{found['id']}"] = found
        return found

    def owe(self, currency, at):
        """Have the API tell the balance of a time in unix seconds."""
        balance = {
            "currency": currency,
            "primary": True,
            "total_balance": _money(self.balance, currency),
        }
        self._objects["/v1/reporting/balances"] = {
            "balances": [balance],
            "as_of_time": _time(at),
            "last_refresh_time": _time(at),
        }

    def message(self, event_type, resource_type, resource, created):
        """Return the body of an event, as it goes over the wire."""
        return json.dumps(
            {
                "id": f"WH-{self._id(17)}-{self._id(17)}",
                "event_version": "1.0",
                "create_time": _time(created),
                "resource_type": resource_type,
                "resource_version": "2.0",
                "event_type": event_type,
                "summary": "",
                "resource": resource,
                "links": [],
            }
        ).encode()

    def _id(self, length):
        letters = string.ascii_uppercase + string.digits
        return "".join(self._random.choices(letters, k=length))


def fee(amount):
    """Return what PayPal keeps of a payment, in minor units."""
    return (amount * RATE + 500) // 1000 + FIXED


def signed(body, signer):
    """Return the headers that PayPal sends along, with the signature of now."""
    sent = _time(int(time.time()))
    transmission = f"{zlib.crc32(body):08x}-{time.time_ns()}"
    text = f"{transmission}|{sent}|{signer.webhook_id}|{zlib.crc32(body)}"
    key = serialization.load_pem_private_key(signer.key, None)
    signature = key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
    return {
        "Content-Type": "application/json",
        "PayPal-Auth-Algo": "SHA256withRSA",
        "PayPal-Auth-Version": "v2",
        "PayPal-Cert-Url": signer.certificate_url,
        "PayPal-Transmission-Id": transmission,
        "PayPal-Transmission-Sig": base64.b64encode(signature).decode(),
        "PayPal-Transmission-Time": sent,
        "User-Agent": "PayPal/AUHD-1.0-1",
    }


def _money(minor, currency):
    sign = "-" if minor < 0 else ""
    whole, cents = divmod(abs(minor), 100)
    return {"currency_code": currency.upper(), "value": f"{sign}{whole}.{cents:02d}"}


def _time(unix):
    moment = datetime.fromtimestamp(unix, timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
