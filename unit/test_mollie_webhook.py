# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Mollie tells is one fact, whichever road it comes by."""

from datetime import datetime, timezone

import pytest
from mollie_payloads import (
    CAPTURE,
    CHARGEBACK,
    CLASSIC,
    CREATED,
    ENTRY,
    FORM,
    PAYMENT,
    PAYOUT,
    REFUND,
    SECRET,
    SETTLEMENT,
    WHOLE,
    capture,
    chargeback,
    encode,
    entry,
    event,
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
from payment_facts import fold
from roads import whole_claim

from engine.errors import MalformedMessage, UnknownCurrency
from engine.events import Fee, Reference
from engine.providers import get
from engine.providers.base import Keys, Lookup
from engine.providers.mollie import const
from engine.providers.mollie.signature import verify
from engine.providers.mollie.webhook import envelope, test_request, translate

test_request.__test__ = False

STREAMS = get("mollie").streams
LATER = datetime(2026, 3, 20, 9, 15, tzinfo=timezone.utc)
SAME_CURRENCY = {"one_currency": "yes"}


def facts(body, **options):
    (translation,) = translate(body, {}, options)
    return translation.events


def only(body, **options):
    (event,) = facts(body, **options)
    return event


def pulled(stream, *items, **options):
    """Give the facts of a page."""
    translations = STREAMS[stream].translate(encode(page(stream, *items)), options)
    for translation in translations:
        assert translation.fault is None, translation.fault
    return [event for translation in translations for event in translation.events]


def looked_up(item, stream="payment"):
    (translation,) = STREAMS[stream].translate(encode(item), {})
    return translation.events


def fault(body, error=MalformedMessage):
    with pytest.raises(error) as refused:
        translate(body)
    return refused.value.path


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


# === one fact, many roads ===


@pytest.mark.parametrize(
    "found",
    [
        [only(samples()["payment.paid"])],
        pulled("payments", payment()),
        looked_up(payment()),
        looked_up(event("payment.paid", payment()), "event"),
        pulled("payments", payment(settlementAmount=money("121.00"))),
        pulled("balance_transactions", entry(fee="0"), **SAME_CURRENCY),
    ],
)
def test_capture_by_every_road(found):
    (fact,) = found
    assert whole_claim(fact) == (
        f"payment:{PAYMENT}:capture",
        "payment.captured",
        12100,
        "EUR",
        2,
        PAYMENT,
        "",
    )
    assert fact.occurred_at == LATER


IN_CONTEXT = {"paymentId": PAYMENT, "refundId": REFUND, "captureId": CAPTURE}


@pytest.mark.parametrize(
    "found",
    [
        [only(samples()["refund.refunded"])],
        pulled("refunds", refund()),
        looked_up(payment(_embedded={"refunds": [refund()]}))[1:],
        pulled(
            "balance_transactions",
            entry("refund", "-20.00", "0", IN_CONTEXT),
            **SAME_CURRENCY,
        ),
    ],
)
def test_refund_by_every_road(found):
    (fact,) = found
    assert whole_claim(fact) == (
        f"refund:{REFUND}:succeeded",
        "refund.succeeded",
        2000,
        "EUR",
        2,
        PAYMENT,
        "",
    )


@pytest.mark.parametrize(
    "found",
    [
        [only(samples()["capture.succeeded"])],
        looked_up(payment(_embedded={"captures": [capture()]})),
        pulled(
            "balance_transactions",
            entry("capture", "35.95", "0", IN_CONTEXT),
            **SAME_CURRENCY,
        ),
    ],
)
def test_capture_apart_by_every_road(found):
    (fact,) = found
    assert whole_claim(fact)[:5] == (
        f"capture:{CAPTURE}:capture",
        "payment.captured",
        3595,
        "EUR",
        2,
    )


def _chargeback_entry(kind, gross):
    context = {kind: {"paymentId": PAYMENT, "chargebackId": CHARGEBACK}}
    return pulled(
        "balance_transactions", entry(kind, gross, "0", context), **SAME_CURRENCY
    )


def test_chargeback_by_every_road():
    both = chargeback(reversedAt="2026-04-01T08:00:00+02:00")
    told = facts(samples()["chargeback.reversed"])
    for found in (
        pulled("chargebacks", both),
        looked_up(payment(_embedded={"chargebacks": [both]}))[1:],
    ):
        assert list(map(whole_claim, found)) == list(map(whole_claim, told))
    money_facts = [fact for fact in told if fact.amount_minor is not None]
    booked = _chargeback_entry("chargeback", "-121.00") + _chargeback_entry(
        "chargeback-reversal", "121.00"
    )
    assert list(map(whole_claim, booked)) == list(map(whole_claim, money_facts))


TRANSFER = {"settlementId": SETTLEMENT, "transferId": "trf_nyjwa2"}


def test_settlement_by_every_road():
    out, paid = pulled("settlements", settlement())
    (booked,) = pulled(
        "balance_transactions", entry("outgoing-transfer", "-39.75", "0", TRANSFER)
    )
    assert whole_claim(out) == whole_claim(booked)
    assert out.key == f"payout:{SETTLEMENT}:in_transit"
    assert (out.type, out.amount_minor) == ("payout.in_transit", 3975)
    assert (paid.type, paid.amount_minor) == ("payout.paid", None)
    assert paid.occurred_at == LATER
    assert Reference("bank_trace", "1234567.2603.03") in paid.references


def test_settlement_that_failed_by_every_road():
    out, back = pulled("settlements", settlement("failed"))
    assert (out.type, back.type) == ("payout.in_transit", "payout.failed")
    for kind in ("returned-transfer", "canceled-transfer"):
        (booked,) = pulled(
            "balance_transactions", entry(kind, "39.75", "0", {kind: TRANSFER})
        )
        assert whole_claim(booked) == whole_claim(back)


def test_transfer_of_an_unknown_settlement_is_for_a_person():
    """Its settlement may be booked: the transfer would be the same money again."""
    transfer = entry("outgoing-custom-amount-transfer", "-39.75", "0", {})
    (fact,) = pulled("balance_transactions", transfer)
    assert (fact.type, fact.settlement.net_minor) == ("unknown", -3975)
    (fact,) = pulled("balance_transactions", transfer, payouts="payouts")
    assert fact.type == "external.info"


def test_only_one_word_for_a_transfer_is_booked():
    """Nothing links a settlement and a payout, which are one transfer."""
    transfer = entry("outgoing-transfer", "-39.75", "0", TRANSFER)

    def balance(**options):
        found = [
            *pulled("payouts", payout("completed"), payout("failed"), **options),
            *pulled("settlements", settlement(), **options),
            *pulled("balance_transactions", transfer, **options),
        ]
        return {fact.object_id for fact in found if fact.is_balance}

    assert balance() == {SETTLEMENT}
    assert balance(payouts="settlements") == {SETTLEMENT}
    assert balance(payouts="payouts") == {PAYOUT}


def test_payout_by_every_road():
    options = {"payouts": "payouts"}
    out, paid = pulled("payouts", payout("completed"), **options)
    assert whole_claim(out)[:5] == (
        f"payout:{PAYOUT}:in_transit",
        "payout.in_transit",
        3975,
        "EUR",
        2,
    )
    assert list(map(whole_claim, facts(samples()["payout.completed"], **options))) == [
        whole_claim(out),
        whole_claim(paid),
    ]
    told = only(samples()["payout.initiated"], **options)
    assert whole_claim(told) == whole_claim(out)
    assert out.occurred_at < paid.occurred_at == LATER


# === balance transactions ===


def test_entry_does_not_vouch_for_the_amount_in_another_currency():
    known, fee = pulled("balance_transactions", entry())
    assert (known.key, known.type) == (
        f"balance_entry:{ENTRY}:payment",
        "external.info",
    )
    assert known.amount_minor is None
    assert known.payment_ref == fee.payment_ref == PAYMENT
    settlement = known.settlement
    assert settlement == fee.settlement
    assert (settlement.gross_minor, settlement.fee_minor) == (12100, 29)
    assert (settlement.net_minor, settlement.entry) == (12071, ENTRY)


@pytest.mark.parametrize(
    ("fee", "expected"),
    [("-0.29", ("fee.charged", 29)), ("0.29", ("fee.refunded", 29)), ("0", None)],
)
def test_fee(fee, expected):
    _main, *fees = pulled("balance_transactions", entry(fee=fee))
    assert [(fact.type, fact.amount_minor) for fact in fees] == (
        [expected] if expected else []
    )
    assert all(fact.key == f"balance_entry:{ENTRY}:fee" for fact in fees)


def test_fee_of_its_own():
    (fact,) = pulled("balance_transactions", entry("payment-fee", "-0.29", "0"))
    assert (fact.key, fact.type, fact.amount_minor) == (
        f"balance_entry:{ENTRY}:fee",
        "fee.charged",
        29,
    )
    assert fact.provider_code == "payment-fee"
    assert fact.payment_ref == PAYMENT
    assert fact.settlement.net_minor == -29
    assert fact.settlement.fees == (Fee("other", 29),)


DETAILS = {
    "fees": money("-0.02"),
    "commissions": money("-0.09"),
    "reservations": money("-0.10"),
    "repayments": money("-0.08"),
}


def test_deductions():
    found = pulled(
        "balance_transactions", entry(gross="10.00", deductionDetails=DETAILS)
    )
    assert [(fact.key, fact.type, fact.amount_minor) for fact in found] == [
        (f"balance_entry:{ENTRY}:payment", "external.info", None),
        (f"balance_entry:{ENTRY}:fee", "fee.charged", 11),
        (f"balance_entry:{ENTRY}:repayments", "advance.repaid", 8),
        (f"balance_entry:{ENTRY}:reservations", "reserve.held", 10),
    ]
    main, fee, repaid, held = (fact.settlement for fact in found)
    assert main.fees == (Fee("processing", 2), Fee("platform", 9))
    assert main.net_minor + repaid.net_minor + held.net_minor == 1000 - 29


@pytest.mark.parametrize(
    "changes",
    [
        {"deductionDetails": {"fees": money("-0.28")}},
        {"resultAmount": money("121.00")},
        {"deductions": money("-0.29", "GBP")},
        {"resultAmount": money("120.71", "GBP")},
        {"initialAmount": money("121.001")},
        {"initialAmount": money("-121.00"), "resultAmount": money("-121.29")},
    ],
)
def test_entry_that_contradicts_itself(changes):
    body = encode(page("balance_transactions", entry(**changes), entry()))
    bad, good = STREAMS["balance_transactions"].translate(body, {})
    assert bad.fault is not None
    assert good.fault is None


@pytest.mark.parametrize("kind", const.ENTRIES)
@pytest.mark.parametrize("gross", ["5.00", "-5.00"])
def test_other_entries(kind, gross):
    (fact,) = pulled("balance_transactions", entry(kind, gross, "0"))
    assert fact.type == const.ENTRIES[kind][gross.startswith("-")]
    assert fact.is_balance and fact.amount_minor == 500
    assert fact.settlement.net_minor == (-500 if gross.startswith("-") else 500)


@pytest.mark.parametrize(
    "context",
    [
        {"paymentId": PAYMENT, "refundId": REFUND},
        {"refund": {"paymentId": PAYMENT, "refundId": REFUND}},
        {"payment": None, "refund": {"paymentId": PAYMENT, "refundId": REFUND}},
    ],
)
@pytest.mark.parametrize("resource", ["balance_transaction", "balance-transaction"])
def test_both_shapes_of_an_entry(context, resource):
    item = entry("refund", "-20.00", "-0.25", context, resource=resource)
    main, fee = pulled("balance_transactions", item, **SAME_CURRENCY)
    assert main.key == f"refund:{REFUND}:succeeded"
    assert fee.amount_minor == 25
    assert main.settlement.net_minor == -2025


def test_entry_by_every_road():
    told = facts(samples()["balance-transaction.created"])
    found = pulled("balance_transactions", entry())
    assert list(map(whole_claim, told)) == list(map(whole_claim, found))


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
