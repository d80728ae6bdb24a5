# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Each provider's translation at work, a process of its own, without Odoo.

Run as a program: ``translate_rounds.py ROUNDS MESSAGES``; it prints as JSON
{provider: [name of its message, [messages per second of CPU time, of each round]]}.
"""

import json
import sys
import time

from tools import paths

# In front of this folder, which has an engine.py too.
sys.path[:0] = [str(paths.ROOT), str(paths.ROOT / "unit")]

import samples  # noqa: E402

from engine.providers import PROVIDERS  # noqa: E402


def main(rounds, messages):
    """Measure all providers in turn, so that a slow minute slows each of them."""
    rates = {code: (samples.of(code).USUAL, []) for code in PROVIDERS}
    for _round in range(rounds):
        for code, provider in PROVIDERS.items():
            name, found = rates[code]
            found.append(_rate(provider, samples.of(code).MESSAGES[name], messages))
    print(json.dumps(rates))


def _rate(provider, message, messages):
    body, headers = message
    (told,) = provider.translate(body, headers, {})
    if not told.events and not told.lookups:
        raise RuntimeError(f"{provider.label}: the usual message says nothing")
    started = time.process_time()
    for _number in range(messages):
        provider.translate(body, headers, {})
    return messages / (time.process_time() - started)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
