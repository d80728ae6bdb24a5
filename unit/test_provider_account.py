# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The ledger that is planned is that of an account which keeps its own books."""

from collections import Counter, defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from provider_account import BALANCES
from provider_stories import EPISODES, STORIES, accounts
from worlds import shuffles

from engine.facts import Facts
from engine.planner import plan


class Hub:
    """Plans the facts of each payment, or of each object that belongs to none."""

    def __init__(self, facts=()):
        self.groups = defaultdict(list)
        self.plans = {}
        for fact in facts:
            self.groups[self.group_of(fact)].append(fact)
        for group in self.groups:
            self.plan(group)

    def group_of(self, fact):
        return fact.payment_ref or (fact.object_type, fact.object_id)

    def plan(self, group):
        self.plans[group] = plan(Facts(self.groups[group]), BALANCES)

    def learn(self, facts):
        for fact in facts:
            self.groups[self.group_of(fact)].append(fact)
        for group in {self.group_of(fact) for fact in facts}:
            self.plan(group)

    @property
    def holds(self):
        return [hold for planned in self.plans.values() for hold in planned.holds]

    @property
    def postings(self):
        return [post for planned in self.plans.values() for post in planned.postings]

    @property
    def ledger(self):
        """Give what stands on each account by (role, currency), without zeros."""
        ledger = Counter()
        for posting in self.postings:
            _book(ledger, posting, 1)
        return {key: minor for key, minor in ledger.items() if minor}


def at_provider(ledger):
    """Give by currency what the ledger says that the provider owes."""
    owed = Counter()
    for (role, currency), minor in ledger.items():
        if role in ("clearing", "reserve"):
            owed[currency] += minor
    return {currency: minor for currency, minor in owed.items() if minor}


@pytest.mark.parametrize(
    "episodes", [*STORIES.values(), EPISODES], ids=[*STORIES, "all"]
)
@given(st.data())
def test_after_every_step_the_ledger_is_that_of_the_account(episodes, data):
    account = data.draw(accounts(episodes))
    hub = Hub()
    done = 0
    for step in account.steps:
        hub.learn(account.facts[done : step.count])
        done = step.count
        assert hub.holds == []
        assert at_provider(hub.ledger) == step.balances
        assert hub.ledger == step.ledger


@given(accounts())
def test_at_the_end_nothing_is_left_between_the_accounts(account):
    hub = Hub(account.facts)
    open_roles = {role for role, _currency in hub.ledger}
    assert open_roles.isdisjoint({"clearing", "reserve", "dispute_hold"})
    transit = Counter()
    for (role, currency), minor in hub.ledger.items():
        if role in ("payout_transit", "topup_transit"):
            transit[currency] += minor
    # The bank's statement clears what is in transit.
    transit.subtract(account.bank)
    assert not any(transit.values())


@given(accounts())
def test_every_posting_balances_and_every_movement_has_one(account):
    postings = Hub(account.facts).postings
    keys = [posting.key for posting in postings]
    assert len(set(keys)) == len(keys)
    for posting in postings:
        assert posting.parent_key in {"", *keys}
        near, far = posting.lines
        assert near.amount_minor * far.amount_minor < 0
        if near.currency == far.currency:
            assert near.amount_minor == -far.amount_minor
    told = {posting.event_key for posting in postings}
    for fact in account.facts:
        if fact.is_balance and fact.settlement and fact.amount_minor:
            is_disclosed = (
                fact.type.startswith("hold.") and fact.key not in account.felt
            )
            assert (fact.key in told) is not is_disclosed


@given(st.data())
def test_neither_order_nor_repetition_matters(data):
    account = data.draw(accounts())
    order = data.draw(shuffles(account.facts))
    assert Hub(order).plans == Hub(account.facts).plans


@settings(max_examples=50)
@given(st.data())
def test_corrections_lead_to_the_same_ledger_whatever_was_learnt_first(data):
    """A posting is reversed and posted anew exactly when its digest has changed."""
    account = data.draw(accounts())
    order = data.draw(st.permutations(account.facts))
    hub, posted, ledger = Hub(), {}, Counter()
    for fact in order:
        hub.learn([fact])
        planned = {posting.key: posting for posting in hub.postings}
        for key, posting in list(posted.items()):
            if key not in planned or planned[key].digest != posting.digest:
                _book(ledger, posted.pop(key), -1)
        for key, posting in planned.items():
            if key not in posted:
                posted[key] = posting
                _book(ledger, posting, 1)
    assert {key: minor for key, minor in ledger.items() if minor} == (
        account.steps[-1].ledger
    )


def _book(ledger, posting, sign):
    for line in posting.lines:
        role = line.role
        if role == "fee" and posting.key != posting.event_key:
            role = f"fee:{posting.fee_kind}"
        ledger[role, line.currency] += sign * line.amount_minor
