# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A short trading day at Adyen: a refusal, a refund, a chargeback, and a payout."""

import player_adyen
import player_adyen_report
from demo_play import Message, in_halves

SEED = 21
MERCHANT = "HarborPineCOM"
FORGERS_KEY = "00" * 32
REFUND = 1500  # minor units
IN_A_BATCH = 2
REFUNDED, CHARGED_BACK = 1, 4  # positions in the list of orders
BATCH = 17
HELD, CARRIED = 5000, 12_000  # minor units
DAYS_TO_ANSWER = 18
DAY = 86_400

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
    report = b""  # of the batch that is closed in the evening
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
        taken = account.charge_back(
            lost, order, closing, closing + DAYS_TO_ANSWER * DAY
        )
        notice = taken | {"eventCode": "NOTIFICATION_OF_CHARGEBACK"}
        forged = account.item("AUTHORISATION", orders[-1], 99_900, closing)
        self.report = self._close_batch(paid[:-1], refund, taken)
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

    def _close_batch(self, paid, refund, taken):
        """Pay out what was paid early enough; return the settlement report."""
        currency = refund["amount"]["currency"]
        batch = player_adyen_report.Batch(self.account, BATCH, currency, self._closing)
        for item in paid:
            batch.settle(item)
        batch.refund(refund)
        batch.charge_back(taken)
        batch.hold(HELD)
        batch.carry(CARRIED)
        batch.pay_out()
        return batch.report()

    def _message(self, act, *items, after_noon=False):
        return Message(act, self.account.message(*items), after_noon)
