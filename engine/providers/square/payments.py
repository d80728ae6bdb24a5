# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Square's payments and refunds attest, by their status.

One payment is told many times: the fee comes later, an approved amount may change. The
amount that is taken is ``total_money``, tip included.
"""

from collections.abc import Iterator, Mapping

from ...events import Event, Fee, Settlement, Trait
from ...json_node import Node
from ..message import Amount, inner, moved, reference, references, traits
from . import const
from .message import Message, amount, money


def payment_events(message: Message, payment: Node) -> Iterator[Event]:
    """Tell what a payment attests."""
    subject = ("payment", payment.identifier("id"))
    status = payment.identifier("status")
    source, brand = payment.text("source_type"), _brand(payment.data)
    more = {
        "references": _payment_references(message, payment, subject[1]),
        "traits": _traits(message, payment, payment.data, source, brand),
    }
    if source in const.OUTSIDE_SOURCES or brand == const.GIFT_CARD:
        # Without payment_ref: a payment that no capture follows would stay pending.
        source = source.lower()
        fact = ("external.info", "paid_outside")
        yield message.fact(fact, subject, reason=source, **more)
    elif status not in const.PAYMENT_FACTS:
        yield message.unknown(f"payment.{status}")
    elif status == "COMPLETED":
        yield from _captured(message, payment, subject, more)
    else:
        fact, leg = const.PAYMENT_FACTS[status]
        total = None
        if status == "APPROVED":
            total = amount(payment, "total_money")
            leg = f"{leg}:{total.minor}"  # another amount is another fact
        reason = _error(payment) if status == "FAILED" else ""
        yield message.fact(
            (fact, leg), subject, subject[1], total, reason=reason, **more
        )


def _captured(
    message: Message, payment: Node, subject: tuple[str, str], more: Mapping[str, tuple]
) -> Iterator[Event]:
    total = amount(payment, "total_money")
    fees = _fees(payment, total)
    settlement = _settlement(total, fees)
    yield _at_capture(message, payment).fact(
        const.PAYMENT_FACTS["COMPLETED"],
        subject,
        subject[1],
        total,
        settlement=settlement,
        **more,
    )
    if fees:
        yield from _fee_events(message, subject, subject[1], fees, settlement, more)
    yield from _app_fee(message, payment, subject, subject[1], more)


def _at_capture(message: Message, payment: Node) -> Message:
    timeline = inner(payment.data, "card_details", "card_payment_timeline")
    if not timeline.get("captured_at"):
        return message
    path = payment.path_of("card_details.card_payment_timeline")
    return message.at(Node(timeline, path).moment("captured_at"))


def refund_events(message: Message, refund: Node) -> Iterator[Event]:
    """Tell what a refund attests."""
    subject = ("refund", refund.identifier("id"))
    status = refund.identifier("status")
    payment_id = reference(refund, "payment_id")
    ids = {
        "payment": payment_id,
        "refund": subject[1],
        "order": reference(refund, "order_id"),
        "connected_account": message.merchant,
        "description": refund.text("reason"),
    }
    details = inner(refund.data, "destination_details")
    source, brand = refund.text("destination_type"), _brand(details)
    more = {
        "references": references(ids),
        "traits": _traits(message, refund, details, source, brand),
    }
    if source in const.OUTSIDE_SOURCES or brand == const.GIFT_CARD:
        source = source.lower()
        fact = ("external.info", "paid_outside")
        yield message.fact(fact, subject, reason=source, **more)
        return
    if status not in const.REFUND_FACTS:
        yield message.unknown(f"refund.{status}")
        return
    total = amount(refund, "amount_money")
    fees = _fees(refund, total) if status == "COMPLETED" else {}
    settlement = _settlement(total._replace(minor=-total.minor), fees)
    yield message.fact(
        const.REFUND_FACTS[status],
        subject,
        payment_id,
        total,
        reason=status.lower() if status in ("REJECTED", "FAILED") else "",
        parent=payment_id,
        settlement=settlement,
        **more,
    )
    if fees:
        yield from _fee_events(message, subject, payment_id, fees, settlement, more)
    if status == "COMPLETED":
        yield from _app_fee(message, refund, subject, payment_id, more)


def _brand(details: dict) -> object:
    return inner(details, "card_details", "card").get("card_brand")


def _traits(
    message: Message, node: Node, details: dict, method: str, brand: object
) -> tuple[Trait, ...]:
    """Give how was paid, and where.

    The country is that of the bank, else of the billing address: Square does not tell
    where a card is from.

    :param details: what has those of the bank account
    """
    data = node.data
    return traits(
        {
            "method": method,
            "scheme": brand,
            "country": inner(details, "bank_account_details").get("country")
            or inner(data, "billing_address").get("country"),
            "merchant_account": message.merchant,
            "store": data.get("location_id"),
        }
    )


def _payment_references(message: Message, payment: Node, payment_id: str) -> tuple:
    return references(
        {
            "payment": payment_id,
            "order": reference(payment, "order_id"),
            "customer": reference(payment, "customer_id"),
            "connected_account": message.merchant,
            "merchant_reference": payment.text("reference_id"),
            "description": payment.text("note"),
        }
    )


def _error(payment: Node) -> str:
    if isinstance(payment.data.get("card_details"), dict):
        for error in payment.child("card_details").children("errors"):
            return error.text("code").lower()
    return ""


def _fees(node: Node, total: Amount) -> dict[str, Amount]:
    """Give Square's fees by leg; a negative fee is given back.

    Payments and refunds have one fee from the beginning, and adjustments, each told by
    the time from which it counts.
    """
    fees: dict[str, Amount] = {}
    for entry in node.children("processing_fee"):
        fee = money(entry, "amount_money")
        if fee.currency != total.currency:
            raise entry.fault("amount_money", f"{total.currency} is due here.")
        leg = "fee"
        if entry.text("type") != "INITIAL":
            leg = f"fee_adjustment:{entry.time('effective_at'):%Y-%m-%dT%H.%M.%SZ}"
        if leg in fees:
            fee = fee._replace(minor=fees[leg].minor + fee.minor)
        fees[leg] = fee
    return fees


def _settlement(gross: Amount, fees: Mapping[str, Amount]) -> Settlement | None:
    """Tell what the object did to the balance, once its fee is known."""
    if "fee" not in fees:
        return None
    fee = fees["fee"].minor
    return moved(gross.minor, fee, *gross[1:], fees=(Fee("processing", fee),))


def _fee_events(
    message: Message,
    subject: tuple[str, str],
    payment_ref: str,
    fees: Mapping[str, Amount],
    settlement: Settlement | None,
    more: Mapping[str, tuple],
) -> Iterator[Event]:
    if settlement:
        yield from message.fee(subject, settlement, payment_ref, **more)
    for leg, fee in fees.items():
        if leg != "fee" and fee.minor:
            alone = moved(0, fee.minor, *fee[1:], fees=(Fee("processing", fee.minor),))
            yield message.fact(
                (fee_type(fee.minor), leg),
                subject,
                payment_ref,
                fee._replace(minor=abs(fee.minor)),
                settlement=alone,
                **more,
            )


def fee_type(fee: int) -> str:
    """Name the fact of a fee that is charged (positive) or given back (negative)."""
    return "fee.charged" if fee > 0 else "fee.refunded"


def _app_fee(
    message: Message,
    node: Node,
    subject: tuple[str, str],
    payment_ref: str,
    more: Mapping[str, tuple],
) -> Iterator[Event]:
    """Tell what the platform that took the payment kept, or gave back for a refund."""
    if node.data.get("app_fee_money") is None:
        return
    told = amount(node, "app_fee_money")
    fee = told.minor if subject[0] == "payment" else -told.minor
    if fee:
        settlement = moved(0, fee, *told[1:], fees=(Fee("platform", fee),))
        yield message.fact(
            (fee_type(fee), "app_fee"),
            subject,
            payment_ref,
            told,
            settlement=settlement,
            **more,
        )
