# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the acts of a round share: server, senders, load, and how it comes along."""

import random
import time
from collections import Counter
from operator import itemgetter

import base
from senders import Delivery
from tools import steps

PATIENCE = 120  # seconds until all is acknowledged, or a lane goes on
COPIES = 5  # a message is delivered so often at most
SPREAD = 0.15  # of the round, within which the further copies of a message come
TURNS = "SELECT COALESCE(sum(turn), 0) FROM payment_hub_connection"
# A refund may wait for its capture, as long as that has not been sent.
PENDING = "SELECT count(*) FROM payment_hub_delivery WHERE state = 'pending'"
UNSETTLED = """
    SELECT count(*) FROM payment_hub_delivery WHERE state IN ('pending', 'waiting')
"""
# Turns that were begun with one delivery alone, and have not come to their end: they
# are under way, or have died.
LONE = """
    SELECT note.connection_id, note.turn
      FROM payment_hub_attempt note
      JOIN payment_hub_connection connection ON connection.id = note.connection_id
     WHERE note.backfill_id IS NULL AND note.first_delivery = note.last_delivery
       AND note.turn > COALESCE(connection.turn, 0)
"""
# A sweeper that is at work, or hangs, is left alone.
CRON = """
    UPDATE ir_cron SET nextcall = now() AT TIME ZONE 'UTC'
     WHERE id IN (SELECT id FROM ir_cron WHERE id = (
                  SELECT res_id FROM ir_model_data
                   WHERE module = 'payment_hub' AND name = 'ir_cron_sweep')
              FOR NO KEY UPDATE SKIP LOCKED)
"""
# Jobs whose worker has died: the runner would leave them alone for ten seconds.
DEAD_JOBS = """
    UPDATE queue_job SET date_enqueued = date_enqueued - interval '10 seconds'
     WHERE state = 'started' AND id IN (
           SELECT queue_job_id FROM queue_job_lock FOR NO KEY UPDATE SKIP LOCKED)
"""
NOTIFY = "SELECT pg_notify(%s, %s)"
SWEEP_EVERY = 2  # seconds


class Field:
    """A round's field of battle.

    :param hurry: call the sweeper even where it is to be seen coming by itself
    """

    def __init__(self, seed, world, connections, server, senders, hurry):
        self.random = random.Random(seed)
        self.world = world
        self.connections = connections
        self.server = server
        self.senders = senders
        self.hurry = hurry
        self.violations = []
        self.count = Counter()  # of kills, outages and errors
        self.drains = []  # seconds that the addon needed for itself
        # For the crowd of copies: nobody sends it before.
        self.reserved = Delivery(connections[0], world.messages[-1])
        timed = self._shuffle()
        # What is only repeated comes last: each act needs news.
        self._load = [delivery for moment, delivery in timed if moment <= 1]
        self._repeats = [delivery for moment, delivery in timed if moment > 1]

    def _shuffle(self):
        """Return [(moment, delivery)]: for each connection other copies, other order.

        A message comes first at any moment of the round, which is 1 long, and again
        soon after that.
        """
        messages = self.world.messages + [
            poison for poison in self.world.poisons if not poison.action
        ]
        timed = [
            (moment, delivery)
            for connection in self.connections
            for message in messages
            if (delivery := Delivery(connection, message)) != self.reserved
            for moment in self._moments()
        ]
        return sorted(timed, key=itemgetter(0))

    def _moments(self):
        """Yield when a message is sent, as parts of the round."""
        first = self.random.random()
        yield first
        for _copy in range(self.random.randrange(COPIES)):
            yield first + SPREAD * self.random.random()

    @property
    def left(self):
        """How many deliveries there still are for the acts."""
        return len(self._load)

    def send(self, number, seconds):
        """Have the next deliveries sent, spread over some seconds."""
        portion, self._load = self._load[:number], self._load[number:]
        self.senders.spread(portion, seconds)

    def send_news(self, number, seconds):
        """Have as many messages sent that nobody has seen before."""
        self.senders.spread(
            [
                Delivery(self.connections[index % 2], self.world.chatter())
                for index in range(number)
            ],
            seconds,
        )

    def send_rest(self):
        """Have all sent that is left, at once."""
        self.senders.spread(self._load + self._repeats, 0)
        self._load = self._repeats = []

    def demand(self, is_right, sentence):
        """Note a violation unless all is right."""
        if not is_right:
            steps.say(f"[chaos] VIOLATION: {sentence}")
            self.violations.append(sentence)

    def turns(self):
        """Return how often a lane has begun to drain, and come to its end."""
        return base.number(TURNS)

    def pending(self):
        """Return how many deliveries nobody has looked at yet."""
        return base.number(PENDING)

    def unsettled(self):
        """Return how many deliveries are pending, or wait for another one."""
        return base.number(UNSETTLED)

    def lone_turns(self):
        """Return {(connection's id, turn)} in which one delivery is or was alone."""
        return set(base.query(LONE))

    def wait_for(self, is_reached, seconds=PATIENCE):
        """Wait until something holds; tell whether it came to that."""
        deadline = time.monotonic() + seconds
        while not is_reached():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.1)
        return True

    def sweep(self):
        """Let sweeper and job runner look now: by themselves they do once a minute."""
        base.query(CRON)
        # Cron workers listen there.
        base.query(NOTIFY, ["cron_trigger", base.DATABASE], database="postgres")
        base.query(DEAD_JOBS)
        base.query(NOTIFY, ["queue_job", "any"])

    def hasten(self, is_reached, seconds=PATIENCE):
        """Wait until something holds, calling the sweeper; tell whether it came."""
        swept = 0.0

        def look():
            nonlocal swept
            if time.monotonic() - swept > SWEEP_EVERY:
                swept = time.monotonic()
                self.sweep()
            return is_reached()

        return self.wait_for(look, seconds)

    def wait_for_sweeper(self, is_reached, seconds=PATIENCE):
        """Wait for what the sweeper must do by itself, given the time."""
        wait = self.hasten if self.hurry else self.wait_for
        return wait(is_reached, seconds)
