# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Mollie's API, asked over real HTTP."""

from datetime import datetime, timezone

import pytest
import recorded
from mollie_payloads import (
    CHARGEBACK,
    PAYMENT,
    REFUND,
    chargeback,
    entry,
    event,
    page,
    payment,
    refund,
    settlement,
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

MOLLIE = get("mollie")
KEYS = {"api_key": "test_dHar4XY7LxsDOtmnkVtjNVWXLSlXsM", "access_token": "access_1"}
SINCE = datetime(2026, 3, 1, tzinfo=timezone.utc)
UNTIL = datetime(2026, 4, 1, tzinfo=timezone.utc)
PAYMENTS = "GET /v2/payments"


def at(day, item_id="tr_1", **more):
    return payment(id=item_id, createdAt=f"{day}T10:00:00+00:00", **more)


def client(api, livemode=False, credentials=None):
    return MOLLIE.client(credentials or KEYS, livemode, base_url=api.url)


def pull(api, stream, cursor="", **more):
    return client(api, **more).page(stream, SINCE, UNTIL, cursor)


def ids(given):
    return [
        translation.event_id
        for translation in MOLLIE.streams[given.stream].translate(given.body, {})
    ]


def test_pages():
    routes = {
        PAYMENTS: [
            Answer(page("payments", at("2026-03-20"), following="tr_2")),
            Answer(page("payments", at("2026-03-19", "tr_2"))),
        ]
    }
    with recorded.api(routes) as api:
        first = pull(api, "payments")
        second = pull(api, "payments", first.cursor)
    assert (first.stream, first.cursor, second.cursor) == ("payments", "tr_2", "")
    assert (ids(first), ids(second)) == (["tr_1"], ["tr_2"])
    assert [asked.query for asked in api.asked] == [
        [("limit", "250")],
        [("limit", "250"), ("from", "tr_2")],
    ]
    headers = api.asked[0].headers
    assert headers["authorization"] == f"Bearer {KEYS['api_key']}"


def test_page_is_as_mollie_gave_it():
    with recorded.api({PAYMENTS: Answer(page("payments", at("2026-03-20")))}) as api:
        given = pull(api, "payments")
    assert b'"count": 1' in given.body


def test_nothing_outside_the_span():
    items = [
        at("2026-04-01", "tr_late"),
        at("2026-03-31", "tr_in"),
        at("2026-03-01", "tr_first"),
        at("2026-02-28", "tr_early"),
    ]
    answer = Answer(page("payments", *items, following="tr_x"))
    with recorded.api({PAYMENTS: answer}) as api:
        given = pull(api, "payments")
    assert ids(given) == ["tr_in", "tr_first"]
    assert given.cursor == ""  # older ones follow only


def test_pages_down_to_the_span_are_empty():
    answer = Answer(page("payments", at("2026-05-01"), following="tr_2"))
    with recorded.api({PAYMENTS: answer}) as api:
        given = pull(api, "payments")
    assert (ids(given), given.cursor) == ([], "tr_2")


def test_item_without_a_date_is_not_lost():
    answer = Answer(page("payments", at("2026-03-20"), payment(createdAt=None)))
    with recorded.api({PAYMENTS: answer}) as api:
        given = pull(api, "payments")
    good, bad = MOLLIE.streams["payments"].translate(given.body, {})
    assert good.fault is None and bad.fault is not None


@pytest.mark.parametrize(
    ("stream", "path", "item", "livemode", "query"),
    [
        ("refunds", "/v2/refunds", refund(), False, []),
        ("chargebacks", "/v2/chargebacks", chargeback(), False, []),
        ("settlements", "/v2/settlements", settlement(), False, []),
    ],
)
def test_lists(stream, path, item, livemode, query):
    with recorded.api({f"GET {path}": Answer(page(stream, item))}) as api:
        given = pull(api, stream, livemode=livemode)
    assert ids(given) == [item["id"]]
    (asked,) = api.asked
    assert asked.query == [("limit", "250"), *query]
    key = "access_token" if stream == "settlements" else "api_key"
    assert asked.headers["authorization"] == f"Bearer {KEYS[key]}"


@pytest.mark.parametrize("livemode", [False, True])
def test_every_balance(livemode):
    """An account has one for each currency; the primary one is not all."""
    stream, path = "balance_transactions", "/v2/balances/bal_{}/transactions".format
    routes = {
        "GET /v2/balances": Answer(page("balances", {"id": "bal_2"}, {"id": "bal_1"})),
        f"GET {path(1)}": [
            Answer(page(stream, entry(id="baltr_1"), following="baltr_2")),
            Answer(page(stream, entry(id="baltr_2"))),
        ],
        f"GET {path(2)}": Answer(page(stream, entry(id="baltr_3"))),
    }
    found, cursors = [], [""]
    with recorded.api(routes) as api:
        while cursors[-1] or not found:
            given = pull(api, stream, cursors[-1], livemode=livemode)
            found += ids(given)
            cursors.append(given.cursor)
    assert found == ["baltr_1", "baltr_2", "baltr_3"]
    assert cursors == ["", "bal_1/baltr_2", "bal_2/", ""]
    mode = [] if livemode else [("testmode", "true")]
    for asked in api.asked:
        assert asked.headers["authorization"] == f"Bearer {KEYS['access_token']}"
        known = [("limit", "250"), *mode]
        assert [item for item in asked.query if item[0] != "from"] == known
    paths = [asked.path for asked in api.asked]
    assert paths == [
        "/v2/balances",
        path(1),
        path(1),
        "/v2/balances",
        path(2),
        "/v2/balances",
    ]


def test_without_a_balance():
    with recorded.api({"GET /v2/balances": Answer(page("balances"))}) as api:
        given = pull(api, "balance_transactions")
    assert (ids(given), given.cursor) == ([], "")


@pytest.mark.parametrize("token", [None, "", " "])
def test_what_wants_the_token(token):
    keys = {"api_key": "test_1"} | ({} if token is None else {"access_token": token})
    with recorded.api({}) as api:
        for ask in (
            lambda own: own.page("settlements", SINCE, UNTIL, ""),
            lambda own: own.lookup(Lookup("event", "event_1")),
            lambda own: own.register_webhook("https://odoo.example/x", ()),
        ):
            with pytest.raises(Unauthorized):
                ask(client(api, credentials=keys))
    assert api.asked == []


PARTS = ("embed", "captures,refunds,chargebacks")


@pytest.mark.parametrize(
    ("lookup", "path", "query", "answer", "stream"),
    [
        (
            Lookup("payment", PAYMENT),
            f"/v2/payments/{PAYMENT}",
            [PARTS],
            payment(),
            "payment",
        ),
        (
            Lookup("payment_link", "pl_1"),
            "/v2/payment-links/pl_1/payments",
            [],
            page("payments", payment()),
            "payments",
        ),
        (
            Lookup("order", "ord_1"),
            "/v2/orders/ord_1",
            [("embed", "payments")],
            {"resource": "order", "_embedded": {"payments": [payment()]}},
            "payments",
        ),
        (
            Lookup("refund", REFUND),
            "/v2/refunds",
            [("limit", "1"), ("from", REFUND)],
            page("refunds", refund()),
            "refunds",
        ),
        (
            Lookup("chargeback", CHARGEBACK),
            "/v2/chargebacks",
            [("limit", "1"), ("from", CHARGEBACK)],
            page("chargebacks", chargeback()),
            "chargebacks",
        ),
        (
            Lookup("event", "event_1"),
            "/v2/events/event_1",
            [("testmode", "true")],
            event("refund.refunded", refund()),
            "event",
        ),
    ],
)
def test_lookup(lookup, path, query, answer, stream):
    with recorded.api({f"GET {path}": Answer(answer)}) as api:
        given = client(api).lookup(lookup)
    assert api.asked[0].query == query
    assert given.stream == stream
    (translation,) = MOLLIE.streams[stream].translate(given.body, {})
    assert translation.fault is None
    assert {fact.payment_ref for fact in translation.events} == {PAYMENT}


def test_lookup_leaves_nothing_to_the_id():
    with recorded.api({}) as api:
        with pytest.raises(Missing):
            client(api).lookup(Lookup("payment", "../settlements?x=1"))
        with pytest.raises(ProviderError):
            client(api).lookup(Lookup("customer", "cst_1"))
    assert [asked.path for asked in api.asked] == [
        "/v2/payments/..%2Fsettlements%3Fx%3D1"
    ]


def test_check():
    routes = {
        "GET /v2/profiles/me": Answer({"id": "pfl_1", "name": "My shop"}),
        "GET /v2/organizations/me": Answer({"id": "org_1"}),
    }
    with recorded.api(routes) as api:
        assert client(api).check() == "My shop"
        assert client(api, credentials={"api_key": "test_1"}).check() == "My shop"
    assert [asked.path for asked in api.asked] == [
        "/v2/organizations/me",
        "/v2/profiles/me",
        "/v2/profiles/me",
    ]


@pytest.mark.parametrize(
    ("key", "livemode"), [("test_1", True), ("live_1", False), ("access_1", True)]
)
def test_key_of_the_other_environment(key, livemode):
    with recorded.api({}) as api:
        with pytest.raises(Unauthorized):
            client(api, livemode, {"api_key": key}).check()


def test_register_webhook():
    made = {"id": "hook_1", "webhookSecret": "VpQ3WukU6uSCGQ8T"}
    with recorded.api({"POST /v2/webhooks": Answer(made, 201)}) as api:
        given = client(api).register_webhook(
            "https://odoo.example/x", MOLLIE.subscribed_events
        )
    assert given == ("hook_1", "VpQ3WukU6uSCGQ8T")
    body = api.asked[0].body
    assert b'"testmode": true' in body and b'"payment.paid"' in body


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer({}, 401), Unauthorized),
        (Answer({}, 404), Missing),
        (Answer({}, 503), Unavailable),
        (Answer({}, 429, {"Retry-After": "7"}), RateLimited),
        (Answer(b"<html>"), ProviderError),
        (Answer([]), ProviderError),
        (Answer({}), ProviderError),
        (Answer({"_embedded": {"payments": 5}}), ProviderError),
        (Answer({"_embedded": {"payments": [5]}}), ProviderError),
        (
            Answer(page("payments") | {"_links": {"next": {"href": "x"}}}),
            ProviderError,
        ),
        (
            Answer(page("payments") | {"_links": {"next": {"href": 5}}}),
            ProviderError,
        ),
    ],
)
def test_answers_that_are_no_page(answer, error):
    with recorded.api({PAYMENTS: answer}) as api:
        with pytest.raises(error) as refused:
            pull(api, "payments")
    assert isinstance(refused.value, EngineError)
    if error is RateLimited:
        assert refused.value.retry_after == 7


@pytest.mark.parametrize("key", ["", "test_€", "test_\ud800", "test_1\nX-Y: z"])
def test_key_that_cannot_be_sent(key):
    routes = {"GET /v2/profiles/me": Answer({"errors": []}, 401)}
    with recorded.api(routes) as api:
        with pytest.raises(ProviderError) as refused:
            client(api, credentials={"api_key": key}).check()
    assert key == "" or key not in str(refused.value)


def test_garbage_elsewhere():
    routes = {
        "GET /v2/profiles/me": Answer(b"garbage"),
        "GET /v2/organizations/me": Answer({}),
        "POST /v2/webhooks": Answer({"id": "hook_1"}),
    }
    with recorded.api(routes) as api:
        with pytest.raises(ProviderError):
            client(api).check()
        with pytest.raises(ProviderError):
            client(api).register_webhook("https://odoo.example/x", ())
