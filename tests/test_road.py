# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The main road: from a stored delivery to a reconciled invoice."""

import itertools
from datetime import date

from odoo.tests import tagged

from . import stripe_messages as stripe
from .common import PaymentHubCommon


@tagged("post_install", "-at_install")
class TestCapture(PaymentHubCommon):
    def test_capture_pays_the_invoice(self):
        invoice = self.make_invoice(121.0)
        delivery = self.deliver(stripe.captured(1, 12100, invoice.name))

        payment = self.payment(1)
        posting = payment.posting_ids
        self.assertEqual(delivery.state, "done")
        self.assertEqual(payment.state, "captured")
        self.assertEqual(payment.posting_state, "posted")
        self.assertEqual(payment.invoice_id, invoice)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(posting.kind, "capture")
        self.assertEqual(posting.date, date(2026, 1, 1))
        self.assertEqual(posting.move_id.date, date(2026, 1, 1))
        self.assertEqual(posting.move_id.journal_id, self.connection.journal_id)
        self.assertEqual(
            posting.account_payment_id.outstanding_account_id,
            self.connection.clearing_account_id,
        )
        self.assertEqual(self.clearing_minor(), 12100)
        self.assertFalse(self.open_causes())

    def test_two_messages_about_one_capture_are_one_event(self):
        invoice = self.make_invoice(121.0)
        self.deliver(
            stripe.captured(1, 12100, invoice.name),
            stripe.charged(1, 12100, invoice.name, created=stripe.T0 + 1),
        )
        event = self.payment(1).event_ids
        self.assertEqual(len(event), 1)
        self.assertEqual(len(event.attestation_ids), 2)
        self.assertEqual(event.attestation_ids.mapped("agrees"), [True, True])
        self.assertEqual(self.clearing_minor(), 12100)

    def test_second_attestation_in_a_later_batch_posts_nothing(self):
        invoice = self.make_invoice(121.0)
        self.deliver(stripe.captured(1, 12100, invoice.name))
        self.deliver(stripe.charged(1, 12100, invoice.name))
        self.assertEqual(len(self.payment(1).posting_ids), 1)
        self.assertEqual(self.clearing_minor(), 12100)

    def test_duplicate_delivery_is_stored_once(self):
        invoice = self.make_invoice(121.0)
        body = stripe.captured(1, 12100, invoice.name)
        self.assertEqual(len(self.receive(body, body, body)), 1)

    def test_earliest_attestation_dates_the_entry_in_any_order(self):
        before_midnight = stripe.T0 + 14 * 3600 - 1
        for number, order in enumerate([(0, 1), (1, 0)]):
            invoice = self.make_invoice(121.0)
            messages = [
                stripe.captured(number, 12100, invoice.name, before_midnight),
                stripe.charged(number, 12100, invoice.name, before_midnight + 1),
            ]
            self.deliver(*(messages[position] for position in order))
            self.assertEqual(self.payment(number).posting_ids.date, date(2026, 1, 1))

    def test_processing_again_adds_nothing(self):
        invoice = self.make_invoice(121.0)
        delivery = self.deliver(stripe.captured(1, 12100, invoice.name))
        delivery.action_process_again()
        delivery.action_process_again()
        self.assertEqual(len(self.payment(1).posting_ids), 1)
        self.assertFalse(self.open_causes())
        self.assertEqual(self.clearing_minor(), 12100)
        self.assertEqual(len(self.payment(1).event_ids.attestation_ids), 1)

    def test_amount_received_counts_not_amount(self):
        invoice = self.make_invoice(121.0)
        self.deliver(stripe.captured(1, 12100, invoice.name, amount_received=6000))
        self.assertEqual(self.clearing_minor(), 6000)
        self.assertEqual(invoice.payment_state, "partial")

    def test_amounts_that_floats_cannot_hold(self):
        cents = [29, 57, 58, 115, 1_001_029]
        invoices = [self.make_invoice(amount / 100) for amount in cents]
        self.deliver(
            *(
                stripe.captured(amount, amount, invoice.name)
                for amount, invoice in zip(cents, invoices, strict=True)
            )
        )
        self.assertEqual({invoice.payment_state for invoice in invoices}, {"paid"})
        self.assertEqual(self.clearing_minor(), sum(cents))

    def test_two_captures_of_one_payment(self):
        invoice = self.make_invoice(121.0)
        self.deliver(stripe.charged("a", 6000, invoice.name, payment_intent="pi_1"))
        self.deliver(stripe.charged("b", 6100, payment_intent="pi_1"))
        self.assertEqual(self.payment(1).captured_minor, 12100)
        self.assertEqual(invoice.payment_state, "paid")

    def test_authorization_posts_nothing(self):
        intent = stripe.payment_intent(
            1, 12100, status="requires_capture", amount_capturable=12100
        )
        self.deliver(stripe.event("payment_intent.amount_capturable_updated", intent))
        self.assertEqual(self.payment(1).state, "authorized")
        self.assertEqual(self.payment(1).posting_state, "not_required")
        self.assertEqual(self.clearing_minor(), 0)

    def test_batch_goes_on_around_what_does_not_fit(self):
        fits = [self.make_invoice(10.0) for _ in range(3)]
        small = self.make_invoice(5.0)
        self.deliver(
            stripe.captured(1, 1000, fits[0].name),
            stripe.captured(2, 1000, "INV/9999/00001"),
            stripe.captured(3, 1000, fits[1].name),
            stripe.captured(4, 1000, small.name),
            b"no JSON",
            stripe.captured(5, 1000, fits[2].name),
        )
        self.assertEqual({i.payment_state for i in fits}, {"paid"})
        self.assertEqual(
            self.open_causes(), ["amount_mismatch", "invoice_not_found", "malformed"]
        )
        self.assertEqual(self.clearing_minor(), 3000)


