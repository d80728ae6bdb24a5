# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Clearing and reserve are the provider's balance, and what is not is shown."""

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .generic_messages import captured, told
from .ledger_common import LedgerCommon


@tagged("post_install", "-at_install")
class TestProof(LedgerCommon):
    def proof(self):
        self.balance.invalidate_recordset()
        return (
            self.balance.booked,
            self.balance.owed,
            self.balance.difference,
            self.balance.unposted_count,
        )

    def prove(self):
        with self.enter_registry_test_mode():
            self.env.ref("payment_hub.ir_cron_prove").method_direct_trigger()

    def test_what_the_events_say(self):
        self.deliver(
            captured(1, 100_00, self.make_invoice(100.0).name),
            told("reserve.held", "r", 10_00),
            told("fee.charged", "f", 2_00),
            captured(2, 50_00),
        )
        self.assertEqual(self.proof(), (98.0, 98.0, 0.0, 1))

    def test_a_hold_counts_when_the_balance_felt_it(self):
        """Else it is disclosed: neither booked nor waiting, for ever."""
        self.deliver(told("hold.placed", "h", 10_00))
        self.assertEqual(self.proof(), (0.0, 0.0, 0.0, 0))
        self.assertFalse(self.open_causes())
        self.deliver(told("hold.placed", "h", 10_00, settled=(-10_00, "USD")))
        self.assertBooked(clearing=-10_00, reserve=10_00)
        self.deliver(
            told("hold.released", "h", 4_00, settled=(0, "USD")),
            told("hold.released", "g", 3_00, settled=(3_00, "USD")),
        )
        self.assertBooked(clearing=-7_00, reserve=7_00)
        # What was felt and is not posted is counted.
        self.deliver(told("hold.placed", "i", 2_00, settled=(-1_00, "USD")))
        self.assertEqual(self.proof(), (0.0, 0.0, 0.0, 1))

    def test_entry_of_somebody_else(self):
        move = self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "line_ids": [
                    Command.create({"account_id": account.id, "balance": balance})
                    for account, balance in (
                        (self.account("clearing"), 7.0),
                        (self.accounts["suspense"], -7.0),
                    )
                ],
            }
        )
        move.action_post()
        self.assertEqual(self.proof(), (7.0, 0.0, 7.0, 0))
        self.prove()
        exception = self.env["payment.hub.exception"].search([])
        self.assertEqual((exception.cause, exception.amount), ("clearing_differs", 7.0))
        exception.action_ignore()
        self.prove()
        self.assertFalse(self.open_causes(), "seen today")
        with freeze_time(datetime.now() + timedelta(days=1)):
            self.prove()
        exception = self.env["payment.hub.exception"].search([], limit=1)
        self.assertTrue(exception.is_open)
        move._reverse_moves(cancel=True)
        self.prove()
        self.assertEqual(exception.state, "resolved")

    def test_accounts_of_two_connections_look_different(self):
        other = self.make_connection("Second Shop", provider=self.connection.provider)
        first, second = (
            one.balance_ids.clearing_account_id.mapped("name")
            for one in (self.connection, other)
        )
        self.assertEqual(second, ["Second Shop Clearing"])
        self.assertNotIn(second[0], first)
