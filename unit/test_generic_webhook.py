# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What another system says is what the hub understands, to the letter."""

import gzip
import json
import os
import re
import subprocess
import sys
import time
from base64 import b64encode
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import ModuleType

import pytest
from generic_payloads import SECRET, body_of, data_of, event, headers_for

from engine.errors import MalformedMessage, UnknownCurrency
from engine.events import (
    DISPUTE_STAGES,
    EVENT_TYPES,
    Clock,
    Event,
    Fee,
    Reference,
    Settlement,
    Trait,
)
from engine.providers.base import Keys
from engine.providers.generic import const, facts
from engine.providers.generic.signature import verify
from engine.providers.generic.webhook import envelope, translate
from engine.providers.message import MAX_TRAIT

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = (ROOT / "docs/generic-provider.md").read_text(encoding="utf-8")
SCHEMA = json.loads((Path(facts.__file__).parent / "message.schema.json").read_text())
WRITTEN = datetime(2026, 1, 31, 11, 0, 0, 123000, timezone.utc)


def only(body):
    (translation,) = translate(body)
    (fact,) = translation.events
    return fact


def fault(body, error=MalformedMessage):
    with pytest.raises(error) as refused:
        translate(body)
    return refused.value.path


def captured(**more):
    return body_of(data=data_of("payment.captured", **more))


# === facts ===


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_each_type_is_exactly_that_fact(name):
    (translation,) = translate(body_of(name))
    told = data_of(name)
    object_type = told["object"]["type"]
    is_balance = EVENT_TYPES[name].family == "balance"
    references = [
        Reference("invoice", "INV/2026/00042"),
        Reference("transaction", "S00042: 1"),
        Reference("payment", "pay-77"),
    ]
    if object_type in const.OBJECT_REFERENCES:
        references.append(Reference(object_type, "obj-1"))
    assert translation.events == (
        Event(
            type=name,
            object_type=object_type,
            object_id="obj-1",
            leg="one",
            payment_ref="pay-77",
            occurred_at=WRITTEN,
            amount_minor=12100 if is_balance else None,
            currency="EUR" if is_balance else None,
            exponent=2 if is_balance else None,
            provider_code=f"payment_hub.{name}",
            references=tuple(references),
            reason="goods_returned",
            parent="ch-77",
            reported_minor=500,
            settlement=Settlement(
                gross_minor=-13310,
                fee_minor=220,
                net_minor=-13530,
                currency="USD",
                exponent=2,
                fees=(Fee("processing", 200), Fee("tax", 20)),
                rate="1.1",
                entry="be-5",
                batch="po-9",
            ),
            clocks=(
                Clock("created", WRITTEN, "+01:00"),
                Clock(
                    "available", datetime(2026, 2, 2, 23, tzinfo=timezone.utc), "+01:00"
                ),
                Clock("booked", datetime(2026, 1, 31, 23, tzinfo=timezone.utc), "UTC"),
                Clock("due", datetime(2026, 2, 28, 23, tzinfo=timezone.utc), "+01:00"),
            ),
            traits=(
                Trait("method", "card"),
                Trait("scheme", "visa"),
                Trait("country", "BE"),
                Trait("dispute_stage", "pre_arbitration"),
                Trait("legal_entity", "BE 0123"),
                Trait("merchant_account", "ShopBE"),
                Trait("store", "till 4"),
            ),
        ),
    )
    assert translation[:6] == (
        "evt-1001",
        f"payment_hub.{name}",
        WRITTEN,
        True,
        "shop-be",
        "urn:shop:event:1",
    )


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_the_leg_is_the_end_of_the_type_when_it_is_not_told(name):
    data = data_of(name, object={"type": "thing", "id": "1"})
    assert only(body_of(name, data=data)).leg == name.split(".")[-1]


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ({"minor": 0, "currency": "EUR"}, (0, "EUR", 2)),
        ({"minor": 121, "currency": "JPY"}, (121, "JPY", 0)),
        ({"minor": 1210, "currency": "kwd", "exponent": 3}, (1210, "KWD", 3)),
        ({"minor": 10**18, "currency": "CLF"}, (10**18, "CLF", 4)),
    ],
)
def test_amounts(amount, expected):
    fact = only(captured(amount=amount))
    assert (fact.amount_minor, fact.currency, fact.exponent) == expected


