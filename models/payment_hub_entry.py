# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a drain carries from the facts to the ledger."""

from dataclasses import dataclass, field
from typing import Any

from ..engine.effects import CLEARING
from .mapping_treatments import ON_BEHALF, OWED_AGAIN, SHARES
from .money import amount_to_float, amount_to_minor

APPLICATION = "deposit_application"
# Kinds of postings by which a customer has paid.
PAYING = ("capture", APPLICATION)
# Kinds by which the customer gets it back.
RETURNING = ("charge_reversal", "refund")


class Refused(Exception):
    """An entry cannot be posted until a person has done something."""

    def __init__(self, cause, detail=""):
        super().__init__(cause)
        self.cause = cause
        self.detail = detail


@dataclass
class Group:
    """Events that are planned together: of one payment, or of one other object."""

    payment: Any  # payment.hub.payment, may be empty
    events: Any  # payment.hub.event
    plan: Any = None  # engine Plan
    skipped: set = field(default_factory=set)  # keys of what a rule does not post
    invoice: Any = None  # that the payment pays, as far as it is known by now
    set_aside: Any = ()  # postings that are looked at as if they were reversed

    def __post_init__(self):
        self.invoice = self.invoice or self.payment.invoice_id

    def event(self, economic_key):
        """The event with that key."""
        return self.events.filtered(lambda event: event.economic_key == economic_key)

    def posting(self, posting_key):
        """What the ledger holds under that key, or an empty record."""
        return self.postings.filtered(lambda one: one.posting_key == posting_key)

    def applications(self, posting_key):
        """Those of the deposit with that key, in order."""
        return applications(self.postings, posting_key)

    def paying_lines(self, paid):
        """The customer's lines of what paid, and of all parts if it is a deposit's.

        :param paid: Entry or posting; one of this batch has none yet
        """
        is_part = paid.kind == APPLICATION
        parts = self.applications(paid.parent_key) if is_part else [paid]
        return [line for one in parts for line in one.customer_line or []]

    @property
    def missing(self):
        """The engine's postings that the ledger should hold and does not."""
        posted = set(self.postings.mapped("posting_key")) | self.skipped
        return [post for post in self.plan.postings if post.key not in posted]

    @property
    def wrong(self):
        """What the ledger holds and the facts do not say any more.

        What undoes a wrong posting is wrong with it: it was reconciled with it.
        """
        planned = {post.key: post.digest for post in self.plan.postings}
        # What is held, for a contradiction say, stays as it was posted.
        held = {hold.event_key for hold in self.plan.holds}
        # What has no entry yet gets none.
        kept = self.postings.filtered(
            lambda one: one.event_id.economic_key in held and one.move_id
        )
        keys = set(kept.mapped("posting_key"))
        kept |= self.postings.filtered(lambda one: one.parent_key in keys)
        planned |= {one.posting_key: one.digest for one in kept}
        keys = {
            posting.posting_key
            for posting in self.postings
            if posting.is_doubted
            or posting.digest
            and posting.digest != planned.get(posting.posting_key)
        }
        return self.with_children(
            self.postings.filtered(lambda one: one.posting_key in keys)
        )

    def with_children(self, postings):
        """Those postings and whatever undoes them.

        What is owed again after a lost dispute was reconciled with captures, too.
        """
        keys = set(postings.mapped("posting_key"))
        is_unpaid = any(one.kind in PAYING for one in postings)
        for posting in self.postings.sorted("id"):
            is_owed_again = posting.treatment == OWED_AGAIN
            if posting.parent_key in keys or (is_unpaid and is_owed_again):
                keys.add(posting.posting_key)
        return self.postings.filtered(lambda one: one.posting_key in keys)

    def is_given_back(self, capture):
        """Whether nothing of what the engine's posting brought is left."""
        returns = [
            one
            for one in self.plan.postings
            if one.parent_key == capture.key and one.kind in RETURNING
        ]
        keys = {one.key for one in returns}
        failed = [one for one in self.plan.postings if one.parent_key in keys]
        left = capture.amount.minor - sum(one.amount.minor for one in returns)
        return left + sum(one.amount.minor for one in failed) <= 0

    @property
    def unsettled(self):
        """Events about which something is to do in the ledger."""
        events = (self.wrong | self.deposits).event_id
        return events.union(*(self.event(post.event_key) for post in self.missing))

    @property
    def deposits(self):
        """Captures that are booked as deposits and have money for an invoice.

        Some of it may have come back after the rest was used.
        """
        return self.postings.filtered(lambda one: is_deposit(one) and self.left_of(one))

    def left_of(self, deposit):
        """What of a deposit is there for an invoice, in minor units of its currency.

        What goes back and waits for its entry is not there any more.
        """
        aside = [one.near_line_id | one.far_line_id for one in self.set_aside]
        freed = deposit.far_line_id.matched_debit_ids.filtered(
            lambda one: any(one.debit_move_id in lines for lines in aside)
        )
        left = abs(deposit.far_line_id.amount_residual_currency)
        left += sum(freed.mapped("credit_amount_currency"))
        going = self.postings.filtered(
            lambda one: (
                not one.move_id
                and one.far_account_id == deposit.far_account_id
                and (
                    one.parent_key == deposit.posting_key or one.treatment == OWED_AGAIN
                )
            )
        )
        minor = amount_to_minor(left, deposit.exponent)
        return max(minor - sum(going.mapped("amount_minor")), 0)

    @property
    def postings(self):
        """What the ledger holds of it now."""
        return self.events.posting_ids.filtered(
            lambda one: not one.is_reversed and one not in self.set_aside
        )


