# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""ingest_*: what the webhook costs, beside three other routes of the same server.

ingest_vs_empty_route: a request that does nothing. ingest_vs_odoo_stripe: Odoo's own
webhook for Stripe. ingest_floor_vs_empty_route: what is out of reach for any webhook
that stores what it acknowledges.
"""

import os

import world
from children import agent, load
from messages import Stripe
from server import EMPTY, FLOOR, Server
from tools import emit, ratio, steps

HUB = "/payment_hub/webhook/"
ODOO = "/payment/stripe/webhook"
ACCEPTED = '200 {"status": "accepted"}'
ANSWERS = {HUB: ACCEPTED, EMPTY: "200", FLOOR: "200", ODOO: '200 ""'}
WARM_UP = 40  # requests
CONNECTIONS = (4, 32)
AMOUNT = 11500  # cents
# The webhook's own table, with its indexes and without its triggers.
FLOOR_TABLE = """
    CREATE TABLE payment_hub_bench_floor (LIKE payment_hub_delivery INCLUDING ALL)
"""
ROLES = {
    "ingest_vs_empty_route": (HUB, EMPTY, "empty POST route of the same server"),
    "ingest_floor_vs_empty_route": (
        FLOOR,
        EMPTY,
        "empty POST route of the same server; the floor is a route with nothing of the "
        "hub's in it: one INSERT of the same body into a table with the same columns "
        "and indexes, and Odoo's commit",
    ),
    "ingest_vs_odoo_stripe": (
        HUB,
        ODOO,
        "webhook of Odoo's payment_stripe on the same server: a signed "
        "payment_intent.succeeded for a draft transaction of an invoice is verified, "
        "sets it done and writes the message on the invoice, commit; Odoo leaves the "
        "journal entry to a later job, as the hub does",
    ),
}


def invoices_needed(sizes):
    """Return how many transactions of Odoo's addon are set done."""
    each_round = len(CONNECTIONS) * sizes.odoo_requests
    return sizes.ingest_rounds * each_round + WARM_UP


def measure(sizes):
    """Print the figures for a few and for many connections."""
    database = world.fresh()
    world.execute(database, FLOOR_TABLE)
    with agent(database) as worker:
        connection_id, token = worker.ask("connections")[0]
        transactions = worker.ask("transactions", invoices_needed(sizes))
    with Server(database) as server, load(server.port) as senders:
        routes = Routes(senders, token, transactions)
        routes.warm_up()
        for connections in CONNECTIONS:
            rounds = [
                routes.round(connections, sizes, number)
                for number in range(sizes.ingest_rounds)
            ]
            _report(connections, rounds)
    with agent(database) as worker:
        done = {HUB: worker.ask("left", connection_id), ODOO: worker.ask("confirmed")}
    done[FLOOR] = world.execute(
        database, "SELECT count(*) FROM payment_hub_bench_floor"
    )
    for path, count in done.items():
        if count != routes.acknowledged[path]:
            raise RuntimeError(
                f"{path}: {routes.acknowledged[path]} acknowledged, {count} there"
            )


def _report(connections, rounds):
    suffix = "" if connections == CONNECTIONS[0] else f"_{connections}_connections"
    for name, (path, other, against) in ROLES.items():
        value, ratios = ratio([(rates[path], rates[other]) for rates in rounds])
        against += (
            f"; {connections} connections, alternating rounds; all answers counted "
            "were committed first"
        )
        emit(f"{name}{suffix}", value, "ratio", against, ratios)


class Routes:
    """The routes, asked in the same way."""

    def __init__(self, senders, token, transactions):
        self._senders = senders
        self._token = token
        self._transactions = iter(transactions)
        self._stripe = Stripe()
        self.acknowledged = dict.fromkeys(ANSWERS, 0)

    def warm_up(self):
        """Let both workers load what they need, for each route."""
        for path in ANSWERS:
            self._rate(path, 4, WARM_UP)

    def round(self, connections, sizes, number):
        """Return the answers per second of each route; they change places."""
        paths = list(ANSWERS)
        paths = paths[number % len(paths) :] + paths[: number % len(paths)]
        counts = {ODOO: sizes.odoo_requests}
        rates = {
            path: self._rate(path, connections, counts.get(path, sizes.requests))
            for path in paths
        }
        told = ", ".join(f"{path} {rates[path]:.0f}/s" for path in ANSWERS)
        steps.say(
            f"[ingest] {connections} connections, round {number + 1}: {told}, "
            f"load {os.getloadavg()[0]:.1f}"
        )
        return rates

    def _rate(self, path, connections, requests):
        bodies = [self._body(path) for _index in range(requests)]
        address = path + self._token if path == HUB else path
        rate, answers = self._senders.ask("fast", address, bodies, connections)
        if answers != {ANSWERS[path]: requests}:
            raise RuntimeError(f"Unexpected answers of {path}: {answers}")
        self.acknowledged[path] += requests
        return rate

    def _body(self, path):
        if path == ODOO:
            return self._stripe.described(*next(self._transactions))
        return self._stripe.captured("INV/2026/00001", AMOUNT)
