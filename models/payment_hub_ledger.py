# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from collections import ChainMap

from odoo import api, models

from .. import failpoints
from .payment_hub_decision import CHECKED, Skipped
from .payment_hub_documents import ADOPTED
from .payment_hub_entry import APPLICATION, Entry, Refused, in_order


class PaymentHubLedger(models.AbstractModel):
    """Brings the ledger to what the facts say: each posting exactly once."""

    _name = "payment.hub.ledger"
    _description = "Ledger of the Hub"

    @api.model
    def _post(self, connection, groups):
        """Decide on what is planned and not in the ledger; book and reconcile it.

        :param groups: list of Group, planned, of one connection
        :return: {event: (cause, detail)} of what was refused, and of what was posted
            though somebody has to know
        """
        told = {}
        sound = [group for group in groups if self._correct(group, told)]
        for group in sound:
            group.deposits.is_unapplied = True  # money may have come back to them
        entries = self._decide(connection, sound, told)
        for group in sound:
            if group.invoice != group.payment.invoice_id:
                group.payment.invoice_id = group.invoice
        if entries:
            postings = self._store_postings(connection, entries)
            alone = postings.filtered(lambda one: one.granularity == "event")
            self.env["payment.hub.booking"]._book_now(alone)
            # What waits for its entry opens its invoice only then, and counts now.
            returned = (postings - alone).filtered(
                lambda one: one.moved_minor < 0 and one.is_customer
            )
            self.env["payment.hub.exception"]._invoices_changed(returned.document_id)
            self._claim_transactions(entries, postings)
            for entry, posting in zip(entries, postings, strict=True):
                line = posting.far_line_id
                if entry.remark and line and not line.amount_residual_currency:
                    told.pop(entry.event)  # given back already
            failpoints.reach("ledger.reconciled")
        return told

    @api.model
    def _correct(self, group, told):
        """Take back what the facts do not say any more; False when a person must."""
        wrong = group.wrong
        try:
            self.env["payment.hub.corrector"]._reverse(wrong)
        except Refused as refusal:
            told[wrong.event_id[:1]] = (refusal.cause, refusal.detail)
            return False
        return True

    @api.model
    def _decide(self, connection, groups, told):
        """Return the entries to make."""
        entries = []
        for entry in self._consider(connection, groups, {}):
            if entry.refusal:
                told[entry.event] = (entry.refusal.cause, entry.refusal.detail)
                continue
            if entry.remark:
                told[entry.event] = ("deposit_unapplied", entry.remark.detail)
            if not entry.is_skipped:
                entries.append(entry)
        return entries

    @api.model
    def _consider(self, connection, groups, due):
        """Yield an entry for all that is missing: decided, skipped or refused.

        Nothing is written. What is refused may fit after all that is decided later.

        :param due: {document: what it still owes after the entries before}
        """
        self.env.cr.cache.pop(CHECKED, None)
        payments = self.env["payment.hub.payment"].union(
            *(group.payment for group in groups)
        )
        found = self.env["payment.hub.invoice.finder"]._find(connection, payments)
        invoices = self.env["account.move"].union(*(one[0] for one in found.values()))
        waiting = self.env["payment.hub.documents"]._owed_after_waiting(
            invoices | payments.invoice_id,
            {posting for group in groups for posting in group.set_aside},
        )
        due |= waiting | due
        decision = self.env["payment.hub.decision"]
        deposits = self.env["payment.hub.deposits"]
        applications = [
            (group, deposits._application(group, deposit))
            for group in groups
            for deposit in group.deposits
        ]
        todo, decided = applications + in_order(groups), {}
        while todo:
            refused = []
            for group, plan in todo:
                entry = Entry(group, plan, group.event(plan.event_key))
                siblings = decided.setdefault(id(group), {})
                changed = ChainMap({}, due)
                try:
                    decision._decide(connection, entry, siblings, found, changed)
                except Skipped:
                    group.skipped.add(plan.key)
                except Refused as refusal:
                    entry.refusal = refusal
                    refused.append(entry)
                    continue
                else:
                    siblings[plan.key] = entry
                    due |= changed.maps[0]
                yield entry
            if len(refused) == len(todo):
                yield from refused
                return
            todo = [(entry.group, entry.plan) for entry in refused]

    @api.model
    def _store_postings(self, connection, entries):
        postings = self.env["payment.hub.posting"].create(
            [self._posting_vals(connection, entry) for entry in entries]
        )
        for entry in entries:
            if entry.plan.kind == APPLICATION:
                entry.parent.is_unapplied = False
        return postings

    @api.model
    def _posting_vals(self, connection, entry):
        plan, rule = entry.plan, entry.rule
        return {
            "connection_id": connection.id,
            "company_id": connection.company_id.id,
            "posting_key": plan.key,
            "parent_key": entry.parent.posting_key if entry.parent else False,
            "kind": plan.kind,
            "fee_kind": plan.fee_kind,
            "digest": plan.digest if plan.kind != APPLICATION else False,
            "payment_id": entry.payment.id,
            "event_id": entry.event.id,
            "mapping_version_id": rule.version_id.id,
            "entity_version_id": entry.entity_version_id.id,
            "treatment": entry.treatment,
            "account_payment_id": entry.adopted.id if entry.adopted else False,
            "is_adopted": entry.is_adopted,
            "is_unapplied": bool(entry.remark),
            "date": entry.date,
            "due_date": entry.due_date,
            "is_late": entry.due_date != entry.date,
            "granularity": entry.granularity,
            "batch": entry.batch,
            "amount_minor": plan.amount.minor,
            "currency": plan.amount.currency,
            "exponent": plan.amount.exponent,
            "moved_minor": plan.lines[0].amount_minor,
            "moved_currency": plan.moved.currency,
            "moved_exponent": plan.moved.exponent,
            "is_on_balance": entry.is_on_balance,
            "value": entry.value,
            "entity_company_id": entry.company.id,
            "journal_id": entry.journal.id,
            "near_account_id": entry.near_account.id,
            "far_account_id": entry.far_account.id,
            "partner_id": entry.partner.id,
            "tax_ids": entry.taxes.ids,
            "analytic_distribution": entry.analytic,
            "discount_lines": entry.discount_lines or False,
            "document_id": (entry.document or entry.group.invoice).id,
        }

    @api.model
    def _claim_transactions(self, entries, postings):
        """So that Odoo's own post-processing does not book a payment again."""
        for entry, posting in zip(entries, postings, strict=True):
            payment = posting.account_payment_id
            if entry.plan.kind in ADOPTED and entry.transaction and payment:
                entry.transaction.payment_id = payment
