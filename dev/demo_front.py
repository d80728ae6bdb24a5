# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The demonstration's port: what a reverse proxy is in production.

Odoo with worker processes serves web sockets on a second port; without something
that tells them apart, the web client complains about a lost connection.
"""

import socket
import socketserver
import threading
from contextlib import suppress

from odoo_server import HOST
from steps import SetupError

CHUNK = 65_536


class Front(socketserver.ThreadingTCPServer):
    """Takes the port at once, and passes connections on after :meth:`open`."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, port):
        try:
            super().__init__((HOST, port), _Connection)
        except OSError as error:
            raise SetupError(
                f"Port {port} of {HOST} cannot be used: {error.strerror.lower()}.",
                f"Stop what uses it, or choose another one: make demo PORT={port + 1}",
            ) from error
        self.url = f"http://{HOST}:{port}"
        self._ports = None

    def open(self, http_port, websocket_port):
        """Begin to pass connections on to Odoo's two ports."""
        self._ports = http_port, websocket_port
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def port_for(self, head):
        """Choose by the first bytes of a connection."""
        http_port, websocket_port = self._ports
        return websocket_port if head.startswith(b"GET /websocket") else http_port

    def handle_error(self, request, client_address):
        """Let a connection end that Odoo or the browser has broken off."""


class _Connection(socketserver.BaseRequestHandler):
    def handle(self):
        head = self.request.recv(CHUNK)
        address = HOST, self.server.port_for(head)
        with socket.create_connection(address) as odoo:
            odoo.sendall(head)
            answer = threading.Thread(
                target=_copy, args=(odoo, self.request, socket.SHUT_RDWR), daemon=True
            )
            answer.start()
            _copy(self.request, odoo, socket.SHUT_WR)
            answer.join()


def _copy(source, target, ending):
    """Copy until the source ends, then end the target's side too."""
    with suppress(OSError):
        while chunk := source.recv(CHUNK):
            target.sendall(chunk)
    with suppress(OSError):
        target.shutdown(ending)