def test_other_vocabularies_are_not_understood():
    (translation,) = translate(body_of(data=[1], type="com.example.order.created"))
    (fact,) = translation.events
    assert (fact.type, fact.provider_code) == ("unknown", "com.example.order.created")
    assert fact.key == "event:evt-1001:unknown"
    assert translation.livemode is None


# === refusals ===


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"amuont": 5}, "data.amuont"),
        ({"é\n" * 99: 5}, "data." + ("\\xe9\\n" * 40)),
        ({"livemode": None}, "data.livemode"),
        ({"livemode": 1}, "data.livemode"),
        ({"livemode": "true"}, "data.livemode"),
        ({"object": None}, "data.object"),
        ({"object": "ch-1"}, "data.object"),
        ({"object": {"type": "charge"}}, "data.object.id"),
        ({"object": {"type": "charge", "id": 5}}, "data.object.id"),
        ({"object": {"type": "charge", "id": "a:b"}}, "data.object.id"),
        ({"object": {"type": "a:b", "id": "1"}}, "data.object.type"),
        ({"object": {"type": "a", "id": "1", "leg": "x:y"}}, "data.object.leg"),
        ({"object": {"type": "a", "id": "1", "kind": "x"}}, "data.object.kind"),
        ({"payment": 77}, "data.payment"),
        ({"account": "é"}, "data.account"),
        ({"amount": None}, "data.amount"),
        ({"amount": 12100}, "data.amount"),
        ({"amount": {"currency": "EUR"}}, "data.amount.minor"),
        ({"amount": {"minor": 1.0, "currency": "EUR"}}, "data.amount.minor"),
        ({"amount": {"minor": "1", "currency": "EUR"}}, "data.amount.minor"),
        ({"amount": {"minor": -1, "currency": "EUR"}}, "data.amount.minor"),
        ({"amount": {"minor": True, "currency": "EUR"}}, "data.amount.minor"),
        ({"amount": {"minor": 1}}, "data.amount.currency"),
        (
            {"amount": {"minor": 1, "currency": "JPY", "exponent": 2}},
            "data.amount.exponent",
        ),
        ({"reported_minor": -1}, "data.reported_minor"),
        ({"parent": "a:b"}, "data.parent"),
        ({"reason": "x" * 501}, "data.reason"),
        ({"reason": 5}, "data.reason"),
        ({"references": {}}, "data.references"),
        ({"references": ["x"]}, "data.references[0]"),
        ({"references": [{"kind": "x", "value": "1"}]}, "data.references[0].kind"),
        (
            {"references": [{"kind": "invoice", "value": ""}]},
            "data.references[0].value",
        ),
        ({"references": [{"kind": ["x"], "value": "1"}]}, "data.references[0].kind"),
        ({"settlement": {}}, "data.settlement.currency"),
        ({"clocks": [{"kind": "created", "at": "x"}]}, "data.clocks[0].kind"),
        ({"clocks": [{"kind": "value", "at": "2026-02-30"}]}, "data.clocks[0].at"),
        (
            {"clocks": [{"kind": "due", "at": "2026-02-03T00:00:00Z"}]},
            "data.clocks[0].kind",
        ),
        ({"evidence_due_at": ""}, "data.evidence_due_at"),
        ({"evidence_due_at": "2026-02-30"}, "data.evidence_due_at"),
        ({"method": 5}, "data.method"),
        ({"scheme": ""}, "data.scheme"),
        ({"country": "BEL"}, "data.country"),
        ({"dispute_stage": "Chargeback"}, "data.dispute_stage"),
        ({"dispute_stage": ["closed"]}, "data.dispute_stage"),
        ({"merchant_account": "x" * 65}, "data.merchant_account"),
        ({"store": "a\nb"}, "data.store"),
        ({"store": "", "method": ""}, "data.method"),
    ],
)
def test_refusals_name_the_field(more, path):
    assert fault(captured(**more)) == path


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"fee_minor": 221}, "settlement"),
        ({"net_minor": None}, "data.settlement.net_minor"),
        ({"exponent": 3}, "data.settlement.exponent"),
        ({"fees": [{"kind": "tax", "amount_minor": 1}]}, "fees"),
        (
            {"fees": [{"kind": "gift", "amount_minor": 1}]},
            "data.settlement.fees[0].kind",
        ),
        ({"batch": "a:b"}, "data.settlement.batch"),
        ({"currency": None}, "data.settlement.currency"),
    ],
)
def test_refused_settlements(more, path):
    settlement = data_of("payment.captured")["settlement"] | more
    assert fault(captured(settlement=settlement)) == path


