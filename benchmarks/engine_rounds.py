# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The engine and its simulator at work, a process of its own, without Odoo.

Run as a program: ``engine_rounds.py ROUNDS MESSAGES``; it prints two JSON lists of
rates, one for each round: messages per second, and simulated deliveries per second.
"""

import json
import sys
import time

from messages import OCCURRED, Stripe
from tools import paths

# In front of this folder, which has an engine.py too.
sys.path[:0] = [str(paths.ROOT), str(paths.ROOT / "unit")]

from simulator import explore  # noqa: E402

from engine import planner, providers, state  # noqa: E402
from engine.facts import Facts  # noqa: E402
from engine.providers.base import Keys  # noqa: E402
from engine.providers.stripe import signature  # noqa: E402

KEYS = Keys(("whsec_benchmark",))
WORLDS = 1000  # so many messages count as much as one world
SCHEDULES = 64  # of each world


def main(rounds, messages):
    """Measure both in turn, so that a slow minute of the machine slows both."""
    provider = providers.get("stripe")
    signed = [_sign(body) for body in _bodies(messages)]
    rates = [
        (_engine_rate(provider, signed), _simulator_rate(seed, messages // WORLDS))
        for seed in range(rounds)
    ]
    if "odoo" in sys.modules:
        raise RuntimeError("Odoo was imported")
    print(json.dumps(list(zip(*rates, strict=True))))


def _bodies(number):
    stripe = Stripe()
    for index in range(number):
        yield stripe.captured(f"INV/2026/{index:05d}", 11500).encode()


def _sign(body):
    return body, {"stripe-signature": signature.sign(body, KEYS.secrets[0], OCCURRED)}


def _engine_rate(provider, signed):
    started = time.perf_counter()
    for body, headers in signed:
        provider.verify(body, headers, KEYS, OCCURRED)
        (message,) = provider.translate(body, headers, {})
        facts = Facts(message.events)
        is_captured = state.fold(facts).status == "captured"
        if not is_captured or len(planner.plan(facts).postings) != 1:
            raise RuntimeError("A message did not give exactly one posting")
    return len(signed) / (time.perf_counter() - started)


def _simulator_rate(seed, worlds):
    started = time.perf_counter()
    counts = explore(seed, worlds, SCHEDULES)
    return counts["deliveries"] / (time.perf_counter() - started)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
