# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One message of PayPal, and what its objects have in common.

Version 1 and version 2 of PayPal's API are read side by side: they name the same
things differently, and each thing tells by its fields which version it is.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ...events import Event, Fee, Reference, Settlement, Trait
from ...json_node import Node
from .. import message
from ..base import NOTHING
from ..message import Amount, inner
from . import const

_ID = re.compile(r"[\w-]{1,64}", re.ASCII)
_HOST = re.compile(r"https://([\w.-]+)/", re.ASCII)
# What an object links to, by the collection in the address.
_LINKS = {"up", "authorization", "capture", "parent_payment", "sale"}
_COLLECTIONS = {
    "authorization": "authorization",
    "authorizations": "authorization",
    "capture": "capture",
    "captures": "capture",
    "orders": "order",
    "payment": "order",
    "sale": "capture",
}


class Related(NamedTuple):
    """Ids of what an object belongs to; "" where it does not tell."""

    order: str
    authorization: str
    capture: str


class Message(message.Message):
    """What PayPal tells of the message itself, and of the objects in it."""

    means: Mapping[str, str] = NOTHING  # of the order, for the payments in it

    @classmethod
    def of_event(cls, event: Node) -> "Message":
        """Read the envelope of a webhook event."""
        return cls(
            event.identifier("id"),
            event.identifier("event_type"),
            event.moment("create_time"),
            _livemode(event),
            api_version=event.reference("resource_version") or "1.0",
        )

    @classmethod
    def of_object(
        cls, node: Node, kind: str, id_field: str, time_field: str
    ) -> "Message":
        """Read an object that was looked up; ``kind`` is the code of its facts."""
        moment = node.moment(time_field)
        return cls(node.identifier(id_field), kind, moment, _livemode(node))

    def traits(self, node: Node) -> tuple[Trait, ...]:
        """Give how and to whom an object was paid."""
        return message.traits({**self.means, **means_of(node)})

    def movement(
        self,
        fact: tuple[str, str],
        subject: tuple[str, str],
        payment_ref: str,
        amount: Amount,
        settlement: Settlement | None,
        references: tuple[Reference, ...],
        traits: tuple[Trait, ...],
        parent: str = "",
        fee_subject: tuple[str, str] | None = None,
    ) -> Iterator[Event]:
        """Make the fact of a movement, and that of its fee.

        :param fee_subject: what the fee is a leg of, when not of ``subject``
        """
        yield self.fact(
            fact,
            subject,
            payment_ref,
            amount,
            references,
            traits=traits,
            settlement=settlement,
            parent=parent,
        )
        if settlement:
            yield from self.fee(
                fee_subject or subject,
                settlement,
                payment_ref,
                references=references,
                traits=traits,
            )


def money(node: Node, field: str, is_signed: bool = False) -> Amount:
    """Read an amount: {currency_code, value} of version 2, and {currency, total} or
    {currency, value} of version 1."""
    amount = node.child(field)
    is_new = "currency_code" in amount.data
    currency, exponent = amount.currency(
        "currency_code" if is_new else "currency", const.EXPONENTS
    )
    value = "total" if "total" in amount.data else "value"
    minor = amount.decimal(value, exponent)
    if minor < 0 and not is_signed:
        raise amount.fault(value, "An amount from 0 on is due here.")
    return Amount(minor, currency, exponent)


def settled(gross: Amount, fee: Amount, entry: str) -> Settlement | None:
    """Make what a movement did to the balance.

    :param gross: signed, as the merchant sees it
    :param fee: positive when charged
    :return: None for a fee in another currency, which the reports tell
    """
    minor, currency, exponent = fee
    if currency != gross.currency:
        return None
    return Settlement(
        gross_minor=gross.minor,
        fee_minor=minor,
        net_minor=gross.minor - minor,
        currency=currency,
        exponent=exponent,
        fees=(Fee("processing", minor),) if minor else (),
        entry=entry,
    )


