# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Mollie's payments, captures, refunds and chargebacks attest.

A payment that is captured by itself is one fact, ``payment:<tr>:capture``; one that
is captured apart has a fact for each capture, ``capture:<cpt>:capture``, and none of
its own, so that no money counts twice. Chargebacks, those of direct debits too, are
disputes: Mollie may reverse them, and then the money comes back.
"""

from collections.abc import Iterator, Mapping

from ...events import Event, Settlement, Trait
from ...json_node import MAX_ID, Node
from ..base import Lookup
from ..message import inner, moved, references, traits
from . import const
from .message import Message, amount, of_object, signed, written_references

Facts = tuple[list[Event], list[Lookup]]

_EMBEDDED = ("captures", "refunds", "chargebacks")


def of_payment(message: Message, payment: Node, is_complete: bool = False) -> Facts:
    """Give the facts about a payment, and itself as a lookup where parts are missing.

    :param is_complete: whether what belongs to it would have been embedded
    """
    ref = payment.identifier("id")
    captures = refunds = chargebacks = []
    if embedded := inner(payment.data, "_embedded"):
        parts = Node(embedded, payment.path_of("_embedded"))
        captures, refunds, chargebacks = [
            list(parts.children(name)) for name in _EMBEDDED
        ]
    paid_by = _traits(payment)
    events = list(_payment_facts(message, payment, ref, paid_by, captures, is_complete))
    for capture in captures:
        told = of_object(capture, status_code(capture))
        events += of_capture(told, capture, paid_by)
    for refund in refunds:
        told = of_object(refund, status_code(refund))
        events += of_refund(told, refund, paid_by)
    for chargeback in chargebacks:
        told = of_object(chargeback, chargeback_code(chargeback))
        events += of_chargeback(told, chargeback, paid_by)
    is_partial = not is_complete and (
        (not captures and _is_captured_apart(payment))
        or (not refunds and _has(payment, "amountRefunded"))
        or (not chargebacks and _has(payment, "amountChargedBack"))
    )
    return events, [Lookup("payment", ref)] if is_partial else []


def status_code(node: Node) -> str:
    """Give the code of a message about the object's status."""
    return f"{node.text('resource')}.{node.text('status')}"[:MAX_ID]


def chargeback_code(chargeback: Node) -> str:
    """Give the code of a message about a chargeback, which has no status."""
    is_open = chargeback.data.get("reversedAt") is None
    return "chargeback.received" if is_open else "chargeback.reversed"


def of_capture(
    message: Message, capture: Node, paid_by: tuple[Trait, ...] = ()
) -> list[Event]:
    """Give the fact about a capture; only its payment tells the traits."""
    ref = capture.identifier("id")
    payment = capture.identifier("paymentId")
    fact = const.CAPTURE_FACTS.get(capture.text("status"))
    subject = ("capture", ref)
    if fact is None:
        return [message.fact(("unknown", "unknown"), subject, payment)]
    is_money = fact[0] == "payment.captured"
    return [
        message.fact(
            fact,
            subject,
            payment,
            amount(capture, "amount") if is_money else None,
            _references(capture, {"payment": payment}),
            traits=paid_by,
            settlement=_settled(capture, 1) if is_money else None,
        )
    ]


def of_refund(
    message: Message, refund: Node, paid_by: tuple[Trait, ...] = ()
) -> list[Event]:
    """Give the fact about a refund; only its payment tells the traits."""
    ref = refund.identifier("id")
    payment = refund.identifier("paymentId")
    fact = const.REFUND_FACTS.get(refund.text("status"))
    subject = ("refund", ref)
    if fact is None:
        return [message.fact(("unknown", "unknown"), subject, payment)]
    return [
        message.fact(
            fact,
            subject,
            payment,
            amount(refund, "amount"),
            _references(refund, {"payment": payment, "refund": ref}),
            traits=paid_by,
            settlement=_settled(refund, -1) if fact[1] == "succeeded" else None,
        )
    ]


