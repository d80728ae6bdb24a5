# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every message of Stripe is read, or refused with the path of its fault."""

import json
from datetime import datetime, timezone

import pytest
from stripe_payloads import (
    CREATED,
    NEW,
    charge,
    charge_succeeded,
    encode,
    message,
    samples,
)
from stripe_payloads import envelope as wrap
from stripe_reading import fault, only

from engine.errors import UnknownCurrency
from engine.events import Reference
from engine.providers import PROVIDERS, get
from engine.providers.base import Keys
from engine.providers.stripe import const
from engine.providers.stripe.signature import verify
from engine.providers.stripe.webhook import envelope, test_request, translate

test_request.__test__ = False

CAPTURE = "charge:ch_3RvAbc:capture"
# message: key and type of its one fact
EXPECTED = {
    "payment_intent.created": ("payment_intent:pi_3RvAbc:created", "payment.pending"),
    "payment_intent.processing": (
        "payment_intent:pi_3RvAbc:processing",
        "payment.pending",
    ),
    "payment_intent.partially_funded": (
        "payment_intent:pi_3RvAbc:partially_funded",
        "payment.pending",
    ),
    "payment_intent.requires_action": (
        "payment_intent:pi_3RvAbc:action_required",
        "payment.action_required",
    ),
    "payment_intent.canceled": ("payment_intent:pi_3RvAbc:voided", "payment.voided"),
    "payment_intent.payment_failed": ("charge:ch_3RvAbc:failed", "payment.failed"),
    "payment_intent.amount_capturable_updated": (
        "charge:ch_3RvAbc:authorization",
        "payment.authorized",
    ),
    "payment_intent.succeeded": (CAPTURE, "payment.captured"),
    "charge.succeeded": (CAPTURE, "payment.captured"),
    "charge.captured": (CAPTURE, "payment.captured"),
    "charge.pending": ("charge:ch_3RvAbc:pending", "payment.pending"),
    "charge.failed": ("charge:ch_3RvAbc:failed", "payment.failed"),
    "charge.expired": ("charge:ch_3RvAbc:expired", "payment.authorization_expired"),
    "charge.updated": ("charge:ch_3RvAbc:updated", "external.info"),
    "charge.refunded": ("charge:ch_3RvAbc:refund_report:2000", "external.info"),
    "charge.refund.updated": ("refund:re_3RvAbc:succeeded", "refund.succeeded"),
    "refund.created": ("refund:re_3RvAbc:requested", "refund.requested"),
    "refund.updated": ("refund:re_3RvAbc:succeeded", "refund.succeeded"),
    "refund.failed": ("refund:re_3RvAbc:failed", "refund.failed"),
}


@pytest.mark.parametrize(("name", "body"), samples().items())
def test_every_message(name, body):
    event = only(body)
    assert (event.key, event.type) == EXPECTED[name]
    assert event.payment_ref == "pi_3RvAbc"
    assert event.occurred_at == datetime.fromtimestamp(CREATED, timezone.utc)
    assert event.provider_code == name
    assert Reference("payment", "pi_3RvAbc") in event.references


def test_registry():
    provider = get("stripe")
    assert PROVIDERS["stripe"] is provider
    assert set(provider.subscribed_events) > EXPECTED.keys()
    assert provider.kept_headers == ("stripe-signature",)
    with pytest.raises(KeyError):
        get("nobody")


def test_translation():
    body = message("charge.succeeded", charge(), account="acct_1Abc", livemode=True)
    (translation,) = translate(body)
    assert translation[:6] == (
        "evt_1RvAbcEngine",
        "charge.succeeded",
        datetime.fromtimestamp(CREATED, timezone.utc),
        True,
        "acct_1Abc",
        NEW,
    )
    account = Reference("connected_account", "acct_1Abc")
    assert account in translation.events[0].references


