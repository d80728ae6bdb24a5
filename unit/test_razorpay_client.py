# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Razorpay's API, page by page."""

from base64 import b64encode
from datetime import datetime, timezone

import pytest
import recorded
from razorpay_payloads import PAYMENT, payment
from recorded import Answer

from engine.errors import EngineError
from engine.providers import get
from engine.providers.base import Lookup
from engine.providers.client import ProviderError, RateLimited, Unauthorized

SINCE = datetime(2026, 1, 30, 18, 30, 0, 500_000, tzinfo=timezone.utc)
UNTIL = datetime(2026, 2, 1, 18, 30, tzinfo=timezone.utc)
KEY = {"key_id": "rzp_test_Ab12", "key_secret": "very secret"}


def client(api, credentials=KEY, livemode=False):
    return get("razorpay").client(credentials, livemode, base_url=api.url)


def items(count):
    return Answer({"entity": "collection", "items": [{"id": "x"}] * count})


def pages(found, stream, since=SINCE, until=UNTIL):
    """Read until the end, each page with a client of its own."""
    cursor, bodies = "", []
    while True:
        page = client(found).page(stream, since, until, cursor)
        bodies.append(page.body)
        assert page.stream == stream and len(bodies) < 20
        if not page.cursor:
            return bodies
        cursor = page.cursor


def test_list_is_paged_within_fixed_times():
    route = "GET /v1/payments"
    with recorded.api({route: [items(100), items(100), items(99)]}) as api:
        assert len(pages(api, "payments")) == 3
    ends = [("from", "1769797800"), ("to", "1769970600"), ("count", "100")]
    assert [asked.query for asked in api.asked] == [
        [*ends, ("skip", "0")],
        [*ends, ("skip", "100")],
        [*ends, ("skip", "200")],
    ]
    basic = b64encode(b"rzp_test_Ab12:very secret").decode()
    assert api.asked[0].headers["authorization"] == f"Basic {basic}"


@pytest.mark.parametrize("stream", ["payments", "refunds", "disputes", "settlements"])
def test_last_page(stream):
    with recorded.api({f"GET /v1/{stream}": items(0)}) as api:
        assert client(api).page(stream, SINCE, UNTIL, "100").cursor == ""


def test_settlement_items_come_day_by_day_in_india():
    route = "GET /v1/settlements/recon/combined"
    answers = [items(1000), items(1), items(0)]
    with recorded.api({route: answers}) as api:
        assert len(pages(api, "recon")) == 3
    assert [
        tuple(int(dict(asked.query)[name]) for name in ("year", "month", "day", "skip"))
        for asked in api.asked
    ] == [(2026, 1, 31, 0), (2026, 1, 31, 1000), (2026, 2, 1, 0)]


def test_nothing_between_equal_times():
    with recorded.api({"GET /v1/settlements/recon/combined": items(0)}) as api:
        assert len(pages(api, "recon", UNTIL, UNTIL)) == 1


def test_lookup():
    with recorded.api({f"GET /v1/payments/{PAYMENT}": Answer(payment())}) as api:
        page = client(api).lookup(Lookup("payment", PAYMENT))
    stream = get("razorpay").streams[page.stream]
    (translation,) = stream.translate(page.body, {})
    assert translation.events[0].key == f"payment:{PAYMENT}:capture"


@pytest.mark.parametrize("name", ["../../x", "a/b?c=d", "é"])
def test_lookup_of_an_odd_id_stays_in_its_place(name):
    with recorded.api({}) as api, pytest.raises(ProviderError):
        client(api).lookup(Lookup("payment", name))
    assert api.asked[0].path.count("/") == 3 and not api.asked[0].query


def test_lookup_of_something_else():
    with recorded.api({}) as api, pytest.raises(ProviderError):
        client(api).lookup(Lookup("order", "order_1"))
    assert not api.asked


def test_check():
    with recorded.api({"GET /v1/payments": items(1)}) as api:
        assert client(api).check() == "rzp_test_Ab12"
    assert api.asked[0].query == [("count", "1")]


@pytest.mark.parametrize(
    ("key", "livemode"),
    [("rzp_test_1", True), ("rzp_live_1", False), ("", True), ("whatever", False)],
)
def test_key_of_the_other_environment_is_never_sent(key, livemode):
    with recorded.api({"GET /v1/payments": items(1)}) as api:
        one = client(api, {"key_id": key, "key_secret": "x"}, livemode)
        with pytest.raises(Unauthorized):
            one.check()
        with pytest.raises(Unauthorized):
            one.page("payments", SINCE, UNTIL, "")
    assert not api.asked


def test_too_many_requests():
    answer = Answer({"error": {}}, 429, {"Retry-After": "7"})
    with recorded.api({"GET /v1/payments": answer}) as api:
        with pytest.raises(RateLimited) as refused:
            client(api).page("payments", SINCE, UNTIL, "")
    assert refused.value.retry_after == 7


def test_wrong_key():
    with recorded.api({"GET /v1/payments": Answer({"error": {}}, 401)}) as api:
        with pytest.raises(Unauthorized):
            client(api).check()


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"{}", b'{"items": 5}'])
@pytest.mark.parametrize("stream", ["payments", "recon"])
def test_no_list(body, stream):
    routes = {
        "GET /v1/payments": Answer(body),
        "GET /v1/settlements/recon/combined": Answer(body),
    }
    with recorded.api(routes) as api, pytest.raises(ProviderError):
        client(api).page(stream, SINCE, UNTIL, "")


@pytest.mark.parametrize("cursor", ["x", "-1", "1e3", "2026-13-01/0", "/", "²"])
def test_foreign_cursor(cursor):
    routes = {
        "GET /v1/payments": items(0),
        "GET /v1/settlements/recon/combined": items(0),
    }
    with recorded.api(routes) as api:
        for stream in ("payments", "recon"):
            try:
                client(api).page(stream, SINCE, UNTIL, cursor)
            except EngineError as error:
                assert isinstance(error, ProviderError)
