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

from tools import HERE, databases, odoo_run, paths, postgres, steps

DATABASE = f"{paths.ADDON}_bench"
SECOND = f"{DATABASE}_second"
BOOKS = f"{DATABASE}_books"
READY = f"{DATABASE}_ready"
SCRIPT = HERE / "books.py"
CONNECTIONS = 2
ODOO_STRIPE = "payment_stripe"


def prepare(invoices):
    """Make sure of the two stages, with at least so many open invoices."""
    books = _books(invoices)
    inputs = {**books, "addon": databases.addon_fingerprint(), "with": ODOO_STRIPE}
    if _is_there(READY, inputs):
        return
    with steps.step(f"Installing {paths.ADDON} in database {READY}"):
        _copy(BOOKS, READY)
        odoo_run.run_odoo(
            f"Installing {paths.ADDON}",
            *("-d", READY, "-i", f"{paths.ADDON},{ODOO_STRIPE}"),
            log=f"odoo-{READY}.log",
        )
        _run_script("connect", READY, CONNECTIONS)
        steps.write_state(f"database-{READY}", **inputs)


def _books(invoices):
    """Make the books unless there are some with enough invoices; describe them."""
    base = databases.prepare_base()
    inputs = {"base": base, "code": hashlib.sha256(SCRIPT.read_bytes()).hexdigest()}
    there = steps.read_state(f"database-{BOOKS}").get("invoices", 0)
    inputs["invoices"] = max(invoices, there)
    if _is_there(BOOKS, inputs):
        return inputs
    inputs["invoices"] = invoices
    with steps.step(f"Posting {invoices} invoices to pay (once; they are kept)"):
        _copy(base, BOOKS)
        _run_script("invoices", BOOKS, invoices)
        steps.write_state(f"database-{BOOKS}", **inputs)
    return inputs


def _copy(template, name):
    """Copy a database; nobody else may copy meanwhile, others may go on then."""
    with steps.lock():
        databases.copy(template, name)


def _is_there(name, inputs):
    note = steps.read_state(f"database-{name}")
    return note == inputs and name in databases.names()


def fresh(name=DATABASE):
    """Make a database of the run anew; return its name."""
    with steps.step(f"Copying the books to database {name}"):
        _copy(READY, name)
    return name


def twin():
    """Copy the database of the run, as it is, to a second one; return its name."""
    _copy(DATABASE, SECOND)
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


def _run_script(verb, database, number):
    """Run the script with the registry in a process of its own."""
    log = f"bench-{verb}.log"
    steps.run(
        [paths.VENV_PYTHON, "-P", SCRIPT, verb, paths.CONFIG, database, str(number)],
        f"Making the benchmarks' books ({verb})",
        f"The full log is {paths.LOGS / log}.",
        log=log,
        env=odoo_run.environment(ODOO_QUEUE_JOB_CHANNELS="root:0"),
        cwd=paths.WORK,
    )
