# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dataclasses import dataclass, field
from typing import Any

from odoo import api, models

from .exception_causes import CAUSES
from .money import amount_to_minor
from .payment_hub_entry import Refused

SHOWN = (
    "account_id",
    "partner_id",
    "currency_id",
    "amount_currency",
    "balance",
    "analytic_distribution",
    "tax_ids",
)


@dataclass
class Card:
    """What one posting of an event is, or would be."""

    posting: Any  # payment.hub.posting: stored, or of no database; may be empty
    lines: list = field(default_factory=list)  # of dict: values, and records to show
    decides: Any = None  # payment.hub.mapping, may be empty
    rules: list = field(default_factory=list)  # of (row, why it decides or does not)
    refusal: Any = None  # dict(label, detail, suggestion)
    note: str = ""
    is_planned: bool = False
    is_booked: bool = False  # whether the event has its postings: this is a repetition

    @property
    def is_ruled(self):
        """Whether a row of the mapping decides."""
        return bool(self.decides)

    @property
    def has_partner(self):
        """Whether any of the lines has a partner."""
        return any(line["partner"] for line in self.lines)

    @property
    def is_foreign(self):
        """Whether any of the lines is in another currency than the company's."""
        own = self.posting.company_currency_id
        return any(line["currency"] != own for line in self.lines)

    @property
    def waits_until(self):
        """With what it is booked, and when; nothing where it is booked alone."""
        posting = self.posting
        if posting.granularity == "event":
            return False
        return posting._gathered() if self.is_booked else posting.waits_until

    def is_decided_by(self, row):
        """Whether that row of the mapping decides."""
        return self.decides == row

    @property
    def said(self):
        """What two cards must share to be the same to the ledger."""
        return (
            self.posting.date,
            self.posting.journal_id.id,
            sorted(str(_said(line)) for line in self.lines),
        )


@dataclass
class Preview:
    """What an event would post, and what of it is posted."""

    event: Any
    cards: list
    posted: list
    is_to_come: bool  # whether the next drain posts something

    @property
    def is_waiting(self):
        """Whether none of what is decided has its entry."""
        return not any(card.posting.move_id for card in self.posted)

    @property
    def is_same(self):
        """Whether the rules of now give what is posted."""
        said, was = (
            sorted(str(card.said) for card in of if card.posting)
            for of in (self.cards, self.posted)
        )
        return said == was