@tagged("post_install", "-at_install")
class TestRefund(PaymentHubCommon):
    def test_refund_reopens_the_invoice_without_credit_note(self):
        invoice = self.make_invoice(121.0)
        self.deliver(stripe.captured(1, 12100, invoice.name))
        self.deliver(stripe.refunded(1, 1, 2000))
        self.assertEqual(self.payment(1).state, "partially_refunded")
        self.assertEqual(invoice.payment_state, "partial")
        self.assertEqual(invoice.amount_residual, 20.0)
        self.assertEqual(self.clearing_minor(), 10100)

    def test_refund_is_reconciled_with_the_credit_note(self):
        invoice = self.make_invoice(121.0)
        self.deliver(stripe.captured(1, 12100, invoice.name))
        note = self.make_invoice(20.0, "out_refund", reversed_entry_id=invoice.id)
        self.deliver(stripe.refunded(1, 1, 2000))
        self.assertEqual(note.payment_state, "paid")
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self.clearing_minor(), 10100)

    def test_two_refunds_of_one_batch_take_a_credit_note_each(self):
        outcomes = []
        for number, is_batch in enumerate([True, False]):
            invoice = self.make_invoice(121.0)
            notes = [
                self.make_invoice(20.0, "out_refund", reversed_entry_id=invoice.id)
                for _ in range(2)
            ]
            self.deliver(stripe.captured(number, 12100, invoice.name))
            refunds = [
                stripe.refunded(f"{number}{index}", number, 2000) for index in (1, 2)
            ]
            for bodies in [refunds] if is_batch else [[body] for body in refunds]:
                self.deliver(*bodies)
            outcomes.append([note.amount_residual for note in notes])
        self.assertEqual(outcomes, [[0, 0], [0, 0]])

    def test_second_refund_of_a_batch_without_note_reopens_the_invoice(self):
        invoice = self.make_invoice(121.0)
        note = self.make_invoice(20.0, "out_refund", reversed_entry_id=invoice.id)
        invoice.line_ids.remove_move_reconcile()
        self.deliver(stripe.captured(1, 12100, invoice.name))
        self.deliver(stripe.refunded(1, 1, 2000), stripe.refunded(2, 1, 2000))
        self.assertEqual((note.amount_residual, invoice.amount_residual), (0, 20))

    def test_charge_reversal_and_refund_give_one_balance_in_any_order(self):
        outcomes = set()
        for run, order in enumerate(itertools.permutations(range(3))):
            self.refresh_statistics()
            invoice = self.make_invoice(121.0)
            reversal = stripe.charge(
                run, 12100, status="failed", failure_balance_transaction="txn_1"
            )
            messages = [
                stripe.captured(run, 12100, invoice.name),
                stripe.refunded(run, run, 2000),
                stripe.event("charge.failed", reversal, stripe.T0 + 7200),
            ]
            before = self.clearing_minor()
            for position in order:
                self.deliver(messages[position])
            open_lines = self.payment(run).posting_ids.move_id.line_ids.filtered(
                lambda line: line.account_type == "asset_receivable"
            )
            residual = sum(open_lines.mapped("amount_residual"))
            outcomes.add((self.clearing_minor() - before, residual))
        self.assertEqual(outcomes, {(-2000, 20.0)})
        self.assertEqual(set(self.open_causes()), {"more_returned"})

    def test_refund_that_names_only_the_charge(self):
        for number, order in enumerate([(0, 1), (1, 0)]):
            invoice = self.make_invoice(121.0)
            messages = [
                stripe.captured(number, 12100, invoice.name),
                stripe.refunded(number, number, 2000, payment_intent=None),
            ]
            for position in order:
                self.deliver(messages[position])
            payment = self.env["payment.hub.payment"].search(
                [("reference_ids.value", "=", f"ch_{number}")]
            )
            self.assertEqual(payment.state, "partially_refunded")
            self.assertEqual(invoice.amount_residual, 20.0)
        self.assertFalse(self.open_causes())

    def test_charge_of_a_refund_counts_whoever_tells_it(self):
        for number, order in enumerate([(0, 1), (1, 0)]):
            messages = [
                stripe.refunded(number, number, 2000, charge=None),
                stripe.refunded(number, number, 2000),
            ]
            self.deliver(stripe.captured(number, 12100))
            for position in order:
                self.deliver(messages[position])
            refund = self.env["payment.hub.event"].search(
                [("economic_key", "=", f"refund:re_{number}:succeeded")]
            )
            self.assertEqual(refund.parent, f"ch_{number}")
            self.assertEqual(len(refund.attestation_ids), 2)

    def test_refund_of_a_capture_that_was_reset_to_draft_is_held(self):
        invoice = self.make_invoice(121.0)
        self.deliver(stripe.captured(1, 12100, invoice.name))
        self.payment(1).posting_ids.account_payment_id.action_draft()
        refund = self.deliver(stripe.refunded(1, 1, 2000))
        self.assertEqual(refund.state, "waiting")
        self.assertEqual(self.clearing_minor(), 0)

    def test_refund_when_the_invoice_was_cancelled(self):
        invoice = self.make_invoice(121.0)
        self.deliver(stripe.captured(1, 6000, invoice.name))
        invoice.button_draft()
        invoice.button_cancel()
        self.deliver(stripe.refunded(1, 1, 2000))
        self.assertFalse(self.open_causes())
        self.assertEqual(self.clearing_minor(), 4000)

    def test_two_refunds(self):
        invoice = self.make_invoice(121.0)
        self.deliver(
            stripe.captured(1, 12100, invoice.name),
            stripe.refunded(1, 1, 2000),
            stripe.refunded(2, 1, 3000),
        )
        self.assertEqual(invoice.amount_residual, 50.0)
        self.assertEqual(self.clearing_minor(), 7100)
        self.assertEqual(len(self.payment(1).posting_ids), 3)

    def test_refund_that_fails_later_settles_the_invoice_again(self):
        invoice = self.make_invoice(121.0)
        self.deliver(
            stripe.captured(1, 12100, invoice.name), stripe.refunded(1, 1, 2000)
        )
        failed = stripe.refund(1, 1, 2000, status="failed")
        self.deliver(stripe.event("refund.failed", failed, stripe.T0 + 7200))
        self.assertEqual(self.clearing_minor(), 12100)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self.open_causes(), ["refund_failed"])
        self.assertEqual(self.payment(1).posting_state, "posted")

    def test_failed_refund_reopens_the_credit_note(self):
        invoice = self.make_invoice(121.0)
        self.deliver(stripe.captured(1, 12100, invoice.name))
        note = self.make_invoice(20.0, "out_refund", reversed_entry_id=invoice.id)
        self.deliver(stripe.refunded(1, 1, 2000))
        failed = stripe.refund(1, 1, 2000, status="failed")
        self.deliver(stripe.event("refund.failed", failed, stripe.T0 + 7200))
        self.assertEqual(note.amount_residual, 20.0)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self.clearing_minor(), 12100)

    def test_refund_before_capture_waits_and_is_posted_with_it(self):
        invoice = self.make_invoice(121.0)
        refund = self.deliver(stripe.refunded(1, 1, 2000))
        self.assertEqual(refund.state, "waiting")
        self.assertTrue(refund.next_at)
        self.assertFalse(self.open_causes())
        self.deliver(stripe.captured(1, 12100, invoice.name))
        self.assertEqual(refund.state, "done")
        self.assertEqual(self.clearing_minor(), 10100)
        self.assertEqual(invoice.amount_residual, 20.0)

    def test_refund_whose_capture_never_comes_becomes_an_exception(self):
        refund = self.deliver(stripe.refunded(1, 1, 2000))
        event = self.payment(1).event_ids
        self.env.cr.execute(
            "UPDATE payment_hub_event SET create_date = create_date"
            " - interval '25 hours' WHERE id = %s",
            [event.id],
        )
        event.invalidate_recordset()
        refund.sudo().next_at = False
        self.drain()
        self.assertEqual(self.open_causes(), ["parent_missing"])
        self.assertEqual(refund.state, "exception")

    def test_charge_refunded_without_refunds_waits_for_the_refund(self):
        invoice = self.make_invoice(121.0)
        self.deliver(stripe.captured(1, 12100, invoice.name))
        report = self.deliver(
            stripe.event(
                "charge.refunded",
                stripe.charge(1, 12100, amount_refunded=2000),
                stripe.T0 + 3600,
            )
        )
        self.assertEqual(report.state, "waiting")
        self.assertEqual(self.clearing_minor(), 12100)
        self.deliver(stripe.refunded(1, 1, 2000))
        self.assertEqual(report.state, "done")
        self.assertEqual(self.clearing_minor(), 10100)

    def test_every_order_gives_the_same_ledger(self):
        outcomes = set()
        for run, order in enumerate(itertools.permutations(range(4))):
            self.refresh_statistics()
            invoice = self.make_invoice(121.0)
            number = f"o{run}"
            messages = [
                stripe.captured(number, 12100, invoice.name),
                stripe.charged(number, 12100, invoice.name),
                stripe.refunded(number, number, 2000),
                stripe.event(
                    "charge.refunded",
                    stripe.charge(number, 12100, amount_refunded=2000),
                    stripe.T0 + 3600,
                ),
            ]
            before = self.clearing_minor()
            for position in order:
                self.deliver(messages[position])
            payment = self.payment(number)
            outcomes.add(
                (
                    payment.state,
                    payment.posting_state,
                    tuple(sorted(payment.posting_ids.mapped("kind"))),
                    self.clearing_minor() - before,
                    invoice.amount_residual,
                )
            )
        self.assertEqual(
            outcomes,
            {("partially_refunded", "posted", ("capture", "refund"), 10100, 20.0)},
        )
        self.assertFalse(self.open_causes())
