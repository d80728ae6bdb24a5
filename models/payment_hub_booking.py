# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import Command, api, models

from .. import failpoints

# Chatter and tracking of thousands of payments serve nobody and cost half the time.
BULK_CONTEXT = {
    "tracking_disable": True,
    "skip_invoice_sync": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
}


class PaymentHubBooking(models.AbstractModel):
    """Makes journal entries of postings."""

    _name = "payment.hub.booking"
    _description = "Booking of Postings"

    @api.model
    def _book_now(self, postings):
        """Book each posting by an entry of its own, and reconcile it.

        Captures, refunds and the like become Odoo's own payments.
        """
        adoption = self.env["payment.hub.adoption"]
        for posting in postings:
            if posting.is_adopted and posting.near_account_id == posting.far_account_id:
                adoption._take(posting)
        postings = postings.filtered(lambda posting: not posting.move_id)
        paying = postings.filtered(lambda posting: posting.is_payment)
        # Odoo asks for it entry by entry; here it is one query for all.
        paying.partner_id.mapped("property_account_position_id")
        payments = (
            self.env["account.payment"]
            .with_context(**BULK_CONTEXT)
            .create([self._payment_vals(posting) for posting in paying])
        )
        _set_all(paying, [{"account_payment_id": payment.id} for payment in payments])
        moves = (
            self.env["account.move"]
            .with_context(**BULK_CONTEXT)
            .create([self._move_vals(posting) for posting in postings])
        )
        _set_all(
            postings,
            [
                {"move_id": move.id, "near_line_id": near.id, "far_line_id": far.id}
                for move in moves
                for near, far in [move.line_ids.sorted("id")[:2]]
            ],
        )
        # ``action_post`` would link them one by one, and each time recompute what is
        # reconciled with the payment: half of the time of a batch.
        _set_all(payments, [{"move_id": posting.move_id.id} for posting in paying])
        failpoints.reach("ledger.created")
        payments.action_post()
        (moves - payments.move_id)._post(soft=False)
        failpoints.reach("ledger.posted")
        for posting in postings:
            posting._check_booked()
        self.env["payment.hub.reconciler"]._reconcile(postings)

    @api.model
    def _payment_vals(self, posting):
        direction = "inbound" if posting.moved_minor > 0 else "outbound"
        invoice = posting.payment_id.invoice_id
        return {
            "date": posting.date,
            "amount": posting.amount,
            "currency_id": posting.currency_id.id,
            "payment_type": direction,
            "partner_type": "customer",
            "partner_id": posting.partner_id.id,
            "journal_id": posting.journal_id.id,
            "payment_method_line_id": posting.balance_id[
                f"{direction}_method_line_id"
            ].id,
            "destination_account_id": posting.far_account_id.id,
            "memo": f"{invoice.name} {posting.payment_id.provider_ref}",
            "payment_reference": posting.event_id.object_id,
            "company_id": posting.entity_company_id.id,
        }

    @api.model
    def _move_vals(self, posting):
        lines = [Command.create(line) for line in self._lines(posting)]
        if posting.is_payment:
            return posting.account_payment_id._generate_move_vals(line_ids=lines)
        return {
            "move_type": "entry",
            "ref": posting.label,
            "date": posting.date,
            "journal_id": posting.journal_id.id,
            "company_id": posting.entity_company_id.id,
            "currency_id": posting.currency_id.id,
            "line_ids": lines,
        }

    # === lines ===

    @api.model
    def _lines(self, posting):
        """Values of the lines: near, far, then the taxes that the far amount holds."""
        common = {
            "name": posting.label,
            "partner_id": posting.partner_id.id,
            "date_maturity": posting.date,
        }
        near = {
            **common,
            "account_id": posting.near_account_id.id,
            "currency_id": posting.moved_currency_id.id,
            "amount_currency": posting.moved,
            "balance": posting.value,
        }
        taxes, base_tags = self._tax_lines(posting)
        far = {
            **common,
            "account_id": posting.far_account_id.id,
            "currency_id": posting.currency_id.id,
            "amount_currency": posting.currency_id.round(
                posting.far_amount - sum(tax["amount_currency"] for tax in taxes)
            ),
            "balance": posting.company_currency_id.round(
                -posting.value - sum(tax["balance"] for tax in taxes)
            ),
        }
        if posting.analytic_distribution:
            far["analytic_distribution"] = posting.analytic_distribution
        if taxes:
            far["tax_ids"] = [Command.set(posting.tax_ids.ids)]
            far["tax_tag_ids"] = [Command.set(base_tags)]
        return [near, far, *({**common, **tax} for tax in taxes)]

    @api.model
    def _tax_lines(self, posting):
        """The taxes in the amount, and the tags of its base.

        What the provider took is all that it took; reverse charge is a pair of lines
        that add up to nothing.
        """
        if not posting.tax_ids:
            return [], []
        amount = posting.far_amount
        told = posting.tax_ids.with_context(force_price_include=True).compute_all(
            abs(amount), posting.currency_id, is_refund=amount < 0
        )
        sign = 1 if amount > 0 else -1
        lines = [
            {
                "name": tax["name"],
                "account_id": tax["account_id"] or posting.far_account_id.id,
                "currency_id": posting.currency_id.id,
                "amount_currency": sign * tax["amount"],
                "balance": posting.company_currency_id.round(
                    sign * tax["amount"] * posting.value / -amount
                ),
                "tax_base_amount": abs(tax["base"]),
                "tax_repartition_line_id": tax["tax_repartition_line_id"],
                "tax_tag_ids": [Command.set(tax["tag_ids"])],
                "group_tax_id": tax["group"].id if tax["group"] else False,
            }
            for tax in told["taxes"]
        ]
        return lines, told["base_tags"]


def _set_all(records, vals_list):
    """Write to each record its own values, in one statement."""
    if records:
        names = list(vals_list[0])
        records._write_multi(vals_list)
        records.invalidate_recordset(names, flush=False)
        records.modified(names)
