# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the hub asks of PayPal's API."""

import base64
import json
from datetime import datetime, timedelta, timezone

import pytest
import recorded
from paypal_certificates import FAR, der_of, issue, new_key, pem_of
from paypal_payloads import CAPTURE, capture, page, samples, transaction
from recorded import Answer

from engine.providers import get
from engine.providers.base import Lookup
from engine.providers.client import (
    Missing,
    ProviderError,
    RateLimited,
    Unauthorized,
    Unavailable,
)
from engine.providers.paypal import certificate
from engine.providers.paypal.client import Client

SINCE = datetime(2026, 1, 1, tzinfo=timezone.utc)
UNTIL = SINCE + timedelta(days=3)
CREDENTIALS = {"client_id": "AbC", "client_secret": "s3cret"}
TOKEN = Answer(
    {"access_token": "A21AA" + "x" * 500, "expires_in": 32400, "app_id": "APP-80W"}
)
TRANSACTIONS = "GET /v1/reporting/transactions"
EVENTS = "GET /v1/notifications/webhooks-events"


def client(api):
    return Client(CREDENTIALS, livemode=False, base_url=api.url)


def routes(**answers):
    return {"POST /v1/oauth2/token": TOKEN} | {
        name: answer for name, answer in answers.items()
    }


def asked(api, path):
    return [dict(one.query) for one in api.asked if one.path == path]


# === credentials ===


@pytest.mark.parametrize(
    ("livemode", "url"),
    [(True, "https://api-m.paypal.com"), (False, "https://api-m.sandbox.paypal.com")],
)
def test_environment(livemode, url):
    assert Client(CREDENTIALS, livemode).transport.base_url == url


def test_token_is_asked_for_once():
    with recorded.api(routes(**{EVENTS: Answer({"events": []})})) as api:
        one = client(api)
        for _time in range(3):
            one.page("events", SINCE, UNTIL, "")
    first, *others = api.asked
    assert first.path == "/v1/oauth2/token"
    assert first.body == b"grant_type=client_credentials"
    basic = base64.b64encode(b"AbC:s3cret").decode()
    assert first.headers["authorization"] == f"Basic {basic}"
    assert len(others) == 3
    for other in others:
        token = TOKEN.body["access_token"]
        assert other.headers["authorization"] == f"Bearer {token}"


def test_token_that_is_no_longer_taken():
    path = f"GET /v2/payments/captures/{CAPTURE}"
    answers = [Answer(capture()), Answer({}, 401), Answer(capture())]
    with recorded.api(routes(**{path: answers})) as api:
        one = client(api)
        for _time in range(2):
            assert one.lookup(Lookup("capture", CAPTURE)).stream == "captures"
    assert [one.path for one in api.asked].count("/v1/oauth2/token") == 2


def test_refused_for_good():
    with recorded.api(routes(**{EVENTS: Answer({}, 403)})) as api:
        one = client(api)
        for _time in range(2):
            with pytest.raises(Unauthorized):
                one.page("events", SINCE, UNTIL, "")
    assert len(api.asked) <= 6


def test_wrong_credentials():
    refused = Answer({"error": "invalid_client"}, 401)
    with recorded.api({"POST /v1/oauth2/token": refused}) as api:
        with pytest.raises(Unauthorized):
            client(api).check()


def test_credentials_that_cannot_be_sent():
    with recorded.api(routes()) as api:
        with pytest.raises(Unauthorized):
            Client({"client_id": "\ud800"}, False, base_url=api.url).check()


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", {}, {"access_token": 5}, {"access_token": "a\r\nb"}],
)
def test_garbage_for_a_token(body):
    with recorded.api({"POST /v1/oauth2/token": Answer(body)}) as api:
        with pytest.raises(ProviderError):
            client(api).check()


def test_check():
    with recorded.api(routes()) as api:
        assert client(api).check() == "APP-80W"


# === webhook ===


