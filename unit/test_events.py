# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The vocabulary is complete, and a fact cannot be half a fact."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from payment_facts import fact

from engine.errors import MalformedMessage
from engine.events import EVENT_TYPES

# Every canonical event to which a provider's code is mapped, and dispute.accepted,
# which no code reaches.
MAPPED = """
adjustment.credit adjustment.debit advance.disbursed advance.repaid
application_fee.earned application_fee.refunded balance.available dispute.accepted
dispute.canceled dispute.escalated dispute.evidence_submitted dispute.expired
dispute.fraud_notice dispute.funds_reinstated dispute.funds_withdrawn
dispute.inquiry_closed dispute.inquiry_opened dispute.lost dispute.opened
dispute.prevented dispute.won external.info fee.charged fee.refunded fx.converted
hold.placed hold.released mandate.updated payment.action_required
payment.authorization_adjusted payment.authorization_expired
payment.authorization_failed payment.authorized payment.capture_failed
payment.captured payment.charge_reversed payment.failed payment.pending
payment.void_failed payment.voided payout.canceled payout.failed payout.in_transit
payout.paid payout.reconciled payout.reversed payout.scheduled refund.canceled
refund.failed refund.requested refund.reversed refund.succeeded reserve.held
reserve.released review.closed review.opened settlement.batch_closed
settlement.carry_forward settlement.report_available tax.charged tax.withheld
topup.failed topup.pending topup.reversed topup.succeeded transfer.created
transfer.failed transfer.reversed unknown
"""


def test_vocabulary_is_what_providers_are_mapped_to():
    assert sorted(EVENT_TYPES) == sorted(MAPPED.split())
    assert len(EVENT_TYPES) == 69


def test_families():
    families = Counter(event_type.family for event_type in EVENT_TYPES.values())
    assert families == {"lifecycle": 37, "balance": 32}
    assert fact("payment.captured", "ch_1", 1).is_balance
    assert not fact("payment.authorized", "ch_1", 1).is_balance
    assert not fact("unknown", "evt_1").is_balance


def test_groups():
    assert EVENT_TYPES["tax.withheld"].group == "fee"
    assert EVENT_TYPES["hold.placed"].group == "reserve"
    assert EVENT_TYPES["unknown"].group == "other"
    assert all(name == event_type.name for name, event_type in EVENT_TYPES.items())


def test_key():
    assert fact("payment.captured", "ch_1", 1).key == "charge:ch_1:capture"


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("type", {"type": "payment.paid"}),
        ("object_type", {"object_type": ""}),
        ("object_type", {"object_type": "charge:ch"}),
        ("object_id", {"object_id": ""}),
        ("object_id", {"object_id": "ch:1"}),
        ("occurred_at", {"occurred_at": datetime(2026, 1, 1)}),
        (
            "occurred_at",
            {"occurred_at": datetime(2026, 1, 1, tzinfo=timezone(timedelta(hours=1)))},
        ),
        ("occurred_at", {"occurred_at": 1767225600}),
        ("amount_minor", {"amount_minor": 1.0}),
        ("amount_minor", {"amount_minor": True}),
        ("amount_minor", {"amount_minor": -1}),
        ("amount_minor", {"amount_minor": 10**18 + 1}),
        ("reported_minor", {"reported_minor": "1"}),
        ("currency", {"currency": None}),
        ("currency", {"exponent": None}),
        ("currency", {"amount_minor": None}),
        ("currency", {"amount_minor": None, "exponent": None}),
    ],
)
def test_refuses(path, change):
    with pytest.raises(MalformedMessage) as refused:
        replace(fact("payment.captured", "ch_1", 100), **change)
    assert refused.value.path == path
