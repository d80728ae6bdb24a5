# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A provider account that tells what happens to it, and keeps its own books.

While the story is told, the account adds up what the provider owes per currency, and
what should then stand on each account of the merchant's ledger: the table of double
entries, by hand. It shares no code with the engine, which sees the facts only.
"""

from collections import Counter
from dataclasses import replace
from typing import NamedTuple

from hypothesis import strategies as st
from payment_facts import fact

from engine.events import Fee, Settlement

BALANCES = ("EUR", "USD", "JPY")
EXPONENTS = {"EUR": 2, "USD": 2, "JPY": 0, "GBP": 2, "KWD": 3}


class Step(NamedTuple):
    """What is so after the first ``count`` facts, in minor units.

    ``balances`` is what the provider owes by currency, ``ledger`` what stands on each
    account by (role, currency), debits positive; neither has zeros.
    """

    count: int
    balances: dict
    ledger: dict


class Account:
    """The story so far; ``bank`` is what reached the merchant's bank, by currency."""

    def __init__(self, draw):
        self.draw = draw
        self.facts = []
        self.steps = []
        self.balances = Counter()
        self.ledger = Counter()
        self.bank = Counter()
        self.felt = {}  # the settlement of each movement, also where no source tells it
        self.now = 0
        self._names = Counter()

    def __repr__(self):
        return "\n".join(
            f"{told.occurred_at:%M:%S} {told.key} {told.amount_minor} {told.currency}"
            for told in self.facts
        )

    def pick(self, *choices):
        return self.draw(st.sampled_from(choices))

    def happens(self):
        return self.draw(st.booleans())

    def amount(self, most=9_999):
        return self.draw(st.integers(1, most))

    def name(self, kind):
        self._names[kind] += 1
        return f"{kind}_{self._names[kind]}"

    def step(self):
        """End a step: what was told since the last one belongs together."""
        self.now += 1
        known = [
            {key: minor for key, minor in sums.items() if minor}
            for sums in (self.balances, self.ledger)
        ]
        self.steps.append(Step(len(self.facts), *known))

    # === books ===

    def book(self, role, currency, minor):
        """Debit an account, or credit it with a negative amount."""
        self.ledger[role, currency] += minor

    def feel(self, kept, minor):
        """Change the provider's balance in the currency ``kept``."""
        self.balances[kept] += minor
        self.book("clearing", kept, minor)

    # === facts ===

    def note(self, event_type, object_id, **more):
        """Tell what moves nothing."""
        self.facts.append(fact(event_type, object_id, at=self.now, **more))

    def make(self, event_type, object_id, money, **more):
        minor, currency = money
        more = {"payment_ref": "", "exponent": EXPONENTS[currency], **more}
        return fact(event_type, object_id, minor, self.now, currency=currency, **more)

    def settle(self, gross, kept, fee=0, fees=()):
        return Settlement(
            gross_minor=gross,
            fee_minor=fee,
            net_minor=gross - fee,
            currency=kept,
            exponent=EXPONENTS[kept],
            fees=fees,
            entry=self.name("txn"),
        )

    def tell(
        self, event_type, object_id, money, gained, fee=0, is_settled=False, **more
    ):
        """Attest a movement by one source or two, of which one knows no settlement.

        :param money: minor units and currency, as the customer or the bank sees it
        :param gained: what the balance gained, and the balance's currency
        :param is_settled: whether one source at least knows the settlement
        """
        gross, kept = gained
        known = self.make(
            event_type,
            object_id,
            money,
            settlement=self.settle(gross, kept, fee),
            **more,
        )
        self.felt[known.key] = known.settlement
        bare = self.make(event_type, object_id, money, **more)
        sources = [[known], [known, bare], [bare, known]]
        needs_settlement = is_settled or event_type in (
            "fx.converted",
            "hold.placed",
            "hold.released",
        )
        if money == (abs(gross), kept) and not needs_settlement:
            sources.append([bare])
        self.facts += self.pick(*sources)
        return known

    def move(self, event_type, object_id, role, money, gained, fee=0, **more):
        """Tell a movement and book it, and its fee with it."""
        (minor, currency), (gross, kept) = money, gained
        self.feel(kept, gross)
        self.book(role, currency, -minor if gross > 0 else minor)
        told = self.tell(event_type, object_id, money, gained, fee, **more)
        if fee:
            self.charge(told, object_id, (fee, kept))

    def charge(self, movement, object_id, money):
        """Keep the fee of a movement; tell its kinds at once, later or never."""
        fee, kept = money
        fees = self.kinds_of(fee)
        self.feel(kept, -fee)
        by_kind = Counter()
        for kind, minor in fees:
            by_kind[kind] += minor
        several = {f"fee:{kind}": minor for kind, minor in by_kind.items() if minor}
        for role, minor in (several if len(several) > 1 else {"fee": fee}).items():
            self.book(role, kept, minor)
        plain = self.make(
            "fee.charged",
            object_id,
            money,
            object_type=movement.object_type,
            leg=f"fee:{movement.leg}",
            payment_ref=movement.payment_ref,
            settlement=movement.settlement,
        )
        told = replace(plain, settlement=replace(movement.settlement, fees=fees))
        self.facts += self.pick([told], [plain, told], [told, plain])

    def kinds_of(self, fee):
        """Divide a fee by kinds; of two, one may be given back in part."""
        kinds = self.pick((), ("processing",), ("interest",), ("interchange", "scheme"))
        if len(kinds) < 2:
            return tuple(Fee(kind, fee) for kind in kinds)
        one = self.pick(0, fee, -self.amount(), self.amount())
        split = [Fee(kinds[0], one), Fee(kinds[1], fee - one)]
        if one > 1:  # a kind may be told in two parts
            split[:1] = [Fee(kinds[0], 1), Fee(kinds[0], one - 1)]
        return tuple(split)