def test_register():
    path = "POST /v1/notifications/webhooks"
    answer = Answer({"id": "8PT597110X687430L", "url": "https://odoo.example/x"}, 201)
    with recorded.api(routes(**{path: answer})) as api:
        found = client(api).register_webhook("https://odoo.example/x", ("A.B", "C.D"))
    assert found == ("8PT597110X687430L", "8PT597110X687430L")
    assert json.loads(api.asked[-1].body) == {
        "url": "https://odoo.example/x",
        "event_types": [{"name": "A.B"}, {"name": "C.D"}],
    }


@pytest.mark.parametrize("body", [b"x", {}, {"id": None}, {"id": "a:b"}])
def test_garbage_for_a_webhook(body):
    path = "POST /v1/notifications/webhooks"
    with recorded.api(routes(**{path: Answer(body, 201)})) as api:
        with pytest.raises(ProviderError):
            client(api).register_webhook("https://odoo.example/x", ())


# === events ===


def test_pages_of_events():
    usual = json.loads(samples()["PAYMENT.CAPTURE.COMPLETED"])
    following = "start_time=a&end_time=b&page_size=100&next_page_token=c%26d"
    answers = [
        Answer(
            {
                "events": [usual],
                "links": [
                    {"rel": "self", "href": "https://evil.example/?x=1"},
                    {
                        "rel": "next",
                        "href": f"https://evil.example/v1/other?{following}",
                    },
                ],
            }
        ),
        Answer({"events": [usual], "links": []}),
    ]
    with recorded.api(routes(**{EVENTS: answers})) as api:
        first = client(api).page("events", SINCE, UNTIL, "")
        # After a restart, and only at PayPal.
        last = client(api).page("events", SINCE, UNTIL, first.cursor)
    assert last.cursor == ""
    assert asked(api, "/v1/notifications/webhooks-events") == [
        {
            "start_time": "2026-01-01T00:00:00Z",
            "end_time": "2026-01-04T00:00:00Z",
            "page_size": "100",
        },
        {
            "start_time": "a",
            "end_time": "b",
            "page_size": "100",
            "next_page_token": "c&d",
        },
    ]
    (translation,) = get("paypal").streams["events"].translate(first.body, {})
    assert translation.events and not translation.lookups


def test_no_page_comes_twice():
    same = {
        "events": [],
        "links": [{"rel": "next", "href": "https://x/y?start_time=a"}],
    }
    with recorded.api(routes(**{EVENTS: Answer(same)})) as api:
        first = client(api).page("events", SINCE, UNTIL, "")
        assert first.cursor
        assert client(api).page("events", SINCE, UNTIL, first.cursor).cursor == ""


# === transactions ===


def walk(api, until=UNTIL, limit=20):
    cursor, bodies = "", []
    for _step in range(limit):
        found = client(api).page("transactions", SINCE, until, cursor)
        bodies.append(found.body)
        cursor = found.cursor
        if not cursor:
            return bodies
    raise AssertionError("No end")


def test_pages_of_transactions():
    answers = [
        Answer(page(transaction("T0006", "9T1", "1.00"), pages=2)),
        Answer(page(transaction("T0006", "9T2", "1.00"), number=2, pages=2)),
    ]
    with recorded.api(routes(**{TRANSACTIONS: answers})) as api:
        bodies = walk(api)
    ids = [
        translation.event_id
        for body in bodies
        for translation in get("paypal").streams["transactions"].translate(body, {})
    ]
    assert ids == ["9T1", "9T2"]
    first, second = asked(api, "/v1/reporting/transactions")
    assert first == {
        "start_date": "2026-01-01T00:00:00Z",
        "end_date": "2026-01-03T23:59:59Z",
        "fields": "all",
        "balance_affecting_records_only": "Y",
        "page_size": "500",
        "page": "1",
    }
    assert second == first | {"page": "2"}


