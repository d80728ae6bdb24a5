# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Random payments as a provider could tell them, sound ones and odd ones.

What was captured and refunded is kept while the story is told. It shares no code with
the engine, which sees the facts only, in any order. For all that a provider's balance
can do, see provider_stories.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from hypothesis import strategies as st
from payment_facts import capture, fact, refund, refund_failed, reversal, settled

from engine.events import EVENT_TYPES, Event

DISPUTES = [name for name in EVENT_TYPES if name.startswith("dispute.")]
# Those that build on each other, more often than the others.
ODD_TYPES = [
    *[name for name in EVENT_TYPES if EVENT_TYPES[name].family == "balance"],
    *DISPUTES * 2,
    *["payment.captured", "payout.in_transit"] * 4,
]
ODD_SETTLEMENTS = st.none() | st.builds(
    settled,
    st.integers(-5, 5),
    st.integers(-1, 1),
    st.sampled_from(["EUR", "USD"]),
)


@dataclass
class World:
    events: list[Event] = field(default_factory=list)
    balance: int = 0
    captured: int = 0
    refunded: int = 0

    @property
    def clock(self):
        return len(self.events)

    def tell(self, event, balance=0):
        self.events.append(event)
        self.balance += balance


@st.composite
def worlds(draw):
    """Give a world in which the provider contradicts itself in nothing."""
    world = World()
    for number in range(draw(st.integers(1, 3))):
        _charge(draw, world, f"ch_{number}")
    return world


def _charge(draw, world, charge):
    authorized = draw(st.integers(1, 500))
    if draw(st.booleans()):
        world.tell(fact("payment.authorized", charge, authorized, world.clock))
    if draw(st.integers(0, 4)) == 0:
        world.tell(fact("payment.failed", charge, at=world.clock))
        return
    left = captured = draw(st.integers(0, authorized))
    world.tell(capture(captured, charge, world.clock), captured)
    world.captured += captured
    for number in range(draw(st.integers(0, 3))):
        left -= _refund(draw, world, charge, f"re_{charge}_{number}", left)
    if left == captured and draw(st.integers(0, 3)) == 0:
        world.tell(reversal(captured, charge, world.clock), -captured)
        world.captured -= captured


def _refund(draw, world, charge, refund_id, left):
    amount = draw(st.integers(0, left))
    if draw(st.booleans()):
        requested = fact("refund.requested", refund_id, amount, world.clock)
        world.tell(replace(requested, parent=charge))
    outcome = draw(st.sampled_from(["kept", "came back", "never left", "canceled"]))
    if outcome == "canceled":
        world.tell(fact("refund.canceled", refund_id, amount, world.clock))
        return 0
    if outcome != "never left":
        world.tell(refund(amount, refund_id, charge, world.clock), -amount)
    if outcome == "kept":
        world.refunded += amount
        return amount
    returned = amount if outcome == "came back" else 0
    world.tell(refund_failed(amount, refund_id, charge, world.clock), returned)
    return 0


@st.composite
def contradictions(draw):
    """Give events of a world in which some facts are odd, contradicted or missing."""
    events = list(draw(worlds()).events)
    for _number in range(draw(st.integers(0, 3))):
        event = draw(st.sampled_from(events))
        if event.amount_minor is not None:
            change = draw(
                st.sampled_from(
                    [
                        {"amount_minor": event.amount_minor + 1},
                        {"currency": "USD"},
                        {"parent": "ch_0"},
                        {"parent": "ch_9"},
                        {"object_id": "re_x"},
                    ]
                )
            )
            events.append(replace(event, **change))
    if draw(st.booleans()):
        at = draw(st.integers(0, len(events)))
        events.append(fact("payment.voided", "pi_1", at=at))
    if draw(st.booleans()):
        total = draw(st.integers(1, 300))
        events.append(fact("external.info", "ch_0", reported_minor=total))
    if draw(st.booleans()):
        events.append(fact("dispute.funds_withdrawn", "dp_1", 5, at=3))
    kept = draw(st.lists(st.booleans(), min_size=len(events), max_size=len(events)))
    return [event for event, keep in zip(events, kept, strict=True) if keep] or events


@st.composite
def shuffles(draw, events):
    """Give the same facts in another order, some told again and a little later."""
    again = draw(st.lists(st.sampled_from(events), max_size=12))
    later = [
        replace(event, occurred_at=event.occurred_at + timedelta(seconds=1))
        for event in again[: len(again) // 2]
    ]
    return draw(st.permutations([*events, *later, *again]))


@st.composite
def oddities(draw):
    """Give a few facts of any type about two objects, with whatever amounts."""
    return [
        fact(
            draw(st.sampled_from(ODD_TYPES)),
            draw(st.sampled_from("ab")),
            draw(st.sampled_from([5, 5, 3, 2, 0, None])),
            draw(st.integers(0, 3)),
            leg=draw(st.sampled_from("12")),
            parent=draw(st.sampled_from(["", "", "a"])),
            settlement=draw(ODD_SETTLEMENTS),
        )
        for _number in range(draw(st.integers(1, 8)))
    ]
