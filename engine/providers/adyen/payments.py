# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the items of Adyen's standard webhooks attest."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from ...events import EVENT_TYPES, Clock, Event
from ...json_node import Node
from ..message import Amount, Message, due, references
from . import captures, const, traits
from .item import is_successful, original

# Objects of the hub: kind of reference by which they are found.
REFERENCE_KINDS = {
    "capture": "charge",
    "dispute": "dispute",
    "mandate": "mandate",
    "order": "order",
    "payout": "payout",
    "refund": "refund",
}
_MOVES_DISPUTED_MONEY = ("CHARGEBACK", "CHARGEBACK_REVERSED", "SECOND_CHARGEBACK")


class Notice(NamedTuple):
    """One item, and what it is read with."""

    message: Message
    item: Node
    options: Mapping[str, str]

    @property
    def psp(self) -> str:
        """The reference of what the item is about."""
        return self.item.identifier("pspReference")

    @property
    def payment(self) -> str:
        """The payment that a modification must name."""
        return self.item.identifier("originalReference")

    @property
    def amount(self) -> Amount:
        """The amount of the item, which is signed."""
        node = self.item.child("amount")
        return Amount(node.minor("value"), *node.currency("currency", const.EXPONENTS))

    def fact(
        self,
        fact: const.Fact,
        subject: tuple[str, str],
        payment: str,
        parent: str = "",
    ) -> Event:
        """Make a fact of the item.

        :param fact: type of the event, and leg
        :param subject: type and id of the object
        :param payment: reference of the payment; "" when not known
        :param parent: id of the capture that is undone
        """
        ids = {"payment": payment}
        if kind := REFERENCE_KINDS.get(subject[0]):
            ids[kind] = subject[1]
        ids["merchant_reference"] = self.item.text("merchantReference")
        is_told = self.message.event_type in const.TOLD_REASONS
        reason = ""
        if is_told or not is_successful(self.item):
            reason = self.item.text("reason")
        clocks = ()
        if subject[0] == "dispute":
            clocks = _due(self.item)
        return self.message.fact(
            fact,
            subject,
            payment,
            self.amount if has_amount(fact[0]) else None,
            references(ids),
            clocks,
            traits.of_item(self.item),
            reason="" if reason == "null" else reason,
            parent=parent,
        )


def event_of(notice: Notice) -> Event:
    """Give the fact that an item attests; ``unknown`` for one not understood.

    :raises MalformedMessage: when a field holds what it cannot hold
    :raises UnknownCurrency: when the amount has no known exponent
    """
    code = notice.message.event_type
    if special := _SPECIAL.get(code):
        return special(notice)
    if rule := const.RULES.get(code):
        return _by_rule(notice, rule)
    if code == const.TEST_EVENT_CODE:
        return notice.message.note("external.info", "test")
    return notice.message.note("unknown", "unknown")


def _due(item: Node) -> tuple[Clock, ...]:
    more = item.data.get("additionalData")
    if not isinstance(more, dict):
        return ()
    return due(Node(more, item.path_of("additionalData")), "defensePeriodEndsAt")


def has_amount(event_type: str) -> bool:
    """Tell whether facts of this type say how much."""
    family = EVENT_TYPES[event_type].family
    return family == "balance" or event_type in const.LIFECYCLE_WITH_AMOUNT


def _by_rule(notice: Notice, rule: const.Rule) -> Event:
    code, psp, payment = notice.message.event_type, notice.psp, original(notice.item)
    if code in _MOVES_DISPUTED_MONEY and not payment:
        raise notice.item.fault(
            "originalReference",
            "Ask Adyen's support to send the references of the dispute and of the "
            "original in dispute webhooks: this may be either.",
        )
    subject = (rule.subject, psp)
    if rule.subject in ("payment", "payout"):
        subject = (rule.subject, payment or psp)
    if rule.subject in ("payment", "review"):
        payment = payment or psp
    failure = rule.failure or ("external.info", f"{code.lower()}_failed")
    return notice.fact(
        rule.success if is_successful(notice.item) else failure,
        subject,
        payment,
        captures.parent(notice.options, payment) if rule.subject == "refund" else "",
    )