def test_windows_lie_side_by_side():
    until = SINCE + timedelta(days=20)
    with recorded.api(routes(**{TRANSACTIONS: Answer(page())})) as api:
        assert len(walk(api, until)) == 3
    windows = [
        (datetime.fromisoformat(one["start_date"]), one["end_date"])
        for one in asked(api, "/v1/reporting/transactions")
    ]
    assert windows[0][0] == SINCE
    assert windows[-1][1] == "2026-01-20T23:59:59Z"
    for (_start, end), (start, _end) in zip(windows, windows[1:], strict=False):
        assert start - datetime.fromisoformat(end) == timedelta(seconds=1)


def test_too_many_transactions_at_once():
    too_many = Answer({"name": "RESULTSET_TOO_LARGE", "message": "Change it."}, 400)
    answers = [too_many, too_many, Answer(page())]
    with recorded.api(routes(**{TRANSACTIONS: answers})) as api:
        found = client(api).page("transactions", SINCE, UNTIL, "")
    ends = [one["end_date"] for one in asked(api, "/v1/reporting/transactions")]
    assert ends == [
        "2026-01-03T23:59:59Z",
        "2026-01-02T11:59:59Z",
        "2026-01-01T17:59:59Z",
    ]
    assert found.cursor.startswith("2026-01-01T18:00:00Z|")


def test_too_many_transactions_in_a_second():
    too_many = Answer({"name": "RESULTSET_TOO_LARGE"}, 400)
    with recorded.api(routes(**{TRANSACTIONS: too_many})) as api:
        with pytest.raises(ProviderError):
            client(api).page("transactions", SINCE, UNTIL, "")
    assert len(api.asked) < 30


@pytest.mark.parametrize(
    "cursor", ["x", "a|b|c", "||", "2026-01-01T00:00:00Z|2026-01-02T00:00:00Z|x"]
)
def test_odd_cursor(cursor):
    with recorded.api(routes()) as api:
        with pytest.raises(ProviderError):
            client(api).page("transactions", SINCE, UNTIL, cursor)


@pytest.mark.parametrize("stream", ["events", "transactions"])
@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer({}, 429, {"Retry-After": "7"}), RateLimited),
        (Answer({}, 404), Missing),
        (Answer({}, 500), Unavailable),
        (Answer({}, 400), ProviderError),
        (Answer(b"<html>"), ProviderError),
        (Answer(b"[]"), ProviderError),
        (Answer({"total_pages": "x", "links": "x"}), ProviderError),
    ],
)
def test_trouble(stream, answer, error):
    with recorded.api(routes(**{EVENTS: answer, TRANSACTIONS: answer})) as api:
        with pytest.raises(error) as trouble:
            client(api).page(stream, SINCE, UNTIL, "")
    if error is RateLimited:
        assert trouble.value.retry_after == 7


def test_unknown_stream():
    with recorded.api(routes()) as api:
        with pytest.raises(ProviderError):
            client(api).page("captures", SINCE, UNTIL, "")


# === objects ===


@pytest.mark.parametrize(
    ("object_type", "path", "stream"),
    [
        ("capture", "/v2/payments/captures/", "captures"),
        ("old_capture", "/v1/payments/capture/", "captures"),
        ("sale", "/v1/payments/sale/", "captures"),
        ("refund", "/v2/payments/refunds/", "refunds"),
        ("old_refund", "/v1/payments/refund/", "refunds"),
        ("order", "/v2/checkout/orders/", "orders"),
        ("reversal", "/v2/payments/refunds/", "reversals"),
        ("old_reversal", "/v1/payments/refund/", "reversals"),
        ("payout_item", "/v1/payments/payouts-item/", "payout_items"),
    ],
)
def test_lookup(object_type, path, stream):
    with recorded.api(routes(**{f"GET {path}AB-1": Answer({"id": "AB-1"})})) as api:
        found = client(api).lookup(Lookup(object_type, "AB-1"))
    assert (found.stream, found.body) == (stream, b'{"id": "AB-1"}')
    assert stream in get("paypal").streams


