# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Stripe's messages about payouts and top-ups attest.

A payout has left the balance as soon as it has a balance transaction, whatever its
status: each message that names that transaction attests ``payout.in_transit``. What
the bank did with it later (paid) moves no balance; failed and canceled bring it back.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from ...events import Clock, Event, Reference
from ...json_node import Node
from .entries import ENTRY, RULES, Rule
from .message import Message, references, size

_LIFECYCLE = {
    "payout.created": ("payout.scheduled", "scheduled"),
    "payout.updated": ("external.info", "updated"),
    "payout.paid": ("payout.paid", "paid"),
    "payout.reconciliation_completed": ("payout.reconciled", "reconciled"),
}
_RETURNS = {"payout.failed": "payout_failure", "payout.canceled": "payout_cancel"}


def _payout(message: Message, payout: Node) -> Iterator[Event]:
    is_debit = payout.signed("amount") < 0  # it brings money
    left = payout.reference("balance_transaction")
    back = payout.reference("failure_balance_transaction")
    if what := _LIFECYCLE.get(message.event_type):
        yield fact(message, payout, what)
    if left:
        yield _moved(message, payout, RULES["payout"], left, is_debit)
    if name := _RETURNS.get(message.event_type):
        rule = RULES[name]
        if left or back:
            yield _moved(message, payout, rule, back, not is_debit)
        else:
            # It never left the balance, so nothing comes back.
            yield fact(message, payout, ("external.info", rule.gain[1]))


def fact(
    message: Message,
    payout: Node,
    what: tuple[str, str],
    entry: str = "",
    **more: object,
) -> Event:
    """Make a fact about a payout, with the day on which the bank is to have it.

    :param what: type and leg
    :param entry: id of the balance transaction, where the fact is a movement
    """
    ids = {"payout": payout.identifier("id"), ENTRY: entry}
    found = references(payout, ids, message.account)
    trace = payout.data.get("trace_id")
    if isinstance(trace, dict) and (value := Node(trace).text("value")):
        found += (Reference("bank_trace", value),)
    clocks = ()
    if payout.data.get("arrival_date") is not None:
        clocks = (Clock("value", payout.time("arrival_date"), "UTC"),)
    more.setdefault("subject", ("payout", ids["payout"]))
    return message.fact(what, references=found, clocks=clocks, **more)


def _moved(
    message: Message, payout: Node, rule: Rule, entry: str, is_gain: bool
) -> Event:
    more = {}
    what = rule.gain if is_gain else rule.loss
    if what is None:
        # The payout had brought money, and now that is gone again.
        what = RULES["adjustment"].loss
        more["subject"] = (ENTRY, entry)
    return fact(
        message,
        payout,
        what,
        entry,
        amount=size(payout),
        reason=payout.text("failure_code"),
        parent=payout.reference(rule.parent) if rule.parent else "",
        **more,
    )


def _topup(message: Message, topup: Node) -> Iterator[Event]:
    what, amount_field = _TOPUPS[message.event_type]
    reason = topup.text("failure_code")
    yield message.object_fact(what, topup, amount_field, reason=reason)


def _balance(message: Message, _balance: Node) -> Iterator[Event]:
    yield message.note("balance.available", "available")


# message: (fact, field of the amount)
_TOPUPS = {
    "topup.created": (("topup.pending", "pending"), ""),
    "topup.canceled": (("topup.failed", "canceled"), ""),
    "topup.failed": (("topup.failed", "failed"), ""),
    "topup.reversed": (("topup.reversed", "reversed"), "amount"),
    "topup.succeeded": (("topup.succeeded", "succeeded"), "amount"),
}
HANDLERS: Mapping[str, Callable[[Message, Node], Iterable[Event]]] = {
    **dict.fromkeys((*_LIFECYCLE, *_RETURNS), _payout),
    **dict.fromkeys(_TOPUPS, _topup),
    "balance.available": _balance,
}
