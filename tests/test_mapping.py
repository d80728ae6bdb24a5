# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which row decides."""

from datetime import date

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..engine import events, mapping, planner
from ..engine.effects import EFFECTS, ROLES
from ..models import (
    mapping_treatments,
    payment_hub_mapping,
)
from .mapping_common import MappingCommon

DAY = date(2026, 1, 15)


@tagged("post_install", "-at_install")
class TestMapping(MappingCommon):
    def choose(self, event_type="fee.charged", day=DAY, company=None, **criteria):
        """The row for an event of the connection, unless told otherwise."""
        known = {"connection": self.connection.id, "event_type": event_type}
        company = company or self.company
        return self.Mapping._choose(company, {**known, **criteria}, day)

    # === which row ===

    def test_keys_are_the_engine_s(self):
        self.assertEqual({*self.Mapping._rule_keys}, {*mapping.KEYS})
        for name, _label in payment_hub_mapping.FEE_KINDS:
            self.assertRegex(events.Fee.__doc__, rf"\b{name}\b")
        stages = {stage for stage, _label in payment_hub_mapping.DISPUTE_STAGES}
        self.assertEqual(stages, {*events.DISPUTE_STAGES})
        self.assertEqual(mapping_treatments.LOSSES, planner._LOST)
        self.assertEqual({role for role, _label in mapping_treatments.ROLES}, {*ROLES})

    def test_every_key_selects(self):
        values = {
            "connection": ("connection_id", self.connection.id, self.connection.id),
            "provider_code": ("provider_code", "stripe_fee", "stripe_fee"),
            "method": ("method", "card", "card"),
            "scheme": ("scheme", "visa", "visa"),
            "currency": ("currency", "EUR", "EUR"),
            "country": ("country_id", self.env.ref("base.be").id, "BE"),
            "fee_kind": ("fee_kind", "scheme", "scheme"),
            "dispute_stage": ("dispute_stage", "chargeback", "chargeback"),
            "connected_account": ("connected_account", "acct_1", "acct_1"),
        }
        self.assertEqual({*values, "event_type"}, {*mapping.KEYS})
        for key, (field, stored, told) in values.items():
            with self.subTest(key=key):
                row = self.make_row(**{field: stored})
                self.assertEqual(
                    row._criteria(), {"event_type": "fee.charged", key: told}
                )
                self.assertEqual(self.choose(**{key: told}), row)
                self.assertFalse(self.choose(**{key: "another"}))
                row.unlink()

    def test_the_most_specific_row_wins_and_priority_wins_over_it(self):
        general = self.make_row()
        special = self.make_row(scheme="visa", account_id=self.other_fees.id)
        self.assertEqual(self.choose(), general)
        self.assertEqual(self.choose(scheme="visa"), special)
        self.assertFalse(self.choose("fee.refunded"))
        general.priority = 1
        self.assertEqual(self.choose(scheme="visa"), general)

    def test_a_row_counts_on_its_days_only(self):
        """Fees carried Italian VAT up to a day, and none from the next one on."""
        old = self.make_row(valid_to="2025-06-30")
        new = self.make_row(valid_from="2025-07-01", account_id=self.other_fees.id)
        self.assertEqual(self.choose(day=date(2025, 6, 30)), old)
        self.assertEqual(self.choose(day=date(2025, 7, 1)), new)
        with self.assertRefusal("tie"):
            old.valid_to = "2025-07-01"

    def test_archived_rows_and_those_of_other_companies_do_not_count(self):
        row = self.make_row()
        other = self.other_company()["company"]
        self.assertFalse(self.choose(company=other))
        row.active = False
        self.assertFalse(self.choose())

    def test_asking_costs_no_query_and_changes_count_at_once(self):
        row = self.make_row()
        self.assertEqual(self.choose(), row)
        with self.assertQueryCount(0):
            for _time in range(100):
                self.choose(scheme="visa")
        special = self.make_row(scheme="visa")
        self.assertEqual(self.choose(scheme="visa"), special)
        special.scheme = "amex"
        self.assertEqual(self.choose(scheme="visa"), row)
        row.unlink()
        self.assertFalse(self.choose(scheme="visa"))

    def test_what_a_rollback_took_back_does_not_count(self):
        row = self.make_row()
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            row.active = False
            self.assertFalse(self.choose())
            1 / 0  # noqa: B018
        self.assertEqual(self.choose(), row)

    def test_codes_are_kept_as_events_tell_them(self):
        row = self.make_row(currency=" eur", method="Card ", connected_account=" A1 ")
        self.assertEqual(
            (row.currency, row.method, row.connected_account), ("EUR", "card", "A1")
        )
        row.scheme = "  "
        self.assertFalse(row.scheme)
        self.assertEqual(row.specificity, 4)

    # === ties ===

    def test_ties_are_refused(self):
        row = self.make_row()
        with self.assertRefusal(r"“fee\.charged” and “fee\.charg"):
            self.make_row()
        self.make_row(scheme="visa")
        with self.assertRefusal("Priority"):
            self.make_row(method="card")
        self.make_row(method="card", priority=5)
        self.make_row(method="card", scheme="visa")
        with self.assertRaises(ValidationError):
            self.Mapping.create(
                [
                    {"treatment": "none", "scheme": scheme, "priority": 50}
                    for scheme in ("visa", "visa")
                ]
            )
        copy = row.copy()
        self.assertFalse(copy.active)
        with self.assertRefusal("tie"):
            copy.active = True

    def test_rows_of_two_companies_do_not_tie(self):
        self.make_row(treatment="none")
        other = self.other_company()["company"]
        self.assertTrue(self.make_row(treatment="none", company_id=other.id))


@tagged("post_install", "-at_install")
class TestTreatments(MappingCommon):
    def test_each_type_of_event_has_a_treatment_that_books(self):
        for name in mapping_treatments.POSTABLE:
            with self.subTest(type=name):
                first = mapping_treatments.treatments_of(name)[0]
                self.assertNotIn(first, mapping_treatments.WITHOUT_ENTRY)
                if mapping_treatments.needs_account(name, first):
                    self.assertTrue(mapping_treatments.takes_account(name, first))
        self.assertEqual(mapping_treatments.treatments_of(False), ("none", "manual"))

    def test_built_in_are_the_balance_and_what_goes_back(self):
        built_in = {
            name
            for name in mapping_treatments.POSTABLE
            if mapping_treatments.is_built_in(name)
        }
        self.assertEqual(
            {EFFECTS[name].role for name in built_in},
            {*mapping_treatments.BUILT_IN_ROLES, "dispute_hold"},
        )
        self.assertIn("dispute.funds_reinstated", built_in)
        self.assertNotIn("dispute.lost", built_in)
