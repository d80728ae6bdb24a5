# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.queue_job.job import identity_exact

from .account_move import RECONCILED_ON
from .payment_hub_booking import BULK_CONTEXT
from .payment_hub_entry import Refused

# What takes money out of an account for good: the posting's line there, the kinds of
# posting, and what the provider's balance feels. A payout or conversion turns the
# balance into money of another currency, or of another value.
LEAVING = (
    ("near_line_id", ("payout", "conversion"), "<"),
    ("far_line_id", ("reserve",), ">"),
)
# Lines that are reconciled at once, at some 20 ms each; a job goes on with the rest.
# Who has many of them between two payouts lets the hub book day by day.
LIMIT = 200


class PaymentHubExchange(models.AbstractModel):
    """Realises exchange differences of balances that are not in the company's currency.

    Each movement of such a balance has the rate of its day. What leaves the clearing or
    the reserve account is reconciled with what came in first, so that Odoo books the
    difference, and an empty account is empty in the company's currency, too.
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
            days = [posting.due_date or posting.date for posting in own]
            self._realise_since(connection, min(days))

    @api.model
    def _realise_since(self, connection, day):
        """Reconcile what left foreign balances on a day or later; a job goes on.

        It ends, because only what has closed a line makes it go on. What is refused
        stays open, and somebody is told: a later payout takes it along.
        """
        closed, is_more, refused = 0, False, {}
        for name, kinds, sign in LEAVING:
            domain = self._leaving(connection, name, kinds, sign)
            leaving = self.env["payment.hub.posting"].search(
                [*domain, ("date", ">=", day)], order="date, id", limit=LIMIT
            )
            lines = leaving[name].filtered("account_id.reconcile")
            for line in lines:
                if closed < LIMIT and not line.reconciled:
                    try:
                        closed += self._close(line, name, LIMIT - closed)
                    except Refused as refusal:
                        refused[line] = refusal
            is_cut_short = closed >= LIMIT and not all(lines.mapped("reconciled"))
            is_more |= is_cut_short or len(leaving) == LIMIT
        if closed and is_more:
            self._go_on(connection, day)
        self._tell(connection, refused)

    @api.model
    def _leaving(self, connection, name, kinds, sign):
        """The domain of what has left foreign balances and is open."""
        return [
            ("connection_id", "=", connection.id),
            ("moved_currency", "!=", connection.company_id.currency_id.name),
            ("moved_minor", sign, 0),
            ("kind", "in", kinds),
            ("is_reversed", "=", False),
            (f"{name}.reconciled", "=", False),
        ]

    @api.model
    def _go_on(self, connection, day):
        connection.with_delay(
            identity_key=identity_exact,
            description=self.env._("Exchange differences of %s", connection.name),
        )._job_realise_exchange(day)

    # === what waits ===

    @api.model
    def _tell(self, connection, refused):
        """Have an exception for each balance of which a difference waits, and no other.

        :param dict refused: Refused by line
        """
        exceptions = self.env["payment.hub.exception"]
        for balance in connection.balance_ids:
            waiting = [
                (line, refusal)
                for line, refusal in refused.items()
                if line.currency_id == balance.currency_id and not line.reconciled
            ]
            if waiting:
                exceptions._exchange_waits(balance, *waiting[0])
            elif (told := exceptions._of_waiting_exchange(balance)) and not (
                self._waiting(balance)
            ):
                told._resolve()

    @api.model
    def _waiting(self, balance):
        """The last lines that left a balance and could take along what came before."""
        waiting = self.env["account.move.line"]
        for name, kinds, sign in LEAVING:
            domain = self._leaving(balance.connection_id, name, kinds, sign)
            last = self.env["payment.hub.posting"].search(
                [*domain, ("moved_currency", "=", balance.currency)],
                order="date desc, id desc",
                limit=1,
            )[name]
            came, _went = _signs(last)
            if last and self._oldest(last, name, came, limit=1):
                waiting |= last
        return waiting

    @api.model
    def _try_again(self, connection):
        """Have a job realise what waits: the period may be open by now."""
        self._go_on(connection, self._waiting_since(connection))

    @api.model
    def _try_now(self, connections):
        """Realise what waits, for a person who waits."""
        for connection in connections:
            self.env["payment.hub.lane"]._take_now(connection)
            self._realise_for(connection, self._waiting_since(connection))

    @api.model
    def _realise_for(self, connection, day):
        """Realise in the company of a connection whose lane is taken."""
        hub = self.env["payment.hub.processor"]._in_company(connection.company_id)
        connection = connection.with_env(hub.env)
        hub.env["payment.hub.exchange"]._realise_since(connection, day)

    @api.model
    def _waiting_since(self, connection):
        """The day to begin with: what left last takes the earlier along."""
        days = [
            line.date
            for balance in connection.balance_ids
            for line in self._waiting(balance)
        ]
        return min(days, default=fields.Date.today())

    # === reconciling ===

    @api.model
    def _close(self, line, name, limit):
        """Reconcile a line with the oldest on its account; return how many this closed.

        What left before it has a right to what came in first, and goes first where it
        is too much for once.

        Raises Refused where the day is locked and a person has to reopen it, and where
        Odoo cannot book the difference.
        """
        came, went = _signs(line)
        coming = self._oldest(line, name, came, limit)
        if not coming:
            return 0
        earlier = self._oldest(line, name, went, limit)
        lines = coming | earlier
        if len(earlier) < limit:
            lines |= line
        day = self.env["payment.hub.decision"]._open_day(
            line.company_id, max(lines.mapped("date")), False
        )
        try:
            with self.env.cr.savepoint():
                lines.with_context(**{RECONCILED_ON: day}).reconcile()
        except UserError as error:
            raise Refused("exchange_waiting", str(error)) from error
        return len(lines.filtered("reconciled"))

    @api.model
    def _oldest(self, line, name, sign, limit):
        """What is open on the account of a line, on one side, and came up to its day.

        What was posted late because of a lock date came on the day of its event.
        """
        late = self.env["payment.hub.posting"].search(
            [
                ("entity_company_id", "=", line.company_id.id),
                ("is_late", "=", True),
                ("due_date", "<=", line.date),
                ("date", ">", line.date),
                (f"{name}.account_id", "=", line.account_id.id),
                (f"{name}.amount_currency", sign, 0),
                (f"{name}.reconciled", "=", False),
            ],
            order="due_date, id",
            limit=limit,
        )
        return line.with_context(**BULK_CONTEXT).search(
            [
                ("account_id", "=", line.account_id.id),
                ("currency_id", "=", line.currency_id.id),
                ("company_id", "=", line.company_id.id),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("amount_currency", sign, 0),
                "|",
                ("date", "<=", line.date),
                ("id", "in", late[name].ids),
                ("id", "!=", line.id),
            ],
            order="date, id",
            limit=limit,
        )


def _signs(line):
    """Return the signs of what came in where this line has left, and of what left."""
    return ("<", ">") if line.amount_currency > 0 else (">", "<")
