# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From gross to bank: each movement in one bar, and the sum held against the payout."""

import pytest

from engine.effects import EFFECTS
from engine.payouts import Movement, waterfall

BATCH = (
    Movement("settlement.carry_forward", 5_00, 0, 1),
    Movement("payment.captured", 121_00, 121_00, 2),
    Movement("refund.succeeded", -20_00, -15_00, 2),
    Movement("refund.failed", 5_00, 5_00, 1),
    Movement("fee.charged", -2_00, -2_00, 2),
    Movement("tax.charged", -42, 0, 1),
    Movement("settlement.carry_forward", -8_58, 0, 1),
)
OWN = Movement("payout.in_transit", -100_00, -100_00, 1, is_own=True)


def bars(found):
    return {step.name: (step.start_minor, step.moved_minor) for step in found.steps}


def test_from_gross_to_bank():
    for movements in (BATCH, BATCH[::-1]):
        found = waterfall([OWN, *movements])
        assert list(bars(found)) == ["opening", "gross", "refunds", "fees", "closing"]
        assert bars(found) == {
            "opening": (0, 5_00),
            "gross": (5_00, 121_00),
            "refunds": (126_00, -15_00),
            "fees": (111_00, -2_42),
            "closing": (108_58, -8_58),
        }
        assert (found.net_minor, found.paid_minor) == (100_00, 100_00)
        assert found.difference_minor == 0


def test_what_is_not_posted():
    steps = {step.name: step for step in waterfall(BATCH).steps}
    assert steps["refunds"].unposted_minor == -5_00
    assert steps["fees"].unposted_minor == -42
    assert steps["gross"].unposted_minor == 0
    assert steps["closing"].unposted_minor == 0, "nothing is due for it"
    assert steps["refunds"].count == 3
    assert steps["refunds"].event_types == ("refund.failed", "refund.succeeded")


def test_movement_that_is_missing():
    found = waterfall([OWN, *BATCH[1:]])
    assert found.difference_minor == -5_00


def test_batch_without_payout():
    found = waterfall(BATCH[1:2])
    assert (found.paid_minor, found.net_minor) == (None, 121_00)


def test_failed_and_paid_again_within_a_batch():
    sent = OWN._replace(moved_minor=-200_00)
    back = Movement("payout.failed", 100_00, 100_00, 1, is_own=True)
    found = waterfall([sent, back, *BATCH])
    assert bars(found)["payouts"] == (108_58, 100_00)
    assert found.difference_minor == 0


def test_payout_that_brings_money():
    brought = Movement("payout.reversed", 5_00, 5_00, 1, is_own=True)
    found = waterfall([brought, Movement("refund.succeeded", -5_00, -5_00, 1)])
    assert (found.net_minor, found.paid_minor) == (-5_00, -5_00)


STEP_OF_GROUP = {
    "refund": "refunds",
    "dispute": "disputes",
    "fee": "fees",
    "tax": "fees",
    "payout": "payouts",
    "reserve": "reserves",
    "hold": "reserves",
    "fx": "conversion",
}


@pytest.mark.parametrize("type_", EFFECTS)
def test_each_type_has_its_step(type_):
    [step] = waterfall([Movement(type_, 1, 1, 1)]).steps
    of_payments = {"payment.captured": "gross", "payment.charge_reversed": "refunds"}
    of_group = STEP_OF_GROUP.get(type_.partition(".")[0], "other")
    assert step.name == of_payments.get(type_, of_group)


@pytest.mark.parametrize("type_", ["unknown", "external.info", "balance.available"])
def test_what_books_nothing_is_shown(type_):
    [step] = waterfall([Movement(type_, 9, 0, 1)]).steps
    assert (step.name, step.unposted_minor) == ("other", 9)
