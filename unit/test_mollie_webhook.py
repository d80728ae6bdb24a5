# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What each of Mollie's messages means, and what it only names."""

from datetime import datetime, timezone

import pytest
from mollie_payloads import (
    CAPTURE,
    CHARGEBACK,
    CLASSIC,
    CREATED,
    FORM,
    PAYMENT,
    PAYOUT,
    REFUND,
    SECRET,
    SETTLEMENT,
    WHOLE,
    encode,
    entry,
    message,
    money,
    page,
    payment,
    payout,
    refund,
    samples,
    settlement,
    simple,
)
from mollie_reading import LATER, STREAMS, facts, fault, looked_up, only, pulled
from payment_facts import fold

from engine.errors import UnknownCurrency
from engine.events import Reference
from engine.providers.base import Keys, Lookup
from engine.providers.mollie import const
from engine.providers.mollie.signature import verify
from engine.providers.mollie.webhook import envelope, test_request, translate

test_request.__test__ = False


# === messages ===


EXPECTED = {
    "payment.paid": (f"payment:{PAYMENT}:capture", "payment.captured", 12100),
    "payment.authorized": (
        f"payment:{PAYMENT}:authorization",
        "payment.authorized",
        12100,
    ),
    "payment.failed": (f"payment:{PAYMENT}:failed", "payment.failed", None),
    "payment.canceled": (f"payment:{PAYMENT}:voided", "payment.voided", None),
    "payment.expired": (
        f"payment:{PAYMENT}:expired",
        "payment.authorization_expired",
        None,
    ),
    "payment.pending": (f"payment:{PAYMENT}:pending", "payment.pending", None),
    "refund.queued": (f"refund:{REFUND}:requested", "refund.requested", 2000),
    "refund.pending": (f"refund:{REFUND}:requested", "refund.requested", 2000),
    "refund.processing": (f"refund:{REFUND}:requested", "refund.requested", 2000),
    "refund.refunded": (f"refund:{REFUND}:succeeded", "refund.succeeded", 2000),
    "refund.failed": (f"refund:{REFUND}:failed", "refund.failed", 2000),
    "refund.canceled": (f"refund:{REFUND}:canceled", "refund.canceled", 2000),
    "capture.succeeded": (f"capture:{CAPTURE}:capture", "payment.captured", 3595),
    "capture.failed": (
        f"capture:{CAPTURE}:capture_failed",
        "payment.capture_failed",
        None,
    ),
}


@pytest.mark.parametrize(("name", "expected"), EXPECTED.items())
def test_messages(name, expected):
    fact = only(samples()[name])
    assert (fact.key, fact.type, fact.amount_minor) == expected
    assert fact.payment_ref == PAYMENT
    assert fact.occurred_at == LATER
    assert fact.provider_code == name
    assert Reference("payment", PAYMENT) in fact.references


def test_translation():
    (translation,) = translate(samples()["payment.paid"])
    assert translation[:6] == (
        "event_GvJ8WHrp5isUdRub9CJyH",
        "payment.paid",
        LATER,
        False,
        "",
        "",
    )
    assert translation.lookups == ()


@pytest.mark.parametrize(("mode", "livemode"), [("live", True), ("test", False)])
def test_environment(mode, livemode):
    (translation,) = translate(message("refund.refunded", refund(mode=mode)))
    assert translation.livemode is livemode


def test_chargeback_does_not_tell_its_environment():
    (translation,) = translate(samples()["chargeback.received"])
    assert translation.livemode is None


def test_chargeback():
    opened, withdrawn = facts(samples()["chargeback.received"])
    assert (opened.key, opened.type, opened.amount_minor) == (
        f"dispute:{CHARGEBACK}:opened",
        "dispute.opened",
        None,
    )
    assert (withdrawn.key, withdrawn.amount_minor) == (
        f"dispute:{CHARGEBACK}:funds_withdrawn",
        12100,
    )
    assert withdrawn.reason == "AC01"


def test_chargeback_that_was_reversed():
    _opened, _withdrawn, won, reinstated = facts(samples()["chargeback.reversed"])
    assert (won.type, reinstated.type) == ("dispute.won", "dispute.funds_reinstated")
    assert reinstated.amount_minor == 12100
    assert reinstated.occurred_at == datetime(2026, 4, 1, 6, tzinfo=timezone.utc)
    assert [clock.zone for clock in reinstated.clocks] == ["+02:00"]


def test_references():
    (fact,) = pulled(
        "payments", payment(settlementId=SETTLEMENT, mandateId="mdt_1", orderId=None)
    )
    assert set(fact.references) == {
        Reference("payment", PAYMENT),
        Reference("customer", "cst_4qqhO89gsT"),
        Reference("mandate", "mdt_1"),
        Reference("batch", SETTLEMENT),
        Reference("merchant_reference", "S00042"),
        Reference("invoice", "INV/2026/0007"),
        Reference("description", "S00042-1"),
    }


