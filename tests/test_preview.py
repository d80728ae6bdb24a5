# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a person sees of what an event would post."""

from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .generic_messages import captured, refunded, told
from .ledger_common import LedgerCommon


@tagged("post_install", "-at_install")
class TestPreview(LedgerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.viewer = new_test_user(
            cls.env,
            "viewer",
            groups="payment_hub.group_user",
            company_id=cls.company.id,
            company_ids=cls.company.ids,
        )

    def event(self, type_):
        return self.env["payment.hub.event"].search([("type", "=", type_)])

    def text(self, user=None, **shown):
        """What the dialog shows, opened as the web client does; nothing is stored."""
        dialog = self.env["payment.hub.preview.dialog"].with_user(user or self.env.user)
        form = Form(
            dialog.with_context(
                **{f"default_{name}": record.id for name, record in shown.items()}
            )
        )
        return str(form.content)

    def fee_rule(self):
        return self.env["payment.hub.mapping"].search(
            [("event_type", "=", "fee.charged")]
        )

    def test_posted_as_the_rules_say(self):
        self.deliver(told("fee.charged", "f", 2_00))
        text = self.text(event_id=self.event("fee.charged"))
        self.assertIn("The Same", text)
        self.assertIn(self.accounts["fee"].display_name, text)
        self.assertIn("Decides.", text)

    def test_rules_say_something_else_by_now(self):
        self.deliver(told("fee.charged", "f", 2_00))
        self.fee_rule().sudo().account_id = self.accounts["suspense"]
        text = self.text(event_id=self.event("fee.charged"))
        self.assertIn("Different", text)
        self.assertIn(self.accounts["fee"].display_name, text)
        self.assertIn(self.accounts["suspense"].display_name, text)

    def test_tells_in_which_entry_it_is_gathered(self):
        self.connection.granularity = "day"
        invoice = self.make_invoice(100.0)
        with freeze_time("2026-01-01 20:00:00"):
            self.deliver(captured(1, 100_00, invoice.name))
            text = self.text(event_id=self.event("payment.captured"))
        self.assertIn("Decided, Waits for Its Entry", text)
        self.assertIn("on 01/02/2026", text)
        # what waits has not taken the invoice away from itself
        self.assertIn("The Same", text)
        self.assertIn("In one entry with the others of 01/01/2026.", text)
        self.deliver(told("fee.charged", "f", 1_00))
        text = self.text(event_id=self.event("payment.captured"))
        self.assertNotIn("Waits", text)
        self.assertNotIn("Booked in one entry", text)
        self.assertIn("In one entry with the others of 01/01/2026.", text)

    def test_why_other_rows_do_not_decide(self):
        general = self.fee_rule()
        nearest = self.rule("fee.charged", self.accounts["fee"], currency="USD")
        late = self.rule("fee.charged", self.accounts["fee"], priority=20)
        euro = self.rule("fee.charged", self.accounts["fee"], currency="EUR")
        old = self.rule(
            "fee.charged", self.accounts["fee"], priority=30, valid_to="2025-12-31"
        )
        self.deliver(told("fee.charged", "f", 2_00))
        preview = self.env["payment.hub.preview"]
        (card,) = preview._preview(self.event("fee.charged")).cards
        why = dict(card.rules)
        self.assertEqual(card.decides, nearest)
        self.assertEqual(list(why)[:3], [nearest, general, late])
        self.assertIn("asks for less", why[general])
        self.assertIn("priority 20 comes after 10", why[late])
        self.assertIn("Currency Code EUR (the event: USD)", why[euro])
        self.assertIn("not valid on the day", why[old])

    def test_refusal_says_what_to_do(self):
        self.fee_rule().sudo().unlink()
        self.deliver(told("fee.charged", "f", 2_00))
        text = self.text(event_id=self.event("fee.charged"))
        fee = self.env["payment.hub.exception"].search([])
        self.assertEqual(fee.cause, "unmapped_event")
        self.assertIn(fee.suggestion[:40], text)
        self.assertIn("No row decides", text)

    def test_what_the_facts_hold(self):
        self.deliver(refunded(1, 1, 10_00))
        self.assertIn(
            "alert-warning", self.text(event_id=self.event("refund.succeeded"))
        )

    def test_no_entry(self):
        self.fee_rule().sudo().write({"treatment": "none", "account_id": False})
        self.deliver(told("fee.charged", "f", 2_00))
        self.assertIn("on purpose", self.text(event_id=self.event("fee.charged")))
        self.deliver(told("payout.paid", "po", 2_00))
        self.assertIn("moves no money", self.text(event_id=self.event("payout.paid")))

    def test_deposit_and_what_comes_of_it(self):
        self.rule("payment.captured", self.accounts["suspense"])
        self.deliver(captured(1, 100_00, "INV-LATER"))
        event = self.event("payment.captured")
        text = self.text(event_id=event)
        self.assertIn(
            self.env["payment.hub.exception"].search([]).suggestion[:40], text
        )
        self.assertIn("The Same", text)
        invoice = self.make_invoice(100.0, payment_reference="INV-LATER")
        text = self.text(event_id=event)
        self.assertIn("Still to Post", text)
        self.assertIn(invoice.name, text)

    def test_part_that_is_not_posted(self):
        """One kind of the fee is posted, one has no row, one needs no entry."""
        self.fee_rule().sudo().fee_kind = "scheme"
        self.rule("fee.charged", None, fee_kind="tax", treatment="none")
        fees = [
            {"kind": kind, "amount_minor": 1_00} for kind in ("fx", "scheme", "tax")
        ]
        self.deliver(
            told(
                "fee.charged",
                "f",
                3_00,
                settled=(0, 3_00, "USD"),
                settlement={"fees": fees},
            )
        )
        text = self.text(event_id=self.event("fee.charged"))
        self.assertIn("The Same", text)
        self.assertIn("on purpose", text)
        self.assertIn("alert-warning", text)

    def test_what_is_reversed_first(self):
        self.deliver(told("fee.charged", "f", 2_00))
        self.env["payment.hub.posting"].search([]).sudo().is_doubted = True
        text = self.text(event_id=self.event("fee.charged"))
        self.assertIn("reversed first", text)
        self.assertIn("Still to Post", text)

    def test_date_that_is_shifted(self):
        self.company.payment_hub_lock_policy = "next_open_day"
        self.company.fiscalyear_lock_date = "2026-01-31"
        self.deliver(told("fee.charged", "f", 2_00))
        self.assertIn("which is locked", self.text(event_id=self.event("fee.charged")))

    def test_capture_and_refund_with_their_documents(self):
        """What was posted is looked at as if it had not been."""
        invoice = self.make_invoice(100.0)
        self.company.payment_hub_underpayment = "exception"
        self.deliver(captured(1, 100_00, invoice.name), refunded(1, 1, 30_00))
        self.company.payment_hub_overpayment = "exception"
        for name in ("payment.captured", "refund.succeeded"):
            text = self.text(event_id=self.event(name))
            with self.subTest(name):
                self.assertIn("The Same", text)
                self.assertIn(invoice.name, text)
        self.assertEqual(invoice.amount_residual, 30.0)

    def test_credit_note_is_taken_again(self):
        invoice = self.make_invoice(100.0)
        self.deliver(captured(1, 100_00, invoice.name))
        note = self.make_invoice(30.0, "out_refund", reversed_entry_id=invoice.id)
        self.deliver(refunded(1, 1, 30_00))
        self.assertEqual(note.amount_residual, 0)
        text = self.text(event_id=self.event("refund.succeeded"))
        self.assertIn("The Same", text)
        self.assertIn(note.name, text)

    def test_reader_needs_no_other_rights(self):
        self.deliver(told("fee.charged", "f", 2_00))
        text = self.text(self.viewer, event_id=self.event("fee.charged"))
        self.assertIn(self.accounts["fee"].display_name, text)
        text = self.text(self.viewer, mapping_id=self.fee_rule())
        self.assertIn("fee:f:charged", text)

    def test_other_companies_stay_hidden(self):
        self.deliver(told("fee.charged", "f", 2_00))
        other = self.env["res.company"].sudo().create({"name": "Elsewhere"})
        stranger = new_test_user(
            self.env,
            "stranger",
            groups="payment_hub.group_user",
            company_id=other.id,
            company_ids=other.ids,
        )
        for shown in (
            {"event_id": self.event("fee.charged")},
            {"mapping_id": self.fee_rule()},
        ):
            with self.assertRaises(AccessError):
                self.text(stranger, **shown)

    def test_outsiders_see_nothing(self):
        self.deliver(told("fee.charged", "f", 2_00))
        outsider = new_test_user(self.env, "outsider2")
        with self.assertRaises(AccessError):
            self.text(outsider, event_id=self.event("fee.charged"))

    def test_what_waits_for_its_entry_is_the_same(self):
        """Its own part of the invoice is free for it, that of others is not."""
        self.connection.granularity = "day"
        self.company.payment_hub_underpayment = "partial"
        invoice = self.make_invoice(100.0)
        with freeze_time("2026-01-01 20:00:00"):
            self.deliver(
                captured(1, 60_00, invoice.name),
                captured(2, 40_00, invoice.name, at=1),
                refunded(1, 1, 10_00, at=2),
            )
            postings = self.env["payment.hub.posting"].search([])
            self.assertEqual(postings.mapped("is_waiting"), [True] * 3)
            preview = self.env["payment.hub.preview"]
            for event in postings.event_id:
                with self.subTest(event.display_name):
                    shown = preview._preview(event)
                    self.assertTrue(shown.is_same)
                    self.assertFalse(shown.is_to_come)
                    self.assertEqual([card.refusal for card in shown.cards], [None])
            self.company.payment_hub_underpayment = "exception"
            (second,) = self.events("ch-2")
            self.assertEqual(
                preview._preview(second).cards[0].refusal["detail"],
                f"{invoice.name} owes 50.0, the payment is 40.0 USD.",
            )

    def test_booked_beside_what_waits_for_its_entry(self):
        """What waits has taken its part of the invoice already."""
        invoice = self.make_invoice(100.0)
        with freeze_time("2026-01-01 20:00:00"):
            self.deliver(captured(1, 60_00, invoice.name))
            self.connection.granularity = "day"
            self.deliver(captured(2, 40_00, invoice.name, at=1))
            self.connection.granularity = "event"
            self.company.payment_hub_underpayment = "exception"
            shown = self.env["payment.hub.preview"]._preview(self.events("ch-1"))
        self.assertEqual([card.refusal for card in shown.cards], [None])
        self.assertTrue(shown.is_same)

    def events(self, object_id):
        return self.env["payment.hub.event"].search([("object_id", "=", object_id)])


@tagged("post_install", "-at_install")
class TestPreviewOfRow(LedgerCommon):
    def row(self, name="fee.charged"):
        return self.env["payment.hub.mapping"].search([("event_type", "=", name)])

    def text(self, row):
        dialog = self.env["payment.hub.preview.dialog"]
        return str(dialog.new({"mapping_id": row.id}).content)

    def test_latest_events_that_the_row_decides(self):
        for number in range(7):
            self.deliver(told("fee.charged", f"f{number}", 2_00, number))
        self.deliver(told("fee.charged", "euro", 2_00, 9, currency="EUR"))
        self.rule("fee.charged", self.accounts["fee"], currency="EUR")
        row = self.row().filtered(lambda one: not one.currency)
        events, _looked_at = row._latest_events()
        ids = events.mapped("object_id")
        self.assertEqual(ids, ["f6", "f5", "f4", "f3", "f2"])
        text = self.text(row)
        self.assertIn("fee:f6:charged", text)
        self.assertNotIn("fee:f1:charged", text)
        self.assertNotIn("euro", text)

    def test_row_that_decides_nothing(self):
        self.assertIn("no event yet", self.text(self.row()))
        self.deliver(told("fee.charged", "f", 2_00))
        general = self.row()
        self.rule("fee.charged", self.accounts["fee"], currency="USD")
        self.assertIn("none of the latest 1 events", self.text(general))
        general.sudo().active = False
        self.assertIn("archived", self.text(general))

    def test_validity(self):
        self.deliver(told("fee.charged", "f", 2_00))
        self.row().sudo().valid_from = "2026-01-02"
        self.assertIn("none of the latest", self.text(self.row()))
        self.row().sudo().valid_from = "2026-01-01"
        self.assertIn("fee:f:charged", self.text(self.row()))

    def test_events_booked_in_ninety_days(self):
        self.deliver(told("fee.charged", "f", 2_00), told("fee.charged", "g", 3_00))
        row, model = self.row(), "odoo.addons.payment_hub.models"
        at = datetime(2026, 1, 1, 10)
        for days, count in ((1, 2), (89, 2), (91, 0)):
            with patch(
                f"{model}.payment_hub_mapping_preview_mixin.fields.Datetime.now",
                return_value=at + timedelta(days=days),
            ):
                row.invalidate_recordset(["decided_count"])
                self.assertEqual(row.decided_count, count)
