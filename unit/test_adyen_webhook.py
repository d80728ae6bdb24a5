# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What each item of Adyen means, and that no unsigned field has a say in money."""

import json
from datetime import datetime, timezone

import pytest
from adyen_payloads import (
    ACCOUNT,
    CAPTURE,
    DISPUTE,
    PAYMENT,
    PAYOUT,
    REFUND,
    REPORT,
    SECRET,
    amount,
    body,
    item,
    message,
    platform,
    signed,
)
from adyen_reading import IMMEDIATE, MANUAL, only, told
from payment_facts import fold, plan

from engine.errors import MalformedMessage, UnknownCurrency
from engine.events import EVENT_TYPES, Clock, Reference
from engine.providers import get
from engine.providers.adyen import const
from engine.providers.adyen.webhook import envelope, test_request, translate
from engine.providers.base import Keys, Lookup

test_request.__test__ = False
MODIFICATION = "MDQTPCQ8HXSKGK82"


# code: key and type of its one fact with immediate capture
EXPECTED = {
    "ACH_NOTIFICATION_OF_CHANGE": (f"mandate:{PAYMENT}:updated", "mandate.updated"),
    "AUTHENTICATION": (f"payment:{PAYMENT}:authenticated", "external.info"),
    "AUTHORISATION": (f"payment:{PAYMENT}:capture", "payment.captured"),
    "AUTHORISATION_ADJUSTMENT": (
        f"payment:{PAYMENT}:authorization_adjusted:{MODIFICATION}",
        "payment.authorization_adjusted",
    ),
    "AUTORESCUE": (f"payment:{MODIFICATION}:capture", "payment.captured"),
    "CANCELLATION": (f"payment:{PAYMENT}:charge_reversed", "payment.charge_reversed"),
    "CANCEL_AUTORESCUE": (f"payment:{PAYMENT}:failed", "payment.failed"),
    "CANCEL_OR_REFUND": (f"refund:{MODIFICATION}:succeeded", "refund.succeeded"),
    "CAPTURE": (f"payment:{PAYMENT}:capture", "payment.captured"),
    "CAPTURE_FAILED": (f"payment:{PAYMENT}:charge_reversed", "payment.charge_reversed"),
    "CHARGEBACK": (f"dispute:{DISPUTE}:funds_withdrawn", "dispute.funds_withdrawn"),
    "CHARGEBACK_REVERSED": (
        f"dispute:{DISPUTE}:funds_reinstated",
        "dispute.funds_reinstated",
    ),
    "DIRECT_DEBIT_NOTICE_OF_CHANGE_NOTIFICATION": (
        f"mandate:{PAYMENT}:updated",
        "mandate.updated",
    ),
    "DISPUTE_DEFENSE_PERIOD_ENDED": (f"dispute:{DISPUTE}:expired", "dispute.expired"),
    "DONATION": (f"donation:{PAYMENT}:donation", "external.info"),
    "EXPIRE": (f"payment:{PAYMENT}:charge_reversed", "payment.charge_reversed"),
    "HANDLED_EXTERNALLY": (f"payment:{PAYMENT}:handled_externally", "external.info"),
    "INFORMATION_SUPPLIED": (
        f"dispute:{DISPUTE}:evidence_submitted",
        "dispute.evidence_submitted",
    ),
    "ISSUER_COMMENTS": (f"dispute:{DISPUTE}:issuer_comments", "external.info"),
    "ISSUER_RESPONSE_TIMEFRAME_EXPIRED": (f"dispute:{DISPUTE}:won", "dispute.won"),
    "MANUAL_REVIEW_ACCEPT": (f"review:{PAYMENT}:accepted", "review.closed"),
    "MANUAL_REVIEW_REJECT": (f"review:{PAYMENT}:rejected", "review.closed"),
    "NOTIFICATION_OF_CHARGEBACK": (f"dispute:{DISPUTE}:opened", "dispute.opened"),
    "NOTIFICATION_OF_FRAUD": (
        f"dispute:{DISPUTE}:fraud_notice",
        "dispute.fraud_notice",
    ),
    "OFFER_CLOSED": (f"payment:{PAYMENT}:failed", "payment.failed"),
    "ORDER_CLOSED": (f"order:{PAYMENT}:closed", "external.info"),
    "ORDER_OPENED": (f"order:{PAYMENT}:opened", "external.info"),
    "PAIDOUT_REVERSED": (f"payout:{PAYMENT}:reversed", "payout.reversed"),
    "PAYOUT_DECLINE": (f"payout:{PAYMENT}:failed", "payout.failed"),
    "PAYOUT_EXPIRE": (f"payout:{PAYMENT}:failed", "payout.failed"),
    "PAYOUT_THIRDPARTY": (f"payout:{PAYOUT}:in_transit", "payout.in_transit"),
    "PENDING": (f"payment:{PAYMENT}:pending", "payment.pending"),
    "POSTPONED_REFUND": (f"refund:{REFUND}:requested", "refund.requested"),
    "PREARBITRATION_ACCEPTED": (f"dispute:{DISPUTE}:accepted", "dispute.accepted"),
    "PREARBITRATION_DECLINED": (
        f"dispute:{DISPUTE}:prearbitration_declined",
        "external.info",
    ),
    "PREARBITRATION_ISSUER_WITHDRAWN": (
        f"dispute:{DISPUTE}:canceled",
        "dispute.canceled",
    ),
    "PREARBITRATION_LOST": (f"dispute:{DISPUTE}:lost", "dispute.lost"),
    "PREARBITRATION_OPEN": (
        f"dispute:{DISPUTE}:prearbitration_opened",
        "dispute.opened",
    ),
    "PREARBITRATION_WON": (f"dispute:{DISPUTE}:won", "dispute.won"),
    "PROCESS_RETRY": (f"payment:{PAYMENT}:process_retry", "payment.pending"),
    "RECURRING_CONTRACT": (f"mandate:{PAYMENT}:updated", "mandate.updated"),
    "REFUND": (f"refund:{REFUND}:succeeded", "refund.succeeded"),
    "REFUNDED_REVERSED": (f"refund:{REFUND}:reversed", "refund.reversed"),
    "REFUND_FAILED": (f"refund:{REFUND}:failed", "refund.failed"),
    "REFUND_WITH_DATA": (f"refund:{REFUND}:succeeded", "refund.succeeded"),
    "REPORT_AVAILABLE": (f"report:{REPORT}:available", "settlement.report_available"),
    "REQUEST_FOR_INFORMATION": (
        f"dispute:{DISPUTE}:inquiry_opened",
        "dispute.inquiry_opened",
    ),
    "SCHEME_ARBITRATION": (f"dispute:{DISPUTE}:arbitration_opened", "dispute.opened"),
    "SCHEME_ARBITRATION_LOST": (f"dispute:{DISPUTE}:lost", "dispute.lost"),
    "SCHEME_ARBITRATION_WON": (f"dispute:{DISPUTE}:won", "dispute.won"),
    "SECOND_CHARGEBACK": (f"dispute:{DISPUTE}:escalated", "dispute.escalated"),
    "TECHNICAL_CANCEL": (
        f"payment:{PAYMENT}:charge_reversed",
        "payment.charge_reversed",
    ),
    "VOID_PENDING_REFUND": (f"refund:{REFUND}:canceled", "refund.canceled"),
}