class PaymentHubPreview(models.AbstractModel):
    """Tells what an event would post by the rules of now; writes nothing.

    It asks the very procedures that decide and make lines when a drain posts.
    """

    _name = "payment.hub.preview"
    _description = "Preview of Postings"

    @api.model
    def _preview(self, event):
        """Tell what an event would post; of what is posted, if it were not yet.

        :param event: one event that the user may read
        :return: Preview
        """
        event.check_access("read")
        env = self.env["payment.hub.processor"]._in_company(event.company_id).env
        self, event = self.with_env(env), event.with_env(env)
        group = event._planned_group()
        posted = group.postings.filtered(lambda one: one.event_id == event)
        wrong = group.wrong
        entries = self._entries(event, group, wrong)
        is_to_come = any(not (one.refusal or one.is_skipped) for one in entries)
        if posted and not is_to_come:
            entries = self._entries(event, group, wrong | group.with_children(posted))
        cards = [self._card(entry) for entry in entries]
        for card in cards:
            card.is_booked = bool(posted) and not is_to_come
        return Preview(
            event,
            cards or [self._card_of_none(event, group)],
            [self._card_of_posted(posting, posting in wrong) for posting in posted],
            is_to_come,
        )

    @api.model
    def _entries(self, event, group, set_aside):
        """What an event posts when some postings are taken back."""
        group.set_aside, group.skipped = set_aside, set()
        entries = self.env["payment.hub.ledger"]._consider(
            event.connection_id, [group], self._due_without(set_aside)
        )
        return [entry for entry in entries if entry.event == event]

    @api.model
    def _due_without(self, postings):
        """What documents would owe if these postings were reversed.

        :return: as ``payment.hub.documents._owed_after_waiting``
        """
        documents = self.env["payment.hub.documents"]
        due = documents._owed_after_waiting(postings.document_id, postings)
        for posting in postings:
            line = posting.customer_line
            if not line or posting.is_adopted:
                continue  # what Odoo's own payment settles stays settled
            for partial in line.matched_debit_ids | line.matched_credit_ids:
                sides = {
                    partial.debit_move_id: partial.debit_amount_currency,
                    partial.credit_move_id: partial.credit_amount_currency,
                }
                for other, amount in sides.items():
                    document = other.move_id
                    if other == line or not document.is_invoice():
                        continue
                    freed = amount_to_minor(amount, posting.exponent)
                    if document not in due:
                        due[document] = amount_to_minor(
                            document.amount_residual, posting.exponent
                        )
                    due[document] += freed
        return due

    # === cards ===

    @api.model
    def _card(self, entry):
        card = Card(self.env["payment.hub.posting"], is_planned=True)
        card.decides, card.rules = self._rules(entry)
        if entry.refusal:
            card.refusal = self._refusal(entry.refusal)
        elif entry.is_skipped:
            card.note = self.env._("Nothing is posted, on purpose.")
        else:
            ledger = self.env["payment.hub.ledger"]
            vals = ledger._posting_vals(entry.event.connection_id, entry)
            self._fill(card, card.posting.new(vals))
            if entry.remark:
                deposit = Refused("deposit_unapplied", entry.remark.detail)
                card.refusal = self._refusal(deposit)
        return card

    @api.model
    def _card_of_none(self, event, group):
        """What to show of an event for which nothing is planned."""
        card = Card(self.env["payment.hub.posting"])
        for hold in group.plan.holds:
            if hold.event_key == event.economic_key:
                card.refusal = self._refusal(Refused(hold.cause))
        if not card.refusal:
            card.note = self.env._(
                "Nothing is posted: the event moves no money, or takes back what "
                "never left."
            )
        return card

    @api.model
    def _card_of_posted(self, posting, is_wrong):
        card = Card(posting)
        self._fill(card, posting)
        if is_wrong:
            card.note = self.env._("Is reversed first: the facts say more by now.")
        return card

    @api.model
    def _fill(self, card, posting):
        card.posting = posting
        if posting.is_adopted and posting.near_account_id == posting.far_account_id:
            card.note = self.env._(
                "The entry of %s stands for it.",
                posting.account_payment_id.display_name,
            )
            return
        lines = self.env["payment.hub.booking"]._lines(posting)
        card.lines = [{**line, **self._records(line)} for line in lines]

    @api.model
    def _records(self, line):
        browse = {
            "account": ("account.account", line["account_id"]),
            "partner": ("res.partner", line["partner_id"]),
            "currency": ("res.currency", line["currency_id"]),
            "taxes": ("account.tax", _ids(line.get("tax_ids"))),
            "tax_line": (
                "account.tax.repartition.line",
                line.get("tax_repartition_line_id"),
            ),
        }
        versions = self.env["payment.hub.mapping.version"]
        return {
            **{
                name: self.env[model].browse(ids)
                for name, (model, ids) in browse.items()
            },
            "analytic": versions._analytic_text(
                line.get("analytic_distribution") or {}
            ),
        }

    @api.model
    def _refusal(self, refused):
        causes = self.env["payment.hub.exception"]._fields["cause"]
        return {
            "label": dict(causes._description_selection(self.env))[refused.cause],
            "detail": refused.detail,
            "suggestion": str(CAUSES[refused.cause][1]),
        }

    @api.model
    def _rules(self, entry):
        """Return the row that decides, and [(row, why it does or does not)]."""
        connection = entry.event.connection_id
        return self.env["payment.hub.mapping"]._explain(
            connection.company_id,
            entry.criteria,
            connection._provider_day(entry.event._moment("occurred")),
        )


def _ids(commands):
    """The ids that ``Command.set`` carries."""
    return commands[0][2] if commands else []


def _said(line):
    return [
        _ids(line.get(name)) if name == "tax_ids" else line.get(name) for name in SHOWN
    ]
