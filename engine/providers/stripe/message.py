# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One Stripe message, and the facts that can be made of it."""

from collections.abc import Iterator, Mapping

from ...effects import SHARE_LEG
from ...events import Event, Reference, Trait
from ...json_node import Node
from .. import message
from ..message import Amount
from . import const


class Message(message.Message):
    """What one message says of itself, which every fact in it shares."""

    previous: object = None  # attributes as they were before, where the message tells

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
        traits: tuple[Trait, ...] = (),
        **more: object,
    ) -> Event:
        """Make a fact about a payment.

        :param fact: type and leg
        :param subject: type and id of the provider's object
        :param node: the object that tells of it
        :param ids: provider ids by kind of reference; "" where there is none
        :param amount_field: the field of ``node`` with the amount, if it matters
        :param traits: beside those of ``node``
        """
        amount = None
        if amount_field:
            amount = (node.minor(amount_field), *currency(node))
        return self.fact(
            fact,
            subject,
            ids.get("payment") or ids.get("charge", ""),
            amount,
            references(node, ids, self.account),
            traits=traits_of(node) + traits,
            **more,
        )

    def object_fact(
        self, fact: tuple[str, str], node: Node, amount_field: str = "", **more: object
    ) -> Event:
        """Make a fact about an object of ``const.IDS``, which names its own relations.

        :param fact: type and leg
        """
        kind = node.text("object")
        if kind not in const.IDS:
            raise node.fault("object", "An object of Stripe's is due here.")
        ids = ids_of(node)
        subject = (kind, node.identifier("id"))
        return self.payment_fact(fact, subject, node, ids, amount_field, **more)


def read_envelope(outer: Node, inner: Node, livemode: bool) -> Message:
    """Read what an event says of itself.

    :param inner: the event itself, where another service has wrapped it
    """
    return Message(
        outer.identifier("id"),
        inner.identifier("type"),
        inner.moment("created"),
        livemode,
        inner.reference("account"),
        inner.reference("api_version"),
    )


def currency(node: Node) -> tuple[str, int]:
    """Give code and exponent of an object's currency."""
    return node.currency("currency", const.EXPONENTS)


def size(node: Node) -> Amount:
    """Give the amount of an object without its sign."""
    return Amount(abs(node.signed("amount")), *currency(node))


def ids_of(node: Node) -> dict[str, str]:
    """Give the provider ids that an object of Stripe names, by kind."""
    fields = const.IDS.get(node.text("object"), {})
    return {
        kind: node.identifier(field) if field == "id" else node.reference(field)
        for kind, field in fields.items()
    }


def references(
    node: Node, ids: Mapping[str, str], account: str = ""
) -> tuple[Reference, ...]:
    """Give all by which an object can be found."""
    found = message.references(
        {
            "balance_entry": node.reference("balance_transaction"),
            "connected_account": account or _destination(node),
            **{kind: ids[kind] for kind in ids if kind in const.REFERENCE_KINDS},
            "customer": node.reference("customer"),
        }
    )
    found += message.metadata_references(node.data.get("metadata"))
    if description := node.text("description"):
        found += (Reference("description", description),)
    return found


def _destination(node: Node) -> str:
    """Give the connected account that a platform's charge is for.

    https://docs.stripe.com/connect/destination-charges
    """
    if not node.data.get("transfer_data"):
        return ""
    return node.child("transfer_data").reference("destination")


def traits_of(node: Node) -> tuple[Trait, ...]:
    """Give how the customer paid, as far as an object tells.

    The scheme is the card's brand, also where another network processed it; the
    country is that of the card or the bank, else of the billing address.
    """
    data = node.data
    details = data.get("payment_method_details") or data.get("destination_details")
    if not isinstance(details, dict):
        # A payment that is not paid yet allows several.
        methods = data.get("payment_method_types")
        is_told = isinstance(methods, list) and len(methods) == 1
        return message.traits({"method": methods[0]}) if is_told else ()
    method = details.get("type")
    own = message.inner(details, method if isinstance(method, str) else "")
    address = message.inner(data, "billing_details", "address")
    return message.traits(
        {
            "method": method,
            "scheme": own.get("brand"),
            "country": own.get("country") or address.get("country"),
        }
    )


def share(message: message.Message, charge: Node) -> Iterator[Event]:
    """Tell what a platform keeps of a captured charge without an application fee.

    https://docs.stripe.com/connect/destination-charges: it has said how much of the
    charge is sent to the connected account.
    """
    data = charge.data
    has_fee = data.get("application_fee") or data.get("application_fee_amount")
    if has_fee or not data.get("transfer_data"):
        return
    transfer = charge.child("transfer_data")
    if transfer.data.get("amount") is None:
        return
    kept = charge.minor(captured_field(charge)) - transfer.minor("amount")
    if kept > 0:
        ids = ids_of(charge)
        yield message.fact(
            ("external.info", SHARE_LEG),
            ("charge", ids["charge"]),
            ids["payment"] or ids["charge"],
            Amount(kept, *currency(charge)),
            references(charge, ids),
            traits=traits_of(charge),
        )


def captured_field(charge: Node) -> str:
    """Tell which field of a charge has what was captured of it."""
    return "amount_captured" if charge.data.get("amount_captured") else "amount"
