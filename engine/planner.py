# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From facts to balanced ledger lines, one posting per balance fact."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from .events import Event
from .facts import Facts, Problem

# type: (kind, direction, stage). A later stage builds on the postings of earlier ones.
_KINDS = {
    "payment.captured": ("capture", "inbound", 0),
    "payment.charge_reversed": ("charge_reversal", "outbound", 1),
    "refund.succeeded": ("refund", "outbound", 1),
    "refund.failed": ("refund_failure", "inbound", 2),
    "refund.reversed": ("refund_failure", "inbound", 2),
}


class Line(NamedTuple):
    """One side of a posting in minor units; positive is debit."""

    account_key: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Posting:
    """The ledger effect of one fact.

    ``key`` is unique in the ledger, ``parent_key`` is the posting that this one
    undoes ("" for a capture). ``direction`` is seen from the company: inbound money
    raises the receivable from the provider. ``occurred_at`` is UTC. The two ``lines``
    balance, because both are made of the one amount.
    """

    key: str
    kind: str
    event_key: str
    parent_key: str
    direction: str
    amount_minor: int
    currency: str
    exponent: int
    occurred_at: datetime

    @property
    def lines(self) -> tuple[Line, ...]:
        """Give both sides, in minor units."""
        is_inbound = self.direction == "inbound"
        debit = self.amount_minor if is_inbound else -self.amount_minor
        return Line("psp_clearing", debit), Line("receivable", -debit)


class Plan(NamedTuple):
    """What to post, and what must wait for a person or for another fact."""

    postings: tuple[Posting, ...]
    holds: tuple[Problem, ...]


def plan(facts: Facts) -> Plan:
    """Plan the postings of one payment (or of facts that belong to none).

    :return: postings and holds in order of time, then key. Lifecycle facts, amounts
        of zero, and the failure of a refund that never left the balance plan nothing
    """
    planner = _Planner(facts)
    for fact in sorted(facts.all, key=_stage):
        planner.add(fact)
    postings = [planner.postings.get(fact.key) for fact in facts.all]
    holds = [planner.holds.get(fact.key) for fact in facts.all]
    return Plan(tuple(filter(None, postings)), tuple(filter(None, holds)))


def _stage(fact: Event) -> int:
    return _KINDS[fact.type][2] if fact.type in _KINDS else 0


class _Planner:
    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.refunds: dict[str, Event] = {}
        for fact in facts.all:
            if fact.type == "refund.succeeded":
                self.refunds.setdefault(fact.object_id, fact)
        self.postings: dict[str, Posting] = {}
        self.holds: dict[str, Problem] = {}
        self.returned: dict[str, int] = defaultdict(int)

    def add(self, fact: Event) -> None:
        cause = self.facts.problems.get(fact.key)
        if not cause:
            cause = self._post(fact) if fact.type in _KINDS else _unpostable(fact)
        if cause:
            self.holds[fact.key] = Problem(fact.key, cause)

    def _post(self, fact: Event) -> str:
        """Post the fact, or tell why it must wait; "" when all is well."""
        if fact.amount_minor is None:
            return "unmapped_event"
        if fact.amount_minor == 0:
            return ""
        kind, direction, _stage = _KINDS[fact.type]
        parent_key = ""
        if kind != "capture":
            parent = self._parent(fact)
            if parent is None:
                return "" if kind == "refund_failure" else "parent_missing"
            if parent.key not in self.postings:
                return "parent_missing"
            parent_key = parent.key
        if kind in ("refund_failure", "charge_reversal"):
            # What comes back can be no more than what went.
            if not self._has_room(parent, fact):
                return "impossible_transition"
            self.returned[parent_key] += fact.amount_minor
        self.postings[fact.key] = _posting(fact, kind, direction, parent_key)
        return ""

    def _parent(self, fact: Event) -> Event | None:
        if fact.type in ("refund.failed", "refund.reversed"):
            return self.refunds.get(fact.object_id)
        parent = self.facts.parent_capture(fact)
        if parent and fact.type == "payment.charge_reversed":
            # A returned direct debit may be collected again, and returned again.
            for capture in self.facts.captures:
                if capture.object_id == parent.object_id:
                    if self._has_room(capture, fact):
                        return capture
        return parent

    def _has_room(self, parent: Event, fact: Event) -> bool:
        posting = self.postings.get(parent.key)
        total = self.returned[parent.key] + fact.amount_minor
        return posting is not None and total <= posting.amount_minor


def _unpostable(fact: Event) -> str:
    if fact.type == "unknown":
        return "unknown_event_type"
    return "unmapped_event" if fact.is_balance and fact.amount_minor != 0 else ""


def _posting(fact: Event, kind: str, direction: str, parent_key: str) -> Posting:
    return Posting(
        key=fact.key,
        kind=kind,
        event_key=fact.key,
        parent_key=parent_key,
        direction=direction,
        amount_minor=fact.amount_minor,
        currency=fact.currency,
        exponent=fact.exponent,
        occurred_at=fact.occurred_at,
    )
