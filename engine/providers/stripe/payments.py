# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Stripe's messages about payments and refunds attest."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from ...events import Event
from ...json_node import Node
from . import const
from .message import Message, captured_field, share


def _intent_ids(intent: Node, charge: str = "") -> dict[str, str]:
    return {"payment": intent.identifier("id"), "charge": charge}


def _charge_ids(charge: Node) -> dict[str, str]:
    return {
        "payment": charge.reference("payment_intent"),
        "charge": charge.identifier("id"),
    }


def _latest_charge(intent: Node) -> str:
    """Find the charge of an intent; before 2022-11-15 it is in a list of attempts."""
    charge = intent.reference("latest_charge")
    if not charge and intent.data.get("charges") is not None:
        for attempt in intent.child("charges").children("data"):
            if attempt.data.get("status") == "succeeded":
                charge = attempt.identifier("id")
    return charge


def _intent_fact(message: Message, intent: Node) -> Iterator[Event]:
    ids = _intent_ids(intent, intent.reference("latest_charge"))
    fact = const.PAYMENT_INTENT_FACTS[message.event_type]
    subject = ("payment_intent", ids["payment"])
    reason = intent.text("cancellation_reason")
    yield message.payment_fact(fact, subject, intent, ids, reason=reason)


def _intent_authorized(message: Message, intent: Node) -> Iterator[Event]:
    charge = _latest_charge(intent)
    ids = _intent_ids(intent, charge)
    subject = ("charge", charge) if charge else ("payment_intent", ids["payment"])
    fact = ("payment.authorized", "authorization")
    # A further message about the same charge tells of another amount: a later fact,
    # not a contradiction of the first.
    if isinstance(message.previous, dict) and message.previous.get("amount_capturable"):
        amount = intent.minor("amount_capturable")
        fact = ("payment.authorization_adjusted", f"authorization_adjusted:{amount}")
    yield message.payment_fact(fact, subject, intent, ids, "amount_capturable")


def _intent_succeeded(message: Message, intent: Node) -> Iterator[Event]:
    charge = _latest_charge(intent)
    if not charge:
        raise intent.fault("latest_charge", "The charge that succeeded is due here.")
    yield _capture(message, intent, _intent_ids(intent, charge), "amount_received")


def _intent_failed(message: Message, intent: Node) -> Iterator[Event]:
    charge = _latest_charge(intent)
    ids = _intent_ids(intent, charge)
    subject = ("charge", charge) if charge else ("payment_intent", ids["payment"])
    error = intent.data.get("last_payment_error")
    reason = Node(error).text("code") if isinstance(error, dict) else ""
    yield message.payment_fact(
        ("payment.failed", "failed"), subject, intent, ids, reason=reason
    )


def _capture(
    message: Message, node: Node, ids: Mapping[str, str], amount_field: str
) -> Event:
    # The intent and the charge both tell of it: one key, whoever comes first.
    subject = ("charge", ids["charge"])
    return message.payment_fact(
        ("payment.captured", "capture"), subject, node, ids, amount_field
    )


def _charge_fact(message: Message, charge: Node) -> Iterator[Event]:
    ids = _charge_ids(charge)
    fact = const.CHARGE_FACTS[message.event_type]
    yield message.payment_fact(fact, ("charge", ids["charge"]), charge, ids)


def _charge_succeeded(message: Message, charge: Node) -> Iterator[Event]:
    if charge.flag("captured"):
        yield from _charge_captured(message, charge)
    else:
        ids = _charge_ids(charge)
        fact = ("payment.authorized", "authorization")
        yield message.payment_fact(
            fact, ("charge", ids["charge"]), charge, ids, "amount"
        )


def _charge_captured(message: Message, charge: Node) -> Iterator[Event]:
    amount_field = "amount_captured"
    if charge.data.get(amount_field) is None:
        # Older API versions know the amount only; it must then be said to be captured.
        if not charge.flag("captured"):
            raise charge.fault("captured", "A captured charge is due here.")
        amount_field = "amount"
    yield _capture(message, charge, _charge_ids(charge), amount_field)
    yield from share(message, charge)


