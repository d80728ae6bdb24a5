# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Lets Odoo's pool notice that a session of the database has died without a word.

Before the pool hands a connection out again, it resets it, and takes a new one when
that fails with an OperationalError. For a session whose process was killed, psycopg2
raises a plain DatabaseError instead, and a provider would get 500.
"""

import psycopg2

from odoo.sql_db import PsycoConnection

_reset = PsycoConnection.reset


def reset(connection):
    """Reset a connection, or fail in the way that the pool expects."""
    try:
        _reset(connection)
    except psycopg2.DatabaseError as error:
        raise psycopg2.OperationalError(str(error)) from error


PsycoConnection.reset = reset
