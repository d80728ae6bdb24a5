# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What is kept of a row, who may change it, and how rows come in and go out."""

from datetime import date

from psycopg2 import errors

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..models import (
    payment_hub_mapping_version,
)
from .mapping_common import MappingCommon

DAY = date(2026, 1, 15)


@tagged("post_install", "-at_install")
class TestMappingRows(MappingCommon):
    # === versions ===

    def test_each_change_of_a_decision_is_a_version(self):
        row = self.make_row()
        first = row.version_id
        self.assertEqual(first.number, 1)
        self.assertIn(f"Account: {self.fees.display_name}", first.changes)
        self.assertNotIn("Journal:", first.changes)
        row.account_id = self.other_fees
        second = row.version_id
        self.assertEqual((second.number, second.mapping_id), (2, row))
        self.assertEqual(
            second.changes,
            f"Account: {self.fees.display_name} → {self.other_fees.display_name}",
        )
        self.assertEqual(
            second.snapshot["account_id"],
            {"value": self.other_fees.id, "text": self.other_fees.display_name},
        )
        self.assertIn(self.other_fees.display_name, second.snapshot_text)
        self.assertEqual(row.version_ids, first + second)

    def test_what_decides_nothing_makes_no_version(self):
        row = self.make_row(tax_ids=[Command.set(self.tax_purchase_a.ids)])
        version = row.version_id
        row.note = "As agreed with the auditor."
        row.write({"account_id": self.fees.id, "priority": 10})
        row.tax_ids = [Command.set(self.tax_purchase_a.ids)]
        self.assertEqual(row.version_id, version)

    def test_every_deciding_field_makes_a_version(self):
        row = self.make_row()
        plan = self.env["account.analytic.plan"].create({"name": "Plan"})
        project = self.env["account.analytic.account"].create(
            {"name": "Shop", "plan_id": plan.id}
        )
        general = self.company_data["default_journal_misc"]
        partner = self.customer.id
        changes = [
            {"event_type": "fee.refunded"},
            {"connection_id": self.connection.id},
            {"provider_code": "x"},
            {"method": "x"},
            {"scheme": "x"},
            {"currency": "EUR"},
            {"country_id": self.env.ref("base.be").id},
            {"fee_kind": "fx"},
            {"dispute_stage": "closed"},
            {"connected_account": "x"},
            {"valid_from": "2026-01-01"},
            {"valid_to": "2026-12-31"},
            {"priority": 3},
            {"treatment": "expense"},
            {"account_id": self.other_fees.id},
            {"journal_id": general.id},
            {"tax_ids": [Command.set(self.tax_purchase_a.ids)]},
            {"partner_rule": "provider", "partner_id": partner},
            {"analytic_distribution": {str(project.id): 100}},
            {"date_rule": "booked"},
            {"granularity": "day"},
            {"active": False},
        ]
        for vals in changes:
            with self.subTest(vals=vals):
                number = row.version_id.number
                row.write(vals)
                self.assertEqual(row.version_id.number, number + 1)
                for name in vals:
                    label = row._fields[name].string
                    self.assertRegex(row.version_id.changes, f"(?m)^{label}: .* → ")
        self.assertIn("Shop", row.version_ids[2].snapshot_text)
        told = {name for vals in changes for name in vals} | {"company_id"}
        self.assertEqual(told, {*payment_hub_mapping_version.DECIDING})

    def test_versions_cannot_be_changed(self):
        version = self.make_row().version_id
        manager = new_test_user(self.env, "m", groups="payment_hub.group_manager")
        manager.company_ids += self.company
        for operation in ("write", "create", "unlink"):
            self.assertFalse(version.with_user(manager).has_access(operation))
        self.env.flush_all()
        queries = [
            f"UPDATE payment_hub_mapping_version SET {column} = NULL"
            for column in payment_hub_mapping_version.EVIDENCE
        ]
        for query in (*queries, "DELETE FROM payment_hub_mapping_version"):
            with (
                self.subTest(query=query),
                self.assertRaises(errors.RestrictViolation),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(query)

    def test_an_unused_row_can_be_deleted_and_its_versions_stay(self):
        row = self.make_row()
        version = row.version_id
        row.unlink()
        self.assertTrue(version.exists())
        self.assertEqual(version.read(["name"])[0]["name"], "fee.charged")
        version.read()

    def make_posting(self, version):
        """A posting that was decided by ``version``, without its road."""
        connection = self.connection
        row = {"connection_id": connection.id, "provider_ref": "pi_9"}
        payment = self.env["payment.hub.payment"].sudo().create(row)
        event = (
            self.env["payment.hub.event"]
            .sudo()
            .create(
                {
                    "connection_id": connection.id,
                    "economic_key": "fee:1:fee",
                    "type": "fee.charged",
                    "object_type": "fee",
                    "object_id": "1",
                    "leg": "fee",
                    "occurred_at": "2026-01-15 12:00:00",
                }
            )
        )
        invoice = self.make_invoice(1.0)
        pay = self.env["account.payment"].create({"amount": 1})
        return (
            self.env["payment.hub.posting"]
            .sudo()
            .create(
                {
                    "connection_id": connection.id,
                    "posting_key": "fee:1:fee",
                    "kind": "capture",
                    "payment_id": payment.id,
                    "event_id": event.id,
                    "date": "2026-01-15",
                    "account_payment_id": pay.id,
                    "move_id": invoice.id,
                    "mapping_version_id": version.id,
                }
            )
        )

    def test_a_used_row_can_only_be_archived(self):
        row = self.make_row()
        used = row.version_id
        posting = self.make_posting(used)
        row.account_id = self.other_fees
        with self.assertRefusal("Archive it instead"):
            row.unlink()
        row.active = False
        self.assertEqual(posting.mapping_version_id, used)
        self.assertEqual(used.snapshot["account_id"]["value"], self.fees.id)
        self.assertEqual(used.posting_ids, posting)

    def test_changes_are_noted_in_the_chatter(self):
        noted = {"tracking_disable": False, "mail_notrack": False}
        row = self.make_row().with_context(**noted)
        self.flush_tracking()
        before = len(row.message_ids)
        row.account_id = self.other_fees
        self.flush_tracking()
        self.assertEqual(len(row.message_ids), before + 1)

    def flush_tracking(self):
        self.env.flush_all()
        self.env.cr.precommit.run()
        self.env.invalidate_all()

    # === in and out ===

    def test_rows_go_out_and_come_in_again(self):
        self.tax_purchase_a.name = "VAT on Fees"
        row = self.make_row(
            connection_id=self.connection.id,
            country_id=self.env.ref("base.be").id,
            tax_ids=[Command.set(self.tax_purchase_a.ids)],
            fee_kind="fx",
            valid_from="2026-01-01",
        )
        names = [
            "id",
            "event_type",
            "connection_id",
            "country_id",
            "fee_kind",
            "valid_from",
            "treatment",
            "account_id",
            "tax_ids",
            "date_rule",
        ]
        (exported,) = row.export_data(names)["datas"]
        self.assertEqual(
            exported[4:7], ["Currency Conversion", date(2026, 1, 1), "Post"]
        )
        exported = [str(value) for value in exported]
        snapshot = row.version_id.snapshot
        row.write({"fee_kind": "scheme", "tax_ids": [Command.clear()]})
        result = self.Mapping.load(names, [exported])
        self.assertFalse(result["messages"])
        self.assertEqual(result["ids"], row.ids)
        self.assertEqual(row.version_id.snapshot, snapshot)
        self.assertEqual(row.version_id.number, 3)

    def test_import_by_external_id_and_by_label(self):
        self.env["ir.model.data"].create(
            {
                "module": "__import__",
                "name": "fees",
                "model": "account.account",
                "res_id": self.fees.id,
            }
        )
        fields = ["id", "event_type", "treatment", "account_id/id", "scheme"]
        result = self.Mapping.load(
            fields,
            [
                ["__import__.row_1", "fee.charged", "Expense", "__import__.fees", ""],
                [
                    "__import__.row_2",
                    "fee.charged",
                    "expense",
                    "__import__.fees",
                    "visa",
                ],
            ],
        )
        self.assertFalse(result["messages"])
        rows = self.Mapping.browse(result["ids"])
        self.assertEqual(set(rows.mapped("treatment")), {"expense"})
        self.assertEqual(rows.account_id, self.fees)
        again = self.Mapping.load(
            fields[:4], [["", "fee.charged", "Expense", "__import__.fees"]]
        )
        self.assertIn("tie", again["messages"][0]["message"])

    def test_the_form_proposes_what_is_possible(self):
        with Form(self.Mapping) as form:
            form.event_type = "dispute.funds_withdrawn"
            self.assertEqual(form.treatment, "hold")
            form.account_id = self.hold
            form.partner_rule = "provider"
            form.partner_id = self.customer
            form.partner_rule = "none"
        row = form.save()
        self.assertEqual(row.display_name, "dispute.funds_withdrawn")
        self.assertFalse(row.partner_id)

    # === who may ===

    def test_roles(self):
        row = self.make_row()
        entity = self.env["payment.hub.entity"].create(
            {"connection_id": self.connection.id, "company_id": self.company.id}
        )
        other = self.other_company()["company"]
        theirs = self.make_row(treatment="none", company_id=other.id)
        for role in ("user", "auditor", "operator", "manager"):
            user = new_test_user(
                self.env,
                f"mapping_{role}",
                groups=f"payment_hub.group_{role}",
                company_id=self.company.id,
                company_ids=[Command.set(self.company.ids)],
            )
            with self.subTest(role=role):
                for record in (row, entity):
                    record.with_user(user).read(["display_name"])
                    for operation in ("write", "create", "unlink"):
                        self.assertEqual(
                            record.with_user(user).has_access(operation),
                            role == "manager",
                        )
                row.version_id.with_user(user).read(["changes"])
                for record in (theirs, theirs.version_id):
                    with self.assertRaises(AccessError):
                        record.with_user(user).read(["display_name"])
        row.with_user(user).account_id = self.other_fees
        self.assertEqual(row.version_id.create_uid, user)
