# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The providers that the hub understands, by code."""

from collections.abc import Mapping
from importlib import import_module

from .base import Provider

__all__ = ["PROVIDERS", "Provider", "get"]

# Each is a folder here, whose PROVIDER has the same code; in the order of screens.
NAMES = (
    "stripe",
    "paypal",
    "adyen",
    "mollie",
    "gocardless",
    "checkout",
    "razorpay",
    "square",
    "generic",
)

PROVIDERS: Mapping[str, Provider] = {
    name: import_module(f".{name}", __package__).PROVIDER for name in NAMES
}


def get(code: str) -> Provider:
    """Give the provider with this code; KeyError when there is none."""
    return PROVIDERS[code]