def test_each_code_is_expected():
    assert EXPECTED.keys() == set(get("adyen").subscribed_events)


@pytest.mark.parametrize("code", EXPECTED)
def test_every_code(code):
    event = only(message(code))
    assert (event.key, event.type) == EXPECTED[code]
    assert event.occurred_at == datetime(2026, 3, 1, 8, 30, tzinfo=timezone.utc)
    created, *due = event.clocks
    assert created == Clock("created", event.occurred_at, "+01:00")
    assert [clock.kind for clock in due] == ["due"] * (code == "CHARGEBACK")
    has_amount = event.is_balance or event.type in const.LIFECYCLE_WITH_AMOUNT
    money = (12100, "EUR", 2) if has_amount else (None, None, None)
    assert (event.amount_minor, event.currency, event.exponent) == money
    if EVENT_TYPES[event.type].group in ("payment", "refund", "dispute"):
        assert event.payment_ref == (MODIFICATION if code == "AUTORESCUE" else PAYMENT)
        assert Reference("payment", event.payment_ref) in event.references
        assert Reference("merchant_reference", "INV/2026/00042") in event.references


@pytest.mark.parametrize(
    ("code", "key", "event_type"),
    [
        ("AUTHORISATION", f"payment:{PAYMENT}:authorization", "payment.authorized"),
        ("AUTORESCUE", f"payment:{MODIFICATION}:authorization", "payment.authorized"),
        ("CAPTURE", f"capture:{CAPTURE}:capture", "payment.captured"),
        (
            "CAPTURE_FAILED",
            f"capture:{CAPTURE}:charge_reversed",
            "payment.charge_reversed",
        ),
        ("CANCELLATION", f"payment:{PAYMENT}:voided", "payment.voided"),
        ("EXPIRE", f"payment:{PAYMENT}:expired", "payment.authorization_expired"),
        ("TECHNICAL_CANCEL", f"payment:{PAYMENT}:voided", "payment.voided"),
    ],
)
def test_manual_capture(code, key, event_type):
    assert told(code, MANUAL) == (key, event_type)


