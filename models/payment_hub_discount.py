# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models

from .money import amount_to_minor
from .payment_hub_entry import Refused


class PaymentHubDiscount(models.AbstractModel):
    """Grants the early payment discount that the terms of an invoice promise.

    The lines are Odoo's own, as its payment wizard books them.
    """

    _name = "payment.hub.discount"
    _description = "Early Payment Discounts"

    @api.model
    def _granted(self, connection, entry, invoice):
        """Lines that settle, together with the entry, the whole invoice.

        :return: values of journal items in JSON's types; none unless all that is due
            with the discount was paid, and in time: by the company's day of the
            payment, whatever day it is booked on
        :raises Refused: when the company has no account for it
        """
        for posting in entry.group.set_aside:
            # What it has settled hides from Odoo that all of it was open.
            if posting.posting_key == entry.posting_key and posting.discount_lines:
                return posting.discount_lines
        paid = entry.plan.amount
        paid_on = connection._company_day(entry.event._moment("occurred"))
        if (
            not invoice.invoice_payment_term_id.early_discount
            or invoice.currency_id.name != paid.currency
            or not invoice._is_eligible_for_early_payment_discount(
                invoice.currency_id, paid_on
            )
        ):
            return []
        term = invoice.line_ids.filtered(
            lambda line: line.display_type == "payment_term"
        )
        due = amount_to_minor(
            sum(term.mapped("discount_amount_currency")), paid.exponent
        )
        if len(term) != 1 or paid.minor != due:
            return []
        self._check_account(invoice.company_id)
        # Nothing but the discount is open: rates make no difference here.
        told = invoice._get_invoice_counterpart_amls_for_early_payment_discount(
            [{"aml": term}], term.balance - term.discount_balance
        )
        return [dict(line) for lines in told.values() for line in lines]

    @api.model
    def _check_account(self, company):
        name = "account_journal_early_pay_discount_loss_account_id"
        account = company[name]
        if not account.active:
            raise Refused(
                "setup_incomplete",
                self.env._(
                    "%(field)s of %(company)s: %(account)s",
                    field=company._fields[name]._description_string(self.env),
                    company=company.name,
                    account=self.env._("archived: %s", account.display_name)
                    if account
                    else self.env._("none"),
                ),
            )

    @api.model
    def _taken_back(self, entry, paid):
        """Lines that undo the discount of a payment that was not made after all.

        :param paid: Entry or posting of what the customer had paid
        """
        if entry.plan.amount.minor != paid.amount_minor:
            return []
        return [
            {
                **line,
                "amount_currency": -line["amount_currency"],
                "balance": -line["balance"],
            }
            for line in paid.discount_lines or []
        ]
