# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a payout is, and how its batch leads from gross to bank."""

from collections.abc import Iterable
from typing import NamedTuple

from .effects import EFFECTS, PARTS
from .events import EVENT_TYPES, Event, Settlement
from .postings import Money

SENT = "payout.in_transit"
_RETURNS = ("payout.failed", "payout.canceled", "payout.reversed")
# Of two facts of the same second, the one that stands later here comes later.
_ORDER = ("payout.scheduled", SENT, "payout.paid", "payout.reconciled", *_RETURNS)
# They book nothing, and yet the provider lists them among the movements of a batch.
_LISTED = ("settlement", "other")
_CARRIED = "settlement.carry_forward"

# Steps from gross to bank, and the kinds of postings in each; what no step names is
# in the last one.
STEPS = {
    "gross": ("capture",),
    "refunds": ("charge_reversal", "refund", "refund_failure"),
    "disputes": ("dispute_withdrawal", "dispute_reinstatement"),
    "fees": PARTS,
    "reserves": ("reserve",),
    "conversion": ("conversion",),
    "payouts": ("payout", "payout_return"),
    "other": (),
}
OPENING, CLOSING = "opening", "closing"


class PayoutState(NamedTuple):
    """A payout as its facts leave it.

    ``status`` is one of open (nothing of it was paid out), scheduled, in_transit, paid,
    reconciled, failed, canceled and reversed. ``amount`` is what left the provider's
    balance (negative for one that brings money), ``bank`` what the bank sees, where
    that is another currency; each None as long as nobody tells it.
    """

    status: str
    amount: Money | None
    bank: Money | None
    returned_minor: int


class Movement(NamedTuple):
    """What the facts of one type did to the balance within a batch, signed.

    ``is_own`` tells the payout's own facts; ``posted_minor`` is the part that is in the
    ledger. Amounts are minor units of one currency.
    """

    event_type: str
    moved_minor: int
    posted_minor: int
    count: int
    is_own: bool = False


class Step(NamedTuple):
    """A bar: from what the steps before add up to, by ``moved_minor``."""

    name: str
    start_minor: int
    moved_minor: int
    posted_minor: int
    count: int
    event_types: tuple[str, ...]

    @property
    def unposted_minor(self) -> int:
        """What of it is not in the ledger; carrying forward books nothing."""
        if self.name in (OPENING, CLOSING):
            return 0
        return self.moved_minor - self.posted_minor


class Waterfall(NamedTuple):
    """The way from gross to bank.

    ``net_minor`` is what all steps add up to, ``paid_minor`` what the payout took out
    of the balance (None for a batch without payout); ``difference_minor`` is 0 when
    the batch proves itself.
    """

    steps: tuple[Step, ...]
    net_minor: int
    paid_minor: int | None
    posted_minor: int  # of the payout itself

    @property
    def difference_minor(self) -> int:
        """What the batch has more than the payout."""
        return self.net_minor - (self.paid_minor or 0)


def fold(facts: Iterable[Event]) -> PayoutState:
    """Derive the state of one payout from the sound facts about it, in any order."""
    facts = sorted(facts, key=_turn)
    sent = [fact for fact in facts if fact.type == SENT]
    returns = [fact for fact in facts if fact.type in _RETURNS]
    told = sent or returns or facts
    told = [fact for fact in told if fact.type in _ORDER and fact.currency]
    amount, bank = _amounts(told[-1]) if told else (None, None)
    return PayoutState(_status(facts, sent, returns), amount, bank, _total(returns))


def _turn(fact: Event) -> tuple:
    rank = _ORDER.index(fact.type) if fact.type in _ORDER else -1
    return fact.occurred_at, rank, fact.key


def _status(facts: list[Event], sent: list[Event], returns: list[Event]) -> str:
    if returns and _total(returns) >= _total(sent):
        return returns[-1].type.partition(".")[2]
    types = {fact.type for fact in facts}
    if _is_paid(facts):
        return "reconciled" if "payout.reconciled" in types else "paid"
    if sent or "payout.reconciled" in types:
        return "in_transit"
    return "scheduled" if types.intersection(_ORDER) else "open"


def _is_paid(facts: list[Event]) -> bool:
    """Tell whether the bank has it, after all that came back and was sent again."""
    outside, is_paid = 0, False
    for fact in facts:
        amount = fact.amount_minor or 0
        if fact.type == SENT:
            outside += amount
        elif fact.type == "payout.paid":
            is_paid = True
        elif fact.type in _RETURNS:
            outside -= amount
            is_paid = is_paid and outside > 0
    return is_paid


def _total(facts: list[Event]) -> int:
    return sum([fact.amount_minor or 0 for fact in facts])


def _amounts(fact: Event) -> tuple[Money, Money | None]:
    """Give what left the balance, and what the bank sees in another currency.

    A payout that is known as a reversal only has brought money.
    """
    sign = -1 if fact.type == "payout.reversed" else 1
    seen = Money(sign * (fact.amount_minor or 0), fact.currency, fact.exponent)
    settled = fact.settlement
    if settled is None or settled.currency == fact.currency:
        return seen, None
    moved = sign * abs(settled.gross_minor)
    return Money(moved, settled.currency, settled.exponent), seen


def waterfall(movements: Iterable[Movement]) -> Waterfall:
    """Arrange what a batch holds from gross to bank.

    :param movements: of the batch and of its payout, in one currency
    """
    movements = list(movements)
    own = [one for one in movements if one.is_own]
    own = [one for one in own if one.event_type == SENT] or own
    others = [one for one in movements if one not in own]
    by_step: dict[str, list[Movement]] = {name: [] for name in (OPENING, *STEPS)}
    by_step[CLOSING] = []
    for one in others:
        by_step[_step(one)].append(one)
    steps, start = [], 0
    for name, found in by_step.items():
        if not found:
            continue
        moved = sum([one.moved_minor for one in found])
        posted = sum([one.posted_minor for one in found])
        types = tuple(sorted({one.event_type for one in found}))
        count = sum([one.count for one in found])
        steps.append(Step(name, start, moved, posted, count, types))
        start += moved
    paid = -sum([one.moved_minor for one in own]) if own else None
    posted = -sum([one.posted_minor for one in own])
    return Waterfall(tuple(steps), start, paid, posted)


def _step(movement: Movement) -> str:
    if movement.event_type == _CARRIED:
        return OPENING if movement.moved_minor > 0 else CLOSING
    effect = EFFECTS.get(movement.event_type)
    kind = effect.kind if effect else ""
    return next((name for name, kinds in STEPS.items() if kind in kinds), "other")


def felt(
    event_type: str, amount_minor: int | None, currency: str | None, settled: Settlement
) -> int | None:
    """Tell by how much a fact alone moved the provider's balance.

    A capture and its fee tell one settlement: the gross is the capture's, the fee the
    fee's.

    :return: signed minor units of the settlement's currency; None for a fact that
        moves nothing
    """
    effect = EFFECTS.get(event_type)
    if effect is None:
        is_listed = EVENT_TYPES[event_type].group in _LISTED
        return settled.gross_minor if is_listed else None
    if effect.kind not in PARTS:
        return settled.gross_minor
    if settled.currency == currency:
        return effect.sign * (amount_minor or 0)
    return -settled.fee_minor or settled.gross_minor
