# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The hub as a model around the real engine: rows, transactions and what they promise.

A transaction is a generator: it yields wherever another one may run, or the process
may die. What it writes becomes visible at once, when it commits; its snapshot is taken
at its first statement, as under REPEATABLE READ.
"""

from collections import Counter
from dataclasses import dataclass, field

from engine import planner, state
from engine.facts import Facts

BATCH = 40


class Violation(Exception):
    """The hub broke a promise."""


def require(promise, message):
    """Report a broken promise."""
    if not promise:
        raise Violation(message)


@dataclass(slots=True)
class Payment:
    """Rows of one payment; each with the number of the commit that wrote it."""

    # {message's identity: (commit, event)}
    attested: dict = field(default_factory=dict)
    posted: list = field(default_factory=list)  # of (commit, posting)
    folded: state.PaymentState | None = None


@dataclass(slots=True)
class Lane:
    """Rows of one connection, and its locks."""

    number: int
    due: dict = field(default_factory=dict)  # {dedupe key: message}, oldest first
    payments: dict = field(default_factory=dict)  # {provider's payment id: Payment}
    economic_keys: set = field(default_factory=set)
    posting_keys: set = field(default_factory=set)
    turn: int = 0
    jobs: int = 0  # pending drain jobs
    is_locked: bool = False
    is_turning: bool = False  # an open transaction has written the turn


class Snapshot:
    """What a transaction sees: what was committed before its first statement."""

    __slots__ = ("commit", "due", "jobs", "turn")

    def __init__(self, hub, lane):
        self.commit = hub.commits
        self.due = list(lane.due.items())
        self.turn = lane.turn
        self.jobs = lane.jobs


class Batch:
    """What a drain is about to commit."""

    def __init__(self):
        self.events = {}  # {provider's payment id: {message's identity: event}}
        self.economic_keys = set()
        self.postings = {}  # {provider's payment id: new postings}
        self.states = {}


class Hub:
    """The hub's transactions. Each method is one step that a defect can replace."""

    def __init__(self, story):
        self.story = story
        self.lanes = [Lane(number) for number in range(len(story.balances))]
        self.deliveries = []  # committed, as (dedupe key, message)
        self.stored = set()  # their dedupe keys
        self.durable = set()  # the identities of their messages
        self.inserting = set()  # dedupe keys of open transactions
        self.commits = 0
        self.counts = Counter()

    # === receive ===

    def dedupe_key(self, request):
        """Name what is stored once."""
        return request.message.identity

    def receive(self, request):
        """Serve one request: store, commit, answer, wake."""
        key = self.dedupe_key(request)
        while key in self.inserting:
            yield  # INSERT waits for the other transaction
        if key in self.stored:
            self.answer(request)
            return
        self.inserting.add(key)
        try:
            yield
            self.store(key, request.message)
        finally:
            self.inserting.discard(key)
        yield
        self.answer(request)
        yield
        yield from self.wake(self.lanes[request.message.connection])

    def store(self, key, message):
        """Commit a delivery."""
        self.commits += 1
        self.deliveries.append((key, message))
        self.stored.add(key)
        self.durable.add(message.identity)
        self.lanes[message.connection].due[key] = message

    # === wake ===

    def is_awake(self, snapshot):
        """Tell whether a drain will start that sees what this snapshot sees."""
        return snapshot.jobs

    def wake(self, lane):
        """Make sure that a drain is pending, in a transaction of its own."""
        snapshot = Snapshot(self, lane)
        if not self.is_awake(snapshot):
            yield
            lane.jobs += 1

    def due_lanes(self):
        """Give the lanes with something left to do."""
        return [lane for lane in self.lanes if lane.due]

    # === drain ===

    def drain(self, lane):
        """Process a batch of what is due; wake the lane for the rest."""
        snapshot = Snapshot(self, lane)
        yield
        if not self.lock(lane):
            return  # whoever holds the lane looks again after its commit
        try:
            is_fresh = yield from self.take_turn(lane, snapshot)
            if is_fresh:
                claimed = snapshot.due[:BATCH]
                yield from self.process(lane, claimed, snapshot.commit)
        finally:
            lane.is_locked = False
        yield
        if not is_fresh or self.looks_again(lane):
            yield from self.wake(lane)

    def process_again(self, lane, delivery):
        """Process what was processed before, for a person who waits."""
        is_fresh = False
        while not is_fresh:
            snapshot = Snapshot(self, lane)
            yield
            while not self.lock(lane):
                yield
            try:
                is_fresh = yield from self.take_turn(lane, snapshot)
                if is_fresh:
                    yield from self.process(lane, [delivery], snapshot.commit)
            finally:
                lane.is_locked = False
        yield
        if self.looks_again(lane):
            yield from self.wake(lane)

    def lock(self, lane):
        """Take the lane until the end of the transaction, unless it is taken."""
        if lane.is_locked:
            return False
        lane.is_locked = True
        return True

    def take_turn(self, lane, snapshot):
        """Write the turn; tell whether PostgreSQL allows it."""
        while lane.is_turning:
            yield  # UPDATE waits for the other transaction
        return self.is_fresh(lane, snapshot)

    def is_fresh(self, lane, snapshot):
        """Tell whether no other drain has committed since this snapshot."""
        return lane.turn == snapshot.turn

    def looks_again(self, lane):
        """Tell whether something is due after the drain's commit."""
        return lane.due

    def process(self, lane, claimed, commit):
        """Attest, fold, plan and post a batch; commit it.

        :param claimed: [(dedupe key, message)]
        :param commit: number of the last commit that this transaction sees
        """
        lane.is_turning = True
        try:
            batch = self.settle(lane, claimed, commit)
            yield
            self.commit(lane, claimed, batch)
        finally:
            lane.is_turning = False

    def settle(self, lane, claimed, commit):
        """Find what the payments of these deliveries ask for; the real engine's part.

        A fact that is held makes nobody wait: what is held is planned again with the
        next fact about the payment.
        """
        batch = Batch()
        for _key, message in claimed:
            events = batch.events.setdefault(message.event.payment_ref, {})
            events[message.identity] = message.event
        for ref, events in batch.events.items():
            payment = lane.payments.get(ref) or Payment()
            known = {
                identity: event
                for identity, (at, event) in payment.attested.items()
                if at <= commit
            }
            facts = self.facts(known, events)
            batch.states[ref] = state.fold(facts)
            batch.postings[ref] = self.missing(payment, planner.plan(facts), commit)
            batch.economic_keys |= {event.key for event in events.values()}
            batch.economic_keys -= {event.key for event in known.values()}
        return batch

    def facts(self, known, fresh):
        """Give the facts that fold and plan see."""
        return Facts((known | fresh).values())

    def missing(self, payment, plan, commit):
        """Give the planned postings that the ledger does not have."""
        posted = {posting.key for at, posting in payment.posted if at <= commit}
        return [posting for posting in plan.postings if posting.key not in posted]

    def commit(self, lane, claimed, batch):
        """Write all that a drain has found, or nothing."""
        self.insert(lane.economic_keys, batch.economic_keys, "economic")
        posting_keys = {p.key for postings in batch.postings.values() for p in postings}
        self.insert(lane.posting_keys, posting_keys, "posting")
        self.commits += 1
        lane.turn += 1
        self.counts["batches"] += 1
        for key, _message in claimed:
            lane.due.pop(key, None)
        for ref, events in batch.events.items():
            payment = lane.payments.setdefault(ref, Payment())
            for identity, event in events.items():
                payment.attested.setdefault(identity, (self.commits, event))
            payment.posted += [(self.commits, post) for post in batch.postings[ref]]
            payment.folded = batch.states[ref]
            self.check_payment(lane, payment)

    def insert(self, index, keys, name):
        """Insert into a unique index. The lane's order is such that it never bites."""
        require(index.isdisjoint(keys), f"a drain ran into a unique {name} key")
        index |= keys

    # === promises ===

    def answer(self, request):
        """Say 2xx, which must be after the commit of this very message."""
        is_durable = request.message.identity in self.durable
        require(is_durable, "an acknowledged delivery is not stored")
        request.acknowledge()

    def check_payment(self, lane, payment):
        """Compare the clearing account with the provider's word about one payment."""
        keys = {event.key for _commit, event in payment.attested.values()}
        effects = self.story.effects
        balance = 0
        for key in keys:
            effect = effects.get((lane.number, key))
            if effect and keys.issuperset(effect.needs):
                balance += effect.minor
        posted = [posting for _commit, posting in payment.posted]
        require(
            len({posting.event_key for posting in posted}) == len(posted),
            "a fact is posted twice",
        )
        require(_clearing(posted) == balance, "the clearing account is wrong")

    def check_end(self):
        """Compare everything with the story, when nothing is left to do."""
        told = {message.identity for message in self.story.messages}
        require(told == self.durable, "an acknowledged delivery is not stored")
        require(len(told) == len(self.stored), "a message is stored twice")
        for lane, balance in zip(self.lanes, self.story.balances, strict=True):
            payments = lane.payments.values()
            clearing = sum(
                _clearing(p for _commit, p in pay.posted) for pay in payments
            )
            require(clearing == balance, "the clearing account is wrong at the end")
            net = sum(payment.folded.net_minor for payment in payments)
            require(net == balance, "the payments' states are wrong at the end")

    def ledger(self):
        """Give the ledger without its dates, which tell who came first."""
        return frozenset(
            (lane.number, post.key, post.kind, post.parent_key, post.lines)
            for lane in self.lanes
            for payment in lane.payments.values()
            for _commit, post in payment.posted
        )


def _clearing(postings):
    return sum([posting.lines[0].amount_minor for posting in postings])
