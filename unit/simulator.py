# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Schedules of the model hub, each driven by one seed.

A provider sends each message up to five times, in any order, and each of them again
until it is acknowledged. HTTP workers, drain jobs, the sweeper and a person who has
something processed again run into each other, and die.

Run by hand: ``python unit/simulator.py --seed 7 --worlds 60``.
"""

import argparse
import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import perf_counter

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from hub_model import Hub, Violation, require
from story import Story

COPIES = 5  # of one message, at most
HTTP_WORKERS = 12
MASK = 2**61 - 1  # of the trace, so that it stays a small integer
SENT = 0.6  # of all steps: the provider sends something


@dataclass(frozen=True)
class Pace:
    """How often what happens, as shares of all steps.

    :param ticks: the job runner starts a drain, or the sweeper looks around
    :param crashes: of the steps of a transaction: the process dies before it
    :param dropped: of what the provider sends: is lost on the way
    :param pauses: nothing is sent and nothing fails until all is quiet; what is not
        drained by then is stranded
    """

    ticks: float
    crashes: float = 0.0
    dropped: float = 0.0
    pauses: float = 0.0

    @property
    def has_sweeper(self):
        """Without crashes, wake-ups alone must do."""
        return self.crashes > 0


FLOOD = Pace(ticks=0.006, crashes=0.03, dropped=0.1)
RACES = Pace(ticks=0.3, pauses=0.04)
OUTAGES = Pace(ticks=0.1, crashes=0.2, dropped=0.2, pauses=0.02)
# Of one schedule after the other.
PACES = (RACES, OUTAGES, *[FLOOD] * 30)


class Request:
    """One of the copies of a message, sent until it is acknowledged.

    ``attempts`` is a part of the body: it is not the same each time.
    """

    __slots__ = ("_outbox", "_place", "attempts", "is_acknowledged", "message")

    def __init__(self, message, outbox):
        self.message = message
        self.attempts = 0
        self.is_acknowledged = False
        self._outbox = outbox
        self._place = len(outbox)
        outbox.append(self)

    def acknowledge(self):
        """Take it out of the outbox; the last one takes its place."""
        if not self.is_acknowledged:
            self.is_acknowledged = True
            last = self._outbox.pop()
            if last is not self:
                last._place = self._place
                self._outbox[self._place] = last


class Run:
    """One schedule of one story.

    :param seed: decides everything: the same seed gives the same ``trace``
    """

    def __init__(self, story, seed, pace=FLOOD, hub=Hub):
        self.hub = hub(story)
        self.trace = 0
        self._seed = seed
        self._draw = Random(seed).random
        self._pace = pace
        self._open = []
        self._outbox = []
        for message in story.messages:
            for _number in range(1 + self._choose(COPIES)):
                Request(message, self._outbox)

    def play(self):
        """Run until all is quiet; raise Violation when a promise is broken."""
        try:
            self._unsafe()
            self._recover()
            self.hub.check_end()
        except Violation as broken:
            raise Violation(f"{broken} (schedule {self._seed})") from None
        return self

    def _unsafe(self):
        """Let everything happen until the provider has all acknowledgements."""
        draw, pace = self._draw, self._pace
        while self._outbox:
            what = draw()
            if what < pace.pauses:
                self._recover()
            elif what < pace.pauses + pace.ticks:
                self._tick()
            elif what < SENT and len(self._open) < HTTP_WORKERS:
                self._send()
            elif self._open:
                self._advance(draw() < pace.crashes)

    def _recover(self):
        """Without further faults, what is stored must be drained in bounded time."""
        due = sum(len(lane.due) for lane in self.hub.lanes)
        for _step in range(200 + 20 * (len(self._open) + due)):
            is_awake = any(lane.jobs for lane in self.hub.lanes)
            if is_awake and not (self._open and self._choose(3)):
                self._start_job()
            elif self._open:
                self._advance(False)
            elif self._pace.has_sweeper and any(lane.due for lane in self.hub.lanes):
                self._sweep()
            else:
                break
        is_quiet = not any(lane.due or lane.jobs for lane in self.hub.lanes)
        require(is_quiet and not self._open, "a delivery is stranded")

    def _choose(self, number):
        """Draw one of so many; all choices make up the trace."""
        choice = int(self._draw() * number)
        self.trace = (self.trace * 31 + choice) & MASK
        return choice

    def _send(self):
        request = self._outbox[self._choose(len(self._outbox))]
        if self._draw() < self._pace.dropped:
            self.hub.counts["dropped"] += 1
        else:
            self.hub.counts["deliveries"] += 1
            request.attempts += 1
            self._begin(self.hub.receive(request))

    def _tick(self):
        what = self._choose(6)
        if what == 0 and self._pace.has_sweeper:
            self._sweep()
        elif what == 1 and self.hub.stored:
            self._process_again()
        else:
            self._start_job()

    def _start_job(self):
        lanes = [lane for lane in self.hub.lanes if lane.jobs]
        if lanes:
            lane = lanes[self._choose(len(lanes))]
            lane.jobs -= 1
            self._begin(self.hub.drain(lane))

    def _process_again(self):
        key, message = self.hub.deliveries[self._choose(len(self.hub.deliveries))]
        lane = self.hub.lanes[message.connection]
        if key not in lane.due:
            self._begin(self.hub.process_again(lane, (key, message)))

    def _sweep(self):
        for lane in self.hub.due_lanes():
            self._begin(self.hub.wake(lane))

    def _begin(self, transaction):
        for _first_statement in transaction:
            self._open.append(transaction)
            return

    def _advance(self, is_crash):
        index = self._choose(len(self._open))
        transaction = self._open[index]
        if is_crash:
            self.hub.counts["crashes"] += 1
            transaction.close()
        else:
            for _statement in transaction:
                return
        self._open[index] = self._open[-1]
        self._open.pop()


def explore(seed, worlds=1, schedules=1, hub=Hub):
    """Play schedules of some worlds, at all paces.

    :return: Counter of what happened
    :raises Violation: when a promise is broken, or two ledgers of a world differ
    """
    total = Counter()
    for number in range(worlds):
        story = Story(Random(f"{seed}.{number}"))
        ledgers = set()
        for schedule in range(schedules):
            pace = PACES[schedule % len(PACES)]
            run = Run(story, f"{seed}.{number}.{schedule}", pace, hub)
            ledgers.add(run.play().hub.ledger())
            total += run.hub.counts
            total["schedules"] += 1
        require(len(ledgers) == 1, "the ledger depends on the order")
        total["worlds"] += 1
    return total


def main(arguments=None):
    """Explore as told on the command line; print one JSON object of counts."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--worlds", type=int, default=10)
    parser.add_argument("--schedules", type=int, default=64, help="of each world")
    options = parser.parse_args(arguments)
    started = perf_counter()
    counts = explore(options.seed, options.worlds, options.schedules)
    seconds = perf_counter() - started
    rate = round(counts["deliveries"] / seconds)
    print(json.dumps({**vars(options), **counts, "deliveries_per_s": rate}))


if __name__ == "__main__":
    main()
