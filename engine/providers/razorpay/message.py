# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One Razorpay message, and what it says of money and of the merchant's own words."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from ...events import Event, Fee, Reference, Settlement
from ...json_node import Node
from .. import message
from ..base import NOTHING
from ..message import Amount, metadata_references, references

DEFAULT_CURRENCY = "INR"


class Message(message.Message):
    """What one message says of itself, and the options that it is read with."""

    def __init__(
        self,
        event_id: str,
        event_type: str,
        moment: tuple[datetime, str],
        options: Mapping[str, str] = NOTHING,
        merchant: str = "",
    ) -> None:
        # Most connections name no account; then every message is their own.
        wanted = options.get("merchant", "").strip()
        foreign = merchant if wanted and merchant != wanted else ""
        super().__init__(event_id, event_type, moment, account=foreign)
        self.merchant = merchant
        self.options = options

    @property
    def settlement_currency(self) -> str:
        """The currency of the balance; the API does not always tell."""
        return self.options.get("settlement_currency") or DEFAULT_CURRENCY

    def note(self, event_type: str, leg: str, **more: object) -> Event:
        """Make a fact about the message itself."""
        account = references({"connected_account": self.merchant})
        return super().note(event_type, leg, references=account, **more)

    def unknown(self, code: str) -> Event:
        """Make the fact that an object is in a state that is not documented."""
        return replace(self.note("unknown", "unknown"), provider_code=code)

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


def written(notes: object) -> str:
    """Give notes that are a text; they are an object or an empty list elsewhere."""
    return notes[:500] if isinstance(notes, str) else ""


def reference(node: Node, field: str) -> str:
    """Give the id of another object; "" when null or empty."""
    return node.reference(field) if node.data.get(field) else ""


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
    return Settlement(
        gross_minor=gross,
        fee_minor=fee,
        net_minor=gross - fee,
        currency=money[0],
        exponent=money[1],
        fees=fees_of(fee, tax),
        **more,
    )
