# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One event of GoCardless, and what its facts have in common."""

from ...events import Reference, Trait
from ...json_node import MAX_ID, Node
from ...money import ISO
from .. import message
from ..message import Amount, inner, references, traits


class Message(message.Message):
    """What one event says of itself, which every fact in it shares."""

    def __init__(self, event: Node) -> None:
        resource, action = event.identifier("resource_type"), event.identifier("action")
        self.links = event.child("links")
        super().__init__(
            event.identifier("id"),
            f"{resource}.{action}"[:MAX_ID],
            event.moment("created_at"),
            account=self.links.reference("organisation"),
        )
        self.resource = resource
        self.action = action
        self.details = inner(event.data, "details")
        self.cause = Node(self.details).text("cause")
        self.metadata = event.data.get("resource_metadata")


def amount(node: Node, field: str = "amount") -> Amount:
    """Read minor units, and the currency beside them."""
    return Amount(node.minor(field), *node.currency("currency", ISO))


def traits_of(scheme: object, links: Node) -> tuple[Trait, ...]:
    """Give the scheme of the direct debit, as bacs, and the creditor who is paid.

    GoCardless has no other word for the method, and tells no country.
    """
    creditor = links.data.get("creditor")
    return traits({"scheme": scheme, "merchant_account": creditor})


def object_references(node: Node, ids: dict[str, str]) -> tuple[Reference, ...]:
    """Give the references of a payment, a refund or a payout."""
    return (
        references(ids)
        + message.metadata_references(node.data.get("metadata"))
        + references(
            {
                "merchant_reference": node.text("reference"),
                "description": node.text("description"),
            }
        )
    )
