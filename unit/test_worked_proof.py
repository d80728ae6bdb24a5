# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One month of a merchant in euros, with figures worked out by hand.

Amounts are in cents, as they stand in the merchant's books: what a foreign invoice is
worth in euros is told with it.
"""

from collections import Counter

from payment_facts import fact

from engine.events import Settlement
from engine.facts import Facts
from engine.planner import plan

OWED = {"clearing": 19240}  # by the provider, before it pays out


def settled(gross, fee=0):
    return Settlement(
        gross_minor=gross,
        fee_minor=fee,
        net_minor=gross - fee,
        currency="EUR",
        exponent=2,
    )


def fee(object_type, object_id, amount, settlement=None, **more):
    more = {"object_type": object_type, "leg": "fee", **more}
    return fact("fee.charged", object_id, amount, settlement=settlement, **more)


PAYMENT = {"payment_ref": "pi_1"}
EURO_SALE = [
    fact("payment.captured", "ch_1", 12100, settlement=settled(12100, 200), **PAYMENT),
    fee("charge", "ch_1", 200, settled(12100, 200), **PAYMENT),
    fact("refund.succeeded", "re_1", 2000, 1, parent="ch_1", **PAYMENT),
    fact("dispute.opened", "dp_1", at=2, **PAYMENT),
    fact(
        "dispute.funds_withdrawn",
        "dp_1",
        10100,
        3,
        settlement=settled(-10100, 2000),
        **PAYMENT,
    ),
    fee("dispute", "dp_1", 2000, settled(-10100, 2000), **PAYMENT),
    fact("dispute.won", "dp_1", at=4, **PAYMENT),
    fact("dispute.funds_reinstated", "dp_1", 10100, 5, **PAYMENT),
    # This provider gives the fee of a dispute back when it was won.
    fact("fee.refunded", "txn_1", 2000, 5, **PAYMENT),
]
RESERVE = [
    fact("reserve.held", "rs_1", 1000, 6, payment_ref=""),
    fact("reserve.released", "rs_1", 1000, 7, payment_ref=""),
]
DOLLARS = {"payment_ref": "pi_2", "currency": "USD", "settlement": settled(9050, 210)}
DOLLAR_SALE = [
    fact("payment.captured", "ch_2", 10000, 8, **DOLLARS),
    fee("charge", "ch_2", 210, settled(9050, 210), payment_ref="pi_2"),
]
# Of a charge of 50.00 the platform keeps 5.00 and hands on the rest.
CONNECTED = [fact("payment.captured", "ch_3", 5000, 9, payment_ref="pi_3")]
TRANSFER = [fact("transfer.created", "tr_1", 4500, 9, payment_ref="")]
EARNED = [EURO_SALE, RESERVE, DOLLAR_SALE, CONNECTED, TRANSFER]

FAILED = [
    fact("payout.in_transit", "po_1", 19240, 10, payment_ref=""),
    fact("payout.failed", "po_1", 19240, 11, payment_ref=""),
]
PAID = [
    fact("payout.in_transit", "po_2", 19240, 12, payment_ref=""),
    fact("payout.paid", "po_2", at=13, payment_ref=""),
]
# What the merchant books without the hub, in euros: invoices and the credit note, the
# split of the connected charge, and the line of the bank's statement.
INVOICED = {"receivable": 12100 - 2000 + 9200 + 5000, "revenue": -24300}
SPLIT = {"revenue": 5000, "connected_payable": -4500, "platform_revenue": -500}
BANK = {"bank": 19240, "payout_transit": -19240}
# The dollars were invoiced at 92.00 and settled at 90.50.
EXCHANGE = {"receivable": -150, "exchange_loss": 150}


def books(groups, *entries):
    """Give what stands on each account, in euros, without zeros."""
    ledger = Counter()
    for group in groups:
        planned = plan(Facts(group), ["EUR"])
        assert planned.holds == ()
        for posting in planned.postings:
            near, far = posting.lines
            assert near.currency == "EUR"
            ledger[near.role] += near.amount_minor
            # Both sides are worth what the provider settled.
            ledger[far.role] -= near.amount_minor
    for entry in entries:
        ledger.update(entry)
    return {role: minor for role, minor in ledger.items() if minor}


def test_before_the_payout():
    ledger = books(EARNED)
    assert OWED.items() <= ledger.items()
    assert not {"reserve", "dispute_hold", "dispute_loss"} & ledger.keys()
    assert ledger["fee"] == 200 + 210


def test_while_something_is_kept_back():
    during = [EURO_SALE[:5], RESERVE[:1]]
    ledger = books(during)
    assert ledger["reserve"] == 1000
    assert ledger["dispute_hold"] == 10100
    # The fee of the dispute has not been told yet.
    assert ledger["clearing"] == 12100 - 200 - 2000 - 10100 - 1000


def test_a_payout_that_fails_changes_nothing():
    assert books([*EARNED, FAILED[:1]])["payout_transit"] == 19240
    assert books([*EARNED, FAILED]) == books(EARNED)


def test_after_the_payout_nothing_is_left():
    ledger = books([*EARNED, FAILED, PAID], INVOICED, SPLIT, BANK, EXCHANGE)
    assert ledger == {
        "bank": 19240,
        "fee": 410,
        "exchange_loss": 150,
        "revenue": -19300,
        "platform_revenue": -500,
    }
    assert sum(ledger.values()) == 0
