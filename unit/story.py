# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What happened at the provider: messages to send, and what they do to its balance.

The balance is told beside the facts, by who makes them up; it shares no code with the
engine.
"""

from dataclasses import replace
from typing import NamedTuple

from payment_facts import capture, fact, refund, refund_failed, reversal

from engine.events import Event


class Message(NamedTuple):
    """One message; ``identity`` is its connection and its id at the provider."""

    connection: int
    identity: tuple[int, str]
    event: Event


class Effect(NamedTuple):
    """What a fact does to the provider's balance, once the facts it needs are known."""

    minor: int
    needs: tuple[str, ...]


class Story:
    """Payments of some connections, made up by a ``random.Random``.

    ``messages`` in order of telling; ``effects`` by connection and key of the fact, of
    those that move the balance; ``balances`` by connection, in minor units.
    """

    def __init__(self, random, connections=2, payments=8):
        self._random = random
        self.messages = []
        self.effects = {}
        self.balances = [0] * connections
        for connection in range(connections):
            self._connection = connection
            self._told = 0
            for number in range(payments):
                self._pay(number)

    def _pay(self, number):
        draw = self._random.random
        charge = f"ch_{number}"
        self._more = {"payment_ref": f"pi_{number}"}
        amount = self._random.randrange(100, 20_000)
        if draw() < 0.3:
            self._tell(self._fact("payment.authorized", charge, amount))
        captured = capture(amount, charge, self._told, **self._more)
        self._tell(captured, minor=amount)
        # The charge tells of it as well, a moment later.
        self._tell(capture(amount, charge, self._told, **self._more))
        if draw() < 0.1:
            reversed_ = reversal(amount, charge, self._told, **self._more)
            self._tell(reversed_, minor=-amount, needs=(captured.key,))
            return
        for index in range(self._random.randrange(3)):
            part = self._random.randrange(1, amount // 2)
            self._refund(captured, f"re_{number}_{index}", part)

    def _refund(self, captured, refund_id, amount):
        draw = self._random.random
        charge = captured.object_id
        if draw() < 0.4:
            requested = self._fact("refund.requested", refund_id, amount)
            self._tell(replace(requested, parent=charge))
        never_left = draw() < 0.1
        back = refund_failed(amount, refund_id, charge, self._told, **self._more)
        if never_left:
            self._tell(back)
            return
        left = refund(amount, refund_id, charge, self._told, **self._more)
        self._tell(left, minor=-amount, needs=(captured.key,))
        if draw() < 0.3:
            self._tell(back, minor=amount, needs=(captured.key, left.key))

    def _fact(self, event_type, object_id, amount):
        return fact(event_type, object_id, amount, self._told, **self._more)

    def _tell(self, event, minor=0, needs=()):
        self._told += 1
        # The same ids in each connection: only together they name a message.
        identity = (self._connection, f"evt_{self._told}")
        self.messages.append(Message(self._connection, identity, event))
        if minor:
            self.effects[self._connection, event.key] = Effect(minor, needs)
            self.balances[self._connection] += minor