@pytest.mark.parametrize(
    "lookup",
    [
        Lookup("plan", "1"),
        Lookup("capture", ""),
        Lookup("capture", "../x"),
        Lookup("capture", "a/b"),
        Lookup("capture", "a?b"),
        Lookup("capture", "a b"),
    ],
)
def test_odd_lookup(lookup):
    with recorded.api(routes()) as api:
        with pytest.raises(ProviderError):
            client(api).lookup(lookup)
    assert not api.asked


# === certificates ===

NAME = "messageverificationcerts.paypal.com"
PATH = "/v1/notifications/certs/CERT-1"
URL = f"https://api.paypal.com{PATH}"
ISSUER = "/TestSub.crt"
ROOT_KEY, SUB_KEY, KEY = new_key(), new_key(), new_key()
ROOT = issue(ROOT_KEY, "Test Root", ROOT_KEY, None, is_ca=True, ends=FAR)
SUB = issue(SUB_KEY, "Test Sub", ROOT_KEY, ROOT, is_ca=True, ends=FAR)


def leaf(name=NAME, ends=FAR, issuer_url=f"http://cacerts.digicert.com{ISSUER}"):
    return issue(KEY, name, SUB_KEY, SUB, ends=ends, issuer_url=issuer_url)


@pytest.fixture(autouse=True)
def own_root(monkeypatch):
    monkeypatch.setattr(certificate, "_ROOTS", (pem_of(ROOT).encode(),))
    certificate._signer_of.cache_clear()
    yield
    certificate._signer_of.cache_clear()


@pytest.mark.parametrize("issuer", [der_of(SUB), pem_of(SUB).encode()])
def test_certificate_comes_with_its_issuer(issuer):
    answers = {
        f"GET {PATH}": Answer(pem_of(leaf()).replace("\n", "\r\n").encode()),
        f"GET {ISSUER}": Answer(issuer),
    }
    with recorded.api(answers) as api:
        pem = client(api).certificate(URL)
    assert certificate.signer_of(pem).key == KEY.public_key()
    assert [one.path for one in api.asked] == [PATH, ISSUER]
    assert not any("authorization" in one.headers for one in api.asked)


def test_certificate_with_a_whole_chain():
    answers = {f"GET {PATH}": Answer(pem_of(leaf(), SUB).encode())}
    with recorded.api(answers) as api:
        assert certificate.signer_of(client(api).certificate(URL))
    assert len(api.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [
        Answer(pem_of(leaf("evil.example"), SUB).encode()),
        Answer(pem_of(leaf(issuer_url="http://evil.example/TestSub.crt")).encode()),
        Answer(pem_of(leaf(issuer_url="")).encode()),
        Answer(pem_of(leaf(ends=SINCE - timedelta(days=300)), SUB).encode()),
        Answer(b""),
        Answer(b"\xff"),
        Answer(b"<html>"),
        Answer(b"", 302, {"Location": "https://evil.example/"}),
        Answer(b"", 404),
    ],
)
def test_certificate_that_is_not_trusted(answer):
    answers = {f"GET {PATH}": answer, f"GET {ISSUER}": Answer(der_of(SUB))}
    with recorded.api(answers) as api:
        with pytest.raises(ProviderError):
            client(api).certificate(URL)


def test_certificate_whose_issuer_is_another():
    other = issue(new_key(), "Test Sub", ROOT_KEY, ROOT, is_ca=True, ends=FAR)
    answers = {
        f"GET {PATH}": Answer(pem_of(leaf()).encode()),
        f"GET {ISSUER}": Answer(der_of(other)),
    }
    with recorded.api(answers) as api:
        with pytest.raises(ProviderError):
            client(api).certificate(URL)
    assert len(api.asked) <= 2 + certificate.MAX_CHAIN


@pytest.mark.parametrize(
    "url", ["https://evil.example/v1/notifications/certs/CERT-1", URL + "?x", ""]
)
def test_certificate_elsewhere(url):
    with recorded.api({}) as api:
        with pytest.raises(ProviderError):
            client(api).certificate(url)
    assert not api.asked
