# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Stripe's messages attest about a platform and its connected accounts."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from ...events import Event
from ...json_node import Node
from .message import Message


def _transfer(message: Message, transfer: Node) -> Iterator[Event]:
    yield message.object_fact(("transfer.created", "created"), transfer, "amount")


def _transfer_updated(message: Message, transfer: Node) -> Iterator[Event]:
    yield message.object_fact(("external.info", "updated"), transfer)


def _transfer_reversed(message: Message, transfer: Node) -> Iterator[Event]:
    fact = ("transfer.reversed", "reversed")
    parent = transfer.identifier("id")
    yield from _parts(message, transfer, "reversals", fact, "amount_reversed", parent)


def _fee(message: Message, fee: Node) -> Iterator[Event]:
    fact = ("application_fee.earned", "earned")
    yield message.object_fact(fact, fee, "amount")


def _fee_refunded(message: Message, fee: Node) -> Iterator[Event]:
    parent = fee.identifier("id")
    yield from _parts(message, fee, "refunds", _FEE_REFUNDED, "amount_refunded", parent)


def _fee_refund(message: Message, refund: Node) -> Iterator[Event]:
    parent = refund.reference("fee")
    yield message.object_fact(_FEE_REFUNDED, refund, "amount", parent=parent)


_FEE_REFUNDED = ("application_fee.refunded", "refunded")


def _parts(
    message: Message,
    whole: Node,
    field: str,
    fact: tuple[str, str],
    total_field: str,
    parent: str,
) -> Iterator[Event]:
    """Give a fact for each reversal or refund of an object.

    Stripe lists the latest ten; where there are more, or none, the total is told
    besides.
    """
    page = whole.child(field)
    parts = list(page.children("data"))
    for part in parts:
        yield message.object_fact(fact, part, "amount", parent=parent)
    if not parts or page.data.get("has_more") is True:
        leg = f"{fact[1]}_report:{whole.minor(total_field)}"
        yield message.object_fact(("external.info", leg), whole)


HANDLERS: Mapping[str, Callable[[Message, Node], Iterable[Event]]] = {
    "transfer.created": _transfer,
    "transfer.updated": _transfer_updated,
    "transfer.reversed": _transfer_reversed,
    "application_fee.created": _fee,
    "application_fee.refunded": _fee_refunded,
    "application_fee.refund.updated": _fee_refund,
}
