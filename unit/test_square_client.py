# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Square's API, page by page and place by place."""

import json
from datetime import datetime, timezone

import pytest
import recorded
from recorded import Answer
from square_payloads import PAYMENT, PAYOUT, REFUND, URL, entries, payment

from engine.errors import EngineError
from engine.providers import get
from engine.providers.base import Lookup
from engine.providers.client import ProviderError, RateLimited, Unauthorized

SQUARE = get("square")
SINCE = datetime(2026, 8, 1, tzinfo=timezone.utc)
UNTIL = datetime(2026, 8, 2, 0, 0, 0, 500_000, tzinfo=timezone.utc)
LOCATIONS = Answer({"locations": [{"id": "LB"}, {"id": "LA"}]})
# What a cursor of Square's may hold.
MORE = 'a/b+c=="]'


def client(api, livemode=False):
    return SQUARE.client({"access_token": "EAAA-secret"}, livemode, base_url=api.url)


def pages(found, stream):
    """Read until the end, each page with a client of its own."""
    cursor, read = "", []
    while True:
        page = client(found).page(stream, SINCE, UNTIL, cursor)
        read.append(page.body)
        assert page.stream == stream and len(read) < 20
        SQUARE.streams[stream].translate(page.body, {})
        if not page.cursor:
            return read
        cursor = page.cursor


def queries(found, path, *names):
    return [
        tuple(dict(asked.query).get(name) for name in names)
        for asked in found.asked
        if asked.path == path
    ]


def test_payments_come_location_by_location():
    answers = [Answer({"cursor": MORE}), Answer({"payments": [payment()]}), Answer({})]
    routes = {"GET /v2/locations": LOCATIONS, "GET /v2/payments": answers}
    with recorded.api(routes) as api:
        assert len(pages(api, "payments")) == 3
    assert queries(api, "/v2/payments", "location_id", "cursor") == [
        ("LA", None),
        ("LA", MORE),
        ("LB", None),
    ]
    asked = dict(api.asked[1].query)
    assert asked["updated_at_begin_time"] == "2026-08-01T00:00:00.000000Z"
    assert asked["updated_at_end_time"] == "2026-08-02T00:00:00.500000Z"
    assert asked["begin_time"] < "2024" and asked["limit"] == "100"
    assert (asked["sort_field"], asked["sort_order"]) == ("UPDATED_AT", "ASC")


def test_headers():
    with recorded.api({"GET /v2/refunds": Answer({})}) as api:
        pages(api, "refunds")
    headers = api.asked[0].headers
    assert headers["authorization"] == "Bearer EAAA-secret"
    assert headers["square-version"] == "2025-08-20"


@pytest.mark.parametrize(
    ("livemode", "host"),
    [
        (True, "https://connect.squareup.com"),
        (False, "https://connect.squareupsandbox.com"),
    ],
)
def test_hosts(livemode, host):
    assert SQUARE.client({}, livemode).transport.base_url == host


def test_refunds_of_all_locations():
    answers = [Answer({"refunds": [], "cursor": MORE}), Answer({"refunds": []})]
    with recorded.api({"GET /v2/refunds": answers}) as api:
        assert len(pages(api, "refunds")) == 2
    names = ("cursor", "location_id", "updated_at_begin_time")
    assert queries(api, "/v2/refunds", *names) == [
        (None, None, "2026-08-01T00:00:00.000000Z"),
        (MORE, None, "2026-08-01T00:00:00.000000Z"),
    ]


def test_disputes_know_no_time():
    answers = [Answer({"cursor": MORE}), Answer({})]
    with recorded.api({"GET /v2/disputes": answers}) as api:
        assert len(pages(api, "disputes")) == 2
    assert [asked.query for asked in api.asked] == [[], [("cursor", MORE)]]


def test_payouts_by_creation():
    routes = {"GET /v2/locations": LOCATIONS, "GET /v2/payouts": Answer({})}
    with recorded.api(routes) as api:
        assert len(pages(api, "payouts")) == 2
    names = ("location_id", "begin_time", "end_time")
    times = ("2026-08-01T00:00:00.000000Z", "2026-08-02T00:00:00.500000Z")
    assert queries(api, "/v2/payouts", *names) == [("LA", *times), ("LB", *times)]


def test_entries_come_payout_by_payout():
    routes = {
        "GET /v2/locations": LOCATIONS,
        "GET /v2/payouts": [
            Answer({"payouts": [{"id": PAYOUT}], "cursor": MORE}),
            Answer({"payouts": [{"id": "po_2"}]}),
            Answer({}),  # nothing at the other location
        ],
        f"GET /v2/payouts/{PAYOUT}/payout-entries": [
            Answer({"payout_entries": entries(), "cursor": "next"}),
            Answer({"payout_entries": entries()}),
        ],
        "GET /v2/payouts/po_2/payout-entries": Answer({"payout_entries": []}),
    }
    with recorded.api(routes) as api:
        read = pages(api, "payout_entries")
    assert [len(json.loads(body)["payout_entries"]) for body in read] == [12, 12, 0, 0]
    assert queries(api, "/v2/payouts", "location_id", "cursor", "limit") == [
        ("LA", None, "1"),
        ("LA", MORE, "1"),
        ("LB", None, "1"),
    ]
    path = f"/v2/payouts/{PAYOUT}/payout-entries"
    assert queries(api, path, "cursor") == [(None,), ("next",)]


