# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A short trading day at PayPal, which takes its fee out of each payment."""

from dataclasses import replace

import player_paypal
from demo_play import Message, in_halves

SEED = 22
REFUND = 2000  # minor units
REFUNDED = 2  # position in the list of orders

APPROVED = "Orders approved, not paid yet (CHECKOUT.ORDER.APPROVED)"
CAPTURES = "Payments of invoices (PAYMENT.CAPTURE.COMPLETED)"
REFUNDS = "Partial refund (PAYMENT.CAPTURE.REFUNDED)"
FORGERY = "Forged: signed for another webhook"


class Day:
    """Writes the day's messages, in the order of their delivery.

    :param orders: one :class:`player.Order` for each invoice
    :param signer: the webhook's :class:`player_paypal.Signer`
    :param objects: gets what PayPal's API would tell, by its path
    :param opening: unix seconds at which the day begins
    :param closing: unix seconds at which it ends
    """

    provider = "PayPal"
    report = b""

    def __init__(self, orders, signer, objects, opening, closing):
        self.account = player_paypal.Account(SEED, objects)
        self.forgers_secret = replace(signer, webhook_id="8FORGED0WEBHOOK00")
        self._orders = orders
        self._opening, self._closing = opening, closing
        self._after_noon = False
        self._messages = []

    def write(self):
        """Return the messages before and after noon, duplicates included."""
        payments = [self.account.pay(order, self._opening) for order in self._orders]
        for number, payment in enumerate(payments):
            if number % 4 == 0:
                self._order_approved(payment)
            self._capture(CAPTURES, payment)
        self._after_noon = True
        refund = self.account.refund(payments[REFUNDED], REFUND, self._closing)
        self._say(REFUNDS, "PAYMENT.CAPTURE.REFUNDED", "refund", refund)
        self.account.owe(self._orders[0].currency, self._closing)
        never = self.account.claim(self._orders[-1], self._closing)
        self._capture(FORGERY, never)
        return in_halves(self._messages)

    def _order_approved(self, payment):
        order = self.account.approved(payment)
        self._say(APPROVED, "CHECKOUT.ORDER.APPROVED", "checkout-order", order)

    def _capture(self, act, payment):
        capture = self.account.capture(payment)
        self._say(act, "PAYMENT.CAPTURE.COMPLETED", "capture", capture)

    def _say(self, act, event_type, resource_type, resource):
        created = self._closing if self._after_noon else self._opening
        body = self.account.message(event_type, resource_type, resource, created)
        message = Message(act, body, self._after_noon, is_forged=act == FORGERY)
        self._messages.append(message)
