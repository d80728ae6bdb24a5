# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools.misc import formatLang

from .exception_causes import BANK_RATE_DIFFERS
from .money import amount_to_minor


class PaymentHubBankMixin(models.AbstractModel):
    """Exceptions about payouts that a bank has credited in another currency.

    Odoo books what is lost or won as an exchange difference, whatever its size.
    """

    _name = "payment.hub.bank.mixin"
    _description = "Exceptions about Payouts That a Bank Converted"

    @api.model
    def _bank_credited(self, lines):
        """Open an exception while a bank credits too much or too little for a payout.

        :param lines: journal items on transit accounts; what of them is reconciled
            with a bank's statement has just changed
        """
        payouts = self.env["payment.hub.posting"].sudo()
        for payout in payouts.search(
            [("kind", "=", "payout"), ("far_line_id", "in", lines.ids)]
        ):
            self.sudo()._compare_with_bank(payout)

    @api.model
    def _compare_with_bank(self, payout):
        event = payout.event_id
        opened = event.exception_ids.filtered(
            lambda one: one.is_open and one.cause == BANK_RATE_DIFFERS
        )
        partials = _of_bank(payout)
        own = payout.far_line_id.company_currency_id
        converted = sum(partials.mapped("debit_amount_currency"))
        booked = own.round(_value(partials, "debit_move_id"))
        credited = own.round(_value(partials, "credit_move_id"))
        percent = payout.company_id.payment_hub_bank_tolerance
        difference = own.round(credited - booked)
        tolerated = booked * percent / 100
        if not booked or own.compare_amounts(abs(difference), tolerated) <= 0:
            opened._resolve()
            return
        decimals = own.decimal_places
        minor = amount_to_minor(credited, decimals)
        # A person who closes it has seen what the bank had credited.
        subject = opened.subject or f"bank:{event.economic_key}:{minor}"
        currency = payout.far_line_id.currency_id
        detail = self.env._(
            "Payout %(payout)s: %(converted)s\n"
            "Booked: %(booked)s, %(booked_rate).4f %(own)s for 1 %(currency)s\n"
            "Credited by the bank: %(credited)s, %(bank_rate).4f %(own)s for 1 "
            "%(currency)s (%(entries)s)\n"
            "Difference: %(difference).2f %%; tolerated: %(percent).2f %%",
            payout=event.object_id,
            converted=formatLang(self.env, converted, currency_obj=currency),
            booked=formatLang(self.env, booked, currency_obj=own),
            booked_rate=booked / converted,
            credited=formatLang(self.env, credited, currency_obj=own),
            bank_rate=credited / converted,
            own=own.name,
            currency=currency.name,
            entries=", ".join(partials.credit_move_id.mapped("move_name")),
            difference=abs(difference) / booked * 100,
            percent=percent,
        )
        self._open(
            payout.connection_id,
            subject,
            BANK_RATE_DIFFERS,
            {
                "event_id": event.id,
                "amount_minor": amount_to_minor(difference, decimals),
                "currency": own.name,
                "exponent": decimals,
                "detail": detail,
            },
        )


def _of_bank(payout):
    """Where a bank's line in another currency than the balance's pays the payout.

    Where both are the same nobody has converted: all that differs is the company's
    rate on two days.
    """
    by_bank = payout.far_line_id.matched_credit_ids._payment_hub_by_bank()
    return by_bank.filtered(
        lambda one: (
            one.credit_move_id.statement_line_id.currency_id != payout.moved_currency_id
        )
    )


def _value(partials, side):
    """What is reconciled, in the company's currency, by the lines of one side."""
    return sum(
        one.debit_amount_currency * one[side].balance / one[side].amount_currency
        for one in partials
    )
