# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The web client in a real browser."""

import os
from unittest.mock import patch

from odoo.tests import HttpCase, common, new_test_user, tagged

from . import acme
from . import stripe_messages as stripe
from .common import PaymentHubCommon

NO_BROWSER = os.environ.get("PAYMENT_HUB_NO_BROWSER")


@tagged("post_install", "-at_install")
class TestTours(PaymentHubCommon, HttpCase):
    def setUp(self):
        super().setUp()
        if NO_BROWSER:
            self.skipTest(NO_BROWSER)
        # Odoo skips the test when the browser takes more than ten seconds to start.
        self.startPatcher(patch.object(common, "CHECK_BROWSER_ITERATIONS", 600))

    def test_resolve_an_exception(self):
        operator = new_test_user(
            self.env,
            "operator",
            groups="payment_hub.group_operator,account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        invoice = self.make_invoice(121.0)
        self.deliver(stripe.captured(1, 12100, "ORDER-4711"))
        self.assertEqual(self.open_causes(), ["invoice_not_found"])
        self.start_tour("/odoo", "payment_hub_resolve_exception", login=operator.login)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self.clearing_minor(), 12100)

    def test_connect_a_provider(self):
        manager = new_test_user(
            self.env,
            "manager",
            groups="payment_hub.group_manager,account.group_account_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        with acme.registered():
            self.start_tour("/odoo", "payment_hub_connect", login=manager.login)
            connection = self.env["payment.hub.connection"].search(
                [("provider", "=", "acme")]
            )
            self.assertEqual(connection.state, "active")
            self.assertEqual(connection.webhook_ref, "wh_7")
            self.assertEqual(connection.options, {"days": "1"})
            key = connection.sudo()._active_secrets("api_key")
            self.assertEqual(key._decrypt(), acme.KEY)
            connection.unlink()  # nobody knows Acme after the test
