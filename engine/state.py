# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a payment is, folded from the facts about it.

The result depends on the set of facts alone: not on the order in which they came,
nor on how often.
"""

from collections.abc import Mapping
from typing import NamedTuple

from .events import EVENT_TYPES
from .facts import Facts, Problem

__all__ = ["PaymentState", "Problem", "fold"]

_WITHDRAWALS = ("dispute.funds_withdrawn", "dispute.escalated")
_CAPTURED_BEFORE = ("refund", "dispute")
_DISPUTE_LOSSES = ("dispute.lost", "dispute.accepted", "dispute.expired")
_DISPUTE_ENDS = (
    *_DISPUTE_LOSSES,
    "dispute.won",
    "dispute.canceled",
    "dispute.prevented",
)
_AUTHORIZATIONS = ("payment.authorized", "payment.authorization_adjusted")
_AUTHORIZATION_ENDS = (
    "payment.failed",
    "payment.authorization_failed",
    "payment.charge_reversed",
)
# A later attempt counts more than an earlier one; of two in the same second, the one
# that stands later here.
_ATTEMPTS = {
    "payment.pending": "pending",
    "payment.action_required": "action_required",
    "payment.authorization_failed": "failed",
    "payment.failed": "failed",
}
_ATTEMPT_RANK = list(_ATTEMPTS)


class PaymentState(NamedTuple):
    """A payment as its facts leave it; amounts in minor units of ``currency``.

    ``status`` is one of pending, action_required, authorized, partially_captured,
    captured, partially_refunded, refunded, disputed, lost, voided, expired, failed
    and conflicted. ``authorized_minor`` is what was ever authorised, whatever became
    of it; captured, refunded and disputed amounts are net of what came back.
    """

    status: str
    currency: str | None
    exponent: int | None
    authorized_minor: int
    captured_minor: int
    refunded_minor: int
    disputed_minor: int
    reported_refunded_minor: int
    net_minor: int
    is_orphan: bool
    problems: tuple[Problem, ...]


def fold(facts: Facts) -> PaymentState:
    """Derive the state of one payment (canonical model 2.5).

    :return: the state; facts in conflict, or in another currency than the payment,
        are left out of its amounts and named in ``problems``, and so are facts that
        are implausible. Disputed money in another currency is left out, too, and is no
        problem when its settlement is told
    """
    captured = _net(facts, ("payment.captured",), ("payment.charge_reversed",))
    refunded = _net(facts, ("refund.succeeded",), ("refund.failed", "refund.reversed"))
    disputed = _net(facts, _WITHDRAWALS, ("dispute.funds_reinstated",))
    captured_minor = sum(captured.values())
    refunded_minor = sum(refunded.values())
    foreign = _foreign(facts)
    disputed_minor = sum(
        [minor for dispute, minor in disputed.items() if dispute not in foreign]
    )
    authorized = _authorizations(facts)
    return PaymentState(
        status=_status(facts, authorized, captured_minor, refunded_minor, disputed),
        currency=facts.money.currency if facts.money else None,
        exponent=facts.money.exponent if facts.money else None,
        authorized_minor=sum(authorized.values()),
        captured_minor=captured_minor,
        refunded_minor=refunded_minor,
        disputed_minor=disputed_minor,
        reported_refunded_minor=max(
            [fact.reported_minor or 0 for fact in facts.of("external.info")], default=0
        ),
        net_minor=captured_minor - refunded_minor - disputed_minor,
        is_orphan=not facts.captures and _needs_capture(facts),
        problems=tuple(sorted(map(Problem._make, facts.problems.items()))),
    )


def _net(facts: Facts, plus: tuple[str, ...], minus: tuple[str, ...]) -> dict[str, int]:
    """Give per object what remains, if anything does.

    Each object has its own floor: a refund that failed before it left the balance
    must not create money for another refund.
    """
    if facts.types.isdisjoint(plus):
        return {}
    amounts = facts.amounts(*plus)
    for fact in facts.of(*minus):
        amounts[fact.object_id] -= fact.amount_minor or 0
    return {object_id: rest for object_id, rest in amounts.items() if rest > 0}


def _foreign(facts: Facts) -> set[str]:
    """Give the disputes whose money is in another currency than the payment's."""
    own = facts.money.currency if facts.money else None
    withdrawals = facts.of(*_WITHDRAWALS)
    return {fact.object_id for fact in withdrawals if fact.currency != own}


def _authorizations(facts: Facts) -> dict[str, int]:
    """Give the last amount authorised, by object."""
    return {
        fact.object_id: fact.amount_minor or 0 for fact in facts.of(*_AUTHORIZATIONS)
    }


def _live(facts: Facts, authorized: dict[str, int]) -> dict[str, int]:
    live = dict(authorized)
    for end in facts.of(*_AUTHORIZATION_ENDS):
        live.pop(end.object_id, None)
    return live


def _needs_capture(facts: Facts) -> bool:
    return any(EVENT_TYPES[name].group in _CAPTURED_BEFORE for name in facts.types)


def _objects(facts: Facts, *types: str) -> set[str]:
    return {fact.object_id for fact in facts.of(*types)}


def _status(
    facts: Facts,
    authorized: dict[str, int],
    captured: int,
    refunded: int,
    disputed: Mapping[str, int],
) -> str:
    if len(facts.sound) < len(facts.all):
        return "conflicted"
    if not facts.captures:
        return _status_before_capture(facts, authorized)
    lost = _objects(facts, *_DISPUTE_LOSSES)
    if not captured and facts.of("payment.charge_reversed"):
        return "lost" if lost else "failed"
    if disputed or facts.of("dispute.opened"):
        opened = _objects(facts, "dispute.opened") - _objects(facts, *_DISPUTE_ENDS)
        # Books may name the charge in place of the dispute: such a loss has no money
        # of its own, and stands for what was withdrawn under another name.
        given_up = _objects(facts, "dispute.lost", "dispute.accepted")
        is_elsewhere = given_up - _objects(facts, *_WITHDRAWALS)
        if opened or (disputed.keys() - lost and not is_elsewhere):
            return "disputed"
        if disputed:
            return "lost"
    if refunded:
        return "partially_refunded" if refunded < captured else "refunded"
    is_partial = captured < sum(_live(facts, authorized).values())
    return "partially_captured" if is_partial else "captured"


def _status_before_capture(facts: Facts, authorized: dict[str, int]) -> str:
    if facts.of("payment.authorization_expired"):
        return "expired"
    if facts.of("payment.voided"):
        return "voided"
    if _live(facts, authorized):
        return "authorized"
    attempts = [
        (fact.occurred_at, _ATTEMPT_RANK.index(fact.type), fact.type)
        for fact in facts.of(*_ATTEMPTS)
    ]
    return _ATTEMPTS[max(attempts)[-1]] if attempts else "pending"
