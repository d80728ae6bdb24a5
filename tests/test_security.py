# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Roles and companies: who sees what, and who may change it."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from . import stripe_messages as stripe
from .common import PaymentHubCommon

MODELS = (
    "connection",
    "delivery",
    "event",
    "attestation",
    "payment",
    "reference",
    "posting",
    "exception",
    "refusal",
    "refusal.count",
    "lookup",
    "backfill",
    "report",
)
# role -> models that it may write
MAY_WRITE = {
    "user": (),
    "auditor": (),
    "operator": ("exception",),
    "manager": ("exception", "connection"),
}


@tagged("post_install", "-at_install")
class TestSecurity(PaymentHubCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: new_test_user(
                cls.env,
                f"hub_{role}",
                groups=f"payment_hub.group_{role}",
                company_id=cls.company.id,
                company_ids=[(6, 0, cls.company.ids)],
            )
            for role in MAY_WRITE
        }
        cls.outsider = new_test_user(cls.env, "outsider")

    def make_records(self, connection):
        """One record of each model, as the road makes them."""
        self.deliver(stripe.captured(1, 100), connection=connection)
        invoice = self.make_invoice(1.0, company_id=connection.company_id.id)
        self.deliver(stripe.captured(2, 100, invoice.name), connection=connection)
        refusals = self.env["payment.hub.refusal"]
        with self.enter_registry_test_mode():
            refusals._record(connection.id, "signature_mismatch", "192.0.2.1")
        shared = {"connection_id": connection.id}
        delivery = self.env["payment.hub.delivery"].search(
            [("connection_id", "=", connection.id)], limit=1
        )
        self.env["payment.hub.lookup"].sudo().create(
            shared
            | {"delivery_id": delivery.id, "object_type": "charge", "object_id": "ch_1"}
        )
        self.env["payment.hub.backfill"].sudo().create(
            shared | {"stream": "events", "since": "2026-01-01", "until": "2026-01-02"}
        )
        self.env["payment.hub.report"].sudo().create(
            shared | {"kind": "ledger", "name": "x.csv", "sha256": "0", "file": b"eA=="}
        )

    def test_roles(self):
        self.make_records(self.connection)
        for role, user in self.users.items():
            for name in MODELS:
                with self.subTest(role=role, model=name):
                    model = self.env[f"payment.hub.{name}"].with_user(user)
                    record = model.search([], limit=1)
                    self.assertTrue(record)
                    record.read(["display_name"])
                    for operation in ("write", "create", "unlink"):
                        allowed = name in MAY_WRITE[role] and (
                            operation == "write" or name == "connection"
                        )
                        self.assertEqual(record.has_access(operation), allowed)

    def test_biller_without_hub_role_reads_invoices(self):
        invoice = self.make_invoice(1.0)
        biller = new_test_user(
            self.env,
            "biller",
            groups="account.group_account_invoice",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        values = invoice.with_user(biller).read()[0]
        self.assertNotIn("payment_hub_payment_count", values)

    def test_outsider_sees_nothing(self):
        for name in (*MODELS, "secret"):
            with self.assertRaises(AccessError):
                self.env[f"payment.hub.{name}"].with_user(self.outsider).search([])

    def test_only_a_manager_sees_token_and_secrets(self):
        for role, user in self.users.items():
            connection = self.connection.with_user(user)
            if role == "manager":
                self.assertTrue(connection.read(["token", "webhook_url"]))
                self.assertTrue(connection.secret_ids.read(["hint"]))
                continue
            with self.subTest(role):
                for field in ("token", "webhook_url", "secret_ids"):
                    with self.assertRaises(AccessError):
                        connection.read([field])
                with self.assertRaises(AccessError):
                    self.env["payment.hub.secret"].with_user(user).search([])

    def test_who_reads_messages(self):
        delivery = self.deliver(stripe.captured(1, 100))
        for role, user in self.users.items():
            with self.subTest(role):
                reader = delivery.with_user(user)
                if role == "user":
                    with self.assertRaises(AccessError):
                        reader.read(["body_text"])
                else:
                    self.assertIn("pi_1", reader.body_text)
                with self.assertRaises(AccessError):
                    reader.read(["body"])

    def test_companies_do_not_see_each_other(self):
        other = self.setup_other_company()["company"]
        connection = self.make_connection("Stripe Other", other)
        self.env.user.company_ids += other
        self.make_records(connection)
        for user in self.users.values():
            for name in MODELS:
                with self.subTest(user=user.login, model=name):
                    model = self.env[f"payment.hub.{name}"].with_user(user)
                    theirs = model.sudo().search(
                        [("connection_id", "=", connection.id)]
                        if name != "connection"
                        else [("id", "=", connection.id)]
                    )
                    self.assertTrue(theirs)
                    self.assertFalse(model.search([("id", "in", theirs.ids)]))
        secrets = self.env["payment.hub.secret"].with_user(self.users["manager"])
        self.assertEqual(secrets.search([]).connection_id, self.connection)

    def test_state_of_an_exception_changes_through_its_actions_only(self):
        self.deliver(stripe.captured(1, 100, "ORDER-1"))
        exceptions = self.env["payment.hub.exception"].with_user(self.users["operator"])
        exception = exceptions.search([("is_open", "=", True)])
        for vals in ({"state": "ignored"}, {"cause": "malformed"}, {"amount_minor": 1}):
            with self.assertRaises(AccessError):
                exception.write(vals)
        exception.write({"due_date": "2026-12-24"})
        exception.action_acknowledge()
        self.assertEqual(exception.user_id, self.users["operator"])
        exception.action_ignore()
        self.assertEqual(exception.resolved_by_id, self.users["operator"])

    def test_manager_of_another_company_cannot_act(self):
        other = self.setup_other_company()["company"]
        connection = self.make_connection("Stripe Other", other)
        connection = connection.with_user(self.users["manager"]).sudo(False)
        for action in ("action_disable", "action_set_up_ledger"):
            with self.assertRaises(AccessError):
                getattr(connection, action)()

    def test_operator_without_accounting_rights_can_retry(self):
        self.deliver(stripe.captured(1, 100, "ORDER-1"))
        self.make_invoice(1.0, payment_reference="ORDER-1")
        exception = (
            self.env["payment.hub.exception"]
            .with_user(self.users["operator"])
            .search([("is_open", "=", True)])
        )
        exception.action_retry()
        self.assertEqual(exception.state, "resolved")
        self.assertEqual(self.clearing_minor(), 100)
