# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The vocabulary of business facts, and the fact itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from .errors import MalformedMessage
from .money import is_minor


class EventType(NamedTuple):
    """``family`` is "balance" when the fact moves the provider's balance."""

    name: str
    group: str
    family: str


class Reference(NamedTuple):
    """An identifier by which the fact can be found.

    ``kind`` is one of payment, charge, refund (the provider's own objects, each of
    one payment), order, dispute, payout, batch, balance_entry, customer, mandate,
    connected_account, merchant_reference, invoice, transaction, description, arn and
    bank_trace.
    """

    kind: str
    value: str


class Trait(NamedTuple):
    """A property by which rules tell events apart, in the provider's own words.

    ``kind`` is one of method (card, sepa_debit, ideal …), scheme (visa, mastercard …),
    both in lower case, country (ISO 3166-1 alpha-2 in upper case, of the card or the
    customer's bank, else of the customer), dispute_stage (of ``DISPUTE_STAGES``),
    legal_entity, merchant_account and store (ids, as the provider writes them).
    """

    kind: str
    value: str


class Clock(NamedTuple):
    """A moment in the provider's books.

    ``kind`` is created (only when its zone is not UTC), booked, available, value (a
    day, told by its midnight) or due (the last moment to answer a dispute). ``at`` is
    aware and UTC; ``zone`` is the one in which the provider gave it, an IANA name or an
    offset as "+01:00".
    """

    kind: str
    at: datetime
    zone: str


