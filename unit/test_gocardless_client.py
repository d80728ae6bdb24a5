# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""GoCardless's API, asked over real HTTP."""

import json
from datetime import datetime, timedelta, timezone

import pytest
import recorded
from gocardless_payloads import (
    PAYMENT,
    PAYOUT,
    REFUND,
    event,
    history,
    item,
    page,
    payout,
    refund,
)
from recorded import Answer

from engine.errors import EngineError
from engine.providers import get
from engine.providers.base import Lookup
from engine.providers.client import (
    Missing,
    ProviderError,
    RateLimited,
    Unauthorized,
    Unavailable,
)

GOCARDLESS = get("gocardless")
SINCE = datetime(2026, 3, 1, tzinfo=timezone(timedelta(hours=1)))
UNTIL = datetime(2026, 4, 1, 0, 0, 0, 5000, tzinfo=timezone.utc)
SPAN = [
    ("created_at[gte]", "2026-02-28T23:00:00.000Z"),
    ("created_at[lt]", "2026-04-01T00:00:00.005Z"),
]
EVENTS, PAYOUTS, ITEMS = "GET /events", "GET /payouts", "GET /payout_items"


def client(api):
    return GOCARDLESS.client({"access_token": " token_1 "}, True, base_url=api.url)


def pull(api, stream, cursor=""):
    return client(api).page(stream, SINCE, UNTIL, cursor)


def translated(given):
    return GOCARDLESS.streams[given.stream].translate(given.body, {})


@pytest.mark.parametrize(
    ("livemode", "url"),
    [
        (True, "https://api.gocardless.com"),
        (False, "https://api-sandbox.gocardless.com"),
    ],
)
def test_environments(livemode, url):
    assert GOCARDLESS.client({}, livemode).transport.base_url == url


@pytest.mark.parametrize(
    ("stream", "first", "second"),
    [
        ("events", event("payments.created", 2), event("payments.created", 1)),
        ("payouts", payout(id="PO2"), payout(id="PO1")),
    ],
)
def test_pages(stream, first, second):
    answers = [Answer(page(stream, first, after="X1")), Answer(page(stream, second))]
    with recorded.api({f"GET /{stream}": answers}) as api:
        one = pull(api, stream)
        other = pull(api, stream, one.cursor)
    assert (one.cursor, other.cursor) == ("X1", "")
    given = [
        translation.event_id for translation in translated(one) + translated(other)
    ]
    assert given == [first["id"], second["id"]]
    assert [asked.query for asked in api.asked] == [
        [*SPAN, ("limit", "500")],
        [*SPAN, ("limit", "500"), ("after", "X1")],
    ]
    headers = api.asked[0].headers
    assert headers["authorization"] == "Bearer token_1"
    assert headers["gocardless-version"] == "2015-07-06"


def test_payout_items():
    """Two payouts with two pages of items each; each page by a new client."""
    routes = {
        PAYOUTS: [
            Answer(page("payouts", payout(id="PO2"), after="PO2")),
            Answer(page("payouts", payout(id="PO2"), after="PO2")),
            Answer(page("payouts", payout(id="PO1"))),
            Answer(page("payouts", payout(id="PO1"))),
        ],
        ITEMS: [
            Answer(page("payout_items", item(payment="PM1"), after="I1")),
            Answer(page("payout_items", item(payment="PM2"))),
            Answer(page("payout_items", item(payment="PM3"), after="I3")),
            Answer(page("payout_items", item(payment="PM4"))),
        ],
    }
    found, cursors = [], [""]
    with recorded.api(routes) as api:
        while len(cursors) == 1 or cursors[-1]:
            given = pull(api, "payout_items", cursors[-1])
            for translation in translated(given):
                (fact,) = translation.events
                found.append((fact.object_id, fact.settlement.batch))
            cursors.append(given.cursor)
    assert found == [("PM1", "PO2"), ("PM2", "PO2"), ("PM3", "PO1"), ("PM4", "PO1")]
    assert [dict(asked.query) for asked in api.asked] == [
        {**dict(SPAN), "limit": "1"},
        {"payout": "PO2", "limit": "500"},
        {**dict(SPAN), "limit": "1"},
        {"payout": "PO2", "limit": "500", "after": "I1"},
        {**dict(SPAN), "limit": "1", "after": "PO2"},
        {"payout": "PO1", "limit": "500"},
        {**dict(SPAN), "limit": "1", "after": "PO2"},
        {"payout": "PO1", "limit": "500", "after": "I3"},
    ]


