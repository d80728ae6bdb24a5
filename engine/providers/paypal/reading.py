# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""PayPal's balances as readings.

https://developer.paypal.com/api/transaction-search/v1/: up to three hours late, and as
of the moment that the answer names. ``total_balance`` holds what is withheld as well.
"""

from collections.abc import Mapping

from ... import strict_json
from ...json_node import Node
from ..base import NOTHING, Translation
from ..message import of_balance
from .message import money

STREAM = "balances"


def translate(
    body: bytes, options: Mapping[str, str] = NOTHING
) -> tuple[Translation, ...]:
    """Translate the answer of ``Client.balance``."""
    root = Node(strict_json.loads(body))
    totals = (
        money(balance, "total_balance", is_signed=True)
        for balance in root.children("balances")
    )
    return of_balance(STREAM, root.time("as_of_time"), totals)
