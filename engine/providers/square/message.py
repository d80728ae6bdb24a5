# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One Square message, and what it says of money and time."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from ...events import Event, Settlement
from ...json_node import Node
from .. import message
from ..base import NOTHING
from ..message import Amount, references
from . import const


class Message(message.Message):
    """What one message says of itself."""

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
        # Most connections name no merchant; then every message is their own.
        wanted = options.get("merchant", "").strip()
        foreign = merchant if wanted and merchant != wanted else ""
        super().__init__(event_id, event_type, moment, livemode, foreign, api_version)
        self.merchant = merchant

    def at(self, moment: tuple[datetime, str]) -> "Message":
        """Give the same message as of another moment, for a fact that has its own."""
        other = object.__new__(Message)
        other.__dict__.update(self.__dict__)
        other.created, other.zone = moment
        return other

    def note(self, event_type: str, leg: str, **more: object) -> Event:
        """Make a fact about the message itself."""
        account = references({"connected_account": self.merchant})
        return super().note(event_type, leg, references=account, **more)

    def unknown(self, code: str) -> Event:
        """Make the fact that an object is in a state that Square does not document."""
        return replace(self.note("unknown", "unknown"), provider_code=code)


def reference(node: Node, field: str) -> str:
    """Give the id of another object; "" when null or empty."""
    return node.reference(field) if node.data.get(field) else ""


def money(node: Node, field: str) -> Amount:
    """Give a money object; its amount may be negative."""
    found = node.child(field)
    # Payouts have been seen with a field of another name.
    name = "currency" if "currency" in found.data else "currency_code"
    return Amount(found.signed("amount"), *found.currency(name, {}))


def amount(node: Node, field: str) -> Amount:
    """Give a money object that must not be negative."""
    found = money(node, field)
    if found.minor < 0:
        raise node.fault(f"{field}.amount", "A non-negative amount is due here.")
    return found


def credible_moment(*places: tuple[Node, str]) -> tuple[datetime, str]:
    """Give the first time, of those that are there, that Square lived to see.

    :raises MalformedMessage: when there is none, with the path of the first place
    """
    for node, field in places:
        if node.data.get(field):
            moment = node.moment(field)
            if moment[0].year >= const.FIRST_YEAR:
                return moment
    node, field = places[0]
    raise node.fault(field, f"A time from {const.FIRST_YEAR} on is due here.")


def movement(gross: int, fee: int, like: Amount, **more: object) -> Settlement:
    """Tell what a movement did to the balance, in the currency of an amount."""
    return Settlement(
        gross_minor=gross,
        fee_minor=fee,
        net_minor=gross - fee,
        currency=like.currency,
        exponent=like.exponent,
        **more,
    )
