# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Seeded defects of the ledger: entries of many, returns, deposits, banks."""

from ..models import (
    grouped_lines,
    payment_hub_bank_mixin,
    payment_hub_entry,
    payment_hub_processor,
    payment_hub_reconciler,
)
from ..models.account_move_line import AccountMoveLine
from ..models.payment_hub_documents import PaymentHubDocuments
from ..models.payment_hub_entry import Group
from ..models.payment_hub_grouping import PaymentHubGrouping
from ..models.payment_hub_misfit_mixin import PaymentHubMisfitMixin
from ..models.payment_hub_reconciler import PaymentHubReconciler
from . import (
    test_bank_rates,
    test_deposit_parts,
    test_grouping,
    test_misfits,
    test_owed_again,
    test_payment_returned,
    test_settlements,
)
from .defects import Defect, always


def ledger_defects():
    """Give the defects of the ledger."""
    yield from _of_grouping()
    yield from _of_returns()
    yield from _of_deposits()
    yield from _of_banks()


def _of_grouping():
    caught_by = test_grouping.TestGrouping
    yield Defect(
        "books a settlement that proves nothing",
        PaymentHubGrouping,
        "_sums",
        lambda *_asked: {"USD": {"payout": 0}},
        test_settlements.TestSettlements(
            "test_settlement_that_proves_nothing_waits_for_the_rest"
        ),
    )
    yield Defect(
        "brings debits and credits together",
        grouped_lines.Side,
        "key",
        property(_key_without_side),
        caught_by("test_debits_and_credits_in_a_foreign_currency_stay_apart"),
    )
    yield Defect(
        "forgets that a payment of the invoice waits",
        PaymentHubDocuments,
        "_owed_after_waiting",
        lambda *_asked: {},
        caught_by("test_invoice_is_paid_once_though_the_first_payment_waits"),
    )
    yield Defect(
        "never looks at the hash of a line",
        AccountMoveLine,
        "_payment_hub_is_true",
        lambda line: True,
        caught_by("test_line_leads_to_its_events_and_tells_when_they_changed"),
    )


def _of_returns():
    yield Defect(
        "leaves what is owed again where its capture was",
        payment_hub_entry,
        "PAYING",
        (),
        test_owed_again.TestOwedAgain("test_capture_is_a_deposit_after_all"),
    )
    yield Defect(
        "undoes any capture of a disputed payment",
        payment_hub_reconciler,
        "disputed_first",
        _by_time,
        test_owed_again.TestOwedAgain("test_several_captures"),
    )
    yield Defect(
        "tells of a return whenever it is posted",
        PaymentHubReconciler,
        "_tell_invoices",
        _tell_always,
        test_payment_returned.TestPaymentReturned("test_not_twice"),
    )


def _of_banks():
    caught_by = test_bank_rates.TestBankRates
    yield Defect(
        "takes the company's rate of another day for the bank's",
        payment_hub_bank_mixin,
        "_of_bank",
        lambda payout: payout.far_line_id.matched_credit_ids,
        caught_by("test_bank_in_the_currency_of_the_balance"),
    )
    yield Defect(
        "lets the provider's messages end what a bank has caused",
        payment_hub_processor,
        "BANK_RATE_DIFFERS",
        "",
        caught_by("test_later_message"),
    )


def _of_deposits():
    yield Defect(
        "spends what has gone back of a deposit",
        Group,
        "left_of",
        lambda _group, deposit: deposit.amount_minor,
        test_deposit_parts.TestDepositParts("test_refunded_before_the_invoice"),
    )
    yield Defect(
        "takes back the first part of a deposit only",
        PaymentHubReconciler,
        "_paying_lines",
        lambda _reconciler, paid: [paid.customer_line],
        test_deposit_parts.TestDepositParts("test_refunded_as_a_whole"),
    )
    yield Defect(
        "wakes nobody when an invoice changes",
        PaymentHubMisfitMixin,
        "_invoices_changed",
        always(None),
        test_misfits.TestMisfits("test_other_payment_is_returned"),
    )


def _by_time(captures, _dispute):
    return captures.sorted("occurred_at")


def _tell_always(_reconciler, returned):
    for posting in returned:
        invoice = posting.payment_id.invoice_id
        invoice._payment_hub_payment_returned(posting, posting.amount)


def _key_without_side(side):
    own, _is_debit, same = _KEY.fget(side)
    return own, same


_KEY = grouped_lines.Side.key
