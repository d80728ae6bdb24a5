# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError

from ..engine import providers
from ..engine.effects import LOSS, SHARE, SHARE_RETURN
from ..engine.providers.base import Capability
from .mapping_treatments import ON_BEHALF, OWED_AGAIN, SHARES
from .money import amount_to_float, amount_to_minor
from .payment_hub_balance import ACCOUNTS
from .payment_hub_entry import APPLICATION, Refused, moves_taxes

# Roles that need no rule, because the balance has the account.
BALANCE_ACCOUNTS = {
    "reserve": "reserve_account_id",
    "payout_transit": "transit_account_id",
    "topup_transit": "transit_account_id",
}
CURRENCIES = "payment_hub.currencies"  # a cache of the transaction
CHECKED = "payment_hub.checked_rules"  # of the batch: what is wrong with a row
# Disputed money that a rule has given up at once needs no writing off.
GIVEN_UP = ("contra_revenue", "expense")


class Skipped(Exception):
    """A rule says that there is nothing to post."""


class PaymentHubDecision(models.AbstractModel):
    """Decides how a planned posting is booked: rule, date, accounts, document."""

    _name = "payment.hub.decision"
    _description = "Decision on Entries"

    @api.model
    def _decide(self, connection, entry, siblings, found, due):
        """Fill in the entry.

        :param dict siblings: {posting key: Entry} of the same group in this batch
        :raises Refused: when a person has to do something first
        :raises Skipped: when there is nothing to post
        """
        if not connection.journal_id.active:
            raise Refused("setup_incomplete", self.env._("The connection's journal."))
        entry.partner = self.env["res.partner"]
        entry.rule = self._rule_for(connection, entry)
        entry.taxes = entry.rule.tax_ids
        self._find_balance(connection, entry)
        self._find_parent(connection, entry, siblings, due)
        self._find_entity(connection, entry)
        documents = self.env["payment.hub.documents"]
        if entry.plan.far == "receivable":
            documents._find_for(connection, entry, found, due)
        elif entry.treatment == OWED_AGAIN:
            documents._find_for_loss(entry, siblings, due)
        else:
            self._find_account(entry)
        self._check_accounts(entry)
        self._date(connection, entry)
        self._value(entry.company, entry)
        entry.granularity = self._granularity(connection, entry)

    @api.model
    def _rule_for(self, connection, entry):
        rule = self._row(connection, entry.event, entry.criteria)
        if rule.treatment == "none":
            raise Skipped
        if rule.treatment == "manual":
            raise Refused("manual_posting", rule.display_name)
        self._check_rule(rule)
        return rule

    @api.model
    def _row(self, connection, event, criteria=None):
        """The row of the mapping for an event, may be empty."""
        day = connection._provider_day(event._moment("occurred"))
        rows = self.env["payment.hub.mapping"]
        return rows._choose(connection.company_id, criteria or event._criteria(), day)

    @api.model
    def _granularity(self, connection, entry):
        """One entry for each event, day or settlement.

        Odoo's own provider knows its payments one by one. What moves no balance, or
        comes back to it after the settlement, belongs to none; and what corrects a
        settlement cannot wait for its proof once more.
        """
        wanted = entry.rule.granularity or connection.granularity
        if entry.transaction or entry.plan.kind == APPLICATION:
            return "event"
        if wanted == "settlement":
            provider = providers.get(connection.provider)
            if Capability.BATCHES not in provider.capabilities:
                return "day"
            is_return = entry.plan.kind == "payout_return"
            paid_by = entry.parent.batch if entry.parent else False
            is_late = is_return and entry.batch in (False, paid_by)
            was_booked = any(
                one.move_id and one.posting_key == entry.posting_key
                for one in entry.group.events.posting_ids
            )
            if is_late or was_booked or not entry.is_on_balance:
                return "event"
        return wanted

    @api.model
    def _check_rule(self, rule):
        """Refuse a row that could not be saved as it is now: once in a batch each."""
        known = self.env.cr.cache.setdefault(CHECKED, {})
        if rule not in known:
            try:
                rule._check_still_usable()
                known[rule] = ""
            except UserError as error:
                known[rule] = str(error)
        if known[rule]:
            raise Refused("setup_incomplete", known[rule])

    @api.model
    def _check_accounts(self, entry):
        """Refuse accounts that were archived, wherever they come from."""
        for account in entry.near_account | entry.far_account:
            if not account.active:
                balance, place = entry.balance, ""
                for name in ACCOUNTS:
                    if balance[name] == account:
                        place = balance._fields[name]._description_string(self.env)
                raise Refused(
                    "setup_incomplete",
                    self.env._(
                        "%(account)s is archived: unarchive it, or replace it where it "
                        "stands: %(row)s %(field)s",
                        account=account.display_name,
                        row=f"{balance.connection_id.name} {balance.currency}"
                        if place
                        else entry.group.invoice.name or entry.plan.parent_key,
                        field=place,
                    ),
                )

    @api.model
    def _find_entity(self, connection, entry):
        """Set the company, which may be a branch, its journal and analytic accounts.

        What undoes another entry is that one's business, unless it says whose it is.
        """
        rule, parent = entry.rule, entry.parent
        entity = self.env["payment.hub.entity"]._entity_for(
            connection, entry.event._traits()
        )
        entry.entity_version_id = entity.version_id
        entry.company = entity.company_id or connection.company_id
        if parent and not entity._criteria().keys() - {"connection"}:
            entry.entity_version_id = parent.entity_version_id
            entry.company = parent.entity_company_id
            entity = entry.entity_version_id.entity_id.filtered(
                lambda row: row.company_id == entry.company  # and has not moved since
            )
        entry.journal = rule.journal_id or entity.journal_id or connection.journal_id
        entry.analytic = rule.analytic_distribution or entity.analytic_distribution
        self._check_rule(entity)
        if not entry.journal.active:  # of a row that is archived, too
            raise Refused(
                "setup_incomplete",
                self.env._(
                    "Journal %(journal)s of %(row)s is archived.",
                    journal=entry.journal.display_name,
                    row=entity.display_name,
                ),
            )

    # === accounts ===

    @api.model
    def _find_balance(self, connection, entry):
        code = entry.plan.moved.currency
        entry.balance = connection.balance_ids.filtered(
            lambda balance: balance.currency == code
        )
        if entry.is_on_balance and not entry.balance._is_ready():
            raise Refused(
                "setup_incomplete", self.env._("The connection's balance in %s.", code)
            )
        entry.near_account = entry.balance.clearing_account_id

    @api.model
    def _find_parent(self, connection, entry, siblings, due):
        """Find what the entry undoes: in this batch, or in the ledger."""
        key = entry.plan.parent_key
        if not key:
            return
        deposits = self.env["payment.hub.deposits"]
        if entry.plan.kind == APPLICATION:
            entry.parent = entry.group.posting(key)
            deposits._spend(entry, due)
        else:
            entry.parent = deposits._paid_by(entry, key, siblings, due)
        if not self._is_due(connection, entry):
            raise Skipped
        if not entry.parent:
            if key in entry.group.skipped:
                raise Skipped
            raise Refused("parent_missing")
        self._check_stands(entry.group.posting(key))

    @api.model
    def _is_due(self, connection, entry):
        """Whether what a platform would keep is a part of what it collects for others.

        Of a capture that is not booked yet its rule tells.
        """
        if entry.plan.kind != SHARE.kind:
            return True
        capture = entry.parent or self._row(
            connection, entry.group.event(entry.plan.parent_key)
        )
        return capture.treatment == ON_BEHALF

    @api.model
    def _check_stands(self, posting):
        """Refuse to undo what a person has taken out of the ledger."""
        if posting.move_id and posting.move_id.state != "posted":
            raise Refused(
                "parent_missing",
                self.env._("%s is not posted any more.", posting.move_id.display_name),
            )

    @api.model
    def _find_account(self, entry):
        plan, rule = entry.plan, entry.rule
        if plan.kind == LOSS.kind and entry.parent.treatment in GIVEN_UP:
            raise Skipped
        if plan.kind in (LOSS.kind, SHARE.kind):
            entry.near_account = entry.parent.far_account
        elif plan.kind == SHARE_RETURN.kind:
            entry.near_account = entry.parent.near_account
        if entry.parent and plan.kind not in (LOSS.kind, SHARE.kind):
            # What comes back goes where it came from, taxes and all.
            entry.far_account = entry.parent.far_account
            entry.taxes = entry.parent.taxes
            entry.analytic = entry.parent.analytic
        else:
            built_in = BALANCE_ACCOUNTS.get(plan.far)
            entry.far_account = rule.account_id or (
                built_in and entry.balance[built_in]
            )
        if not entry.far_account:
            if plan.far in BALANCE_ACCOUNTS:
                raise Refused(
                    "setup_incomplete",
                    self.env._("The connection's balance in %s.", plan.moved.currency),
                )
            if plan.kind == SHARE.kind:  # its event is of a type that has no rows
                missing = self.env._("A row of the type %s.", SHARES[plan.kind])
                raise Refused("setup_incomplete", missing)
            raise Refused("unmapped_event")
        entry.partner = self._partner_for(entry)

    @api.model
    def _partner_for(self, entry):
        if entry.parent and entry.plan.kind != LOSS.kind:
            return entry.parent.partner
        if entry.rule.partner_rule == "customer":
            return entry.group.invoice.commercial_partner_id
        return entry.rule.partner_id

    # === dates ===

    @api.model
    def _date(self, connection, entry):
        """The day that the rule names, moved only as the company has stated."""
        entry.due_date = self._day(connection, entry)
        entry.date = self._open_day(entry.company, entry.due_date, moves_taxes(entry))

    @api.model
    def _day(self, connection, entry):
        if entry.plan.kind == APPLICATION:
            return max(entry.parent.date, entry.document.date or entry.parent.date)
        kind = entry.rule.date_rule or "occurred"
        moment = entry.event._moment(kind) or entry.event._moment("occurred")
        if kind == "value" and entry.event._moment(kind):
            return moment.date()
        if entry.plan.far == "receivable":
            return connection._company_day(moment)
        return connection._provider_day(moment)

    @api.model
    def _open_day(self, company, wanted, has_taxes):
        """The day itself, or the one to which the company's policy moves it."""
        policy = company.payment_hub_lock_policy
        day = wanted
        while lock := self._lock(company, day, has_taxes):
            if policy != "next_open_day":
                raise Refused(
                    "reopening_requested"
                    if policy == "request_reopen"
                    else "locked_period",
                    self.env._(
                        "Accounting date %(date)s is locked up to %(lock)s.",
                        date=wanted,
                        lock=lock,
                    ),
                )
            day = lock + timedelta(days=1)
        return day

    @api.model
    def _lock(self, company, day, has_taxes):
        """The last lock date that the day violates, or None."""
        violations = company._get_lock_date_violations(
            day,
            fiscalyear=True,
            sale=False,
            purchase=False,
            tax=has_taxes,
            hard=True,
        )
        return max((lock_date for lock_date, _field in violations), default=None)

    # === amounts ===

    @api.model
    def _value(self, company, entry):
        """Set what the entry is worth in the company's currency.

        Where one of the sides is in that currency, the provider has told the value;
        else it is the company's rate of the day, and of a loss what was booked before.
        """
        far_currency = self._exact_currency(entry.plan.amount)
        near_currency = self._exact_currency(entry.plan.moved)
        own = company.currency_id
        if far_currency == own:
            entry.value = -entry.far_amount
        elif near_currency == own:
            entry.value = entry.near_amount
        elif not entry.is_on_balance:
            rate = abs(entry.parent.value / entry.parent.far_amount)
            entry.value = own.round(entry.near_amount * rate)
        else:
            self._check_rate(company, near_currency, entry.date)
            entry.value = near_currency._convert(
                entry.near_amount, own, company, entry.date
            )

    @api.model
    def _check_rate(self, company, currency, day):
        """Odoo takes 1 for a rate that is missing."""
        rates = currency.rate_ids.filtered(
            lambda rate: (
                rate.company_id in (company.root_id, company.browse())
                and rate.name <= day
            )
        )
        if not rates:
            raise Refused(
                "rate_missing",
                self.env._(
                    "%(currency)s on %(date)s.", currency=currency.name, date=day
                ),
            )

    @api.model
    def _exact_currency(self, money):
        """Refuse an amount that Odoo would round: its currency has fewer decimals."""
        currency = self._currency(money.currency)
        booked = currency.round(amount_to_float(money.minor, money.exponent))
        if amount_to_minor(booked, money.exponent) != money.minor:
            raise Refused(
                "amount_mismatch",
                self.env._(
                    "Odoo rounds %(currency)s to %(rounding)s; the amount is finer.",
                    currency=currency.name,
                    rounding=currency.rounding,
                ),
            )
        return currency

    @api.model
    def _currency(self, code):
        # Asked for twice by each entry of a batch.
        known = self.env.cr.cache.setdefault(CURRENCIES, {})
        if code not in known:
            currency = self.env["res.currency"].search([("name", "=", code)])
            if not currency:
                raise Refused("unknown_currency", self.env._("%s is not active.", code))
            known[code] = currency.id
        return self.env["res.currency"].browse(known[code])
