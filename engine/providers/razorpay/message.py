# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One Razorpay message, and what it says of money and of the merchant's own words."""

from collections.abc import Mapping

from ...events import Fee, Reference, Settlement, Trait
from ...json_node import Node
from ..message import (
    Amount,
    MerchantMessage,
    metadata_references,
    moved,
    references,
    traits,
)

DEFAULT_CURRENCY = "INR"


class Message(MerchantMessage):
    """What one message says of itself, and the options that it is read with."""

    @property
    def settlement_currency(self) -> str:
        """The currency of the balance; the API does not always tell."""
        return self.options.get("settlement_currency") or DEFAULT_CURRENCY

    def references(
        self, node: Node, ids: Mapping[str, str], *more: Reference
    ) -> tuple[Reference, ...]:
        """Give the provider's ids by kind, and what the merchant wrote."""
        notes = node.data.get("notes")
        return (
            references({**ids, "connected_account": self.merchant})
            + metadata_references(notes)
            + more
            + references(
                {
                    "merchant_reference": node.text("receipt"),
                    "description": node.text("description") or written(notes),
                }
            )
        )

    def traits(self, **told: object) -> tuple[Trait, ...]:
        """Give traits by kind, and the account that the message is about.

        Razorpay tells no country, neither of a card nor of a bank.
        """
        return traits({**told, "merchant_account": self.merchant})


def written(notes: object) -> str:
    """Give notes that are a text; they are an object or an empty list elsewhere."""
    return notes[:500] if isinstance(notes, str) else ""


def amount_of(node: Node, field: str = "amount") -> Amount:
    """Give an amount in the currency of its object."""
    return Amount(node.minor(field), *node.currency("currency", {}))


def fees_of(fee: int, tax: int) -> tuple[Fee, ...]:
    """Split a fee that includes its tax (GST)."""
    parts = (Fee("processing", fee - tax), Fee("tax", tax))
    return tuple(part for part in parts if part.amount_minor)


def movement(
    gross: int, fee: int, tax: int, money: tuple[str, int], **more: str
) -> Settlement:
    """Tell what a movement did to the balance; ``money`` is currency and exponent."""
    return moved(gross, fee, *money, fees=fees_of(fee, tax), **more)
