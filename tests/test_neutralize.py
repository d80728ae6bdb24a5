# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A copy of a production database takes no part in production."""

from datetime import datetime

from odoo.tests import tagged
from odoo.tools import file_open

from ..engine.providers.client import RateLimited
from . import fake_provider as fake
from . import stripe_messages as stripe
from .common import PaymentHubCommon

SINCE, UNTIL = datetime(2026, 1, 1), datetime(2026, 1, 11)


@tagged("post_install", "-at_install")
class TestNeutralize(PaymentHubCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.api = fake.FakeApi()
        cls.startClassPatcher(fake.registered(cls.api))
        cls.fake = cls.make_connection("Fake", provider=fake.CODE).sudo()

    def neutralize(self):
        self.env.flush_all()
        with file_open("payment_hub/data/neutralize.sql") as script:
            self.env.cr.execute(script.read())
        self.env.invalidate_all()
        self.registry.clear_cache()

    def test_receives_nothing(self):
        token = self.fake.token
        self.assertTrue(self.env["payment.hub.token"]._find(token))
        self.neutralize()
        self.assertEqual(self.fake.state, "disabled")
        self.assertFalse(self.fake.secret_ids)
        self.assertNotEqual(self.fake.token, token)
        # Not even when somebody activates the copy to try things out.
        self.fake.secret_ids.create(
            {"connection_id": self.fake.id, "value": "whsec_of_the_copy"}
        )
        self.fake.action_activate()
        self.env.flush_all()
        self.assertFalse(self.env["payment.hub.token"]._find(token))
        self.assertTrue(self.env["payment.hub.token"]._find(self.fake.token))

    def test_sends_nothing_to_the_webhooks_of_production(self):
        path = "/payment_hub/webhook/"
        self.fake.webhook_url = f"https://odoo.example.com{path}{self.fake.token}"
        self.neutralize()
        connections = self.connection.sudo() | self.fake
        self.assertEqual(len(set(connections.mapped("token"))), 2)
        for connection in connections:
            self.assertEqual(
                connection.webhook_url, f"http://localhost{path}{connection.token}"
            )
        connections._check_webhook_url()  # what it checks on a change holds

    def test_asks_providers_for_nothing(self):
        self.deliver(fake.asking("charge", "ch_1"), connection=self.fake)
        backfills = self.env["payment.hub.backfill"].sudo()
        streams = ("events", "payouts")
        running, waiting = backfills._start(self.fake, streams, SINCE, UNTIL)
        self.api.answers = [RateLimited("Slow down", 90.0)]
        waiting._job_pull()
        self.assertEqual((running.state, waiting.state), ("running", "waiting"))
        lookup = self.env["payment.hub.lookup"].sudo().search([])
        self.assertEqual(lookup.state, "todo")
        self.api.asked = []
        self.neutralize()
        self.assertEqual((running.state, waiting.state), ("cancelled", "cancelled"))
        self.assertEqual(lookup.state, "failed")
        for cron in ("sweep", "look_up", "backfill"):
            with self.enter_registry_test_mode():
                self.env.ref(f"payment_hub.ir_cron_{cron}").method_direct_trigger()
        running._job_pull()
        self.fake._job_look_up()
        self.assertFalse(self.api.asked)

    def test_keeps_nothing_that_was_typed_into_a_wizard(self):
        secret = self.connection.sudo().secret_ids
        replacement = self.env["payment.hub.replacement"].create(
            {"secret_id": secret.id, "value": "whsec_typed_12345"}
        )
        onboarding = self.env["payment.hub.onboarding"].create({"provider": "stripe"})
        self.neutralize()
        self.assertFalse(replacement.exists())
        self.assertFalse(onboarding.exists())

    def test_evidence_and_ledger_stay(self):
        invoice = self.make_invoice(1.0)
        delivery = self.deliver(stripe.captured(1, 100, invoice.name))
        self.neutralize()
        self.assertEqual(delivery.state, "done")
        self.assertEqual(invoice.payment_state, "paid")
