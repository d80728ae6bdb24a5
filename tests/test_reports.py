# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A settlement report is kept as it was brought, and its rows attest once."""

import base64
import gzip
import hashlib

import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from . import fake_provider as fake
from . import stripe_messages as stripe
from .common import PaymentHubCommon


@tagged("post_install", "-at_install")
class TestReports(PaymentHubCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(fake.registered())
        cls.fake = cls.make_connection("Fake", provider=fake.CODE)

    def wizard(self, *files, user=None, connection=None, kind="fake.ledger"):
        """The wizard with ``files`` as (name, content), uploaded as the screen does."""
        wizards = self.env["payment.hub.report.import"].with_user(user or self.env.user)
        attachments = wizards.env["ir.attachment"].create(
            [
                {"name": name, "raw": content, "res_model": wizards._name, "res_id": 0}
                for name, content in files
            ]
        )
        return wizards.create(
            {
                "connection_id": (connection or self.fake).id,
                "kind": kind,
                "file_ids": [Command.set(attachments.ids)],
            }
        )

    def bring(self, *files, **more):
        """Import files; return all reports there are, the oldest first."""
        self.wizard(*files, **more).action_import()
        return self.env["payment.hub.report"].search([], order="id")

    def test_rows_post_once_whatever_else_tells_of_them(self):
        invoice = self.make_invoice(2.0)
        messages = [stripe.captured(n, 100, invoice.name) for n in (1, 2)]
        self.receive(messages[0], connection=self.fake)
        report = self.bring(("ledger.csv", fake.file(*messages)))
        self.assertEqual((report.part_count, report.known_count), (2, 0))
        self.assertEqual((report.state, report.todo_count), ("processing", 2))
        self.drain(self.fake)
        report.invalidate_recordset()
        self.assertEqual((report.state, report.todo_count), ("done", 0))
        self.assertEqual(self.clearing_minor(self.fake), 200)
        self.assertEqual(invoice.payment_state, "paid")
        sources = self.payment(1).event_ids.attestation_ids.mapped("source")
        self.assertEqual(sorted(sources), ["report", "webhook"])

    def test_file_is_kept_as_evidence(self):
        body = fake.file(stripe.captured(1, 100))
        user = new_test_user(
            self.env,
            "report_operator",
            groups="payment_hub.group_operator",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        wizard = self.wizard(("ledger.csv", body), user=user)
        uploaded = wizard.file_ids
        wizard.action_import()
        self.assertFalse(uploaded.exists(), "the report keeps it")
        report = self.env["payment.hub.report"].search([])
        self.assertEqual(base64.b64decode(report.file), body)
        self.assertEqual(report.sha256, hashlib.sha256(body).hexdigest())
        self.assertEqual((report.name, report.size), ("ledger.csv", len(body)))
        self.assertEqual((report.kind_label, report.create_uid), ("Ledger", user))
        for statement in (
            "UPDATE payment_hub_report SET sha256 = 'x'",
            "DELETE FROM payment_hub_report",
        ):
            with (
                self.assertRaises(psycopg2.errors.RestrictViolation),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement)

    def test_same_file_twice_opens_the_first(self):
        file = ("ledger.csv", fake.file(stripe.captured(1, 100)))
        first = self.bring(file)
        action = self.wizard(("again.csv", file[1])).action_import()
        self.assertEqual(self.env["payment.hub.report"].search([]), first)
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn("ledger.csv", action["params"]["message"])
        self.assertEqual(action["params"]["next"]["res_id"], first.id)
        self.assertEqual(len(first.delivery_ids), 1)

    def test_files_that_overlap_attest_again(self):
        messages = [stripe.captured(n, 100) for n in (1, 2, 3)]
        reports = self.bring(
            ("one.csv", fake.file(*messages[:2])), ("two.csv", fake.file(*messages[1:]))
        )
        self.assertEqual(reports.mapped("known_count"), [0, 1])
        self.assertEqual(len(reports.delivery_ids), 3)
        self.assertEqual(len(reports[0].delivery_ids & reports[1].delivery_ids), 1)

    def test_packed_file(self):
        packed = gzip.compress(fake.file(stripe.captured(1, 100)))
        report = self.bring(("ledger.csv.gz", packed))
        self.assertEqual(base64.b64decode(report.file), packed)
        self.assertEqual(report.part_count, 1)
        self.drain(self.fake)
        self.assertTrue(self.payment(1))

    def test_file_that_is_no_such_report(self):
        good = ("good.csv", fake.file(stripe.captured(1, 100)))
        for bad in (
            b"",
            b"other,columns\n1,2\n",
            gzip.compress(fake.file())[:-5],
            b"\x1f\x8bgarbage",
        ):
            wizard = self.wizard(good, ("bad.csv", bad))
            with (
                self.assertRaisesRegex(UserError, "bad.csv was not imported"),
                self.env.cr.savepoint(),
            ):
                wizard.action_import()
            self.assertFalse(self.env["payment.hub.report"].search([]), "all or none")
        with self.assertRaisesRegex(UserError, "head: Add the column message"):
            self.wizard(("bad.csv", b"x\n")).action_import()

    def test_unreadable_row_is_an_exception_and_the_others_pass(self):
        invoice = self.make_invoice(1.0)
        body = fake.file(b"nonsense", stripe.captured(1, 100, invoice.name))
        report = self.bring(("ledger.csv", body))
        self.drain(self.fake)
        report.invalidate_recordset()
        self.assertEqual((report.state, report.open_exception_count), ("exception", 1))
        self.assertEqual(invoice.payment_state, "paid")
        action = report.action_open_exceptions()
        exceptions = self.env["payment.hub.exception"].search(action["domain"])
        self.assertEqual(exceptions.mapped("cause"), ["malformed"])
        self.assertEqual(exceptions.delivery_id.report_ids, report)

    def test_exception_of_an_event_that_came_otherwise_counts(self):
        message = stripe.captured(1, 100, "INV/NOWHERE")
        webhook = self.deliver(message, connection=self.fake)
        report = self.bring(("ledger.csv", fake.file(message)))
        self.drain(self.fake)
        report.invalidate_recordset()
        self.assertEqual(report.state, "exception")
        exception = webhook.exception_ids
        self.assertEqual(exception.cause, "invoice_not_found")
        self.assertEqual(report.delivery_ids.all_exception_ids, exception)
        self.assertEqual(report.delivery_ids.stream_label, "Ledger")
        self.assertIn("Ledger #", report.delivery_ids.display_name)
        self.assertEqual(webhook.display_name, webhook.dedupe_key)

    def test_wizard_shows_the_reports_of_the_provider(self):
        form = Form(
            self.env["payment.hub.report.import"].with_context(
                default_connection_id=self.fake.id
            )
        )
        self.assertEqual(form.kind, "fake.ledger")
        self.assertEqual(form.available_kinds, ["fake.ledger", "fake.payouts"])
        self.assertEqual(form.where, "Reports → Ledger")
        form.kind = "fake.payouts"
        self.assertEqual(form.where, "Reports → Payouts")

    def test_wizard_refuses_what_it_cannot_import(self):
        with self.assertRaisesRegex(UserError, "Upload"):
            self.wizard().action_import()
        draft = self.fake.copy({"name": "Draft"})
        with self.assertRaisesRegex(UserError, "Activate"):
            self.wizard(("x.csv", b"x"), connection=draft).action_import()
        other = self.make_connection("Stripe")
        with self.assertRaisesRegex(UserError, "report of this provider"):
            self.wizard(("x.csv", b"x"), connection=other).action_import()

    def test_who_may_import_and_who_reads_the_file(self):
        report = self.bring(("ledger.csv", fake.file(stripe.captured(1, 100))))
        other = self.setup_other_company()["company"]
        foreign = self.make_connection("Other", other, provider=fake.CODE)
        for role in ("operator", "auditor", "user"):
            user = new_test_user(
                self.env,
                f"report_{role}",
                groups=f"payment_hub.group_{role}",
                company_id=self.company.id,
                company_ids=[(6, 0, self.company.ids)],
            )
            reader = report.with_user(user)
            self.assertTrue(reader.read(["name", "sha256"]))
            attachment = (
                self.env["ir.attachment"]
                .search([("res_field", "=", "file"), ("res_id", "=", report.id)])
                .with_user(user)
            )
            self.assertEqual(len(attachment), 1)
            self.assertEqual(attachment.has_access("read"), role != "user")
            self.assertFalse(reader.has_access("write"))
            if role == "operator":
                self.bring((f"{role}.csv", fake.file(b"{}")), user=user)
                with self.assertRaises(AccessError):
                    self.bring(("x.csv", b"x"), user=user, connection=foreign)
            else:
                with self.assertRaises(AccessError):
                    self.bring(("x.csv", b"x"), user=user)
        self.env["payment.hub.report"].sudo()._import(
            foreign, "ledger", "theirs.csv", fake.file(b"{}")
        )
        mine = self.env["payment.hub.report"].with_user(user).search([])
        self.assertEqual(mine.connection_id, self.fake)

    def test_download(self):
        """The file as the browser gets it."""
        body = fake.file(stripe.captured(1, 100))
        report = self.bring(("ledger.csv", body))
        new_test_user(
            self.env,
            "report_reader",
            groups="payment_hub.group_auditor",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        new_test_user(
            self.env,
            "report_looker",
            groups="payment_hub.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        path = f"/web/content/payment.hub.report/{report.id}/file?download=1"
        self.authenticate("report_reader", "report_reader")
        self.assertEqual(self.url_open(path).content, body)
        self.authenticate("report_looker", "report_looker")
        self.assertNotEqual(self.url_open(path).status_code, 200)
