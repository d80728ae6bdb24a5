# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Keeps a server with workers alive while the database is away.

Before it replaces a worker that has ended, Odoo's master asks the database for changes
of the registry, and ends itself with all workers when the database does not answer.
The workers that are left could go on to answer 503 to providers instead. The addon is
loaded server-wide, so it can catch that; the master tries again with its next beat.
"""

import logging

import psycopg2

from odoo.service.server import PreforkServer

_logger = logging.getLogger(__name__)
_process_spawn = PreforkServer.process_spawn


def process_spawn(server):
    """Replace workers that have ended, or leave it for later."""
    try:
        _process_spawn(server)
    except psycopg2.Error as error:
        _logger.warning(
            "Workers are not replaced while the database is away: %s", error
        )


PreforkServer.process_spawn = process_spawn
