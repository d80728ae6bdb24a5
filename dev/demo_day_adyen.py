# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A short trading day at Adyen: batches, a refusal, a refund, a chargeback."""

import player_adyen
from demo_play import Message, in_halves

SEED = 21
MERCHANT = "HarborPineCOM"
FORGERS_KEY = "00" * 32
REFUND = 1500  # minor units
IN_A_BATCH = 2
REFUNDED, CHARGED_BACK = 1, 4  # positions in the list of orders

PAYMENTS = "Payments of invoices, two in a message (AUTHORISATION)"
REFUSED = "A card is refused (AUTHORISATION, success false)"
REFUNDS = "Partial refund (REFUND)"
NOTICE = "A cardholder objects (NOTIFICATION_OF_CHARGEBACK)"
CHARGEBACK = "The bank takes the money back (CHARGEBACK)"
FORGERY = "Forged: signed with another key"


class Day:
    """Writes the day's messages, in the order of their delivery.

    :param orders: one :class:`player.Order` for each invoice
    :param key: the webhook's HMAC key, hexadecimal
    :param opening: unix seconds at which the day begins
    :param closing: unix seconds at which it ends
    """

    provider = "Adyen"
    forgers_secret = None  # what is forged is in the body

    def __init__(self, orders, key, opening, closing):
        self.account = player_adyen.Account(MERCHANT, key, SEED)
        self._orders = orders
        self._opening, self._closing = opening, closing

    def write(self):
        """Return the messages before and after noon, duplicates included."""
        account, orders, closing = self.account, self._orders, self._closing
        noon = (self._opening + closing) // 2
        paid = [account.pay(order, self._opening) for order in orders]
        messages = [
            self._message(PAYMENTS, *paid[start : start + IN_A_BATCH])
            for start in range(0, len(paid), IN_A_BATCH)
        ]
        refused = account.item(
            "AUTHORISATION", orders[0], 100, noon, success="false", reason="Refused"
        )
        messages.append(self._message(REFUSED, refused))
        refund = account.refund(paid[REFUNDED], orders[REFUNDED], REFUND, closing)
        lost, order = paid[CHARGED_BACK], orders[CHARGED_BACK]
        taken = account.charge_back(lost, order, closing)
        notice = taken | {"eventCode": "NOTIFICATION_OF_CHARGEBACK"}
        forged = account.item("AUTHORISATION", orders[-1], 99_900, closing)
        return in_halves(
            [
                *messages,
                self._message(REFUNDS, refund, after_noon=True),
                self._message(NOTICE, notice, after_noon=True),
                self._message(CHARGEBACK, taken, after_noon=True),
                Message(
                    FORGERY,
                    account.message(forged, key=FORGERS_KEY),
                    after_noon=True,
                    is_forged=True,
                ),
            ]
        )

    def _message(self, act, *items, after_noon=False):
        return Message(act, self.account.message(*items), after_noon)
