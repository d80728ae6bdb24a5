# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Worlds in which anything happens, against an account that keeps its own books."""

import os
from collections import Counter

from hypothesis import HealthCheck, Phase, given, settings

from odoo.tests import tagged

from ..models.mapping_treatments import LOSSES, OWED_AGAIN
from ..models.payment_hub_processor import REMARKS
from .ledger_common import LedgerCommon
from .story_common import Story
from .unit_helpers import BALANCES, EPISODES, EXPONENTS, STORIES, accounts

WORLDS = int(os.environ.get("PAYMENT_HUB_WORLDS", "2"))
RATES = {"EUR": 0.9, "JPY": 150.0, "GBP": 0.8, "KWD": 0.3}


@tagged("post_install", "-at_install")
class TestWorlds(LedgerCommon):
    episodes = EPISODES
    worlds = WORLDS
    loss = "dispute_loss"  # the account that a lost dispute ends on

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code, rate in RATES.items():
            currency = cls.env.ref(f"base.{code}")
            currency.active = True
            cls.env["res.currency.rate"].create(
                {"name": "2020-01-01", "currency_id": currency.id, "rate": rate}
            )
        for code in set(BALANCES) - {"USD"}:
            cls.add_balance(cls.env.ref(f"base.{code}"))
        cls.exchange = (
            cls.company.income_currency_exchange_account_id,
            cls.company.expense_currency_exchange_account_id,
        )
        cls.accounts["receivable"] = cls.company_data["default_account_receivable"]
        for balance in cls.connection.balance_ids:
            code = balance.currency
            cls.accounts["clearing", code] = balance.clearing_account_id
            cls.accounts["reserve", code] = balance.reserve_account_id
            cls.accounts["transit", code] = balance.transit_account_id

    def ledger(self):
        """What stands on each account: minor units by (role, currency)."""
        found = Counter()
        roles = {account: role for role, account in self.accounts.items()}
        for account, currency, amount in self.env["account.move.line"]._read_group(
            [
                ("account_id", "in", [account.id for account in roles]),
                ("parent_state", "=", "posted"),
                ("move_type", "!=", "out_invoice"),
            ],
            ["account_id", "currency_id"],
            ["amount_currency:sum"],
        ):
            role = roles[account]
            role = role[0] if isinstance(role, tuple) else role
            found[role, currency.name] += round(amount * 10 ** EXPONENTS[currency.name])
        return found

    def values(self):
        """What stands on each account, in cents of the company's currency."""
        return Counter(
            {
                account: round(balance * 100)
                for account, balance in self.env["account.move.line"]._read_group(
                    [("parent_state", "=", "posted")], ["account_id"], ["balance:sum"]
                )
            }
        )

    def story(self, account, batches):
        """The story under a name of its own, with the invoices that it pays."""
        TestWorlds.count = getattr(TestWorlds, "count", 0) + 1
        story = Story(account, f"w{self.count}", batches)
        for ref, (minor, code) in story.captured.items():
            invoice = self.make_invoice(
                minor / 10 ** EXPONENTS[code],
                currency_id=self.env.ref(f"base.{code}").id,
            )
            story.invoices[ref] = invoice.name
        return story

    def tell(self, account, granularity, is_late=False, at_once=False):
        """Play a story; return what it left on each account, and of each invoice.

        :param is_late: first come messages that name no settlement
        :param at_once: all messages come in one batch
        """
        self.connection.granularity = granularity
        self.refresh_statistics()
        story = self.story(account, granularity == "settlement")
        before, values, done = self.ledger(), self.values(), 0
        if is_late:
            bare = Story(account, story.name)
            bare.invoices = story.invoices
            self.deliver(*bare.messages(account.facts))
            self.drain()
        for step in account.steps[-1 if at_once else 0 :]:
            self.deliver(*story.messages(account.facts[done : step.count]))
            done = step.count
            if granularity != "settlement":
                self.check(step, before)
        self.deliver(*story.last_messages())
        self.check(account.steps[-1], before)
        waiting = self.env["payment.hub.posting"].search([("is_waiting", "=", True)])
        self.assertFalse(waiting)
        after = self.values()
        after.subtract(values)
        return after, {
            ref: invoice.amount_residual for ref, invoice in self.invoices(story)
        }

    def invoices(self, story):
        """The invoices that a story pays: (payment's id, invoice)."""
        for ref, name in story.invoices.items():
            yield ref, self.env["account.move"].search([("name", "=", name)])

    def assertSame(self, found, wanted):
        """The same value on each account.

        Exchange differences count together: a part that is reconciled, opened again and
        reconciled with something else is a gain and a loss.
        """
        gain, loss = self.exchange
        cents = Counter(found)
        cents.subtract(wanted)
        cents[gain] += cents.pop(loss, 0)
        self.assertFalse({one.name: cents[one] for one in cents if cents[one]})

    def check(self, step, before):
        now = self.ledger()
        found = {key: now[key] - before[key] for key in now if now[key] != before[key]}
        wanted = Counter()
        for (role, currency), minor in step.ledger.items():
            is_transit = role in ("payout_transit", "topup_transit")
            # The rules here book fees of all kinds on one account.
            role = "transit" if is_transit else role.partition(":")[0]
            role = self.loss if role == "dispute_loss" else role
            wanted[role, currency] += minor
        self.assertEqual(found, {key: minor for key, minor in wanted.items() if minor})
        owed = {
            code: found.get(("clearing", code), 0) + found.get(("reserve", code), 0)
            for code in BALANCES
        }
        self.assertEqual(
            {code: minor for code, minor in owed.items() if minor}, step.balances
        )
        open_ = self.env["payment.hub.exception"].search([("is_open", "=", True)])
        surprises = open_.filtered(lambda one: one.cause not in REMARKS)
        self.assertFalse(
            surprises.mapped(lambda one: (one.cause, one.detail, one.path))
        )

    def test_ledger_is_that_of_the_account_in_each_granularity(self):
        @settings(
            max_examples=self.worlds,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(accounts(self.episodes))
        def world(account):
            told = {
                one: self.tell(account, one) for one in ("event", "day", "settlement")
            }
            told["late"] = self.tell(account, "settlement", is_late=True)
            told["at once"] = self.tell(account, "event", at_once=True)
            wanted, owed = told["event"]
            for found, left in told.values():
                self.assertSame(found, wanted)
                self.assertEqual(left, owed)

        world()


@tagged("post_install", "-at_install")
class TestWorldsOfCustomersWhoOweAgain(TestWorlds):
    """What disputes take for good is on the customers' account."""

    episodes = STORIES["disputes"]
    worlds = max(1, WORLDS // 2)
    loss = "receivable"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        rows = cls.env["payment.hub.mapping"].search([("event_type", "in", LOSSES)])
        rows.sudo().write({"treatment": OWED_AGAIN, "account_id": False})
