# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One Stripe message, and the facts that can be made of it."""

from collections.abc import Mapping

from ...events import Event, Reference
from ...json_node import Node
from .. import message
from . import const


class Message(message.Message):
    """The envelope of one message, which every fact in it shares."""

    def __init__(self, outer: Node, inner: Node, livemode: bool) -> None:
        super().__init__(
            outer.identifier("id"),
            inner.identifier("type"),
            inner.moment("created"),
            livemode,
            inner.reference("account"),
            inner.reference("api_version"),
        )
        self.previous: object = None

    def note(self, event_type: str, leg: str, **more: object) -> Event:
        """Make a fact about the message itself."""
        account = message.references({"connected_account": self.account})
        return super().note(event_type, leg, references=account, **more)

    def payment_fact(
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
        amount = None
        if amount_field:
            minor = node.minor(amount_field)
            amount = (minor, *node.currency("currency", const.EXPONENTS))
        return self.fact(
            fact,
            subject,
            ids["payment"] or ids["charge"],
            amount,
            self._references(node, ids),
            **more,
        )

    def _references(self, node: Node, ids: Mapping[str, str]) -> tuple[Reference, ...]:
        found = message.references(
            {
                "balance_entry": node.reference("balance_transaction"),
                **ids,
                "customer": node.reference("customer"),
                "connected_account": self.account,
            }
        )
        found += message.metadata_references(node.data.get("metadata"))
        if description := node.text("description"):
            found += (Reference("description", description),)
        return found
