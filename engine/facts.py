# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From attestations to facts: what is said once, what is contradicted, what is odd."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from operator import attrgetter
from typing import NamedTuple

from .events import EVENT_TYPES, Event, Settlement

_MONEY_GROUPS = ("payment", "refund", "dispute")
_ENDS = ("payment.voided", "payment.authorization_expired")
_RETURNS = ("refund.succeeded", "payment.charge_reversed")
_DISPUTE_MONEY = (
    "dispute.funds_withdrawn",
    "dispute.escalated",
    "dispute.funds_reinstated",
)
_BY_TIME = attrgetter("occurred_at", "key")


class Problem(NamedTuple):
    """Why the fact with this key needs a person."""

    event_key: str
    cause: str


class Facts:
    """The facts of one payment: each once, in order of time, then key.

    :param events: attested facts about one payment (or facts that belong to none),
        any order, any multiplicity
    :param conflicted: keys that the caller knows to be attested differently

    ``problems`` names by key the facts that must not be posted as they stand:
    conflicting_attestation, currency_mismatch, impossible_transition, parent_missing,
    refund_exceeds_capture or refund_unidentified. ``sound`` are the facts that count:
    neither contradicted nor in another currency than the payment. ``releases`` are told
    as captures of nothing: what was authorised beyond a capture left the balance again.
    """

    def __init__(
        self, events: Iterable[Event], conflicted: Collection[str] = ()
    ) -> None:
        merged, contradicted = _merge(events)
        contradicted |= merged.keys() & conflicted
        self.all = sorted(merged.values(), key=_BY_TIME)
        self.types = {fact.type for fact in self.all}
        captures = [fact for fact in self.all if fact.type == "payment.captured"]
        self.releases = [fact for fact in captures if _is_release(fact)]
        self.captures = [fact for fact in captures if not _is_release(fact)]
        self.problems = dict.fromkeys(contradicted, "conflicting_attestation")
        self.money = self._reference_money()
        self.problems |= dict.fromkeys(self._foreign(), "currency_mismatch")
        self.sound = [fact for fact in self.all if fact.key not in self.problems]
        for types, cause, implausible in _DOUBTS:
            if not self.types.isdisjoint(types):
                self.problems |= dict.fromkeys(implausible(self), cause)

    def of(self, *types: str) -> list[Event]:
        """Give the sound facts of these types, the earliest first."""
        if self.types.isdisjoint(types):
            return []
        return [fact for fact in self.sound if fact.type in types]

    def amounts(self, *types: str) -> defaultdict[str, int]:
        """Give what the sound facts of these types add up to, by object."""
        amounts: defaultdict[str, int] = defaultdict(int)
        for fact in self.of(*types):
            amounts[fact.object_id] += fact.amount_minor or 0
        return amounts

    def parent_capture(self, fact: Event) -> Event | None:
        """Find the capture that a refund or a reversal undoes.

        A fact that names its charge waits for that very charge: any other capture
        would make its parent depend on what has arrived so far.
        """
        charge = fact.parent
        if fact.type == "payment.charge_reversed":
            charge = charge or fact.object_id
        for capture in self.captures:
            if not charge or capture.object_id == charge:
                return capture
        return None

    def _reference_money(self) -> Event | None:
        """Find the fact whose currency is the payment's: a capture if there is one."""
        for fact in (*self.captures, *self.all):
            if fact.key not in self.problems and _is_money(fact):
                return fact
        return None

    def _foreign(self) -> Iterator[str]:
        """Compare with the payment's currency, and within a dispute with the dispute's.

        Disputed money stands on an account of its own, not against the invoice: it may
        be in any currency, if the settlement tells what the balance felt. What is only
        claimed moves nothing.
        """
        disputes: dict[str, str] = {}
        for fact in self.all:
            if not _is_money(fact) or fact.key in self.problems:
                continue
            due = self.money.currency
            if fact.type in _DISPUTE_MONEY:
                own = fact.currency if fact.settlement else due
                due = disputes.setdefault(fact.object_id, own)
            elif EVENT_TYPES[fact.type].group == "dispute":
                continue
            if fact.currency != due:
                yield fact.key

    def _after_the_end(self) -> Iterator[str]:
        for end in self.of(*_ENDS):
            for capture in self.of("payment.captured"):
                if capture.occurred_at > end.occurred_at:
                    yield capture.key

    def _parentless(self) -> Iterator[str]:
        for fact in self.of(*_RETURNS):
            capture = self.parent_capture(fact)
            if capture is None or capture.key in self.problems:
                yield fact.key

    def _excessive(self) -> Iterator[str]:
        returned = self.amounts("refund.failed", "refund.reversed")
        room = sum(self.amounts("payment.captured").values())
        for fact in self.of("refund.succeeded"):
            if fact.key not in self.problems:
                amount = max(0, (fact.amount_minor or 0) - returned[fact.object_id])
                if amount > room:
                    yield fact.key
                else:
                    room -= amount

    def _unidentified(self) -> Iterator[str]:
        """Compare what a message reports as refunded with the refunds known by id.

        A refund is known from its request on, and also when it failed after success.
        """
        reports = [fact for fact in self.of("external.info") if fact.reported_minor]
        if not reports:
            return
        highest = max(reports, key=lambda fact: (fact.reported_minor, fact.key))
        known = self.amounts("refund.requested")
        for refund in self.amounts("refund.failed", "refund.canceled"):
            known.pop(refund, None)
        known |= self.amounts("refund.succeeded")
        if highest.reported_minor > sum(known.values()):
            yield highest.key


