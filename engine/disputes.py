# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a dispute is, folded from the facts about it."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from .effects import EFFECTS, PARTS
from .events import DISPUTE_STAGES, EVENT_TYPES, Event
from .postings import Money

_WITHDRAWALS = ("dispute.funds_withdrawn", "dispute.escalated")
_OPENINGS = ("dispute.inquiry_opened", "dispute.opened", "dispute.escalated")
_BEGINNINGS = (*_OPENINGS, *_WITHDRAWALS)
# What ends a dispute, and what that comes to.
_ENDS = {
    "dispute.won": "won",
    "dispute.lost": "lost",
    "dispute.accepted": "lost",
    "dispute.expired": "lost",
    "dispute.canceled": "closed",
    "dispute.prevented": "closed",
    "dispute.inquiry_closed": "closed",
}
_LOSSES = tuple(name for name, end in _ENDS.items() if end == "lost")
CLOSED = "closed"


class DisputeState(NamedTuple):
    """A dispute as its facts leave it.

    ``status`` is one of notice (somebody warns, nothing is to do), needs_response,
    under_review, won, lost and closed; ``outcome`` is the leg that ended it, or "".
    Amounts are minor units: what is disputed, and what the provider has taken and given
    back of it. ``cycle`` counts how often it was opened. ``due_at`` is the last moment
    to answer, as the latest source tells it.
    """

    status: str
    stage: str
    outcome: str
    amount: Money | None
    withdrawn_minor: int
    given_back_minor: int
    fee: Money | None
    cycle: int
    opened_at: datetime
    due_at: datetime | None
    reason: str


def fold(facts: Iterable[Event]) -> DisputeState:
    """Derive the state of one dispute.

    :param facts: the sound facts about it, its fees among them; at least one, in any
        order
    """
    facts = sorted(facts, key=lambda fact: (fact.occurred_at, fact.key))
    own = [fact for fact in facts if EVENT_TYPES[fact.type].group == "dispute"]
    money = [fact for fact in own if fact.currency]
    if money:
        # What was taken may be in another currency than what was claimed.
        first = (_of(money, *_WITHDRAWALS) or money)[0]
        money = [fact for fact in money if fact.currency == first.currency]
    withdrawn = _total(money, *_WITHDRAWALS)
    given_back = _total(money, "dispute.funds_reinstated")
    outcome = _outcome(own)
    if not outcome and 0 < withdrawn <= given_back:
        outcome = "won"
    status = _ENDS[f"dispute.{outcome}"] if outcome else _open_status(own)
    opened = len(_of(own, *_OPENINGS))
    dues = [clock.at for fact in facts for clock in fact.clocks if clock.kind == "due"]
    return DisputeState(
        status=status,
        stage=CLOSED if outcome else _stage(facts),
        outcome=outcome,
        amount=_disputed(money),
        withdrawn_minor=withdrawn,
        given_back_minor=given_back,
        fee=_fee(facts),
        cycle=max(1, opened, len(_of(own, *_WITHDRAWALS))),
        opened_at=facts[0].occurred_at,
        due_at=max(dues, default=None),
        reason=next((fact.reason for fact in own if fact.reason), ""),
    )


def _of(facts: Iterable[Event], *types: str) -> list[Event]:
    return [fact for fact in facts if fact.type in types]


def _total(facts: list[Event], *types: str) -> int:
    return sum([fact.amount_minor for fact in _of(facts, *types)])


def _outcome(own: list[Event]) -> str:
    """Give the last end, unless the dispute was opened again after it."""
    ends = _of(own, *_ENDS)
    if not ends:
        return ""
    last = ends[-1]
    if any(fact.occurred_at > last.occurred_at for fact in openings_of(own)):
        return ""
    return last.type.partition(".")[2]


def openings_of(own: list[Event]) -> list[Event]:
    """Give what opens it: what says so, and what takes again what had come back.

    A withdrawal may also be booked after what caused it, a loss for instance.
    """
    openings, back = [], None
    for fact in own:
        is_after = bool(back) and fact.occurred_at > back.occurred_at
        if fact.type in _OPENINGS or (is_after and fact.type in _WITHDRAWALS):
            openings.append(fact)
        if fact.type == "dispute.funds_reinstated":
            back = fact
        elif is_after and fact.type in (*_BEGINNINGS, *_LOSSES):
            back = None
    return openings


def _open_status(own: list[Event]) -> str:
    answers = _of(own, "dispute.evidence_submitted")
    openings = openings_of(own)
    if answers and (
        not openings or answers[-1].occurred_at >= openings[-1].occurred_at
    ):
        return "under_review"
    return "needs_response" if _of(own, *_BEGINNINGS) else "notice"


def _stage(facts: list[Event]) -> str:
    """Give the furthest stage that a fact tells, of one that is not closed."""
    stages = [
        DISPUTE_STAGES.index(trait.value)
        for fact in facts
        for trait in fact.traits
        if trait.kind == "dispute_stage" and trait.value != CLOSED
    ]
    return DISPUTE_STAGES[max(stages)] if stages else "chargeback"


def _disputed(money: list[Event]) -> Money | None:
    found = _of(money, *_BEGINNINGS) or money
    if not found:
        return None
    largest = max(found, key=lambda fact: fact.amount_minor)
    return Money(largest.amount_minor, largest.currency, largest.exponent)


def _fee(facts: list[Event]) -> Money | None:
    """Give what the provider has kept for it, in the currency of the first fee."""
    fees = [fact for fact in facts if _is_fee(fact) and fact.currency]
    if not fees:
        return None
    first = fees[0]
    minor = sum(
        [
            -EFFECTS[fee.type].sign * fee.amount_minor
            for fee in fees
            if fee.currency == first.currency
        ]
    )
    return Money(minor, first.currency, first.exponent)


def _is_fee(fact: Event) -> bool:
    effect = EFFECTS.get(fact.type)
    return bool(effect) and effect.kind in PARTS
