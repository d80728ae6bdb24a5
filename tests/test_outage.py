# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The master of a server with workers outlives the database."""

from unittest.mock import Mock, patch

import psycopg2

from odoo.service.server import PreforkServer
from odoo.tests import BaseCase, tagged

from .. import prefork


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