@pytest.mark.parametrize("stream", ["payments", "payouts", "payout_entries"])
def test_no_location(stream):
    with recorded.api({"GET /v2/locations": Answer({})}) as api:
        assert len(pages(api, stream)) == 1


def test_events_are_searched():
    answers = [Answer({"events": [], "cursor": MORE}), Answer({"events": []})]
    with recorded.api({"POST /v2/events": answers}) as api:
        assert len(pages(api, "events")) == 2
    first, second = (json.loads(asked.body) for asked in api.asked)
    assert first["query"]["filter"] == {
        "event_types": list(SQUARE.subscribed_events),
        "created_at": {
            "start_at": "2026-08-01T00:00:00.000000Z",
            "end_at": "2026-08-02T00:00:00.500000Z",
        },
    }
    assert "cursor" not in first and second == first | {"cursor": MORE}


@pytest.mark.parametrize(
    ("lookup", "path"),
    [
        (Lookup("payment", PAYMENT), f"/v2/payments/{PAYMENT}"),
        (Lookup("refund", REFUND), f"/v2/refunds/{REFUND}"),
        (Lookup("dispute", "../../x?y"), "/v2/disputes/..%2F..%2Fx%3Fy"),
    ],
)
def test_lookup(lookup, path):
    with recorded.api({f"GET {path}": Answer({})}) as api:
        assert client(api).lookup(lookup).stream == f"{lookup.object_type}s"


def test_lookup_is_translated():
    answer = Answer({"payment": payment()})
    with recorded.api({f"GET /v2/payments/{PAYMENT}": answer}) as api:
        page = client(api).lookup(Lookup("payment", PAYMENT))
    (translation,) = SQUARE.streams[page.stream].translate(page.body, {})
    assert translation.events[0].key == f"payment:{PAYMENT}:capture"


def test_lookup_of_something_else():
    with recorded.api({}) as api, pytest.raises(ProviderError):
        client(api).lookup(Lookup("order", "x"))
    assert not api.asked


def test_check():
    merchant = {"id": "6SSW7HV8K2ST5", "business_name": "Acme"}
    with recorded.api({"GET /v2/merchants/me": Answer({"merchant": merchant})}) as api:
        assert client(api).check() == "Acme 6SSW7HV8K2ST5"


def test_webhook_is_registered_once():
    made = Answer({"subscription": {"id": "wbhk_1", "signature_key": "key"}})
    with recorded.api({"POST /v2/webhooks/subscriptions": made}) as api:
        one = client(api)
        for url in (URL, URL, f"{URL}x"):
            assert one.register_webhook(url, ("payment.updated",)) == ("wbhk_1", "key")
    asked = [json.loads(asked.body) for asked in api.asked]
    assert asked[0]["subscription"]["notification_url"] == URL
    assert asked[0]["subscription"]["event_types"] == ["payment.updated"]
    keys = [body["idempotency_key"] for body in asked]
    assert keys[0] == keys[1] != keys[2] and len(keys[0]) <= 45


@pytest.mark.parametrize(
    "body", [b"", b"[]", {}, {"subscription": {}}, {"subscription": {"id": "x"}}]
)
def test_webhook_without_key(body):
    with recorded.api({"POST /v2/webhooks/subscriptions": Answer(body)}) as api:
        with pytest.raises(ProviderError):
            client(api).register_webhook(URL, ())


@pytest.mark.parametrize(
    ("status", "error"),
    [(401, Unauthorized), (403, Unauthorized), (400, ProviderError)],
)
def test_refusals(status, error):
    with recorded.api({"GET /v2/merchants/me": Answer({"errors": []}, status)}) as api:
        with pytest.raises(error):
            client(api).check()


def test_too_many_requests():
    answer = Answer({"errors": []}, 429, {"Retry-After": "7"})
    with recorded.api({"GET /v2/refunds": answer}) as api:
        with pytest.raises(RateLimited) as refused:
            client(api).page("refunds", SINCE, UNTIL, "")
    assert refused.value.retry_after == 7


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", {"locations": 5}])
@pytest.mark.parametrize("stream", ["payments", "refunds", "payout_entries", "events"])
def test_garbage(body, stream):
    paths = ("GET /v2/locations", "GET /v2/refunds", "POST /v2/events")
    with recorded.api(dict.fromkeys(paths, Answer(body))) as api:
        try:
            client(api).page(stream, SINCE, UNTIL, "")
        except EngineError as error:
            assert isinstance(error, ProviderError)
        else:
            assert body == {"locations": 5} and stream in ("refunds", "events")
        with pytest.raises(ProviderError):
            client(api).check()


@pytest.mark.parametrize(
    "cursor", ["x", "{}", "[1, 2]", '["a"]', '["a", null]', "null"]
)
@pytest.mark.parametrize("stream", ["payments", "payout_entries"])
def test_foreign_cursor(cursor, stream):
    with recorded.api({"GET /v2/locations": LOCATIONS}) as api:
        with pytest.raises(ProviderError):
            client(api).page(stream, SINCE, UNTIL, cursor)
