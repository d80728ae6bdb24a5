# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Messages that no book can take, each of another kind and with a right signature."""

import json

from tools import player

CREATED = 1_768_298_400  # 2026-01-13 10:00:00 UTC
TYPE = "payment_intent.succeeded"
MARK = 314_159_265
TOO_LARGE = 10**18 + 1
DEEP = 100_000
NEVER = 10**17  # seconds

# Another text in the place of the amount.
AMOUNTS = {
    "NaN": "NaN",
    "infinite": "1e400",
    "5,000 digits": "9" * 5000,
    "deep": "[" * DEEP + "]" * DEEP,
    "two values": '1, "amount_received": 2',
    "text": '"100"',
    "negative": "-100",
    "too large": str(TOO_LARGE),
}
# Other values in the object that tells of the payment, and in the event around it.
OBJECTS = {
    "NUL": ("malformed", {"description": "Invoice\0"}),
    "surrogate": ("malformed", {"description": "Invoice \ud800"}),
    "currency": ("unknown_currency", {"currency": "zzz"}),
}
EVENTS = {
    "no object": ("malformed", {"data": {}}),
    "time": ("malformed", {"created": NEVER}),
    "type": ("unknown_event_type", {"type": "payment_intent.teleported"}),
    "livemode": ("environment_mismatch", {"livemode": True}),
    "account": ("unmapped_company", {"account": "acct_1SomebodyElse"}),
}
# Well-formed, but their translation reaches a fail point armed with this action.
ACTIONS = {
    "memory": "processing_error",
    "error": "processing_error",
    "kill": "processing_crashed",
    "exit": "processing_crashed",
    "hang": "processing_crashed",
}


def write_poisons(account, order):
    """Yield (body, cause of the exception, action of the fail point or "")."""

    def event():
        payment = account.claim(order, CREATED)
        return json.loads(account.message(TYPE, player.intent(payment), CREATED))

    yield b"amount=100&currency=usd", "malformed", ""
    yield b"{}", "malformed", ""
    yield _text([event()]), "malformed", ""
    yield _text(event()).replace(b"Invoice", b"\xff\xfe"), "malformed", ""
    for text in AMOUNTS.values():
        poison = event()
        poison["data"]["object"]["amount_received"] = MARK
        yield _text(poison).replace(b"%d" % MARK, text.encode()), "malformed", ""
    for cause, values in OBJECTS.values():
        poison = event()
        poison["data"]["object"] |= values
        yield _text(poison), cause, ""
    for cause, values in EVENTS.values():
        yield _text(event() | values), cause, ""
    for action, cause in ACTIONS.items():
        yield _text(event()), cause, action


def _text(value):
    return json.dumps(value).encode()
