# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Adyen's API as it answers, in real HTTP."""

import json
from base64 import b64encode
from datetime import datetime, timezone

import pytest
from adyen_payloads import ACCOUNT, REPORT, batch_rows, settlement_report
from recorded import Answer, api

from engine.providers import get
from engine.providers.adyen.client import Client
from engine.providers.base import Lookup
from engine.providers.client import (
    Missing,
    ProviderError,
    RateLimited,
    Unauthorized,
)

CREDENTIALS = {
    "signing_secret": "AB" * 32,
    "api_key": "AQEyhmfx",
    "report_user": "report@Company.ExampleShop",
    "report_password": "secret",
}
SINCE = datetime(2026, 1, 1, tzinfo=timezone.utc)
UNTIL = datetime(2026, 4, 1, tzinfo=timezone.utc)
FOLDER = f"/reports/download/MerchantAccount/{ACCOUNT}"
WEBHOOKS = f"/v3/merchants/{ACCOUNT}/webhooks"
LONG = settlement_report(batch_rows() * 50)
SHORT = settlement_report()


def files(**batches):
    return {
        f"GET {FOLDER}/settlement_detail_report_{name}.csv": Answer(body)
        for name, body in batches.items()
    }


def client(server, credentials=None, options=None, account=ACCOUNT):
    return Client(
        CREDENTIALS if credentials is None else credentials,
        False,
        account,
        options or {},
        server.url,
    )


def page(one, cursor=""):
    return one.page("settlement_detail", SINCE, UNTIL, cursor)


def pages(one, cursor=""):
    """Give all pages from a cursor on."""
    found = []
    while not found or cursor:
        found.append(page(one, cursor))
        cursor = found[-1].cursor
        assert len(found) < 20
    return found


def rows(found):
    translate = get("adyen").streams["settlement_detail"].translate
    return [row for one in found for row in translate(one.body, {})]


# === settlement reports ===


def test_batch_after_batch():
    with api(files(batch_1=SHORT, batch_2=LONG, batch_3=SHORT)) as server:
        found = pages(client(server))
    assert [one.cursor for one in found] == ["2", "2:1", "2:2", "3", "4", ""]
    assert {one.stream for one in found} == {"settlement_detail"}
    assert len(rows(found)) == 52 * len(batch_rows())
    assert all(len(rows([one])) <= 200 for one in found)
    assert len(server.asked) == 4  # each report once, and the one that is not there
    basic = b64encode(b"report@Company.ExampleShop:secret").decode()
    assert {asked.headers["authorization"] for asked in server.asked} == {
        f"Basic {basic}"
    }
    assert not any("x-api-key" in asked.headers for asked in server.asked)


def test_cursor_is_good_for_another_client():
    with api(files(batch_1=SHORT, batch_2=LONG)) as server:
        one = pages(client(server), "2:1")
        assert one == pages(client(server))[2:]
        with pytest.raises(ProviderError):
            page(client(server), "2:9")


def test_first_batch_by_option():
    with api(files(batch_7=SHORT)) as server:
        found = pages(client(server, options={"first_batch": " 7 "}))
        assert [one.cursor for one in found] == ["8", ""]
        with pytest.raises(Missing, match="first batch"):
            page(client(server))


@pytest.mark.parametrize("cursor", ["../me", "a/b", "1:x", "1:2:3", "x?", "١", "é"])
def test_cursors_that_are_none(cursor):
    with api(files(batch_1=SHORT)) as server:
        with pytest.raises(ProviderError):
            page(client(server), cursor)
        with pytest.raises(ProviderError):
            page(client(server, options={"first_batch": cursor}))
        assert not server.asked


def test_report_that_was_announced():
    name = "settlement_detail_report_2026_03_02.csv"
    with api({f"GET {FOLDER}/{name}": Answer(LONG)}) as server:
        one = client(server)
        first = one.lookup(Lookup("report", name))
        parts = [first, *pages(one, first.cursor)]
        assert pages(client(server), f"{name}:1") == parts[1:]
    assert parts[-1].cursor == ""
    assert [one.cursor for one in parts[:-1]] == [f"{name}:1", f"{name}:2"]
    assert all(len(rows([one])) <= 200 for one in parts)
    assert len(rows(parts)) == 50 * len(batch_rows())


