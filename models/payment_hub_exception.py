# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .exception_causes import BANK_RATE_DIFFERS, CAUSES, OPEN_STATES

# What a person decides; all else is the road's, or follows from an action.
DECISIONS = {"invoice_id", "user_id", "due_date"}
DUE_DAYS = 2
REOPENING = "mail.mail_activity_data_todo"


class PaymentHubException(models.Model):
    """A piece of work for a person: typed cause, amount at risk, owner, due date."""

    _name = "payment.hub.exception"
    _inherit = [
        "payment.hub.misfit.mixin",
        "payment.hub.untreated.mixin",
        "payment.hub.proof.mixin",
        "payment.hub.bank.mixin",
        "payment.hub.money.mixin",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _description = "Payment Exception"
    _order = "is_open desc, due_date, id desc"
    _check_company_auto = True

    connection_id = fields.Many2one(
        "payment.hub.connection", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, index=True
    )
    subject = fields.Char(
        required=True,
        readonly=True,
        help="What it is about; there is one open exception for each subject.",
    )
    cause = fields.Selection(
        [(cause, label) for cause, (label, _fix) in CAUSES.items()],
        required=True,
        readonly=True,
        tracking=True,
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("acknowledged", "Acknowledged"),
            ("resolved", "Resolved"),
            ("ignored", "Ignored"),
        ],
        required=True,
        readonly=True,
        default="open",
        tracking=True,
    )
    is_open = fields.Boolean(compute="_compute_is_open", store=True)
    detail = fields.Text(readonly=True)
    path = fields.Char(
        string="Where in the Message", readonly=True, help="JSON path of the field."
    )
    suggestion = fields.Text(string="What to Do", compute="_compute_suggestion")
    delivery_id = fields.Many2one(
        "payment.hub.delivery", readonly=True, index=True, ondelete="restrict"
    )
    lookup_id = fields.Many2one(
        "payment.hub.lookup", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    backfill_id = fields.Many2one(
        "payment.hub.backfill",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    payout_id = fields.Many2one(related="event_id.payout_id")
    event_id = fields.Many2one(
        "payment.hub.event", readonly=True, index=True, ondelete="restrict"
    )
    untreated_event_ids = fields.One2many(
        "payment.hub.event",
        "untreated_id",
        string="Events without a Rule",
        help="They move money, and no rule says how to post their type.",
    )
    untreated_count = fields.Integer(string="Events", readonly=True)
    payment_id = fields.Many2one(
        "payment.hub.payment", readonly=True, index=True, ondelete="restrict"
    )
    invoice_id = fields.Many2one(
        "account.move",
        string="Invoice to Use",
        domain="[('company_id', 'child_of', company_id), ('state', '=', 'posted'),"
        " ('move_type', '=', 'out_invoice'), ('amount_residual', '>', 0)]",
        help="The invoice that this payment pays, of the company or of one of its "
        "branches. Retry uses it.",
    )
    candidate_ids = fields.Many2many(
        "account.move",
        string="Suggested Invoices",
        compute="_compute_candidate_ids",
        help="Open invoices of exactly this amount and currency.",
    )
    user_id = fields.Many2one(
        "res.users", string="Owner", tracking=True, domain="[('share', '=', False)]"
    )
    due_date = fields.Date(
        default=lambda self: fields.Date.context_today(self) + timedelta(days=DUE_DAYS)
    )
    retry_count = fields.Integer(readonly=True, copy=False)
    resolved_at = fields.Datetime(readonly=True)
    resolved_by_id = fields.Many2one("res.users", readonly=True)

    _one_open_per_subject = models.UniqueIndex(
        "(connection_id, subject) WHERE state IN ('open', 'acknowledged')"
    )

    @api.depends("state")
    def _compute_is_open(self):
        for exception in self:
            exception.is_open = exception.state in OPEN_STATES

    @api.depends("cause", "payment_id", "delivery_id", "backfill_id")
    def _compute_display_name(self):
        labels = dict(self._fields["cause"]._description_selection(self.env))
        for exception in self:
            about = exception.payment_id or exception.delivery_id
            about = about or exception.backfill_id or exception.connection_id
            exception.display_name = (
                f"{labels.get(exception.cause, '')}: {about.display_name}"
            )

    @api.depends("cause")
    def _compute_suggestion(self):
        for exception in self:
            exception.suggestion = str(CAUSES[exception.cause][1])

    @api.depends("amount_minor", "currency", "is_open")
    def _compute_candidate_ids(self):
        for exception in self:
            exception.candidate_ids = exception._search_candidates()

    def _search_candidates(self):
        if not (self.is_open and self.event_id and self.amount_minor):
            return self.env["account.move"]
        return self.env["account.move"].search(
            [
                ("company_id", "child_of", self.company_id.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("currency_id", "=", self.currency_id.id),
                ("amount_residual", "=", self.amount),
            ],
            order="invoice_date_due, id",
            limit=5,
        )

    @api.constrains("invoice_id")
    def _check_invoice(self):
        for exception in self.filtered("invoice_id"):
            company = exception.company_id
            if company not in exception.invoice_id.sudo().company_id.parent_ids:
                raise ValidationError(
                    self.env._(
                        "Invoice to Use: choose an invoice of %s or of its branches.",
                        company.name,
                    )
                )

    # === opening and closing, by the road ===

    # Both are called by a drain that has the lane: no two of them write one row.

    @api.model
    def _lane_stranded(self, connection):
        """The sweeper had to drain the lane: no job runner does."""
        today = fields.Date.context_today(connection)
        detail = {"detail": connection.display_name}
        self.sudo()._open(connection, f"lane:{today}", "lane_stranded", detail)

    @api.model
    def _lane_is_tended(self, connection):
        """A queue job runs: the job runner is alive."""
        self._of_stranded_lane(connection)._resolve()

    @api.model
    def _of_stranded_lane(self, connection):
        return self._open_with_cause(connection, "lane_stranded")

    @api.model
    def _open_with_cause(self, connection, cause):
        return self.sudo().search(
            [
                ("connection_id", "=", connection.id),
                ("cause", "=", cause),
                ("is_open", "=", True),
            ]
        )

    @api.model
    def _certificate_missing(self, connection, error):
        """Messages are turned away until the provider's certificate is at hand."""
        today = fields.Date.context_today(connection)
        self.sudo()._open(
            connection,
            f"certificate:{today}",
            "certificate_missing",
            {"detail": str(error)},
        )

    @api.model
    def _settlements_overdue(self, connection, postings):
        """Keep an exception open while postings wait for their settlement too long."""
        opened = self._open_with_cause(connection, "settlement_overdue")
        if not postings:
            opened._resolve()
            return
        # A person who closes it has seen what waited on that day.
        subject = opened[:1].subject or f"settlements:{fields.Date.today()}"
        detail = self.env._(
            "Postings: %(count)s, the oldest of %(day)s",
            count=len(postings),
            day=min(postings.mapped("due_date")),
        )
        self.sudo()._open(connection, subject, "settlement_overdue", {"detail": detail})

    @api.model
    def _credentials_refused(self, connection, error):
        """The provider does not tell its balance to whom it does not know."""
        opened = self._open_with_cause(connection, "credentials_refused")
        subject = opened[:1].subject or f"credentials:{fields.Date.today()}"
        detail = {"detail": str(error)}
        self.sudo()._open(connection, subject, "credentials_refused", detail)

    @api.model
    def _credentials_accepted(self, connection):
        self._open_with_cause(connection, "credentials_refused")._resolve()

    @api.model
    def _certificate_found(self, connection):
        self._open_with_cause(connection, "certificate_missing")._resolve()

    @api.model
    def _open(self, connection, subject, cause, vals):
        """Open the exception of ``subject``, or bring the open one up to date.

        :param str subject: "delivery:<id>", "delivery:<id>:<message>", "lookup:<id>",
            "backfill:<id>:<number>", "event:<economic key>", "lane:<date>",
            "settlements:<date>", "certificate:<date>", "credentials:<date>",
            "balance:<id>:<date>", "exchange:<id of the balance>:<date>",
            "reading:<id of the balance>:<date>:<amount>" or
            "bank:<economic key>:<what it credited>"
        :param dict vals: delivery_id, lookup_id, backfill_id, event_id, payment_id,
            detail, path and amount
        """
        found = self.search(
            [("connection_id", "=", connection.id), ("subject", "=", subject)],
            order="id desc",
            limit=1,
        )
        if found.is_open:
            found.write({"cause": cause, **vals})
            return found
        if found.cause == cause and found.resolved_by_id:
            return found  # a person has decided on exactly this already
        exception = self.create(
            {
                "connection_id": connection.id,
                "subject": subject,
                "cause": cause,
                **vals,
            }
        )
        if cause == "reopening_requested":
            exception._ask_to_reopen()
        return exception

    def _ask_to_reopen(self):
        user = self.company_id.payment_hub_reopen_user_id
        if user:
            self.activity_schedule(
                REOPENING, user_id=user.id, summary=self.env._("Reopen the period")
            )

    def _resolve(self):
        """Close what processing has settled."""
        self.filtered("activity_ids").activity_unlink([REOPENING])
        self.filtered("is_open").write(
            {"state": "resolved", "resolved_at": fields.Datetime.now()}
        )

    def write(self, vals):
        mine = {name for name in vals if self._fields[name]._module == "payment_hub"}
        if not self.env.su and mine - DECISIONS:
            raise AccessError(
                self.env._("Use the buttons of the exception to change its state.")
            )
        return super().write(vals)

    # === actions of a person ===

    def action_retry(self):
        """Process the subjects of the open exceptions in ``self`` once more."""
        self._check_operator()
        exceptions = self.filtered("is_open")
        if not exceptions:
            raise UserError(self.env._("These exceptions are closed already."))
        for exception in exceptions:
            exception.sudo().retry_count += 1
        events = exceptions.payment_id.event_ids | exceptions.event_id
        deliveries = exceptions.delivery_id | events.attestation_ids.delivery_id
        exceptions.backfill_id.action_resume()
        waiting = exceptions.sudo().filtered(
            lambda one: one.cause == "exchange_waiting"
        )
        self.env["payment.hub.exchange"]._try_now(waiting.connection_id)
        lane = self.env["payment.hub.lane"]
        lane._process_now(deliveries)
        lane._process_later(exceptions.untreated_event_ids.attestation_ids.delivery_id)
        return self._retry_notification(exceptions)

    def _retry_notification(self, exceptions):
        left = exceptions.filtered("is_open")
        if left.untreated_event_ids:
            message = self.env._("The messages about these events are processed again.")
        elif left and all(one.lookup_id or one.backfill_id for one in left):
            message = self.env._("The provider is asked once more.")
        elif left:
            message = self.env._(
                "%(left)s of %(all)s still need attention.",
                left=len(left),
                all=len(exceptions),
            )
        else:
            message = self.env._("Resolved: %s.", len(exceptions))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if left else "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_acknowledge(self):
        """Take ownership of open exceptions."""
        self._check_operator()
        self.sudo().filtered("is_open").write(
            {"state": "acknowledged", "user_id": self.env.uid}
        )

    def action_resolve(self):
        """Close as resolved: the work was done by hand."""
        self._close_by_person("resolved")

    def action_ignore(self):
        """Close without work: nothing had to be done."""
        self._close_by_person("ignored")

    def _close_by_person(self, state):
        self._check_operator()
        self.sudo().filtered("is_open").write(
            {
                "state": state,
                "resolved_at": fields.Datetime.now(),
                "resolved_by_id": self.env.uid,
            }
        )
        self.sudo()._release()

    def _release(self):
        """What waited for these closed exceptions alone waits no longer."""
        events = self.event_id
        deliveries = self.delivery_id | events.attestation_ids.delivery_id
        still_open = (events.exception_ids | deliveries.exception_ids).filtered(
            lambda one: one._holds()
        )
        held = still_open.delivery_id | still_open.event_id.attestation_ids.delivery_id
        released = deliveries - held
        released.filtered(lambda one: one.state == "exception").state = "done"
        for payment in self.payment_id - still_open.payment_id:
            if payment.posting_state == "blocked":
                payment.posting_state = "to_post"

    def _holds(self):
        """Whether messages wait for a person because of it."""
        return self.is_open and self.cause != BANK_RATE_DIFFERS

    def _check_operator(self):
        self.check_access("read")
        if not (self.env.su or self.env.user.has_group("payment_hub.group_operator")):
            raise AccessError(
                self.env._("Only a Payment Hub operator may work on exceptions.")
            )
