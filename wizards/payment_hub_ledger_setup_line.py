# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import LazyTranslate

from ..models.mapping_treatments import (
    POSTABLE,
    ROLES,
    effect_of,
    is_built_in,
    treatments_of,
)

_lt = LazyTranslate(__name__)


class Purpose(NamedTuple):
    """What an account is for: how it is named, and by which words it is known."""

    name: str
    account_type: str
    reconcile: bool = False
    words: tuple = ()
    fee_kind: str = ""


# By role; deposits are what the type payment.captured may have an account for, and
# interest is a kind of fee.
PURPOSES = {
    "fee": Purpose(
        _lt("Payment Provider Fees"),
        "expense",
        words=("payment provider fee", "bank fee", "bank charge"),
    ),
    "interest": Purpose(
        _lt("Interest to Payment Providers"),
        "expense",
        words=("interest expense", "interest paid", "financial expense"),
        fee_kind="interest",
    ),
    "fee_tax": Purpose(_lt("Tax on Payment Provider Fees"), "asset_current", True),
    "dispute_hold": Purpose(
        _lt("Disputed Payments"),
        "asset_current",
        True,
        ("disputed payment", "chargeback"),
    ),
    "dispute_loss": Purpose(
        _lt("Lost Payment Disputes"), "expense", words=("dispute", "chargeback")
    ),
    "conversion": Purpose(
        _lt("Payment Provider Currency Conversion"),
        "expense",
        words=("foreign exchange loss", "exchange difference"),
    ),
    "tax_withheld": Purpose(
        _lt("Tax Withheld by Payment Providers"),
        "asset_current",
        words=("withheld by payment", "withholding tax"),
    ),
    "connected_payable": Purpose(
        _lt("Due to Connected Accounts"),
        "liability_current",
        True,
        ("connected account",),
    ),
    "platform_revenue": Purpose(
        _lt("Platform Fees Earned"), "income", words=("platform fee",)
    ),
    "loan": Purpose(
        _lt("Advances of Payment Providers"),
        "liability_current",
        True,
        ("advances of payment", "merchant cash advance"),
    ),
    # Never the bank's own suspense account: a bank statement empties that.
    "suspense": Purpose(_lt("Payment Provider Suspense"), "asset_current", True),
    "deposit": Purpose(
        _lt("Customer Deposits"),
        "liability_current",
        True,
        ("customer deposit", "customer prepayment", "advances from customers"),
    ),
}
OPTIONAL = ("deposit",)


