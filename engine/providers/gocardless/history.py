# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the events of one payment or one refund attest, together with the object.

The status of a payment is only its latest: whether "failed" took money back shows in
what came before. So an object is looked up as the list of all its events, with the
object itself, whose amount never changes, linked to it
(https://developer.gocardless.com/api-reference/#events-list-events, ``include``).

A payment that is confirmed has been captured. When it fails afterwards, the bank's
return reverses the capture, also when it was not paid out yet; "late_failure_settled"
tells of the same return when a payout bears it. A chargeback is a dispute, because it
may be cancelled, and then the money comes back. Either may happen again after a retry:
the second capture, return and dispute have a 2 in their keys.
"""

from collections.abc import Mapping

from ... import strict_json
from ...errors import EngineError
from ...events import Event
from ...json_node import Node
from ..base import Stream, Translation
from ..message import each
from . import const
from .message import Message, amount, object_references, traits_of
from .webhook import note_of_payment


def _payment(body: bytes, _options: Mapping[str, str]) -> tuple[Translation, ...]:
    events, payment = _history(body, "payments")
    return each(events, _Payment(payment).read)


def _refund(body: bytes, _options: Mapping[str, str]) -> tuple[Translation, ...]:
    events, refund = _history(body, "refunds")
    return each(events, lambda event: _refund_fact(Message(event), refund))


STREAMS = {
    "payment": Stream("Payment", _payment, is_pulled=False),
    "refund": Stream("Refund", _refund, is_pulled=False),
}


class _Payment:
    """A payment whose events are read from the first on."""

    def __init__(self, payment: Node) -> None:
        self.payment = payment
        self.ref = payment.identifier("id")
        self.amount = amount(payment)
        links = payment.child("links")
        self.references = object_references(
            payment,
            {
                "payment": self.ref,
                "mandate": links.reference("mandate"),
                "payout": links.reference("payout"),
            },
        )
        self.traits = traits_of(payment.data.get("scheme"), links)
        self.is_captured = False
        self.captures = self.returns = self.settled = self.chargebacks = 0

    def read(self, event: Node) -> Translation:
        message = Message(event)
        if message.event_type not in const.EVENTS or message.resource != "payments":
            return message.translation((message.note("unknown", "unknown"),))
        if message.action in const.PAYMENT_NOTES:
            return message.translation((note_of_payment(message),))
        return message.translation(getattr(self, f"_{message.action}")(message))

    def _confirmed(self, message: Message) -> list[Event]:
        if not self.is_captured:
            self.is_captured = True
            self.captures += 1
        fact = ("payment.captured", _leg("capture", self.captures))
        return [self._fact(message, fact)]

    _paid_out = _confirmed

    def _failed(self, message: Message) -> list[Event]:
        if self.is_captured:
            self.is_captured = False
            self.returns += 1
            return [self._reversed(message, self.returns)]
        leg = f"failed:{message.event_id}"
        return [
            message.fact(
                ("payment.failed", leg),
                ("payment", self.ref),
                self.ref,
                references=self.references,
                traits=self.traits,
                reason=message.cause,
            )
        ]

    def _late_failure_settled(self, message: Message) -> list[Event]:
        known = self._known(message)
        self.settled += 1
        if self.settled > self.returns:
            self.is_captured = False
            self.returns = self.settled
        return [*known, self._reversed(message, self.settled)]

    def _charged_back(self, message: Message) -> list[Event]:
        self.chargebacks += 1
        opened = ("dispute.opened", _leg("opened", self.chargebacks))
        return [
            *self._known(message),
            self._dispute(message, opened),
            self._withdrawn(message),
        ]

    def _chargeback_settled(self, message: Message) -> list[Event]:
        self.chargebacks = self.chargebacks or 1
        return [*self._known(message), self._withdrawn(message)]

    def _chargeback_cancelled(self, message: Message) -> list[Event]:
        self.chargebacks = self.chargebacks or 1
        canceled = ("dispute.canceled", _leg("canceled", self.chargebacks))
        leg = _leg("funds_reinstated", self.chargebacks)
        reinstated = ("dispute.funds_reinstated", leg)
        return [
            self._dispute(message, canceled),
            self._dispute(message, reinstated, amount=self.amount),
        ]

    def _known(self, message: Message) -> list[Event]:
        """Give the capture that must have been, where its event is no longer listed."""
        return [] if self.captures else self._confirmed(message)

    def _reversed(self, message: Message, number: int) -> Event:
        leg = _leg("charge_reversed", number)
        return self._fact(message, ("payment.charge_reversed", leg))

    def _withdrawn(self, message: Message) -> Event:
        leg = _leg("funds_withdrawn", self.chargebacks)
        fact = ("dispute.funds_withdrawn", leg)
        return self._dispute(message, fact, amount=self.amount)

    def _dispute(
        self, message: Message, fact: tuple[str, str], **more: object
    ) -> Event:
        return message.fact(
            fact,
            ("dispute", self.ref),
            self.ref,
            references=self.references,
            traits=self.traits,
            reason=message.cause,
            **more,
        )

    def _fact(self, message: Message, fact: tuple[str, str]) -> Event:
        return message.fact(
            fact,
            ("payment", self.ref),
            self.ref,
            self.amount,
            self.references,
            traits=self.traits,
            reason="" if fact[0] == "payment.captured" else message.cause,
        )


def _leg(name: str, number: int) -> str:
    return name if number == 1 else f"{name}:{number}"


def _refund_fact(message: Message, refund: Node) -> Translation:
    fact = const.REFUND_FACTS.get(message.action)
    if fact is None or message.resource != "refunds":
        return message.translation((message.note("unknown", "unknown"),))
    ref = refund.identifier("id")
    links = refund.child("links")
    payment = links.reference("payment")
    known = object_references(
        refund,
        {"payment": payment, "refund": ref, "mandate": links.reference("mandate")},
    )
    return message.translation(
        (
            message.fact(
                fact,
                ("refund", ref),
                payment,
                amount(refund),
                known,
                traits=traits_of(message.details.get("scheme"), links),
                parent=payment,
            ),
        )
    )


def _history(body: bytes, name: str) -> tuple[list[Node], Node]:
    """Give the events, the oldest first, and the object that they are about."""
    root = Node(strict_json.loads(body))
    linked = list(root.child("linked").children(name))
    if len(linked) != 1:
        raise root.fault(f"linked.{name}", "Exactly one object is due here.")
    # The API gives the newest first, and so of two at the same time the later one.
    events = sorted(reversed(list(root.children("events"))), key=_time)
    return events, linked[0]


def _time(event: Node) -> str:
    try:
        return event.time("created_at").isoformat()
    except EngineError:
        return ""  # becomes a fault of its own when it is read