@dataclass
class Entry:
    """A posting on its way into the ledger, as far as it is decided."""

    group: Group
    plan: Any  # engine Posting
    event: Any  # payment.hub.event
    rule: Any = None  # payment.hub.mapping that decided, may be empty
    entity_version_id: Any = None  # as on a posting
    date: Any = None  # accounting date
    granularity: str = "event"  # an entry for each event, day or settlement
    due_date: Any = None  # the date that the rule gives, before any lock date
    balance: Any = None  # payment.hub.balance, may be empty
    company: Any = None  # the connection's, or one of its branches
    journal: Any = None
    analytic: Any = None  # distribution of the far side
    near_account: Any = None
    far_account: Any = None
    partner: Any = None
    taxes: Any = None
    document: Any = None  # invoice or credit note to reconcile with
    discount_lines: list = field(default_factory=list)  # values of journal items
    parent: Any = None  # what it undoes: Entry or posting
    transaction: Any = None  # Odoo's own payment.transaction of this payment, if any
    adopted: Any = None  # account.payment that Odoo has booked for it
    remark: Refused | None = None  # posted, and yet somebody has to know
    refusal: Refused | None = None  # why it is not posted
    value: float = 0.0  # of the near side, in the company's currency; positive is debit

    @property
    def payment(self):
        """The provider payment, may be empty."""
        return self.group.payment

    @property
    def posting_key(self):
        """As on a posting."""
        return self.plan.key

    @property
    def kind(self):
        """As on a posting."""
        return self.plan.kind

    @property
    def parent_key(self):
        """As on a posting."""
        return self.plan.parent_key

    @property
    def entity_company_id(self):
        """As on a posting."""
        return self.company

    @property
    def is_skipped(self):
        """Whether there is nothing to post, on purpose."""
        return self.plan.key in self.group.skipped

    @property
    def criteria(self):
        """What rules may ask for."""
        criteria = self.event._criteria()
        if self.plan.fee_kind:
            criteria["fee_kind"] = self.plan.fee_kind
        if event_type := SHARES.get(self.plan.kind):
            criteria["event_type"] = event_type
        return criteria

    @property
    def batch(self):
        """As on a posting."""
        is_payout = self.plan.kind == "payout"
        return self.event.batch or (is_payout and self.event.object_id)

    @property
    def treatment(self):
        """What the rule says, as a posting keeps it."""
        return self.rule.treatment or "post"

    @property
    def amount_minor(self):
        """As on a posting."""
        return self.plan.amount.minor

    @property
    def is_customer(self):
        """Whether a customer stands on the other side."""
        return self.far_account.account_type == "asset_receivable"

    @property
    def is_adopted(self):
        """Whether Odoo has booked it."""
        return bool(self.adopted)

    @property
    def customer_line(self):
        """The line on the customer's account that Odoo has booked, if it has."""
        return self.adopted and receivable_lines(self.adopted.move_id)

    @property
    def is_on_balance(self):
        """Whether the provider's balance moves."""
        return self.plan.near == CLEARING

    @property
    def far_amount(self):
        """The far side in major units of its currency, signed like a debit."""
        line = self.plan.lines[1]
        return amount_to_float(line.amount_minor, self.plan.amount.exponent)

    @property
    def near_amount(self):
        """The near side in major units of its currency, signed like a debit."""
        line = self.plan.lines[0]
        return amount_to_float(line.amount_minor, self.plan.moved.exponent)


def in_order(groups):
    """What is missing of groups, by time, and each after the one that it undoes.

    What one payment gives back, another one may pay: so they are taken together.

    :return: list of (Group, engine Posting)
    """
    missing = [(group, posting) for group in groups for posting in group.missing]
    by_key = {posting.key: posting for _group, posting in missing}

    def rank(posting):
        parent = by_key.get(posting.parent_key)
        at, depth = rank(parent) if parent else (posting.occurred_at, -1)
        return max(at, posting.occurred_at), depth + 1

    return sorted(missing, key=lambda one: rank(one[1]))


def disputed_first(captures, dispute):
    """Events of captures, first the one that those of a dispute name, then by time."""
    names = {*dispute.mapped("object_id"), *dispute.mapped("parent")}
    return captures.sorted(
        lambda one: (one.object_id not in names, one._earliest(), one.economic_key)
    )


def moves_taxes(one):
    """Whether an entry or a posting changes the tax report, so that its lock counts.

    Taxes may be due when the customer pays.
    """
    if one.taxes or one.discount_lines:
        return True
    invoice = one.is_customer and (one.document or one.payment.invoice_id)
    if not invoice or not invoice.company_id.tax_exigibility:
        return False
    taxes = invoice.line_ids.tax_ids.flatten_taxes_hierarchy()
    return "on_payment" in taxes.mapped("tax_exigibility")


def applications(postings, posting_key):
    """Those of a deposit among the postings of its payment, in order."""
    return postings.sorted("id").filtered(
        lambda one: (
            one.kind == APPLICATION
            and one.parent_key == posting_key
            and not one.is_reversed
        )
    )


def is_deposit(posting):
    """Whether it is a customer's payment that was booked as a deposit."""
    is_theirs = posting.is_adopted or posting.treatment == ON_BEHALF
    return posting.kind == "capture" and not (is_theirs or posting.is_customer)


def receivable_lines(move):
    """The receivable lines of an invoice, a credit note or a customer payment."""
    return move.line_ids.filtered(
        lambda line: line.account_id.account_type == "asset_receivable"
    )


def open_receivables(move, account=None):
    """Those that are not fully reconciled; on one account, if it is given."""
    return receivable_lines(move).filtered(
        lambda line: (
            not line.reconciled and line.account_id == (account or line.account_id)
        )
    )