def _charge_failed(message: Message, charge: Node) -> Iterator[Event]:
    ids = _charge_ids(charge)
    subject = ("charge", ids["charge"])
    reason = charge.text("failure_code")
    returned = charge.reference("failure_balance_transaction")
    if returned:
        # What goes back had come. A debit counts in the balance while it is pending:
        # where it fails then, no other message tells that it had come.
        yield _capture(message, charge, ids, captured_field(charge))
        fact = ("payment.charge_reversed", "charge_reversed")
        ids["balance_entry"] = returned
        yield message.payment_fact(
            fact, subject, charge, ids, captured_field(charge), reason=reason
        )
    else:
        fact = ("payment.failed", "failed")
        yield message.payment_fact(fact, subject, charge, ids, reason=reason)


def _charge_refunded(message: Message, charge: Node) -> Iterator[Event]:
    ids = _charge_ids(charge)
    subject = ("charge", ids["charge"])
    if charge.data.get("captured") is False:
        # Stripe calls the release of an authorisation a refund; no money moves.
        yield message.payment_fact(("payment.voided", "voided"), subject, charge, ids)
        return
    refunds, is_complete = [], False
    released = _released(charge)
    if charge.data.get("refunds") is not None:
        page = charge.child("refunds")
        refunds = list(page.children("data"))
        is_complete = bool(refunds) and page.data.get("has_more") is not True
    for refund in _without_release(refunds, released):
        yield _refund_fact(message, refund, ids)
    if not is_complete:
        total = charge.minor("amount_refunded") - released
        # Other totals are other facts.
        fact = ("external.info", f"refund_report:{total}")
        yield message.payment_fact(fact, subject, charge, ids, reported_minor=total)


def _released(charge: Node) -> int:
    """Tell how much of what counts as refunded was never captured.

    Stripe calls the release of the rest of an authorisation a refund as well.
    """
    if charge.data.get("amount_captured") is None:
        return 0
    rest = charge.minor("amount") - charge.minor("amount_captured")
    return rest if 0 < rest <= charge.minor("amount_refunded") else 0


def _without_release(refunds: list[Node], released: int) -> list[Node]:
    """Leave out the release: of the refunds of this amount, it was made first."""
    if not released:
        return refunds
    same = [refund for refund in refunds if refund.data.get("amount") == released]
    first = min(same, key=lambda refund: refund.time("created"), default=None)
    return [refund for refund in refunds if refund is not first]


def _refund(message: Message, refund: Node) -> Iterator[Event]:
    yield _refund_fact(message, refund, {"payment": "", "charge": ""})


def _refund_fact(message: Message, refund: Node, known: Mapping[str, str]) -> Event:
    charge = refund.reference("charge") or known["charge"]
    ids = {
        "payment": refund.reference("payment_intent") or known["payment"],
        "charge": charge,
        "refund": refund.identifier("id"),
    }
    status = refund.text("status")
    if message.event_type == "refund.failed":
        status = "failed"
    if status not in const.REFUND_FACTS:
        raise refund.fault("status", "A status that Stripe documents is due here.")
    reason = refund.text("reason")
    if charge and reason == const.REASON_NEVER_CAPTURED and status == "succeeded":
        fact = ("payment.authorization_expired", "expired")
        return message.payment_fact(fact, ("charge", charge), refund, ids)
    reason = const.REFUND_REASONS.get(reason, const.OTHER_REASON if reason else "")
    if status == "failed":
        ids["balance_entry"] = refund.reference("failure_balance_transaction")
        reason = refund.text("failure_reason")
        if reason not in const.REFUND_FAILURE_REASONS:
            reason = const.OTHER_FAILURE_REASON
    return message.payment_fact(
        const.REFUND_FACTS[status],
        ("refund", ids["refund"]),
        refund,
        ids,
        "amount",
        reason=reason,
        parent=charge,
    )


HANDLERS: Mapping[str, Callable[[Message, Node], Iterable[Event]]] = {
    **dict.fromkeys(const.PAYMENT_INTENT_FACTS, _intent_fact),
    **dict.fromkeys(const.CHARGE_FACTS, _charge_fact),
    "payment_intent.amount_capturable_updated": _intent_authorized,
    "payment_intent.succeeded": _intent_succeeded,
    "payment_intent.payment_failed": _intent_failed,
    "charge.succeeded": _charge_succeeded,
    "charge.captured": _charge_captured,
    "charge.failed": _charge_failed,
    "charge.refunded": _charge_refunded,
    "charge.refund.updated": _refund,
    "refund.created": _refund,
    "refund.updated": _refund,
    "refund.failed": _refund,
}
