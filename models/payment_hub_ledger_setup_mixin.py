# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class PaymentHubLedgerSetupMixin(models.AbstractModel):
    """What a connection needs to be booked: journal, accounts, method lines."""

    _name = "payment.hub.ledger.setup.mixin"
    _description = "Set-Up of a Connection's Ledger"

    clearing_account_id = fields.Many2one(
        "account.account",
        compute="_compute_clearing_account_id",
        inverse="_inverse_clearing_account_id",
        check_company=True,
        domain="[('account_type', '=', 'asset_current'), ('reconcile', '=', True)]",
        help="Of the balance in the company's currency.",
    )
    is_ledger_complete = fields.Boolean(compute="_compute_is_ledger_complete")

    def _main_balance(self):
        """The balance in the company's currency."""
        own = self.company_id.currency_id
        return self.balance_ids.filtered(lambda balance: balance.currency_id == own)

    @api.depends("balance_ids.clearing_account_id", "company_id.currency_id")
    def _compute_clearing_account_id(self):
        for connection in self:
            connection.clearing_account_id = (
                connection._main_balance().clearing_account_id
            )

    def _inverse_clearing_account_id(self):
        for connection in self.filtered("clearing_account_id"):
            account = connection.clearing_account_id
            balance = connection._main_balance()
            if balance:
                balance.clearing_account_id = account
            else:
                self.env["payment.hub.balance"].create(
                    {
                        "connection_id": connection.id,
                        "currency_id": connection.company_id.currency_id.id,
                        "clearing_account_id": account.id,
                    }
                )

    @api.depends(
        "journal_id",
        "company_id.currency_id",
        "balance_ids.currency_id",
        "balance_ids.reserve_account_id",
        "balance_ids.transit_account_id",
        "balance_ids.inbound_method_line_id",
        "balance_ids.outbound_method_line_id",
    )
    def _compute_is_ledger_complete(self):
        for connection in self:
            connection.is_ledger_complete = bool(
                connection.journal_id
                and connection._main_balance()
                and all(balance._is_complete() for balance in connection.balance_ids)
            )

    def _is_ledger_ready(self):
        """Whether postings can be booked: journal, accounts, method lines."""
        self.ensure_one()
        return bool(
            self.journal_id.active
            and self.balance_ids
            and all(balance._is_ready() for balance in self.balance_ids)
        )

    def action_set_up_ledger(self):
        """Make the journal, and a balance in the company's currency.

        What is there already is kept, so that it can be run again without harm.
        """
        self._check_manager()
        for connection in self.sudo():
            if not connection.journal_id:
                connection.journal_id = connection._create_journal()
            if not connection._main_balance():
                self.env["payment.hub.balance"].sudo()._create_for(
                    connection, connection.company_id.currency_id
                )
            connection.balance_ids._set_up()

    def _create_journal(self):
        return self.env["account.journal"].create(
            {"name": self.name, "type": "bank", "company_id": self.company_id.id}
        )
