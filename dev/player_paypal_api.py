# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The player of PayPal answers questions: its API, on the loopback."""

import base64
import json
import secrets
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CLIENT_ID, CLIENT_SECRET = "demo-client", secrets.token_hex(16)
TOKEN_PATH = "/v1/oauth2/token"


class Api(ThreadingHTTPServer):
    """Serves what stands in ``objects``, by path, to who has the credentials."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.objects = {}
        self.token = secrets.token_hex(16)

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_failure):
        self.shutdown()
        self.server_close()

    def credentials(self):
        """Return what the hub needs to ask, by the names of its credentials."""
        return {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        known = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if self.path != TOKEN_PATH:
            self._answer(404, {"name": "RESOURCE_NOT_FOUND"})
        elif self.headers.get("Authorization") != f"Basic {known}":
            self._answer(401, {"error": "invalid_client"})
        else:
            token = {"access_token": self.server.token, "app_id": "APP-DEMO"}
            self._answer(200, token | {"token_type": "Bearer", "expires_in": 32400})

    def do_GET(self):
        if self.headers.get("Authorization") != f"Bearer {self.server.token}":
            self._answer(401, {"error": "invalid_token"})
        elif self.path in self.server.objects:
            self._answer(200, self.server.objects[self.path])
        else:
            self._answer(404, {"name": "RESOURCE_NOT_FOUND"})

    def _answer(self, status, content):
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments):
        """Say nothing."""
