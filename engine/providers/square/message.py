# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One Square message, and what it says of money and time."""

from datetime import datetime

from ...json_node import Node
from ..message import Amount, MerchantMessage
from . import const


class Message(MerchantMessage):
    """What one message says of itself."""

    def at(self, moment: tuple[datetime, str]) -> "Message":
        """Give the same message as of another moment, for a fact that has its own."""
        other = object.__new__(Message)
        other.__dict__.update(self.__dict__)
        other.created, other.zone = moment
        return other


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
