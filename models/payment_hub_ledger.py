# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from odoo import api, models

from .. import failpoints
from .money import amount_to_float, amount_to_minor
from .payment_hub_invoice_finder import INVOICE_KINDS
from .payment_hub_posting import receivable_lines

# Chatter and tracking of thousands of payments serve nobody and cost half the time.
BULK_CONTEXT = {
    "tracking_disable": True,
    "skip_invoice_sync": True,
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
}

# A refund undoes a capture and a failure undoes a refund, whatever the clocks say.
STAGES = {"capture": 0, "refund": 1, "charge_reversal": 1, "refund_failure": 2}


@dataclass
class Entry:
    """A posting on its way into the ledger."""

    payment: Any  # payment.hub.payment
    plan: Any  # engine Posting
    date: Any = None  # accounting date, in the connection's time zone
    document: Any = None  # invoice or credit note to reconcile with
    parent: Any = None  # what a refund or reversal undoes: Entry or posting
    account_payment: Any = None
    transaction: Any = None  # Odoo's own payment.transaction of this payment, if any

    @property
    def receivable_line(self):
        return receivable_lines(self.account_payment.move_id)


class Refused(Exception):
    """An entry cannot be posted until a person has done something."""

    def __init__(self, cause, detail=""):
        super().__init__(cause)
        self.cause = cause
        self.detail = detail


