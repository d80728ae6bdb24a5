# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What PayPal's orders, authorisations, captures, sales and refunds attest.

A sale of version 1 is what a capture is in version 2, and the reports know neither
word: all are captures here, so that one payment has one key.
"""

from collections.abc import Callable, Iterator, Mapping

from ...events import Event, Reference
from ...json_node import Node
from .. import message
from ..base import NOTHING
from .message import (
    Message,
    Related,
    breakdown,
    means_of,
    money,
    related,
    settled,
    written,
)

# Reads an object; an order's unit gives further references by kind.
Reader = Callable[..., Iterator[Event]]

_REFUNDS = {
    "completed": ("refund.succeeded", "succeeded"),
    "pending": ("refund.requested", "requested"),
    "failed": ("refund.failed", "failed"),
    "cancelled": ("refund.canceled", "canceled"),
}


def captured(
    message: Message, node: Node, unit: Mapping[str, str] = NOTHING
) -> Iterator[Event]:
    """Tell that a capture was paid, and its fee."""
    capture = node.identifier("id")
    ids = related(node)
    order = ids.order or unit.get("payment", "")
    amount = money(node, "amount")
    settlement = breakdown(node, "seller_receivable_breakdown", 1, amount)
    if settlement is None and node.data.get("transaction_fee") is not None:
        settlement = settled(amount, money(node, "transaction_fee"), capture)
    yield from message.movement(
        ("payment.captured", "capture"),
        ("capture", capture),
        order or capture,
        amount,
        settlement,
        _references(node, ids, {**unit, "payment": order, "charge": capture}),
        message.traits(node),
    )


def refunded(message: Message, node: Node) -> Iterator[Event]:
    """Tell what became of a refund, and of its fee."""
    status = _status(node) or "completed"
    if status not in _REFUNDS:
        raise node.fault("status", "A status that PayPal documents is due here.")
    refund = node.identifier("id")
    ids = related(node)
    own = {
        "payment": ids.order,
        "charge": ids.capture,
        "refund": refund,
        "arn": node.text("acquirer_reference_number"),
    }
    amount, settlement = _returned(node), None
    if status == "completed":
        settlement = breakdown(node, "seller_payable_breakdown", -1, amount)
    yield from message.movement(
        _REFUNDS[status],
        ("refund", refund),
        ids.order or ids.capture,
        amount,
        settlement,
        _references(node, ids, own),
        message.traits(node),
        parent=ids.capture,
    )


def reversed_(message: Message, node: Node) -> Iterator[Event]:
    """Tell that PayPal took a payment back: a fact about the capture, one for each
    reversal. The reports tell what it was when the message does not name the capture.
    """
    reversal = node.identifier("id")
    ids = related(node)
    if not ids.capture:
        yield message.fact(("external.info", "reversed"), ("balance_entry", reversal))
        return
    amount = _returned(node)
    yield from message.movement(
        ("payment.charge_reversed", f"charge_reversed:{reversal}"),
        ("capture", ids.capture),
        ids.order or ids.capture,
        amount,
        breakdown(node, "seller_payable_breakdown", -1, amount),
        _references(node, ids, {"payment": ids.order, "charge": ids.capture}),
        message.traits(node),
        parent=ids.capture,
        fee_subject=("balance_entry", reversal),
    )


def _reader(event_type: str, leg: str, object_type: str, amount: str = "") -> Reader:
    def read(
        message: Message, node: Node, unit: Mapping[str, str] = NOTHING
    ) -> Iterator[Event]:
        object_id = node.identifier("id")
        ids = related(node)
        order = ids.order or unit.get("payment", "")
        yield message.fact(
            (event_type, leg),
            (object_type, object_id),
            order or object_id,
            money(node, amount) if amount else None,
            _references(node, ids, {**unit, "payment": order, "charge": object_id}),
            reason=_reason(node),
            traits=message.traits(node),
        )

    return read


_authorized = _reader("payment.authorized", "authorization", "authorization", "amount")
_voided = _reader("payment.voided", "voided", "authorization")
_pending = _reader("payment.pending", "pending", "capture")
_failed = _reader("payment.failed", "failed", "capture")

# By the status of version 2, or the state of version 1, in lower case.
_CAPTURES = {
    "completed": captured,
    "partially_refunded": captured,
    "refunded": captured,
    "pending": _pending,
    "declined": _failed,
    "denied": _failed,
    "failed": _failed,
}
_AUTHORIZATIONS = {
    "created": _authorized,
    "captured": _authorized,
    "partially_captured": _authorized,
    "pending": _reader("payment.pending", "pending", "authorization"),
    "denied": _reader("payment.failed", "failed", "authorization"),
    "voided": _voided,
}


def capture(
    message: Message, node: Node, unit: Mapping[str, str] = NOTHING
) -> Iterator[Event]:
    """Tell what a capture or sale is by its status."""
    return _by_status(_CAPTURES, node)(message, node, unit)


def paid(message: Message, node: Node) -> Iterator[Event]:
    """Read a capture that was looked up because a message told that it is paid.

    :raises MalformedMessage: when it is not, or not yet
    """
    if _status(node) == "pending":
        raise node.fault("status", "A paid capture is due here; PayPal says pending.")
    return capture(message, node)


def order(message: Message, node: Node) -> Iterator[Event]:
    """Tell what an order is by the payments in it; without any it is not paid yet."""
    facts = list(_in_order(message, node, node.identifier("id")))
    if facts:
        yield from facts
    elif node.text("status") == "VOIDED":
        yield from _order("payment.voided", "voided")(message, node)
    else:
        yield from _order("payment.pending", "approved")(message, node)


def _in_order(message: Message, node: Node, order_id: str) -> Iterator[Event]:
    for unit in node.children("purchase_units"):
        if unit.data.get("payments") is not None:
            payments = unit.child("payments")
            names = {"payment": order_id, **_unit(unit)}
            message.means = means_of(node) | means_of(unit)
            for one in payments.children("captures"):
                yield from capture(message, one, names)
            for one in payments.children("authorizations"):
                yield from _by_status(_AUTHORIZATIONS, one)(message, one, names)
            for one in payments.children("refunds"):
                yield from refunded(message, one)


def _order(event_type: str, leg: str, id_field: str = "id") -> Reader:
    """Make the reader of an order (version 2) or payment (version 1) not paid yet."""

    def read(message: Message, node: Node) -> Iterator[Event]:
        field = id_field if node.data.get(id_field) is not None else "id"
        order_id = node.identifier(field)
        names: dict[str, str] = {}
        for unit in (*node.children("purchase_units"), *node.children("transactions")):
            names = _unit(unit) | names
            message.means = means_of(unit)
        own = {"payment": order_id, **names}
        found = _references(node, Related("", "", ""), own)
        yield message.fact(
            (event_type, leg),
            ("order", order_id),
            order_id,
            references=found,
            traits=message.traits(node),
        )

    return read


def _by_status(readers: Mapping[str, Reader], node: Node) -> Reader:
    if reader := readers.get(_status(node)):
        return reader
    raise node.fault("status", "A status that PayPal documents is due here.")


def _status(node: Node) -> str:
    return (node.text("status") or node.text("state")).lower()


def _returned(node: Node) -> message.Amount:
    """Read what was given back; version 1 writes it as negative."""
    amount = money(node, "amount", is_signed=True)
    return amount._replace(minor=abs(amount.minor))


def _reason(node: Node) -> str:
    if node.data.get("status_details") is not None:
        return node.child("status_details").text("reason").lower()
    return node.text("reason_code").lower()


def _unit(unit: Node) -> dict[str, str]:
    names = written(unit)
    reference = unit.text("reference_id")
    if reference and reference != "default":
        names.setdefault("merchant_reference", reference)
    return names


def _references(
    node: Node, ids: Related, own: Mapping[str, str]
) -> tuple[Reference, ...]:
    """Make references; an authorisation leads to the payment as a capture does."""
    mandate = node.text("billing_agreement_id")
    found = message.references({**own, **written(node), "mandate": mandate})
    if ids.authorization:
        found += (Reference("charge", ids.authorization),)
    return found


HANDLERS: Mapping[str, Reader] = {
    "CHECKOUT.CHECKOUT.BUYER-APPROVED": _order("payment.pending", "approved"),
    "CHECKOUT.ORDER.APPROVED": _order("payment.pending", "approved"),
    "CHECKOUT.ORDER.COMPLETED": order,
    "CHECKOUT.ORDER.PROCESSED": _order("payment.pending", "processed"),
    "CHECKOUT.PAYMENT-APPROVAL.REVERSED": _order(
        "payment.voided", "voided", "order_id"
    ),
    "PAYMENT.AUTHORIZATION.CREATED": _authorized,
    "PAYMENT.AUTHORIZATION.VOIDED": _voided,
    "PAYMENT.CAPTURE.COMPLETED": captured,
    "PAYMENT.CAPTURE.DECLINED": _failed,
    "PAYMENT.CAPTURE.DENIED": _failed,
    "PAYMENT.CAPTURE.PENDING": _pending,
    "PAYMENT.CAPTURE.REFUNDED": refunded,
    "PAYMENT.CAPTURE.REVERSED": reversed_,
    "PAYMENT.ORDER.CANCELLED": _order("payment.voided", "voided"),
    "PAYMENT.ORDER.CREATED": _order("payment.pending", "created"),
    "PAYMENT.SALE.COMPLETED": captured,
    "PAYMENT.SALE.DENIED": _failed,
    "PAYMENT.SALE.PENDING": _pending,
    "PAYMENT.SALE.REFUNDED": refunded,
    "PAYMENT.SALE.REVERSED": reversed_,
    "PAYMENTS.PAYMENT.CREATED": _order("payment.pending", "approved"),
}
