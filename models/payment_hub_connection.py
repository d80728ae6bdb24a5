# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import secrets
from datetime import datetime, timezone
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.base.models.res_partner import _tz_get

from ..engine import providers
from . import vault
from .grouped_lines import GRANULARITIES
from .payment_hub_secret import SIGNING

WEBHOOK_PATH = "/payment_hub/webhook/"


class PaymentHubConnection(models.Model):
    """One provider account in one environment for one company.

    Nothing but the token in the webhook's URL leads to a connection, and nothing but
    the connection decides on company, secret, environment and journal.
    """

    _name = "payment.hub.connection"
    _description = "Provider Connection"
    _inherit = [
        "payment.hub.token.mixin",
        "payment.hub.api.mixin",
        "payment.hub.job.mixin",
        "payment.hub.ledger.setup.mixin",
        "mail.thread",
    ]
    _order = "company_id, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    provider = fields.Selection(
        lambda self: [(code, item.label) for code, item in providers.PROVIDERS.items()],
        required=True,
        default="stripe",
        tracking=True,
    )
    environment = fields.Selection(
        [("live", "Live"), ("test", "Test")],
        required=True,
        default="test",
        tracking=True,
        help="An event of the other environment becomes an exception.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        tracking=True,
    )
    state = fields.Selection(
        [("draft", "Draft"), ("active", "Active"), ("disabled", "Disabled")],
        required=True,
        readonly=True,
        copy=False,
        default="draft",
        tracking=True,
    )
    provider_account = fields.Char(
        tracking=True,
        help="The provider's account whose events this connection takes.",
    )
    options = fields.Json(
        copy=False, help="What the provider's messages do not tell, by name."
    )
    tz = fields.Selection(
        _tz_get,
        string="Time Zone",
        required=True,
        default=lambda self: self.env.user.tz or "UTC",
        tracking=True,
        help="The day of an event in this zone is the date of its journal entry.",
    )
    token = fields.Char(
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: secrets.token_urlsafe(32),
        groups="payment_hub.group_manager",
    )
    webhook_url = fields.Char(
        string="Webhook URL",
        compute="_compute_webhook_url",
        store=True,
        readonly=False,
        copy=False,
        groups="payment_hub.group_manager",
        help="As registered at the provider: some sign it together with the message.",
    )
    secret_ids = fields.One2many(
        "payment.hub.secret",
        "connection_id",
        string="Secrets",
        context={"active_test": False},
        groups="payment_hub.group_manager",
    )
    is_without_secret = fields.Boolean(compute="_compute_is_without_secret")
    journal_id = fields.Many2one(
        "account.journal",
        check_company=True,
        copy=False,
        tracking=True,
        domain="[('type', '=', 'bank')]",
        help="Captures and refunds are booked here. One journal for each connection.",
    )
    balance_ids = fields.One2many("payment.hub.balance", "connection_id")
    reported_balance_ids = fields.One2many(
        "payment.hub.balance", "connection_id", string="Reported Balances"
    )
    calendar_ids = fields.One2many(
        "payment.hub.calendar",
        "connection_id",
        string="Provider's Calendar",
        help="Fees, disputes and payouts are dated by it; without one, by the "
        "connection's time zone.",
    )
    granularity = fields.Selection(
        GRANULARITIES,
        string="Entry for Each",
        required=True,
        default="event",
        tracking=True,
        help="Of a day, or of a settlement that is proven, there is one entry with a "
        "line for each invoice, and one for all fees of a kind. A row of the account "
        "mapping may say otherwise. Where the provider tells no settlements, it is the "
        "day.",
    )
    turn = fields.Integer(
        readonly=True, copy=False, help="Raised by every drain of the lane."
    )
    drained_at = fields.Datetime(string="Last Drain", readonly=True, copy=False)
    refusal_ids = fields.One2many("payment.hub.refusal", "connection_id")
    refusal_count_ids = fields.One2many("payment.hub.refusal.count", "connection_id")
    today_delivery_count = fields.Integer(compute="_compute_today")
    today_payment_count = fields.Integer(compute="_compute_today")
    today_posting_count = fields.Integer(compute="_compute_today")
    today_refusal_count = fields.Integer(compute="_compute_today")
    pending_count = fields.Integer(compute="_compute_today")
    open_exception_count = fields.Integer(compute="_compute_today")
    last_delivery_at = fields.Datetime(string="Last Delivery", compute="_compute_today")
    todo_lookup_count = fields.Integer(compute="_compute_todo_lookup_count")

    _token_unique = models.UniqueIndex("(token)")
    _journal_unique = models.UniqueIndex(
        "(journal_id)", "This journal belongs to another connection already."
    )

    # === computed ===

    @api.depends("token")
    def _compute_webhook_url(self):
        for connection in self:
            connection.webhook_url = (
                f"{connection.get_base_url()}{WEBHOOK_PATH}{connection.token}"
            )

    @api.depends("state", "secret_ids.active", "secret_ids.valid_until")
    def _compute_is_without_secret(self):
        for connection in self:
            connection.is_without_secret = (
                connection.state == "active" and not connection._active_secrets()
            )

    def _compute_today(self):
        for connection in self:
            midnight = connection._midnight_utc()
            mine = [("connection_id", "=", connection.id)]
            today = [*mine, ("create_date", ">=", midnight)]
            Delivery = self.env["payment.hub.delivery"]
            connection.today_delivery_count = Delivery.search_count(
                [*mine, ("received_at", ">=", midnight)]
            )
            connection.pending_count = Delivery.search_count(
                [*mine, ("state", "in", ("pending", "waiting"))]
            )
            connection.last_delivery_at = Delivery.search(
                mine, order="received_at desc", limit=1
            ).received_at
            connection.today_payment_count = self.env[
                "payment.hub.payment"
            ].search_count(today)
            connection.today_posting_count = self.env[
                "payment.hub.posting"
            ].search_count(today)
            connection.today_refusal_count = self.env[
                "payment.hub.refusal"
            ].search_count([*mine, ("refused_at", ">=", midnight)])
            connection.open_exception_count = self.env[
                "payment.hub.exception"
            ].search_count([*mine, ("is_open", "=", True)])

    def _compute_todo_lookup_count(self):
        counts = dict(
            self.env["payment.hub.lookup"]._read_group(
                [("connection_id", "in", self.ids), ("state", "=", "todo")],
                ["connection_id"],
                ["__count"],
            )
        )
        for connection in self:
            connection.todo_lookup_count = counts.get(connection._origin, 0)

    def _midnight_utc(self):
        """Start of the connection's today, as naive UTC."""
        local = datetime.now(ZoneInfo(self.tz or "UTC"))
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight.astimezone(timezone.utc).replace(tzinfo=None)

    # === rules ===

    @api.constrains("webhook_url")
    def _check_webhook_url(self):
        for connection in self:
            url = connection.webhook_url or ""
            parts = urlsplit(url)
            is_plain = parts.scheme in ("http", "https") and parts.hostname
            odd = parts.query or parts.fragment or parts.username or parts.password
            path = f"{WEBHOOK_PATH}{connection.token}"
            if not is_plain or odd or not parts.path.endswith(path):
                raise ValidationError(
                    self.env._(
                        "The webhook's URL must end with %s: change nothing but the "
                        "part before that.",
                        path,
                    )
                )

    def write(self, vals):
        if "options" in vals:
            for connection in self:
                connection._check_options_kept(vals["options"] or {})
        return super().write(vals)

    def _check_options_kept(self, options):
        """Settings to choose say what messages mean, and so which fact is which.

        Told under another one, what is posted already would be another fact.
        """
        known = self.options or {}
        for option in providers.get(self.provider).options:
            if not option.choices:
                continue
            default = option.choices[0][0]
            was = known.get(option.name) or default
            if was != (options.get(option.name) or default) and self._has_deliveries():
                raise UserError(
                    self.env._(
                        "%(name)s has received deliveries: its setting “%(setting)s” "
                        "cannot change. Make a new connection.",
                        name=self.name,
                        setting=option.label,
                    )
                )

    @api.constrains("company_id", "provider", "environment")
    def _check_unchanged_when_used(self):
        """What was received for one company never becomes another one's."""
        for connection in self:
            if connection._origin and connection._has_deliveries():
                raise ValidationError(
                    self.env._(
                        "%s has received deliveries: its company, provider and "
                        "environment cannot change. Make a new connection.",
                        connection.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for connection in self:
            if connection._has_deliveries():
                raise UserError(
                    self.env._(
                        "%s has received deliveries, which are evidence. "
                        "Disable it instead.",
                        connection.name,
                    )
                )

    def _has_deliveries(self):
        return bool(
            self.env["payment.hub.delivery"]
            .sudo()
            .search_count([("connection_id", "=", self.id)], limit=1)
        )

    # === actions ===

    def action_activate(self):
        """Start to accept deliveries."""
        self._check_manager()
        self.state = "active"

    @api.constrains("state", "journal_id", "balance_ids")
    def _check_can_be_active(self):
        """Fail closed: no secret, no webhook."""
        for connection in self.filtered(lambda item: item.state == "active"):
            connection._check_secrets_and_ledger()
            connection._check_account()
            connection._check_api_credentials()

    def _check_account(self):
        provider = providers.get(self.provider)
        if provider.is_account_required and not self.provider_account:
            raise UserError(
                self.env._(
                    "Enter the %s first: the messages name it, and one webhook may "
                    "bring those of several.",
                    provider.account_label,
                )
            )

    def _check_secrets_and_ledger(self):
        if not self._active_secrets():
            raise UserError(
                self.env._(
                    "Enter the signing secret of the webhook first; without it, "
                    "messages cannot be told from forgeries."
                )
            )
        try:
            for secret in self._active_secrets():
                secret._decrypt()
        except vault.VaultError as error:
            raise UserError(str(error)) from error
        if not self._is_ledger_ready():
            raise UserError(
                self.env._(
                    "Choose the journal and the clearing account first, "
                    "or let “Create Journal and Accounts” make them."
                )
            )

    def action_disable(self):
        """Stop to accept deliveries: the webhook answers 404."""
        self._check_manager()
        self.state = "disabled"

    def _active_secrets(self, name=SIGNING):
        """The secrets of one name that count now, the newest first."""
        self.ensure_one()
        now = fields.Datetime.now()
        return (
            self.sudo()
            .secret_ids.sorted("id", reverse=True)
            .filtered(
                lambda secret: (
                    secret.active
                    and secret.name == name
                    and (not secret.valid_until or secret.valid_until > now)
                )
            )
        )

    def _company_day(self, moment):
        """The day of a moment (aware) in the company's books."""
        return moment.astimezone(ZoneInfo(self.tz)).date()

    def _provider_day(self, moment):
        """The day of a moment (aware) in the provider's books."""
        for calendar in self.calendar_ids.sorted("valid_from", reverse=True):
            day = calendar._day(moment)
            if day >= calendar.valid_from:
                return day
        return self._company_day(moment)

    def action_open(self):
        """Open what the clicked counter counts: delivery, payment, posting …"""
        self.ensure_one()
        model = self.env.context["payment_hub_open"]
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"payment_hub.payment_hub_{model}_action"
        )
        action["domain"] = [("connection_id", "=", self.id)]
        return action

    def _check_manager(self):
        self.check_access("write")
        if not (self.env.su or self.env.user.has_group("payment_hub.group_manager")):
            raise UserError(
                self.env._("Only a Payment Hub manager may change connections.")
            )
