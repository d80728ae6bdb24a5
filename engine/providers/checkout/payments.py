# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Checkout.com's messages about payments and refunds attest.

A payment (pay_…) has actions (act_…): an authorisation, captures, refunds. Amounts are
those of the action. A refund or a return does not tell which capture it undoes, so all
captures of a payment are facts about the payment, with their action in the leg.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from ...events import Event
from ...json_node import Node
from ..message import Amount
from . import const
from .message import Message, amount_of, payment_references

Handler = Callable[[Message, Node], Iterable[Event]]


def capture_leg(action: str) -> str:
    """Give the leg under which every source tells of a capture."""
    return f"capture:{action}"


def _payment(message: Message, data: Node) -> Iterator[Event]:
    fact = const.PAYMENT_FACTS[message.event_type]
    yield message.payment_fact(fact, ("payment", data.identifier("id")), data)


def _action(message: Message, data: Node) -> Iterator[Event]:
    action = data.reference("action_id")
    subject = ("action", action) if action else ("payment", data.identifier("id"))
    reason = data.text("response_summary") or data.text("response_code")
    fact = const.ACTION_FACTS[message.event_type]
    yield message.payment_fact(fact, subject, data, reason=reason)


def _approved(message: Message, data: Node) -> Iterator[Event]:
    subject = ("payment", data.identifier("id"))
    fact = ("payment.authorized", "authorization")
    yield message.payment_fact(fact, subject, data, amount_of(data))


def _incremented(message: Message, data: Node) -> Iterator[Event]:
    subject = ("payment", data.identifier("id"))
    action = data.identifier("action_id")
    if data.data.get("balances") is None:
        fact = ("external.info", f"authorization_incremented:{action}")
        yield message.payment_fact(fact, subject, data)
        return
    total = data.child("balances").minor("total_authorized")
    amount = Amount(total, *data.currency("currency", const.EXPONENTS))
    fact = ("payment.authorization_adjusted", f"authorization_adjusted:{action}")
    yield message.payment_fact(fact, subject, data, amount)


def _captured(message: Message, data: Node) -> Iterator[Event]:
    subject = ("payment", data.identifier("id"))
    fact = ("payment.captured", capture_leg(data.identifier("action_id")))
    yield message.payment_fact(fact, subject, data, amount_of(data))


def _returned(message: Message, data: Node) -> Iterator[Event]:
    """Read the failure of a payment that had succeeded, as with ACH."""
    subject = ("payment", data.identifier("id"))
    leg = f"charge_reversed:{data.identifier('action_id')}"
    fact = ("payment.charge_reversed", leg)
    reason = data.text("response_summary")
    yield message.payment_fact(fact, subject, data, amount_of(data), reason=reason)


def _refund(message: Message, data: Node) -> Iterator[Event]:
    subject = ("refund", data.identifier("action_id"))
    fact = const.REFUND_FACTS[message.event_type]
    # The captures are facts about the payment.
    parent = data.identifier("id")
    yield message.payment_fact(fact, subject, data, amount_of(data), parent=parent)


def _payout(message: Message, data: Node) -> Iterator[Event]:
    """Read what became of money that the merchant sends to a card or an account."""
    payout = data.identifier("id")
    found = payment_references(data, {"payout": payout})
    moving, others = const.PAYOUT_FACTS.get(message.event_type, ((), ()))
    for event_type in moving:
        fact = (event_type, event_type.partition(".")[2])
        yield message.fact(fact, ("payout", payout), "", amount_of(data), found)
    for event_type in others:
        fact = (event_type, event_type.partition(".")[2])
        yield message.fact(fact, ("payout", payout), references=found)
    if not moving and not others:
        fact = ("external.info", message.event_type)
        yield message.fact(fact, ("payout", payout), references=found)


def _is_payout(data: Node) -> bool:
    source = data.data.get("source")
    return isinstance(data.data.get("destination"), dict) and (
        source is None
        or isinstance(source, dict)
        and source.get("type") == "currency_account"
    )


_OF_A_CUSTOMER: Mapping[str, Handler] = {
    **dict.fromkeys(const.PAYMENT_FACTS, _payment),
    **dict.fromkeys(const.ACTION_FACTS, _action),
    **dict.fromkeys(const.REFUND_FACTS, _refund),
    "payment_approved": _approved,
    "payment_authorization_incremented": _incremented,
    "payment_captured": _captured,
    "payment_returned": _returned,
}


def _read(message: Message, data: Node) -> Iterable[Event]:
    handler = _payout if _is_payout(data) else _OF_A_CUSTOMER.get(message.event_type)
    if handler is None:
        raise data.fault("destination", "A payout to a bank account is due here.")
    return handler(message, data)


HANDLERS: Mapping[str, Handler] = dict.fromkeys(
    _OF_A_CUSTOMER.keys() | const.PAYOUT_FACTS, _read
)
