# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Razorpay's settlements (to the bank) and transfers (to linked accounts) attest.

The amount of a settlement is net: its ``fees`` and ``tax`` sum up what the payments in
it already paid. https://razorpay.com/docs/api/settlements/entity
"""

from collections.abc import Iterator

from ...events import Event
from ...json_node import Node
from ...money import exponent_of
from ..message import Amount, reference, references
from . import const
from .message import Message, amount_of, movement


def settlement_events(message: Message, payout: Node, status: str) -> Iterator[Event]:
    """Tell what a settlement attests in a status, a key of const.SETTLEMENT_FACTS."""
    fact = const.SETTLEMENT_FACTS[status]
    amount = None
    if fact[0] == "payout.in_transit":
        currency = message.settlement_currency
        amount = Amount(payout.minor("amount"), currency, exponent_of(currency))
    payout_id = payout.identifier("id")
    yield in_transit(message, payout_id, amount, payout.text("utr"), fact)


def in_transit(
    message: Message,
    payout_id: str,
    amount: Amount | None,
    utr: str,
    fact: tuple[str, str] = const.SETTLEMENT_FACTS["processed"],
) -> Event:
    """Make the fact that money is on its way to the bank, whoever tells it.

    :param utr: what the bank statement shows (Unique Transaction Reference)
    """
    ids = {
        "payout": payout_id,
        "bank_trace": utr,
        "connected_account": message.merchant,
    }
    subject = ("payout", payout_id)
    return message.fact(
        fact,
        subject,
        amount=amount,
        references=references(ids),
        traits=message.traits(),
    )


def transfer_events(message: Message, transfer: Node) -> Iterator[Event]:
    """Tell what a transfer attests; its message is a key of const.TRANSFER_FACTS."""
    fact = const.TRANSFER_FACTS[message.event_type]
    subject = ("transfer", transfer.identifier("id"))
    source = reference(transfer, "source")
    kind = "payment" if source.startswith("pay_") else "order"
    more = {
        "references": message.references(transfer, {kind: source}),
        "traits": message.traits(),
    }
    if fact[0] != "transfer.created":
        yield message.fact(fact, subject, **more)
        return
    amount = amount_of(transfer)
    settlement = None
    if transfer.data.get("fees") is not None:
        fee = transfer.minor("fees")
        tax = transfer.minor("tax") if transfer.data.get("tax") is not None else 0
        settlement = movement(-amount.minor, fee, tax, amount[1:])
    yield message.fact(fact, subject, amount=amount, settlement=settlement, **more)
    if settlement:
        yield from message.fee(subject, settlement, **more)
