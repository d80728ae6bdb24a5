# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The benchmarks' databases: each stage is kept, a run works on a copy of the last.

1. the books: the template with Odoo's accounting, a company and its open invoices;
2. ready: the books with the addon, as it now is, two connections, and Odoo's own
   addon for Stripe, to measure against;
3. the databases of the run, copies of 2.
"""

import hashlib
from contextlib import contextmanager

from tools import HERE, databases, paths, postgres, stages, steps

DATABASE = f"{paths.ADDON}_bench"
SECOND = f"{DATABASE}_second"
BOOKS = f"{DATABASE}_books"
READY = f"{DATABASE}_ready"
SCRIPT = HERE / "books.py"
CONNECTIONS = 2
ODOO_STRIPE = "payment_stripe"


def prepare(invoices):
    """Make sure of the two stages, with at least so many open invoices."""
    base = databases.prepare_base()
    there = steps.read_state(f"database-{BOOKS}").get("invoices", 0)
    invoices = max(invoices, there)
    code = hashlib.sha256(SCRIPT.read_bytes()).hexdigest()
    inputs = {"base": base, "code": code, "invoices": invoices}
    stages.ensure(
        BOOKS,
        base,
        inputs,
        f"Posting {invoices} invoices to pay (once; they are kept)",
        lambda: stages.run_inside(SCRIPT, "invoices", BOOKS, str(invoices)),
    )
    addon = databases.addon_fingerprint()
    stages.ensure(
        READY,
        BOOKS,
        {**inputs, "addon": addon, "with": ODOO_STRIPE},
        f"Installing {paths.ADDON} in database {READY}",
        _connect,
    )


def _connect():
    stages.install(READY, paths.ADDON, ODOO_STRIPE)
    stages.run_inside(SCRIPT, "connect", READY, str(CONNECTIONS))


def fresh(name=DATABASE):
    """Make a database of the run anew; return its name."""
    with steps.step(f"Copying the books to database {name}"):
        stages.copy(READY, name)
    return name


def twin():
    """Copy the database of the run, as it is, to a second one; return its name."""
    stages.copy(DATABASE, SECOND)
    return SECOND


@contextmanager
def connection(database):
    """Open a cursor that commits each statement."""
    opened = postgres.connect(database)
    try:
        with opened.cursor() as cursor:
            yield cursor
    finally:
        opened.close()


def execute(database, statement, parameters=None):
    """Run a statement; return the first value of its answer, if it has one."""
    with connection(database) as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()[0] if cursor.description else None


def drop():
    """Remove the databases of a run; the stages stay for the next one."""
    with steps.lock():
        databases.drop(DATABASE)
        databases.drop(SECOND)
