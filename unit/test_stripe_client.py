# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Stripe's API over real HTTP."""

from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qsl

import pytest
import stripe_balance_payloads as stripe
from recorded import Answer, api
from stripe_payloads import charge, envelope

from engine.providers import get
from engine.providers.base import Lookup
from engine.providers.client import (
    Missing,
    ProviderError,
    RateLimited,
    Unauthorized,
    Unavailable,
)
from engine.providers.stripe import const
from engine.providers.stripe.client import Client

SINCE = datetime(2025, 8, 1, tzinfo=timezone.utc)
UNTIL = SINCE + timedelta(days=1, microseconds=1)
WINDOW = [
    ("created[gte]", str(int(SINCE.timestamp()))),
    ("created[lt]", str(int(SINCE.timestamp()) + 86401)),
]
STREAMS = get("stripe").streams
FIRST = stripe.entry("txn_2", source=charge())
LAST = stripe.entry("txn_1", source=charge())


def client(url, key="rk_test_Abc", livemode=False, account=""):
    return Client({"api_key": key}, livemode, account, base_url=url)


def pull(url, stream):
    """Give all pages, each from a client that knows nothing but the cursor."""
    pages, cursor = [], ""
    for _number in range(20):
        pages.append(client(url).page(stream, SINCE, UNTIL, cursor))
        cursor = pages[-1].cursor
        if not cursor:
            return pages
    raise AssertionError("no end")


def test_pages_and_resuming():
    answers = [
        Answer(stripe.listed([FIRST], has_more=True)),
        Answer(stripe.listed([LAST])),
    ]
    with api({"GET /v1/balance_transactions": answers}) as recorded:
        first, last = pull(recorded.url, "balance_transactions")
    assert (first.cursor, last.cursor) == ("txn_2", "")
    assert first.stream == "balance_transactions"
    one, other = recorded.asked
    assert one.query == [("limit", "100"), ("expand[]", "data.source"), *WINDOW]
    assert set(other.query) == {*one.query, ("starting_after", "txn_2")}
    for page in (first, last):
        (translation,) = STREAMS[page.stream].translate(page.body, {})
        assert translation.events[0].key == "charge:ch_3RvAbc:capture"


def test_headers():
    with api({"GET /v1/events": Answer(stripe.listed([]))}) as recorded:
        client(recorded.url).page("events", SINCE, UNTIL, "")
        client(recorded.url, account="acct_1").page("events", SINCE, UNTIL, "")
    own, other = (asked.headers for asked in recorded.asked)
    assert own["authorization"] == "Bearer rk_test_Abc"
    assert own["stripe-version"] == const.API_VERSION
    assert "stripe-account" not in own
    assert other["stripe-account"] == "acct_1"


def test_only_subscribed_messages_are_pulled():
    """Twenty types at a time, each page by page; other types are not asked for."""
    subscribed = get("stripe").subscribed_events
    one, other = envelope("charge.updated", charge()), envelope("charge.failed", {})
    answers = [
        Answer(stripe.listed([one], has_more=True)),
        Answer(stripe.listed([other | {"id": "evt_2"}])),
        Answer(stripe.listed([])),
    ]
    with api({"GET /v1/events": answers}) as recorded:
        pages = pull(recorded.url, "events")
    assert [page.cursor for page in pages[:2]] == [f"0 {one['id']}", "20 "]
    asked = [
        [value for name, value in asked.query if name == "types[]"]
        for asked in recorded.asked
    ]
    assert asked[0] == asked[1]
    assert all(len(types) <= 20 for types in asked)
    assert sorted(sum(asked[1:], [])) == sorted(subscribed)
    after = [dict(asked.query).get("starting_after") for asked in recorded.asked]
    assert after == [None, one["id"], *[None] * (len(pages) - 2)]


def test_streams():
    routes = {
        "GET /v1/events": Answer(stripe.listed([envelope("charge.updated", charge())])),
        "GET /v1/payouts": Answer(stripe.listed([stripe.payout(status="paid")])),
    }
    with api(routes) as recorded:
        for stream in ("events", "payouts"):
            page = pull(recorded.url, stream)[-1]
            for translation in STREAMS[stream].translate(page.body, {}):
                assert translation.events and not translation.fault
    query = recorded.asked[-1].query
    assert ("expand[]", "data.balance_transaction") in query
    assert ("expand[]", "data.failure_balance_transaction") in query


