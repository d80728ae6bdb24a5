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
    def _find(self, entry, due):
        """Odoo's own payment of the same fact, or none.

        :param due: has as keys, among others, the transactions of entries of this batch
        """
        if entry.plan.kind == "refund":
            entry.transaction = self._refund_of(entry)
        else:
            entry.transaction = self._capture_of(entry, due)
            due[entry.transaction] = 0
        known = entry.payment.event_ids.posting_ids.filtered(
            lambda posting: not posting.is_adopted
        )
        return entry.transaction.payment_id - known.account_payment_id

    @api.model
    def _refund_of(self, entry):
        """Odoo's transaction of a refund: of the whole payment, or of a part of it."""
        children = entry.transaction.child_transaction_ids
        children |= children.child_transaction_ids
        return children.filtered(
            lambda child: (
                child.operation == "refund"
                and child.provider_reference == entry.event.object_id
            )
        )[:1]

    @api.model
    def _capture_of(self, entry, due):
        """Odoo's transaction of a capture: of a part, or of all.

        Some providers tell Odoo an identifier of each part, others that of the payment;
        then the amount tells.
        """
        source, plan = entry.transaction, entry.plan
        others = entry.group.postings.filtered(lambda one: one.posting_key != plan.key)
        names = {entry.event.object_id, *entry.payment.reference_ids.mapped("value")}
        parts = source.child_transaction_ids.filtered(
            lambda child: (
                child.operation == source.operation
                and child.state not in ("cancel", "error")
                and child.provider_reference in names
                and child not in due
                and child.payment_id not in others.account_payment_id
            )
        )
        best = parts.sorted(
            lambda child: (
                child.provider_reference != entry.event.object_id,
                amount_to_minor(child.amount, plan.amount.exponent)
                != plan.amount.minor,
                child.id,
            )
        )
        return best[:1] or source

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
            known = entry.transaction | entry.transaction.source_transaction_id
            invoices = payment.reconciled_invoice_ids or known.invoice_ids
            entry.group.invoice = invoices[:1]

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
