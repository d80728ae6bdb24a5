# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Processes of a server with workers outlive the database and its sessions."""

from unittest.mock import Mock, patch

import psycopg2

from odoo.service.server import PreforkServer
from odoo.sql_db import PsycoConnection
from odoo.tests import BaseCase, tagged

from .. import pool, prefork


@tagged("post_install", "-at_install")
class TestOutage(BaseCase):
    def test_database_error_does_not_end_the_master(self):
        away = Mock(side_effect=psycopg2.OperationalError("shutting down"))
        with (
            patch.object(prefork, "_process_spawn", away),
            self.assertLogs("odoo.addons.payment_hub.prefork", "WARNING"),
        ):
            PreforkServer.process_spawn(Mock(spec=PreforkServer))
        away.assert_called_once()

    def test_other_errors_pass(self):
        broken = Mock(side_effect=MemoryError)
        with (
            patch.object(prefork, "_process_spawn", broken),
            self.assertRaises(MemoryError),
        ):
            PreforkServer.process_spawn(Mock(spec=PreforkServer))

    def test_session_that_died_is_an_operational_error(self):
        """As such the pool leaves it aside; a plain one would be answered with 500."""
        died = Mock(side_effect=psycopg2.DatabaseError("server closed the connection"))
        with (
            patch.object(pool, "_reset", died),
            self.assertRaises(psycopg2.OperationalError),
        ):
            PsycoConnection.reset(Mock())

    def test_session_that_died_is_rolled_back(self):
        """Else the error would hide another one, and 500 would be the answer."""
        died = Mock(side_effect=psycopg2.DatabaseError("server closed the connection"))
        connection = Mock()
        with patch.object(pool, "_rollback", died):
            PsycoConnection.rollback(connection)
        connection.close.assert_called_once_with()
