# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The messages of a provider's day, and how they are delivered."""

from collections import Counter
from dataclasses import dataclass

REPEAT_EVERY = 3
REPEAT_LATER = 2  # so many messages lie between a message and its duplicate


@dataclass(frozen=True)
class Message:
    """One message of the day."""

    act: str
    body: bytes
    after_noon: bool
    is_forged: bool = False


def in_halves(messages):
    """Return the messages before and after noon, some of them repeated."""
    found = list(_with_duplicates(messages))
    noon = [message.after_noon for message in found].index(True)
    return found[:noon], found[noon:]


def _with_duplicates(messages):
    """Yield the messages, and every third genuine one again a little later."""
    genuine = 0
    repeats = []  # (number of genuine messages to let pass, message)
    for message in messages:
        yield message
        if not message.is_forged:
            genuine += 1
            if genuine % REPEAT_EVERY == 0:
                repeats.append((genuine + REPEAT_LATER, message))
        while repeats and repeats[0][0] <= genuine:
            yield repeats.pop(0)[1]
    yield from (message for _due, message in repeats)


def play(messages, sender, answers, forgers_secret):
    """Deliver the messages, and add to {act: Counter of answers}."""
    for message in messages:
        secret = forgers_secret if message.is_forged else None
        counts = answers.setdefault(message.act, Counter())
        counts[sender.send(message.body, secret)] += 1
