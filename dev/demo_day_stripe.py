# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A short trading day at a Stripe account, with what can go wrong in it."""

from dataclasses import replace

import player
from demo_play import Message, in_halves

SEED = 20
# Positions in the list of orders, which has the order of the invoices' numbers.
WITH_CREDIT_NOTE = 3
WITHOUT_CREDIT_NOTE = 7
REFUND_FIRST = 11
NOON = 14
CREATED_LAST = 16
DISPUTED = 5
UNKNOWN_INVOICE = -2
FORGED = -1
# In minor units; the third refund has the amount of the credit note.
REFUND = 2500
EARLY_REFUND = 1000
PAYOUT = 250_000
DAY = 86_400
DAYS_TO_ANSWER = 3
FORGERS_SECRET = "whsec_of_somebody_else"

CAPTURES = "Payments of invoices (payment_intent.succeeded)"
CHARGES = "The same payments again (charge.succeeded)"
REFUNDS = "Partial refunds (refund.created)"
REPORTS = "A refund told again (charge.refunded)"
EARLY = "Out of order: a refund before its payment"
LATE = "Out of order: payment_intent.created comes last"
DISPUTE = "A cardholder asks what it was (charge.dispute.created)"
PAYOUTS = "Money for the bank (payout.created)"
OWED = "What Stripe owes (balance.available)"
UNKNOWN = "Payment with a mistyped invoice number"
STRANGE = "Event of a type unknown to the hub"
FORGERY = "Forged: signed with another secret"


class Day:
    """Writes the day's messages, in the order of their delivery.

    :param orders: one :class:`player.Order` for each invoice
    :param credited: amount of the credit note that is posted at noon, minor units
    :param opening: unix seconds at which the day begins
    :param closing: unix seconds at which it ends
    """

    provider = "Stripe"
    report = b""
    forgers_secret = FORGERS_SECRET

    def __init__(self, orders, credited, opening, closing):
        self.account = player.Account(SEED)
        self._orders = orders
        self._credited = credited
        self._opening, self._closing = opening, closing
        self._after_noon = False
        self._messages = []

    def write(self):
        """Return the messages before and after noon, duplicates included."""
        paying = self._orders[:UNKNOWN_INVOICE]
        payments = {}
        for position, order in enumerate(paying):
            if position == NOON:
                self._after_noon = True
                self._refund(REFUNDS, payments[WITH_CREDIT_NOTE], self._credited)
                self._report(payments[WITH_CREDIT_NOTE], self._credited)
                self._refund(REFUNDS, payments[WITHOUT_CREDIT_NOTE], REFUND)
                self._capture(payments[REFUND_FIRST])
            length = self._closing - self._opening
            at = self._opening + length * position // len(paying)
            payments[position] = self.account.pay(order, at)
            if position == REFUND_FIRST:
                self._refund(EARLY, payments[position], EARLY_REFUND)
            else:
                self._tell(position, payments[position])
        self._inquiry(payments[DISPUTED])
        payout = self.account.pay_out(PAYOUT, self._closing, self._closing + 2 * DAY)
        self._say(PAYOUTS, "payout.created", payout)
        self._mistyped()
        self._strange()
        owed = self.account.owed(self._orders[0].currency)
        self._say(OWED, "balance.available", owed)
        self._forgery()
        return in_halves(self._messages)

    def _say(self, act, type_, data_object, created=None):
        created = self._closing if created is None else created
        body = self.account.message(type_, data_object, created)
        message = Message(act, body, self._after_noon, is_forged=act == FORGERY)
        self._messages.append(message)

    def _tell(self, position, payment):
        """Tell of a payment: by its intent, of every second one by its charge too.

        Stripe gives no order, so that half of the charges come first.
        """
        if position % 4 == 0:
            self._charge(payment)
        self._capture(payment)
        if position % 4 == 2:
            self._charge(payment)
        if position == CREATED_LAST:
            created = player.intent(payment, "requires_payment_method")
            self._say(LATE, "payment_intent.created", created, payment.created)

    def _capture(self, payment):
        data_object = player.intent(payment)
        self._say(CAPTURES, "payment_intent.succeeded", data_object, payment.created)

    def _charge(self, payment):
        data_object = player.charge(payment)
        self._say(CHARGES, "charge.succeeded", data_object, payment.created)

    def _refund(self, act, payment, amount):
        created = min(payment.created + 60, self._closing)
        refund = self.account.refund(payment, amount, created)
        self._say(act, "refund.created", refund, created)

    def _report(self, payment, refunded):
        created = min(payment.created + 60, self._closing)
        data_object = player.charge(payment, refunded)
        self._say(REPORTS, "charge.refunded", data_object, created)

    def _inquiry(self, payment):
        """An inquiry: it moves no money, and wants an answer soon."""
        due = self._closing + DAYS_TO_ANSWER * DAY
        dispute = self.account.inquire(payment, self._closing, due)
        self._say(DISPUTE, "charge.dispute.created", dispute)

    def _mistyped(self):
        """Money that is at Stripe, for an invoice that nobody can find."""
        order = self._orders[UNKNOWN_INVOICE]
        prefix, _slash, number = order.reference.rpartition("/")
        mistyped = replace(order, reference=f"{prefix}/{number[::-1]}")
        payment = self.account.pay(mistyped, self._closing)
        self._say(UNKNOWN, "payment_intent.succeeded", player.intent(payment))

    def _strange(self):
        subscription = {
            "id": "sub_1PaymentHubDemo",
            "object": "subscription",
            "status": "trialing",
            "trial_end": self._closing + 3 * 86_400,
        }
        self._say(STRANGE, "customer.subscription.trial_will_end", subscription)

    def _forgery(self):
        payment = self.account.claim(self._orders[FORGED], self._closing)
        self._say(FORGERY, "payment_intent.succeeded", player.intent(payment))
