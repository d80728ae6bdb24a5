# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Money is exact, and nobody guesses how many decimals a currency has."""

from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import MalformedMessage, UnknownCurrency
from engine.money import ISO_EXPONENTS, PROVIDER_EXPONENTS, Money, exponent_of

# Stripe's documentation, before the special cases.
STRIPE_ZERO_DECIMAL = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF"


@pytest.mark.parametrize(
    ("currency", "provider", "exponent"),
    [
        ("EUR", "", 2),
        ("JPY", "", 0),
        ("KWD", "", 3),
        ("CLF", "", 4),
        ("ISK", "", 0),
        ("ISK", "stripe", 2),
        ("UGX", "", 0),
        ("UGX", "stripe", 2),
        ("MGA", "", 2),
        ("MGA", "stripe", 0),
        ("CLP", "", 0),
        ("CLP", "adyen", 2),
        ("CVE", "", 2),
        ("CVE", "adyen", 0),
        ("IDR", "", 2),
        ("IDR", "adyen", 0),
        ("ISK", "adyen", 2),
        ("EUR", "nobody", 2),
    ],
)
def test_exponent(currency, provider, exponent):
    assert exponent_of(currency, provider) == exponent


def test_zero_decimal_currencies_of_stripe():
    assert {exponent_of(code, "stripe") for code in STRIPE_ZERO_DECIMAL.split()} == {0}


def test_providers_deviate_from_iso_only_where_they_do():
    for table in PROVIDER_EXPONENTS.values():
        for currency, exponent in table.items():
            assert ISO_EXPONENTS[currency] != exponent


def test_table_is_complete():
    assert len(ISO_EXPONENTS) == 165 + 8  # active, and withdrawn but still sent
    assert all(len(code) == 3 and code.isupper() for code in ISO_EXPONENTS)


@pytest.mark.parametrize("currency", ["eur", "XXX", "XTS", "XAU", "", "EURO", None, 7])
def test_unknown_currency(currency):
    with pytest.raises(UnknownCurrency) as refused:
        exponent_of(currency)
    assert refused.value.cause == "unknown_currency"


amounts = st.integers(-(10**18), 10**18)
exponents = st.integers(0, 4)


@given(amounts, exponents)
def test_round_trip(amount, exponent):
    money = Money(amount, "EUR", exponent)
    assert Money.from_decimal(money.to_decimal(), "EUR", exponent) == money


@given(amounts, exponents)
def test_decimal_is_exact_in_any_context(amount, exponent):
    with localcontext() as context:
        context.prec = 3
        value = Money(amount, "EUR", exponent).to_decimal()
    assert int(value * 10**exponent) == amount
    assert value.as_tuple().exponent == -exponent


def test_trailing_zeros_are_not_digits_below_the_minor_unit():
    assert Money.from_decimal(Decimal("1.2300"), "EUR", 2).amount_minor == 123


@pytest.mark.parametrize(
    "value",
    [
        Decimal("0.001"),
        Decimal("1E-999999"),
        Decimal("1E+999999"),
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        Decimal(10**18),
        1.5,
        1,
        True,
        "1.00",
        None,
    ],
)
def test_from_decimal_refuses(value):
    with pytest.raises(MalformedMessage):
        Money.from_decimal(value, "EUR", 2)


@pytest.mark.parametrize("amount", [1.0, True, "1", None, 10**18 + 1, -(10**18) - 1])
def test_amount_is_an_integer(amount):
    with pytest.raises(MalformedMessage):
        Money(amount, "EUR", 2)