@pytest.mark.parametrize(
    ("metadata", "found"),
    [
        ('{"order_id": "S1"}', {Reference("merchant_reference", "S1")}),
        ("S00042", {Reference("merchant_reference", "S00042")}),
        ("{", {Reference("merchant_reference", "{")}),
        (["S00042"], set()),
        (12345, set()),
        ("", set()),
        (None, set()),
    ],
)
def test_metadata_may_be_anything(metadata, found):
    fact = only(message("payment.paid", payment(metadata=metadata, description=5)))
    ours = {item for item in fact.references if item.kind == "merchant_reference"}
    assert ours == found


def test_failure_has_a_reason():
    details = {"failureReason": "card_declined"}
    assert only(message("payment.failed", payment("failed", details=details))).reason
    reason = {"code": "insufficient_funds", "message": "No."}
    failed = payment("failed", statusReason=reason, details=details)
    assert only(message("payment.failed", failed)).reason == "insufficient_funds"


@pytest.mark.parametrize("name", const.NOTED)
def test_what_is_only_noted(name):
    fact = only(message(name, {"id": "x_1"}))
    assert (fact.key, fact.type) == (
        "event:event_GvJ8WHrp5isUdRub9CJyH:info",
        "external.info",
    )


@pytest.mark.parametrize("name", ["brand.new", "payment.brand_new", "payment", "*"])
def test_what_is_not_understood(name):
    fact = only(message(name, payment()))
    assert (fact.type, fact.provider_code) == ("unknown", name)


@pytest.mark.parametrize(
    ("stream", "item"),
    [
        ("payments", payment("new_status")),
        ("refunds", refund("new_status")),
        ("settlements", settlement("new_status")),
        ("payouts", payout("new_status")),
        ("balance_transactions", entry("new-type", fee="0")),
    ],
)
def test_new_status_is_unknown(stream, item):
    (fact,) = pulled(stream, item)
    assert fact.type == "unknown"
    assert fact.object_id == item["id"]
    assert "new" in fact.provider_code


# === what a message only names ===


@pytest.mark.parametrize(
    ("body", "lookup"),
    [
        (simple("payment.paid", PAYMENT), Lookup("payment", PAYMENT)),
        (simple("refund.failed", REFUND), Lookup("refund", REFUND)),
        (simple("chargeback.received", CHARGEBACK), Lookup("chargeback", CHARGEBACK)),
        (
            simple("capture.succeeded", CAPTURE),
            Lookup("event", "event_GvJ8WHrp5isUdRub9CJyH"),
        ),
        (
            simple("payout.completed", PAYOUT),
            Lookup("event", "event_GvJ8WHrp5isUdRub9CJyH"),
        ),
        (
            samples()["payment-link.paid"],
            Lookup("payment_link", "pl_4Y0eZitmBnQ6IDoMqZQKh"),
        ),
        (CLASSIC, Lookup("payment", PAYMENT)),
        (b"id=pl_4Y0eZitmBnQ6", Lookup("payment_link", "pl_4Y0eZitmBnQ6")),
        (b"id=ord_kEn1PlbGa", Lookup("order", "ord_kEn1PlbGa")),
    ],
)
def test_lookups(body, lookup):
    (translation,) = translate(body, FORM)
    assert translation.events == ()
    assert translation.lookups == (lookup,)


@pytest.mark.parametrize(
    "changes",
    [
        {"amountCaptured": money("0.00")},
        {"captureMode": "manual"},
        {"amountRefunded": money("1.00")},
        {"amountChargedBack": money("1.00")},
    ],
)
def test_payment_without_its_parts_is_looked_up(changes):
    (translation,) = translate(message("payment.paid", payment(**changes)))
    assert translation.lookups == (Lookup("payment", PAYMENT),)
    # Whether it was captured by itself shows when it is complete.
    is_certain = not changes.keys() & {"amountCaptured", "captureMode"}
    assert len(translation.events) == is_certain


def test_nothing_refunded_is_nothing_to_look_up():
    body = message("payment.paid", payment(amountRefunded=money("0.00")))
    (translation,) = translate(body)
    assert translation.lookups == ()


def test_whole_payment():
    found = looked_up(WHOLE)
    assert [fact.key for fact in found] == [
        f"payment:{PAYMENT}:authorization",
        f"capture:{CAPTURE}:capture",
        "capture:cpt_2:capture_failed",
        f"refund:{REFUND}:succeeded",
        "refund:re_2:requested",
        f"dispute:{CHARGEBACK}:opened",
        f"dispute:{CHARGEBACK}:funds_withdrawn",
        f"dispute:{CHARGEBACK}:won",
        f"dispute:{CHARGEBACK}:funds_reinstated",
    ]
    assert fold(found).captured_minor == 3595


