# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What each fact does to the provider's balance, and what stands against it."""

from collections.abc import Mapping
from typing import NamedTuple

CLEARING = "clearing"


class Effect(NamedTuple):
    """``kind`` of posting that a type of event makes.

    ``sign`` is 1 when the provider owes us more afterwards, -1 when less, 0 when only
    the settlement tells; a transfer's is that of the side that sends it. ``role`` is
    the account on the other side of the clearing account. ``undoes`` is the kind of
    posting that this one takes back, in part or whole, of the same object unless it
    undoes a capture.
    """

    kind: str
    sign: int
    role: str
    undoes: str = ""


_TABLE = """
payment.captured          capture                +  receivable
payment.charge_reversed   charge_reversal        -  receivable         capture
refund.succeeded          refund                 -  receivable         capture
refund.failed             refund_failure         +  receivable         refund
refund.reversed           refund_failure         +  receivable         refund
dispute.funds_withdrawn   dispute_withdrawal     -  dispute_hold
dispute.escalated         dispute_withdrawal     -  dispute_hold
dispute.funds_reinstated  dispute_reinstatement  +  dispute_hold      dispute_withdrawal
fee.charged               fee                    -  fee
fee.refunded              fee_refund             +  fee
tax.charged               tax                    -  fee_tax
tax.withheld              tax                    -  tax_withheld
payout.in_transit         payout                 -  payout_transit
payout.failed             payout_return          +  payout_transit     payout
payout.canceled           payout_return          +  payout_transit     payout
payout.reversed           payout_return          +  payout_transit     payout
reserve.held              reserve                -  reserve
reserve.released          reserve                +  reserve
hold.placed               reserve                -  reserve
hold.released             reserve                +  reserve
topup.succeeded           topup                  +  topup_transit
topup.reversed            topup                  -  topup_transit
fx.converted              conversion             ?  conversion
transfer.created          transfer               -  connected_payable
transfer.reversed         transfer               +  connected_payable
transfer.failed           transfer               +  connected_payable
application_fee.earned    application_fee        +  platform_revenue
application_fee.refunded  application_fee        -  platform_revenue
advance.disbursed         advance                +  loan
advance.repaid            advance                -  loan
adjustment.credit         adjustment             +  suspense
adjustment.debit          adjustment             -  suspense
"""
_SIGNS = {"+": 1, "-": -1, "?": 0}


def _row(line: str) -> tuple[str, Effect]:
    name, kind, sign, role, *undoes = line.split()
    return name, Effect(kind, _SIGNS[sign], role, *undoes)


# By type of event: every one that moves the provider's balance.
EFFECTS: Mapping[str, Effect] = dict(map(_row, _TABLE.strip().splitlines()))

# Most providers only disclose these: nothing is booked unless the balance felt it.
DISCLOSURES = ("hold.placed", "hold.released")

# Kinds that tell the settlement of the movement that they belong to.
PARTS = ("fee", "fee_refund", "tax")

# A lost dispute moves no money: what was withdrawn is written off.
LOSS = Effect("dispute_loss", -1, "dispute_loss", "dispute_withdrawal")

# What a platform keeps of what it collects for others, where no application fee is made
# of it: told as ``external.info`` with this leg. It moves no money either.
SHARE_LEG = "platform_share"
SHARE = Effect("platform_share", 1, "platform_revenue", "capture")
SHARE_RETURN = Effect("platform_share_return", -1, "platform_revenue", "platform_share")

_ALL = (*EFFECTS.values(), LOSS, SHARE, SHARE_RETURN)
KINDS = tuple(dict.fromkeys(effect.kind for effect in _ALL))
ROLES = tuple(dict.fromkeys(effect.role for effect in _ALL))
# The near side of what moves no money; of all else it is the clearing account.
NEAR = {
    LOSS.kind: "dispute_hold",
    SHARE.kind: "connected_payable",
    SHARE_RETURN.kind: "connected_payable",
}
