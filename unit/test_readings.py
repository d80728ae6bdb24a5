# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a provider says that it owes: all of its parts, and none of them twice."""

from datetime import datetime, timedelta, timezone

import pytest
import recorded
import stripe_balance_payloads
import stripe_payloads
from generic_payloads import body_of, data_of
from recorded import Answer
from samples import paypal as paypal_samples

from engine.errors import MalformedMessage, UnknownCurrency
from engine.events import Reading
from engine.providers import PROVIDERS, get
from engine.providers.base import Capability
from engine.providers.client import ProviderError
from engine.providers.mollie.client import Client as Mollie
from engine.providers.paypal.client import Client as PayPal
from engine.providers.stripe.client import Client as Stripe

STRIPE = stripe_balance_payloads.balance()
MOLLIE = {
    "_embedded": {
        "balances": [
            {
                "id": f"bal_{number}",
                "currency": currency,
                "availableAmount": {"currency": currency, "value": available},
                "pendingAmount": {"currency": currency, "value": pending},
            }
            for number, (currency, available, pending) in enumerate(
                [("EUR", "-1.50", "20.00"), ("USD", "3.00", "0.00"), ("EUR", "5", "0")]
            )
        ]
    }
}
KEYS = {"api_key": "test_1", "access_token": "access_1"}
TOKEN = Answer({"access_token": "A21AA", "expires_in": 32400, "app_id": "APP-80W"})


def asked(client_class, answer, credentials, **routes):
    """Ask an API for the balance; give the readings, and what was asked."""
    with recorded.api(routes | answer) as api:
        page = client_class(credentials, False, base_url=api.url).balance()
    provider = client_class.__module__.split(".")[2]
    (translation,) = get(provider).streams[page.stream].translate(page.body, {})
    assert not translation.events and not page.cursor
    return translation, api.asked


def amounts(translation):
    return [reading[:3] for reading in translation.readings]


def is_now(moment):
    return abs(datetime.now(timezone.utc) - moment) < timedelta(minutes=1)


# === Stripe ===


def test_stripe():
    """What could be paid out at once, and the kinds of sources, are in it already."""
    told, (request,) = asked(
        Stripe, {"GET /v1/balance": Answer(STRIPE)}, {"api_key": "rk_test_Abc"}
    )
    assert amounts(told) == [("EUR", 2, 50000 + 100 - 250 + 70), ("JPY", 0, 41)]
    assert {is_now(reading.at) for reading in told.readings} == {True}
    assert told.livemode is False
    assert request.path == "/v1/balance"


def test_stripe_tells_by_webhook():
    (told,) = get("stripe").translate(
        stripe_balance_payloads.samples()["balance.available"], {}, {}
    )
    assert told.readings == (
        Reading("EUR", 2, 49920, told.created),
        Reading("JPY", 0, 41, told.created),
    )
    assert [event.type for event in told.events] == ["balance.available"]


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"object": "charge"}, "object"),
        ({"available": {}}, "available"),
        ({"pending": [{"currency": "eur"}]}, "pending[0].amount"),
        ({"issuing": []}, "issuing"),
    ],
)
def test_stripe_balance_that_is_none(changes, path):
    body = stripe_payloads.message("balance.available", STRIPE | changes)
    with pytest.raises(MalformedMessage) as refused:
        get("stripe").translate(body, {}, {})
    assert refused.value.path == f"data.object.{path}"


# === PayPal ===


def test_paypal():
    """The total holds what is withheld; the moment is the one that PayPal names."""
    told, (_token, request) = asked(
        PayPal,
        {"GET /v1/reporting/balances": Answer(paypal_samples.BALANCES)},
        {"client_id": "a", "client_secret": "b"},
        **{"POST /v1/oauth2/token": TOKEN},
    )
    at = datetime(2026, 1, 31, 11, 59, 59, tzinfo=timezone.utc)
    assert told.readings == (
        Reading("EUR", 2, 12345, at),
        Reading("JPY", 0, -7, at),
    )
    assert request.query == []


# === Mollie ===


def test_mollie():
    """Of one currency there may be several balances."""
    told, (request,) = asked(Mollie, {"GET /v2/balances": Answer(MOLLIE)}, KEYS)
    assert amounts(told) == [("EUR", 2, -150 + 2000 + 500), ("USD", 2, 300)]
    assert is_now(told.created)
    assert dict(request.query) == {"limit": "250", "testmode": "true"}
    assert request.headers["authorization"] == f"Bearer {KEYS['access_token']}"


# === any other system ===


def sent(event_type="balance.available", **balance):
    data = data_of(event_type, balances=[{"currency": "eur"} | balance])
    (told,) = get("generic").translate(body_of(event_type, data=data), {}, {})
    return told


def test_generic():
    told = sent(available_minor=-500, pending_minor=700, reserved_minor=1)
    assert told.readings == (Reading("EUR", 2, 201, told.created),)
    assert amounts(sent(available_minor=0, exponent=2)) == [("EUR", 2, 0)]


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        ({}, "balances[0].available_minor"),
        ({"available_minor": "1"}, "balances[0].available_minor"),
        ({"available_minor": 1, "pending": 1}, "balances[0].pending"),
        ({"available_minor": 1, "exponent": 3}, "balances[0].exponent"),
        ({"available_minor": 1, "event_type": "payment.captured"}, "balances"),
    ],
)
def test_generic_refusals(arguments, path):
    with pytest.raises(MalformedMessage) as refused:
        sent(**arguments)
    assert refused.value.path == f"data.{path}"


def test_unknown_currency():
    with pytest.raises(UnknownCurrency):
        sent(currency="EUX", available_minor=1)


def test_a_sum_beyond_all_amounts():
    with pytest.raises(MalformedMessage):
        sent(available_minor=10**18, pending_minor=1)


# === the others ===


def test_who_cannot_be_asked():
    for provider in PROVIDERS.values():
        if provider.client and Capability.BALANCE not in provider.capabilities:
            with pytest.raises(NotImplementedError):
                provider.client({}, False).balance()


@pytest.mark.parametrize("body", [b"x", b"{", b"[]"])
def test_an_answer_that_is_no_json_is_evidence_too(body):
    """It is stored as it came, and becomes an exception where it is read."""
    with recorded.api({"GET /v1/balance": Answer(body)}) as api:
        page = Stripe({"api_key": "rk_test_A"}, False, base_url=api.url).balance()
    assert body in page.body
    with pytest.raises(MalformedMessage):
        get("stripe").streams["balance"].translate(page.body, {})


def test_refused():
    with recorded.api({"GET /v1/balance": Answer({}, 403)}) as api:
        with pytest.raises(ProviderError):
            Stripe({"api_key": "rk_test_A"}, False, base_url=api.url).balance()