def test_whole_payment_without_captures_was_captured_by_itself():
    (fact,) = looked_up(payment(amountCaptured=money("121.00")))
    assert fact.key == f"payment:{PAYMENT}:capture"


# === money ===


@pytest.mark.parametrize(
    ("value", "currency", "minor", "exponent"),
    [("100", "JPY", 100, 0), ("1.500", "KWD", 1500, 3), ("10.00", "eur", 1000, 2)],
)
def test_currencies(value, currency, minor, exponent):
    fact = only(message("payment.paid", payment(amount=money(value, currency))))
    assert (fact.amount_minor, fact.exponent) == (minor, exponent)
    assert fact.currency == currency.upper()


def test_settled_in_another_currency():
    (fact,) = pulled(
        "payments",
        payment(
            amount=money("130.00", "USD"),
            settlementAmount=money("119.42"),
            settlementId=SETTLEMENT,
        ),
    )
    assert (fact.amount_minor, fact.currency) == (13000, "USD")
    settled = fact.settlement
    assert (settled.gross_minor, settled.currency) == (11942, "EUR")
    assert settled.batch == SETTLEMENT


@pytest.mark.parametrize("value", ["-20.00", "20.00"])
def test_sign_of_a_settled_refund_is_ours(value):
    (fact,) = pulled("refunds", refund(settlementAmount=money(value)))
    assert fact.settlement.gross_minor == -2000


ENTITY = "_embedded.entity"


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        (f"{ENTITY}.amount", {"amount": None}),
        (f"{ENTITY}.amount.value", {"amount": money("1.001")}),
        (f"{ENTITY}.amount.value", {"amount": money("-1.00")}),
        (f"{ENTITY}.amount.value", {"amount": money(1.0)}),
        (f"{ENTITY}.amount.value", {"amount": money("100.5", "JPY")}),
        (f"{ENTITY}.amount.currency", {"amount": money("1.00", None)}),
        (f"{ENTITY}.id", {"id": "tr:1"}),
        (f"{ENTITY}.mode", {"mode": "maybe"}),
        (f"{ENTITY}.paidAt", {"paidAt": "2026-13-01T00:00:00+00:00"}),
        (f"{ENTITY}.settlementAmount.value", {"settlementAmount": money("x")}),
    ],
)
def test_malformed_payment(path, changes):
    assert fault(message("payment.paid", payment(**changes), entityId="x")) == path


def test_unknown_currency():
    body = message("payment.paid", payment(amount=money("1.00", "XXX")))
    assert fault(body, UnknownCurrency) == f"{ENTITY}.amount.currency"


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("resource", {"resource": "payment"}),
        ("id", {"id": None}),
        ("type", {"type": 5}),
        ("createdAt", {"createdAt": "2026-01-01"}),
        (ENTITY, {"_embedded": {"entity": []}}),
    ],
)
def test_malformed_event(path, changes):
    assert fault(message("payment.paid", payment(), **changes)) == path


def test_one_bad_item_does_not_stop_the_others():
    body = encode(page("payments", payment(amount=None), payment()))
    bad, good = STREAMS["payments"].translate(body, {})
    assert bad.fault.path == "_embedded.payments[0].amount"
    assert len(good.events) == 1


# === envelope ===


def test_envelope():
    assert envelope(samples()["payment.paid"]) == (
        "event_GvJ8WHrp5isUdRub9CJyH",
        "payment.paid",
        "event_GvJ8WHrp5isUdRub9CJyH",
        "",
    )


def test_classic_messages_of_one_payment_differ_by_their_second():
    keys = {
        envelope(CLASSIC, {"x-payment-hub-received": str(CREATED + second)}).dedupe_key
        for second in (0, 0, 1)
    }
    assert keys == {f"{PAYMENT}@{CREATED}", f"{PAYMENT}@{CREATED + 1}"}


@pytest.mark.parametrize("received", ["", "x", "-1", "1" * 13, "١", "1.5"])
def test_odd_time_of_arrival(received):
    told = envelope(CLASSIC, {"x-payment-hub-received": received})
    assert told == ("", "classic", PAYMENT, "")


@pytest.mark.parametrize("event_id", [None, 5, "", "é", "x" * 256])
def test_event_without_usable_id(event_id):
    told = envelope(message("payment.paid", payment(), id=event_id))
    assert told.event_id == ""
    assert told.dedupe_key.startswith("sha256:")


def test_the_hubs_own_message():
    body, headers = test_request(SECRET, "", "", "evt_hub_1", CREATED, True)
    assert verify(body, headers, Keys([SECRET]), CREATED) == 0
    (translation,) = translate(body)
    assert translation.livemode is True
    assert only(body).key == "event:evt_hub_1:test"
