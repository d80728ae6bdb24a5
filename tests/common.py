# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import os
from contextlib import nullcontext
from unittest.mock import patch

from cryptography.fernet import Fernet

from odoo import Command, fields

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from ..engine import providers
from ..models import vault
from ..models.payment_hub_secret import SIGNING

SECRET = "whsec_test_secret"
API_CREDENTIAL = "test_credential"


class PaymentHubCommon(AccountTestInvoicingCommon):
    """A company with invoices in USD and an active Stripe connection."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        key = Fernet.generate_key().decode()
        cls.startClassPatcher(patch.dict(os.environ, {vault.ENVIRONMENT: key}))
        # On a cursor of their own, notes would outlive the test.
        cls.startClassPatcher(
            patch.object(
                type(cls.env["payment.hub.attempt"]),
                "_own_transaction",
                lambda attempts: nullcontext(attempts.sudo()),
            )
        )
        cls.env.user.group_ids += cls.env.ref("payment_hub.group_manager")
        cls.company = cls.company_data["company"]
        cls.connection = cls.make_connection("Stripe US")
        cls.customer = cls.env["res.partner"].create({"name": "Azure Interior"})
        cls.lane = cls.env["payment.hub.lane"].sudo()

    @classmethod
    def setup_independent_company(cls, **kwargs):
        """The company that was made together with the test database, if it was.

        To load a chart of accounts for each class takes longer than its tests.
        """
        company = cls.env["res.company"].search([("name", "=", "company_1_data")])
        if not company:
            return super().setup_independent_company(**kwargs)
        cls.env.user.company_ids += company
        return company

    @classmethod
    def make_connection(cls, name, company=None, **vals):
        """An active connection with its journal and clearing account."""
        company = company or cls.company_data["company"]
        demanded = [
            Command.create({"name": item.name, "value": API_CREDENTIAL})
            for item in providers.get(vals.get("provider", "stripe")).credentials
            if item.is_required and item.name != SIGNING
        ]
        connection = (
            cls.env["payment.hub.connection"]
            .with_company(company)
            .sudo()
            .create(
                {
                    "name": name,
                    "company_id": company.id,
                    "tz": "UTC",
                    "secret_ids": [Command.create({"value": SECRET}), *demanded],
                    **vals,
                }
            )
        )
        connection.action_set_up_ledger()
        connection.action_activate()
        return connection

    @classmethod
    def add_balance(cls, currency, connection=None):
        """A balance of the connection in one more currency."""
        currency.sudo().active = True
        return (
            cls.env["payment.hub.balance"]
            .sudo()
            ._create_for((connection or cls.connection).sudo(), currency)
        )

    def make_invoice(self, amount=121.0, move_type="out_invoice", **vals):
        """A posted invoice over ``amount`` without tax, dated 2025-12-15."""
        invoice = self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": self.customer.id,
                "invoice_date": fields.Date.to_date("2025-12-15"),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Chair",
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **vals,
            }
        )
        invoice.action_post()
        return invoice

    def receive(self, *bodies, connection=None):
        """Store messages as the webhook does; duplicates give no record."""
        connection = connection or self.connection
        deliveries = self.env["payment.hub.delivery"]
        for body in bodies:
            rows = self.env.execute_query(
                deliveries._insert_sql(
                    connection.id,
                    providers.get(connection.provider).envelope(body, {}),
                    body,
                    {},
                    "127.0.0.1",
                    connection._active_secrets()[:1].id,
                )
            )
            deliveries += deliveries.browse(row[0] for row in rows)
        return deliveries

    def drain(self, connection=None):
        """Process all that is due, as the queue job does; return how many."""
        return self.lane._drain(connection or self.connection)

    def deliver(self, *bodies, connection=None):
        """Receive and drain."""
        deliveries = self.receive(*bodies, connection=connection)
        self.drain(connection)
        return deliveries

    def refresh_statistics(self):
        """Tell PostgreSQL's planner of the rows of this open transaction.

        Nobody else sees them, so its own statistics say that the tables are empty, and
        Odoo's joins over many worlds in one test can take minutes.
        """
        self.env.flush_all()
        self.env.cr.execute(
            "ANALYZE account_move, account_move_line, account_payment,"
            " account_partial_reconcile"
        )

    def payment(self, number):
        """The provider payment ``pi_<number>``."""
        return self.env["payment.hub.payment"].search(
            [("provider_ref", "=", f"pi_{number}")]
        )

    def open_causes(self):
        """Causes of all open exceptions, sorted."""
        exceptions = self.env["payment.hub.exception"].search([("is_open", "=", True)])
        return sorted(exceptions.mapped("cause"))

    def clearing_minor(self, connection=None):
        """Balance of the clearing account in cents."""
        account = (connection or self.connection).clearing_account_id
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        )
        return round(sum(lines.mapped("amount_currency")) * 100)
