# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a fact does to the ledger: balanced lines with a key."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class Money(NamedTuple):
    """Minor units, never negative, with their currency and its number of decimals."""

    minor: int
    currency: str
    exponent: int


class Line(NamedTuple):
    """One side of a posting in minor units of ``currency``; positive is debit."""

    role: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Posting:
    """The ledger effect of one fact.

    ``key`` is unique in the ledger, ``parent_key`` is the posting that this one undoes
    ("" for one that stands alone). ``amount`` is what the customer or the bank sees,
    ``moved`` is what the provider's balance felt; they differ when the provider has
    converted. ``sign`` is 1 when the provider owes us more afterwards, else -1.
    ``occurred_at`` is UTC. ``fee_kind`` is of ``engine.events.Fee``, "" when it is not
    told. A fee of several kinds is a posting for each; a rebate among them has the
    other sign.
    """

    key: str
    kind: str
    event_key: str
    parent_key: str
    sign: int
    near: str
    far: str
    amount: Money
    moved: Money
    occurred_at: datetime
    fee_kind: str = ""

    @property
    def lines(self) -> tuple[Line, Line]:
        """Give both sides; they have one value, because the provider converted it."""
        return (
            Line(self.near, self.sign * self.moved.minor, self.moved.currency),
            Line(self.far, -self.sign * self.amount.minor, self.amount.currency),
        )

    @property
    def digest(self) -> str:
        """Tell apart what has to be corrected in the ledger when facts are learnt."""
        parts = [self.kind, self.sign, self.parent_key, *self.amount, *self.moved]
        if self.fee_kind:
            parts.append(self.fee_kind)
        return "|".join(map(str, parts))
