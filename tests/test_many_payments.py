# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What thousands of payments may cost, shown with a few."""

from unittest.mock import patch

from odoo.tests import tagged

from .generic_messages import captured, told
from .ledger_common import LedgerCommon


@tagged("post_install", "-at_install")
class TestManyPayments(LedgerCommon):
    def decide(self, first, number):
        """Have captures of invoices decided, for a settlement; return the queries."""
        self.connection.granularity = "settlement"
        invoices = [self.make_invoice(10.0) for _index in range(number)]
        self.receive(
            *[
                captured(first + index, 10_00, invoice.name)
                for index, invoice in enumerate(invoices)
            ]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.drain()
        after = self.env.cr.sql_log_count
        postings = self.env["payment.hub.posting"].search([])
        self.assertEqual(len(postings.filtered("is_waiting")), first + number)
        return after - before

    def test_queries_of_a_batch_do_not_grow_with_its_payments(self):
        self.decide(0, 1)
        self.assertEqual(self.decide(1, 2), self.decide(3, 12))

    def book(self):
        self.connection.granularity = "day"
        self.accounts["fee"].write({"account_type": "expense", "reconcile": False})
        self.deliver(*[told("fee.charged", f"f-{n}", 1_00) for n in range(3)])
        move = self.env["payment.hub.posting"].search([]).move_id
        self.assertEqual(len(move.line_ids), 2)
        return move

    def test_odoo_looks_up_the_distribution_of_an_entry_of_many(self):
        plan = self.env["account.analytic.plan"].create({"name": "Stores"})
        store = self.env["account.analytic.account"].create(
            {"name": "Berlin", "plan_id": plan.id}
        )
        self.env["account.analytic.distribution.model"].create(
            {
                "account_prefix": self.accounts["fee"].code,
                "analytic_distribution": {str(store.id): 100},
            }
        )
        line = self.book().line_ids.filtered("analytic_distribution")
        self.assertEqual(line.account_id, self.accounts["fee"])
        self.assertEqual(line.analytic_distribution, {str(store.id): 100})
        self.assertEqual(line.analytic_line_ids.mapped("amount"), [-3.0])

    def test_no_distribution_is_looked_up_where_there_is_none(self):
        models = self.registry["account.analytic.distribution.model"]
        self.env["account.analytic.distribution.model"].search([]).unlink()
        with patch.object(models, "_get_distribution", return_value={}) as look_up:
            self.book()
        look_up.assert_not_called()
