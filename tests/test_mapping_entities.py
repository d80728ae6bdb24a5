# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whose business an event is."""

from psycopg2 import errors

from odoo import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..models import payment_hub_entity_version
from .mapping_common import MappingCommon


@tagged("post_install", "-at_install")
class TestEntities(MappingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env["res.company"].create(
            {"name": "Branch", "parent_id": cls.company.id}
        )
        cls.Entity = cls.env["payment.hub.entity"]

    def make_entity(self, **vals):
        return self.Entity.create(
            {
                "connection_id": self.connection.id,
                "company_id": self.branch.id,
                **vals,
            }
        )

    def entity_for(self, connection=None, **traits):
        return self.Entity._entity_for(connection or self.connection, traits)

    def test_the_most_specific_row_wins(self):
        shops = self.make_entity(merchant_account="Shops")
        ghent = self.make_entity(merchant_account="Shops", store="Ghent")
        everywhere = self.make_entity(connection_id=False, connected_account="acct_1")
        self.assertEqual(
            self.entity_for(merchant_account="Shops", store="Ghent"), ghent
        )
        self.assertEqual(self.entity_for(merchant_account="Shops", store="?"), shops)
        self.assertEqual(self.entity_for(connected_account="acct_1"), everywhere)
        self.assertFalse(self.entity_for(merchant_account="Other", method="card"))
        self.assertFalse(self.entity_for())
        ghent.active = False
        self.assertEqual(
            self.entity_for(merchant_account="Shops", store="Ghent"), shops
        )

    def test_rows_of_another_company_do_not_count(self):
        other = self.other_company()["company"]
        theirs = self.make_connection("Other", other)
        row = self.make_entity(connection_id=False, store="Ghent")
        self.assertEqual(self.entity_for(store="Ghent"), row)
        self.assertFalse(self.entity_for(theirs, store="Ghent"))
        self.make_entity(connection_id=False, store="Ghent", company_id=other.id)

    def test_rows_of_other_branches_do_not_count(self):
        """A branch's connection has no business with its sister's stores."""
        sister = self.env["res.company"].create(
            {"name": "Sister Branch", "parent_id": self.company.id}
        )
        connection = self.make_connection("Of the Branch", self.branch)
        theirs = self.make_entity(
            connection_id=False, store="Ghent", company_id=sister.id
        )
        ours = self.make_entity(connection_id=False, store="Bruges")
        self.assertFalse(self.entity_for(connection, store="Ghent"))
        self.assertEqual(self.entity_for(connection, store="Bruges"), ours)
        self.assertEqual(self.entity_for(store="Ghent"), theirs)

    def test_ties_are_refused_across_branches(self):
        self.make_entity(store=" Ghent ")
        for vals in (
            {"store": "Ghent", "company_id": self.company.id},
            {"merchant_account": "Shops"},
        ):
            with self.assertRefusal("(?s)Ghent.* tie: .*Store"):
                self.make_entity(**vals)
        self.make_entity(store="Bruges", company_id=self.company.id)
        with self.assertRefusal("Bruges.* tie"):
            self.make_entity(store="Bruges")

    def test_asks_for_something(self):
        with self.assertRefusal("at least"):
            self.make_entity(connection_id=False)

    def test_company_is_the_connection_s_or_a_branch(self):
        self.make_entity(company_id=self.company.id, store="x")
        other = self.other_company()["company"]
        with self.assertRefusal("one of its branches"):
            self.make_entity(company_id=other.id)
        connection = self.make_connection("Of the Branch", self.branch)
        with self.assertRefusal("Branch"):
            self.make_entity(connection_id=connection.id, company_id=self.company.id)

    def test_journal(self):
        sale = self.company_data["default_journal_sale"]
        with self.assertRefusal("Journal .*miscellaneous"):
            self.make_entity(journal_id=sale.id)
        theirs = self.other_company()["default_journal_misc"]
        with self.assertRefusal("another company"):
            self.make_entity(journal_id=theirs.id)
        general = self.company_data["default_journal_misc"]
        self.assertTrue(self.make_entity(journal_id=general.id))

    def test_legal_entity(self):
        row = self.make_entity(legal_entity=" BE 0123 ", connection_id=False)
        self.assertEqual(self.entity_for(legal_entity="BE 0123"), row)
        self.assertFalse(self.entity_for(legal_entity="NL 0123"))

    # === versions ===

    def test_every_deciding_field_makes_a_version(self):
        row = self.make_entity(store="Ghent")
        self.assertEqual(row.version_id.number, 1)
        self.assertIn("Company: Branch", row.version_id.changes)
        plan = self.env["account.analytic.plan"].create({"name": "Plan"})
        shop = self.env["account.analytic.account"].create(
            {"name": "Shop", "plan_id": plan.id}
        )
        changes = [
            {"connection_id": False},
            {"legal_entity": "x"},
            {"merchant_account": "x"},
            {"store": "x"},
            {"connected_account": "x"},
            {"company_id": self.company.id},
            {"journal_id": self.company_data["default_journal_misc"].id},
            {"analytic_distribution": {str(shop.id): 100}},
            {"active": False},
        ]
        for vals in changes:
            with self.subTest(vals=vals):
                number = row.version_id.number
                row.write(vals)
                self.assertEqual(row.version_id.number, number + 1)
                row.write(vals)
                self.assertEqual(row.version_id.number, number + 1, "the same")
                (name,) = vals
                label = row._fields[name].string
                self.assertRegex(row.version_id.changes, f"(?m)^{label}: .* → ")
        self.assertEqual(
            {name for vals in changes for name in vals},
            {*payment_hub_entity_version.DECIDING},
        )
        self.assertEqual(len(row.version_ids), 1 + len(changes))
        self.assertIn("Shop", row.version_id.snapshot_text)

    def test_versions_cannot_be_changed(self):
        version = self.make_entity(store="Ghent").version_id
        manager = new_test_user(self.env, "m", groups="payment_hub.group_manager")
        manager.company_ids += self.branch
        for operation in ("write", "create", "unlink"):
            self.assertFalse(version.with_user(manager).has_access(operation))
        self.env.flush_all()
        queries = [
            f"UPDATE payment_hub_entity_version SET {column} = NULL"
            for column in payment_hub_entity_version.EVIDENCE
        ]
        for query in (*queries, "DELETE FROM payment_hub_entity_version"):
            with (
                self.subTest(query=query),
                self.assertRaises(errors.RestrictViolation),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(query)

    def test_an_unused_row_can_be_deleted_and_its_versions_stay(self):
        row = self.make_entity(store="Ghent")
        version = row.version_id
        row.unlink()
        self.assertEqual(version.exists().name, "Stripe US · Ghent")

    def test_versions_of_another_company_are_not_seen(self):
        other = self.other_company()["company"]
        theirs = self.make_entity(
            connection_id=False, store="Ghent", company_id=other.id
        )
        user = new_test_user(
            self.env,
            "u",
            groups="payment_hub.group_manager",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        versions = self.env["payment.hub.entity.version"].with_user(user)
        self.assertFalse(versions.search([("id", "=", theirs.version_id.id)]))

    def test_import(self):
        result = self.Entity.load(
            ["connection_id", "store", "company_id"],
            [[self.connection.name, "Ghent", "Branch"]],
        )
        self.assertFalse(result["messages"])
        self.assertEqual(self.entity_for(store="Ghent").company_id, self.branch)
