# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a line of Stripe's balance attests, whichever road tells of it.

A message about a dispute, a page of balance transactions and a report are read into
the same ``Entry``: so the same movement has the same key and amount on every road.
"""

from collections.abc import Mapping
from typing import NamedTuple

from ...events import Clock, Event, Reference, Settlement, Trait
from ..message import Amount, Message

ENTRY = "balance_entry"


class Rule(NamedTuple):
    """Which fact a movement is.

    ``subject`` is the kind of object that it is about, ``gain`` and ``loss`` are type
    and leg of the fact when the balance grew or shrank; None where that would
    contradict the rule. ``parent`` is the kind of object that it undoes or belongs to.
    """

    subject: str
    gain: tuple[str, str] | None = None
    loss: tuple[str, str] | None = None
    parent: str = ""


RULES: Mapping[str, Rule] = {
    "capture": Rule("charge", gain=("payment.captured", "capture")),
    # The capture has the amount captured; this line takes the rest of what was
    # authorised out of the balance again. Its own amount is 0: no payment changes.
    "uncaptured": Rule(
        ENTRY, loss=("payment.captured", "partial_capture_reversal"), parent="charge"
    ),
    "charge_failure": Rule(
        "charge", loss=("payment.charge_reversed", "charge_reversed")
    ),
    "refund": Rule("refund", loss=("refund.succeeded", "succeeded"), parent="charge"),
    "refund_failure": Rule("refund", gain=("refund.failed", "failed"), parent="charge"),
    "dispute": Rule(
        "dispute", loss=("dispute.funds_withdrawn", "funds_withdrawn"), parent="charge"
    ),
    "dispute_reversal": Rule(
        "dispute",
        gain=("dispute.funds_reinstated", "funds_reinstated"),
        parent="charge",
    ),
    # A payout that reverses another, or covers a negative balance, brings money.
    "payout": Rule(
        "payout",
        gain=("payout.reversed", "reversed"),
        loss=("payout.in_transit", "in_transit"),
        parent="original_payout",
    ),
    "payout_failure": Rule("payout", gain=("payout.failed", "failed")),
    "payout_cancel": Rule("payout", gain=("payout.canceled", "canceled")),
    "topup": Rule("topup", gain=("topup.succeeded", "succeeded")),
    "topup_reversal": Rule("topup", loss=("topup.reversed", "reversed")),
    "inbound_transfer": Rule(
        ENTRY,
        gain=("topup.succeeded", "succeeded"),
        loss=("topup.reversed", "reversed"),
    ),
    "transfer": Rule("transfer", loss=("transfer.created", "created")),
    "transfer_reversal": Rule(
        "transfer_reversal", gain=("transfer.reversed", "reversed"), parent="transfer"
    ),
    "transfer_cancel": Rule("transfer", gain=("transfer.reversed", "canceled")),
    "transfer_failure": Rule("transfer", gain=("transfer.failed", "failed")),
    "collection": Rule(
        ENTRY,
        gain=("transfer.reversed", "reversed"),
        loss=("transfer.created", "created"),
    ),
    "application_fee": Rule(
        "application_fee", gain=("application_fee.earned", "earned")
    ),
    "application_fee_refund": Rule(
        "fee_refund",
        loss=("application_fee.refunded", "refunded"),
        parent="application_fee",
    ),
    "fee": Rule(
        ENTRY, gain=("fee.refunded", "refunded"), loss=("fee.charged", "charged")
    ),
    "tax": Rule(ENTRY, loss=("tax.charged", "charged")),
    "tax_withheld": Rule(ENTRY, loss=("tax.withheld", "withheld")),
    "reserve": Rule(
        ENTRY, gain=("reserve.released", "released"), loss=("reserve.held", "held")
    ),
    "hold": Rule(
        ENTRY, gain=("hold.released", "released"), loss=("hold.placed", "placed")
    ),
    "advance": Rule(
        ENTRY,
        gain=("advance.disbursed", "disbursed"),
        loss=("advance.repaid", "repaid"),
    ),
    "adjustment": Rule(
        ENTRY, gain=("adjustment.credit", "credit"), loss=("adjustment.debit", "debit")
    ),
}
# The movements that an object begins with; a fee goes by the object's name there, and
# by the entry's where the same object may pay or get back another one.
_FIRST = {"capture", "refund", "dispute", "payout", "topup", "transfer"}


class Entry(NamedTuple):
    """One line of the balance.

    ``rule`` is a name of ``RULES``, "" for a code that nobody documented. ``amount`` is
    what the object's own currency says, never negative; ``ids`` are provider ids by
    kind, the entry's own among them; ``turn`` counts the movements of one object in the
    same direction.
    """

    rule: str
    settlement: Settlement
    amount: Amount
    ids: Mapping[str, str]
    references: tuple[Reference, ...] = ()
    clocks: tuple[Clock, ...] = ()
    traits: tuple[Trait, ...] = ()
    turn: int = 1


def facts(message: Message, entry: Entry) -> tuple[Event, ...]:
    """Give the movement as a fact, and its fee as another.

    What contradicts its rule (a charge that shrinks the balance, a payout without
    payout) is an adjustment: right in amount, and for a person to look at.
    """
    settlement = entry.settlement
    own = (ENTRY, settlement.entry)
    more = {
        "references": entry.references,
        "clocks": entry.clocks,
        "traits": entry.traits,
    }
    if not entry.rule:
        unknown = ("unknown", "unknown")
        return (message.fact(unknown, own, settlement=settlement, **more),)
    fact, subject, parent = _fact(entry)
    amount = entry.amount
    if subject == own and fact[0] != "payment.captured":
        amount = Amount(
            abs(settlement.gross_minor), settlement.currency, settlement.exponent
        )
    payment_ref = entry.ids.get("payment") or entry.ids.get("charge", "")
    moved = message.fact(
        fact,
        subject,
        payment_ref,
        amount,
        settlement=settlement,
        parent=parent,
        **more,
    )
    has_own_fee = entry.rule in _FIRST and entry.turn == 1 and subject != own
    fees = message.fee(subject if has_own_fee else own, settlement, payment_ref, **more)
    return (moved, *fees)


def _fact(entry: Entry) -> tuple[tuple[str, str], tuple[str, str], str]:
    """Give type and leg, subject, and the id of the parent."""
    gross = entry.settlement.gross_minor
    for rule in (RULES[entry.rule], RULES["adjustment"]):
        fact = rule.gain if gross > 0 else rule.loss
        if not gross:
            fact = rule.loss or rule.gain
        object_id = entry.ids.get(rule.subject)
        if fact and object_id:
            break
    event_type, leg = fact
    if entry.turn > 1:
        leg = f"{leg}:{entry.turn}"
    parent = entry.ids.get(rule.parent, "") if rule.parent else ""
    return (event_type, leg), (rule.subject, object_id), parent
