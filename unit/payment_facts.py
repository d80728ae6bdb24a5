# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Short ways to write down facts about one payment."""

from datetime import datetime, timedelta, timezone

from engine import planner, state
from engine.events import Event, Settlement
from engine.facts import Facts
from engine.money import exponent_of

START = datetime(2026, 1, 31, 23, 59, 58, tzinfo=timezone.utc)

LEGS = {
    "payment.authorized": ("charge", "authorization"),
    "payment.authorization_adjusted": ("charge", "authorization_adjusted"),
    "payment.authorization_expired": ("charge", "expired"),
    "payment.captured": ("charge", "capture"),
    "payment.charge_reversed": ("charge", "charge_reversed"),
    "payment.failed": ("charge", "failed"),
    "payment.voided": ("payment_intent", "voided"),
}


def fact(event_type, object_id, amount=None, at=0, **more):
    """Make a fact that occurred ``at`` seconds after the start, in EUR cents."""
    group, _dot, name = event_type.partition(".")
    object_type, leg = LEGS.get(event_type, (group, name))
    values = {
        "type": event_type,
        "object_type": object_type,
        "object_id": object_id,
        "leg": leg,
        "payment_ref": "pi_1",
        "occurred_at": START + timedelta(seconds=at),
        "amount_minor": amount,
        "currency": None if amount is None else "EUR",
        "exponent": None if amount is None else 2,
        "provider_code": event_type,
    }
    return Event(**values | more)


def settled(gross, fee=0, currency="EUR"):
    """Tell that the balance got ``gross``, of which ``fee`` was kept."""
    return Settlement(
        gross_minor=gross,
        fee_minor=fee,
        net_minor=gross - fee,
        currency=currency,
        exponent=exponent_of(currency),
    )


def fold(events, conflicted=()):
    return state.fold(Facts(events, conflicted))


def plan(events, conflicted=(), balances=None):
    return planner.plan(Facts(events, conflicted), balances)


def capture(amount, charge="ch_1", at=10, **more):
    return fact("payment.captured", charge, amount, at, **more)


def reversal(amount, charge="ch_1", at=90, **more):
    return fact("payment.charge_reversed", charge, amount, at, **more)


def refund(amount, refund_id="re_1", charge="ch_1", at=20, **more):
    return fact("refund.succeeded", refund_id, amount, at, parent=charge, **more)


def refund_failed(amount, refund_id="re_1", charge="ch_1", at=30, **more):
    return fact("refund.failed", refund_id, amount, at, parent=charge, **more)