def test_contents_of_payouts():
    """One payout after the other, each page by page; those without contents pass."""
    payouts = [
        Answer(stripe.listed([stripe.payout("po_3", automatic=False)], True)),
        Answer(
            stripe.listed(
                [stripe.payout("po_2", reconciliation_status="completed")], True
            )
        ),
        Answer(
            stripe.listed([stripe.payout("po_1", reconciliation_status="completed")])
        ),
        Answer(stripe.listed([])),
    ]
    contents = [
        Answer(stripe.listed([FIRST], has_more=True)),
        Answer(stripe.listed([LAST])),
        Answer(stripe.listed([])),
    ]
    routes = {"GET /v1/payouts": payouts, "GET /v1/balance_transactions": contents}
    with api(routes) as recorded:
        pages = pull(recorded.url, "payout_entries")
    assert [page.cursor for page in pages] == [
        "po_3 ",
        "po_2 txn_2",
        "po_2 ",
        "po_1 ",
        "",
    ]
    assert [
        dict(asked.query).get("payout") or dict(asked.query).get("starting_after")
        for asked in recorded.asked
    ] == [None, "po_3", "po_2", "po_2", "po_2", "po_1", "po_1"]
    batches = [
        event.settlement.batch
        for page in pages
        for translation in STREAMS["payout_entries"].translate(page.body, {})
        for event in translation.events
    ]
    assert batches == ["po_2", "po_2"]


@pytest.mark.parametrize(
    ("object_type", "object_id", "path", "expand", "answer"),
    [
        (
            "payment_intent",
            "pi_1",
            "/v1/payment_intents/pi_1",
            ["latest_charge.balance_transaction"],
            {"id": "pi_1", "latest_charge": charge(balance_transaction=LAST)},
        ),
        (
            "balance_transaction",
            "txn_1",
            "/v1/balance_transactions/txn_1",
            ["source"],
            LAST,
        ),
        (
            "payout",
            "po_1",
            "/v1/payouts/po_1",
            ["balance_transaction", "failure_balance_transaction"],
            stripe.payout("po_1"),
        ),
        ("dispute", "du/1", "/v1/disputes/du%2F1", [], stripe.dispute()),
    ],
)
def test_lookup(object_type, object_id, path, expand, answer):
    with api({f"GET {path}": Answer(answer)}) as recorded:
        page = client(recorded.url).lookup(Lookup(object_type, object_id))
    assert recorded.asked[0].query == [("expand[]", field) for field in expand]
    for translation in STREAMS[page.stream].translate(page.body, {}):
        assert translation.events and not translation.fault


def test_lookup_of_what_stripe_does_not_give():
    with api({}) as recorded:
        with pytest.raises(ProviderError):
            client(recorded.url).lookup(Lookup("weather", "w_1"))
        with pytest.raises(Missing):
            client(recorded.url).lookup(Lookup("charge", "ch_1"))
    assert len(recorded.asked) == 1


@pytest.mark.parametrize(
    ("profile", "told"),
    [
        ({"name": "Example Shop"}, "Example Shop (acct_1)"),
        ({"name": None}, "acct_1"),
        (None, "acct_1"),
    ],
)
def test_check(profile, told):
    account = {"id": "acct_1", "object": "account", "business_profile": profile}
    with api({"GET /v1/account": Answer(account)}) as recorded:
        assert client(recorded.url).check() == told
        assert client(recorded.url, account="acct_1").check() == told
        with pytest.raises(ProviderError, match="acct_2"):
            client(recorded.url, account="acct_2").check()


