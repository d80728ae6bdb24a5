# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One message of a provider, and the facts that can be made of it."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timezone
from typing import NamedTuple, TypeVar

from ..errors import EngineError, MalformedMessage
from ..events import Clock, Event, Reading, Reference, Settlement, Trait
from ..json_node import Node
from ..money import is_minor
from .base import NOTHING, Lookup, Translation

# The merchant's own key in a payment's metadata: kind of reference.
METADATA_KINDS = {
    "invoice": "invoice",
    "invoice_id": "invoice",
    "invoice_number": "invoice",
    "odoo_invoice": "invoice",
    "odoo_tx": "transaction",
    "merchant_reference": "merchant_reference",
    "order": "merchant_reference",
    "order_id": "merchant_reference",
    "order_number": "merchant_reference",
    "order_reference": "merchant_reference",
    "reference": "merchant_reference",
}

MAX_TRAIT = 64  # characters

Item = TypeVar("Item")

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_COUNTRY = re.compile(r"[A-Za-z]{2}", re.ASCII)
_WORDS = ("method", "scheme")  # compared in lower case; ids are not

# The stage in which a fact leaves its dispute, where the source tells no other. So the
# webhook, which sees the dispute as it was, and the report tell the same one.
_STAGES = {
    f"dispute.{name}": Trait("dispute_stage", stage)
    for name, stage in {
        "inquiry_opened": "inquiry",
        "fraud_notice": "pre_dispute",
        "opened": "chargeback",
        "funds_withdrawn": "chargeback",
        "evidence_submitted": "representment",
        "escalated": "second_chargeback",
        **dict.fromkeys(
            (
                "inquiry_closed",
                "funds_reinstated",
                "won",
                "lost",
                "accepted",
                "expired",
                "canceled",
                "prevented",
            ),
            "closed",
        ),
    }.items()
}


class Amount(NamedTuple):
    """Minor units with their currency (ISO 4217) and its number of decimals."""

    minor: int
    currency: str
    exponent: int


class Message:
    """What one message says of itself, which every fact in it shares."""

    def __init__(
        self,
        event_id: str,
        event_type: str,
        moment: tuple[datetime, str],
        livemode: bool | None = None,
        account: str = "",
        api_version: str = "",
    ) -> None:
        """:param moment: UTC, and the zone in which the provider wrote it"""
        self.event_id = event_id
        self.event_type = event_type
        self.created, self.zone = moment
        self.livemode = livemode
        self.account = account
        self.api_version = api_version

    def translation(
        self,
        events: Iterable[Event],
        lookups: Iterable[Lookup] = (),
        readings: Iterable[Reading] = (),
    ) -> Translation:
        """Make what ``translate`` returns for this message."""
        return Translation(
            self.event_id,
            self.event_type,
            self.created,
            self.livemode,
            self.account,
            self.api_version,
            tuple(events),
            tuple(lookups),
            readings=tuple(readings),
        )

    def note(self, event_type: str, leg: str, **more: object) -> Event:
        """Make a fact about the message itself, such as ``unknown``."""
        return self.fact((event_type, leg), ("event", self.event_id), **more)

    def fact(
        self,
        fact: tuple[str, str],
        subject: tuple[str, str],
        payment_ref: str = "",
        amount: Amount | None = None,
        references: tuple[Reference, ...] = (),
        clocks: tuple[Clock, ...] = (),
        traits: tuple[Trait, ...] = (),
        **more: object,
    ) -> Event:
        """Make a fact.

        :param fact: type of the event, and leg
        :param subject: type and id of the provider's object
        :param traits: a dispute's fact without a stage gets the one of its type
        :param more: further fields of the event
        """
        if self.zone != "UTC":
            clocks = (Clock("created", self.created, self.zone), *clocks)
        if stage := _STAGES.get(fact[0]):
            if not any(trait.kind == stage.kind for trait in traits):
                traits = (*traits, stage)
        minor, currency, exponent = amount or (None, None, None)
        return Event(
            type=fact[0],
            object_type=subject[0],
            object_id=subject[1],
            leg=fact[1],
            payment_ref=payment_ref,
            occurred_at=self.created,
            amount_minor=minor,
            currency=currency,
            exponent=exponent,
            provider_code=self.event_type,
            references=references,
            clocks=clocks,
            traits=traits,
            **more,
        )

    def fee(
        self,
        subject: tuple[str, str],
        settlement: Settlement,
        payment_ref: str = "",
        **more: object,
    ) -> tuple[Event, ...]:
        """Make the fact that the provider kept (or gave back) the fee of a movement.

        :return: nothing when there is no fee. The key is ``<subject>:fee``, whatever
            source tells of it
        """
        fee = settlement.fee_minor
        if not fee:
            return ()
        event_type = "fee.charged" if fee > 0 else "fee.refunded"
        amount = Amount(abs(fee), settlement.currency, settlement.exponent)
        return (
            self.fact(
                (event_type, "fee"),
                subject,
                payment_ref,
                amount,
                settlement=settlement,
                **more,
            ),
        )