@pytest.mark.parametrize(
    ("code", "key", "event_type"),
    [
        (
            "AUTHORISATION",
            f"payment:{PAYMENT}:authorization_failed",
            "payment.authorization_failed",
        ),
        (
            "AUTHORISATION_ADJUSTMENT",
            f"payment:{PAYMENT}:authorization_adjustment_failed:{MODIFICATION}",
            "external.info",
        ),
        ("AUTORESCUE", f"payment:{PAYMENT}:failed", "payment.failed"),
        ("CAPTURE", f"payment:{PAYMENT}:capture_failed", "payment.capture_failed"),
        ("CANCELLATION", f"payment:{PAYMENT}:void_failed", "payment.void_failed"),
        ("CANCEL_OR_REFUND", f"payment:{PAYMENT}:void_failed", "payment.void_failed"),
        ("EXPIRE", f"payment:{PAYMENT}:expire_failed", "external.info"),
        ("REFUND", f"refund:{REFUND}:failed", "refund.failed"),
        ("PAYOUT_THIRDPARTY", f"payout:{PAYOUT}:failed", "payout.failed"),
        (
            "VOID_PENDING_REFUND",
            f"refund:{REFUND}:void_pending_refund_failed",
            "external.info",
        ),
    ],
)
def test_without_success(code, key, event_type):
    more = {"success": "false", "reason": "Not today"}
    assert told(code, **more) == (key, event_type)
    assert only(message(code, **more)).reason == "Not today"


@pytest.mark.parametrize("options", [IMMEDIATE, MANUAL])
def test_card_that_is_only_tried(options):
    event = only(message("AUTHORISATION", amount=amount(0)), options)
    assert (event.type, event.amount_minor) == ("payment.authorized", 0)


# === what is not signed ===


@pytest.mark.parametrize("code", EXPECTED)
@pytest.mark.parametrize("options", [IMMEDIATE, MANUAL])
def test_unsigned_fields_have_no_say_in_money(code, options):
    original = json.loads(message(code))
    forged = json.loads(message(code))
    one = forged["notificationItems"][0]["NotificationRequestItem"]
    one["additionalData"] |= {
        "grossValue": "1",
        "grossCurrency": "USD",
        "modificationAmount": "1",
        "captureMerchantReference": "forged",
        "modificationMerchantReferences": "forged",
        "metadata.invoice": "forged",
        "disputeStatus": "Won",
    }
    one |= {"reason": "forged", "paymentMethod": "forged", "operations": []}
    forged["live"] = "true"
    first, second = [
        only(json.dumps(one).encode(), options) for one in (original, forged)
    ]
    assert first.key == second.key and first.type == second.type
    assert first.amount_minor == second.amount_minor
    assert first.references == second.references
    assert first.payment_ref == second.payment_ref and first.parent == second.parent


def test_cancel_or_refund_by_its_unsigned_action():
    def of(action, options):
        return only(
            message("CANCEL_OR_REFUND", additional={"modification.action": action}),
            options,
        )

    assert of("refund", MANUAL).key == f"refund:{MODIFICATION}:succeeded"
    assert of("cancel", MANUAL).key == f"payment:{PAYMENT}:voided"
    for odd in (None, "", 5, "both"):
        assert of(odd, IMMEDIATE).type == "unknown"
    # Whoever changes it does not change what is left.
    captured = only(message("AUTHORISATION"))
    left = {
        fold([captured, of(action, IMMEDIATE)]).net_minor
        for action in ("cancel", "refund")
    }
    assert left == {0}
    authorized = only(message("AUTHORISATION"), MANUAL)
    assert not plan([authorized, of("refund", MANUAL)]).postings


def test_reason_is_kept_where_it_is_one():
    assert only(message("AUTHORISATION")).reason == ""
    assert only(message("CHARGEBACK", reason="Fraud")).reason == "Fraud"
    assert only(message("CHARGEBACK", reason="null")).reason == ""


# === reports ===


def test_settlement_report_is_looked_up_by_its_signed_name():
    (translation,) = translate(message("REPORT_AVAILABLE", reason="https://evil/"))
    assert translation.lookups == (Lookup("report", REPORT),)
    assert "evil" not in repr(translation)


def test_other_reports_are_told_only():
    name = "payments_accounting_report_2026_03_01.csv"
    (translation,) = translate(message("REPORT_AVAILABLE", pspReference=name))
    assert translation.events[0].key == f"report:{name}:available"
    assert translation.lookups == ()


# === the message ===


@pytest.mark.parametrize(
    ("live", "livemode"), [("true", True), ("false", False), (None, None), (True, None)]
)
def test_livemode(live, livemode):
    (translation,) = translate(body(item("CAPTURE"), live=live))
    assert translation.livemode is livemode


