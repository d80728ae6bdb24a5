# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from itertools import accumulate

from odoo import api, models

from ..engine.effects import LOSS
from .exception_causes import MISFITS
from .mapping_treatments import ON_BEHALF
from .money import amount_to_float, amount_to_minor
from .payment_hub_entry import (
    APPLICATION,
    RETURNING,
    Refused,
    disputed_first,
    open_receivables,
    receivable_lines,
)
from .payment_hub_invoice_finder import INVOICE_KINDS

ADOPTED = ("capture", "refund")  # what Odoo's own providers book


class PaymentHubDocuments(models.AbstractModel):
    """Decides which invoice or credit note an entry settles."""

    _name = "payment.hub.documents"
    _description = "Documents of Entries"

    @api.model
    def _find_for(self, connection, entry, found, due):
        """Set document, account and partner of a customer's entry; raise Refused.

        :param found: {payment: (invoices, transaction)} by the invoice finder
        :param due: {document: what it still owes after the entries of this batch}
        """
        if not entry.payment:
            raise Refused("payment_unnamed")
        entry.transaction = found[entry.payment][1]
        adoption = self.env["payment.hub.adoption"]
        if entry.plan.kind in ADOPTED and (recorded := adoption._find(entry, due)):
            adoption._adopt(entry, recorded)
        elif entry.treatment == ON_BEHALF:
            self.env["payment.hub.decision"]._find_account(entry)
        elif entry.plan.kind == "capture":
            try:
                self._find_for_capture(connection, entry, found, due)
            except Refused as refusal:
                if refusal.cause not in MISFITS or not entry.rule.account_id:
                    raise
                entry.far_account = entry.rule.account_id
                entry.remark = refusal
        elif entry.plan.kind == APPLICATION:
            entry.near_account = entry.parent.far_account
            if self.env["payment.hub.deposits"]._find_returned(entry, due):
                return
            try:
                self._find_for_capture(connection, entry, found, due)
            except Refused as refusal:
                raise Refused("deposit_unapplied", refusal.detail) from refusal
        else:
            self._find_for_return(entry, entry.parent, due)

    @api.model
    def _find_for_loss(self, entry, siblings, due):
        """What a lost dispute took is owed again, as if it had been refunded."""
        if not entry.payment:
            raise Refused("payment_unnamed")
        if entry.parent.taxes:
            raise Refused(
                "setup_incomplete",
                self.env._(
                    "%(event)s was booked with taxes, which the customer would not owe "
                    "again: hold disputed money as an asset, or write the loss off.",
                    event=entry.plan.parent_key,
                ),
            )
        capture = self._disputed(entry, siblings, due)
        if not capture:
            raise Refused("parent_missing", self.env._("The disputed payment."))
        self._check_currency_of_loss(entry)
        entry.near_account = entry.parent.far_account
        self._find_for_return(entry, capture, due)

    @api.model
    def _check_currency_of_loss(self, entry):
        """Refuse what was taken in another currency than the customer has paid in."""
        taken = entry.plan.amount.currency
        captures = [one for one in entry.group.plan.postings if one.kind == "capture"]
        paid = {one.amount.currency for one in captures}
        if taken not in paid:
            raise Refused(
                "setup_incomplete",
                self.env._(
                    "%(event)s took %(taken)s of what was paid in %(paid)s, which the "
                    "customer would not owe again: write the loss off, or have the "
                    "rule leave it to a person and book it by hand.",
                    event=entry.plan.parent_key,
                    taken=taken,
                    paid=", ".join(sorted(paid)),
                ),
            )

    @api.model
    def _disputed(self, entry, siblings, due):
        """The capture that a lost dispute was about; of this batch, or posted."""
        group = entry.group
        captures = group.events.filtered(lambda one: one.type == "payment.captured")
        dispute = entry.event | group.event(entry.plan.parent_key)
        deposits = self.env["payment.hub.deposits"]
        for event in disputed_first(captures, dispute):
            key = event.economic_key
            if capture := deposits._paid_by(entry, key, siblings, due):
                if key not in siblings:
                    self.env["payment.hub.decision"]._check_stands(group.posting(key))
                return capture
        return None

    @api.model
    def _owed_after_waiting(self, invoices, set_aside=()):
        """What is owed of documents about which postings wait for their entry.

        :param set_aside: postings that are looked at as if they did not wait
        :return: {invoice or credit note: minor units}, and the same for each of its
            accounts: {(document, account): minor units}
        """
        due = {}
        documents = invoices | invoices.reversal_move_ids
        waiting = self.env["payment.hub.posting"].search(
            [("document_id", "in", documents.ids), ("is_waiting", "=", True)]
        )
        spare = {}
        parents = dict(self.env["payment.hub.reconciler"]._parents(waiting))
        for posting in waiting:
            if posting in set_aside or not posting.is_customer:
                continue
            document = posting.document_id
            sign = 1 if document.move_type == "out_invoice" else -1
            if posting.moved_minor < 0:
                sign = -sign
            discount = sum(
                line["amount_currency"] for line in posting.discount_lines or []
            )
            taken = posting.amount + abs(discount)
            taken = amount_to_minor(taken, posting.exponent)
            if posting.kind in RETURNING and document.move_type == "out_invoice":
                taken = self._beyond_spare(taken, parents.get(posting), spare)
            taken *= sign
            account = posting.far_account_id
            there = receivable_lines(document)
            there = there.filtered(lambda line, at=account: line.account_id == at)
            for key, left in (
                (document, document.amount_residual),
                ((document, account), sum(there.mapped("amount_residual_currency"))),
            ):
                due.setdefault(key, amount_to_minor(left, posting.exponent))
                due[key] -= taken
        return due

    @api.model
    def _beyond_spare(self, minor, paid, spare):
        """What of a return the invoice owes again: not what had paid no invoice.

        :param paid: posting that it undoes, or None
        :param spare: {that posting: minor units that no return has taken yet}
        """
        if not paid:
            return minor
        if paid not in spare:
            lines = self.env["payment.hub.reconciler"]._paying_lines(paid)
            left = sum(abs(line.amount_residual_currency) for line in lines)
            spare[paid] = amount_to_minor(left, paid.exponent)
        used = min(spare[paid], minor)
        spare[paid] -= used
        return minor - used

    @api.model
    def _find_for_capture(self, connection, entry, found, due):
        invoice = self._invoice_for(entry, found[entry.payment][0])
        left = owed(invoice, entry.plan, due)
        discount = self.env["payment.hub.discount"]._granted(connection, entry, invoice)
        paid = entry.plan.amount.minor
        if discount and left == _minor(invoice.amount_total, entry.plan):
            paid = left
        else:
            discount = []
            self._check_fits(entry, invoice, due)
        self._take_receivable(entry, invoice, paid, due)
        entry.discount_lines = discount
        entry.document = entry.group.invoice = invoice
        due[invoice] = left - paid

    @api.model
    def _find_for_return(self, entry, paid, due):
        """What undoes a deposit goes back to it; else a credit note or the invoice.

        :param paid: Entry or posting of what the customer had paid
        """
        invoice = entry.group.invoice
        if not (paid.is_customer or paid.is_adopted):
            entry.far_account, entry.partner = paid.far_account, paid.partner
            return
        if paid.is_adopted:
            line = paid.customer_line[:1]
            entry.far_account, entry.partner = line.account_id, line.partner_id
        else:
            entry.far_account, entry.partner = paid.far_account, paid.partner
        if not invoice:  # Odoo's provider was paid before there was one
            return
        kind = entry.plan.kind
        if kind in ("refund", LOSS.kind):
            entry.document = self._credit_note_for(entry, due)
        elif kind == "refund_failure":
            entry.document = paid.document
        is_noted = entry.document and entry.document != invoice
        if kind == "charge_reversal" or (kind == LOSS.kind and not is_noted):
            discount = self.env["payment.hub.discount"]
            entry.discount_lines = discount._taken_back(entry, paid)
        minor = entry.plan.amount.minor
        if kind == "refund_failure":
            self._owe(entry, entry.document, minor if is_noted else -minor, due)
        elif is_noted:
            self._owe(entry, entry.document, -minor, due)
        else:
            self._owe_again(entry, paid, due)

    @api.model
    def _owe_again(self, entry, paid, due):
        """The invoice owes what goes back, but for what had paid no invoice."""
        invoice, plan = entry.group.invoice, entry.plan
        discount = sum(line["amount_currency"] for line in entry.discount_lines)
        minor = plan.amount.minor + _minor(abs(discount), plan)
        spare = due.setdefault(
            paid.posting_key,
            sum(
                _minor(abs(line.amount_residual_currency), plan)
                for line in entry.group.paying_lines(paid)
            ),
        )
        due[paid.posting_key] = max(spare - minor, 0)
        total = _minor(invoice.amount_total, plan)
        most = max(total - owed(invoice, plan, due), 0)
        self._owe(entry, invoice, min(max(minor - spare, 0), most), due)

    @api.model
    def _owe(self, entry, document, minor, due):
        """Have a document owe more, or less, after the entry."""
        plan, account = entry.plan, entry.far_account
        if document and document.currency_id.name == plan.amount.currency:
            due[document] = owed(document, plan, due) + minor
            due[document, account] = owed_on(document, account, plan, due) + minor

    @api.model
    def _take_receivable(self, entry, invoice, paid, due):
        """Take account and partner of what is due first.

        :raises Refused: when more is paid than that account shows, and there are others
        """
        lines = _by_maturity(receivable_lines(invoice))
        account = lines.account_id
        if len(account) > 1:
            account = self._first_owed(entry, invoice, lines, paid, due)
        there = lines.filtered(lambda line: line.account_id == account)
        entry.far_account, entry.partner = account, there[:1].partner_id

    @api.model
    def _first_owed(self, entry, invoice, lines, paid, due):
        """The account of what is due first, after what this batch takes."""
        for account in lines.account_id:
            left = owed_on(invoice, account, entry.plan, due)
            if left >= paid:
                due[invoice, account] -= paid
                return account
            if left > 0:
                break
        raise Refused(
            "amount_mismatch",
            self.env._(
                "%(invoice)s is owed on several accounts; %(account)s shows %(owed)s.",
                invoice=invoice.name,
                account=account.display_name,
                owed=amount_to_float(left, entry.plan.amount.exponent),
            ),
        )

    @api.model
    def _invoice_for(self, entry, found):
        """What a person chose, an earlier capture paid, or a reference led to."""
        payment = entry.payment
        chosen = payment.exception_ids.filtered("is_open").invoice_id[:1]
        invoice = chosen or entry.group.invoice or found
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
        if not entry.rule.account_id and entry.group.is_given_back(entry.plan):
            return  # whatever is owed: nothing is left of it
        left = owed(invoice, entry.plan, due)
        company = entry.event.company_id
        if (
            paid.minor > left
            and company.payment_hub_overpayment == "exception"
            or paid.minor < left
            and company.payment_hub_underpayment == "exception"
            and not self._are_instalments(entry, invoice, due)
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
    def _are_instalments(self, entry, invoice, due):
        """Whether it pays the next instalments, one or several, to the cent."""
        plan = entry.plan
        lines = _by_maturity(open_receivables(invoice))
        steps = accumulate(
            _minor(line.amount_residual_currency, plan) for line in lines
        )
        taken = _minor(invoice.amount_residual, plan) - owed(invoice, plan, due)
        return taken + plan.amount.minor in steps

    @api.model
    def _credit_note_for(self, entry, due):
        """The open credit note of the invoice that fits best, else the invoice."""
        invoice, plan = entry.group.invoice, entry.plan
        notes = invoice.reversal_move_ids.filtered(
            lambda note: (
                note.state == "posted"
                and note.move_type == "out_refund"
                and note.currency_id == invoice.currency_id
                and owed(note, plan, due) >= plan.amount.minor
                and open_receivables(note).account_id == entry.far_account
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
        due[document] = _minor(document.amount_residual, plan)
    return due[document]


def owed_on(document, account, plan, due):
    """What it owes on one of its accounts."""
    if (document, account) not in due:
        lines = receivable_lines(document)
        there = lines.filtered(lambda line: line.account_id == account)
        left = sum(there.mapped("amount_residual_currency"))
        due[document, account] = _minor(left, plan)
    return due[document, account]


def _minor(amount, plan):
    return amount_to_minor(amount, plan.amount.exponent)


def _by_maturity(lines):
    return lines.sorted(lambda line: (line.date_maturity or line.date, line.id))


def _known_as(payment):
    references = payment.reference_ids.filtered(lambda ref: ref.kind in INVOICE_KINDS)
    return ", ".join(f"{ref.value} ({ref.kind})" for ref in references[:8])
