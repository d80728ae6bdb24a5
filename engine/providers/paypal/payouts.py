# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What PayPal's payouts to others attest.

The merchant's own withdrawals to the bank are in no message: the balance's entries
(T0400 and their like) tell them.
"""

from collections.abc import Callable, Iterator, Mapping

from ...events import Event
from ...json_node import Node
from ..message import references
from .message import Message, money

_SENT = ("payout.in_transit", "in_transit")
_BACK = ("payout.reversed", "reversed")
_WAITS = ("payout.scheduled", "scheduled")
_NOT_SENT = ("external.info", "failed")
# transaction_status of an item: its facts. What was never sent moved nothing; what came
# back was sent before, which nobody else tells when the item is looked up only then.
_FACTS = {
    "SUCCESS": (_SENT, ("payout.paid", "paid")),
    "UNCLAIMED": (_SENT,),
    "RETURNED": (_SENT, _BACK),
    "REFUNDED": (_SENT, _BACK),
    "REVERSED": (_SENT, _BACK),
    "CANCELED": (_SENT, _BACK),
    "PENDING": (_WAITS,),
    "ONHOLD": (_WAITS,),
    "BLOCKED": (_WAITS,),
    "FAILED": (_NOT_SENT,),
    "DENIED": (_NOT_SENT,),
}
_MONEY = (_SENT, _BACK)


def item(message: Message, node: Node) -> Iterator[Event]:
    """Tell what a payout item is by its status."""
    status = node.text("transaction_status")
    if status not in _FACTS:
        raise node.fault("transaction_status", "An unknown status.")
    return _item(status)(message, node)


def _item(status: str) -> Callable[[Message, Node], Iterator[Event]]:
    def read(message: Message, node: Node) -> Iterator[Event]:
        item_id = node.identifier("payout_item_id")
        # The entry of the balance has this id, and the entry that undoes it names it.
        transaction = node.reference("transaction_id")
        detail = node.child("payout_item")
        found = references(
            {
                "balance_entry": transaction,
                "batch": node.text("payout_batch_id"),
                "merchant_reference": detail.text("sender_item_id"),
                "payout": item_id,
                "description": detail.text("note"),
            }
        )
        for fact in _FACTS[status]:
            if fact in _MONEY and not transaction:
                raise node.fault("transaction_id", "An id is due here.")
            yield message.fact(
                fact,
                ("payout", transaction or item_id),
                amount=money(detail, "amount") if fact in _MONEY else None,
                references=found,
            )

    return read


def _batch(message: Message, node: Node) -> Iterator[Event]:
    header = node.child("batch_header")
    batch = header.identifier("payout_batch_id")
    leg = message.event_type.rpartition(".")[2].lower()
    found = references({"batch": batch})
    yield message.fact(
        ("external.info", leg), ("payout_batch", batch), references=found
    )


def _referenced(message: Message, node: Node) -> Iterator[Event]:
    """A platform paid a seller out; the balance's entries tell the money."""
    leg = message.event_type.rpartition(".")[2].lower()
    capture = ""
    if node.text("reference_type") == "TRANSACTION_ID":
        capture = node.reference("reference_id")
    yield message.fact(
        ("external.info", leg),
        ("referenced_payout", node.identifier("item_id")),
        capture,
        references=references({"charge": capture}),
    )


HANDLERS: Mapping[str, Callable[[Message, Node], Iterator[Event]]] = {
    "PAYMENT.PAYOUTS-ITEM.BLOCKED": _item("BLOCKED"),
    "PAYMENT.PAYOUTS-ITEM.CANCELED": _item("CANCELED"),
    "PAYMENT.PAYOUTS-ITEM.DENIED": _item("DENIED"),
    "PAYMENT.PAYOUTS-ITEM.FAILED": _item("FAILED"),
    "PAYMENT.PAYOUTS-ITEM.HELD": _item("ONHOLD"),
    "PAYMENT.PAYOUTS-ITEM.REFUNDED": _item("REFUNDED"),
    "PAYMENT.PAYOUTS-ITEM.RETURNED": _item("RETURNED"),
    "PAYMENT.PAYOUTS-ITEM.SUCCEEDED": _item("SUCCESS"),
    "PAYMENT.PAYOUTS-ITEM.UNCLAIMED": _item("UNCLAIMED"),
    "PAYMENT.PAYOUTSBATCH.DENIED": _batch,
    "PAYMENT.PAYOUTSBATCH.PROCESSING": _batch,
    "PAYMENT.PAYOUTSBATCH.SUCCESS": _batch,
    "PAYMENT.REFERENCED-PAYOUT-ITEM.COMPLETED": _referenced,
    "PAYMENT.REFERENCED-PAYOUT-ITEM.FAILED": _referenced,
}
