# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One message of Checkout.com, and the facts that can be made of it."""

import re

from ...events import Event, Reference, Trait
from ...json_node import Node
from .. import message
from ..message import Amount, inner, traits
from . import const

# Merchants have addresses of their own below these hosts.
_HOST = re.compile(r"https://(?:[a-z0-9-]+\.)?api\.(sandbox\.)?checkout\.com/")
_LINKS = (("_links", "self", "href"), ("data", "event_links", "payment"))


class Message(message.Message):
    """The envelope of one webhook message, which every fact in it shares."""

    def __init__(self, root: Node, data: Node) -> None:
        """Read the envelope; a payment's own time counts more than the message's."""
        node, field = root, "timestamp"
        if data.data.get("processed_on"):
            node, field = data, "processed_on"
        elif root.data.get("created_on"):
            field = "created_on"
        super().__init__(
            root.identifier("id"),
            root.identifier("type"),
            node.moment(field),
            _livemode(root),
            api_version=root.reference("version"),
        )

    def payment_fact(
        self,
        fact: tuple[str, str],
        subject: tuple[str, str],
        data: Node,
        amount: Amount | None = None,
        **more: object,
    ) -> Event:
        """Make a fact about the customer's payment that ``data`` tells of."""
        payment = data.identifier("id")
        references = payment_references(data, {"payment": payment})
        found = payment_traits(data)
        return self.fact(
            fact, subject, payment, amount, references, traits=found, **more
        )


def amount_of(data: Node) -> Amount:
    """Give the amount of the action that ``data`` tells of."""
    return Amount(data.minor("amount"), *data.currency("currency", const.EXPONENTS))


def payment_references(data: Node, ids: dict[str, str]) -> tuple[Reference, ...]:
    """Give the ids, and what else a payment can be found by."""
    processing = data.data.get("processing")
    arn = ""
    if isinstance(processing, dict):
        arn = Node(processing).text("acquirer_reference_number")
    found = message.references(
        {**ids, "arn": arn, "merchant_reference": data.text("reference")}
    )
    return found + message.metadata_references(_texts(data.data.get("metadata")))


def payment_traits(data: Node) -> tuple[Trait, ...]:
    """Give how the customer paid, and through which entity and processing channel.

    The country is the one that issued the card, else that of the billing address.
    """
    source = inner(data.data, "source")
    return traits(
        {
            "method": source.get("type"),
            "scheme": source.get("scheme"),
            "country": source.get("issuer_country")
            or inner(source, "billing_address").get("country"),
            "merchant_account": data.data.get("entity_id"),
            "store": data.data.get("processing_channel_id"),
        }
    )


def paid_by(name: str) -> dict[str, str]:
    """Give method and scheme of a payment method that goes by one name."""
    is_card = name.lower() in const.CARD_SCHEMES
    return {"method": "card", "scheme": name} if is_card else {"method": name}


def _texts(metadata: object) -> object:
    """Give the metadata with its numbers as text: their type is the merchant's."""
    if not isinstance(metadata, dict):
        return None
    return {
        name: str(value) if type(value) is int else value
        for name, value in metadata.items()
    }


def _livemode(root: Node) -> bool | None:
    # No field tells; the links of the message lead to the environment it came from.
    for path in _LINKS:
        value: object = root.data
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        if isinstance(value, str) and (match := _HOST.match(value)):
            return not match[1]
    return None