def test_report_of_the_test_environment_and_of_production():
    for livemode, word in ((False, "test"), (True, "live")):
        one = Client(CREDENTIALS, livemode, ACCOUNT)
        assert one.reports.base_url == f"https://ca-{word}.adyen.com"
        assert one.transport.base_url == f"https://management-{word}.adyen.com"


@pytest.mark.parametrize(
    "name",
    [
        "settlement_detail_report_batch_4.xlsx",
        "../../../secret.csv",
        "https://evil.example/x.csv",
        "a/b.csv",
        ".csv",
        "x.csv?y=z.csv",
        "x\n.csv",
        "",
    ],
)
def test_names_that_are_not_fetched(name):
    with api({}) as server:
        with pytest.raises(ProviderError):
            client(server).lookup(Lookup("report", name))
        assert not server.asked


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"<html>Log in</html>", "Add the columns"),
        (b"", "Add the columns"),
        (b"PK\x03\x04", "CSV"),
        (settlement_report(batch_rows()[1:]), "whole report"),
    ],
)
def test_report_that_cannot_be_used(body, told):
    with api({f"GET {FOLDER}/{REPORT}": Answer(body)}) as server:
        with pytest.raises(ProviderError, match=told):
            client(server).lookup(Lookup("report", REPORT))


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (301, ProviderError),
        (401, Unauthorized),
        (403, Unauthorized),
        (404, Missing),
        (429, RateLimited),
    ],
)
def test_refusals(status, error):
    answer = Answer({}, status, {"Retry-After": "7", "Location": "https://evil/"})
    routes = {f"GET {FOLDER}/{REPORT}": answer, "GET /v3/me": answer}
    with api(routes) as server:
        one = client(server)
        for ask in (lambda: one.lookup(Lookup("report", REPORT)), one.check):
            with pytest.raises(error) as refused:
                ask()
        assert status != 429 or refused.value.retry_after == 7
        assert len(server.asked) == 2


def test_account_is_no_path():
    with api({}) as server:
        with pytest.raises(Missing):
            client(server, account="a/b?c").lookup(Lookup("report", REPORT))
    assert (
        server.asked[0].path == f"/reports/download/MerchantAccount/a%2Fb%3Fc/{REPORT}"
    )


def test_credentials_that_are_not_there():
    with api(files(batch_1=SHORT)) as server:
        one = client(server, credentials={})
        for ask in (
            one.check,
            lambda: page(one),
            lambda: one.register_webhook("u", ()),
        ):
            with pytest.raises(Unauthorized):
                ask()
        assert not server.asked


# === Management API ===


def test_check():
    me = {"id": "S2-1", "username": "ws@Company.ExampleShop", "companyName": "Example"}
    with api({"GET /v3/me": Answer(me)}) as server:
        assert client(server).check() == "Example"
    assert server.asked[0].headers["x-api-key"] == "AQEyhmfx"
    assert "authorization" not in server.asked[0].headers


@pytest.mark.parametrize("answer", [b"<html>", b"", b"[]", b'{"a": NaN}'])
def test_garbage(answer):
    with api({"GET /v3/me": Answer(answer)}) as server:
        with pytest.raises(ProviderError):
            client(server).check()


def test_register():
    routes = {
        f"POST {WEBHOOKS}": Answer({"id": "S2-31", "active": True}),
        f"POST {WEBHOOKS}/S2-31/generateHmac": Answer({"hmacKey": "AB" * 32}),
    }
    with api(routes) as server:
        made = client(server).register_webhook("https://odoo.example/x", ("REFUND",))
    assert made == ("S2-31", "AB" * 32)
    asked = json.loads(server.asked[0].body)
    assert (asked["url"], asked["type"]) == ("https://odoo.example/x", "standard")
    assert (asked["communicationFormat"], asked["active"]) == ("json", True)


@pytest.mark.parametrize("made", [{}, {"id": ""}, {"id": 5}])
def test_webhook_without_an_id(made):
    with api({f"POST {WEBHOOKS}": Answer(made)}) as server:
        with pytest.raises(ProviderError):
            client(server).register_webhook("https://odoo.example/x", ())
        assert len(server.asked) == 1


def test_webhook_without_a_key():
    routes = {
        f"POST {WEBHOOKS}": Answer({"id": "S2-31"}),
        f"POST {WEBHOOKS}/S2-31/generateHmac": Answer({}),
    }
    with api(routes) as server:
        with pytest.raises(ProviderError, match="hmacKey"):
            client(server).register_webhook("https://odoo.example/x", ())
