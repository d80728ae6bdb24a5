# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Messages of another system: every type of event, in few words."""

import itertools
import json
from datetime import datetime, timedelta, timezone

_numbers = itertools.count(1)
T0 = datetime(2026, 1, 1, 10, 0, tzinfo=timezone.utc)
OBJECTS = {"payment": "charge"}


def told(type_, object_id, amount=None, at=0, currency="USD", **more):
    """One message, as bytes.

    :param amount: minor units
    :param at: hours after the start
    :param more: further fields of ``data``; ``settled`` is (gross, currency) or
        (gross, fee, currency), by which the provider's balance moved
    """
    group, _dot, leg = type_.partition(".")
    data = {
        "livemode": False,
        "object": {"type": OBJECTS.get(group, group), "id": object_id, "leg": leg},
    }
    if amount is not None:
        data["amount"] = {"minor": amount, "currency": currency}
    if settled := more.pop("settled", None):
        gross, *fee, code = settled
        fee = fee[0] if fee else 0
        data["settlement"] = {
            "gross_minor": gross,
            "fee_minor": fee,
            "net_minor": gross - fee,
            "currency": code,
        } | more.pop("settlement", {})
    if invoice := more.pop("invoice", None):
        data["references"] = [{"kind": "invoice", "value": invoice}]
    return json.dumps(
        {
            "specversion": "1.0",
            "id": f"evt-{next(_numbers):06d}",
            "source": "/shop",
            "type": f"payment_hub.{type_}",
            "time": (T0 + timedelta(hours=at)).isoformat(),
            "data": data | more,
        }
    ).encode()


def captured(number, amount, invoice=None, **more):
    """The capture of the payment ``pay-<number>``."""
    return told(
        "payment.captured",
        f"ch-{number}",
        amount,
        payment=f"pay-{number}",
        invoice=invoice,
        **more,
    )


def refunded(number, of, amount, at=1, leg="succeeded", **more):
    """A refund of the payment ``pay-<of>``."""
    return told(
        f"refund.{leg}",
        f"re-{number}",
        amount,
        at,
        payment=f"pay-{of}",
        parent=f"ch-{of}",
        **more,
    )


def in_batch(batch, *settled):
    """What the balance felt, in USD, and in which settlement."""
    return {"settled": (*settled, "USD"), "settlement": {"batch": batch}}


def returned(number=1, amount=121_00, at=3, **more):
    """A direct debit of the payment ``pay-<number>`` that comes back."""
    return told(
        "payment.charge_reversed",
        f"ch-{number}",
        amount,
        at,
        payment=f"pay-{number}",
        **more,
    )
