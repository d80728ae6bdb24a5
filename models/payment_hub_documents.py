# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models

from .money import amount_to_float, amount_to_minor
from .payment_hub_entry import Refused
from .payment_hub_invoice_finder import INVOICE_KINDS

ADOPTED = ("capture", "refund")  # what Odoo's own providers book
# A capture that fits no invoice is a deposit, where a rule names the account for it.
DEPOSIT_CAUSES = (
    "invoice_not_found",
    "invoice_ambiguous",
    "currency_mismatch",
    "amount_mismatch",
)


class PaymentHubDocuments(models.AbstractModel):
    """Decides which invoice or credit note an entry settles."""

    _name = "payment.hub.documents"
    _description = "Documents of Entries"

    @api.model
    def _find_for(self, entry, found, due):
        """Set document, account and partner of a customer's entry; raise Refused.

        :param found: {payment: (invoices, transaction)} by the invoice finder
        :param due: {document: what it still owes after the entries of this batch}
        """
        if not entry.payment:
            raise Refused("payment_unnamed")
        entry.transaction = found[entry.payment][1]
        adoption = self.env["payment.hub.adoption"]
        if entry.plan.kind in ADOPTED and (recorded := adoption._find(entry)):
            adoption._adopt(entry, recorded)
        elif entry.plan.kind == "capture":
            try:
                self._find_for_capture(entry, found, due)
            except Refused as refusal:
                if refusal.cause not in DEPOSIT_CAUSES or not entry.rule.account_id:
                    raise
                entry.far_account = entry.rule.account_id
                entry.remark = refusal
        elif entry.plan.kind == "deposit_application":
            entry.near_account = entry.parent.far_account
            try:
                self._find_for_capture(entry, found, due)
            except Refused as refusal:
                raise Refused("deposit_unapplied", refusal.detail) from refusal
        else:
            self._find_for_return(entry, due)

    @api.model
    def _owed_after_waiting(self, invoices):
        """What is owed of documents about which postings wait for their entry.

        :return: {invoice or credit note: minor units}
        """
        due = {}
        documents = invoices | invoices.reversal_move_ids
        waiting = self.env["payment.hub.posting"].search(
            [("document_id", "in", documents.ids), ("is_waiting", "=", True)]
        )
        for posting in waiting.filtered(lambda one: one.is_customer):
            document = posting.document_id
            sign = 1 if document.move_type == "out_invoice" else -1
            if posting.moved_minor < 0:
                sign = -sign
            owed_now = amount_to_minor(document.amount_residual, posting.exponent)
            left = due.setdefault(document, owed_now)
            due[document] = left - sign * posting.amount_minor
        return due

    @api.model
    def _find_for_capture(self, entry, found, due):
        invoice = self._invoice_for(entry, found[entry.payment][0])
        self._check_fits(entry, invoice, due)
        entry.document = entry.payment.invoice_id = invoice
        self._take_receivable(entry, invoice)
        due[invoice] = owed(invoice, entry.plan, due) - entry.plan.amount.minor

    @api.model
    def _find_for_return(self, entry, due):
        """What undoes a deposit goes back to it; else a credit note or the invoice."""
        invoice = entry.payment.invoice_id
        if not (entry.parent.is_customer or entry.parent.is_adopted):
            entry.far_account = entry.parent.far_account
            return
        if not invoice:  # Odoo's provider was paid before there was one
            line = entry.parent.customer_line
            entry.far_account, entry.partner = line.account_id, line.partner_id
            return
        self._take_receivable(entry, invoice)
        if entry.plan.kind == "refund":
            entry.document = self._credit_note_for(entry, due)
            if entry.document != invoice:
                left = owed(entry.document, entry.plan, due)
                due[entry.document] = left - entry.plan.amount.minor
        elif entry.plan.kind == "refund_failure":
            entry.document = entry.parent.document

    @api.model
    def _take_receivable(self, entry, invoice):
        line = invoice.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        entry.far_account, entry.partner = line.account_id, line.partner_id

    @api.model
    def _invoice_for(self, entry, found):
        """What a person chose, an earlier capture paid, or a reference led to."""
        payment = entry.payment
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
    def _check_fits(self, entry, invoice, due):
        """Refuse another currency, and more or less than the company's policy takes."""
        paid, currency = entry.plan.amount, invoice.currency_id
        if currency.name != paid.currency:
            raise Refused(
                "currency_mismatch",
                self.env._(
                    "%(invoice)s is in %(currency)s, the payment in %(paid)s.",
                    invoice=invoice.name,
                    currency=currency.name,
                    paid=paid.currency,
                ),
            )
        left = owed(invoice, entry.plan, due)
        company = entry.event.company_id
        if (
            paid.minor > left
            and company.payment_hub_overpayment == "exception"
            or paid.minor < left
            and company.payment_hub_underpayment == "exception"
        ):
            raise Refused(
                "amount_mismatch",
                self.env._(
                    "%(invoice)s owes %(owed)s, the payment is %(paid)s %(currency)s.",
                    invoice=invoice.name,
                    owed=amount_to_float(left, paid.exponent),
                    paid=amount_to_float(paid.minor, paid.exponent),
                    currency=paid.currency,
                ),
            )

    @api.model
    def _credit_note_for(self, entry, due):
        """The open credit note of the invoice that fits best, else the invoice."""
        invoice, plan = entry.payment.invoice_id, entry.plan
        notes = invoice.reversal_move_ids.filtered(
            lambda note: (
                note.state == "posted"
                and note.move_type == "out_refund"
                and note.currency_id == invoice.currency_id
                and owed(note, plan, due) >= plan.amount.minor
            )
        )
        best = notes.sorted(
            lambda note: (
                owed(note, plan, due) != plan.amount.minor,
                note.date,
                note.id,
            )
        )
        return best[:1] or invoice


def owed(document, plan, due):
    """What a document owes, less what this batch takes, in the plan's minor units."""
    if document not in due:
        due[document] = amount_to_minor(document.amount_residual, plan.amount.exponent)
    return due[document]


def _known_as(payment):
    references = payment.reference_ids.filtered(lambda ref: ref.kind in INVOICE_KINDS)
    return ", ".join(f"{ref.value} ({ref.kind})" for ref in references[:8])
