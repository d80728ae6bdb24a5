# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Bodies of Stripe's messages, about 2 KB each, no two alike."""

from tools import player

SEED = 20260110
OCCURRED = 1_768_039_200  # 2026-01-10 10:00:00 UTC
CURRENCY = "usd"


class Stripe:
    """A Stripe account that tells what happened; the same seed gives the same ids."""

    def __init__(self, seed=SEED):
        self._account = player.Account(seed)

    def captured(self, reference, cents):
        """Return the message that an invoice was paid."""
        payment = self._payment(reference, cents)
        return self._message("payment_intent.succeeded", player.intent(payment))

    def described(self, reference, cents):
        """Return the message of a capture with the description that Odoo gave it.

        Odoo's own Stripe addon knows its transaction by that alone.
        """
        intent = player.intent(self._payment(reference, cents))
        intent["description"] = reference
        return self._message("payment_intent.succeeded", intent)

    def lifecycle(self, reference, cents):
        """Return the messages about a payment that has not been made yet."""
        payment = self._payment(reference, cents)
        created = player.intent(payment, "requires_payment_method")
        action = player.intent(payment, "requires_action")
        held = player.charge(payment) | {"captured": False, "amount_captured": 0}
        return [
            self._message("payment_intent.created", created),
            self._message("payment_intent.requires_action", action),
            self._message("charge.succeeded", held),
        ]

    def _payment(self, reference, cents):
        order = player.Order(
            reference, cents, CURRENCY, "Customer", "customer@mail.example"
        )
        return self._account.pay(order, OCCURRED)

    def _message(self, type_, data_object):
        return self._account.message(type_, data_object, OCCURRED).decode()
