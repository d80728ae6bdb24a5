# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from collections import Counter

from odoo import Command, api, models

from .. import failpoints
from . import grouped_lines

# Chatter and tracking of thousands of payments serve nobody and cost half the time.
BULK_CONTEXT = {
    "tracking_disable": True,
    "skip_invoice_sync": True,
    # A draft has no analytic items that Odoo would have to make anew.
    "skip_analytic_sync": True,
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
        self._prove(postings)
        self.env["payment.hub.reconciler"]._reconcile(postings)

    @api.model
    def _book_together(self, postings):
        """Book postings of one day or one settlement by one entry, and reconcile it.

        What a person or the hub may reconcile keeps lines of its own.
        """
        for posting in postings.filtered("tax_ids"):
            posting.told_taxes = self._tax_lines(posting)
        groups = grouped_lines.merge(
            side for posting in postings for side in self._sides(posting)
        )
        lines = [self._line(group) for group in groups]
        self._spare_search(lines)
        move = (
            self.env["account.move"]
            .with_context(**BULK_CONTEXT)
            .create(
                {
                    **self._entry_vals(postings[0]),
                    "ref": self._group_label(postings),
                    "line_ids": [Command.create(line) for line in lines],
                }
            )
        )
        line_ids = {
            (side.posting, side.number): line.id
            for line, group in zip(move.line_ids.sorted("id"), groups, strict=True)
            for side in group
        }
        _set_all(
            postings,
            [
                {
                    "move_id": move.id,
                    "near_line_id": line_ids[posting, 0],
                    "far_line_id": line_ids[posting, 1],
                }
                for posting in postings
            ],
        )
        failpoints.reach("ledger.created")
        move._post(soft=False)
        failpoints.reach("ledger.posted")
        self._prove(postings)
        self.env["payment.hub.reconciler"]._reconcile(postings)

    @api.model
    def _spare_search(self, lines):
        """Where nobody has set up distributions for Odoo to look up, say so.

        It would look for each of thousands of lines.
        """
        models = self.env["account.analytic.distribution.model"]
        if not models.search_count([], limit=1):
            for line in lines:
                line.setdefault("analytic_distribution", False)

    @api.model
    def _prove(self, postings):
        """Hold what Odoo has booked against what moved the provider's balance.

        Odoo can leave out an entry, move its date or round without a word.
        """
        for posting in postings:
            posting._check_booked()
        moved = Counter()
        for posting in postings.filtered("is_on_balance"):
            moved[posting.moved_currency_id] += posting.moved
        booked = Counter()
        for line in postings.filtered("is_on_balance").near_line_id:
            booked[line.currency_id] += line.amount_currency
        for currency, amount in moved.items():
            if currency.compare_amounts(amount, booked[currency]):
                raise AssertionError(
                    f"{booked[currency]} {currency.name} is booked, {amount} moved"
                )

    @api.model
    def _take_back(self, posting, day):
        """Reverse what a posting brought into the entry of many."""
        lines = [side.vals for side in self._sides(posting)]
        for line in lines:
            for name in ("amount_currency", "balance"):
                line[name] = -line[name]
        move = (
            self.env["account.move"]
            .with_context(**BULK_CONTEXT)
            .create(
                {
                    **self._entry_vals(posting),
                    "date": day,
                    "ref": self.env._("Correction of %s", posting.move_id.name),
                    "line_ids": [Command.create(line) for line in lines],
                }
            )
        )
        move._post(soft=False)
        near, far = move.line_ids.sorted("id")[:2]
        for line, own in ((near, posting.near_line_id), (far, posting.far_line_id)):
            if len(own.payment_hub_posting_ids) == 1 and own.account_id.reconcile:
                own = own.with_context(self.env.context)
                own.remove_move_reconcile()
                (line | own).reconcile()
        return move

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
            **self._entry_vals(posting),
            "ref": posting.label,
            "currency_id": posting.currency_id.id,
            "line_ids": lines,
        }

    @api.model
    def _entry_vals(self, posting):
        return {
            "move_type": "entry",
            "date": posting.date,
            "journal_id": posting.journal_id.id,
            "company_id": posting.entity_company_id.id,
            "currency_id": posting.moved_currency_id.id,
        }

    @api.model
    def _group_label(self, postings):
        first = postings[0]
        if first.granularity == "settlement":
            return self.env._("Settlement %s", first.batch)
        name = first.connection_id.name
        return self.env._("%(name)s on %(day)s", name=name, day=first.date)

    # === lines ===

    @api.model
    def _sides(self, posting):
        """The lines of a posting, for the entry of many.

        The clearing account is the provider's: with the customers' names on it there
        would be a line for each of them.
        """
        accounts = posting.near_account_id | posting.far_account_id
        clearing = posting.balance_id.clearing_account_id
        alone = (accounts.filtered("reconcile") - clearing).ids
        for number, vals in enumerate(self._lines(posting)):
            if vals["account_id"] == clearing.id:
                vals["partner_id"] = False
            is_alone = vals["account_id"] in alone
            yield grouped_lines.Side(posting, number, vals, is_alone)

    @api.model
    def _line(self, group):
        """Values of one line of the entry, with its way back to the postings."""
        postings = self.env["payment.hub.posting"].union(
            *(side.posting for side in group)
        )
        currency = self.env["res.currency"].browse(group[0].vals["currency_id"])
        own_currency = postings[0].company_currency_id
        vals = grouped_lines.summed(group, currency.round, own_currency.round)
        if len(postings) > 1:
            kinds = ", ".join(dict.fromkeys(posting.kind_label for posting in postings))
            vals["name"] = f"{kinds} ({len(postings)})"
        vals["payment_hub_posting_ids"] = [Command.set(postings.ids)]
        vals["payment_hub_hash"] = grouped_lines.fingerprint(
            postings,
            vals["account_id"],
            (vals["amount_currency"], currency),
            (vals["balance"], own_currency),
        )
        return vals

    @api.model
    def _lines(self, posting):
        """Values of the lines: near, far, then what the far amount does not hold.

        These are its taxes, or the discount that settles the customer's debt with it.
        """
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
        taxes, base_tags = posting.told_taxes or self._tax_lines(posting)
        others = [*taxes, *(posting.discount_lines or [])]
        far = {
            **common,
            "account_id": posting.far_account_id.id,
            "currency_id": posting.currency_id.id,
            "amount_currency": posting.currency_id.round(
                posting.far_amount - sum(line["amount_currency"] for line in others)
            ),
            "balance": posting.company_currency_id.round(
                -posting.value - sum(line["balance"] for line in others)
            ),
        }
        if posting.analytic_distribution:
            far["analytic_distribution"] = posting.analytic_distribution
        if taxes:
            far["tax_ids"] = [Command.set(posting.tax_ids.ids)]
            far["tax_tag_ids"] = [Command.set(base_tags)]
        return [near, far, *({**common, **line} for line in others)]

    @api.model
    def _tax_lines(self, posting):
        """The taxes in the amount, and the tags of its base.

        What the provider took is all that it took; reverse charge is a pair of lines
        that add up to nothing. What is due on payment is due: it was paid.
        """
        taxes = posting.tax_ids._origin  # a preview has no row of its own
        if not taxes:
            return [], []
        amount = posting.far_amount
        told = taxes.with_context(force_price_include=True).compute_all(
            abs(amount),
            posting.currency_id,
            is_refund=amount < 0,
            include_caba_tags=True,
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
