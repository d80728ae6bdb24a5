# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A fee of several kinds: each kind by its own rule."""

import runpy

from odoo.tests import tagged
from odoo.tools import file_path

from .generic_messages import in_batch, told
from .test_entry_policies import PolicyCommon


@tagged("post_install", "-at_install")
class TestFeesByKind(PolicyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for kind in ("interchange", "scheme", "markup"):
            cls.accounts[kind] = cls.make_account(kind, "expense")
            cls.rule("fee.charged", cls.accounts[kind], fee_kind=kind)

    def fee(self, total=10_00, **kinds):
        fees = [{"kind": kind, "amount_minor": kinds[kind]} for kind in kinds]
        return told(
            "fee.charged",
            "f",
            total,
            settled=(0, total, "USD"),
            settlement={"fees": fees} if fees else {},
        )

    def keys(self):
        live = self.posting().filtered(lambda one: not one.is_reversed)
        return sorted(live.mapped("posting_key"))

    def test_three_kinds_on_three_accounts(self):
        due, deductible = self.make_account("Due"), self.make_account("Deductible")
        rule = self.env["payment.hub.mapping"].search([("fee_kind", "=", "markup")])
        rule.sudo().tax_ids = self.tax((100, deductible), (-100, due))
        self.deliver(self.fee(interchange=5_00, scheme=3_00, markup=2_00))
        self.assertBooked(
            clearing=-10_00, fee=0, interchange=5_00, scheme=3_00, markup=2_00
        )
        self.assertEqual((self.minor(deductible), self.minor(due)), (42, -42))
        key = "fee:f:charged"
        self.assertEqual(
            self.keys(), [f"{key}:interchange", f"{key}:markup", f"{key}:scheme"]
        )
        by_kind = {posting.fee_kind: posting for posting in self.posting()}
        self.assertEqual(by_kind["markup"].mapping_version_id, rule.version_id)
        self.assertEqual(by_kind["scheme"].far_line_id.name, "fee.charged f (scheme)")

    def repaid(self, amount=90_00, **more):
        """A repayment of 90.00 with 10.00 of interest, and the interest."""
        fees = [{"kind": "interest", "amount_minor": 10_00}]
        settlement = {"settlement": {"fees": fees, **more}}
        own = {"type": "advance", "id": "loan-1", "leg": "fee"}
        return (
            told(
                "advance.repaid",
                "loan-1",
                amount,
                settled=(-90_00, 10_00, "USD"),
                **settlement,
            ),
            told(
                "fee.charged",
                "loan-1",
                10_00,
                object=own,
                settled=(-90_00, 10_00, "USD"),
                **settlement,
            ),
        )

    def interest(self):
        self.accounts["interest"] = self.make_account("interest", "expense")
        self.rule("fee.charged", self.accounts["interest"], fee_kind="interest")

    def test_interest_of_a_repayment(self):
        self.interest()
        self.deliver(*self.repaid())
        wanted = {"clearing": -100_00, "loan": 90_00, "interest": 10_00, "fee": 0}
        self.assertBooked(**wanted)
        self.deliver(*self.repaid())
        self.assertBooked(**wanted)

    def test_amount_of_a_repayment_with_the_interest(self):
        """One source tells all that left, another one what of it the interest is."""
        sources = told("advance.repaid", "loan-1", 100_00), self.repaid(100_00)[0]
        for order in (sources, sources[::-1]):
            with self.subTest(order[0]), self.env.cr.savepoint() as savepoint:
                for message in order:
                    self.deliver(message)
                self.assertEqual(self.open_causes(), ["malformed"])
                exception = self.env["payment.hub.exception"].search([])
                self.assertEqual(exception.path, "data.amount")
                self.assertEqual(
                    self.balances("clearing", "loan", "fee"),
                    {"clearing": -100_00, "loan": 100_00, "fee": 0},
                )
                savepoint.rollback()
                self.env.invalidate_all()

    def test_interest_of_a_repayment_in_a_settlement(self):
        self.interest()
        self.connection.granularity = "settlement"
        self.deliver(
            told("advance.disbursed", "loan-1", 150_00, **in_batch("po-1", 150_00)),
            *self.repaid(batch="po-1"),
        )
        self.assertBooked(clearing=0, loan=0, interest=0)
        self.deliver(
            told("payout.in_transit", "po-1", 50_00, 9, **in_batch("po-1", -50_00))
        )
        self.assertBooked(
            clearing=0, loan=-60_00, interest=10_00, fee=0, payout_transit=50_00
        )

    def test_kind_without_a_row_of_its_own(self):
        self.deliver(self.fee(interchange=9_00, other=1_00))
        self.assertBooked(clearing=-10_00, interchange=9_00, fee=1_00)

    def test_one_kind_keeps_the_event_s_key(self):
        self.deliver(self.fee(scheme=10_00))
        self.assertBooked(clearing=-10_00, scheme=10_00)
        self.assertEqual(self.keys(), ["fee:f:charged"])

    def test_rebate(self):
        self.deliver(self.fee(interchange=12_00, markup=-2_00))
        self.assertBooked(clearing=-10_00, interchange=12_00, markup=-2_00)

    def test_kinds_that_are_learnt_later(self):
        """It is corrected once, whichever source comes again."""
        self.deliver(self.fee())
        self.assertBooked(clearing=-10_00, fee=10_00)
        first = self.posting()
        self.deliver(self.fee(interchange=6_00, scheme=4_00))
        self.assertBooked(clearing=-10_00, fee=0, interchange=6_00, scheme=4_00)
        self.assertTrue(first.is_reversed)
        self.assertEqual(first.reversal_move_id.reversed_entry_id, first.move_id)
        self.deliver(self.fee())
        self.assertEqual(len(self.posting()), 3)

    def test_one_kind_whichever_source_came_first(self):
        """A kind that is learnt later has its own rule; it is not forgotten again."""
        self.deliver(told("fee.charged", "f", 10_00))
        first = self.posting()
        self.assertBooked(clearing=-10_00, fee=10_00)
        self.deliver(self.fee(scheme=10_00))
        self.assertBooked(clearing=-10_00, fee=0, scheme=10_00)
        self.assertTrue(first.is_reversed)
        self.deliver(told("fee.charged", "f", 10_00), self.fee(scheme=10_00))
        self.assertBooked(clearing=-10_00, fee=0, scheme=10_00)
        self.assertEqual(len(self.posting()), 2)

    def test_kinds_that_19_0_1_3_0_did_not_store(self):
        """What was posted then is what is posted now: nothing is corrected."""
        self.deliver(self.fee(scheme=10_00))
        posting = self.posting()
        digest = posting.digest
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE payment_hub_posting SET fee_kind = NULL, digest = %s",
            [digest.removesuffix("|scheme")],
        )
        self.env.invalidate_all()
        script = file_path("payment_hub/migrations/19.0.1.4.0/post-migration.py")
        runpy.run_path(script)["migrate"](self.env.cr, "19.0.1.3.0")
        self.env.invalidate_all()
        self.assertEqual((posting.fee_kind, posting.digest), ("scheme", digest))
        self.deliver(self.fee(scheme=10_00))
        self.assertEqual(self.posting(), posting)
        self.assertFalse(posting.is_reversed)

    def test_one_kind_lacks_a_row(self):
        """The others are posted; what is missing follows when there is a row."""
        rules = self.env["payment.hub.mapping"].sudo()
        rules.search(
            [("event_type", "=", "fee.charged"), ("fee_kind", "=", False)]
        ).unlink()
        self.deliver(self.fee(interchange=9_00, other=1_00))
        self.assertEqual(self.open_causes(), ["unmapped_event"])
        self.assertEqual(
            self.balances("clearing", "interchange"),
            {"clearing": -9_00, "interchange": 9_00},
        )
        self.rule("fee.charged", self.accounts["fee"], fee_kind="other")
        self.env["payment.hub.exception"].search([]).action_retry()
        self.drain()
        self.assertBooked(clearing=-10_00, interchange=9_00, fee=1_00)

    def test_no_entry_for_one_kind(self):
        self.rule("fee.charged", None, fee_kind="tax", treatment="none")
        self.deliver(self.fee(interchange=9_00, tax=1_00))
        self.assertBooked(clearing=-9_00, interchange=9_00)

    def test_row_shows_the_fees_that_hold_its_kind(self):
        self.deliver(self.fee(interchange=6_00, scheme=4_00))
        for kind, count in (("scheme", 1), ("markup", 0)):
            row = self.env["payment.hub.mapping"].search([("fee_kind", "=", kind)])
            events, _looked_at = row._latest_events()
            self.assertEqual(len(events), count)
            if events:
                text = str(
                    self.env["payment.hub.preview.dialog"]
                    .new({"mapping_id": row.id})
                    .content
                )
                self.assertIn(self.accounts["scheme"].display_name, text)
                self.assertNotIn(self.accounts["interchange"].display_name, text)