def test_items_of_other_accounts_and_broken_ones():
    broken = item("CAPTURE", amount=amount(-1))
    other = item("REFUND", merchantAccountCode="AnotherShop")
    first, second, third = translate(body(item("AUTHORISATION"), broken, other))
    assert (first.account, third.account) == (ACCOUNT, "AnotherShop")
    assert (first.event_type, third.event_type) == ("AUTHORISATION", "REFUND")
    assert second.fault.path.endswith("[1].NotificationRequestItem.amount.value")
    assert first.event_id != third.event_id


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"eventDate": None}, "eventDate"),
        ({"eventDate": "2026-13-01T00:00:00+01:00"}, "eventDate"),
        ({"success": None}, "success"),
        ({"success": "yes"}, "success"),
        ({"pspReference": ""}, "pspReference"),
        ({"merchantAccountCode": ""}, "merchantAccountCode"),
        ({"originalReference": None}, "originalReference"),
        ({"amount": amount(-1)}, "amount.value"),
        ({"amount": amount("5")}, "amount.value"),
        ({"amount": {}}, "amount.value"),
    ],
)
def test_faults(change, path):
    with pytest.raises(MalformedMessage) as refused:
        only(body(item("CAPTURE", **change)))
    assert refused.value.path == f"notificationItems[0].NotificationRequestItem.{path}"


@pytest.mark.parametrize(
    ("currency", "exponent"),
    [("CLP", 2), ("CVE", 0), ("IDR", 0), ("ISK", 2), ("BHD", 3), ("JPY", 0)],
)
def test_exponents(currency, exponent):
    event = only(message("AUTHORISATION", amount=amount(500, currency)))
    assert (event.amount_minor, event.exponent) == (500, exponent)
    with pytest.raises(UnknownCurrency):
        only(message("AUTHORISATION", amount=amount(500, "XYZ")))


def test_unknown_code_is_kept():
    event = only(message("BRAND_NEW", pspReference=MODIFICATION))
    assert (event.type, event.provider_code) == ("unknown", "BRAND_NEW")
    assert event.key != only(message("BRAND_NEWER", pspReference=MODIFICATION)).key


# === other webhooks ===


@pytest.mark.parametrize("name", ["ach", "eft"])
def test_notice_of_change(name):
    payload = platform(
        f"{name}.notificationOfChange", pspReference=PAYMENT, shopperReference="S-1"
    )
    (translation,) = translate(payload)
    assert translation.livemode is False
    (event,) = translation.events
    assert event.type == "mandate.updated"
    assert Reference("customer", "S-1") in event.references


def test_platform_webhook_is_left_unknown():
    payload = platform("balancePlatform.transfer.created", id="T1")
    event = only(payload)
    assert (event.type, event.provider_code) == (
        "unknown",
        "balancePlatform.transfer.created",
    )
    assert event.key != only(platform("balancePlatform.transfer.created", id="T2")).key


# === envelope ===


def test_envelope():
    first = envelope(message("CAPTURE"))
    assert first.event_type == "CAPTURE" and first.event_id == first.api_version == ""
    assert first.dedupe_key == envelope(message("CAPTURE")).dedupe_key
    assert envelope(platform("x.y")).event_type == "x.y"
    assert envelope(b"{").dedupe_key.startswith("sha256:")


@pytest.mark.parametrize(
    "change",
    [
        {"pspReference": "XFQTPCQ8HXSKGK82"},
        {"merchantAccountCode": "AnotherShop"},
        {"eventCode": "SECOND_CHARGEBACK"},
        {"success": "false"},
        {"amount": amount(1)},
        {"eventDate": "2026-03-01T09:30:01+01:00"},
        {"additionalData": {"disputeStatus": "Won"}},
        {"merchantReference": "é"},
        {"merchantReference": "x" * 300},
    ],
)
def test_messages_of_one_dispute_are_not_duplicates(change):
    first, second = item("CHARGEBACK"), item("CHARGEBACK") | change
    keys = [envelope(body(one)).dedupe_key for one in (first, second)]
    assert keys[0] != keys[1]
    both = envelope(body(first, second)).dedupe_key
    assert both not in keys and len(both) <= 255


def test_own_message_names_the_account():
    request = test_request(SECRET, "https://x", ACCOUNT, "evt-1", 1_772_000_000, True)
    (translation,) = translate(request.body)
    assert (translation.account, translation.livemode) == (ACCOUNT, True)
    assert get("adyen").verify(request.body, {}, Keys([SECRET]), 0) == 0
    assert get("adyen").answer == b"[accepted]"
    assert translation.event_type == const.TEST_EVENT_CODE


def test_signed_items_are_what_is_read():
    """A sample is signed, or its facts would be of no one."""
    assert (
        get("adyen").verify(body(signed(item("CAPTURE"))), {}, Keys([SECRET]), 0) == 0
    )