class PaymentHubLedger(models.AbstractModel):
    """Writes postings into the ledger: in one batch, each exactly once."""

    _name = "payment.hub.ledger"
    _description = "Ledger of the Hub"

    @api.model
    def _post(self, connection, items):
        """Post and reconcile.

        :param items: list of (payment, [engine Posting]) of one connection
        :return: {(payment, event key): (cause, detail)} of what was refused
        """
        refused = {}
        entries = []
        payments = self.env["payment.hub.payment"].union(
            *(payment for payment, _postings in items)
        )
        found = self.env["payment.hub.invoice.finder"]._find(connection, payments)
        due = {}  # document -> what it still owes after the entries of this batch
        for payment, postings in items:
            by_key = {}
            for plan in sorted(postings, key=lambda plan: STAGES[plan.kind]):
                entry = Entry(payment, plan)
                try:
                    self._prepare(connection, entry, by_key, found, due)
                except Refused as refusal:
                    refused[payment, plan.event_key] = (refusal.cause, refusal.detail)
                else:
                    by_key[plan.key] = entry
                    entries.append(entry)
        if entries:
            self._create_payments(connection, entries)
            self._store_postings(connection, entries)
            self._reconcile(entries)
            failpoints.reach("ledger.reconciled")
        return refused

    # === decide ===

    @api.model
    def _prepare(self, connection, entry, siblings, found, due):
        """Fill in the entry, or raise Refused.

        :param dict siblings: {posting key: Entry} of the same payment in this batch
        """
        if not connection._is_ledger_ready():
            raise Refused("setup_incomplete")
        zone = ZoneInfo(connection.tz)
        entry.date = entry.plan.occurred_at.astimezone(zone).date()
        violations = connection.company_id._get_lock_date_violations(
            entry.date,
            fiscalyear=True,
            sale=False,
            purchase=False,
            tax=False,
            hard=True,
        )
        if violations:
            raise Refused(
                "locked_period",
                self.env._(
                    "Accounting date %(date)s is locked up to %(lock)s.",
                    date=entry.date,
                    lock=max(lock_date for lock_date, _field in violations),
                ),
            )
        if entry.plan.kind == "capture":
            invoices, entry.transaction = found[entry.payment]
            invoice = self._invoice_for(entry, invoices)
            self._check_fits(entry.plan, invoice, due)
            entry.document = entry.payment.invoice_id = invoice
        else:
            self._prepare_reversal(entry, siblings, due)
            self._check_exact(entry.plan, entry.payment.invoice_id.currency_id)
        kind, is_note = entry.plan.kind, entry.document != entry.payment.invoice_id
        if kind == "capture" or (kind == "refund" and is_note):
            owed = _owed(entry.document, entry.plan, due)
            due[entry.document] = owed - entry.plan.amount_minor

    @api.model
    def _invoice_for(self, entry, found):
        """What a person chose, an earlier capture paid, or a reference led to."""
        payment = entry.payment
        recorded = entry.transaction.payment_id
        if recorded - payment.posting_ids.account_payment_id:
            raise Refused("recorded_elsewhere", recorded.display_name)
        chosen = payment.exception_ids.filtered("is_open").invoice_id[:1]
        invoice = chosen or payment.invoice_id or found
        if not invoice:
            known_as = _known_as(payment) or self.env._("no reference at all")
            raise Refused("invoice_not_found", self.env._("Looked for: %s", known_as))
        if len(invoice) > 1:
            raise Refused("invoice_ambiguous", ", ".join(invoice.mapped("name")))
        if invoice.state != "posted" or invoice.move_type != "out_invoice":
            raise Refused(
                "invoice_not_found",
                self.env._(
                    "%s is not a posted customer invoice.", invoice.display_name
                ),
            )
        return invoice

    @api.model
    def _check_fits(self, plan, invoice, due):
        """Refuse another currency, and more than what the invoice still owes."""
        if invoice.currency_id.name != plan.currency:
            raise Refused(
                "currency_mismatch",
                self.env._(
                    "%(invoice)s is in %(currency)s, the payment in %(paid)s.",
                    invoice=invoice.name,
                    currency=invoice.currency_id.name,
                    paid=plan.currency,
                ),
            )
        owed = _owed(invoice, plan, due)
        if plan.amount_minor > owed:
            raise Refused(
                "amount_mismatch",
                self.env._(
                    "%(invoice)s owes %(owed)s, the payment is %(paid)s %(currency)s.",
                    invoice=invoice.name,
                    owed=amount_to_float(owed, plan.exponent),
                    paid=amount_to_float(plan.amount_minor, plan.exponent),
                    currency=plan.currency,
                ),
            )
        self._check_exact(plan, invoice.currency_id)

    @api.model
    def _check_exact(self, plan, currency):
        """Refuse an amount that Odoo would round: its currency has fewer decimals."""
        booked = currency.round(amount_to_float(plan.amount_minor, plan.exponent))
        if amount_to_minor(booked, plan.exponent) != plan.amount_minor:
            raise Refused(
                "amount_mismatch",
                self.env._(
                    "Odoo rounds %(currency)s to %(rounding)s; the amount is finer.",
                    currency=currency.name,
                    rounding=currency.rounding,
                ),
            )

    @api.model
    def _prepare_reversal(self, entry, siblings, due):
        """A refund undoes a capture, a failed refund undoes a refund."""
        parent = siblings.get(entry.plan.parent_key)
        posting = entry.payment.posting_ids.filtered(
            lambda posting: posting.posting_key == entry.plan.parent_key
        )
        if not (parent or posting):
            raise Refused("parent_missing")
        if posting and posting.move_id.state != "posted":
            raise Refused(
                "parent_missing",
                self.env._("%s is not posted any more.", posting.move_id.display_name),
            )
        entry.parent = parent or posting
        if entry.plan.kind == "refund":
            entry.document = self._credit_note_for(entry, due)
        elif entry.plan.kind == "refund_failure":
            entry.document = parent.document if parent else posting.document_id

    @api.model
    def _credit_note_for(self, entry, due):
        """The open credit note of the invoice that fits best, else the invoice."""
        invoice, plan = entry.payment.invoice_id, entry.plan
        notes = invoice.reversal_move_ids.filtered(
            lambda note: (
                note.state == "posted"
                and note.move_type == "out_refund"
                and note.currency_id == invoice.currency_id
                and _owed(note, plan, due) >= plan.amount_minor
            )
        )
        best = notes.sorted(
            lambda note: (
                _owed(note, plan, due) != plan.amount_minor,
                note.date,
                note.id,
            )
        )
        return best[:1] or invoice

    # === write ===

    @api.model
    def _create_payments(self, connection, entries):
        # Odoo asks for it entry by entry; here it is one query for all.
        self.env["account.move"].union(
            *(entry.payment.invoice_id for entry in entries)
        ).partner_id.mapped("property_account_position_id")
        payments = (
            self.env["account.payment"]
            .with_context(**BULK_CONTEXT)
            .create([self._payment_vals(connection, entry) for entry in entries])
        )
        self._create_moves(payments)
        failpoints.reach("ledger.created")
        payments.action_post()
        failpoints.reach("ledger.posted")
        for entry, account_payment in zip(entries, payments, strict=True):
            entry.account_payment = account_payment
            move = account_payment.move_id
            # Odoo can leave out the entry or move its date without a word.
            if move.state != "posted" or move.date != entry.date:
                raise AssertionError(
                    f"Entry {move.name} is {move.state} on {move.date}, "
                    f"not posted on {entry.date}"
                )
            # So that Odoo's own post-processing does not book the payment again.
            if entry.transaction and entry.transaction.state not in ("cancel", "error"):
                entry.transaction.payment_id = account_payment

    @api.model
    def _create_moves(self, payments):
        """Create the entries of the payments, and link them all at once.

        ``action_post`` would link them one by one, and each time recompute what is
        reconciled with the payment: half of the time of a batch.
        """
        moves = payments.env["account.move"].create(
            [payment._generate_move_vals() for payment in payments]
        )
        payments._write_multi([{"move_id": move.id} for move in moves])
        payments.invalidate_recordset(["move_id"], flush=False)
        payments.modified(["move_id"])

    @api.model
    def _payment_vals(self, connection, entry):
        plan = entry.plan
        receivable = receivable_lines(entry.payment.invoice_id)
        inbound = plan.direction == "inbound"
        method_line = (
            connection.inbound_method_line_id
            if inbound
            else connection.outbound_method_line_id
        )
        return {
            "date": entry.date,
            "amount": amount_to_float(plan.amount_minor, plan.exponent),
            "currency_id": entry.payment.invoice_id.currency_id.id,
            "payment_type": plan.direction,
            "partner_type": "customer",
            "partner_id": receivable.partner_id.id,
            "journal_id": connection.journal_id.id,
            "payment_method_line_id": method_line.id,
            "destination_account_id": receivable.account_id.id,
            "memo": f"{entry.payment.invoice_id.name} {entry.payment.provider_ref}",
            "payment_reference": plan.key.split(":")[1],
            "company_id": connection.company_id.id,
        }

    @api.model
    def _store_postings(self, connection, entries):
        self.env["payment.hub.posting"].create(
            [
                {
                    "connection_id": connection.id,
                    "posting_key": entry.plan.key,
                    "kind": entry.plan.kind,
                    "payment_id": entry.payment.id,
                    "event_id": entry.payment._event(entry.plan.event_key).id,
                    "date": entry.date,
                    "amount_minor": entry.plan.amount_minor,
                    "currency": entry.plan.currency,
                    "exponent": entry.plan.exponent,
                    "account_payment_id": entry.account_payment.id,
                    "move_id": entry.account_payment.move_id.id,
                    "document_id": (entry.document or entry.payment.invoice_id).id,
                }
                for entry in entries
            ]
        )

    # === reconcile ===

    @api.model
    def _reconcile(self, entries):
        groups = {}
        for entry in entries:
            if entry.plan.kind == "capture":
                groups.setdefault(entry.document, _open_receivables(entry.document))
                groups[entry.document] |= entry.receivable_line
        self.env["account.move.line"].with_context(**BULK_CONTEXT)._reconcile_plan(
            list(groups.values())
        )
        for entry in entries:
            if entry.plan.kind in ("refund", "charge_reversal"):
                self._reconcile_refund(entry)
            elif entry.plan.kind == "refund_failure":
                self._reconcile_refund_failure(entry)

    @api.model
    def _reconcile_refund(self, entry):
        if entry.document and entry.document != entry.payment.invoice_id:
            lines = entry.receivable_line | _open_receivables(entry.document)
            lines.reconcile()
            return
        # Without credit note the customer owes the refunded part again: it takes its
        # place beside the capture's line, and the invoice re-opens by as much.
        invoice = entry.payment.invoice_id
        captured = entry.parent.receivable_line
        captured.matched_debit_ids.filtered(
            lambda partial: partial.debit_move_id.move_id == invoice
        ).unlink()
        # An accountant may have used the capture's line for something else.
        if not captured.reconciled:
            (entry.receivable_line | captured).reconcile()
        self._reconcile_rest(captured, invoice)

    @api.model
    def _reconcile_refund_failure(self, entry):
        refund = entry.parent.receivable_line
        counterparts = refund.matched_credit_ids.credit_move_id
        refund.remove_move_reconcile()
        (entry.receivable_line | refund).reconcile()
        for captured in counterparts.filtered("payment_id"):
            self._reconcile_rest(captured, entry.payment.invoice_id)

    @api.model
    def _reconcile_rest(self, captured, invoice):
        """Settle the invoice with what is left of a capture's line."""
        if invoice.state != "posted":
            return
        lines = captured | _open_receivables(invoice)
        if not captured.reconciled and len(lines) > 1:
            lines.reconcile()


def _open_receivables(move):
    return receivable_lines(move).filtered(lambda line: not line.reconciled)


def _owed(document, plan, due):
    """What a document owes, less what this batch takes, in the plan's minor units."""
    if document not in due:
        due[document] = amount_to_minor(document.amount_residual, plan.exponent)
    return due[document]


def _known_as(payment):
    references = payment.reference_ids.filtered(lambda ref: ref.kind in INVOICE_KINDS)
    return ", ".join(f"{ref.value} ({ref.kind})" for ref in references[:8])
