# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Stripe's own lists and reports, over real HTTP, beside its webhook."""

import itertools
import json
import threading
from dataclasses import replace
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

from odoo import Command
from odoo.tests import tagged

from ..engine import providers
from ..engine.providers.stripe.client import Client
from . import stripe_messages as stripe
from .common import PaymentHubCommon

SINCE, UNTIL = datetime(2026, 1, 1), datetime(2026, 1, 11)
KEY = "rk_test_1"


def balance_transaction(number, amount, fee):
    """The balance transaction of the charge ``ch_<number>``, sources expanded."""
    details = {"amount": fee, "currency": "usd", "type": "stripe_fee"}
    return {
        "id": f"txn_{number}",
        "object": "balance_transaction",
        "amount": amount,
        "available_on": stripe.T0 + 86_400,
        "created": stripe.T0,
        "currency": "usd",
        "exchange_rate": None,
        "fee": fee,
        "fee_details": [details | {"application": None, "description": "fees"}],
        "net": amount - fee,
        "reporting_category": "charge",
        "source": stripe.charge(number, amount),
        "status": "available",
        "type": "charge",
    }


class Api(BaseHTTPRequestHandler):
    """Stripe's API with the objects of the server, one on a page."""

    def do_GET(self):
        url = urlsplit(self.path)
        objects = self.server.objects.get(url.path)
        if self.headers["Authorization"] != f"Bearer {KEY}":
            return self.give(401, {"error": {"message": "Invalid API key"}})
        if self.server.limits:
            self.server.limits -= 1
            return self.give(429, {"error": {"message": "Slow down"}})
        asked = parse_qs(url.query)
        if types := asked.get("types[]"):
            objects = [one for one in objects if one["type"] in types]
        after = asked.get("starting_after")
        ids = [one["id"] for one in objects]
        start = ids.index(after[0]) + 1 if after else 0
        left = objects[start:]
        self.give(200, {"object": "list", "data": left[:1], "has_more": len(left) > 1})

    def give(self, status, data):
        body = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if status == 429:
            self.send_header("Retry-After", "7")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        """Say nothing."""


@tagged("post_install", "-at_install")
class TestPulledStripe(PaymentHubCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
        cls.server.objects, cls.server.limits = {}, 0
        cls.addClassCleanup(cls.server.server_close)
        thread = threading.Thread(target=cls.server.serve_forever, daemon=True)
        thread.start()
        cls.addClassCleanup(thread.join, 5)
        cls.addClassCleanup(cls.server.shutdown)
        here = f"http://127.0.0.1:{cls.server.server_port}"
        provider = replace(
            providers.get("stripe"),
            client=lambda *arguments: Client(*arguments, base_url=here),
        )
        cls.startClassPatcher(patch.dict(providers.PROVIDERS, {"stripe": provider}))
        cls.set_key(KEY)

    @classmethod
    def _request_handler(cls, session, request, /, **more):
        # Odoo's guard of the tests does not know a timeout of two numbers.
        return super()._request_handler(session, request, **more | {"timeout": 10})

    @classmethod
    def set_key(cls, key):
        cls.connection.sudo().secret_ids = [
            Command.create({"name": "api_key", "value": key})
        ]

    def pull(self, stream, *objects):
        """Pull a list that holds these objects; return the backfill."""
        self.server.objects[f"/v1/{stream}"] = list(objects)
        backfill = self.env["payment.hub.backfill"].sudo()
        backfill = backfill._start(self.connection, [stream], SINCE, UNTIL)
        self.run_to_its_end(backfill)
        return backfill

    def run_to_its_end(self, backfill):
        while backfill.state == "running":
            backfill._job_pull()

    def test_all_roads_in_any_order_post_once(self):
        for number, order in enumerate(itertools.permutations(range(3)), 1):
            with self.subTest(order=order):
                invoice = self.make_invoice(121.0)
                before = self.clearing_minor()
                roads = (
                    lambda number=number, invoice=invoice: self.receive(
                        stripe.captured(number, 12100, invoice.name)
                    ),
                    lambda number=number, invoice=invoice: self.pull(
                        "events",
                        json.loads(stripe.charged(number, 12100, invoice.name)),
                    ),
                    lambda number=number: self.pull(
                        "balance_transactions", balance_transaction(number, 12100, 381)
                    ),
                )
                for index in order:
                    roads[index]()
                    self.drain()
                # The list of balances does not name the invoice; another one does.
                for exception in self.env["payment.hub.exception"].search(
                    [("is_open", "=", True), ("cause", "=", "invoice_not_found")]
                ):
                    exception.action_retry()
                self.assertEqual(self.clearing_minor() - before, 12100)
                self.assertEqual(invoice.payment_state, "paid")
                capture = self.payment(number).event_ids.filtered(
                    lambda event: event.type == "payment.captured"
                )
                self.assertEqual(len(capture), 1)
                self.assertEqual(len(capture.posting_ids), 1)
                said = capture.attestation_ids
                self.assertEqual(
                    sorted(said.mapped("source")), ["api", "api", "webhook"]
                )
                self.assertTrue(all(said.mapped("agrees")))
                settled = said.filtered("settlement_currency")
                self.assertEqual(settled.settlement, "121.00 − fee 3.81 = 117.19 USD")
                self.assertIn("available", settled.clocks_text)

    def test_pages_and_the_rate_limit(self):
        events = [json.loads(stripe.captured(n, 100)) for n in (1, 2, 3)]
        self.server.limits = 1
        backfill = self.pull("events", *events)
        self.assertEqual(backfill.state, "waiting")
        self.assertIn("answered 429: ", backfill.last_error)
        backfill.action_resume()
        self.run_to_its_end(backfill)
        # Two more are empty: Stripe is asked for 20 types at once.
        self.assertEqual((backfill.state, backfill.page_count), ("done", 5))
        self.assertEqual(backfill.message_count, 3)

    def test_wrong_key_is_told_without_the_key(self):
        self.set_key("rk_test_wrong")
        backfill = self.pull("events")
        self.assertEqual(backfill.state, "failed")
        self.assertIn("Check the credentials", backfill.last_error)
        self.assertNotIn("wrong", backfill.last_error)
        self.set_key(KEY)
        backfill.action_resume()
        self.run_to_its_end(backfill)
        self.assertEqual(backfill.state, "done")
