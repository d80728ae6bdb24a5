# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What each provider sends, for the tests and figures that every provider must pass.

``samples.<code>`` of a provider has:

- ``MESSAGES``: {provider's code (or any name): (body, headers)}, one for each of its
  subscribed events, and for other shapes worth trying; not necessarily signed
- ``USUAL``: the name of the one that comes most often
- ``SIGNED``: list of ``Signed``: bodies with right signatures
- ``PAGES``: list of (stream, body); ``REPORTS``: list of (report, body)
- ``OPTIONS``: list of dicts of options worth trying; ``[{}]`` when there are none
"""

from collections.abc import Collection
from importlib import import_module
from typing import NamedTuple

from engine.providers import PROVIDERS
from engine.providers.base import Keys


class Signed(NamedTuple):
    """A request with a right signature, at ``now`` (unix seconds).

    ``keys`` have two secrets, and the second one signed. Without each of its headers
    it is refused, except for ``other_headers``. ``may_repeat``: two signatures in two
    headers, which a web server joins, are understood.
    """

    body: bytes
    headers: dict
    keys: Keys
    now: int
    other_headers: Collection[str] = ()
    may_repeat: bool = False

    @property
    def signing_headers(self):
        return [name for name in self.headers if name not in self.other_headers]


def of(code):
    """Give the samples of one provider."""
    return import_module(f"samples.{code}")


def every(attribute):
    """Give (provider, sample) for all samples of all providers."""
    for code, provider in PROVIDERS.items():
        found = getattr(of(code), attribute)
        for sample in found.items() if isinstance(found, dict) else found:
            yield provider, sample
