# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The web client in a real browser."""

import os
from unittest.mock import patch

from odoo.tests import HttpCase, common, new_test_user, tagged

from . import acme
from . import generic_messages as generic
from . import stripe_messages as stripe
from .common import PaymentHubCommon
from .ledger_common import SECRET as GENERIC_SECRET

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

    def test_payout_and_dispute(self):
        viewer = new_test_user(
            self.env,
            "viewer",
            groups="payment_hub.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        shop = self.make_connection(
            "Shop", provider="generic", secret_ids=[(0, 0, {"value": GENERIC_SECRET})]
        )
        account = self.company_data["default_account_expense"]
        self.env["payment.hub.mapping"].sudo().create(
            {
                "company_id": self.company.id,
                "event_type": "fee.charged",
                "treatment": "post",
                "account_id": account.id,
            }
        )
        batch = {"settlement": {"batch": "po-1"}}
        invoice = self.make_invoice(100.0).name
        self.deliver(
            generic.captured(1, 100_00, invoice, settled=(100_00, "USD"), **batch),
            generic.told("fee.charged", "f", 1_00, settled=(-1_00, "USD"), **batch),
            generic.told("payout.in_transit", "po-1", 99_00),
            generic.told(
                "dispute.opened",
                "dp-1",
                payment="pay-1",
                evidence_due_at="2026-01-08T12:00:00Z",
            ),
            connection=shop,
        )
        self.start_tour("/odoo", "payment_hub_payout", login=viewer.login)
