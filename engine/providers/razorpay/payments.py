# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Razorpay's payments and refunds attest.

``amount`` is in the payer's currency, ``base_amount``, ``fee`` and ``tax`` in that of
the balance; the fee includes the tax.
https://razorpay.com/docs/payments/international-payments/currency-conversion
"""

from collections.abc import Iterator

from ...events import Event, Reference, Settlement
from ...json_node import Node
from ...money import exponent_of
from ..message import inner, reference
from . import const
from .message import Message, amount_of, movement


def payment_events(
    message: Message, payment: Node, status: str, *more: Reference
) -> Iterator[Event]:
    """Tell what a payment attests in a status.

    :param status: a key of const.PAYMENT_FACTS
    :param more: references that other objects of the message gave
    """
    payment_id = payment.identifier("id")
    subject = ("payment", payment_id)
    fact = const.PAYMENT_FACTS[status]
    if status == "refunded" and payment.data.get("captured") is False:
        fact = const.UNCAPTURED
    is_capture = fact[0] == "payment.captured"
    settlement = _settlement(message, payment) if is_capture else None
    reason = payment.text("error_reason") or payment.text("error_code")
    found = message.references(payment, _ids(payment, payment_id), *more)
    paid_by = message.traits(
        method=payment.data.get("method"),
        scheme=inner(payment.data, "card").get("network"),
    )
    yield message.fact(
        fact,
        subject,
        payment_id,
        amount_of(payment) if fact[0] in const.AMOUNT_MATTERS else None,
        found,
        traits=paid_by,
        reason=reason if fact[0] == "payment.failed" else "",
        settlement=settlement,
    )
    if settlement:
        yield from message.fee(
            subject, settlement, payment_id, references=found, traits=paid_by
        )


def _ids(payment: Node, payment_id: str) -> dict[str, str]:
    return {
        "payment": payment_id,
        "order": reference(payment, "order_id"),
        "customer": reference(payment, "customer_id"),
        "arn": _arn(payment),
    }


def _arn(node: Node) -> str:
    data = node.data.get("acquirer_data")  # an empty list when there is nothing in it
    return Node(data).text("arn") if isinstance(data, dict) else ""


def _settlement(message: Message, payment: Node) -> Settlement | None:
    """Tell what a capture did to the balance; None when the payment does not."""
    if payment.data.get("fee") is None or message.options.get("fees") == "invoiced":
        return None
    currency = message.settlement_currency
    field = "amount"
    if payment.text("base_currency"):
        currency, _exponent = payment.currency("base_currency", {})
        field = "base_amount"
    elif payment.text("currency").upper() != currency:
        if payment.data.get("base_amount") is None:
            return None
        field = "base_amount"
    fee, tax = payment.minor("fee"), _tax(payment)
    money = (currency, exponent_of(currency))
    return movement(payment.minor(field), fee, tax, money)


def _tax(node: Node) -> int:
    return node.minor("tax") if node.data.get("tax") is not None else 0


def refund_events(message: Message, refund: Node, status: str) -> Iterator[Event]:
    """Tell what a refund attests in a status, a key of const.REFUND_FACTS."""
    refund_id = refund.identifier("id")
    payment_id = refund.identifier("payment_id")
    ids = {"payment": payment_id, "refund": refund_id, "arn": _arn(refund)}
    yield message.fact(
        const.REFUND_FACTS[status],
        ("refund", refund_id),
        payment_id,
        amount_of(refund),
        message.references(refund, ids),
        traits=message.traits(),
        parent=payment_id,
    )
