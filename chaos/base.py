# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The database of a round: how it is made, what is in it at first, plain SQL on it."""

import hashlib
import time
from dataclasses import dataclass

import psycopg2
from books import secret_of
from tools import HERE, databases, paths, postgres, stages, steps

DATABASE = f"{paths.ADDON}_chaos"
BOOKS = f"{DATABASE}_books"
READY = f"{DATABASE}_ready"
SCRIPT = HERE / "books.py"
RECOVERY = 60  # seconds that PostgreSQL may take to come back
CONNECTIONS = """
    SELECT connection.id, connection.company_id, connection.token, company.name
      FROM payment_hub_connection connection
      JOIN res_company company ON company.id = connection.company_id
  ORDER BY connection.id
"""
# The two companies have the same invoices, so that those of one are those of all.
INVOICES = """
    SELECT name, round(amount_total * 100)::bigint FROM account_move
     WHERE move_type = 'out_invoice' AND state = 'posted'
  GROUP BY 1, 2 HAVING count(*) = 2 ORDER BY 1
"""


@dataclass(frozen=True)
class Connection:
    """One company's connection, as its provider knows it."""

    id: int
    company_id: int
    path: str
    secret: str


def prepare():
    """Make sure of the stages: books on Odoo alone, then with addon and connections."""
    base = databases.prepare_base()
    code = hashlib.sha256(SCRIPT.read_bytes()).hexdigest()
    inputs = {"base": base, "code": code}
    stages.ensure(
        BOOKS,
        base,
        inputs,
        "Posting the invoices of two companies (once; they are kept)",
        lambda: stages.run_inside(SCRIPT, "invoices", BOOKS),
    )
    stages.ensure(
        READY,
        BOOKS,
        inputs | {"addon": databases.addon_fingerprint()},
        f"Installing {paths.ADDON} in database {READY}",
        _connect,
    )


def _connect():
    stages.install(READY, paths.ADDON)
    stages.run_inside(SCRIPT, "connect", READY)


def fresh():
    """Make the database of a round anew."""
    with steps.step(f"Copying the books to database {DATABASE}"):
        stages.copy(READY, DATABASE)
        # PostgreSQL copies sequences with numbers fetched in advance, and logs these
        # again only after a checkpoint: a crash before that would give them out twice.
        query("CHECKPOINT")


def drop():
    """Remove the database of a round; the stages stay for the next one."""
    with steps.lock():
        databases.drop(DATABASE)


def connections():
    """Return the two connections."""
    return [
        Connection(id_, company_id, f"/payment_hub/webhook/{token}", secret_of(name))
        for id_, company_id, token, name in query(CONNECTIONS)
    ]


def invoices():
    """Return [(name, total in minor units)] of what each company is owed."""
    return query(INVOICES)


def number(statement):
    """Return the one number that a statement asks for."""
    return query(statement)[0][0]


def query(statement, values=None, database=DATABASE):
    """Run one statement, with patience while PostgreSQL recovers; return its rows."""
    deadline = time.monotonic() + RECOVERY
    while True:
        try:
            return _query(statement, values, database)
        except psycopg2.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _query(statement, values, database):
    connection = postgres.connect(database)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else None
    finally:
        connection.close()
