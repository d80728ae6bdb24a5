# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Providers that do not exist: one that can do all, and one that can do nothing.

Acme's API is served on the loopback, and its messages are Stripe's.
"""

import json
import threading
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from unittest.mock import patch

from ..engine import providers
from ..engine.providers import client as api_client
from ..engine.providers.base import Capability, Credential, Option
from ..engine.providers.client import Client, Registration, Transport

KEY = "acme_key_1234"
WEBHOOK_SECRET = "whsec_made_by_acme"


class Api:
    """What the server was asked, and what it is to answer instead of the usual."""

    def __init__(self):
        self.url = ""
        self.asked = []
        self.status = 200


class AcmeClient(Client):
    def _transport(self, base_url):
        key = self.credentials["api_key"]
        return Transport(base_url, {"Authorization": f"Bearer {key}"})

    def check(self):
        return json.loads(self.transport.get("/account"))["name"]

    def register_webhook(self, url, events):
        made = json.loads(
            self.transport.post("/webhooks", json={"url": url, "events": events})
        )
        return Registration(made["id"], made["secret"])


@contextmanager
def registered(**changes):
    """Serve Acme's API, and have the hub know Acme and Mute; give the Api."""
    with _served() as api:
        stripe = providers.get("stripe")
        signing = Credential("signing_secret", "Signing Key", "Webhooks → Signing Key")
        acme = replace(
            stripe,
            code="acme",
            label="Acme Pay",
            capabilities=frozenset(
                {Capability.CHECK, Capability.REGISTER, Capability.TEST_MESSAGE}
            ),
            credentials=(
                Credential("client_id", "Client ID", "Settings", False, False),
                Credential("api_key", "API Key", "Settings → API Keys"),
                signing,
            ),
            options=(
                Option(
                    "days", "Days", "When it pays", (("7", "7 days"), ("1", "1 day"))
                ),
                Option("site", "Site", "Its name, if there is one"),
            ),
            account_label="Merchant Code",
            account_help="At the top of each page",
            is_account_required=True,
            overlap_hours=6,
            client=lambda *arguments: AcmeClient(*arguments, base_url=api.url),
        )
        mute = replace(
            stripe,
            code="mute",
            label="Mute",
            capabilities=frozenset(),
            credentials=(signing,),
            account_label="",
            account_help="",
            client=None,
            test_request=None,
        )
        both = {"acme": replace(acme, **changes), "mute": mute}
        with (
            patch.dict(providers.PROVIDERS, both),
            # Odoo's guard of requests in tests knows no pair of time-outs.
            patch.object(api_client, "TIMEOUT", 30),
        ):
            yield api


@contextmanager
def _served():
    api = Api()

    class Handler(BaseHTTPRequestHandler):
        def _serve(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            api.asked.append((f"{self.command} {self.path}", body))
            status = api.status
            if self.headers["Authorization"] != f"Bearer {KEY}":
                status = 401
            answer = {"name": "Harbor & Pine", "id": "wh_7", "secret": WEBHOOK_SECRET}
            text = json.dumps(answer if status == 200 else {"error": "no"}).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        do_GET = do_POST = _serve

        def log_message(self, *_args):
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        api.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield api
        finally:
            server.shutdown()
            thread.join(5)
