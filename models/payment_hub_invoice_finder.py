# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import SQL

# Kinds of references that name an invoice, surest first.
# "description" comes last: anybody may have typed it.
INVOICE_KINDS = ("invoice", "merchant_reference", "description")
TRANSACTION_KINDS = ("transaction", "merchant_reference", "description")


class PaymentHubInvoiceFinder(models.AbstractModel):
    """Finds the invoice that a payment pays, by reference and never by likeness.

    The order of the references is the order of their authority: what Odoo itself gave
    to the provider comes before what a shop or a person wrote. The first reference
    that leads somewhere decides; if it leads to several open invoices, a person does.
    """

    _name = "payment.hub.invoice.finder"
    _description = "Invoice Finder"

    @api.model
    def _find(self, connection, payments):
        """Return {payment: (invoices, transaction)}; one invoice if it is certain.

        :param payments: payments of one connection
        :return: invoices: posted customer invoices of the company or its branches,
            empty if no reference leads to one. transaction: the one that
            knows the payment, if any.
        """
        by_payment = {
            payment: [(ref.kind, ref.value) for ref in payment.reference_ids]
            for payment in payments
        }
        transactions = self._transactions(connection, by_payment)
        invoices = self._invoices_by_name(connection, by_payment)
        orders = self._orders_by_name(connection, by_payment)
        found = {}
        for payment, references in by_payment.items():
            transaction = transactions.get(payment, self.env["payment.transaction"])
            candidates = self._customer_invoices(connection, transaction.invoice_ids)
            for kind in INVOICE_KINDS:
                for values in (invoices, orders):
                    if not candidates:
                        candidates = self.env["account.move"].union(
                            *(
                                values[word]
                                for ref_kind, value in references
                                for word in _words(value)
                                if ref_kind == kind and word in values
                            )
                        )
            found[payment] = (_decide(candidates), transaction)
        # What is read of one invoice is then read of all, by one query.
        every = self.env["account.move"].union(*(one for one, _known in found.values()))
        return {
            payment: (candidates.with_prefetch(every._ids), transaction)
            for payment, (candidates, transaction) in found.items()
        }

    @api.model
    def _naming(self, invoices, payments):
        """SQL of the ids of payments that name an invoice, its order or transaction.

        :param payments: SQL of the ids of those that are looked at
        """
        names = set()
        for invoice in invoices.sudo():
            orders = (invoice.invoice_origin or "").replace(",", " ").split()
            names |= {invoice.name, invoice.payment_reference, *orders}
            names |= self._names_of(invoice.transaction_ids)
        return self._naming_any(names, payments)

    @api.model
    def _names_of(self, transactions):
        """What a provider may call transactions of Odoo."""
        references = transactions.mapped("reference")
        return {*references, *transactions.mapped("provider_reference")}

    @api.model
    def _naming_any(self, names, payments):
        """SQL of the ids of payments with a reference among these names.

        It splits references as ``_words`` does.
        """
        names = names - {False}
        self.env["payment.hub.reference"].flush_model(["payment_id", "value"])
        return SQL(
            r"""(
                SELECT payment_id FROM payment_hub_reference
                 WHERE payment_id IN %s
                   AND (value = ANY(%s)
                        OR regexp_split_to_array(translate(value, ',;', '  '), '\s+')
                           && %s::varchar[]::text[])
            )""",
            payments,
            list(names),
            [name for name in names if "/" in name],
        )

    @api.model
    def _customer_invoices(self, connection, moves):
        return moves.filtered(
            lambda move: (
                move.move_type == "out_invoice"
                and move.state == "posted"
                and connection.company_id in move.company_id.parent_ids
            )
        )

    @api.model
    def _transactions(self, connection, by_payment):
        """Return {payment: payment.transaction} by provider's id, else by reference.

        One that captures or voids a part stands for its source: that has the invoices.
        """
        values = {value for refs in by_payment.values() for _kind, value in refs}
        candidates = self.env["payment.transaction"].search(
            [
                ("company_id", "child_of", connection.company_id.id),
                ("operation", "!=", "refund"),
                "|",
                ("provider_reference", "in", list(values)),
                ("reference", "in", list(values)),
            ]
        )
        by_provider_reference = candidates.grouped("provider_reference")
        by_reference = candidates.grouped("reference")
        found = {}
        for payment, references in by_payment.items():
            matches = [
                by_provider_reference[value][:1]
                for kind, value in references
                if kind in ("payment", "charge") and value in by_provider_reference
            ] + [
                by_reference[value]
                for wanted in TRANSACTION_KINDS
                for kind, value in references
                if kind == wanted and value in by_reference
            ]
            # One that knows another object of a provider is another payment's.
            identifiers = {value for _kind, value in references} | {False}
            ours = [
                transaction
                for transaction in matches
                if transaction.provider_reference in identifiers
            ]
            if ours:
                found[payment] = ours[0].source_transaction_id or ours[0]
        return found

    @api.model
    def _invoices_by_name(self, connection, by_payment):
        """Return {name or payment reference: invoices}."""
        words = _all_words(by_payment)
        invoices = self.env["account.move"].search(
            [
                ("company_id", "child_of", connection.company_id.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                "|",
                ("name", "in", words),
                ("payment_reference", "in", words),
            ]
        )
        by_name = {}
        for invoice in invoices:
            for word in {invoice.name, invoice.payment_reference} - {False}:
                by_name[word] = by_name.get(word, invoice.browse()) | invoice
        return by_name

    @api.model
    def _orders_by_name(self, connection, by_payment):
        """Return {sale order name: its invoices}; empty without the Sales app."""
        if "sale.order" not in self.env:
            return {}
        orders = self.env["sale.order"].search(
            [
                ("company_id", "child_of", connection.company_id.id),
                ("name", "in", _all_words(by_payment)),
            ]
        )
        return {
            order.name: self._customer_invoices(connection, order.invoice_ids)
            for order in orders
        }


def _words(value):
    """The reference itself, then the words in it that could be a document's name."""
    words = value.replace(",", " ").replace(";", " ").split()
    return [value, *(word for word in words if word != value and "/" in word)]


def _all_words(by_payment):
    return list(
        {
            word
            for references in by_payment.values()
            for kind, value in references
            if kind in INVOICE_KINDS
            for word in _words(value)
        }
    )


def _decide(candidates):
    """Of several candidates the open one, if there is just one."""
    still_open = candidates.filtered("amount_residual")
    return still_open if len(candidates) > 1 and len(still_open) == 1 else candidates