def test_no_payouts():
    with recorded.api({PAYOUTS: Answer(page("payouts"))}) as api:
        given = pull(api, "payout_items")
    assert (translated(given), given.cursor) == ((), "")


def test_items_of_an_old_payout():
    routes = {PAYOUTS: Answer(page("payouts", payout())), ITEMS: Answer({}, 410)}
    with recorded.api(routes) as api:
        with pytest.raises(Missing, match="six months"):
            pull(api, "payout_items")


@pytest.mark.parametrize("cursor", ["x", "5", "[]", '["a"]', '["a", "b", "c"]', "{}"])
def test_odd_cursor(cursor):
    with recorded.api({}) as api:
        with pytest.raises(ProviderError):
            pull(api, "payout_items", cursor)


@pytest.mark.parametrize(
    ("lookup", "path", "query", "answer", "stream"),
    [
        (
            Lookup("payment", PAYMENT),
            "/events",
            {"payment": PAYMENT, "resource_type": "payments", "include": "payment"},
            history("payments.confirmed"),
            "payment",
        ),
        (
            Lookup("refund", REFUND),
            "/events",
            {"refund": REFUND, "resource_type": "refunds", "include": "refund"},
            history("refunds.paid", of=refund(), name="refunds"),
            "refund",
        ),
        (
            Lookup("payout", PAYOUT),
            f"/payouts/{PAYOUT}",
            {},
            {"payouts": payout()},
            "payouts",
        ),
        (
            Lookup("bounced_payouts", "CR1"),
            "/payouts",
            {"creditor": "CR1", "status": "bounced"},
            page("payouts", payout("bounced")),
            "payouts",
        ),
    ],
)
def test_lookup(lookup, path, query, answer, stream):
    with recorded.api({f"GET {path}": Answer(answer)}) as api:
        given = client(api).lookup(lookup)
    asked = dict(api.asked[0].query)
    asked.pop("limit", None)
    assert asked == query
    assert given.stream == stream
    (translation,) = translated(given)
    assert translation.fault is None and translation.events


def test_lookup_leaves_nothing_to_the_id():
    with recorded.api({}) as api:
        with pytest.raises(Missing):
            client(api).lookup(Lookup("payout", "../events?x=1"))
        with pytest.raises(ProviderError):
            client(api).lookup(Lookup("customer", "CU1"))
    assert [asked.path for asked in api.asked] == ["/payouts/..%2Fevents%3Fx%3D1"]


@pytest.mark.parametrize(
    ("creditors", "name"),
    [([{"id": "CR1", "name": "Acme"}], "Acme"), ([{"id": "CR1"}], "CR1"), ([], "")],
)
def test_check(creditors, name):
    with recorded.api({"GET /creditors": Answer({"creditors": creditors})}) as api:
        assert client(api).check() == name


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer({}, 401), Unauthorized),
        (Answer({}, 403), Unauthorized),
        (Answer({}, 404), Missing),
        (Answer({}, 500), Unavailable),
        (Answer({}, 429, {"Retry-After": "7"}), RateLimited),
        (Answer(b"<html>"), ProviderError),
        (Answer([]), ProviderError),
        (Answer({}), ProviderError),
        (Answer({"meta": {"cursors": []}}), ProviderError),
    ],
)
@pytest.mark.parametrize("stream", ["events", "payouts"])
def test_answers_that_are_no_page(stream, answer, error):
    with recorded.api({f"GET /{stream}": answer}) as api:
        with pytest.raises(error) as refused:
            pull(api, stream)
    assert isinstance(refused.value, EngineError)
    if error is RateLimited:
        assert refused.value.retry_after == 7


@pytest.mark.parametrize(
    ("payouts", "items"),
    [
        (b"garbage", {}),
        ({"payouts": 5}, {}),
        ({"payouts": [5]}, {}),
        (page("payouts", payout()), b"garbage"),
        (page("payouts", payout()), {"payout_items": {}}),
        (page("payouts", payout()), {"payout_items": []}),
    ],
)
def test_garbage_in_place_of_items(payouts, items):
    routes = {PAYOUTS: Answer(payouts), ITEMS: Answer(items)}
    with recorded.api(routes) as api:
        with pytest.raises(ProviderError):
            pull(api, "payout_items")


def test_cursor_is_text_that_can_be_stored():
    routes = {
        PAYOUTS: Answer(page("payouts", payout(), after="PO é")),
        ITEMS: Answer(page("payout_items", item())),
    }
    with recorded.api(routes) as api:
        cursor = pull(api, "payout_items").cursor
    assert json.loads(cursor) == ["PO é", ""]
