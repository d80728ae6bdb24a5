# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is asked of Checkout.com's API, and what becomes of its answers."""

from datetime import datetime, timezone

import pytest
from checkout_payloads import PAYMENT, action_page, report_page
from recorded import Answer, api

from engine.errors import EngineError
from engine.providers import get
from engine.providers.base import Lookup
from engine.providers.checkout.client import Client
from engine.providers.client import (
    Missing,
    ProviderError,
    RateLimited,
    Unauthorized,
    Unavailable,
)

KEY = {"secret_key": " sk_sbox_1 "}
SINCE = datetime(2026, 7, 1, tzinfo=timezone.utc)
UNTIL = datetime(2026, 7, 3, 12, 30, tzinfo=timezone.utc)


def client(recorded):
    return Client(KEY, False, base_url=recorded.url)


def test_pages_go_on_where_they_stopped():
    pages = [Answer(report_page("to ken=+&é")), Answer(report_page())]
    with api({"GET /reports": pages}) as recorded:
        first = client(recorded).page("reports", SINCE, UNTIL, "")
        # Another process goes on, perhaps after a restart.
        second = client(recorded).page("reports", SINCE, UNTIL, first.cursor)
    assert (first.stream, first.body) == ("reports", report_page("to ken=+&é"))
    assert second.cursor == ""
    asked, again = recorded.asked
    assert asked.headers["authorization"] == "Bearer sk_sbox_1"
    assert asked.query == [
        ("created_after", "2026-07-01T00:00:00Z"),
        ("created_before", "2026-07-03T12:30:00Z"),
        ("limit", "100"),
    ]
    assert again.query == [*asked.query, ("pagination_token", first.cursor)]
    streams = get("checkout").streams
    assert streams[first.stream].is_pulled
    assert len(streams[first.stream].translate(first.body, {})) == 2


@pytest.mark.parametrize(
    ("lookup", "route", "stream"),
    [
        (Lookup("payment", PAYMENT), "GET /financial-actions", "financial_actions"),
        (Lookup("event", "evt_1"), "GET /workflows/events/evt_1", "event"),
        (
            Lookup("report_file", "rpt_1.file_2"),
            "GET /reports/rpt_1/files/file_2",
            "report_file",
        ),
        (
            Lookup("report_file", "../x.y/../z?a"),
            "GET /reports//files/.%2Fx.y%2F..%2Fz%3Fa",
            "report_file",
        ),
    ],
)
def test_lookups(lookup, route, stream):
    with api({route: Answer(action_page())}) as recorded:
        page = client(recorded).lookup(lookup)
    assert (page.stream, page.body, page.cursor) == (stream, action_page(), "")
    assert stream in get("checkout").streams
    (asked,) = recorded.asked
    if lookup.object_type == "payment":
        assert asked.query == [("payment_id", PAYMENT), ("limit", "100")]


def test_more_actions_of_a_payment_are_asked_for_by_the_cursor():
    linked = b'{"data": [], "_links": {"next": {"href": "/x?pagination_token=t%2B1"}}}'
    pages = [Answer(linked), Answer(action_page())]
    with api({"GET /financial-actions": pages}) as recorded:
        first = client(recorded).lookup(Lookup("payment", PAYMENT))
        # Another process goes on, whatever times it asks for.
        last = client(recorded).page(first.stream, SINCE, UNTIL, first.cursor)
    assert (last.stream, last.body, last.cursor) == (first.stream, action_page(), "")
    assert recorded.asked[1].query == [
        ("payment_id", PAYMENT),
        ("limit", "100"),
        ("pagination_token", "t+1"),
    ]


def test_other_objects_cannot_be_looked_up():
    with pytest.raises(ProviderError):
        Client(KEY, True).lookup(Lookup("charge", "x"))


@pytest.mark.parametrize(
    ("answer", "account"),
    [
        (report_page(), "cli_1"),
        (b'{"data": []}', ""),
        (b'{"data": null}', ""),
        (b'{"data": [5]}', ""),
        (b'{"data": [{"account": 5}]}', ""),
        (b'{"data": [{"account": {"client_id": 5}}]}', ""),
        (b'{"data": 5}', ""),
        (b"{}", ""),
    ],
)
def test_check(answer, account):
    with api({"GET /reports": Answer(answer)}) as recorded:
        assert client(recorded).check() == account
    assert recorded.asked[0].query == [("limit", "1")]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer({}, 401), Unauthorized),
        (Answer({}, 403), Unauthorized),
        (Answer({}, 404), Missing),
        (Answer({}, 422), ProviderError),
        (Answer({}, 500), Unavailable),
        (Answer(b"<html>"), ProviderError),
        (Answer(b"[]"), ProviderError),
        (Answer(b"\xff"), ProviderError),
    ],
)
def test_errors(answer, error):
    with api({"GET /reports": answer}) as recorded:
        for ask in (
            lambda: client(recorded).page("reports", SINCE, UNTIL, ""),
            lambda: client(recorded).check(),
        ):
            with pytest.raises(error) as refused:
                ask()
            assert isinstance(refused.value, EngineError)
            assert "sk_sbox_1" not in str(refused.value)


def test_too_many_requests():
    answer = Answer({}, 429, {"Retry-After": "7"})
    with api({"GET /reports": answer}) as recorded:
        with pytest.raises(RateLimited) as refused:
            client(recorded).page("reports", SINCE, UNTIL, "")
    assert refused.value.retry_after == 7
    assert len(recorded.asked) == 1


@pytest.mark.parametrize("links", ["5", '{"next": 5}', '{"next": {"href": ""}}'])
def test_without_a_link_the_list_ends(links):
    body = f'{{"data": [], "_links": {links}}}'.encode()
    with api({"GET /reports": Answer(body)}) as recorded:
        assert client(recorded).page("reports", SINCE, UNTIL, "").cursor == ""


@pytest.mark.parametrize("link", ["http://[", "https://x/reports?limit=1", 5])
def test_a_link_that_leads_nowhere_does_not_end_the_list(link):
    page = {"data": [], "_links": {"next": {"href": link}}}
    with api({"GET /reports": Answer(page)}) as recorded:
        with pytest.raises(ProviderError):
            client(recorded).page("reports", SINCE, UNTIL, "")


@pytest.mark.parametrize(
    ("livemode", "prefix", "url"),
    [
        (True, "", "https://api.checkout.com"),
        (False, "", "https://api.sandbox.checkout.com"),
        (True, " VKUHVK4V ", "https://vkuhvk4v.api.checkout.com"),
        (False, "pl-vkuhvk4v", "https://pl-vkuhvk4v.api.sandbox.checkout.com"),
    ],
)
def test_hosts(livemode, prefix, url):
    made = Client(KEY, livemode, options={"prefix": prefix})
    assert made.transport.base_url == url


@pytest.mark.parametrize(
    "prefix", ["evil.example/", "a.b", "x@y", "a b", "é", "a" * 41]
)
def test_a_prefix_cannot_lead_elsewhere(prefix):
    with pytest.raises(ProviderError):
        Client(KEY, True, options={"prefix": prefix})
