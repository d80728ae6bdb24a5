# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""An event knows its batch and its movement, whichever source tells them, and when."""

import itertools
import runpy
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import file_path

from .generic_messages import captured, told
from .ledger_common import LedgerCommon

SETTLED = ["batch", "settled_minor", "settled_currency", "settled_exponent"]


def listed(**where):
    """The capture of 100.00 USD, as a source that knows the balance tells it."""
    return captured(1, 100_00, settled=(100_00, "USD"), settlement=where)


@tagged("post_install", "-at_install")
class TestEventBatch(LedgerCommon):
    def event(self):
        return self.env["payment.hub.event"].search(
            [("connection_id", "=", self.connection.id), ("leg", "=", "captured")]
        )

    def settled(self, event=None):
        self.env.flush_all()
        return [(event or self.event())[name] for name in SETTLED]

    def test_webhook_tells_none(self):
        self.deliver(captured(1, 100_00))
        self.assertEqual(self.settled(), [False, 0, False, 0])

    def test_told_late(self):
        self.deliver(captured(1, 100_00), listed(entry="txn-1"))
        self.assertEqual(self.settled(), [False, 100_00, "USD", 2])
        self.deliver(listed(batch="po-1", entry="txn-1"))
        self.assertEqual(self.settled(), ["po-1", 100_00, "USD", 2])

    def test_any_order(self):
        """The entry makes a source surer, but only some name the batch."""
        sources = (
            listed(batch="po-1"),
            listed(entry="txn-1"),
            listed(batch="po-0", entry="txn-0"),
        )
        for number, order in enumerate(itertools.permutations(sources)):
            with self.subTest(number), self.env.cr.savepoint() as savepoint:
                self.deliver(*order)
                self.assertEqual(self.settled()[0], "po-0")
                savepoint.rollback()
                self.env.invalidate_all()

    def test_fee_has_its_own_part(self):
        settlement = {"batch": "po-1", "entry": "txn-1"}
        more = {"settled": (100_00, 3_00, "USD"), "settlement": settlement}
        self.deliver(told("fee.charged", "f", 3_00, **more))
        event = self.env["payment.hub.event"].search([("type", "=", "fee.charged")])
        self.assertEqual(self.settled(event), ["po-1", -3_00, "USD", 2])

    def test_costs_no_update(self):
        """What the first source tells is stored with the event."""
        update = type(self.env["payment.hub.event"])._write_multi
        changed = []

        def noted(events, vals_list):
            changed.extend(vals_list)
            return update(events, vals_list)

        with patch.object(type(self.env["payment.hub.event"]), "_write_multi", noted):
            self.deliver(listed(batch="po-1", entry="txn-1"))
            self.assertEqual(self.settled(), ["po-1", 100_00, "USD", 2])
        self.assertTrue(all(vals.keys().isdisjoint(SETTLED) for vals in changed))

    def test_upgrade(self):
        self.deliver(listed(batch="po-1", entry="txn-1"))
        event = self.event()
        filled = self.settled()
        for name in SETTLED:
            self.env.cr.execute(f"UPDATE payment_hub_event SET {name} = NULL")
        self.env.invalidate_all()
        self.assertEqual(self.settled(event)[0], False)
        script = file_path("payment_hub/migrations/19.0.1.4.0/post-migration.py")
        runpy.run_path(script)["migrate"](self.env.cr, "19.0.1.3.0")
        self.env.invalidate_all()
        self.assertEqual(self.settled(event), filled)