def test_references():
    metadata = {
        "odoo_tx": "S00042-1",
        "invoice_number": "INV/1",
        "odoo_invoice": "INV/1",
        "order_id": "x" * 900,
        "reference": 7,
        "merchant_reference": "",
        "other": "nobody asked",
    }
    event = only(message("charge.succeeded", charge(metadata=metadata)))
    assert set(event.references) == {
        Reference("payment", "pi_3RvAbc"),
        Reference("charge", "ch_3RvAbc"),
        Reference("balance_entry", "txn_3RvAbc"),
        Reference("customer", "cus_SrAbc"),
        Reference("transaction", "S00042-1"),
        Reference("invoice", "INV/1"),
        Reference("merchant_reference", "x" * 500),
        Reference("description", "S00042-1"),
    }
    assert len(event.references) == len(set(event.references))


@pytest.mark.parametrize("metadata", [None, [], "text", 5, {}])
def test_metadata_is_never_fatal(metadata):
    body = message("charge.succeeded", charge(metadata=metadata, description=5))
    assert {reference.kind for reference in only(body).references} == {
        "payment",
        "charge",
        "balance_entry",
        "customer",
    }


def test_expanded_objects_are_references_too():
    expanded = {"customer": {"id": "cus_2"}, "balance_transaction": {"id": "txn_2"}}
    references = only(message("charge.succeeded", charge(**expanded))).references
    assert Reference("customer", "cus_2") in references
    assert Reference("balance_entry", "txn_2") in references


@pytest.mark.parametrize(
    ("currency", "code", "exponent"),
    [("jpy", "JPY", 0), ("isk", "ISK", 2), ("mga", "MGA", 0), ("EUR", "EUR", 2)],
)
def test_currency(currency, code, exponent):
    event = only(message("charge.succeeded", charge(currency=currency)))
    assert (event.currency, event.exponent) == (code, exponent)


@pytest.mark.parametrize("currency", ["xxx", "euro", "", "e" * 900])
def test_unknown_currency(currency):
    body = message("charge.succeeded", charge(currency=currency))
    assert fault(body, UnknownCurrency) == "data.object.currency"


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("data.object.amount_captured", {"amount_captured": -1}),
        ("data.object.amount_captured", {"amount_captured": 12100.0}),
        ("data.object.amount_captured", {"amount_captured": True}),
        ("data.object.amount_captured", {"amount_captured": "12100"}),
        ("data.object.currency", {"currency": None}),
        ("data.object.currency", {"currency": 978}),
        # LATIN SMALL LETTER LONG S, whose capital is an ordinary S
        ("data.object.currency", {"currency": "u\u017fd"}),
        ("data.object.captured", {"captured": None}),
        ("data.object.captured", {"captured": "true"}),
        ("data.object.id", {"id": None}),
        ("data.object.id", {"id": ""}),
        ("data.object.id", {"id": "ch:3"}),
        ("data.object.id", {"id": "é"}),
        ("data.object.id", {"id": "x" * 256}),
        ("data.object.id", {"id": "ch\n"}),
        ("data.object.payment_intent", {"payment_intent": 5}),
        ("data.object.payment_intent.id", {"payment_intent": {}}),
        ("data.object.customer", {"customer": ["cus_1"]}),
        ("data.object.balance_transaction", {"balance_transaction": ""}),
    ],
)
def test_malformed_charge(path, changes):
    assert fault(message("charge.succeeded", charge(**changes))) == path


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("object", {"object": "invoice"}),
        ("object", {"object": None}),
        ("id", {"id": None}),
        ("id", {"id": 5}),
        ("type", {"type": None}),
        ("created", {"created": None}),
        ("created", {"created": True}),
        ("created", {"created": -1}),
        ("created", {"created": 1.5}),
        ("created", {"created": 10**15}),
        ("created", {"created": "2026-13-01T00:00:00Z"}),
        ("created", {"created": "2026-01-01T00:00:00"}),
        ("livemode", {"livemode": None}),
        ("livemode", {"livemode": 0}),
        ("account", {"account": 5}),
        ("api_version", {"api_version": 5}),
        ("data", {"data": None}),
        ("data.object", {"data": {}}),
        ("data.object", {"data": {"object": []}}),
    ],
)
def test_malformed_envelope(path, changes):
    assert fault(encode(wrap("charge.succeeded", charge()) | changes)) == path