def _authorisation(notice: Notice) -> Event:
    psp = notice.psp
    if not is_successful(notice.item):
        fact = ("payment.authorization_failed", "authorization_failed")
    # Nothing is captured of an authorisation that only tries a card.
    elif captures.is_manual(notice.options) or notice.amount.minor == 0:
        fact = ("payment.authorized", "authorization")
    else:
        fact = ("payment.captured", "capture")
    return notice.fact(fact, ("payment", psp), psp)


def _autorescue(notice: Notice) -> Event:
    # The payment that was rescued is another one than the one that was refused.
    if is_successful(notice.item):
        return _authorisation(notice)
    payment = original(notice.item) or notice.psp
    return notice.fact(("payment.failed", "failed"), ("payment", payment), payment)


def _adjustment(notice: Notice) -> Event:
    fact = ("external.info", f"authorization_adjustment_failed:{notice.psp}")
    if is_successful(notice.item):
        fact = (
            "payment.authorization_adjusted",
            f"authorization_adjusted:{notice.psp}",
        )
    return notice.fact(fact, ("payment", notice.payment), notice.payment)


def _capture(notice: Notice) -> Event:
    fact = ("payment.capture_failed", "capture_failed")
    if is_successful(notice.item):
        fact = ("payment.captured", "capture")
    subject = captures.subject(notice.options, notice.payment, notice.psp)
    return notice.fact(fact, subject, notice.payment)


def _capture_failed(notice: Notice) -> Event:
    """A capture that had been accepted came to nothing."""
    subject = captures.subject(notice.options, notice.payment, notice.psp)
    return _reversal(notice, subject)


def _reversal(notice: Notice, subject: tuple[str, str]) -> Event:
    fact = ("payment.charge_reversed", "charge_reversed")
    payment = original(notice.item) or notice.psp
    return notice.fact(fact, subject, payment, parent=subject[1])


def _cancellation(notice: Notice) -> Event:
    payment = original(notice.item) or notice.psp
    subject = ("payment", payment)
    if not is_successful(notice.item):
        return notice.fact(("payment.void_failed", "void_failed"), subject, payment)
    if captures.is_manual(notice.options):
        return notice.fact(("payment.voided", "voided"), subject, payment)
    # Its capture was booked when it was authorised.
    return _reversal(notice, ("payment", notice.payment))


def _expire(notice: Notice) -> Event:
    payment = original(notice.item) or notice.psp
    subject = ("payment", payment)
    if not is_successful(notice.item):
        return notice.fact((const.INFO, "expire_failed"), subject, payment)
    if captures.is_manual(notice.options):
        fact = ("payment.authorization_expired", "expired")
        return notice.fact(fact, subject, payment)
    # Booked when it was authorised, but nobody captured it.
    return _reversal(notice, subject)


def _cancel_or_refund(notice: Notice) -> Event:
    """Read what only an unsigned field tells: which of both it was.

    Whoever changes it gains nothing: with immediate capture the same amount goes
    back either way, with manual capture a refund waits for a capture, and a refund
    that was made out to be a cancellation stands in the settlement report.
    """
    action = ""
    if isinstance(more := notice.item.data.get("additionalData"), dict):
        action = more.get("modification.action")
    if action == "cancel" or not is_successful(notice.item):
        return _cancellation(notice)
    if action == "refund":
        return _by_rule(notice, const.RULES["REFUND"])
    return notice.message.note("unknown", "unknown")


def _report(notice: Notice) -> Event:
    fact = ("settlement.report_available", "available")
    return notice.fact(fact, ("report", notice.psp), "")


_SPECIAL: Mapping[str, Callable[[Notice], Event]] = {
    "AUTHORISATION": _authorisation,
    "AUTHORISATION_ADJUSTMENT": _adjustment,
    "AUTORESCUE": _autorescue,
    "CANCELLATION": _cancellation,
    "CANCEL_OR_REFUND": _cancel_or_refund,
    "CAPTURE": _capture,
    "CAPTURE_FAILED": _capture_failed,
    "EXPIRE": _expire,
    "REPORT_AVAILABLE": _report,
    "TECHNICAL_CANCEL": _cancellation,
}