@pytest.mark.parametrize("account", ["", "acct_1"])
def test_register(account):
    made = {"id": "we_1", "object": "webhook_endpoint", "secret": "whsec_1"}
    with api({"POST /v1/webhook_endpoints": Answer(made)}) as recorded:
        url = "https://odoo.example/payment_hub/webhook/x?a=1&b"
        registration = client(recorded.url, account=account).register_webhook(
            url, ("charge.succeeded", "payout.paid")
        )
    assert registration == ("we_1", "whsec_1")
    (asked,) = recorded.asked
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    # Events of connected accounts come through the platform's own endpoint.
    assert "stripe-account" not in asked.headers
    assert parse_qsl(asked.body.decode()) == [
        ("url", url),
        ("enabled_events[]", "charge.succeeded"),
        ("enabled_events[]", "payout.paid"),
        ("api_version", const.API_VERSION),
        ("connect", "true" if account else "false"),
    ]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer({"error": {"message": "Invalid API Key"}}, 401), Unauthorized),
        (Answer({"error": {"message": "No permission"}}, 403), Unauthorized),
        (Answer({"error": {"message": "Bad"}}, 400), ProviderError),
        (Answer({"error": {"message": "Oops"}}, 500), Unavailable),
        (Answer(b"<html>"), ProviderError),
        (Answer(b"[]"), ProviderError),
        (Answer(b""), ProviderError),
        (Answer({"data": "none"}), ProviderError),
        (Answer({"data": [5]}), ProviderError),
        (Answer({"data": [{"id": None}], "has_more": True}), ProviderError),
    ],
)
def test_bad_answers(answer, error):
    routes = {
        "GET /v1/events": answer,
        "GET /v1/payouts": answer,
    }
    with api(routes) as recorded:
        for stream in ("events", "payout_entries"):
            with pytest.raises(error):
                client(recorded.url).page(stream, SINCE, UNTIL, "")


@pytest.mark.parametrize("body", [b"{", b"{}", {"id": 5, "secret": 5}])
def test_odd_answers_about_the_account(body):
    routes = {
        "GET /v1/account": Answer(body),
        "POST /v1/webhook_endpoints": Answer(body),
    }
    with api(routes) as recorded:
        with pytest.raises(ProviderError):
            client(recorded.url).check()
        with pytest.raises(ProviderError):
            client(recorded.url).register_webhook("https://odoo.example", ())


def test_too_many_requests():
    answer = Answer({}, 429, {"Retry-After": "7"})
    with api({"GET /v1/events": answer}) as recorded:
        with pytest.raises(RateLimited) as limited:
            client(recorded.url).page("events", SINCE, UNTIL, "")
    assert limited.value.retry_after == 7
    assert len(recorded.asked) == 1


def test_the_same_page_again():
    answer = Answer(stripe.listed([FIRST], has_more=True))
    with api({"GET /v1/balance_transactions": answer}) as recorded:
        page = client(recorded.url).page("balance_transactions", SINCE, UNTIL, "")
        with pytest.raises(ProviderError):
            client(recorded.url).page("balance_transactions", SINCE, UNTIL, page.cursor)


@pytest.mark.parametrize("key", ["", "  ", "rk_test_é", "rk_test_\n1"])
def test_key_that_is_none(key):
    made = client("http://127.0.0.1:1", key)
    for ask in (
        made.check,
        lambda: made.page("events", SINCE, UNTIL, ""),
        lambda: made.page("payout_entries", SINCE, UNTIL, ""),
        lambda: made.lookup(Lookup("charge", "ch_1")),
        lambda: made.register_webhook("https://odoo.example", ()),
        Client({}, False).check,
    ):
        with pytest.raises(Unauthorized):
            ask()


@pytest.mark.parametrize(
    ("key", "livemode", "is_right"),
    [
        ("rk_test_1", False, True),
        ("sk_live_1", True, True),
        ("rk_test_1", True, False),
        ("sk_live_1", False, False),
        ("rk_live_1", False, False),
        ("mk_1", True, True),
    ],
)
def test_key_of_the_other_environment(key, livemode, is_right):
    assert Client({"api_key": key}, livemode).transport.base_url == const.API_URL
    account = {"id": "acct_1", "object": "account"}
    with api({"GET /v1/account": Answer(account)}) as recorded:
        made = Client({"api_key": f" {key} "}, livemode, base_url=recorded.url)
        if is_right:
            assert made.check() == "acct_1"
        else:
            with pytest.raises(Unauthorized):
                made.check()
    assert len(recorded.asked) == is_right