# Types that give reason to doubt, cause, and which facts it concerns; a later doubt
# builds on the earlier ones.
_DOUBTS = (
    (_ENDS, "impossible_transition", Facts._after_the_end),
    (_RETURNS, "parent_missing", Facts._parentless),
    (("refund.succeeded",), "refund_exceeds_capture", Facts._excessive),
    (("external.info",), "refund_unidentified", Facts._unidentified),
)


def _merge(events: Iterable[Event]) -> tuple[dict[str, Event], set[str]]:
    """Collapse the attestations of each fact into one, with the earliest time.

    :return: the facts by key, and the keys whose attestations disagree on amount,
        currency or type
    """
    facts: dict[str, Event] = {}
    contradicted: set[str] = set()
    for event in events:
        known = facts.setdefault(event.key, event)
        if known is event or known == event:
            continue
        if _contradict(known, event):
            contradicted.add(event.key)
        facts[event.key] = _merged(*sorted((known, event), key=_age))
    return facts, contradicted


def _merged(first: Event, other: Event) -> Event:
    # "created" is the zone of the time that is kept, which is the first one's.
    clocks = [clock for clock in other.clocks if clock.kind != "created"]
    told = {
        "parent": max(first.parent, other.parent),
        "reported_minor": max(
            first.reported_minor, other.reported_minor, key=_or_least
        ),
        "settlement": surest([first.settlement, other.settlement]),
        "clocks": _union(first.clocks, clocks),
        "traits": _union(first.traits, other.traits),
    }
    is_new = any(getattr(first, name) != value for name, value in told.items())
    return replace(first, **told) if is_new else first


def _union(first: Iterable[tuple], other: Iterable[tuple]) -> tuple:
    """Give one item of each kind, of several the largest, whoever came first."""
    return tuple({item[0]: item for item in sorted((*first, *other))}.values())


def surest(told: Iterable[Settlement | None]) -> Settlement | None:
    """Choose from what sources say of one movement: what names its entry is surer.

    The fees are those of the source that tells most kinds apart.
    """
    known = [settlement for settlement in told if settlement]
    if not known:
        return None
    best = max(known, key=_certainty)
    same = (one.fees for one in known if effect_of(one) == effect_of(best))
    fees = max(same, key=lambda fees: (len(set(fee.kind for fee in fees)), fees))
    return best if fees == best.fees else replace(best, fees=fees)


def _certainty(settlement: Settlement) -> tuple:
    return settlement.entry, settlement.batch, *effect_of(settlement)


def effect_of(settlement: Settlement) -> tuple:
    """Give what two sources of one movement must agree on."""
    return settlement.gross_minor, settlement.fee_minor, settlement.currency


def _contradict(one: Event, other: Event) -> bool:
    """Tell whether they cannot both be true; only one may know the settlement."""
    if _claim(one) != _claim(other):
        return True
    settled = one.settlement, other.settlement
    return None not in settled and len(set(map(effect_of, settled))) > 1


def _claim(event: Event) -> tuple:
    return event.amount_minor, event.currency, event.type


def _age(event: Event) -> tuple:
    amount = _or_least(event.amount_minor)
    return event.occurred_at, event.type, amount, event.currency or "", event.exponent


def _or_least(amount: int | None) -> int:
    return -1 if amount is None else amount


def _is_release(capture: Event) -> bool:
    settled = capture.settlement
    return capture.amount_minor == 0 and bool(settled and settled.gross_minor < 0)


def _is_money(fact: Event) -> bool:
    return fact.currency is not None and EVENT_TYPES[fact.type].group in _MONEY_GROUPS
