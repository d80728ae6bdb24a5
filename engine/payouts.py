# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a payout is, and what a settlement batch is made of."""

from .effects import EFFECTS, PARTS
from .events import EVENT_TYPES, Settlement

# They book nothing, and yet the provider lists them among the movements of a batch.
_LISTED = ("settlement", "other")


def felt(
    event_type: str, amount_minor: int | None, currency: str | None, settled: Settlement
) -> int | None:
    """Tell by how much a fact alone moved the provider's balance.

    A capture and its fee tell one settlement: the gross is the capture's, the fee the
    fee's.

    :return: signed minor units of the settlement's currency; None for a fact that
        moves nothing
    """
    effect = EFFECTS.get(event_type)
    if effect is None:
        is_listed = EVENT_TYPES[event_type].group in _LISTED
        return settled.gross_minor if is_listed else None
    if effect.kind not in PARTS:
        return settled.gross_minor
    if settled.currency == currency:
        return effect.sign * (amount_minor or 0)
    return -settled.fee_minor or settled.gross_minor
