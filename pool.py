# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Lets Odoo live with sessions of the database that have died without a word.

Odoo expects an OperationalError when its pool resets a dead connection, psycopg2 raises
a plain DatabaseError; and it rolls back while another error is on its way, which then
takes that one's place. In both cases a provider would get 500, before the webhook could
answer 503, and in the second the pool would never get the connection back.
"""

import psycopg2

from odoo.sql_db import PsycoConnection

_reset = PsycoConnection.reset
_rollback = PsycoConnection.rollback


def reset(connection):
    """Reset a connection, or fail in the way that the pool expects."""
    try:
        _reset(connection)
    except psycopg2.DatabaseError as error:
        raise psycopg2.OperationalError(str(error)) from error


def rollback(connection):
    """Roll back, or hang up: then the server does it."""
    try:
        _rollback(connection)
    except psycopg2.Error:
        # psycopg2 may not have noticed that the session is dead.
        connection.close()


PsycoConnection.reset = reset
PsycoConnection.rollback = rollback
