# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Prove under fire that nothing is lost and nothing posted twice. See ``make chaos``.

``SEED=n`` repeats the provider's world and the order of the acts; ``LONG=1`` plays
several rounds with more kills, ``ROUNDS=n`` another number. The last line on standard
output is a JSON object with the figures; all else goes to standard error.
"""

import json
import os
import secrets
import signal
import sys
import time

import base
import clerk
import nemesis
import points
from check import check
from field import Field
from senders import Senders
from server import FOLDER, LOG, Server
from tools import paths, steps
from totals import Totals
from world import World

DRAIN = 180  # seconds, from the last act on
LONG_ROUNDS = 3
PAYMENTS, LONG_PAYMENTS = 75, 140  # of each company, in a round
ACKNOWLEDGED = FOLDER / "acknowledged.txt"


def play(seed, number, totals, is_long):
    """Play one round in a fresh copy of the books."""
    base.fresh()
    points.clear()
    payments = LONG_PAYMENTS if is_long else PAYMENTS
    world = World(seed, base.invoices(), payments)
    connections = base.connections()
    with Server() as server, Senders(server.port) as senders:
        with steps.step("Starting Odoo with two workers and the job runner"):
            server.start()
        hurry = number > 1 or not is_long
        field = Field(f"{seed}/{number}", world, connections, server, senders, hurry)
        acts = nemesis.choose_acts(field.random, is_long)
        steps.say(f"[chaos] round {number}: {field.left} deliveries, {len(acts)} acts")
        blamed = []
        try:
            nemesis.rage(field, acts)
            blamed = come_to_rest(field)
        except steps.SetupError as error:
            field.demand(False, error.message)
        finally:
            note_acknowledged(senders)
    verdict = check(world, connections, senders)
    totals.add(senders, field, verdict, len(blamed))


def come_to_rest(field):
    """Send what is left, and wait until all is processed; return whom it blamed.

    What waits for a blamed message is settled only when that has been retried.
    """
    ended = time.monotonic()
    field.send_rest()
    field.senders.wait(DRAIN)
    is_read = field.wait_for(lambda: not field.pending(), DRAIN)
    field.demand(is_read, f"not all is read {DRAIN} s after the last act")
    blamed = clerk.find_blamed(field.world)
    # Who is processed alone while an error is made has to be blamed.
    is_just = len(blamed) <= field.count["errors"]
    field.demand(is_just, f"{len(blamed)} healthy messages were blamed")
    clerk.retry(field.server.port, blamed)
    is_drained = field.wait_for(lambda: not field.unsettled(), DRAIN)
    field.demand(is_drained, f"not all is drained {DRAIN} s after the last act")
    field.drains.append(time.monotonic() - ended)
    steps.say(f"[{field.drains[-1]:5.1f}s] drained after the last act")
    return blamed


def note_acknowledged(senders):
    """Keep the list of what was acknowledged, as evidence."""
    lines = sorted(
        f"{item.connection.id} {item.message.body!r}" for item in senders.acknowledged
    )
    ACKNOWLEDGED.write_text("\n".join(lines) + "\n", encoding="utf-8")


def report(totals):
    """Print the figures; return the exit code."""
    for sentence in totals.violations:
        steps.say(f"[chaos] VIOLATION: {sentence}")
    if totals.violations:
        steps.say(
            f"[chaos] Evidence: the server's log {paths.LOGS / LOG}, database "
            f"{base.DATABASE}, acknowledged deliveries {ACKNOWLEDGED}. "
            f"Repeat with SEED={totals.seed}."
        )
    else:
        base.drop()
    print(json.dumps(totals.as_json()), flush=True)
    return 1 if totals.violations else 0


def main(environment):
    """Play the rounds that the variables of ``make`` ask for."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    seed = int(environment.get("SEED") or secrets.randbelow(10**6))
    is_long = bool(environment.get("LONG"))
    rounds = int(environment.get("ROUNDS") or (LONG_ROUNDS if is_long else 1))
    steps.say(f"[chaos] SEED={seed}")
    totals = Totals(seed)
    with steps.lock("chaos"):  # two runs would share one database
        base.prepare()
        for number in range(1, rounds + 1):
            with steps.step(f"Round {number} of {rounds}"):
                play(seed, number, totals, is_long)
            if totals.violations:
                break  # its database is evidence
    totals.judge()
    return report(totals)


def _interrupt(_number, _frame):
    """Treat the end of the terminal, or a kill, as Ctrl-C: all is cleaned up."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    try:
        sys.exit(main(os.environ))
    except (steps.SetupError, OSError) as error:
        sys.exit(steps.report(error))
    except KeyboardInterrupt:
        steps.say("\nInterrupted.")
        sys.exit(130)