class MerchantMessage(Message):
    """A message of a webhook that may serve several merchants.

    The option ``merchant`` names the one that is taken; without it every message is
    the connection's own.
    """

    def __init__(
        self,
        event_id: str,
        event_type: str,
        moment: tuple[datetime, str],
        livemode: bool | None = None,
        api_version: str = "",
        options: Mapping[str, str] = NOTHING,
        merchant: str = "",
    ) -> None:
        """:param merchant: whom the message is about, "" when it does not tell"""
        wanted = options.get("merchant", "").strip()
        foreign = merchant if wanted and merchant != wanted else ""
        super().__init__(event_id, event_type, moment, livemode, foreign, api_version)
        self.options = options
        self.merchant = merchant

    def note(self, event_type: str, leg: str, **more: object) -> Event:
        """Make a fact about the message itself."""
        account = references({"connected_account": self.merchant})
        return super().note(event_type, leg, references=account, **more)

    def unknown(self, code: str) -> Event:
        """Make the fact that an object is in a state that is not documented."""
        return replace(self.note("unknown", "unknown"), provider_code=code)


def moved(
    gross: int, fee: int, currency: str, exponent: int, **more: object
) -> Settlement:
    """Tell what a movement did to the balance; its net is what the fee leaves."""
    return Settlement(
        gross_minor=gross,
        fee_minor=fee,
        net_minor=gross - fee,
        currency=currency,
        exponent=exponent,
        **more,
    )


def readings(parts: Iterable[Amount], at: datetime) -> tuple[Reading, ...]:
    """Add up, for each currency, the parts that a balance consists of.

    :param parts: signed
    :param at: the moment of which the provider tells, UTC
    """
    totals: dict[tuple[str, int], int] = {}
    for minor, *currency in parts:
        key = tuple(currency)
        totals[key] = totals.get(key, 0) + minor
    if not all(map(is_minor, totals.values())):
        raise MalformedMessage("The parts add up to no amount.", path="balance")
    return tuple([Reading(*key, total, at) for key, total in totals.items()])


def of_balance(
    stream: str, at: datetime, parts: Iterable[Amount], livemode: bool | None = None
) -> tuple[Translation, ...]:
    """Make the translation of an answer to ``Client.balance``; as ``readings``."""
    told = readings(parts, at)
    return (Translation("", stream, at, livemode, "", "", (), readings=told),)


def reference(node: Node, field: str) -> str:
    """Give the id of another object; "" when null or empty."""
    value = node.data.get(field)
    if not value:
        return ""
    return node.identifier(field) if isinstance(value, str) else node.reference(field)


def value_date(node: Node, field: str) -> tuple[Clock, ...]:
    """Give the day, as "2026-03-31", on which money is due at the bank, if it is told.

    :raises MalformedMessage: for anything else
    """
    day = node.data.get(field)
    if day is None:
        return ()
    if isinstance(day, str) and _DAY.fullmatch(day):
        try:
            at = datetime.fromisoformat(day).replace(tzinfo=timezone.utc)
            return (Clock("value", at, "UTC"),)
        except ValueError:
            pass
    raise node.fault(field, "A day like 2026-03-31 is due here.")


def references(ids: Mapping[str, str]) -> tuple[Reference, ...]:
    """Make references of values by kind, the empty ones left out."""
    return tuple([Reference(kind, value) for kind, value in ids.items() if value])


def traits(told: Mapping[str, object]) -> tuple[Trait, ...]:
    """Make traits of values by kind, in the case that ``Trait`` asks for.

    Left out is what no rule could name: anything but 1 to 64 printable characters, and
    a country that is not two letters. No message is refused for it.
    """
    found = []
    for kind, value in told.items():
        if value and isinstance(value, str) and len(value) <= MAX_TRAIT:
            if kind in _WORDS:
                value = value.lower()
            elif kind == "country":
                value = value.upper() if _COUNTRY.fullmatch(value) else "\n"
            if value.isprintable():
                found.append(Trait(kind, value))
    return tuple(found)


def inner(data: object, *path: str) -> dict:
    """Give an object inside a JSON object; an empty one for anything else."""
    for name in path:
        data = data.get(name) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def due(node: Node, field: str) -> tuple[Clock, ...]:
    """Give the last moment to answer a dispute; none when null, empty or 0.

    :raises MalformedMessage: for what is no time: a deadline must not get lost
    """
    return (Clock("due", *node.moment(field)),) if node.data.get(field) else ()


def metadata_references(metadata: object) -> tuple[Reference, ...]:
    """Make references of what the merchant wrote into a payment's metadata."""
    if not isinstance(metadata, dict):
        return ()
    found, node = [], Node(metadata)
    for name in metadata:
        if kind := METADATA_KINDS.get(name):
            reference = Reference(kind, node.text(name))
            if reference.value and reference not in found:
                found.append(reference)
    return tuple(found)


def each(
    items: Iterable[Item], read: Callable[[Item], Translation]
) -> tuple[Translation, ...]:
    """Translate the messages of a batch; one that cannot be read does not stop others.

    Faults that ``items`` itself raises concern the whole batch, and come out.
    """
    translations = []
    for item in items:
        try:
            translations.append(read(item))
        except EngineError as fault:
            translations.append(
                Translation("", "", None, None, "", "", (), fault=fault)
            )
    return tuple(translations)