def of_chargeback(
    message: Message, chargeback: Node, paid_by: tuple[Trait, ...] = ()
) -> list[Event]:
    """Give the facts about a chargeback, which may have been reversed.

    Mollie takes no evidence, so there is no time to answer by.
    """
    ref = chargeback.identifier("id")
    payment = chargeback.identifier("paymentId")
    reason = chargeback.data.get("reason")
    known = {
        "payment_ref": payment,
        "references": _references(chargeback, {"payment": payment, "dispute": ref}),
        "reason": Node(reason).text("code") if isinstance(reason, dict) else "",
        "traits": paid_by,
    }
    subject = ("dispute", ref)
    money = amount(chargeback, "amount")
    settled = _settled(chargeback, -1)
    opened = message.at(chargeback, "createdAt")
    withdrawn = ("dispute.funds_withdrawn", "funds_withdrawn")
    events = [
        opened.fact(("dispute.opened", "opened"), subject, **known),
        opened.fact(withdrawn, subject, amount=money, settlement=settled, **known),
    ]
    if chargeback.data.get("reversedAt") is not None:
        reversed_ = message.at(chargeback, "reversedAt")
        reinstated = ("dispute.funds_reinstated", "funds_reinstated")
        events += [
            reversed_.fact(("dispute.won", "won"), subject, **known),
            reversed_.fact(reinstated, subject, amount=money, **known),
        ]
    return events


def _payment_facts(
    message: Message,
    payment: Node,
    ref: str,
    paid_by: tuple[Trait, ...],
    captures: list[Node],
    is_complete: bool,
) -> Iterator[Event]:
    subject = ("payment", ref)
    ids = {
        "payment": ref,
        "customer": payment.reference("customerId"),
        "mandate": payment.reference("mandateId"),
        "order": payment.reference("orderId"),
    }
    known = {"references": _references(payment, ids), "traits": paid_by}
    status = payment.text("status")
    if status == "authorized" or payment.data.get("authorizedAt") is not None:
        fact = ("payment.authorized", "authorization")
        told = message.at(payment, "authorizedAt")
        yield told.fact(fact, subject, ref, amount(payment, "amount"), **known)
    if status == "paid":
        if not captures and (is_complete or not _is_captured_apart(payment)):
            fact = ("payment.captured", "capture")
            yield message.at(payment, "paidAt").fact(
                fact,
                subject,
                ref,
                amount(payment, "amount"),
                settlement=_settled(payment, 1),
                **known,
            )
    elif status in const.PAYMENT_FACTS:
        name, leg, moments = const.PAYMENT_FACTS[status]
        told = message.at(payment, *moments)
        reason = _reason(payment)
        yield told.fact((name, leg), subject, ref, reason=reason, **known)
    elif status != "authorized":
        yield message.fact(("unknown", "unknown"), subject, ref, **known)


def _traits(payment: Node) -> tuple[Trait, ...]:
    """Give how was paid, and on which of the merchant's sites (profiles).

    The country is that of the card or, by its BIC, of the bank, else the customer's.
    """
    data = payment.data
    details = inner(data, "details")
    bic = details.get("consumerBic")
    of_bank = bic[4:6] if isinstance(bic, str) and len(bic) in (8, 11) else ""
    return traits(
        {
            "method": data.get("method"),
            "scheme": details.get("cardLabel"),
            "country": details.get("cardCountryCode")
            or of_bank
            or data.get("countryCode"),
            "store": data.get("profileId"),
        }
    )


def _is_captured_apart(payment: Node) -> bool:
    """Tell whether captures may exist, whose amounts then count."""
    return (
        payment.data.get("captureMode") == "manual"
        or payment.data.get("amountCaptured") is not None
    )


def _has(payment: Node, field: str) -> bool:
    return payment.data.get(field) is not None and signed(payment, field).minor != 0


def _reason(payment: Node) -> str:
    for field, name in (("statusReason", "code"), ("details", "failureReason")):
        told = payment.data.get(field)
        if isinstance(told, dict) and (reason := Node(told).text(name)):
            return reason
    return ""


def _references(node: Node, ids: Mapping[str, str]) -> tuple:
    known = {**ids, "batch": node.reference("settlementId")}
    return references(known) + written_references(node)


def _settled(node: Node, sign: int) -> Settlement | None:
    """Give what an object in a settlement did to the balance, its fee left out.

    :param sign: Mollie's own is not to be relied on for refunds
    """
    if node.data.get("settlementAmount") is None:
        return None
    minor, *money = signed(node, "settlementAmount")
    batch = node.reference("settlementId")
    return moved(sign * abs(minor), 0, *money, batch=batch)
