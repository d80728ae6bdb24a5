# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Measure, and print one JSON object per figure and line. See ``make bench``.

``QUICK=1`` only shows that each figure can be produced; ``FULL=1`` drains 100,000
deliveries at the end, ``DELIVERIES=n`` another number. Arguments
(``A="ingest posting drain"``) choose among the figures.
"""

import os
import sys
from dataclasses import dataclass

import acknowledge
import drain
import ingest
import insert
import posting
import promptness
import settlement
import translate
import world
from children import agent
from tools import steps

import engine

FIGURES = {
    "engine": engine,
    "translate": translate,
    "ingest": ingest,
    "acknowledge": acknowledge,
    "posting": posting,
    "promptness": promptness,
    "settlement": settlement,
    "insert": insert,
    "drain": drain,
}
SAFE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}


@dataclass(frozen=True)
class Sizes:
    """How much is measured."""

    rounds: int = 5
    ingest_rounds: int = 7  # short and many: each is held against its neighbours
    requests: int = 500  # per route and round
    odoo_requests: int = 160  # of Odoo's own webhook
    payments: int = 200  # per lane and round: a full batch
    one_by_one: int = 25
    messages: int = 20_000  # per round, for the engine alone
    ack_seconds: int = 60
    posted_seconds: int = 120
    old_deliveries: int = 1_000_000
    insert_rounds: int = 15
    inserts: int = 500  # per database and round
    deliveries: int = 20_000
    settlement_lines: int = 10_000

    @property
    def invoices(self):
        """How many invoices have to be there; not every figure pays any."""
        return max(
            figure.invoices_needed(self)
            for figure in FIGURES.values()
            if hasattr(figure, "invoices_needed")
        )


QUICK = Sizes(
    rounds=1,
    ingest_rounds=1,
    requests=100,
    odoo_requests=40,
    payments=25,
    one_by_one=5,
    ack_seconds=3,
    posted_seconds=5,
    old_deliveries=20_000,
    insert_rounds=1,
    inserts=100,
    deliveries=3200,
    settlement_lines=400,
    messages=2000,
)


def choose_sizes(environment):
    """Return the sizes that the variables of ``make`` ask for."""
    sizes = QUICK if environment.get("QUICK") else Sizes()
    deliveries = environment.get("DELIVERIES")
    if not deliveries and environment.get("FULL"):
        deliveries = 100_000
    if deliveries:
        sizes = Sizes(**{**vars(sizes), "deliveries": int(deliveries)})
    return sizes


def check_durability():
    """Refuse to measure a server that does not write what it commits."""
    with agent(world.fresh()) as worker:
        settings = worker.ask("settings")
    steps.say(f"[bench] PostgreSQL: {settings}; load {os.getloadavg()[0]:.1f}")
    if settings != SAFE:
        raise steps.SetupError(f"PostgreSQL must be set up with {SAFE}.")


def main(names):
    """Make the databases, measure, and clear away what belongs to the run."""
    unknown = set(names) - FIGURES.keys()
    if unknown:
        steps.say(f"Unknown: {', '.join(unknown)}. Known: {', '.join(FIGURES)}")
        return 2
    sizes = choose_sizes(os.environ)
    with steps.lock("bench"):  # two runs would share one database
        world.prepare(sizes.invoices)
        try:
            check_durability()
            for name in names or FIGURES:
                with steps.step(f"Measuring: {name}"):
                    FIGURES[name].measure(sizes)
        finally:
            world.drop()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (steps.SetupError, OSError) as error:
        sys.exit(steps.report(error))
