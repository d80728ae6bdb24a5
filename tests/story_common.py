# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The provider account of the engine's tests, told to the hub as messages.

It keeps its own books and shares no code with the engine; see unit/provider_account.py.
"""

import itertools
import json
from collections import Counter

_ids = itertools.count(1)


class Story:
    """What an account tells, under names that no other story has.

    :param batches: whether each movement names its settlement. A settlement ends with
        a payout in its currency, and carries what is left to the next one.
    """

    def __init__(self, account, name, batches=False):
        self.account = account
        self.name = name
        self.batches = batches
        self.invoices = {}  # name of the invoice by the payment's id
        self._number = Counter()  # of the settlement, by currency
        self._held = {}  # what settlements hold, by currency and key of the fact

    @property
    def captured(self):
        """What is captured first of each payment: {id: (minor units, currency)}."""
        captured = {}
        for fact in self.account.facts:
            if fact.type == "payment.captured" and fact.leg == "capture":
                captured.setdefault(fact.payment_ref, {})[fact.key] = fact
        return {
            ref: (sum(one.amount_minor for one in facts.values()), one_of(facts))
            for ref, facts in captured.items()
        }

    def messages(self, facts):
        """Give the messages that tell the facts of one step, as bytes."""
        for fact in facts:
            settled = fact.settlement
            if self.batches and not settled:
                settled = self.account.felt.get(fact.key)
            yield self._message(fact, settled)
        if self.batches:
            payouts = {
                one.currency: one for one in facts if one.type == "payout.in_transit"
            }
            for currency, payout in payouts.items():
                yield from self._close(currency, payout)

    def last_messages(self):
        """Give the messages that end all settlements."""
        for currency in list(self._held):
            yield from self._close(currency)

    def _message(self, fact, settled):
        data = {
            "livemode": False,
            "object": {
                "type": fact.object_type,
                "id": f"{self.name}-{fact.object_id}",
                "leg": fact.leg.replace(":", "."),
            },
        }
        if fact.amount_minor is not None:
            data["amount"] = {"minor": fact.amount_minor, "currency": fact.currency}
        if fact.payment_ref:
            data["payment"] = f"{self.name}-{fact.payment_ref}"
        if fact.parent:
            data["parent"] = f"{self.name}-{fact.parent}"
        if fact.type == "payment.captured":
            invoice = self.invoices[fact.payment_ref]
            data["references"] = [{"kind": "invoice", "value": invoice}]
        if settled:
            data["settlement"] = self._settlement(fact, settled)
        return _envelope(fact.type, fact.occurred_at, data)

    def _settlement(self, fact, settled):
        told = {
            "gross_minor": settled.gross_minor,
            "fee_minor": settled.fee_minor,
            "net_minor": settled.net_minor,
            "currency": settled.currency,
            "entry": f"{self.name}-{settled.entry}",
            "fees": [
                {"kind": fee.kind, "amount_minor": fee.amount_minor}
                for fee in settled.fees
            ],
        }
        if self.batches:
            is_part = fact.type == "fee.charged" and settled.fee_minor
            minor = -settled.fee_minor if is_part else settled.gross_minor
            self._held.setdefault(settled.currency, {})[fact.key] = minor
            told["batch"] = self._batch(settled.currency)
        return told

    def _batch(self, currency):
        return f"{self.name}-{currency}-{self._number[currency]}"

    def _close(self, currency, fact=None):
        """Carry what is left to the next settlement of the currency."""
        held = self._held.setdefault(currency, {})
        left = sum(held.values())
        held.clear()
        at = fact.occurred_at if fact else self.account.facts[-1].occurred_at
        yield self._carry(currency, -left, at)
        self._number[currency] += 1
        if fact:
            held["carried"] = left
            yield self._carry(currency, left, at)

    def _carry(self, currency, minor, at):
        data = {
            "livemode": False,
            "object": {"type": "entry", "id": f"c-{next(_ids)}", "leg": "carried"},
            "amount": {"minor": abs(minor), "currency": currency},
            "settlement": {
                "gross_minor": minor,
                "fee_minor": 0,
                "net_minor": minor,
                "currency": currency,
                "batch": self._batch(currency),
            },
        }
        return _envelope("settlement.carry_forward", at, data)


def one_of(facts):
    """Give the currency that all of the facts have."""
    return next(iter(facts.values())).currency


def _envelope(type_, at, data):
    message = {
        "specversion": "1.0",
        "id": f"story-{next(_ids):06d}",
        "source": "/story",
        "type": f"payment_hub.{type_}",
        "time": at.isoformat(),
        "data": data,
    }
    return json.dumps(message).encode()