def repaid(minor, gross, fee, kind="interest", currency="EUR"):
    """Give the facts of a message about the repayment of a loan."""
    fees = [{"kind": kind, "amount_minor": fee}] if fee else []
    told = body_of(
        "advance.repaid",
        data=data_of(
            "advance.repaid",
            object={"type": "advance", "id": "lo-1"},
            amount={"minor": minor, "currency": currency},
            settlement={
                "gross_minor": gross,
                "fee_minor": fee,
                "net_minor": gross - fee,
                "currency": "EUR",
                "fees": fees,
            },
        ),
    )
    (translation,) = translate(told)
    return translation.events


@pytest.mark.parametrize(
    "told", [(10000, -9000, 1000), (1000, 0, 1000), (8000, -9000, -1000)]
)
def test_the_amount_of_a_repayment_does_not_hold_the_interest(told):
    """Whoever tells the same amount without a settlement would book it as the loan."""
    with pytest.raises(MalformedMessage, match=r"payment_hub\.fee\.charged") as refused:
        repaid(*told)
    assert refused.value.path == "data.amount"


@pytest.mark.parametrize(
    "told", [(9000, -9000, 1000), (9000, -9000, 0), (10000, -9000, 1000, "fx", "USD")]
)
def test_interest_beside_a_repayment_is_told_by_another_message(told):
    (fact,) = repaid(*told)
    assert (fact.type, fact.amount_minor) == ("advance.repaid", told[0])


def test_unknown_currencies():
    amount = {"minor": 1, "currency": "XXX"}
    assert fault(captured(amount=amount), UnknownCurrency) == "data.amount.currency"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("specversion", None),
        ("specversion", "0.3"),
        ("id", ""),
        ("id", "a:b"),
        ("type", 5),
        ("time", "2026-01-31T12:00:00"),
        ("time", "2026-13-31T12:00:00Z"),
        ("data", "text"),
    ],
)
def test_odd_envelopes(field, value):
    assert fault(json.dumps(event() | {field: value}).encode()) == field


def test_binary_mode_is_refused():
    headers = {f"ce-{name}": str(value) for name, value in event().items()}
    with pytest.raises(MalformedMessage, match="structured mode"):
        translate(json.dumps(data_of("payment.captured")).encode(), headers)


# === several, packed ===


def test_batch():
    broken = event(id="evt-2", data=data_of("payment.captured", amount=None))
    batch = [event(), broken, event("refund.succeeded", id="evt-3")]
    first, second, third = translate(b" \n" + json.dumps(batch).encode())
    assert first.events == translate(body_of())[0].events
    assert (second.events, second.fault.path) == ((), "events[1].data.amount")
    assert third.event_id == "evt-3"
    assert translate(b"[]") == ()


def test_what_is_no_batch():
    assert fault(b"[5]") == "events[0]"
    assert fault(b"[{},]") == ""


def test_packed():
    packed = gzip.compress(body_of())
    assert translate(packed) == translate(body_of())
    assert envelope(packed).event_id == "evt-1001"
    assert verify(packed, headers_for(packed), Keys([SECRET]), 1_755_000_000) == 0
    fault(packed[:-1])


# === envelope ===


def test_envelope():
    body = body_of()
    assert envelope(body, headers_for(body)) == (
        "evt-1001",
        "payment_hub.payment.captured",
        "msg_1",
        "urn:shop:event:1",
    )
    assert envelope(body, headers_for(body, family="svix")).dedupe_key == "msg_1"
    assert envelope(body, {}).dedupe_key.startswith("sha256:")
    assert envelope(body, {"webhook-id": "a.b"}).dedupe_key.startswith("sha256:")
    assert envelope(b"\x1f\x8b", {"webhook-id": "m"}) == ("", "", "m", "")


# === what senders read ===


