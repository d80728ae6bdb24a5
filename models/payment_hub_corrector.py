# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models

from .account_move import RECONCILED_ON
from .mapping_treatments import OWED_AGAIN
from .payment_hub_booking import BULK_CONTEXT
from .payment_hub_entry import Refused, moves_taxes


class PaymentHubCorrector(models.AbstractModel):
    """Takes postings back that turned out to be wrong: by reversal, never by edit."""

    _name = "payment.hub.corrector"
    _description = "Correction of Postings"

    @api.model
    def _reverse(self, postings):
        """Reverse the entries on their own day, or the day that the lock policy gives.

        What they were reconciled with is open again. What a person has cancelled weighs
        nothing, so nothing is left to reverse. Raises Refused, before anything is
        reversed, when the policy wants a person, or an entry is a draft.
        """
        self._check_drafts(postings)
        decision = self.env["payment.hub.decision"]
        days = {
            posting: decision._open_day(
                posting.entity_company_id, posting.date, moves_taxes(posting)
            )
            for posting in postings
            if posting.move_id
        }
        waiting = postings.filtered("is_waiting")
        waiting.is_reversed = True
        self.env["payment.hub.exception"]._invoices_changed(waiting.document_id)
        for posting, day in days.items():
            if posting._is_taken() or posting.move_id.state == "cancel":
                posting.is_reversed = True  # the entry is Odoo's, or gone
                continue
            reversal = self._reversal(posting, day)
            posting.write({"is_reversed": True, "reversal_move_id": reversal.id})
        postings.flush_recordset(["is_reversed"])  # before its key is taken anew
        self._pay_again(postings.filtered("move_id"), days)

    @api.model
    def _pay_again(self, postings, days):
        """Have what these postings had taken back pay the invoice again.

        :param days: {posting: day of its reversal}
        """
        reconciler = self.env["payment.hub.reconciler"]
        lines = [
            (posting, line)
            for posting, parent in reconciler._parents(postings)
            if parent.move_id and posting.is_customer and posting.is_on_balance
            for line in reconciler._paying_lines(parent)
        ] + [
            (posting, line)
            for posting in postings.filtered(lambda one: one.treatment == OWED_AGAIN)
            for line in reconciler._captured_lines(posting)
        ]
        for posting, line in lines:
            line = line.with_context(**{RECONCILED_ON: days[posting]})
            reconciler._reconcile_rest(line, posting.payment_id.invoice_id)

    @api.model
    def _check_drafts(self, postings):
        """Refuse to reverse what a person is working on: it may become anything."""
        for posting in postings:
            if posting.move_id.state == "draft" and not posting._is_taken():
                raise Refused(
                    "processing_error",
                    self.env._(
                        "Journal entry %s of this event is a draft, and has to be "
                        "corrected. Post it or cancel it, then retry.",
                        posting.move_id.display_name,
                    ),
                )

    @api.model
    def _reversal(self, posting, day):
        context = {**BULK_CONTEXT, RECONCILED_ON: day}
        if posting.granularity != "event":
            booking = self.env["payment.hub.booking"].with_context(**context)
            return booking._take_back(posting, day)
        ref = self.env._("Correction of %s", posting.move_id.name)
        return posting.move_id.with_context(**context)._reverse_moves(
            [{"date": day, "ref": ref}], cancel=True
        )
