# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The demonstration's server: Odoo behind the port that people use."""

from demo_front import Front
from odoo_server import OdooServer


class Server(OdooServer):
    """Odoo with two HTTP workers and the job runner, behind one port.

    :param port: what people and Stripe use; refused when something listens on it
    """

    def __init__(self, database, port):
        super().__init__(database, "demo.log")
        self._front = Front(port)
        self.url = self._front.url

    def __exit__(self, *_failure):
        self.stop()
        self._front.server_close()

    def start(self):
        """Start Odoo, and pass on what comes to the port."""
        self.log.unlink(missing_ok=True)
        super().start()
        self._front.open(self.port, self.websocket_port)
