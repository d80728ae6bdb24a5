# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import secrets
import time
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import urlsplit

import requests

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..engine import providers
from ..engine.errors import EngineError
from ..engine.providers.base import Capability
from ..engine.providers.client import Unauthorized
from . import vault
from .payment_hub_secret import SIGNING

TEST_TIMEOUT = 10  # seconds


class PaymentHubApiMixin(models.AbstractModel):
    """What a connection asks of its provider, and what it needs for that."""

    _name = "payment.hub.api.mixin"
    _description = "Provider's API of a Connection"

    webhook_ref = fields.Char(
        string="Registered As",
        readonly=True,
        copy=False,
        tracking=True,
        help="The provider's id of the webhook that the hub has registered there.",
    )
    provider_account_label = fields.Char(compute="_compute_abilities")
    provider_account_help = fields.Char(compute="_compute_abilities")
    can_send_test = fields.Boolean(compute="_compute_abilities")
    can_check = fields.Boolean(compute="_compute_abilities")
    can_register = fields.Boolean(compute="_compute_abilities")
    can_ask_balance = fields.Boolean(compute="_compute_abilities")
    can_backfill = fields.Boolean(compute="_compute_abilities")
    can_import_report = fields.Boolean(compute="_compute_abilities")
    webhook_steps = fields.Text(compute="_compute_abilities")
    subscribed_events = fields.Text(
        string="Events to Subscribe To", compute="_compute_abilities"
    )
    is_url_public = fields.Boolean(compute="_compute_is_url_public")
    options_text = fields.Text(string="Settings", compute="_compute_options_text")

    @api.depends("provider")
    def _compute_abilities(self):
        """What this provider can do, wants to know, and calls it."""
        for connection in self:
            provider = providers.get(connection.provider)
            can = provider.capabilities
            connection.subscribed_events = "\n".join(provider.subscribed_events)
            connection.webhook_steps = provider.webhook_steps
            connection.provider_account_label = provider.account_label
            connection.provider_account_help = provider.account_help
            connection.can_send_test = Capability.TEST_MESSAGE in can
            connection.can_check = Capability.CHECK in can
            connection.can_register = Capability.REGISTER in can
            connection.can_ask_balance = Capability.BALANCE in can
            connection.can_backfill = Capability.BACKFILL in can
            connection.can_import_report = Capability.REPORTS in can

    @api.depends("webhook_url")
    def _compute_is_url_public(self):
        for connection in self:
            connection.is_url_public = _is_public(connection.sudo().webhook_url or "")

    @api.depends("provider", "options")
    def _compute_options_text(self):
        for connection in self:
            chosen = connection.options or {}
            connection.options_text = "\n".join(
                f"{option.label}: {dict(option.choices).get(value, value)}"
                for option in providers.get(connection.provider).options
                if (value := chosen.get(option.name))
            )

    def _client(self):
        """Return the engine's client of the provider's API, with our credentials.

        Raises UserError when there is no such API, or a credential cannot be
        decrypted or is none.
        """
        self.ensure_one()
        provider = providers.get(self.provider)
        if provider.client is None:
            raise UserError(
                self.env._("The hub does not use an API of %s.", provider.label)
            )
        try:
            return provider.client(
                {
                    item.name: secret._decrypt()
                    for item in provider.credentials
                    if (secret := self._active_secrets(item.name)[:1])
                },
                self.environment == "live",
                self.provider_account or "",
                self.options or {},
            )
        except (EngineError, vault.VaultError) as error:
            raise UserError(str(error)) from error

    def _demand(self, capability):
        """Return the provider. Raises UserError when it cannot do this."""
        provider = providers.get(self.provider)
        if capability not in provider.capabilities:
            raise UserError(
                self.env._("The hub cannot do this with %s.", provider.label)
            )
        return provider

    def _api_credentials(self):
        """Return what the provider declares for its API: (entered, not entered)."""
        entered, missing = [], []
        for item in providers.get(self.provider).credentials:
            if item.name != SIGNING:
                (entered if self._active_secrets(item.name) else missing).append(item)
        return entered, missing

    def _has_api_credentials(self):
        """Whether the API can be asked: those of some providers are optional."""
        entered, missing = self._api_credentials()
        return bool(entered or not missing)

    def _client_of(self, capability):
        """Return the client, for something that a person asked for.

        Raises UserError when the provider cannot do this, or a credential is missing.
        """
        self._demand(capability)
        self._check_api_credentials()
        entered, missing = self._api_credentials()
        if not entered:
            self._raise_missing(missing)
        return self._client()

    def _check_api_credentials(self):
        """Raise UserError when a credential that the API demands is missing."""
        _entered, missing = self._api_credentials()
        self._raise_missing([item for item in missing if item.is_required])

    def _raise_missing(self, missing):
        if missing:
            labels = "”, “".join(item.label for item in missing)
            raise UserError(self.env._("Enter “%s” first.", labels))

    # === credentials ===

    def _check_credentials(self):
        """Try the credentials; return the account that they belong to.

        Raises UserError when the provider refuses them, or cannot be asked.
        """
        client = self._client_of(Capability.CHECK)
        try:
            return client.check()
        except EngineError as error:
            raise UserError(
                self.env._(
                    "The credentials could not be confirmed by %(provider)s.\n\n"
                    "%(error)s",
                    provider=providers.get(self.provider).label,
                    error=error,
                )
            ) from error

    def action_check_credentials(self):
        """Ask the provider whose credentials these are, and show it."""
        self.ensure_one()
        self._check_manager()
        return self._notify(
            self.env._("The credentials work. Account: %s", self._check_credentials())
        )

    def _replace_secret(self, name, value, overlap_hours=0):
        """Take a new credential in place of the present one.

        :param overlap_hours: so long messages signed with the old one still count
        """
        self.ensure_one()
        old = self._active_secrets(name)
        self.env["payment.hub.secret"].create(
            {"connection_id": self.id, "name": name, "value": value}
        )
        if overlap_hours:
            until = fields.Datetime.now() + timedelta(hours=overlap_hours)
            old.filtered(
                lambda secret: not secret.valid_until or secret.valid_until > until
            ).valid_until = until
        else:
            old.active = False

    # === webhook ===

    def action_register_webhook(self):
        """Have the provider send its messages here; keep what signs them at once."""
        self.ensure_one()
        self._check_manager()
        provider = providers.get(self.provider)
        client = self._client_of(Capability.REGISTER)
        if self.webhook_ref and not self.env.context.get("payment_hub_again"):
            raise UserError(
                self.env._(
                    "This webhook is registered already, as %s.", self.webhook_ref
                )
            )
        # Odoo replays a request that loses a race; that would register twice.
        self.lock_for_update(allow_referencing=True)
        try:
            registration = client.register_webhook(
                self.webhook_url, provider.subscribed_events
            )
        except EngineError as error:
            raise UserError(
                self.env._(
                    "%(provider)s did not confirm the webhook.\n\n%(error)s\n\nLook "
                    "into its dashboard before you try again: the webhook may be "
                    "there. You can also make it there by hand.",
                    provider=provider.label,
                    error=error,
                )
            ) from error
        self.webhook_ref = registration.webhook_id
        if registration.secret:
            self._replace_secret(
                SIGNING, registration.secret, self._usual_overlap_hours()
            )
        return self._notify(
            self.env._("%s will send its messages to this webhook.", provider.label)
        )

    def _usual_overlap_hours(self):
        """How long the old signing secret still counts; 0 when nobody uses it yet."""
        active = self.state == "active"
        return providers.get(self.provider).overlap_hours if active else 0

    def action_ask_balance(self):
        """Ask the provider what it owes, and compare."""
        self.ensure_one()
        self.check_access("read")
        self.env["payment.hub.exception"]._check_operator()
        try:
            delivery = self.env["payment.hub.reading"]._ask(self)
        except EngineError as error:
            message = self.env._(
                "%(provider)s did not tell its balance.\n\n%(error)s",
                provider=providers.get(self.provider).label,
                error=error,
            )
            if isinstance(error, Unauthorized):
                # To raise an error would take the exception back.
                self.env["payment.hub.exception"]._credentials_refused(self, error)
                return self._notify(message, "danger")
            raise UserError(message) from error
        self.env["payment.hub.lane"]._process_now(delivery)
        action = self._notify(self.env._("The balances show what was reported."))
        action["params"]["next"] = {"type": "ir.actions.client", "tag": "soft_reload"}
        return action

    def action_send_test_event(self):
        """Send a signed test event to the own webhook over HTTP, like a provider."""
        self.ensure_one()
        self._check_manager()
        provider = self._demand(Capability.TEST_MESSAGE)
        if self.state != "active":
            raise UserError(self.env._("Activate the connection first."))
        body, headers = provider.test_request(
            self._active_secrets()[:1]._decrypt(),
            self.webhook_url,
            self.provider_account or "",
            f"evt_test_{secrets.token_hex(12)}",
            int(time.time()),
            self.environment == "live",
        )
        try:
            answer = requests.post(
                self.webhook_url,
                data=body,
                headers=headers,
                timeout=TEST_TIMEOUT,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            raise UserError(
                self.env._(
                    "%(url)s cannot be reached from this server (%(error)s). Check "
                    "the Webhook URL and the reverse proxy.",
                    url=self.webhook_url,
                    error=type(error).__name__,
                )
            ) from error
        if answer.status_code != 200:
            raise UserError(
                self.env._(
                    "The webhook answered %s. Refused Requests on the connection, or "
                    "Odoo's log, tells why.",
                    answer.status_code,
                )
            )
        return self._notify(self.env._("The test event was accepted; see Deliveries."))

    def _notify(self, message, kind="success"):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": kind, "message": message},
        }

    def action_onboard(self):
        """Go on with the set-up where it was left."""
        self.ensure_one()
        self._check_manager()
        return self.env["payment.hub.onboarding"]._resume(self)


def _is_public(url):
    """Whether a provider may reach it: https, and no name or number of a local net."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        is_global = ip_address(host).is_global
    except ValueError:
        is_global = "." in host and not host.endswith((".local", ".localhost", ".test"))
    return parts.scheme == "https" and is_global
