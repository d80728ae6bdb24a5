# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models

from odoo.addons.queue_job.job import identity_exact

from .account_move import RECONCILED_ON
from .payment_hub_booking import BULK_CONTEXT

# What turns a balance into money of another currency, or of another value.
REALISING = ("payout", "conversion")
# Lines that are reconciled at once, at some 20 ms each; a job goes on with the rest.
# Who has many of them between two payouts lets the hub book day by day.
LIMIT = 200


class PaymentHubExchange(models.AbstractModel):
    """Realises exchange differences of balances that are not in the company's currency.

    Each movement of such a balance has the rate of its day. What leaves the balance is
    reconciled with what came in first, so that Odoo books the difference, and an empty
    clearing account is empty in the company's currency, too.
    """

    _name = "payment.hub.exchange"
    _description = "Realised Exchange Differences"

    @api.model
    def _realise(self, postings):
        """Reconcile what has left the foreign balances that these postings moved.

        What left earlier may wait for one of them: sources tell in any order.
        """
        moved = postings.filtered(
            lambda posting: (
                posting.is_on_balance
                and posting.moved_currency != posting.company_currency_id.name
            )
        )
        for connection, own in moved.grouped("connection_id").items():
            self._realise_since(connection, min(own.mapped("date")))

    @api.model
    def _realise_since(self, connection, day):
        """Reconcile what left foreign balances on a day or later; a job goes on."""
        leaving = self.env["payment.hub.posting"].search(
            [
                ("connection_id", "=", connection.id),
                ("moved_currency", "!=", connection.company_id.currency_id.name),
                ("moved_minor", "<", 0),
                ("kind", "in", REALISING),
                ("is_reversed", "=", False),
                ("date", ">=", day),
                ("near_line_id.reconciled", "=", False),
            ],
            order="date, id",
            limit=LIMIT,
        )
        left = LIMIT
        for line in leaving.near_line_id:
            if left > 0 and line.account_id.reconcile and not line.reconciled:
                lines = self._oldest(line, left)
                (line | lines).with_context(**{RECONCILED_ON: line.date}).reconcile()
                left -= len(lines.filtered("reconciled"))
        if left <= 0:
            connection.with_delay(
                identity_key=identity_exact,
                description=self.env._("Exchange differences of %s", connection.name),
            )._job_realise_exchange(day)

    @api.model
    def _oldest(self, line, limit):
        """What is open on the account of a line up to its day, whatever its sign."""
        return line.with_context(**BULK_CONTEXT).search(
            [
                ("account_id", "=", line.account_id.id),
                ("currency_id", "=", line.currency_id.id),
                ("company_id", "=", line.company_id.id),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("date", "<=", line.date),
                ("id", "!=", line.id),
            ],
            order="date, id",
            limit=limit,
        )
