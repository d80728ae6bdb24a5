# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""ingest_vs_empty_route: what the webhook costs beside a request that does nothing."""

import os

import world
from children import agent, load
from server import EMPTY, Server
from tools import emit, ratio, steps

WEBHOOK = "/payment_hub/webhook/"
ACCEPTED = '200 {"status": "accepted"}'
NOTHING = "200"
# The name of the figure ends in this; 4 is the issue's own figure.
CONNECTIONS = {4: "", 32: "_32_connections"}


def measure(sizes):
    """Print the figure for a few and for many connections."""
    database = world.fresh()
    with agent(database) as worker:
        connection_id, token = worker.ask("connections")[0]
    acknowledged = 0
    with Server(database) as server:
        with load(server.port) as senders:
            routes = Routes(senders, WEBHOOK + token)
            routes.warm_up()
            for connections, suffix in CONNECTIONS.items():
                rounds = [
                    routes.round(connections, sizes.requests, number)
                    for number in range(sizes.rounds)
                ]
                _report(f"ingest_vs_empty_route{suffix}", connections, rounds)
            acknowledged = routes.acknowledged
    with agent(database) as worker:
        stored = worker.ask("left", connection_id)
    if stored != acknowledged:
        raise RuntimeError(f"{acknowledged} acknowledged, {stored} stored")


def _report(name, connections, rounds):
    value, ratios = ratio(rounds)
    against = (
        f"empty POST route of the same server, {connections} connections, alternating "
        "rounds; every delivery committed before its 200"
    )
    emit(name, value, "ratio", against, ratios)


class Routes:
    """Both routes, sent the same requests in the same way."""

    def __init__(self, senders, webhook):
        self._senders = senders
        self._webhook = webhook
        self._seed = 0
        self.acknowledged = 0

    def warm_up(self):
        """Let both workers load what they need, for either route."""
        for _again in range(3):
            self._rate(EMPTY, NOTHING, 4, 40)
            self._rate(self._webhook, ACCEPTED, 4, 40)

    def round(self, connections, requests, number):
        """Return the answers per second of webhook and empty route.

        They take turns at being the first.
        """
        routes = [(self._webhook, ACCEPTED), (EMPTY, NOTHING)]
        rates = {}
        for path, wanted in routes if number % 2 else reversed(routes):
            rates[path] = self._rate(path, wanted, connections, requests)
        webhook, empty = rates[self._webhook], rates[EMPTY]
        steps.say(
            f"[ingest] {connections} connections, round {number + 1}: webhook "
            f"{webhook:.0f}/s, empty route {empty:.0f}/s, load {os.getloadavg()[0]:.1f}"
        )
        return webhook, empty

    def _rate(self, path, wanted, connections, requests):
        self._seed += 1
        rate, answers = self._senders.ask(path, connections, requests, self._seed)
        if answers != {wanted: requests}:
            raise RuntimeError(f"Unexpected answers of {path[:24]}: {answers}")
        if wanted == ACCEPTED:
            self.acknowledged += requests
        return rate
