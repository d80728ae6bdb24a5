# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import http.client
import time
from contextlib import closing, contextmanager
from urllib.parse import urlsplit

from odoo.tests import HttpCase

from . import stripe_messages as stripe
from .common import SECRET, PaymentHubCommon


class PaymentHubHttpCommon(PaymentHubCommon, HttpCase):
    """The webhook of the connection over real HTTP."""

    def setUp(self):
        super().setUp()
        self.path = f"/payment_hub/webhook/{self.connection.sudo().token}"

    def post(self, body, headers=None, path=None, secret=SECRET, at=None):
        """POST over HTTP as a provider does; signed unless headers are given."""
        if headers is None:
            headers = stripe.signed(body, secret, at or int(time.time()))
        with self.http() as connection:
            connection.request("POST", path or self.path, body, headers)
            return self.answer(connection)

    @contextmanager
    def http(self):
        """A bare HTTP connection to the server, outside Odoo's own test client."""
        self.env.flush_all()
        url = urlsplit(self.base_url())
        connection = http.client.HTTPConnection(url.hostname, url.port, timeout=30)
        with self.allow_requests(all_requests=True), closing(connection):
            yield connection

    def answer(self, connection):
        answer = connection.getresponse()
        answer.text = answer.read().decode()
        return answer

    def deliveries(self):
        return self.env["payment.hub.delivery"].search(
            [("connection_id", "=", self.connection.id)]
        )

    def assertProblem(self, answer, status):
        self.assertEqual(answer.status, status, answer.text)
        self.assertEqual(answer.getheader("Content-Type"), "application/problem+json")
        self.assertNotIn("Traceback", answer.text)
