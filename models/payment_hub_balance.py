# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta
from itertools import accumulate

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..engine import providers
from ..engine.effects import DISCLOSURES, EFFECTS
from .money import amount_to_float

ASSET = "[('account_type', '=', 'asset_current'), ('reconcile', '=', True)]"
# So far apart may be the moments of which a provider tells an event and its balance.
NEAR = timedelta(minutes=5)
ACCOUNTS = ("clearing_account_id", "reserve_account_id", "transit_account_id")


class PaymentHubBalance(models.Model):
    """What a provider owes in one currency, and the accounts that show it.

    Clearing and reserve together are the provider's balance at any instant.
    """

    _name = "payment.hub.balance"
    _description = "Provider Balance"
    _order = "connection_id, currency_id"
    _check_company_auto = True

    connection_id = fields.Many2one(
        "payment.hub.connection", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one("res.currency", required=True)
    currency = fields.Char(
        string="Currency Code", related="currency_id.name", store=True
    )
    clearing_account_id = fields.Many2one(
        "account.account",
        required=True,
        check_company=True,
        domain=ASSET,
        help="The receivable from the provider: what it owes and has not paid out.",
    )
    reserve_account_id = fields.Many2one(
        "account.account",
        check_company=True,
        domain=ASSET,
        help="What the provider keeps back as security.",
    )
    transit_account_id = fields.Many2one(
        "account.account",
        check_company=True,
        domain=ASSET,
        help="Payouts on their way to the bank, and top-ups on their way from it.",
    )
    inbound_method_line_id = fields.Many2one(
        "account.payment.method.line", compute="_compute_method_lines"
    )
    outbound_method_line_id = fields.Many2one(
        "account.payment.method.line", compute="_compute_method_lines"
    )

    opening = fields.Monetary(
        help="What the provider owed before the first event that the hub knows: "
        "negative when you owed it. Book the same amount on the clearing account by "
        "hand, as an opening entry; the hub does not."
    )
    booked = fields.Monetary(
        string="In the Ledger",
        compute="_compute_proof",
        help="Clearing and reserve together, as posted.",
    )
    owed = fields.Monetary(
        string="Owed by the Provider",
        compute="_compute_proof",
        help="The opening, and what the posted events add up to.",
    )
    waiting = fields.Monetary(
        string="Waiting for Entries",
        compute="_compute_proof",
        help="Decided, and booked when its day is over or its settlement is proven.",
    )
    difference = fields.Monetary(
        compute="_compute_proof",
        help="Anything but zero was booked on these accounts by somebody else.",
    )
    unposted_count = fields.Integer(
        string="Events Not Posted",
        compute="_compute_proof",
        help="They moved the balance, and wait for a rule or a person.",
    )

    reported = fields.Monetary(
        string="Reported by the Provider",
        compute="_compute_reported",
        help="Pending, available and reserved together, as the provider last told.",
    )
    reported_at = fields.Datetime(string="Reported for", compute="_compute_reported")
    unexplained = fields.Monetary(
        string="Not Explained",
        compute="_compute_reported",
        help="What was reported, less the opening and the posted events up to that "
        "moment. Events that are not posted explain nothing.",
    )

    _once = models.UniqueIndex(
        "(connection_id, currency_id)",
        "The connection has a balance in this currency already.",
    )

    @api.depends(
        "clearing_account_id",
        "connection_id.journal_id.inbound_payment_method_line_ids.payment_account_id",
        "connection_id.journal_id.outbound_payment_method_line_ids.payment_account_id",
    )
    def _compute_method_lines(self):
        for balance in self:
            journal = balance.connection_id.journal_id
            account = balance.clearing_account_id
            for direction in ("inbound", "outbound"):
                lines = journal[f"{direction}_payment_method_line_ids"]
                balance[f"{direction}_method_line_id"] = lines.filtered(
                    lambda line, account=account: line.payment_account_id == account
                )[:1]

    def _compute_proof(self):
        for balance in self:
            booked = balance._booked()
            posted, waiting, balance.unposted_count = balance._owed()
            balance.booked, balance.waiting = booked, waiting
            posted += balance.opening
            balance.owed = balance.currency_id.round(posted + waiting)
            balance.difference = balance.currency_id.round(booked - posted)

    def _compute_reported(self):
        for balance in self:
            reading = balance._reading()
            balance.reported, balance.reported_at = reading.amount, reading.at
            balance.unexplained = balance._unexplained(reading)

    def _booked(self):
        accounts = self.clearing_account_id | self.reserve_account_id
        [[booked]] = self.env["account.move.line"]._read_group(
            [
                ("account_id", "in", accounts.ids),
                ("currency_id", "=", self.currency_id.id),
                ("parent_state", "=", "posted"),
            ],
            aggregates=["amount_currency:sum"],
        )
        return booked

    def _owed(self):
        """What booked and waiting postings add up to; how many events have none."""
        self.env.flush_all()
        [(posted, waiting, exponent, unposted)] = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(sum(moved_minor) FILTER (WHERE move_id > 0), 0),
                       COALESCE(sum(moved_minor) FILTER (WHERE move_id IS NULL), 0),
                       max(moved_exponent),
                       (SELECT count(*) FROM payment_hub_event event
                         WHERE event.connection_id = %(connection)s
                           AND event.currency = %(currency)s
                           AND event.amount_minor > 0
                           AND event.type IN %(types)s
                           AND (event.settled_minor <> 0
                                OR event.type NOT IN %(disclosures)s)
                           AND NOT EXISTS (
                               SELECT FROM payment_hub_posting posting
                                WHERE posting.event_id = event.id
                                  AND posting.is_reversed IS NOT TRUE))
                  FROM payment_hub_posting posting
                 WHERE %(moved)s
                """,
                connection=self.connection_id.id,
                currency=self.currency,
                types=tuple(EFFECTS),
                moved=self._moved(),
                disclosures=DISCLOSURES,
            )
        )
        posted, waiting = (amount_to_float(one, exponent) for one in (posted, waiting))
        return posted, waiting, unposted

    def _moved(self):
        """The postings that the provider's balance felt; reserves are a part of it."""
        return SQL(
            "posting.connection_id = %s AND posting.moved_currency = %s"
            " AND posting.is_on_balance AND posting.is_reversed IS NOT TRUE"
            " AND posting.kind <> 'reserve'",
            self.connection_id.id,
            self.currency,
        )

    def _reading(self, until=None):
        """The newest reading, or the newest one that is not younger than ``until``."""
        return self.env["payment.hub.reading"].search(
            [
                ("connection_id", "=", self.connection_id.id),
                ("currency", "=", self.currency),
                *([("at", "<=", until)] if until else []),
            ],
            limit=1,
        )

    def _unexplained(self, reading):
        """What the provider reported beyond what the hub knows of; 0 without a reading.

        It counts what occurred, booked or not yet. Of all that the events added up to
        about that moment the nearest counts: to the second, nobody's clock is right.
        """
        if not reading:
            return 0.0
        reported = reading.amount - self.opening
        differences = [reported - total for total in self._totals(reading.at)]
        return self.currency_id.round(min(differences, key=abs))

    def _totals(self, moment):
        """What the events added up to shortly before a moment, and after each since."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT CASE WHEN event.occurred_at > %(start)s
                            THEN event.occurred_at END AS step,
                       sum(posting.moved_minor), max(posting.moved_exponent)
                  FROM payment_hub_posting posting
                  JOIN payment_hub_event event ON event.id = posting.event_id
                 WHERE event.occurred_at <= %(end)s AND %(moved)s
                 GROUP BY step
                 ORDER BY step
                """,
                start=moment - NEAR,
                end=moment + NEAR,
                moved=self._moved(),
            )
        )
        steps = {step: amount_to_float(*amount) for step, *amount in rows}
        before = steps.pop(None, 0.0)
        return accumulate(steps.values(), initial=before)

    @api.model
    def _cron_prove(self):
        """Tell somebody when accounts or provider hold what no event explains."""
        for balance in self.search([("connection_id.state", "=", "active")]):
            exceptions = self.env["payment.hub.exception"]
            exceptions._clearing_proven(balance)
            exceptions._balance_explained(balance)
            if exceptions._of_waiting_exchange(balance):
                self.env["payment.hub.exchange"]._try_again(balance.connection_id)
            self.env["ir.cron"]._commit_progress(1)

    @api.constrains(*ACCOUNTS, "currency_id")
    def _check_accounts_usable(self):
        """Also of what is imported: the lists offer nothing else."""
        for balance in self:
            accounts = [balance[name] for name in ACCOUNTS if balance[name]]
            taken = (balance.company_id.currency_id | balance.currency_id).ids
            usable = [("reconcile", "=", True), ("internal_group", "=", "asset")]
            usable += [("active", "=", True), ("currency_id", "in", [False, *taken])]
            for account in accounts:
                if accounts.count(account) > 1 or not account.filtered_domain(usable):
                    raise ValidationError(
                        self.env._(
                            "%(connection)s %(currency)s, %(account)s: choose for each "
                            "purpose another active asset account that allows "
                            "reconciliation and takes %(currency)s.",
                            connection=balance.connection_id.name,
                            currency=balance.currency,
                            account=account.display_name,
                        )
                    )

    @api.constrains(*ACCOUNTS)
    def _check_accounts_of_its_own(self):
        """An account shared by two connections could prove neither's balance."""
        for balance in self:
            mine = {balance[name].id for name in ACCOUNTS} - {False}
            for name in ACCOUNTS:
                other = self.search(
                    [
                        (name, "in", list(mine)),
                        ("connection_id", "!=", balance.connection_id.id),
                    ],
                    limit=1,
                )
                if other:
                    raise ValidationError(
                        self.env._(
                            "%(account)s belongs to %(connection)s already: give each "
                            "connection accounts of its own.",
                            account=other[name].display_name,
                            connection=other.connection_id.name,
                        )
                    )

    def _is_ready(self):
        """Whether captures and refunds can be booked."""
        return bool(self.inbound_method_line_id and self.outbound_method_line_id)

    def _is_complete(self):
        """Whether nothing is left to set up."""
        return bool(
            self._is_ready() and self.reserve_account_id and self.transit_account_id
        )

    def write(self, vals):
        before = {balance: balance.opening for balance in self}
        result = super().write(vals)
        for balance, opening in before.items():
            if balance.opening != opening:
                balance._tell_opening(opening)
        return result

    def _tell_opening(self, before):
        self.connection_id.message_post(
            body=self.env._(
                "Opening of the balance in %(currency)s: %(before)s → %(after)s",
                currency=self.currency,
                before=before,
                after=self.opening,
            )
        )

    def action_open_readings(self):
        """Open all that the provider has reported of this balance."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "payment_hub.payment_hub_reading_action"
        )
        action["domain"] = [
            ("connection_id", "=", self.connection_id.id),
            ("currency", "=", self.currency),
        ]
        return action

    # === set-up ===

    def _set_up(self):
        """Make the accounts and method lines that are missing."""
        labels = {
            "reserve_account_id": self.env._("Reserve"),
            "transit_account_id": self.env._("In Transit"),
        }
        for balance in self:
            for name, label in labels.items():
                if not balance[name]:
                    balance[name] = balance._create_account(label)
            balance._create_method_lines()

    @api.model
    def _create_for(self, connection, currency):
        """Make a balance with all its accounts."""
        balance = self.new({"connection_id": connection.id, "currency_id": currency.id})
        clearing = balance._create_account(self.env._("Clearing"))
        balance = self.create(
            {
                "connection_id": connection.id,
                "currency_id": currency.id,
                "clearing_account_id": clearing.id,
            }
        )
        balance._set_up()
        return balance

    def _create_account(self, label):
        connection = self.connection_id
        company = connection.company_id
        currency = self.currency_id
        suffix = "" if currency == company.currency_id else f" {currency.name}"
        Account = self.env["account.account"].with_company(company)
        return Account.create(
            {
                "name": f"{self._owner_name()} {label}{suffix}",
                "code": Account._search_new_account_code("101700"),
                "account_type": "asset_current",
                "reconcile": True,
                "company_ids": [fields.Command.set(company.ids)],
            }
        )

    def _owner_name(self):
        """The provider's name; the connection's, where there are several of one."""
        connection = self.connection_id
        others = connection.search_count(
            [
                ("company_id", "=", connection.company_id.id),
                ("provider", "=", connection.provider),
                ("id", "!=", connection.id),
            ],
            limit=1,
        )
        return connection.name if others else providers.get(connection.provider).label

    def _create_method_lines(self):
        """Own lines, whose outstanding account is the clearing account."""
        company_currency = self.company_id.currency_id
        suffix = "" if self.currency_id == company_currency else f" {self.currency}"
        for direction, short in (("inbound", "in"), ("outbound", "out")):
            if self[f"{direction}_method_line_id"]:
                continue
            method = self.env.ref(f"account.account_payment_method_manual_{short}")
            self.env["account.payment.method.line"].create(
                {
                    "name": f"Payment Hub{suffix}",
                    "journal_id": self.connection_id.journal_id.id,
                    "payment_method_id": method.id,
                    "payment_account_id": self.clearing_account_id.id,
                }
            )
