# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A short trading day at a Stripe account, with what can go wrong in it."""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace

import player

SEED = 20
# Positions in the list of orders, which has the order of the invoices' numbers.
WITH_CREDIT_NOTE = 3
WITHOUT_CREDIT_NOTE = 7
REFUND_FIRST = 11
CREATED_LAST = 16
UNKNOWN_INVOICE = -2
FORGED = -1
PARTIAL_REFUND = 2500
EARLY_REFUND = 1000
REPEAT_EVERY = 3
REPEAT_LATER = 2  # so many messages lie between a message and its duplicate

CAPTURES = "Payments of invoices (payment_intent.succeeded)"
CHARGES = "The same payments again (charge.succeeded)"
REFUNDS = "Partial refunds (refund.created)"
REPORTS = "A refund told again (charge.refunded)"
EARLY = "Out of order: refund before its payment"
LATE = "Out of order: payment_intent.created comes last"
UNKNOWN = "Payment with a mistyped invoice number"
STRANGE = "Event type unknown to the hub"
FORGERY = "Forged: signed with another secret"


@dataclass(frozen=True)
class Message:
    """One message of the day."""

    act: str
    body: bytes
    forged: bool = False


class Day:
    """Writes the day's messages, in the order of their delivery.

    :param orders: one :class:`player.Order` for each invoice
    :param credit_note: amount of the credit note there is, in minor units
    :param opening: unix seconds at which the day begins
    :param closing: unix seconds at which it ends
    """

    def __init__(self, orders, credit_note, opening, closing):
        self.account = player.Account(SEED)
        self.orders = orders
        self.credit_note = credit_note
        self.opening, self.closing = opening, closing
        self.messages = []

    def write(self):
        """Return the messages, duplicates included."""
        paying = self.orders[:UNKNOWN_INVOICE]
        for position, order in enumerate(paying):
            self._pay(position, order, self._time(position, len(paying)))
        self._unknown_invoice()
        self._unknown_type()
        self._forgery()
        return list(with_duplicates(self.messages))

    def _time(self, position, count):
        """Spread the payments over the day; refunds follow a little later."""
        return self.opening + (self.closing - self.opening) * position // (count + 1)

    def _say(self, act, type_, data_object, created, **more):
        created = min(created, self.closing)
        body = self.account.message(type_, data_object, created)
        self.messages.append(Message(act, body, **more))

    def _pay(self, position, order, at):
        payment = self.account.pay(order, at)
        if position == REFUND_FIRST:
            self._refund(EARLY, payment, EARLY_REFUND)
        is_told_twice = position % 2 == 0
        if is_told_twice and position % 4 == 0:
            self._say(CHARGES, "charge.succeeded", player.charge(payment), at + 1)
        self._say(CAPTURES, "payment_intent.succeeded", player.intent(payment), at + 1)
        if is_told_twice and position % 4:
            self._say(CHARGES, "charge.succeeded", player.charge(payment), at + 1)
        if position == CREATED_LAST:
            created = player.intent(payment, "requires_payment_method")
            self._say(LATE, "payment_intent.created", created, at)
        if position == WITH_CREDIT_NOTE:
            self._refund(REFUNDS, payment, self.credit_note)
            report = player.charge(payment, self.credit_note)
            self._say(REPORTS, "charge.refunded", report, at + 61)
        if position == WITHOUT_CREDIT_NOTE:
            self._refund(REFUNDS, payment, PARTIAL_REFUND)

    def _refund(self, act, payment, amount):
        at = min(payment.created + 60, self.closing)
        refund = self.account.refund(payment, amount, at)
        self._say(act, "refund.created", refund, at + 1)

    def _unknown_invoice(self):
        """Money that is at Stripe, for an invoice that nobody can find."""
        order = self.orders[UNKNOWN_INVOICE]
        prefix, _slash, number = order.reference.rpartition("/")
        mistyped = replace(order, reference=f"{prefix}/{number[::-1]}")
        payment = self.account.pay(mistyped, self.closing)
        data_object = player.intent(payment)
        self._say(UNKNOWN, "payment_intent.succeeded", data_object, self.closing)

    def _unknown_type(self):
        subscription = {
            "id": "sub_1PaymentHubDemo",
            "object": "subscription",
            "status": "trialing",
            "trial_end": self.closing + 3 * 86_400,
        }
        type_ = "customer.subscription.trial_will_end"
        self._say(STRANGE, type_, subscription, self.closing)

    def _forgery(self):
        payment = self.account.claim(self.orders[FORGED], self.closing)
        self._say(
            FORGERY,
            "payment_intent.succeeded",
            player.intent(payment),
            self.closing,
            forged=True,
        )


def with_duplicates(messages):
    """Yield the messages, and every third genuine one again a little later."""
    genuine = 0
    pending = []  # (messages to let pass, message)
    for message in messages:
        yield message
        pending = [(left - 1, again) for left, again in pending]
        yield from (again for left, again in pending if left <= 0)
        pending = [(left, again) for left, again in pending if left > 0]
        genuine += not message.forged
        if not message.forged and genuine % REPEAT_EVERY == 0:
            pending.append((REPEAT_LATER, message))
    yield from (again for _left, again in pending)


def play(messages, sender):
    """Deliver the messages; return {act: Counter of answers}."""
    answers = defaultdict(Counter)
    for message in messages:
        forger = "whsec_of_somebody_else" if message.forged else None
        answers[message.act][sender.send(message.body, forger)] += 1
    return answers
