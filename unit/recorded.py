# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A provider's API on the loopback, which answers as it once did, in real HTTP."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit


class Answer(NamedTuple):
    """What the API answers; a dict or list is sent as JSON, None hangs up."""

    body: object
    status: int = 200
    headers: dict = {}


class Asked(NamedTuple):
    """What the client asked; ``query`` as a list of (name, value)."""

    method: str
    path: str
    query: list
    headers: dict
    body: bytes


class Api:
    """Gives the answers of a route in turn; the last one again and again."""

    def __init__(self, routes):
        self.routes = {
            route: list(answers) if isinstance(answers, list) else [answers]
            for route, answers in routes.items()
        }
        self.asked = []
        self.url = ""

    def answer(self, asked):
        self.asked.append(asked)
        answers = self.routes.get(f"{asked.method} {asked.path}")
        if not answers:
            return Answer({"error": "not recorded"}, 404)
        return answers.pop(0) if len(answers) > 1 else answers[0]


@contextmanager
def api(routes):
    """Serve ``{"GET /v1/events": Answer or [Answer, …]}``; give the Api."""
    recorded = Api(routes)

    class Handler(BaseHTTPRequestHandler):
        def _serve(self):
            parts = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            asked = Asked(
                self.command,
                parts.path,
                parse_qsl(parts.query, keep_blank_values=True),
                {name.lower(): value for name, value in self.headers.items()},
                self.rfile.read(length),
            )
            answer = recorded.answer(asked)
            if answer.body is None:
                self.close_connection = True
                self.connection.close()
                return
            body = answer.body
            if not isinstance(body, bytes):
                body = json.dumps(body).encode()
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = _serve

        def log_message(self, *_args):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    # Looks that often whether it may end; every test waits for it.
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    recorded.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield recorded
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
