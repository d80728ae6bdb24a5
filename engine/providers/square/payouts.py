# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Square's payouts attest, by their status and the sign of their amount."""

from collections.abc import Iterator, Mapping

from ...events import Event, Fee
from ...json_node import Node
from ..message import moved, references, traits, value_date
from . import const
from .message import Message, credible_moment, money
from .payments import fee_type

# Types of payout facts whose money moves; the others are told without an amount.
_MOVES = {"payout.in_transit", "payout.failed", "topup.succeeded"}
# payout_fee.type: (leg, kind of the fee)
_FEES = {
    "TRANSFER_FEE": ("fee", "payout"),
    "TAX_ON_TRANSFER_FEE": ("fee_tax", "tax"),
}


def payout_events(message: Message, payout: Node) -> Iterator[Event]:
    """Tell what a payout attests."""
    subject = ("payout", payout.identifier("id"))
    status = payout.identifier("status")
    total = money(payout, "amount_money")
    table = const.WITHDRAWAL_FACTS if total.minor < 0 else const.PAYOUT_FACTS
    if status not in table:
        yield message.unknown(f"payout.{status}")
        return
    ids = {
        "payout": subject[1],
        "bank_trace": payout.text("end_to_end_id"),
        "connected_account": message.merchant,
    }
    where = {
        "merchant_account": message.merchant,
        "store": payout.data.get("location_id"),
    }
    more = {"references": references(ids), "traits": traits(where)}
    moved = total._replace(minor=abs(total.minor))
    for fact in table[status]:
        teller = message
        if fact[0] == "payout.in_transit":
            teller = message.at(
                credible_moment((payout, "created_at"), (payout, "updated_at"))
            )
        yield teller.fact(
            fact,
            subject,
            amount=moved if fact[0] in _MOVES else None,
            clocks=value_date(payout, "arrival_date"),
            **more,
        )
    for entry in payout.children("payout_fee"):
        yield from _fee(message, entry, subject, more)


def _fee(
    message: Message, entry: Node, subject: tuple[str, str], more: Mapping[str, tuple]
) -> Iterator[Event]:
    told = money(entry, "amount_money")
    kind = entry.identifier("type")
    if kind not in _FEES:
        yield message.unknown(f"payout_fee.{kind}")
        return
    leg, fee_kind = _FEES[kind]
    if not told.minor:
        return
    is_tax = fee_kind == "tax" and told.minor > 0
    yield message.fact(
        ("tax.charged" if is_tax else fee_type(told.minor), leg),
        subject,
        amount=told._replace(minor=abs(told.minor)),
        settlement=moved(0, told.minor, *told[1:], fees=(Fee(fee_kind, told.minor),)),
        **more,
    )
