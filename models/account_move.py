# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools.misc import formatLang

# Key of the context: the day on which the hub changes what is reconciled.
RECONCILED_ON = "payment_hub_reconciled_on"
RETURNED = "payment_hub.mail_activity_type_payment_returned"


class AccountMove(models.Model):
    _inherit = "account.move"

    payment_hub_payment_ids = fields.One2many(
        "payment.hub.payment",
        "invoice_id",
        string="Provider Payments",
        groups="payment_hub.group_user",
    )
    payment_hub_payment_count = fields.Integer(
        compute="_compute_payment_hub_payment_count",
        groups="payment_hub.group_user",
    )

    payment_hub_posting_ids = fields.One2many(
        "payment.hub.posting",
        "move_id",
        string="Postings",
        groups="payment_hub.group_user",
    )
    payment_hub_event_count = fields.Integer(
        compute="_compute_payment_hub_event_count",
        groups="payment_hub.group_user",
    )

    payment_hub_payout_count = fields.Integer(
        compute="_compute_payment_hub_payout_count",
        groups="payment_hub.group_user",
    )

    payment_hub_reversed_ids = fields.One2many(
        "payment.hub.posting",
        "reversal_move_id",
        string="Reversed Postings",
        groups="payment_hub.group_user",
    )
    payment_hub_false_lines = fields.Char(
        string="Lines That Changed",
        compute="_compute_payment_hub_false_lines",
        groups="payment_hub.group_user",
    )

    @api.depends("payment_hub_posting_ids", "payment_hub_reversed_ids")
    def _compute_payment_hub_event_count(self):
        for move in self:
            move.payment_hub_event_count = len(move._payment_hub_events())

    @api.depends("line_ids.payment_hub_hash")
    def _compute_payment_hub_false_lines(self):
        for move in self:
            lines = move.line_ids.filtered("payment_hub_hash")
            false = lines.filtered(lambda line: not line._payment_hub_is_true())
            move.payment_hub_false_lines = ", ".join(
                f"{line.account_id.display_name}: {line.name}" for line in false
            )

    def _payment_hub_events(self):
        """The events that the entry is made of, or that it takes back."""
        return (self.payment_hub_posting_ids | self.payment_hub_reversed_ids).event_id

    @api.depends("payment_hub_posting_ids.batch")
    def _compute_payment_hub_payout_count(self):
        for move in self:
            payouts = move.payment_hub_posting_ids._payouts()
            move.payment_hub_payout_count = len(payouts)

    def action_open_payment_hub_payouts(self):
        """Open the payouts that the entry's events are part of."""
        self.ensure_one()
        return self.payment_hub_posting_ids._payouts()._open()

    def action_open_payment_hub_events(self):
        """Open the events that the entry is made of, and so their deliveries."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "payment_hub.payment_hub_event_action"
        )
        events = self._payment_hub_events()
        if len(events) == 1:
            action |= {"views": [(False, "form")], "res_id": events.id}
        return action | {"domain": [("id", "in", events.ids)], "context": {}}

    def _get_accounting_date(self, invoice_date, has_tax, lock_dates=None):
        """What Odoo reverses together with a reconciliation has the day of the cause.

        Odoo would take the end of the month, or today: cash basis taxes and exchange
        differences would come back in another period than the money.
        """
        day = self.env.context.get(RECONCILED_ON)
        return day or super()._get_accounting_date(invoice_date, has_tax, lock_dates)

    def _payment_hub_payment_returned(self, posting, amount):
        """What had paid this invoice is gone again: tell whoever collects it.

        Called once for each posting that opens it again against the merchant's will:
        ``posting.kind`` is "charge_reversal" for a direct debit that was
        returned, "dispute_loss" for a lost dispute whose rule has the customer owe
        again. Neither refunds nor corrections call it. The invoice's residual is
        right by then. It runs as superuser in the invoice's company, within the
        transaction that books the return: what fails here keeps it from being booked.

        Addons for dunning (OCA's account_credit_control, say) extend it: to put the
        invoice under another credit policy, to raise its level at once, to charge the
        bank's fee to the customer, or to send the reminder itself. Call ``super()`` for
        the note and the to-do, and leave it out where the addon has work lists of its
        own.

        :param posting: payment.hub.posting, which may open several invoices
        :param amount: how much of it this invoice owes again, in its currency
        """
        self.ensure_one()
        user = self.invoice_user_id.filtered("active")
        invoice = self.with_context(lang=user.lang or self.env.lang)
        text = invoice._payment_hub_returned_text(posting, amount)
        invoice.message_post(body=text)
        invoice.activity_schedule(RETURNED, note=text, user_id=user.id)

    def _payment_hub_paid_again(self):
        """Nobody has to collect these invoices any more, if nothing is owed."""
        paid = self.filtered(lambda move: not move.amount_residual)
        paid.activity_feedback(
            [RETURNED], feedback=self.env._("The invoice is paid again.")
        )

    def _payment_hub_returned_text(self, posting, amount):
        """What happened to the payment, and what to do."""
        told = {
            "amount": formatLang(self.env, amount, currency_obj=self.currency_id),
            "provider": posting.connection_id.name,
            "object": posting.event_id.object_id,
        }
        if posting.kind == "charge_reversal":
            text = self.env._(
                "%(amount)s that %(provider)s had collected was returned (%(object)s).",
                **told,
            )
        else:
            text = self.env._(
                "A dispute about a payment through %(provider)s was lost (%(object)s), "
                "and the customer owes %(amount)s again.",
                **told,
            )
        if posting.event_id.reason:
            reason = self.env._("Reason given: %s.", posting.event_id.reason)
            text = f"{text} {reason}"
        advice = self.env._(
            "The invoice is open again: send it once more, or collect it in another "
            "way."
        )
        return f"{text} {advice}"

    def _post(self, soft=True):
        posted = super()._post(soft)
        invoices = posted.filtered(lambda move: move.move_type == "out_invoice")
        if invoices:
            self.env["payment.hub.exception"]._invoices_changed(invoices)
        return posted

    @api.depends("payment_hub_payment_ids")
    def _compute_payment_hub_payment_count(self):
        for move in self:
            move.payment_hub_payment_count = len(move.payment_hub_payment_ids)

    def action_open_payment_hub_payments(self):
        """Open the provider payments of this invoice."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "payment_hub.payment_hub_payment_action"
        )
        if self.payment_hub_payment_count == 1:
            action["views"] = [(False, "form")]
            action["res_id"] = self.payment_hub_payment_ids.id
        action["domain"] = [("id", "in", self.payment_hub_payment_ids.ids)]
        return action
