# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models

from .mapping_treatments import (
    KINDS_OF_ACCOUNT,
    ON_BEHALF,
    OWED_AGAIN,
    WITHOUT_ENTRY,
    effect_of,
    is_built_in,
    needs_account,
    takes_account,
    treatments_of,
)

LIQUIDITY = ("asset_cash", "liability_credit_card")
OF_PARTNERS = ("asset_receivable", "liability_payable")
WITH_PARTNER = ("provider", "connected_account")


class PaymentHubMappingCheckMixin(models.AbstractModel):
    """Refuses a row that could not be booked, when it is saved."""

    _name = "payment.hub.mapping.check.mixin"
    _description = "Checks of the Account Mapping"

    def _check_still_usable(self):
        """Check again what others may have changed since the row was saved."""
        super()._check_still_usable()
        self._check_account()
        self._check_taxes()

    @api.constrains("valid_from", "valid_to")
    def _check_validity(self):
        for row in self:
            if row.valid_from and row.valid_to and row.valid_from > row.valid_to:
                row._refuse(
                    "valid_to",
                    self.env._("the row ends before it begins, on %s.", row.valid_from),
                )

    @api.constrains("currency")
    def _check_currency(self):
        currencies = self.env["res.currency"].with_context(active_test=False)
        for row in self.filtered("currency"):
            if not currencies.search_count([("name", "=", row.currency)], limit=1):
                row._refuse(
                    "currency",
                    self.env._("enter a code of ISO 4217 that Odoo knows."),
                )

    @api.constrains("event_type", "treatment", "active")
    def _check_treatment(self):
        labels = dict(self._fields["treatment"]._description_selection(self.env))
        for row in self.filtered("active"):
            possible = treatments_of(row.event_type)
            if row.treatment not in possible:
                row._refuse(
                    "treatment",
                    self.env._(
                        "not possible for %(type)s. Choose one of: %(possible)s.",
                        type=row.event_type or self.env._("every type of event"),
                        possible=", ".join(labels[name] for name in possible),
                    ),
                )

    # === account ===

    @api.constrains(
        "event_type",
        "treatment",
        "account_id",
        "currency",
        "partner_rule",
        "company_id",
        "active",
    )
    def _check_account(self):
        for row in self.filtered(
            lambda row: row.active and row.treatment not in WITHOUT_ENTRY
        ):
            if row.account_id:
                row._check_account_counts()
                row._check_account_usable()
                row._check_account_kind()
                row._check_account_currency()
                row._check_account_partner()
            elif needs_account(row.event_type, row.treatment):
                row._refuse(
                    "account_id",
                    self.env._("enter an account: the treatment books to it."),
                )

    def _check_account_counts(self):
        if self.treatment == OWED_AGAIN:
            self._refuse(
                "account_id",
                self.env._("leave it empty: the invoice's own account is debited."),
            )
        if not takes_account(self.event_type, self.treatment):
            self._refuse(
                "account_id",
                self.env._(
                    "leave it empty: %s always goes to the account of what it belongs "
                    "to.",
                    self.event_type,
                ),
            )

    def _check_account_usable(self):
        """Refuse what would leave an entry or the provider's balance unbalanced."""
        account = self.account_id
        if not account.active:
            self._refuse(
                "account_id",
                self.env._("the account is archived. Unarchive it or choose another."),
            )
        if account.account_type == "off_balance":
            self._refuse(
                "account_id",
                self.env._(
                    "an off-balance account cannot stand in one entry with the "
                    "provider's balance."
                ),
            )
        if account.account_type in LIQUIDITY:
            self._refuse(
                "account_id",
                self.env._(
                    "choose no bank, cash or credit card account: the statements book "
                    "there."
                ),
            )
        if account in self._balance_accounts():
            self._refuse(
                "account_id",
                self.env._(
                    "the account shows a provider's balance; an entry against itself "
                    "would move nothing."
                ),
            )

    def _balance_accounts(self):
        """The accounts that together show what providers owe."""
        connections = self.env["payment.hub.connection"].search(
            [("company_id", "=", self.company_id.id)]
        )
        balances = connections.balance_ids
        return balances.clearing_account_id | balances.reserve_account_id

    def _check_account_kind(self):
        groups, is_open_item = KINDS_OF_ACCOUNT.get(self.treatment, ((), False))
        account = self.account_id
        if is_built_in(self.event_type):  # deposits, and money in transit
            groups, is_open_item = ("asset", "liability"), True
        if groups and account.internal_group not in groups:
            names = dict(
                account._fields["internal_group"]._description_selection(self.env)
            )
            self._refuse(
                "account_id",
                self.env._(
                    "its type does not suit the treatment; choose an account of type: "
                    "%s.",
                    ", ".join(names[group] for group in groups),
                ),
            )
        if is_open_item and not account.reconcile:
            self._refuse(
                "account_id",
                self.env._(
                    "what is booked there has to be cleared again: tick “Allow "
                    "Reconciliation” on the account, or choose another."
                ),
            )

    def _check_account_currency(self):
        forced = self.account_id.currency_id
        if not forced or forced == self.company_id.currency_id:
            return
        if self.currency != forced.name:
            self._refuse(
                "account_id",
                self.env._(
                    "the account takes %(forced)s only. Enter %(forced)s as Currency "
                    "Code of the row, or choose another account.",
                    forced=forced.name,
                ),
            )

    def _check_account_partner(self):
        if self.account_id.account_type not in OF_PARTNERS:
            return
        if is_built_in(self.event_type) and self.treatment != ON_BEHALF:
            self._refuse(
                "account_id",
                self.env._(
                    "%s is an account of partners. A deposit has no invoice that says "
                    "whose it is: choose a current liability.",
                    self.account_id.display_name,
                ),
            )
        if self.partner_rule == "none":
            self._refuse(
                "partner_rule",
                self.env._(
                    "%s is an account of partners: say whose the amount is.",
                    self.account_id.display_name,
                ),
            )

    # === partner, journal, taxes ===

    @api.constrains("partner_rule", "partner_id")
    def _check_partner(self):
        for row in self:
            if row.partner_rule in WITH_PARTNER and not row.partner_id:
                row._refuse("partner_id", self.env._("choose the partner."))
            if row.partner_rule not in WITH_PARTNER and row.partner_id:
                row._refuse(
                    "partner_id",
                    self.env._("leave it empty, or change the Partner Rule."),
                )

    @api.constrains("event_type", "journal_id", "active")
    def _check_journal_counts(self):
        for row in self.filtered(
            lambda row: row.active and row.event_type and row.journal_id
        ):
            if effect_of(row.event_type).role == "receivable":
                row._refuse(
                    "journal_id",
                    self.env._(
                        "leave it empty: what customers pay is booked in the "
                        "connection's journal."
                    ),
                )

    @api.constrains("event_type", "treatment", "tax_ids", "active")
    def _check_taxes(self):
        for row in self.filtered(lambda row: row.active and row.tax_ids):
            if row.treatment in ("hold", "suspense", OWED_AGAIN) or (
                row.event_type and is_built_in(row.event_type)
            ):
                row._refuse(
                    "tax_ids",
                    self.env._("only income and expense can contain taxes."),
                )
            for tax in row.tax_ids:
                row._check_tax(tax)

    def _check_tax(self, tax):
        if not tax.active:
            self._refuse(
                "tax_ids",
                self.env._("%s is archived. Unarchive or replace it.", tax.name),
            )
        country = self.company_id.account_fiscal_country_id
        if tax.country_id != country:
            self._refuse(
                "tax_ids",
                self.env._(
                    "%(tax)s is a tax of another country than %(country)s, the "
                    "company's fiscal country.",
                    tax=tax.name,
                    country=country.name,
                ),
            )
        parts = tax.flatten_taxes_hierarchy()
        for account in parts.repartition_line_ids.account_id:
            if not account.active:
                self._refuse(
                    "tax_ids",
                    self.env._(
                        "%(tax)s books to %(account)s, which is archived: unarchive it "
                        "or choose another in the tax.",
                        tax=tax.name,
                        account=account.display_name,
                    ),
                )
        if not all(map(_can_be_taken_out, parts)):
            self._refuse(
                "tax_ids",
                self.env._(
                    "%s cannot be taken out of an amount that contains it. Choose a "
                    "percentage or a fixed amount.",
                    tax.name,
                ),
            )


def _can_be_taken_out(tax):
    """Whether a total determines the base: of a formula, nobody can tell."""
    if tax.amount_type == "percent":
        return tax.amount > -100
    if tax.amount_type == "division":
        return tax.amount < 100
    return tax.amount_type == "fixed"
