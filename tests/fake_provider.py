# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A provider that can do everything, and whose API answers what a test wants.

Its messages are Stripe's: alone in a webhook or as a list, in a page of the API,
in a line of a report. The report has no more columns than the message.
"""

import json
from dataclasses import replace
from unittest.mock import patch

from ..engine import providers, strict_json
from ..engine.errors import MalformedMessage
from ..engine.providers.base import Capability, Lookup, Report, Stream, Translation
from ..engine.providers.client import Page
from ..engine.providers.message import each
from ..engine.providers.stripe import reading, webhook

CODE = "fake"
HEAD = b"message\n"


class FakeApi:
    """Gives the answers in turn; those that are exceptions are raised."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    def __call__(self, *_arguments):
        return self

    def _next(self, *asked):
        self.asked.append(asked)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def page(self, stream, since, until, cursor):
        return self._next("page", stream, since, until, cursor)

    def lookup(self, lookup):
        return self._next("lookup", *lookup)

    def balance(self):
        return self._next("balance")

    def certificate(self, url):
        return self._next("certificate", url)


def page(*messages, cursor="", stream="events"):
    """A page of the fake's API with these messages."""
    return Page(stream, listed(*messages), cursor)


def listed(*messages):
    """Messages as one body."""
    return b'{"items": [' + b", ".join(messages) + b"]}"


def asking(object_type, object_id):
    """A message that only names an object."""
    return json.dumps({"ask": [object_type, object_id]}).encode()


def file(*messages):
    """Messages as the fake's settlement report."""
    return HEAD + b"".join(message + b"\n" for message in messages)


def translate(body, _headers=None, _options=None):
    """Translate a message, or each of a list."""
    told = strict_json.loads(body)
    return each(told["items"] if "items" in told else [told], _translate_one)


def _translate_one(message):
    if "ask" in message:
        lookups = (Lookup(*message["ask"]),)
        return Translation("", "ask", None, None, "", "", (), lookups)
    (translation,) = webhook.translate(json.dumps(message).encode())
    return translation


def split(body):
    """One part for each line."""
    if not body.startswith(HEAD):
        raise MalformedMessage("Add the column message.", path="head")
    return [HEAD + line for line in body.removeprefix(HEAD).splitlines()]


def _translate_page(body, _options):
    return translate(body)


def _translate_part(part, _options):
    return translate(part.removeprefix(HEAD))


def registered(api=None, **changes):
    """Give a patcher that registers the fake beside the real providers."""
    stripe = providers.get("stripe")
    fake = replace(
        stripe,
        code=CODE,
        label="Fake",
        credentials=stripe.credentials[:1],  # its API asks for none
        capabilities=frozenset(Capability),
        translate=translate,
        client=api or FakeApi(),
        streams={
            "events": Stream("Events", _translate_page),
            "payouts": Stream("Payouts", _translate_page, history_days=30),
            "charge": Stream("Charge", _translate_page, is_pulled=False),
            "balance": Stream("Balance", reading.translate, is_pulled=False),
        },
        reports={
            "ledger": Report("Ledger", "Reports → Ledger", split, _translate_part),
            "payouts": Report("Payouts", "Reports → Payouts", split, _translate_part),
        },
        **changes,
    )
    return patch.dict(providers.PROVIDERS, {CODE: fake})
