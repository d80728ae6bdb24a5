# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Money is exact, and nobody guesses how many decimals a currency has."""

from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import MalformedMessage, UnknownCurrency
from engine.money import ISO_EXPONENTS, Money, exponent_of, minor_of


@pytest.mark.parametrize(
    ("currency", "deviations", "exponent"),
    [
        ("EUR", {}, 2),
        ("JPY", {}, 0),
        ("KWD", {}, 3),
        ("CLF", {}, 4),
        ("ISK", {}, 0),
        ("ISK", {"ISK": 2}, 2),
        ("MGA", {"ISK": 2, "MGA": 0}, 0),
        ("EUR", {"ISK": 2}, 2),
    ],
)
def test_exponent(currency, deviations, exponent):
    assert exponent_of(currency, deviations) == exponent


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


@given(amounts, exponents)
def test_text_in_major_units(amount, exponent):
    text = f"{Money(amount, 'EUR', exponent).to_decimal():f}"
    assert minor_of(text, exponent) == amount
    assert minor_of(text + "0" if "." in text else text, exponent) == amount


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        ".5",
        "5.",
        "1e2",
        "1,000.00",
        "1.001",
        " 1",
        "1\n",
        "\u0661",
        "NaN",
        "1" * 19,
        "9999999999999999.99" * 2,
        "--1",
    ],
)
def test_text_is_refused(text):
    with pytest.raises(MalformedMessage):
        minor_of(text, 2)
