# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dataclasses import replace

from odoo import api, models

from ..engine.postings import Money, Posting
from .money import amount_to_minor
from .payment_hub_decision import Skipped
from .payment_hub_entry import APPLICATION, is_deposit

# What is left after the entries of this batch: of a deposit, and of what went back.
LEFT, RETURNED = "left", "returned"


class PaymentHubDeposits(models.AbstractModel):
    """What becomes of payments that were booked before their invoice was known.

    An invoice that comes later takes what is left of the deposit; so there may be
    several applications of one. What goes back to the customer comes from where the
    money is: the deposit's account, or the customer's.
    """

    _name = "payment.hub.deposits"
    _description = "Deposits and Their Applications"

    @api.model
    def _application(self, group, deposit):
        """Plan to settle an invoice with what is left of a deposit."""
        minor = group.left_of(deposit)
        money = Money(minor, deposit.currency, deposit.exponent)
        key = first = f"{deposit.posting_key}:application"
        number = 1
        while key in group.postings.mapped("posting_key"):
            number += 1
            key = f"{first}:{number}"
        return Posting(
            key=key,
            kind=APPLICATION,
            event_key=deposit.event_id.economic_key,
            parent_key=deposit.posting_key,
            sign=1,
            near="deposit",
            far="receivable",
            amount=money,
            moved=money,
            occurred_at=deposit.event_id._moment("occurred"),
        )

    @api.model
    def _paid_by(self, entry, key, siblings, due):
        """What the entry undoes, of that key.

        A deposit stands on the customer's account once it is applied. What no invoice
        has taken of it goes back first, where that is enough.
        """
        group, minor = entry.group, entry.plan.amount.minor
        paid = group.posting(key)
        if not (paid and is_deposit(paid)):
            return siblings.get(key) or paid
        left = due.get((LEFT, key), group.left_of(paid))
        applied = siblings.get(f"{key}:application") or group.applications(key)[:1]
        if applied and left < minor:
            return applied
        due[LEFT, key] = max(left - minor, 0)
        return paid

    @api.model
    def _spend(self, application, due):
        """Have it take what is left of the deposit after what this batch gave back.

        :raises Skipped: when nothing is
        """
        plan = application.plan
        left = due.get((LEFT, plan.parent_key), plan.amount.minor)
        if not left:
            raise Skipped
        money = plan.amount._replace(minor=left)
        application.plan = replace(plan, amount=money, moved=money)
        due[LEFT, plan.parent_key] = 0

    @api.model
    def _find_returned(self, application, due):
        """Let it pay what the customer got back beyond what stood on their account.

        What is left of the deposit then is for the invoice, by another application.

        :return: whether there is any of it
        """
        group, plan = application.group, application.plan
        returns = group.postings.filtered(lambda one: one.is_open_return)
        account = returns.far_account_id[:1]
        lines = returns.far_line_id.filtered(lambda line: line.account_id == account)
        key = RETURNED, group.payment
        if key not in due:
            residual = sum(lines.mapped("amount_residual_currency"))
            due[key] = amount_to_minor(residual, plan.amount.exponent)
        paid = min(due[key], plan.amount.minor)
        if not paid:
            return False
        due[key] -= paid
        due[LEFT, plan.parent_key] = plan.amount.minor - paid
        money = plan.amount._replace(minor=paid)
        application.plan = replace(plan, amount=money, moved=money)
        application.far_account = account
        application.partner = lines.partner_id[:1]
        application.document = returns.document_id[:1]
        return True

    @api.model
    def _unapplied(self, payments):
        """The postings of deposits of these payments that wait for an invoice."""
        return self.env["payment.hub.posting"].search(
            [
                ("payment_id", "in", payments.ids),
                ("is_unapplied", "=", True),
                ("is_reversed", "=", False),
            ]
        )

    @api.model
    def _forget_spent(self, payments):
        """What nothing is left of waits for no invoice any more."""
        unapplied = self._unapplied(payments)
        unapplied.filtered("far_line_id.reconciled").is_unapplied = False