def breakdown(node: Node, field: str, sign: int, amount: Amount) -> Settlement | None:
    """Read seller_receivable_breakdown (sign 1) or seller_payable_breakdown (-1).

    PayPal's books have the whole in the currency of the payment; the conversion and
    the fees of a platform are entries of their own, which the reports tell.

    :param amount: of the object, which its gross amount usually repeats
    :return: None where the message does not tell
    :raises MalformedMessage: unless gross - fee - platform fees = net
    """
    if node.data.get(field) is None:
        return None
    parts = node.child(field)
    if parts.data.get("paypal_fee_in_receivable_currency") is not None:
        return None
    if parts.data.get("gross_amount") != node.data.get("amount"):
        amount = money(parts, "gross_amount")
    gross, currency, exponent = amount

    def minor(owner: Node, name: str) -> int:
        part = owner.child(name)
        if part.data.get("currency_code") != currency:
            raise part.fault("currency_code", f"{currency} is due here.")
        return part.decimal("value", exponent)

    fee = minor(parts, "paypal_fee") if parts.data.get("paypal_fee") else 0
    net = gross - fee
    if parts.data.get("platform_fees"):
        net -= sum(minor(one, "amount") for one in parts.children("platform_fees"))
    if parts.data.get("net_amount") and net != minor(parts, "net_amount"):
        raise parts.fault("net_amount", "Gross less all fees is due here.")
    return settled(
        Amount(sign * gross, currency, exponent),
        Amount(sign * fee, currency, exponent),
        node.identifier("id"),
    )


def related(node: Node) -> Related:
    """Find what an object belongs to, in its fields and in its links."""
    found: dict[str, str] = {}
    for rel, href in _links(node):
        if rel in _LINKS:
            *_path, collection, last = ("", *href.split("/"))
            if collection in _COLLECTIONS and _ID.fullmatch(last):
                found[_COLLECTIONS[collection]] = last
    told = Node({})
    if node.data.get("supplementary_data"):
        supplement = node.child("supplementary_data")
        if supplement.data.get("related_ids"):
            told = supplement.child("related_ids")
    return Related(
        told.reference("order_id")
        or node.reference("parent_payment")
        or found.get("order", ""),
        told.reference("authorization_id") or found.get("authorization", ""),
        told.reference("capture_id")
        or node.reference("capture_id")
        or node.reference("sale_id")
        or found.get("capture", ""),
    )


def means_of(node: Node) -> dict[str, str]:
    """Give how and to whom was paid, by kind of trait, where an object tells.

    The country is the one that issued the card, else the payer's.
    """
    data = node.data
    source = inner(data, "payment_source")
    method = next(iter(source)) if len(source) == 1 else ""
    used = inner(source, method)
    network = inner(data, "network_transaction_reference").get("network")
    told = {
        "method": method,
        "scheme": used.get("brand") or network,
        "country": inner(used, "bin_details").get("bin_country_code")
        or inner(used, "address").get("country_code")
        or inner(data, "payer", "address").get("country_code"),
        # A refund calls the merchant its payer.
        "merchant_account": inner(data, "payee").get("merchant_id")
        or inner(data, "payer").get("merchant_id"),
    }
    return {kind: value for kind, value in told.items() if value}


def written(node: Node) -> dict[str, str]:
    """Give what the merchant wrote, by kind of reference, the empty left out."""
    text = node.text
    names = {
        "merchant_reference": text("custom_id") or text("custom"),
        "invoice": text("invoice_id") or text("invoice_number"),
        "description": text("description") or text("note_to_payer"),
    }
    return {kind: value for kind, value in names.items() if value}


def _livemode(node: Node) -> bool | None:
    """Tell from the addresses in a message which environment made it."""
    for _rel, href in _links(node):
        if match := _HOST.match(href):
            return const.HOSTS.get(match[1])
    return None


def _links(node: Node) -> Iterator[tuple[str, str]]:
    """Give relation and address of each link; other things are passed over."""
    links = node.data.get("links")
    for link in links if isinstance(links, list) else ():
        if isinstance(link, dict):
            rel, href = link.get("rel"), link.get("href")
            if isinstance(rel, str) and isinstance(href, str):
                yield rel, href
