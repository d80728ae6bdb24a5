# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A payout is what its events say, and its page leads from gross to bank."""

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .generic_messages import captured, refunded, told
from .ledger_common import SECRET, LedgerCommon

FIELDS = [
    "provider_ref",
    "object_type",
    "state",
    "amount_minor",
    "currency",
    "exponent",
    "bank_amount_minor",
    "bank_currency",
    "returned_minor",
    "batch",
    "occurred_at",
    "arrival_date",
]


def listed(gross, batch="B-1", currency="USD"):
    return {"settled": (gross, currency), "settlement": {"batch": batch}}


def sent(amount, ref="po-1", at=9, batch="B-1", **more):
    """The payout has left the balance."""
    if batch:
        more |= listed(-amount, batch)
    return told("payout.in_transit", ref, amount, at, **more)


@tagged("post_install", "-at_install")
class TestPayouts(LedgerCommon):
    def payout(self, ref="po-1"):
        return self.env["payment.hub.payout"].search([("provider_ref", "=", ref)])

    def deliver_batch(self):
        self.deliver(
            captured(1, 121_00, self.make_invoice(121.0).name, **listed(121_00)),
            refunded(1, 1, 20_00, **listed(-20_00)),
            told("fee.charged", "f", 2_00, **listed(-2_00)),
            told("reserve.held", "r", 10_00, **listed(-10_00)),
        )

    def bars(self, payout):
        payout.invalidate_recordset()
        return {bar["name"]: bar for bar in payout.waterfall["bars"]}

    def rows(self, model="payment.hub.payout", names=FIELDS):
        self.env.flush_all()
        rows = self.env[model].search([]).read(names, load=None)
        return sorted(({**row, "id": 0} for row in rows), key=str)

    def test_states(self):
        again = {"type": "payout", "id": "po-1", "leg": "again"}
        paid_again = again | {"leg": "paid_again"}
        for number, (message, state) in enumerate(
            (
                (told("payout.scheduled", "po-1", 89_00, 8), "scheduled"),
                (sent(89_00), "in_transit"),
                (told("payout.paid", "po-1", at=10), "paid"),
                (told("payout.failed", "po-1", 89_00, 11), "failed"),
                (sent(89_00, at=12, object=again), "in_transit"),
                (told("payout.paid", "po-1", at=12.5, object=paid_again), "paid"),
                (told("payout.reconciled", "po-1", at=13), "reconciled"),
            )
        ):
            with self.subTest(number):
                self.deliver(message)
                self.assertEqual(self.payout().state, state)
        self.assertEqual(len(self.payout().event_ids), 7)
        self.assertEqual(self.payout().returned, 89.0)

    def test_from_gross_to_bank(self):
        self.deliver_batch()
        self.deliver(sent(89_00))
        payout = self.payout()
        self.assertEqual((payout.batch, payout.amount), ("B-1", 89.0))
        bars = self.bars(payout)
        self.assertEqual(list(bars), ["gross", "refunds", "fees", "reserves", "payout"])
        self.assertIn("121.00", bars["gross"]["amount"])
        self.assertIn("89.00", bars["payout"]["amount"])
        self.assertEqual((bars["gross"]["left"], bars["gross"]["width"]), (0, 100))
        self.assertEqual(payout.proof_state, "proven")
        self.assertTrue(payout.is_fully_posted)

    def test_each_bar_opens_what_it_is_made_of(self):
        self.deliver_batch()
        self.deliver(sent(89_00))
        payout = self.payout()
        for name, types in {
            "gross": ["payment.captured"],
            "refunds": ["refund.succeeded"],
            "payout": ["payout.in_transit"],
        }.items():
            with self.subTest(name):
                action = payout.action_open_bar(name, "events")
                events = self.env["payment.hub.event"].search(action["domain"])
                self.assertEqual(events.mapped("type"), types)
                action = payout.action_open_bar(name, "entries")
                moves = self.env["account.move"].search(action["domain"])
                self.assertTrue(moves)
                self.assertEqual(moves, events.posting_ids.move_id)

    def test_what_is_not_posted(self):
        self.deliver_batch()
        self.deliver(captured(2, 7_00, **listed(7_00)), sent(96_00))
        payout = self.payout()
        bars = self.bars(payout)
        self.assertIn("7.00", bars["gross"]["unposted"])
        self.assertFalse(bars["fees"]["unposted"])
        self.assertIn("7.00", payout.unposted)
        self.assertEqual(payout.proof_state, "proven")
        self.assertFalse(payout.is_fully_posted)

    def test_movement_that_is_missing(self):
        self.deliver_batch()
        self.deliver(sent(90_00))
        payout = self.payout()
        self.assertEqual(payout.proof_state, "differs")
        self.assertIn("1.00", payout.proof)
        self.assertIn("1.00", self.bars(payout)["difference"]["amount"])

    def test_batch_before_its_payout(self):
        self.deliver_batch()
        alone = self.env["payment.hub.payout"].search([])
        self.assertEqual(alone.mapped("state"), ["open"])
        self.assertEqual(alone.proof_state, "open")
        self.assertIn("89.00", alone.proof)
        self.deliver(sent(89_00))
        self.assertEqual(self.env["payment.hub.payout"].search([]), self.payout())

    def test_batch_is_told_late(self):
        """The webhook comes first; weeks later a report tells the batch."""
        self.deliver(
            captured(1, 121_00, self.make_invoice(121.0).name),
            sent(121_00, batch=None),
            told("payout.paid", "po-1", at=10),
        )
        payout = self.payout()
        self.assertEqual((payout.batch, payout.proof_state), ("po-1", "unlisted"))
        self.assertFalse(payout.waterfall["bars"])
        self.deliver(captured(1, 121_00, **listed(121_00)))
        self.assertEqual(len(self.env["payment.hub.payout"].search([])), 2)
        self.deliver(sent(121_00))
        self.assertEqual(self.env["payment.hub.payout"].search([]), payout)
        payout.invalidate_recordset()
        self.assertEqual((payout.batch, payout.proof_state), ("B-1", "proven"))
        self.assertEqual(payout.state, "paid")

    def test_batch_named_like_its_payout(self):
        """As Stripe does; the payout itself need not be listed."""
        invoice = self.make_invoice(50.0).name
        self.deliver(
            captured(1, 50_00, invoice, **listed(50_00, "po-1")),
            sent(50_00, batch=None),
        )
        [payout] = self.env["payment.hub.payout"].search([])
        self.assertEqual((payout.state, payout.proof_state), ("in_transit", "proven"))
        self.assertTrue(payout.is_fully_posted)

    def test_paid_again_by_another_payout(self):
        """What came back is a movement of the batch that pays it again."""
        self.deliver_batch()
        self.deliver(
            sent(89_00),
            told("payout.failed", "po-1", 89_00, 10, **listed(89_00, "B-2")),
            sent(89_00, "po-2", 11, "B-2"),
        )
        first, second = self.payout(), self.payout("po-2")
        self.assertEqual((first.state, second.state), ("failed", "in_transit"))
        self.assertEqual(first.batch, "B-1")
        self.assertEqual((first.proof_state, second.proof_state), ("proven", "proven"))
        self.assertEqual(list(self.bars(second)), ["payouts", "payout"])
        action = second.action_open_bar("payouts", "events")
        events = self.env["payment.hub.event"].search(action["domain"])
        self.assertEqual(events.payout_id, first)

    def test_one_batch_in_two_currencies(self):
        euro = self.env.ref("base.EUR")
        self.add_balance(euro)
        self.deliver_batch()
        self.deliver(
            told(
                "fee.charged", "g", 3_00, currency="EUR", **listed(-3_00, "B-1", "EUR")
            ),
            sent(89_00),
        )
        alone = self.env["payment.hub.payout"].search([("object_type", "=", False)])
        self.assertEqual((alone.batch, alone.currency_id), ("B-1", euro))
        self.assertEqual(self.payout().proof_state, "proven")

    def test_carried_over(self):
        self.deliver_batch()
        self.deliver(
            told("settlement.carry_forward", "c-1", **listed(5_00)),
            told("settlement.carry_forward", "c-2", **listed(-4_00)),
            sent(90_00),
        )
        payout = self.payout()
        self.assertEqual(payout.proof_state, "proven")
        bars = self.bars(payout)
        self.assertEqual(list(bars)[0], "opening")
        self.assertFalse(bars["opening"]["unposted"])
        action = payout.action_open_bar("closing", "events")
        events = self.env["payment.hub.event"].search(action["domain"])
        self.assertEqual(events.object_id, "c-2")

    def test_rebuild(self):
        self.deliver_batch()
        self.deliver(
            sent(89_00, clocks=[{"kind": "value", "at": "2026-01-05T00:00:00Z"}]),
            told("payout.failed", "po-1", 89_00, 10, **listed(89_00, "B-2")),
        )
        before = self.rows()
        self.assertEqual(len(before), 2)
        self.assertEqual(str(self.payout().arrival_date), "2026-01-05")
        self.env["payment.hub.payout"].sudo()._rebuild(self.connection)
        self.assertEqual(self.rows(), before)

    def test_two_companies(self):
        other = self.setup_other_company()["company"]
        connection = self.make_connection(
            "Other Shop",
            other,
            provider="generic",
            secret_ids=[(0, 0, {"value": SECRET})],
        )
        self.deliver(sent(1_00))
        self.deliver(sent(2_00), connection=connection)
        payouts = self.payout()
        self.assertEqual(len(payouts), 2)
        user = new_test_user(
            self.env,
            "viewer",
            groups="payment_hub.group_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        seen = payouts.with_user(user).search([])
        self.assertEqual(seen.company_id, self.company)
        self.assertEqual(seen.proof_state, "unlisted")
        with self.assertRaises(AccessError):
            seen.write({"state": "paid"})
        with self.assertRaises(AccessError):
            (payouts - seen).with_user(user).read(["amount"])