class Fee(NamedTuple):
    """A part of a fee in minor units of the settlement; positive when charged.

    ``kind`` is one of processing, interchange, scheme, markup, fixed, fx, dispute,
    refund, payout, platform, interest, tax and other.
    """

    kind: str
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What a fact did to the provider's balance, in minor units of its ``currency``.

    Signs are the merchant's: a refund has a negative gross, a fee charged a positive
    ``fee_minor``. ``rate`` is the provider's text for settlement per presentment.

    :raises MalformedMessage: unless gross - fee = net, and the fees add up to the fee
    """

    gross_minor: int
    fee_minor: int
    net_minor: int
    currency: str
    exponent: int
    fees: tuple[Fee, ...] = ()
    rate: str = ""
    entry: str = ""  # the provider's id of the balance entry
    batch: str = ""  # payout or settlement batch that contains it

    def __post_init__(self) -> None:
        amounts = (self.gross_minor, self.fee_minor, self.net_minor)
        if not all(map(is_minor, amounts)):
            raise MalformedMessage("Give minor units.", path="settlement")
        if self.gross_minor - self.fee_minor != self.net_minor:
            raise MalformedMessage("Gross less fee must be net.", path="settlement")
        if self.fees and sum([fee.amount_minor for fee in self.fees]) != self.fee_minor:
            raise MalformedMessage("The fees must add up to the fee.", path="fees")


class Reading(NamedTuple):
    """What the provider says that it owes, in one currency.

    ``total_minor`` is signed, in minor units: pending, available and reserved together.
    ``at`` is aware and UTC: the moment of which this is told.
    """

    currency: str
    exponent: int
    total_minor: int
    at: datetime


TRAIT_KINDS = (
    "method",
    "scheme",
    "country",
    "dispute_stage",
    "legal_entity",
    "merchant_account",
    "store",
)
# In the order in which a dispute goes through them; most end after a few.
DISPUTE_STAGES = (
    "inquiry",
    "pre_dispute",
    "chargeback",
    "representment",
    "second_chargeback",
    "pre_arbitration",
    "arbitration",
    "closed",
)

_NO_OFFSET = timedelta()

_LIFECYCLE = {
    "payment": "payment.pending payment.action_required payment.authorized "
    "payment.authorization_adjusted payment.authorization_expired "
    "payment.authorization_failed payment.voided payment.void_failed "
    "payment.capture_failed payment.failed",
    "refund": "refund.requested refund.canceled",
    "dispute": "dispute.inquiry_opened dispute.inquiry_closed dispute.fraud_notice "
    "dispute.opened dispute.evidence_submitted dispute.won dispute.lost "
    "dispute.accepted dispute.expired dispute.canceled dispute.prevented",
    "payout": "payout.scheduled payout.paid payout.reconciled",
    "settlement": "settlement.report_available settlement.batch_closed "
    "settlement.carry_forward balance.available",
    "topup": "topup.pending topup.failed",
    "other": "review.opened review.closed mandate.updated external.info unknown",
}
_BALANCE = {
    "payment": "payment.captured payment.charge_reversed",
    "refund": "refund.succeeded refund.failed refund.reversed",
    "dispute": "dispute.funds_withdrawn dispute.escalated dispute.funds_reinstated",
    "fee": "fee.charged fee.refunded tax.charged tax.withheld",
    "payout": "payout.in_transit payout.failed payout.canceled payout.reversed",
    "reserve": "reserve.held reserve.released hold.placed hold.released",
    "topup": "topup.succeeded topup.reversed",
    "fx": "fx.converted",
    "platform": "transfer.created transfer.reversed transfer.failed "
    "application_fee.earned application_fee.refunded",
    "financing": "advance.disbursed advance.repaid",
    "adjustment": "adjustment.credit adjustment.debit",
}

EVENT_TYPES: Mapping[str, EventType] = {
    name: EventType(name, group, family)
    for family, groups in (("lifecycle", _LIFECYCLE), ("balance", _BALANCE))
    for group, names in groups.items()
    for name in names.split()
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One immutable business fact, as one message attests it.

    :param type: a name of ``EVENT_TYPES``
    :param object_type: kind of provider object, without a colon
    :param object_id: the provider's id of that object, without a colon
    :param leg: which fact about the object
    :param payment_ref: provider's payment id that groups the fold; "" when none
    :param occurred_at: provider's clock, aware, UTC
    :param amount_minor: minor units, never negative: the type gives the direction
    :param currency: ISO 4217 code in upper case, exactly when there is an amount
    :param exponent: decimals of the minor unit, exactly when there is an amount
    :param provider_code: the provider's own name of the message
    :param parent: charge id of a refund
    :param settlement: what it did to the provider's balance, where the source tells
    :param clocks: further moments that the source tells
    :param traits: by which rules may tell it apart, where the source tells
    :param reported_minor: cumulative amount that an informational message reports
    :raises MalformedMessage: with the name of the field as path

    ``key`` is the economic key, without the connection that prefixes it in the hub.
    """

    type: str
    object_type: str
    object_id: str
    leg: str
    payment_ref: str
    occurred_at: datetime
    amount_minor: int | None
    currency: str | None
    exponent: int | None
    provider_code: str
    references: tuple[Reference, ...] = ()
    reason: str = ""
    parent: str = ""
    reported_minor: int | None = None
    settlement: Settlement | None = None
    clocks: tuple[Clock, ...] = ()
    traits: tuple[Trait, ...] = ()
    key: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.type not in EVENT_TYPES:
            raise MalformedMessage("Use a type of the vocabulary.", path="type")
        # A colon inside would let two objects share one key.
        if not self.object_type or ":" in self.object_type:
            raise MalformedMessage("Give a type without colon.", path="object_type")
        if not self.object_id or ":" in self.object_id:
            raise MalformedMessage("Give an id without colon.", path="object_id")
        at = self.occurred_at
        if not isinstance(at, datetime) or (
            at.tzinfo is not timezone.utc and at.utcoffset() != _NO_OFFSET
        ):
            raise MalformedMessage("Give an aware time in UTC.", path="occurred_at")
        if not _is_amount(self.amount_minor):
            raise MalformedMessage("Give minor units from 0 on.", path="amount_minor")
        if not _is_amount(self.reported_minor):
            raise MalformedMessage("Give minor units from 0 on.", path="reported_minor")
        if not (
            (self.amount_minor is None)
            == (self.currency is None)
            == (self.exponent is None)
        ):
            raise MalformedMessage(
                "Give amount, currency and exponent together.", path="currency"
            )
        key = f"{self.object_type}:{self.object_id}:{self.leg}"
        object.__setattr__(self, "key", key)

    @property
    def is_balance(self) -> bool:
        """Whether the fact moved the provider's balance, and so may be posted."""
        return EVENT_TYPES[self.type].family == "balance"


def _is_amount(amount: object) -> bool:
    return amount is None or (is_minor(amount) and amount >= 0)
