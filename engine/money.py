# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Money as integers in minor units, and the number of decimals behind them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow

from .errors import MalformedMessage, UnknownCurrency

MAX_MINOR = 10**18

_BY_EXPONENT = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN "
    "BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN "
    "ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD "
    "KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR "
    "MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON "
    "RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT "
    "TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG "
    # Withdrawn, but still in the history and the late refunds of providers.
    "ANG BGN CUC HRK MRO SLL STD ZWL",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}

# ISO 4217, lists one and three; no metals, funds of account or test codes.
ISO_EXPONENTS: Mapping[str, int] = {
    code: exponent for exponent, codes in _BY_EXPONENT.items() for code in codes.split()
}

# The exponents of a provider that has no others than those of ISO 4217.
ISO: Mapping[str, int] = {}

_DECIMAL = re.compile(r"([+-]?)([0-9]{1,19})(?:\.([0-9]{1,18}))?", re.ASCII)


def exponent_of(currency: str, deviations: Mapping[str, int] = ISO) -> int:
    """Tell how many decimals the minor unit of a currency stands for.

    :param currency: ISO 4217 code in upper case
    :param deviations: where the provider's minor unit is not the one of ISO 4217
    :return: 0, 2, 3 or 4
    :raises UnknownCurrency: for any other code
    """
    if isinstance(currency, str):
        exponent = deviations.get(currency)
        if exponent is None:
            exponent = ISO_EXPONENTS.get(currency)
        if exponent is not None:
            return exponent
    raise UnknownCurrency(
        f"{ascii(currency)[:20]} is not an ISO 4217 code: "
        "look it up, then add it to the table of currencies."
    )


def minor_of(text: str, exponent: int) -> int:
    """Read an amount in major units, as "-12.3400", without rounding it.

    :param text: ASCII digits with at most one point and no grouping
    :param exponent: decimals of the minor unit
    :return: signed minor units
    :raises MalformedMessage: for other text, digits below the minor unit, and amounts
        beyond 10^18
    """
    if match := _DECIMAL.fullmatch(text):
        sign, whole, decimals = match.groups("")
        if not decimals[exponent:].strip("0"):
            minor = int(whole + decimals[:exponent].ljust(exponent, "0"))
            if minor <= MAX_MINOR:
                return -minor if sign == "-" else minor
    raise MalformedMessage(f"Give a decimal amount with at most {exponent} decimals.")


def is_minor(amount: object) -> bool:
    """Tell whether this is an integer number of minor units (a bool is not)."""
    return type(amount) is int and -MAX_MINOR <= amount <= MAX_MINOR


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount: ``amount_minor`` × 10^-``exponent`` of ``currency``.

    :raises MalformedMessage: when the amount is no integer within ±10^18
    """

    amount_minor: int
    currency: str
    exponent: int

    def __post_init__(self) -> None:
        if not is_minor(self.amount_minor):
            raise MalformedMessage("Give the amount as an integer of minor units.")

    def to_decimal(self) -> Decimal:
        """Give the amount in major units, with all its decimals."""
        # From text, because arithmetic would round to the caller's decimal context.
        return Decimal(f"{self.amount_minor}e-{self.exponent}")

    @classmethod
    def from_decimal(cls, value: Decimal, currency: str, exponent: int) -> "Money":
        """Read an amount in major units.

        :param value: a finite decimal without digits below the minor unit
        :raises MalformedMessage: otherwise, and for a float, an int or a bool
        """
        exact = Context(prec=60, traps=[Inexact, InvalidOperation, Overflow])
        try:
            if not isinstance(value, Decimal) or not value.is_finite():
                raise InvalidOperation
            minor = value.scaleb(exponent, exact).to_integral_exact(context=exact)
            if abs(minor) > MAX_MINOR:
                raise Overflow
        except (Inexact, InvalidOperation, Overflow):
            raise MalformedMessage(
                f"Give a decimal amount with at most {exponent} decimals."
            ) from None
        return cls(int(minor), currency, exponent)
