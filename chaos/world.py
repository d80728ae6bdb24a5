# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What happened at the provider: its messages, and what the books must say of it.

The same seed gives the same messages, byte for byte. Payments are made on days of
their own, and all messages about one fact are of one day: that is the entry's date.
"""

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone

from poison import write_poisons
from tools import player

OPENING = datetime(2026, 1, 12, 9, tzinfo=timezone.utc)
DAYS = 28
HOUR = 3600  # seconds
QUIET = 0.15  # share of the payments that come to nothing
CURRENCY = "usd"


@dataclass(frozen=True)
class Message:
    """One message of the provider.

    :param cause: of the exception that it must end as; "" when the books take it
    :param action: of the fail point that its translation reaches, if any
    """

    body: bytes
    cause: str = ""
    action: str = ""


@dataclass(frozen=True, order=True)
class Fact:
    """What moves the provider's balance, once; the amount is in minor units."""

    object_id: str
    direction: str
    amount: int
    date: str


class World:
    """A Stripe account's payments of a company's invoices.

    :param invoices: [(name, total in minor units)] of what the company is owed
    :param number: how many of them the customers set out to pay
    """

    def __init__(self, seed, invoices, number):
        self._random = random.Random(seed)
        self._account = player.Account(seed)
        self._created = 0
        self.messages = []
        self.facts = []
        self.owed = dict(invoices)
        self.failed_refunds = set()
        orders = [
            player.Order(name, total, CURRENCY, "Customer", "customer@mail.example")
            for name, total in invoices
        ]
        self._order = orders[-1]
        self.poisons = [
            Message(*poison) for poison in write_poisons(self._account, self._order)
        ]
        for day, order in enumerate(orders[:number]):
            self._open_day(day)
            if self._random.random() < QUIET:
                self._come_to_nothing(order)
            else:
                self._pay(order)

    @property
    def balance(self):
        """What the provider owes the company, in minor units."""
        return self._account.balance

    def chatter(self):
        """Return a message about a payment that comes to nothing, each time another."""
        payment = self._account.claim(self._order, self._created)
        intent = player.intent(payment, "requires_action")
        type_ = "payment_intent.requires_action"
        return Message(self._account.message(type_, intent, self._created))

    def _open_day(self, day):
        moment = OPENING + timedelta(days=day % DAYS)
        self._created = int(moment.timestamp())

    @property
    def _today(self):
        return datetime.fromtimestamp(self._created, timezone.utc).date().isoformat()

    def _maybe(self, share=0.5):
        return self._random.random() < share

    def _say(self, type_, data_object, later=0):
        body = self._account.message(type_, data_object, self._created + later)
        self.messages.append(Message(body))

    def _move(self, object_id, direction, amount, invoice):
        self.facts.append(Fact(object_id, direction, amount, self._today))
        self.owed[invoice] -= amount if direction == "inbound" else -amount

    def _come_to_nothing(self, order):
        payment = self._account.claim(order, self._created)
        self._say("payment_intent.created", player.intent(payment, "requires_action"))
        if self._maybe():
            intent = player.intent(payment, "requires_payment_method")
            self._say("payment_intent.payment_failed", intent, HOUR)
        if self._maybe():
            intent = player.intent(payment, "canceled")
            self._say("payment_intent.canceled", intent, 2 * HOUR)

    def _pay(self, order):
        if self._maybe(0.1):
            order = replace(order, amount=order.amount // 2)
        payment = self._account.pay(order, self._created)
        self._move(payment.charge_id, "inbound", order.amount, order.reference)
        if self._maybe(0.4):
            intent = player.intent(payment, "requires_payment_method")
            self._say("payment_intent.created", intent)
        by_intent, by_charge = self._random.choice([(1, 1), (1, 1), (1, 0), (0, 1)])
        if by_intent:
            self._say("payment_intent.succeeded", player.intent(payment))
        if by_charge:
            self._say("charge.succeeded", player.charge(payment))
        if self._maybe(0.4):
            self._refund(payment)

    def _refund(self, payment):
        """Give it all back, or one or two parts; of a single one it may fail."""
        total = payment.order.amount
        parts = self._random.choice([[total], [total // 3], [total // 3, total // 4]])
        refunded = 0
        for amount in parts:
            refunded += amount
            refund = self._return(payment, amount)
            if self._maybe():
                charge = player.charge(payment, refunded)
                self._say("charge.refunded", charge, 2 * HOUR)
        if len(parts) == 1 and self._maybe(0.3):
            self._fail(payment, refund)

    def _return(self, payment, amount):
        refund = self._account.refund(payment, amount, self._created + HOUR)
        self._move(refund["id"], "outbound", amount, payment.order.reference)
        if self._maybe(0.3):
            self._say("refund.created", refund | {"status": "pending"}, HOUR)
            self._say("refund.updated", refund, HOUR + 60)
        else:
            self._say("refund.created", refund, HOUR)
            if self._maybe():
                self._say("refund.updated", refund, HOUR + 60)
        return refund

    def _fail(self, payment, refund):
        failed = self._account.fail(refund)
        self._move(refund["id"], "inbound", refund["amount"], payment.order.reference)
        self._say("refund.failed", failed, 6 * HOUR)
        if self._maybe():
            self._say("refund.updated", failed, 6 * HOUR)
        self.failed_refunds.add(refund["id"])
