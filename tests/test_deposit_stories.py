# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Stories of payments that came before their invoice, told in random order.

``PAYMENT_HUB_STORIES=100`` tells more of them, ``PAYMENT_HUB_STORY=7`` that one.
"""

import itertools
import os
from contextlib import nullcontext
from random import Random

from freezegun import freeze_time

from odoo.tests import tagged

from .generic_messages import captured, refunded, returned
from .test_owed_again import OwedAgainCommon, given_back, lost, taken

PAID = 100_00
STEPS = (*("_refund", "_fail") * 2, "_take", "_lose", "_give_back", "_return")
PARTS = ("_refund", "_fail")  # with the invoice between them
STORIES = 12


class Story:
    """What happens to one payment, and what becomes of its money in minor units."""

    def __init__(self, number):
        self.number = number
        self.random = Random(number)
        self.name = f"SO-{number}"
        self.is_in_parts = number % 2
        self.refunds = {}  # amount of each that has not failed, by number
        self.taken = {}  # by disputes, and not given back: amount by name
        self.lost = set()  # names of disputes
        self.returned = 0
        self._times = itertools.count(1)

    @property
    def clearing(self):
        gone = sum(self.refunds.values()) + sum(self.taken.values())
        return PAID - gone - self.returned

    @property
    def paid(self):
        """What the customer has paid and not got back."""
        return self.clearing + self.held

    @property
    def held(self):
        return sum(
            amount for name, amount in self.taken.items() if name not in self.lost
        )

    def steps_of(self, round_number):
        """Give the messages of a round. Half of the stories begin with two parts."""
        if self.is_in_parts and round_number < len(PARTS):
            steps = [PARTS[round_number]]
        else:
            steps = self.random.choices(STEPS, k=self.random.randrange(1, 3))
        messages = [getattr(self, step)(next(self._times)) for step in steps]
        return [one for one in messages if one]

    def _amount(self):
        """Some of what the provider still holds of the payment."""
        parts = [one for one in (10_00, 20_00, 30_00) if one <= self.clearing]
        return self.random.choice([self.clearing, *parts])

    def _refund(self, at):
        if amount := self._amount():
            number = self.number * 100 + at
            self.refunds[number] = amount
            return refunded(number, self.number, amount, at)

    def _fail(self, at):
        if self.refunds:
            refund = self.random.choice([*self.refunds])
            amount = self.refunds.pop(refund)
            return refunded(refund, self.number, amount, at, leg="failed")

    def _return(self, at):
        if self.clearing == PAID:  # a bank takes back all of it
            self.returned = PAID
            return returned(self.number, PAID, at)

    def _take(self, at):
        if amount := self._amount():
            name = f"dp-{self.number}-{at}"
            self.taken[name] = amount
            return taken(amount, at, self.number, name)

    def _lose(self, at):
        if names := [name for name in self.taken if name not in self.lost]:
            name = self.random.choice(names)
            self.lost.add(name)
            return lost(at, of=self.number, dispute=name)

    def _give_back(self, at):
        if self.taken:
            name = self.random.choice([*self.taken])
            amount = self.taken.pop(name)
            return given_back(amount, at, of=self.number, dispute=name)


@tagged("post_install", "-at_install")
class TestDepositStories(OwedAgainCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.take_deposits()

    def test_stories(self):
        one = os.environ.get("PAYMENT_HUB_STORY")
        count = int(os.environ.get("PAYMENT_HUB_STORIES", STORIES))
        for number in [int(one)] if one else range(1, count + 1):
            with self.subTest(story=number), self.env.cr.savepoint() as savepoint:
                self.tell(Story(number))
                savepoint.rollback()

    def tell(self, story):
        """Tell a story a few messages at once; the invoice comes somewhere within."""
        invoice = self.env["account.move"]
        comes_at = 0 if story.is_in_parts else story.random.choice([0, 1, 3, None])
        self.company.payment_hub_overpayment = story.random.choice(
            ["exception", "credit"]
        )
        is_by_day = story.number % 4 > 1
        self.connection.sudo().granularity = "day" if is_by_day else "event"
        self.deliver(captured(story.number, PAID, story.name))
        for number in range(5):
            with freeze_time("2026-01-01 22:00:00") if is_by_day else nullcontext():
                self.deliver(*story.steps_of(number))
                if number == comes_at:
                    amount = story.random.choice([PAID, PAID, 120_00, 70_00])
                    invoice = self.make_invoice(
                        amount / 100, payment_reference=story.name
                    )
                self.try_again()
            self.env["payment.hub.grouping"].sudo()._wake(self.connection)
            self.drain()
            self.try_again()
            self.assertTold(story, invoice)

    def assertTold(self, story, invoice):
        owed = round(invoice.amount_total * 100) - story.paid
        kept = 0 if invoice else owed
        if invoice and self.company.payment_hub_overpayment == "exception":
            # What did not fit when it came, and does not now.
            kept = self.balances("deposit")["deposit"]
            is_left = -kept > round(invoice.amount_residual * 100)
            self.assertTrue(not kept or is_left, kept)
        wanted = {
            "clearing": story.clearing,
            "dispute_hold": story.held,
            "deposit": kept,
            "receivable": owed - kept,
        }
        self.assertEqual(self.balances(*wanted), wanted)
        left = max(owed - kept, 0)
        self.assertEqual(round(invoice.amount_residual * 100), left)
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", self.accounts["receivable"].id),
                ("reconciled", "=", False),
                ("parent_state", "=", "posted"),
                ("move_id", "!=", invoice.id),
            ]
        )
        self.assertFalse(lines.filtered(lambda line: line.balance > 0))
        if invoice.amount_residual:
            self.assertFalse(lines)
