# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from base64 import b64encode

from odoo import Command

from ..engine.effects import EFFECTS
from ..models.mapping_treatments import LOSSES, is_built_in
from .common import PaymentHubCommon

SECRET = "whsec_" + b64encode(bytes(range(32))).decode()


class LedgerCommon(PaymentHubCommon):
    """A connection of another system, with rules for every type of event."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection = cls.make_connection(
            "Shop",
            provider="generic",
            secret_ids=[Command.create({"value": SECRET})],
        )
        cls.balance = cls.connection.balance_ids
        cls.accounts = {
            effect.role: cls.make_account(effect.role)
            for effect in EFFECTS.values()
            if effect.role not in ("receivable", "reserve")
        }
        cls.accounts["dispute_loss"] = cls.make_account("dispute_loss", "expense")
        for name, effect in EFFECTS.items():
            if not is_built_in(name):
                held = {"treatment": "hold"} if effect.role == "dispute_hold" else {}
                cls.rule(name, cls.accounts[effect.role], **held)
        for name in LOSSES:
            cls.rule(name, cls.accounts["dispute_loss"])

    @classmethod
    def make_account(cls, name, account_type="asset_current"):
        return cls.env["account.account"].create(
            {
                "name": name,
                "code": cls.env["account.account"]._search_new_account_code("9000"),
                "account_type": account_type,
                "reconcile": account_type in ("asset_current", "asset_receivable"),
            }
        )

    @classmethod
    def rule(cls, event_type, account, **vals):
        return (
            cls.env["payment.hub.mapping"]
            .sudo()
            .create(
                {
                    "company_id": cls.connection.company_id.id,
                    "event_type": event_type,
                    "treatment": "post",
                    "account_id": account.id if account else False,
                    **vals,
                }
            )
        )

    @classmethod
    def take_deposits(cls):
        """Have payments that fit no invoice booked as deposits."""
        account = cls.make_account("deposit", "liability_current")
        account.reconcile = True
        cls.accounts["deposit"] = account
        cls.rule("payment.captured", account)

    def balances(self, *roles):
        """Balance of each account in the company's minor units, by role."""
        return {role: self.minor(self.account(role)) for role in roles}

    def account(self, role):
        own = {
            "clearing": self.balance.clearing_account_id,
            "reserve": self.balance.reserve_account_id,
            "payout_transit": self.balance.transit_account_id,
            "topup_transit": self.balance.transit_account_id,
        }
        return own.get(role) or self.accounts[role]

    def minor(self, account, field="balance"):
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        )
        return round(sum(lines.mapped(field)) * 100)

    def assertBooked(self, **wanted):
        self.assertEqual(self.balances(*wanted), wanted)
        self.assertFalse(self.open_causes())

    def jobs(self, method):
        """The queue jobs of a method, the latest first."""
        jobs = self.env["queue.job"].sudo()
        return jobs.search([("method_name", "=", method)], order="id desc")

    def apply_deposits(self):
        """Do what invoices that came have asked for."""
        self.assertTrue(self._to_try_again())
        self.try_again()

    def try_again(self):
        """Do what invoices have asked for, and what that asks for."""
        while jobs := self._to_try_again():
            jobs.state = "done"
            for job in jobs:
                job.records._job_try_again(*job.args)
            self.drain()

    def _to_try_again(self):
        jobs = self.jobs("_job_try_again")
        return jobs.filtered(lambda job: job.state == "pending")
