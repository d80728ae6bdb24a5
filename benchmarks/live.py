# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The whole road at work: a server that receives, wakes and drains, and its senders."""

import time
from contextlib import contextmanager
from itertools import islice

import world
from children import agent, load
from ingest import ACCEPTED, HUB
from messages import Stripe
from server import DrainingServer
from tools import steps

SERVER = "server with 2 workers, job runner and cron"
WARM_UP = 50  # messages
PATIENCE = 600  # seconds until everything is posted


@contextmanager
def live():
    """Start a server that drains, and warm it up."""
    database = world.fresh()
    with (
        agent(database) as clerk,
        DrainingServer(database) as server,
        load(server.port) as senders,
    ):
        road = Road(database, clerk, senders)
        road.tell(road.captures(WARM_UP), WARM_UP)
        road.answers()
        road.wait_until_posted()
        yield road


class Road:
    """From a message of the first connection to the books; an invoice is paid once."""

    def __init__(self, database, clerk, senders):
        self.database = database
        self.lane, token = clerk.ask("connections")[0]
        self._path = HUB + token
        self._clerk = clerk
        self._senders = senders
        self._stripe = Stripe()
        self._invoices = iter(clerk.ask("invoices"))
        self._captured = []  # ids of invoices

    def captures(self, count):
        """Return messages, each the capture of another open invoice."""
        taken = list(islice(self._invoices, count))
        self._captured += [id_ for id_, _name, _total in taken]
        return [self._stripe.captured(name, total) for _id, name, total in taken]

    def tell(self, bodies, per_second):
        """Have messages sent, so many per second."""
        self._senders.tell("steady", self._path, bodies, per_second)

    def answers(self):
        """Return [(seconds from due to answer, when the answer came)] of what was told.

        All must have been accepted.
        """
        answers = self._senders.answer()
        refused = {answer for answer, _latency, _moment in answers} - {ACCEPTED}
        if refused:
            raise RuntimeError(f"Unexpected answers: {refused}")
        return [(latency, moment) for _answer, latency, moment in answers]

    def posted(self):
        """Return how many of the captures are posted and reconciled."""
        return self._clerk.ask("paid", self._captured)

    def wait_until_posted(self):
        """Wait until nothing is left to do; every capture must be in the books."""
        deadline = time.monotonic() + PATIENCE
        with steps.step("Waiting for the drain"):
            while self._clerk.ask("left", self.lane):
                if time.monotonic() > deadline:
                    raise RuntimeError(f"Not drained within {PATIENCE} s")
                time.sleep(0.5)
        if self.posted() != len(self._captured):
            raise RuntimeError(
                f"{len(self._captured)} acknowledged, {self.posted()} posted"
            )
