# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From facts to balanced ledger lines: one posting for each fact that moves money."""

from collections import defaultdict
from collections.abc import Collection
from operator import attrgetter
from typing import NamedTuple

from .disputes import openings_of
from .effects import (
    CLEARING,
    DISCLOSURES,
    EFFECTS,
    LOSS,
    NEAR,
    PARTS,
    SHARE,
    SHARE_LEG,
    SHARE_RETURN,
    Effect,
)
from .events import EVENT_TYPES, Event
from .facts import Facts, Problem
from .postings import Money, Posting

# A later stage builds on the postings of the earlier ones.
_STAGES = ({"capture", "payout", "dispute_withdrawal"}, {"refund"})
_LOST = ("dispute.lost", "dispute.accepted", "dispute.expired")
_LOST_ELSEWHERE = ("dispute.lost", "dispute.accepted")
_OUTCOMES = (*_LOST, "dispute.won", "dispute.canceled", "dispute.prevented")
# Of one that never left the provider's balance, this is told too. A payout that is
# reversed may be another one than that which left, or a debit of the bank account.
_MAY_NEVER_LEAVE = (
    "refund.failed",
    "refund.reversed",
    "payout.failed",
    "payout.canceled",
)
_NEED_NO_PARENT = ("payout.reversed",)
_FEES = ("fee", "fee_refund")
# Between two accounts: who receives it is told of it by the same word.
_BOTH_WAYS = ("transfer",)


class Held(Exception):
    """A fact cannot be posted as long as its cause lasts."""


class Plan(NamedTuple):
    """What to post, and what must wait for a person or for another fact."""

    postings: tuple[Posting, ...]
    holds: tuple[Problem, ...]


def plan(facts: Facts, currencies: Collection[str] | None = None) -> Plan:
    """Plan the postings of one payment (or of facts about one object).

    :param currencies: ISO 4217 codes in which the provider keeps a balance: what is in
        one of these reaches it unconverted; None for every currency
    :return: postings and holds in order of time, then key. Lifecycle facts, amounts
        of zero, holds that the balance did not feel, and what came back without ever
        having left plan nothing
    """
    planner = _Planner(facts, currencies)
    for fact in sorted(facts.all, key=_stage):
        planner.add(fact)
    planner.write_off()
    planner.split()
    order = {fact.key: number for number, fact in enumerate(facts.all)}
    postings = sorted(planner.postings, key=lambda one: order[one.event_key])
    holds = sorted(planner.holds, key=lambda hold: order[hold.event_key])
    return Plan(tuple(postings), tuple(holds))


def fees_of(fact: Event) -> dict[str, int]:
    """Tell of which kinds a fee is.

    :return: by kind its minor units, negative when it goes the other way than the
        whole. Empty for what is no fee, and unless the settlement's fees are this very
        fee
    """
    effect, settled = EFFECTS.get(fact.type), fact.settlement
    if not effect or effect.kind not in _FEES or not settled or not fact.amount_minor:
        return {}
    told = settled.fee_minor, settled.currency, settled.exponent
    if told != (-effect.sign * fact.amount_minor, fact.currency, fact.exponent):
        return {}
    fees: dict[str, int] = defaultdict(int)
    for fee in settled.fees:
        fees[fee.kind] += -effect.sign * fee.amount_minor
    return {kind: fees[kind] for kind in sorted(fees) if fees[kind]}


def _stage(fact: Event) -> int:
    effect = EFFECTS.get(fact.type)
    kind = effect.kind if effect else ""
    stages = [number for number, kinds in enumerate(_STAGES) if kind in kinds]
    return stages[0] if stages else len(_STAGES)