class PaymentHubLedgerSetupLine(models.TransientModel):
    """An account to use for one purpose, and the rows that name it."""

    _name = "payment.hub.ledger.setup.line"
    _description = "Account to Set Up"
    _check_company_auto = True

    setup_id = fields.Many2one(
        "payment.hub.ledger.setup", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="setup_id.company_id")
    purpose = fields.Selection(
        [
            *ROLES,
            ("interest", "Interest on Loans"),
            ("deposit", "Deposit without Invoice"),
        ],
        string="For",
        required=True,
    )
    is_wanted = fields.Boolean(string="Set Up", default=True)
    account_id = fields.Many2one(
        "account.account",
        check_company=True,
        domain="[('account_type', 'not in',"
        " ('off_balance', 'asset_cash', 'liability_credit_card'))]",
        help="Empty: a new account is made.",
    )
    new_code = fields.Char()
    new_name = fields.Char()
    missing = fields.Char(
        string="Rows to Add",
        compute="_compute_missing",
        help="Types of event without a row for the whole company.",
    )

    @api.depends("purpose", "company_id")
    def _compute_missing(self):
        for line in self:
            line.missing = ", ".join(self._missing(line.company_id, line.purpose))

    # === propose ===

    @api.model
    def _propose(self, company, purpose, taken):
        """Values of a line: the account in use, one that suits, or a new one.

        :param set taken: codes that earlier lines propose; gets one more
        """
        wanted = PURPOSES[purpose]
        in_use = self._account_in_use(company, purpose)
        account = in_use or self._suitable(company, purpose)
        vals = {
            "purpose": purpose,
            "account_id": account.id,
            "is_wanted": bool(purpose not in OPTIONAL or in_use),
        }
        if not account and self._missing(company, purpose):
            code = self._free_code(company, wanted.account_type, taken)
            taken.add(code)
            vals |= {"new_code": code, "new_name": str(wanted.name)}
        return vals

    @api.model
    def _event_types(self, purpose):
        if purpose == "deposit":
            return ["payment.captured"]
        if PURPOSES[purpose].fee_kind:
            purpose = "fee"
        return [
            name
            for name in POSTABLE
            if effect_of(name).role == purpose and not is_built_in(name)
        ]

    @api.model
    def _rows(self, company, purpose):
        """The rows for the whole company; archived ones, too: a person did that."""
        fee_kind = PURPOSES[purpose].fee_kind
        return (
            self.env["payment.hub.mapping"]
            .with_context(active_test=False)
            .search(
                [
                    ("company_id", "=", company.id),
                    ("event_type", "in", self._event_types(purpose)),
                    ("fee_kind", "=", fee_kind or False),
                    ("specificity", "=", 2 if fee_kind else 1),
                ]
            )
        )

    @api.model
    def _missing(self, company, purpose):
        present = set(self._rows(company, purpose).mapped("event_type"))
        return [name for name in self._event_types(purpose) if name not in present]

    @api.model
    def _account_in_use(self, company, purpose):
        return self._rows(company, purpose).account_id.filtered("active")[:1]

    @api.model
    def _accounts_of(self, company):
        """The model of accounts, seen from the company alone."""
        return (
            self.env["account.account"]
            .sudo()
            .with_company(company)
            .with_context(allowed_company_ids=company.ids)
        )

    @api.model
    def _suitable(self, company, purpose):
        wanted = PURPOSES[purpose]
        Account = self._accounts_of(company)
        domain = [
            *Account._check_company_domain(company),
            ("currency_id", "in", (False, company.currency_id.id)),
        ]
        if purpose == "conversion":
            exchange = company.expense_currency_exchange_account_id
            if found := Account.search([*domain, ("id", "=", exchange.id)]):
                return found
        domain.append(("account_type", "=", wanted.account_type))
        if wanted.reconcile:
            domain.append(("reconcile", "=", True))
        for name in (str(wanted.name), *wanted.words):
            if found := Account.search([*domain, ("name", "ilike", name)], limit=1):
                return found
        return Account

    @api.model
    def _free_code(self, company, account_type, taken):
        """A free code after those of the most similar accounts."""
        Account = self._accounts_of(company)
        mine = Account.search(Account._check_company_domain(company))
        group = account_type.split("_")[0]
        similar = (
            mine.filtered(lambda one: one.account_type == account_type and one.code)
            or mine.filtered(lambda one: one.internal_group == group and one.code)
            or mine.filtered("code")
        )
        start = similar.sorted("code")[-1:].code or "100000"
        return Account._search_new_account_code(start, {start, *taken})

    # === apply ===

    def _apply(self):
        """Make the account and the rows that are missing."""
        self.ensure_one()
        missing = self._missing(self.company_id, self.purpose)
        if not missing:
            return
        account = self.account_id or self._create_account()
        try:
            self.env["payment.hub.mapping"].create(
                [
                    {
                        "company_id": self.company_id.id,
                        "event_type": name,
                        "fee_kind": PURPOSES[self.purpose].fee_kind or False,
                        "treatment": self._treatment(name),
                        "account_id": account.id,
                    }
                    for name in missing
                ]
            )
        except ValidationError as error:
            purposes = self._fields["purpose"]._description_selection(self.env)
            raise UserError(
                self.env._(
                    "%(why)s\n\nNothing was set up. Untick “%(purpose)s” to do without "
                    "its rows.",
                    why=error,
                    purpose=dict(purposes)[self.purpose],
                )
            ) from error

    def _treatment(self, event_type):
        if self.purpose == "suspense":
            return "suspense"
        return treatments_of(event_type)[0]

    def _create_account(self):
        wanted = PURPOSES[self.purpose]
        return self._accounts_of(self.company_id).create(
            {
                "name": self.new_name or str(wanted.name),
                "code": self.new_code
                or self._free_code(self.company_id, wanted.account_type, ()),
                "account_type": wanted.account_type,
                "reconcile": wanted.reconcile,
                "company_ids": [fields.Command.set(self.company_id.ids)],
            }
        )