def test_schema_says_what_the_code_takes():
    data = SCHEMA["properties"]["data"]
    inner = data["properties"]
    assert set(SCHEMA["properties"]["type"]["enum"]) == const.FACTS.keys()
    for schema, known in (
        (data, facts.DATA),
        (inner["object"], facts.OBJECT),
        (inner["amount"], facts.AMOUNT),
        (inner["settlement"], facts.SETTLEMENT),
        (inner["settlement"]["properties"]["fees"]["items"], facts.FEE),
        (inner["references"]["items"], facts.REFERENCE),
        (inner["clocks"]["items"], facts.CLOCK),
    ):
        assert schema["additionalProperties"] is False
        assert schema["properties"].keys() == known
    assert set(SCHEMA["if"]["properties"]["type"]["enum"]) == {
        f"payment_hub.{name}"
        for name, event_type in EVENT_TYPES.items()
        if event_type.family == "balance"
    }
    for field, kinds in (
        (inner["references"], const.REFERENCE_KINDS),
        (inner["clocks"], const.CLOCK_KINDS),
        (inner["settlement"]["properties"]["fees"], const.FEE_KINDS),
    ):
        assert set(field["items"]["properties"]["kind"]["enum"]) == kinds
    assert inner["dispute_stage"]["enum"] == list(DISPUTE_STAGES)
    assert SCHEMA["$defs"]["trait"]["maxLength"] == MAX_TRAIT


@pytest.mark.parametrize(
    "path",
    [
        (),
        ("data",),
        ("data", "object"),
        ("data", "amount"),
        ("data", "settlement"),
        ("data", "settlement", "fees"),
        ("data", "references"),
        ("data", "clocks"),
    ],
    ids=".".join,
)
def test_what_the_schema_requires_is_required(path):
    schema, full = SCHEMA, event()
    for name in path:
        schema = schema["properties"][name]
        schema = schema.get("items", schema)
    for field in set(schema["properties"]) - {"source"}:
        broken = json.loads(json.dumps(full))
        place = broken
        for name in path:
            place = place[name]
            place = place[0] if isinstance(place, list) else place
        place.pop(field, None)
        body = json.dumps(broken).encode()
        if field in schema["required"] or path + (field,) == ("data", "amount"):
            fault(body)
        else:
            translate(body)


def block(language):
    (found,) = re.findall(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)
    return found


def test_the_documented_message():
    fact = only(block("json").encode())
    assert fact.key == "charge:ch-77:capture"
    assert (fact.amount_minor, fact.currency) == (12100, "EUR")
    assert f"{len(EVENT_TYPES)} types" in DOCUMENT


def test_the_documented_sender(monkeypatch):
    requests, sent = ModuleType("requests"), []

    class Answer:
        def raise_for_status(self):
            """All is well."""

    def post(url, body, headers, timeout):
        sent.append((body, headers))
        return Answer()

    requests.post = post
    monkeypatch.setitem(sys.modules, "requests", requests)
    namespace = {}
    exec(block("python"), namespace)
    namespace["send"]("https://odoo.example", SECRET, json.loads(block("json")))
    ((body, headers),) = sent
    assert verify(body, headers, Keys([SECRET]), int(time.time())) == 0
    assert only(body).type == "payment.captured"


def test_the_documented_shell(tmp_path):
    (tmp_path / "event.json").write_text(block("json"))
    curl = tmp_path / "curl"
    curl.write_text('#!/bin/sh\nfor item; do printf "%s\\0" "$item"; done > sent\n')
    curl.chmod(0o755)
    secret = "whsec_" + b64encode(bytes(range(200, 232))).decode()
    environment = os.environ | {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "SECRET": secret,
        "URL": "https://odoo.example",
    }
    subprocess.run(
        ["sh", "-euc", block("sh")], cwd=tmp_path, env=environment, check=True
    )
    sent = (tmp_path / "sent").read_text().split("\0")
    headers = dict(item.split(": ", 1) for item in sent if ": " in item)
    body = (tmp_path / "event.json").read_bytes()
    assert verify(body, headers, Keys([secret]), int(time.time())) == 0


def test_clocks_are_kept_with_their_zone():
    clocks = [{"kind": "value", "at": "2026-02-03T00:00:00-05:30"}]
    *_created, value = only(captured(clocks=clocks, evidence_due_at=None)).clocks
    assert value.at == datetime(2026, 2, 3, tzinfo=timezone.utc) + timedelta(hours=5.5)
    assert value.zone == "-05:30"
