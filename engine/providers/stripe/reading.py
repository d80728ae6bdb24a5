# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Stripe's balance object as readings.

https://docs.stripe.com/api/balance/balance_object: each amount stands in one of the
parts below. ``instant_available`` repeats some of them, ``source_types`` splits them.
Balance transactions tell of all of these, by their ``balance_type``.
"""

from collections.abc import Iterator, Mapping

from ... import strict_json
from ...json_node import Node
from ..base import NOTHING, Translation
from ..message import Amount, of_balance
from .message import currency

STREAM = "balance"
_PARTS = ("available", "pending", "connect_reserved")
_BESIDE = ("issuing", "refund_and_dispute_prefunding")  # each with parts of its own


def translate(
    body: bytes, options: Mapping[str, str] = NOTHING
) -> tuple[Translation, ...]:
    """Translate the answer of ``Client.balance``."""
    root = Node(strict_json.loads(body))
    balance = root.child("answer")
    livemode = balance.flag("livemode")
    return of_balance(STREAM, root.time("asked_at"), amounts(balance), livemode)


def amounts(balance: Node) -> Iterator[Amount]:
    """Give all that a balance object adds up to."""
    if balance.data.get("object") != "balance":
        raise balance.fault("object", "A balance is due here.")
    places = [balance]
    places += [
        balance.child(name) for name in _BESIDE if balance.data.get(name) is not None
    ]
    for place in places:
        for name in _PARTS:
            for part in place.children(name):
                yield Amount(part.signed("amount"), *currency(part))
