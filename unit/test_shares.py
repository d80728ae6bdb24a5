# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a platform keeps of a charge, where no application fee says so."""

from collections import Counter
from itertools import permutations

import pytest
from payment_facts import capture, fact, plan, refund, refund_failed, reversal
from stripe_balance_payloads import entry
from stripe_payloads import charge, encode, message

from engine.effects import SHARE_LEG
from engine.postings import Line
from engine.providers.stripe import balance, objects, webhook

SHARE = f"charge:ch_1:{SHARE_LEG}"


def share(amount, charge="ch_1", at=10, **more):
    return fact(
        "external.info",
        charge,
        amount,
        at,
        object_type="charge",
        leg=SHARE_LEG,
        **more,
    )


def sums(planned):
    """Add up what stands on each account, captures being collected for others."""
    found = Counter()
    for posting in planned.postings:
        for line in posting.lines:
            role = "connected_payable" if line.role == "receivable" else line.role
            found[role] += line.amount_minor
    return {role: minor for role, minor in found.items() if minor}


def test_share_of_a_capture():
    _capture, posting = plan([share(10), capture(100)]).postings
    assert (posting.key, posting.event_key) == (SHARE, SHARE)
    assert (posting.kind, posting.parent_key) == ("platform_share", capture(1).key)
    assert posting.lines == (
        Line("connected_payable", 10, "EUR"),
        Line("platform_revenue", -10, "EUR"),
    )


@pytest.mark.parametrize(
    ("returned", "kept"),
    [
        ([refund(100)], 0),
        ([reversal(100)], 0),
        ([refund(50)], 5),
        # Cents do not add up: what is left of the share is rounded, never its parts.
        ([refund(33), refund(33, "re_2", at=21)], 3),
        ([refund(33), refund(33, "re_2", at=21), refund(34, "re_3", at=22)], 0),
        ([refund(50), refund_failed(50)], 10),
    ],
)
def test_share_goes_with_what_is_returned(returned, kept):
    events = [capture(100), share(10), *returned]
    whole = plan(events)
    assert whole.holds == ()
    assert sums(whole).get("platform_revenue", 0) == -kept
    for order in permutations(events):
        assert plan(order) == whole


def test_what_is_refunded_in_full_leaves_nothing():
    assert sums(plan([capture(100), share(10), refund(100)])) == {}


def test_each_charge_has_its_own_share():
    events = [capture(100), capture(50, "ch_2", at=11)]
    events += [share(10), share(5, "ch_2"), refund(50, charge="ch_2")]
    assert sums(plan(events))["platform_revenue"] == -10


def test_application_fee_is_the_share():
    fee = fact("application_fee.earned", "fee_1", 10, at=12)
    assert sums(plan([capture(100), share(10), fee]))["platform_revenue"] == -10


@pytest.mark.parametrize(
    ("events", "cause"),
    [
        ([share(10)], "parent_missing"),
        ([share(101), capture(100)], "settlement_mismatch"),
        ([share(10, currency="USD"), capture(100)], "settlement_mismatch"),
        ([share(10), share(11), capture(100)], "conflicting_attestation"),
    ],
)
def test_what_is_not_sure_is_held(events, cause):
    planned = plan(events)
    assert planned.holds == ((SHARE, cause),)
    assert {posting.kind for posting in planned.postings} <= {"capture"}


# === told by Stripe ===

SENT = {"transfer_data": {"amount": 11000, "destination": "acct_1"}}


def told(translations):
    """Give the shares: amount, payment and connected account of each."""
    facts = [one for translation in translations for one in translation.events]
    for one in facts:
        if one.leg == SHARE_LEG:
            accounts = [ref.value for ref in one.references if ref.kind[:4] == "conn"]
            yield one.key, one.amount_minor, one.payment_ref, *accounts


ON_EACH_ROAD = [("charge:ch_3RvAbc:platform_share", 1100, "pi_3RvAbc", "acct_1")]


@pytest.mark.parametrize("name", ["charge.succeeded", "charge.captured"])
def test_webhook(name):
    body = message(name, charge(**SENT))
    assert list(told(webhook.translate(body))) == ON_EACH_ROAD


def test_balance():
    source = charge(**SENT)
    body = encode(entry("txn_3RvAbc", "charge", 12100, source=source))
    assert list(told(balance.translate(body))) == ON_EACH_ROAD
    expanded = source | {"balance_transaction": entry("txn_1", "charge", 12100)}
    assert list(told(objects.translate(encode(expanded)))) == ON_EACH_ROAD


@pytest.mark.parametrize(
    "more",
    [
        {"transfer_data": None},
        {"transfer_data": {"amount": None, "destination": "acct_1"}},
        {"transfer_data": {"amount": 12100, "destination": "acct_1"}},
        SENT | {"application_fee": "fee_1"},
        SENT | {"application_fee_amount": 1100},
        SENT | {"captured": False, "amount_captured": 0},
        SENT | {"amount_captured": 10000},
    ],
)
def test_nothing_is_kept(more):
    assert not list(
        told(webhook.translate(message("charge.succeeded", charge(**more))))
    )


def test_refund_tells_no_share():
    refunded = entry("txn_1", "refund", -2000, source=charge(**SENT))
    assert not list(told(balance.translate(encode(refunded))))
