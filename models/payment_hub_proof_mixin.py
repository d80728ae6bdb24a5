# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models

from .money import amount_to_minor, to_text

# Facts come later than the balance that has felt them: PayPal lists an entry up to
# three hours afterwards, and a message is sent again for hours.
PATIENCE = timedelta(hours=6)


class PaymentHubProofMixin(models.AbstractModel):
    """Exceptions about accounts that are not what they should be worth."""

    _name = "payment.hub.proof.mixin"
    _description = "Exceptions about Balances"

    @api.model
    def _clearing_proven(self, balance):
        """Open an exception while clearing and reserve hold what no event explains."""
        opened = self._of_balance(balance, "clearing_differs")
        if not balance.difference:
            opened._resolve()
            return
        # A person who closes it has seen the difference of that day.
        today = fields.Date.context_today(balance)
        subject = opened[:1].subject or f"balance:{balance.id}:{today}"
        account = balance.clearing_account_id.display_name
        self._open_difference(
            balance, subject, "clearing_differs", balance.difference, account
        )

    @api.model
    def _balance_explained(self, balance):
        """Open an exception when the provider owes what no event explains.

        The newest reading tells whether it is over, the newest one for which all facts
        should be known by now whether it has begun.
        """
        opened = self._of_unexplained(balance)
        newest = balance._reading()
        if not balance._unexplained(newest):
            opened._resolve()
            return
        settled = balance._reading(fields.Datetime.now() - PATIENCE)
        if amount := balance._unexplained(settled):
            # A person who closes it has seen this amount of that day: another day the
            # same amount may have another reason.
            subject = opened[:1].subject or (
                f"reading:{balance.id}:{settled.at.date()}:{amount}"
            )
            detail = self.env._(
                "Reported for %(at)s UTC: %(amount)s %(currency)s",
                at=settled.at,
                amount=to_text(settled.amount_minor, settled.exponent),
                currency=settled.currency,
            )
            self._open_difference(
                balance, subject, "balance_unexplained", amount, detail
            )

    @api.model
    def _exchange_waits(self, balance, line, refusal):
        """Open an exception: an exchange difference could not be realised.

        :param line: what has left the balance and stays open
        :param refusal: Refused, which tells why
        """
        opened = self._of_waiting_exchange(balance)
        # A person who closes it has seen what waited of that day.
        subject = opened[:1].subject or f"exchange:{balance.id}:{line.date}"
        amount = abs(line.amount_residual_currency)
        detail = self.env._(
            "%(account)s, what left on %(day)s: %(reason)s",
            account=line.account_id.display_name,
            day=line.date,
            reason=refusal.detail,
        )
        told = self._open_difference(
            balance, subject, "exchange_waiting", amount, detail
        )
        if refusal.cause == "reopening_requested" and told.is_open and not opened:
            told._ask_to_reopen()

    @api.model
    def _of_waiting_exchange(self, balance):
        return self._of_balance(balance, "exchange_waiting")

    @api.model
    def _of_unexplained(self, balance):
        return self._of_balance(balance, "balance_unexplained")

    @api.model
    def _of_balance(self, balance, cause):
        """The open exceptions of one balance."""
        opened = self._open_with_cause(balance.connection_id, cause)
        return opened.filtered(lambda one: one.currency == balance.currency)

    @api.model
    def _open_difference(self, balance, subject, cause, amount, detail):
        decimals = balance.currency_id.decimal_places
        return self.sudo()._open(
            balance.connection_id,
            subject,
            cause,
            {
                "currency": balance.currency,
                "exponent": decimals,
                "amount_minor": amount_to_minor(amount, decimals),
                "detail": detail,
            },
        )
