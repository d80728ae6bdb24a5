# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The one place where integer minor units meet Odoo's floats and currencies."""

from decimal import ROUND_HALF_UP, Decimal


def amount_to_float(amount_minor, exponent):
    """Return the amount in major units, as Odoo's fields want it.

    Goes through Decimal: the nearest float of the exact decimal number.
    """
    return float(Decimal(amount_minor or 0).scaleb(-(exponent or 0)))


def to_text(amount_minor, exponent):
    """Return the amount in major units as plain text, with all its decimals."""
    return f"{Decimal(amount_minor or 0).scaleb(-(exponent or 0)):f}"


def amount_to_minor(amount, exponent):
    """Return the integer minor units of Odoo's float ``amount`` (major units)."""
    # repr is the shortest decimal that reads back as this float: what was meant
    exact = Decimal(repr(amount)).scaleb(exponent)
    return int(exact.to_integral_value(rounding=ROUND_HALF_UP))
