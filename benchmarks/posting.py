# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""posting_vs_one_by_one: the lane's batches beside Odoo's own way of being paid.

posting_floor_vs_one_by_one: Odoo's own batch methods, with nothing of the hub's.
"""

import os
import time

import world
from children import agent
from messages import Stripe
from tools import emit, ratio, steps

ODOO = (
    "Odoo's account.payment in one process: create, post, reconcile, commit, one by "
    "one, in the same journal"
)
HUB = "drained in batches of up to {payments}, from stored delivery to commit"
FIGURES = {
    "posting_vs_one_by_one": f"one connection, {HUB}",
    "posting_vs_one_by_one_2_connections": f"two connections in two processes, {HUB}",
    "posting_floor_vs_one_by_one": "{payments} payments at once with nothing of the "
    "hub's: account.payment create, action_post, _reconcile_plan, one commit",
}


def invoices_needed(sizes):
    """Return how many invoices the figures pay."""
    one_round = 4 * sizes.payments + sizes.one_by_one
    return (sizes.rounds + 1) * one_round


def measure(sizes):
    """Print the figure for one lane, for two lanes in two processes, and the floor."""
    database = world.fresh()
    with agent(database) as first, agent(database) as second:
        roads = Roads([first, second])
        roads.round(sizes, "warm-up", 0)
        rounds = [
            roads.round(sizes, f"round {number + 1}", number)
            for number in range(sizes.rounds)
        ]
    for index, (name, how) in enumerate(FIGURES.items()):
        value, ratios = ratio([(rates[index], rates[-1]) for rates in rounds])
        against = f"{ODOO}; {how.format(payments=sizes.payments)}"
        emit(name, value, "ratio", against, ratios)


class Roads:
    """The roads from a payment to a reconciled invoice; an invoice is paid once."""

    def __init__(self, workers):
        self._workers = workers
        self._lanes = [id_ for id_, _token in workers[0].ask("connections")]
        self._invoices = iter(workers[0].ask("invoices"))
        self._stripe = Stripe()

    def round(self, sizes, title, number):
        """Return payments per second of one lane, of two, at once, and one by one.

        The roads change places from round to round.
        """
        roads = [
            lambda: self._drain(1, sizes.payments),
            lambda: self._drain(2, sizes.payments),
            lambda: self._odoo(sizes.payments, sizes.payments),
            lambda: self._odoo(sizes.one_by_one, 1),
        ]
        rates = [0] * len(roads)
        for place in range(len(roads)):
            index = (place + number) % len(roads)
            rates[index] = roads[index]()
        one, two, floor, odoo = rates
        steps.say(
            f"[posting] {title}: one lane {one:.1f}/s, two lanes {two:.1f}/s, floor "
            f"{floor:.1f}/s, one by one {odoo:.2f}/s, load {os.getloadavg()[0]:.1f}"
        )
        return rates

    def _take(self, count):
        return [next(self._invoices) for _index in range(count)]

    def _drain(self, lanes, count):
        """Drain as many lanes at once, each in its process; return the rate of all."""
        busy = list(zip(self._workers, self._lanes, strict=True))[:lanes]
        taken = []
        for worker, lane in busy:
            invoices = self._take(count)
            taken += invoices
            bodies = [
                self._stripe.captured(name, total) for _id, name, total in invoices
            ]
            worker.ask("store", lane, bodies)
        started = time.perf_counter()
        for worker, lane in busy:
            worker.tell("drain", lane)
        for worker, _lane in busy:
            worker.answer()
        seconds = time.perf_counter() - started
        self._check(taken)
        return len(taken) / seconds

    def _odoo(self, count, at_once):
        """Pay invoices without the hub, so many at once; return the rate."""
        taken = self._take(count)
        ids = [id_ for id_, _name, _total in taken]
        seconds = self._workers[0].ask("pay", self._lanes[0], ids, at_once)
        self._check(taken)
        return count / seconds

    def _check(self, taken):
        paid = self._workers[0].ask("paid", [id_ for id_, _name, _total in taken])
        if paid != len(taken):
            raise RuntimeError(f"{paid} of {len(taken)} invoices were paid")
