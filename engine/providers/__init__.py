# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The providers that the hub understands, by code."""

from collections.abc import Mapping

from . import stripe
from .base import Envelope, Provider, Translation

__all__ = ["PROVIDERS", "Envelope", "Provider", "Translation", "get"]

PROVIDERS: Mapping[str, Provider] = {
    provider.code: provider for provider in (stripe.PROVIDER,)
}


def get(code: str) -> Provider:
    """Give the provider with this code; KeyError when there is none."""
    return PROVIDERS[code]
