# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a fact alone did to the provider's balance."""

import pytest
from payment_facts import settled

from engine.payouts import felt


@pytest.mark.parametrize(
    ("type_", "currency", "settlement", "moved"),
    [
        ("payment.captured", "EUR", settled(100, 3), 100),
        ("fee.charged", "EUR", settled(100, 3), -3),
        ("fee.refunded", "EUR", settled(-100, -3), 3),
        ("fee.charged", "USD", settled(100, 4), -4),
        ("tax.charged", "USD", settled(-5, 0), -5),
        ("refund.succeeded", "USD", settled(-40, 0), -40),
        ("settlement.carry_forward", None, settled(-7, 0), -7),
        ("unknown", None, settled(9, 0), 9),
        ("dispute.opened", "EUR", settled(-40, 0), None),
    ],
)
def test_alone(type_, currency, settlement, moved):
    assert felt(type_, 3, currency, settlement) == moved