@pytest.mark.parametrize("name", ["invoice.paid", "person.updated", "brand.new_event"])
def test_what_is_not_understood(name):
    (translation,) = translate(message(name, {"id": "x_1"}))
    (event,) = translation.events
    assert event.key == "event:evt_1RvAbcEngine:unknown"
    assert (event.type, event.payment_ref) == ("unknown", "")
    assert event.provider_code == translation.event_type == name


THIN = {
    "id": "evt_test_65R9",
    "object": "v2.core.event",
    "type": "v1.billing.meter.error_report_triggered",
    "created": "2025-08-12T12:00:00.000Z",
    "livemode": True,
    "related_object": {"id": "mtr_1", "type": "billing.meter", "url": "/v1/x"},
}
EVENT_BRIDGE = {
    "version": "0",
    "id": "c1b9d1fe-1b5b-4bd5-95c0-8b8e0c5a9d2e",
    "detail-type": "charge.succeeded",
    "source": "aws.partner/stripe.com/ed_test_1",
    "account": "123456789012",
    "time": "2025-08-12T12:00:00Z",
    "detail": wrap("charge.succeeded", charge()),
}


EVENT_GRID = {
    "specversion": "1.0",
    "id": "evt_1RvGrid",
    "source": "/stripe/ed_test_1",
    "type": "com.stripe.charge.succeeded",
    "time": "2025-08-12T12:00:00Z",
    "data": wrap("charge.succeeded", charge()),
}


@pytest.mark.parametrize("body", [THIN, EVENT_BRIDGE, EVENT_GRID])
def test_foreign_shapes_are_not_understood(body):
    (translation,) = translate(encode(body))
    (event,) = translation.events
    assert event.type == "unknown"
    assert event.object_id == translation.event_id == body["id"]
    assert translation.created == datetime(2025, 8, 12, 12, tzinfo=timezone.utc)
    assert translation.livemode is (body is THIN)


@pytest.mark.parametrize("account", ["", "acct_1"])
def test_the_hubs_own_message(account):
    body, headers = test_request("whsec_1", "", account, "evt_hub_1", CREATED, False)
    assert verify(body, headers, Keys(["whsec_1"]), CREATED) == 0
    (translation,) = translate(body)
    assert translation.account == account
    event = only(body)
    assert event.key == "event:evt_hub_1:test"
    assert (event.type, event.payment_ref) == ("external.info", "")
    assert envelope(body) == ("evt_hub_1", const.TEST_EVENT_TYPE, "evt_hub_1", "")


def test_envelope():
    assert envelope(charge_succeeded()) == (
        "evt_1RvAbcEngine",
        "charge.succeeded",
        "evt_1RvAbcEngine",
        NEW,
    )


@pytest.mark.parametrize(
    ("event_id", "is_taken"),
    [
        ("evt_1", True),
        ("x" * 255, True),
        ("x" * 256, False),
        ("", False),
        ("é", False),
        ("a\n", False),
        (5, False),
        (None, False),
        (["evt_1"], False),
    ],
)
def test_dedupe_key(event_id, is_taken):
    body = json.dumps({"id": event_id, "type": "a\x07"}).encode()
    told = envelope(body)
    assert told.event_type == ""
    if is_taken:
        assert told.dedupe_key == told.event_id == event_id
    else:
        assert told.event_id == ""
        assert told.dedupe_key.startswith("sha256:") and len(told.dedupe_key) == 71


def test_ambiguous_id_is_not_taken():
    one, other = (envelope(b'{"id": "a", "id": "b"%s}' % end) for end in (b"", b" "))
    assert one.event_id == ""
    assert one.dedupe_key != other.dedupe_key
