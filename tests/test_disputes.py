# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A dispute is what its events say: stage, deadline, money, end."""

from ast import literal_eval
from datetime import datetime

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tests.form import Form

from .generic_messages import captured, told
from .ledger_common import LedgerCommon

FIELDS = [
    "provider_ref",
    "payment_id",
    "stage",
    "state",
    "outcome",
    "amount_minor",
    "currency",
    "withdrawn_minor",
    "given_back_minor",
    "fee_amount_minor",
    "cycle",
    "opened_at",
    "due_at",
    "reason",
]
DUE = "2026-01-08T12:00:00Z"


def about(type_, at, amount=None, **more):
    return told(f"dispute.{type_}", "dp-1", amount, at, payment="pay-1", **more)


@tagged("post_install", "-at_install")
class TestDisputes(LedgerCommon):
    def setUp(self):
        super().setUp()
        self.deliver(captured(1, 121_00, self.make_invoice(121.0).name))

    def dispute(self):
        return self.env["payment.hub.dispute"].search([])

    def row(self):
        self.env.flush_all()
        [row] = self.dispute().read(FIELDS, load=None)
        return {**row, "id": 0}

    def test_from_opening_to_end(self):
        for number, (message, state, stage) in enumerate(
            (
                (about("inquiry_opened", 1), "needs_response", "inquiry"),
                (about("opened", 2, reason="fraud"), "needs_response", "chargeback"),
                (about("funds_withdrawn", 2, 121_00), "needs_response", "chargeback"),
                (about("evidence_submitted", 3), "under_review", "representment"),
                (about("won", 4), "won", "closed"),
                (about("funds_reinstated", 4, 121_00), "won", "closed"),
                (about("escalated", 5, 121_00), "needs_response", "second_chargeback"),
                (about("lost", 6), "lost", "closed"),
            )
        ):
            with self.subTest(number):
                self.deliver(message)
                dispute = self.dispute()
                self.assertEqual((dispute.state, dispute.stage), (state, stage))
        self.assertEqual((dispute.outcome, dispute.reason), ("lost", "fraud"))
        self.assertEqual(dispute.cycle, 3, "as an inquiry, and as two chargebacks")
        self.assertEqual((dispute.withdrawn, dispute.given_back), (242.0, 121.0))
        self.assertEqual(dispute.payment_id.provider_ref, "pay-1")
        self.assertEqual(dispute.payment_id.dispute_ids, dispute)
        self.assertEqual(dispute.partner_id, self.customer)
        self.assertIn("dispute_loss", dispute.posting_ids.mapped("kind"))

    def test_fee_and_deadline(self):
        fee = told(
            "fee.charged",
            "dp-1",
            15_00,
            1,
            payment="pay-1",
            object={"type": "dispute", "id": "dp-1", "leg": "fee"},
        )
        self.deliver(fee)
        self.assertEqual(self.dispute().state, "notice")
        self.deliver(
            about("opened", 1, evidence_due_at=DUE),
            about("funds_withdrawn", 1, 121_00),
        )
        dispute = self.dispute()
        self.assertEqual((dispute.fee, dispute.amount), (15.0, 121.0))
        self.assertEqual(dispute.due_at, datetime(2026, 1, 8, 12))

    def test_filters(self):
        self.deliver(about("opened", 1, evidence_due_at=DUE))
        view = self.env.ref("payment_hub.payment_hub_dispute_view_search")
        [overdue] = view._get_combined_arch().xpath("//filter[@name='overdue']/@domain")
        for now, found in (("2026-01-08 11:59", 0), ("2026-01-08 12:01", 1)):
            with freeze_time(now):
                self.assertEqual(
                    self.dispute().search_count(literal_eval(overdue)), found
                )

    def test_rebuild(self):
        self.deliver(
            about("opened", 1, evidence_due_at=DUE, reason="fraud"),
            about("funds_withdrawn", 1, 121_00),
            about("escalated", 5, 121_00),
        )
        before = self.row()
        self.assertEqual((before["cycle"], before["currency"]), (2, "USD"))
        self.env["payment.hub.dispute"].sudo()._rebuild(self.connection)
        self.assertEqual(self.row(), before)

    def test_board_shows_the_usual_stages(self):
        board = self.env["payment.hub.dispute"].with_context(read_group_expand=True)
        self.deliver(about("escalated", 5, 121_00))
        groups = board.web_read_group([], ["stage"])["groups"]
        self.assertEqual(
            [group["stage"] for group in groups],
            [
                "inquiry",
                "chargeback",
                "representment",
                "second_chargeback",
                "closed",
            ],
        )

    def test_pages(self):
        self.deliver(about("opened", 1, evidence_due_at=DUE))
        with Form(self.dispute()) as page:
            self.assertEqual(page.state, "needs_response")
        action = self.dispute().payment_id.action_open_disputes()
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found, self.dispute())
