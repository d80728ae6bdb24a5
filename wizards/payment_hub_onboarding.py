# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.base.models.res_partner import _tz_get

from ..engine import providers
from ..engine.providers.base import Capability, Credential
from ..models.payment_hub_secret import SIGNING


class Step(NamedTuple):
    """One page. ``kind`` decides what is on it; ``item`` declares what it asks for."""

    key: str
    kind: str
    label: str
    help: str = ""
    item: Any = None


class PaymentHubOnboarding(models.TransientModel):
    """Leads from an account at a provider to a connection that works.

    The provider's declarations decide what is asked, one thing on each page. What was
    entered is kept on the connection at once, so that one can leave and resume.
    """

    _name = "payment.hub.onboarding"
    _description = "Connect a Provider"
    _inherit = "payment.hub.sealed.mixin"
    _rec_name = "title"

    connection_id = fields.Many2one(
        "payment.hub.connection", readonly=True, ondelete="cascade"
    )
    step = fields.Char(required=True, readonly=True, default="provider")
    kind = fields.Char(compute="_compute_step")
    title = fields.Char(compute="_compute_step")
    asked = fields.Char(compute="_compute_step")
    help_text = fields.Char(compute="_compute_step")
    is_required = fields.Boolean(compute="_compute_step")
    is_secret = fields.Boolean(compute="_compute_step")
    is_first = fields.Boolean(compute="_compute_step")
    known_hint = fields.Char(compute="_compute_step")
    is_known = fields.Boolean(compute="_compute_step")

    # kind: provider
    provider = fields.Selection(
        lambda self: [(code, item.label) for code, item in providers.PROVIDERS.items()],
        required=True,
    )
    environment = fields.Selection(
        [("live", "Live"), ("test", "Test")], required=True, default="test"
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    name = fields.Char(compute="_compute_name", store=True, readonly=False)
    tz = fields.Selection(
        _tz_get,
        string="Time Zone",
        required=True,
        default=lambda self: self.env.user.tz or "UTC",
        help="The day of an event in this zone is the date of its journal entry.",
    )

    # kinds: account, text, choice; credentials are in the sealed value
    text = fields.Char(string="Answer")
    choice = fields.Selection(selection="_selection_choice")
    choices = fields.Json(compute="_compute_step")

    # kind: test
    provider_label = fields.Char(compute="_compute_step")
    account_found = fields.Char(readonly=True)

    # kind: webhook
    webhook_url = fields.Char(
        related="connection_id.webhook_url", readonly=False, related_sudo=False
    )
    is_url_public = fields.Boolean(related="connection_id.is_url_public")
    can_register = fields.Boolean(related="connection_id.can_register")
    webhook_ref = fields.Char(related="connection_id.webhook_ref")
    webhook_steps = fields.Text(related="connection_id.webhook_steps")
    subscribed_events = fields.Text(related="connection_id.subscribed_events")

    # kind: ledger
    journal_id = fields.Many2one(
        related="connection_id.journal_id", readonly=False, related_sudo=False
    )
    clearing_account_id = fields.Many2one(
        related="connection_id.clearing_account_id", readonly=False, related_sudo=False
    )
    state = fields.Selection(related="connection_id.state")
    can_send_test = fields.Boolean(related="connection_id.can_send_test")
    is_tested = fields.Boolean(readonly=True)

    # === computed ===

    @api.model
    def _selection_choice(self):
        """The choices of all providers: a selection cannot differ between records."""
        return [
            (_choice_key(provider, option, value), label)
            for provider in providers.PROVIDERS.values()
            for option in provider.options
            for value, label in option.choices
        ]

    @api.depends("provider", "environment", "company_id")
    def _compute_name(self):
        """Propose a name that tells connections apart."""
        for wizard in self:
            provider = providers.PROVIDERS.get(wizard.provider)
            parts = [provider and provider.label, wizard.company_id.name]
            if wizard.environment == "test":
                parts.append(self.env._("(test)"))
            wizard.name = " ".join(filter(None, parts))

    @api.depends("step", "provider", "connection_id")
    def _compute_step(self):
        for wizard in self:
            steps = wizard._steps()
            step = wizard._step()
            provider = providers.PROVIDERS.get(wizard.provider)
            wizard.provider_label = provider.label if provider else ""
            wizard.kind = step.kind
            wizard.asked = step.item.label if step.item else ""
            wizard.help_text = step.help
            wizard.is_first = step in steps[:2]
            # How many there are depends on the provider.
            wizard.title = (
                step.label
                if len(steps) == 1
                else self.env._(
                    "Step %(number)s of %(count)s: %(label)s",
                    number=steps.index(step) + 1,
                    count=len(steps),
                    label=step.label,
                )
            )
            wizard.choices = [
                _choice_key(provider, step.item, value)
                for value, _label in getattr(step.item, "choices", ())
            ]
            wizard.is_required = not wizard._is_optional(step)
            wizard.is_secret = getattr(step.item, "is_secret", False)
            known = wizard._known_secret(step)
            wizard.is_known = bool(known)
            wizard.known_hint = known.hint

    # === steps ===

    def _steps(self):
        """What this provider needs, in order."""
        _ = self.env._
        steps = [Step("provider", "provider", _("Provider"))]
        provider = providers.PROVIDERS.get(self.provider)
        if not provider:
            return steps
        if provider.account_label:
            item = Credential(
                "account",
                provider.account_label,
                provider.account_help,
                provider.is_account_required,
                False,
            )
            steps.append(Step("account", "account", item.label, item.where, item))
        signing = None
        for item in provider.credentials:
            if item.name == SIGNING:
                signing = item
            else:
                key = f"credential/{item.name}"
                steps.append(Step(key, "credential", item.label, item.where, item))
        for item in provider.options:
            kind = "choice" if item.choices else "text"
            steps.append(Step(f"option/{item.name}", kind, item.label, item.help, item))
        if Capability.CHECK in provider.capabilities:
            steps.append(Step("test", "test", _("Test")))
        where = signing.where if signing else ""
        return [
            *steps,
            Step("webhook", "webhook", _("Webhook"), where, signing),
            Step("ledger", "ledger", _("Ledger and Start")),
        ]

    def _step(self):
        return next(step for step in self._steps() if step.key == self.step)

    def _known_secret(self, step):
        """What the connection has already of the credential that a step asks for."""
        if not self.connection_id or step.kind not in ("credential", "webhook"):
            return self.env["payment.hub.secret"]
        name = step.item.name if step.item else SIGNING
        return self.connection_id._active_secrets(name)[:1]

    @api.model
    def _resume(self, connection):
        """Open the first step that is not done; when all are, the first."""
        wizard = self.create(
            {
                "connection_id": connection.id,
                "provider": connection.provider,
                "environment": connection.environment,
                "company_id": connection.company_id.id,
                "name": connection.name,
                "tz": connection.tz,
            }
        )
        steps = wizard._steps()[1:]
        undone = [step for step in steps if not wizard._is_done(step)]
        return wizard._go((undone or steps)[0])

    def _is_done(self, step):
        if self._is_optional(step):
            return True
        if step.kind == "account":
            return bool(self.connection_id.provider_account)
        if step.kind == "choice":
            return step.item.name in (self.connection_id.options or {})
        if step.kind == "ledger":
            return self.connection_id.state == "active"
        return bool(self._known_secret(step))

    def _is_optional(self, step):
        if step.kind in ("account", "credential"):
            return not step.item.is_required
        return step.kind in ("provider", "text", "test")

    def _go(self, step):
        """Show a step, with what is known of it already."""
        self.step = step.key
        self._forget_value()
        connection = self.connection_id
        if step.kind == "account":
            self.text = connection.provider_account
        elif step.kind == "text":
            self.text = (connection.options or {}).get(step.item.name)
        elif step.kind == "choice":
            provider = providers.get(self.provider)
            value = (connection.options or {}).get(step.item.name)
            key = _choice_key(provider, step.item, value)
            self.choice = key if key in self.choices else self.choices[0]
        return self._show()

    def _go_by(self, distance):
        can_test = bool(self.connection_id._api_credentials()[0])
        steps = [
            step
            for step in self._steps()
            if step.kind != "test" or step.key == self.step or can_test
        ]
        return self._go(steps[steps.index(self._step()) + distance])

    def _show(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Connect a Provider"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    # === what each step keeps ===

    def action_continue(self):
        """Keep what this page asked for, and show the next."""
        self.ensure_one()
        step = self._step()
        if step.kind != "provider":
            self.connection_id._check_manager()
        getattr(self, f"_keep_{step.kind}")(step)
        return self._go_by(1)

    def action_skip(self):
        """Show the next page, when this one can do without an answer."""
        self.ensure_one()
        step = self._step()
        if not self._is_done(step):
            raise UserError(self.env._("Answer “%s” first.", step.label))
        return self._go_by(1)

    def action_back(self):
        """Show the page before; never the first, which has made the connection."""
        self.ensure_one()
        return self._go_by(-1)

    def _keep_provider(self, _step):
        if not self.connection_id:
            self.connection_id = self.env["payment.hub.connection"].create(
                {
                    "provider": self.provider,
                    "environment": self.environment,
                    "company_id": self.company_id.id,
                    "name": self.name,
                    "tz": self.tz,
                }
            )

    def _keep_account(self, _step):
        self.connection_id.provider_account = (self.text or "").strip()
        self.connection_id._check_account()

    def _keep_text(self, step):
        self._keep_option(step, (self.text or "").strip())

    def _keep_choice(self, step):
        self._keep_option(step, (self.choice or self.choices[0]).split("/", 2)[2])

    def _keep_option(self, step, value):
        options = {**(self.connection_id.options or {}), step.item.name: value}
        self.connection_id.options = {
            name: value for name, value in options.items() if value
        }

    def _keep_credential(self, step):
        if self._is_sealed():
            self.connection_id._replace_secret(step.item.name, self._decrypt())
        elif not self._is_done(step):
            raise UserError(self.env._("Enter “%s” first.", step.label))

    def _keep_test(self, _step):
        self.account_found = self.connection_id._check_credentials()

    def _keep_webhook(self, step):
        connection = self.connection_id
        if self._is_sealed():
            connection._replace_secret(
                SIGNING, self._decrypt(), connection._usual_overlap_hours()
            )
        elif not self._is_done(step):
            label = step.item.label if step.item else self.env._("Signing Secret")
            raise UserError(self.env._("Enter “%s” first.", label))

    # === more buttons ===

    def action_register_webhook(self):
        """Let the provider's API make the webhook."""
        self.ensure_one()
        self.connection_id.action_register_webhook()
        return self._show()

    def action_start(self):
        """Make what the ledger lacks, and take messages from now on."""
        self.ensure_one()
        self.connection_id.action_set_up_ledger()
        self.connection_id.action_activate()
        return self._show()

    def action_send_test_event(self):
        """Prove that messages arrive."""
        self.ensure_one()
        self.connection_id.action_send_test_event()
        self.is_tested = True
        return self._show()

    def action_open_connection(self):
        """Leave for the connection."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "payment.hub.connection",
            "res_id": self.connection_id.id,
            "view_mode": "form",
        }


def _choice_key(provider, option, value):
    return f"{provider.code}/{option.name}/{value}"
