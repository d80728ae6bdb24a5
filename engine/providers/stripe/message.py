# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One Stripe message, and the facts that can be made of it."""

from collections.abc import Mapping

from ...events import Event, Reference
from ...json_node import Node
from ..base import Translation
from . import const


class Message:
    """The envelope of one message, which every fact in it shares."""

    def __init__(self, outer: Node, inner: Node) -> None:
        self.event_id = outer.identifier("id")
        self.event_type = inner.identifier("type")
        self.created = inner.time("created")
        self.account = inner.reference("account")
        self.api_version = inner.reference("api_version")
        self.previous: object = None

    def translation(self, livemode: bool, events: tuple[Event, ...]) -> Translation:
        return Translation(
            self.event_id,
            self.event_type,
            self.created,
            livemode,
            self.account,
            self.api_version,
            events,
        )

    def note(self, event_type: str, leg: str) -> Event:
        """Make a fact about the message itself."""
        return Event(
            type=event_type,
            object_type="event",
            object_id=self.event_id,
            leg=leg,
            payment_ref="",
            occurred_at=self.created,
            amount_minor=None,
            currency=None,
            exponent=None,
            provider_code=self.event_type,
            references=_references({"connected_account": self.account}),
        )

    def fact(
        self,
        fact: tuple[str, str],
        subject: tuple[str, str],
        node: Node,
        ids: Mapping[str, str],
        amount_field: str = "",
        **more: object,
    ) -> Event:
        """Make a fact about a payment.

        :param fact: type and leg
        :param subject: type and id of the provider's object
        :param node: the object that tells of it
        :param ids: provider ids by kind of reference; "" where there is none
        :param amount_field: the field of ``node`` with the amount, if it matters
        """
        amount = currency = exponent = None
        if amount_field:
            amount = node.minor(amount_field)
            currency, exponent = node.currency("currency", const.CODE)
        return Event(
            type=fact[0],
            object_type=subject[0],
            object_id=subject[1],
            leg=fact[1],
            payment_ref=ids["payment"] or ids["charge"],
            occurred_at=self.created,
            amount_minor=amount,
            currency=currency,
            exponent=exponent,
            provider_code=self.event_type,
            references=_references(
                {
                    "balance_entry": node.reference("balance_transaction"),
                    **ids,
                    "customer": node.reference("customer"),
                    "connected_account": self.account,
                },
                node,
            ),
            **more,
        )


def _references(
    ids: Mapping[str, str], node: Node | None = None
) -> tuple[Reference, ...]:
    found = [Reference(kind, value) for kind, value in ids.items() if value]
    if node:
        metadata = node.data.get("metadata")
        for name in metadata if isinstance(metadata, dict) else ():
            if kind := const.METADATA_KINDS.get(name):
                reference = Reference(kind, Node(metadata).text(name))
                if reference.value and reference not in found:
                    found.append(reference)
        if description := node.text("description"):
            found.append(Reference("description", description))
    return tuple(found)
