# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models

from .money import amount_to_minor
from .payment_hub_entry import Refused


class PaymentHubAdoption(models.AbstractModel):
    """Takes over what Odoo's own payment provider has booked: one owner per fact.

    Odoo's payment stays as it is. The hub only brings its money from Odoo's outstanding
    account to the clearing account, where the two differ.
    """

    _name = "payment.hub.adoption"
    _description = "Adoption of Odoo's Payments"

    @api.model
    def _find(self, entry):
        """Odoo's own payment of the same fact, or none."""
        transaction = entry.transaction
        if entry.plan.kind == "refund":
            transaction = transaction.child_transaction_ids.filtered(
                lambda child: (
                    child.operation == "refund"
                    and child.provider_reference == entry.event.object_id
                )
            )[:1]
            entry.transaction = transaction
        known = entry.payment.event_ids.posting_ids.filtered(
            lambda posting: not posting.is_adopted
        )
        return transaction.payment_id - known.account_payment_id

    @api.model
    def _adopt(self, entry, payment):
        """Make the entry one that takes over ``payment``.

        :raises Refused: unless it is booked, with the same amount
        """
        self._check(entry, payment)
        entry.adopted = payment
        entry.partner = payment.partner_id
        entry.far_account = payment.outstanding_account_id
        if entry.plan.kind == "capture":
            entry.group.invoice = (
                payment.reconciled_invoice_ids[:1] or entry.transaction.invoice_ids[:1]
            )

    @api.model
    def _check(self, entry, payment):
        plan = entry.plan
        minor = amount_to_minor(payment.amount, plan.amount.exponent)
        said = (
            "inbound" if plan.sign > 0 else "outbound",
            plan.amount.minor,
            plan.amount.currency,
        )
        is_booked = payment.move_id.state == "posted" and payment.outstanding_account_id
        if not is_booked or said != (
            payment.payment_type,
            minor,
            payment.currency_id.name,
        ):
            raise Refused("recorded_elsewhere", payment.display_name)

    @api.model
    def _take(self, posting):
        """Keep Odoo's entry as the posting's own: it is on the clearing account."""
        lines = posting.account_payment_id.move_id.line_ids
        near = lines.filtered(lambda line: line.account_id == posting.near_account_id)
        posting.write(
            {
                "move_id": near.move_id.id,
                "near_line_id": near[:1].id,
                "far_line_id": posting.customer_line.id,
            }
        )