class _Planner:
    def __init__(self, facts: Facts, currencies: Collection[str] | None) -> None:
        self.facts = facts
        self.currencies = currencies
        self.postings: list[Posting] = []
        self.holds: list[Problem] = []
        self.returned: dict[str, int] = defaultdict(int)  # by key of the posting
        self.facts_by_kind: dict[str, list[Event]] = defaultdict(list)
        self.by_key: dict[str, Posting] = {}
        for fact in facts.all:
            if effect := EFFECTS.get(fact.type):
                self.facts_by_kind[effect.kind].append(fact)

    def add(self, fact: Event) -> None:
        """Plan one fact, or hold it."""
        try:
            if cause := self.facts.problems.get(fact.key):
                raise Held(cause)
            if fact.type == "unknown":
                raise Held("unknown_event_type")
            if effect := EFFECTS.get(fact.type):
                self._post(fact, effect)
        except Held as held:
            self.holds.append(Problem(fact.key, str(held)))

    def _post(self, fact: Event, effect: Effect) -> None:
        is_felt = self._is_felt(fact, effect)
        if fact.type in DISCLOSURES and not is_felt:
            if not fact.settlement and self._ends_felt_hold(fact):
                raise Held("settlement_unknown")
            return
        if fact.amount_minor is None:
            raise Held("amount_missing")
        if fact.amount_minor == 0:
            if is_felt:
                self._check_release(fact)
            return
        undone = self._undone(fact, effect) if effect.undoes else []
        if not undone and not is_felt and fact.type in _MAY_NEVER_LEAVE:
            return
        amount = Money(fact.amount_minor, fact.currency, fact.exponent)
        sign, moved = self._moved(fact, effect, amount)
        parent = None
        if undone or (effect.undoes and fact.type not in _NEED_NO_PARENT):
            parent = self._parent(fact, effect, undone)
        fees = fees_of(fact) if moved == amount else {}
        if len(fees) < 2:
            kind = next(iter(fees), "")
            self._keep(fact, fact.key, effect, parent, sign, amount, moved, kind)
            return
        for kind, minor in fees.items():
            part = amount._replace(minor=abs(minor))
            side = sign if minor > 0 else -sign
            key = f"{fact.key}:{kind}"
            self._keep(fact, key, effect, parent, side, part, part, kind)

    def _keep(
        self,
        fact: Event,
        key: str,
        effect: Effect,
        parent: Posting | None,
        sign: int,
        amount: Money,
        moved: Money,
        fee_kind: str = "",
    ) -> None:
        posting = Posting(
            key=key,
            kind=effect.kind,
            event_key=fact.key,
            parent_key=parent.key if parent else "",
            sign=sign,
            near=NEAR.get(effect.kind, CLEARING),
            far=effect.role,
            amount=amount,
            moved=moved,
            occurred_at=fact.occurred_at,
            fee_kind=fee_kind,
        )
        self.by_key[key] = posting
        self.postings.append(posting)

    # === what it undoes ===

    def _undone(self, fact: Event, effect: Effect) -> list[Event]:
        """Give the facts that it may undo, the earliest first."""
        if effect.undoes != "capture":
            return [
                other
                for other in self.facts_by_kind[effect.undoes]
                if other.object_id == fact.object_id
            ]
        parent = self.facts.parent_capture(fact)
        if not parent:
            return []
        if effect.kind == "refund":
            return [parent]
        # A returned direct debit may be collected again, and returned again.
        captures = self.facts.captures
        return [one for one in captures if one.object_id == parent.object_id]

    def _parent(self, fact: Event, effect: Effect, undone: list[Event]) -> Posting:
        """Give the posting that it undoes; the first one if it undoes several.

        What comes back can be no more than what went; only refunds are checked
        together, before.
        """
        posted = [self.by_key[one.key] for one in undone if one.key in self.by_key]
        if not posted:
            raise Held("parent_missing")
        if effect.kind == "refund":
            return posted[0]
        rest = fact.amount_minor
        fitting = [one for one in posted if self._left(one) >= rest][:1]
        fitting = fitting or [one for one in posted if self._left(one)]
        if sum(map(self._left, fitting)) < rest:
            raise Held("impossible_transition")
        for posting in fitting:
            part = min(rest, self._left(posting))
            self.returned[posting.key] += part
            rest -= part
        return fitting[0]

    def _left(self, posting: Posting) -> int:
        """Tell how much of what a posting moved has not come back."""
        return posting.amount.minor - self.returned[posting.key]

    # === what the balance felt ===

    def _moved(self, fact: Event, effect: Effect, amount: Money) -> tuple[int, Money]:
        """Give the sign and the amount of what reached the provider's balance."""
        settled = fact.settlement
        if not settled:
            is_kept = self.currencies is None or fact.currency in self.currencies
            if not effect.sign or not is_kept:
                raise Held("settlement_unknown")
            return effect.sign, amount
        gross = settled.gross_minor
        if effect.kind in PARTS:
            if settled.currency == amount.currency:
                return effect.sign, amount
            gross = -settled.fee_minor or gross
        for release in self._releases(fact):
            gross += release.settlement.gross_minor
        sign = effect.sign
        if not sign or effect.kind in _BOTH_WAYS:
            sign = 1 if gross > 0 else -1
        moved = Money(sign * gross, settled.currency, settled.exponent)
        if moved.minor <= 0 or (moved.currency == amount.currency and moved != amount):
            raise Held("settlement_mismatch")
        return sign, moved

    def _is_felt(self, fact: Event, effect: Effect) -> bool:
        """Tell whether the source says that the balance felt this very fact."""
        settled = fact.settlement
        return bool(settled and settled.gross_minor and effect.kind not in PARTS)

    def _ends_felt_hold(self, fact: Event) -> bool:
        """Tell whether what it releases is kept apart since the balance felt it."""
        if fact.type != "hold.released" or fact.amount_minor == 0:
            return False
        return any(
            self._is_felt(other, EFFECTS[other.type])
            for other in self.facts.all
            if other.type == "hold.placed" and other.object_id == fact.object_id
        )

    def _releases(self, fact: Event) -> list[Event]:
        """Give what of the amount authorised left the balance again, uncaptured."""
        return [
            release
            for release in self.facts.releases
            if self.facts.parent_capture(release) is fact
        ]

    def _check_release(self, fact: Event) -> None:
        """Hold what moved money without an amount, unless it goes with a capture."""
        if fact not in self.facts.releases:
            raise Held("settlement_mismatch")
        if not self.facts.parent_capture(fact):
            raise Held("parent_missing")

    # === disputes ===

    def write_off(self) -> None:
        """Plan the loss of what disputes withdrew for good."""
        withdrawn = [one for one in self.postings if one.kind == LOSS.undoes]
        if not withdrawn:
            return
        last: dict[str, Event] = {}
        for fact in reversed(self.facts.of(*_OUTCOMES)):
            last.setdefault(fact.object_id, fact)
        for posting in withdrawn:
            fact = self._outcome(posting, last)
            left = self._left(posting)
            if fact and fact.type in _LOST and left:
                amount = posting.amount._replace(minor=left)
                self._keep(
                    fact, f"{posting.key}:loss", LOSS, posting, -1, amount, amount
                )

    def _outcome(self, posting: Posting, last: dict[str, Event]) -> Event | None:
        """Find what became of a withdrawal; books may give the dispute another name.

        Such a withdrawal may be about any dispute without money of its own, as long as
        one is open that began before. Else the first loss after it is meant, or what
        was decided just before. An inquiry that ran out before the chargeback says
        nothing of its money.

        :param last: the last outcome of each dispute, the newest first
        """
        name = posting.event_key.split(":")[1]
        opened = self.facts.of("dispute.opened")
        if name in last or any(fact.object_id == name for fact in opened):
            found = last.get(name)
            return None if found and self._is_reopened(found, posting) else found
        known = {fact.object_id for fact in self.facts_by_kind[LOSS.undoes]}
        for fact in opened:
            if fact.occurred_at <= posting.occurred_at:
                if fact.object_id not in known | last.keys():
                    return None
        ended = [fact for other, fact in last.items() if other not in known]
        lost = [fact for fact in ended if fact.type in _LOST_ELSEWHERE]
        later = [fact for fact in lost if fact.occurred_at >= posting.occurred_at]
        before = [fact for fact in ended if fact.occurred_at < posting.occurred_at]
        found = later[-1:] or before[:1]
        return found[0] if found and found[0] in lost else None

    def _is_reopened(self, outcome: Event, posting: Posting) -> bool:
        """Tell whether a withdrawal belongs to a round that began after the outcome."""
        about = [one for one in self.facts.sound if one.object_id == outcome.object_id]
        disputed = [one for one in about if EVENT_TYPES[one.type].group == "dispute"]
        return any(
            outcome.occurred_at < fact.occurred_at <= posting.occurred_at
            for fact in openings_of(disputed)
        )

    # === what a platform keeps ===

    def split(self) -> None:
        """Plan the platform's share of captures without an application fee."""
        if "application_fee.earned" in self.facts.types:
            return
        for fact in self.facts.of("external.info"):
            if fact.leg == SHARE_LEG and fact.amount_minor:
                try:
                    self._split(fact)
                except Held as held:
                    self.holds.append(Problem(fact.key, str(held)))

    def _split(self, fact: Event) -> None:
        """Plan a share, and what of it goes back with the money.

        Of a refund Stripe takes back the transfer's part in proportion; the rest was
        the platform's: https://docs.stripe.com/api/refunds/create
        """
        captures = [
            one for one in self.facts.captures if one.object_id == fact.object_id
        ]
        posted = [self.by_key[one.key] for one in captures if one.key in self.by_key]
        if not posted:
            raise Held("parent_missing")
        capture = posted[0]
        share = Money(fact.amount_minor, fact.currency, fact.exponent)
        whole = left = capture.amount.minor
        if share.currency != capture.amount.currency or share.minor > whole:
            raise Held("settlement_mismatch")
        moved = self._moved_back(capture)
        self._keep(fact, fact.key, SHARE, capture, 1, share, share)
        events, kept = {one.key: one for one in self.facts.all}, share.minor
        for posting in moved:
            left += posting.sign * posting.amount.minor
            change = share.minor * max(left, 0) // whole - kept
            if change:
                event, key = events[posting.event_key], f"{posting.key}:share"
                parent, part = self.by_key[fact.key], share._replace(minor=abs(change))
                sign = 1 if change > 0 else -1
                self._keep(event, key, SHARE_RETURN, parent, sign, part, part)
            kept += change

    def _moved_back(self, capture: Posting) -> list[Posting]:
        """Give what returned a capture's money, and what of that failed, by time."""
        returns = [one for one in self.postings if one.parent_key == capture.key]
        keys = {one.key for one in returns}
        failed = [one for one in self.postings if one.parent_key in keys]
        return sorted((*returns, *failed), key=attrgetter("occurred_at", "key"))
