# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Each cause of an exception, and that a fixed cause posts exactly once."""

from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from . import stripe_messages as stripe
from .common import PaymentHubCommon

PROCESSOR_LOGGER = "odoo.addons.payment_hub.models.payment_hub_processor"


@tagged("post_install", "-at_install")
class TestExceptions(PaymentHubCommon):
    def exception(self):
        exceptions = self.env["payment.hub.exception"].search([("is_open", "=", True)])
        self.assertEqual(len(exceptions), 1)
        return exceptions

    def assertRetryPostsOnce(self, exception, amount_minor):
        exception.action_retry()
        self.assertEqual(exception.state, "resolved")
        self.assertFalse(exception.resolved_by_id)
        self.assertEqual(self.clearing_minor(), amount_minor)
        exception.event_id.attestation_ids.delivery_id.action_process_again()
        self.assertEqual(self.clearing_minor(), amount_minor)
        with self.assertRaises(UserError):
            exception.action_retry()

    def test_no_invoice_then_chosen_by_a_person(self):
        invoice = self.make_invoice(121.0)
        delivery = self.deliver(stripe.captured(1, 12100, "INV/NOWHERE"))
        exception = self.exception()
        self.assertEqual(exception.cause, "invoice_not_found")
        self.assertEqual(exception.amount, 121.0)
        self.assertEqual(exception.currency_id.name, "USD")
        self.assertIn(invoice, exception.candidate_ids)
        self.assertEqual(self.payment(1).posting_state, "blocked")
        exception.action_retry()
        self.assertEqual(exception.state, "open")
        exception.invoice_id = invoice
        self.assertRetryPostsOnce(exception, 12100)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(delivery.state, "done")

    def test_no_invoice_then_made(self):
        self.deliver(stripe.captured(1, 12100, "ORDER-77"))
        self.make_invoice(121.0, payment_reference="ORDER-77")
        self.assertRetryPostsOnce(self.exception(), 12100)

    def test_two_candidates(self):
        invoices = [
            self.make_invoice(121.0, payment_reference="SHARED") for _ in range(2)
        ]
        self.deliver(stripe.captured(1, 12100, "SHARED"))
        exception = self.exception()
        self.assertEqual(exception.cause, "invoice_ambiguous")
        exception.invoice_id = invoices[1]
        self.assertRetryPostsOnce(exception, 12100)
        self.assertEqual(invoices[0].payment_state, "not_paid")
        self.assertEqual(invoices[1].payment_state, "paid")

    def test_amount_above_what_is_owed(self):
        invoice = self.make_invoice(100.0)
        self.deliver(stripe.captured(1, 12100, invoice.name))
        exception = self.exception()
        self.assertEqual(exception.cause, "amount_mismatch")
        exception.invoice_id = self.make_invoice(121.0)
        self.assertRetryPostsOnce(exception, 12100)
        self.assertEqual(invoice.payment_state, "not_paid")

    def test_two_captures_of_one_batch_do_not_overpay(self):
        invoice = self.make_invoice(121.0)
        self.deliver(
            stripe.captured(1, 12100, invoice.name),
            stripe.captured(2, 12100, invoice.name),
        )
        self.assertEqual(self.open_causes(), ["amount_mismatch"])
        self.assertEqual(self.clearing_minor(), 12100)

    def test_two_part_payments_in_one_batch(self):
        invoice = self.make_invoice(121.0)
        self.deliver(
            stripe.captured(1, 6000, invoice.name),
            stripe.captured(2, 6100, invoice.name),
        )
        self.assertFalse(self.open_causes())
        self.assertEqual(invoice.payment_state, "paid")

    def test_draft_invoice_cannot_be_chosen(self):
        invoice = self.make_invoice(121.0)
        invoice.button_draft()
        self.deliver(stripe.captured(1, 12100))
        exception = self.exception()
        exception.invoice_id = invoice
        exception.action_retry()
        self.assertEqual(exception.state, "open")
        self.assertIn("not a posted customer invoice", exception.detail)
        invoice.action_post()
        self.assertRetryPostsOnce(exception, 12100)

    def test_wrong_choice_of_an_invoice_can_be_corrected(self):
        small, right = self.make_invoice(1.0), self.make_invoice(121.0)
        self.deliver(stripe.captured(1, 12100))
        exception = self.exception()
        exception.invoice_id = small
        exception.action_retry()
        self.assertEqual(exception.cause, "amount_mismatch")
        self.assertFalse(self.payment(1).invoice_id)
        exception.invoice_id = right
        self.assertRetryPostsOnce(exception, 12100)

    def test_invoice_of_another_company_cannot_be_chosen(self):
        other = self.setup_other_company()["company"]
        self.deliver(stripe.captured(1, 12100))
        invoice = self.env["account.move"].sudo().search(
            [("company_id", "=", other.id)], limit=1
        ) or self.env["account.move"].sudo().with_company(other).create(
            {"move_type": "out_invoice", "partner_id": self.customer.id}
        )
        with self.assertRaises(UserError):
            self.exception().sudo().invoice_id = invoice

    def test_amount_that_odoo_would_round(self):
        currency = self.env.ref("base.TWD").sudo()
        currency.write({"active": True, "rounding": 1.0})
        self.add_balance(currency)
        invoice = self.make_invoice(800.0, currency_id=currency.id)
        self.deliver(stripe.captured(1, 79945, invoice.name, currency="twd"))
        exception = self.exception()
        self.assertEqual(exception.cause, "amount_mismatch")
        self.assertIn("TWD", exception.detail)

    def test_closing_releases_delivery_and_payment(self):
        delivery = self.deliver(stripe.captured(1, 12100))
        self.exception().action_ignore()
        self.assertEqual(delivery.state, "done")
        self.assertEqual(self.payment(1).posting_state, "to_post")

    def test_other_currency(self):
        self.add_balance(self.env.ref("base.EUR"))
        invoice = self.make_invoice(121.0)
        self.deliver(stripe.captured(1, 12100, invoice.name, currency="eur"))
        self.assertEqual(self.exception().cause, "currency_mismatch")
        self.assertEqual(self.clearing_minor(), 0)

    def test_locked_period_never_shifts_the_date(self):
        invoice = self.make_invoice(121.0)
        self.company.fiscalyear_lock_date = "2026-01-31"
        self.deliver(stripe.captured(1, 12100, invoice.name))
        exception = self.exception()
        self.assertEqual(exception.cause, "locked_period")
        self.company.fiscalyear_lock_date = False
        self.assertRetryPostsOnce(exception, 12100)
        self.assertEqual(self.payment(1).posting_ids.move_id.date, date(2026, 1, 1))

    def test_date_is_the_day_in_the_connection_s_zone(self):
        invoice = self.make_invoice(121.0)
        self.connection.sudo().tz = "Pacific/Auckland"  # UTC+13: 2 January there
        self.deliver(
            stripe.captured(1, 12100, invoice.name, created=stripe.T0 + 4 * 3600)
        )
        self.assertEqual(self.payment(1).posting_ids.date, date(2026, 1, 2))

    def test_incomplete_setup(self):
        invoice = self.make_invoice(121.0)
        line = self.connection.balance_ids.inbound_method_line_id.sudo()
        account, line.payment_account_id = line.payment_account_id, False
        self.deliver(stripe.captured(1, 12100, invoice.name))
        exception = self.exception()
        self.assertEqual(exception.cause, "setup_incomplete")
        line.payment_account_id = account
        self.assertRetryPostsOnce(exception, 12100)

    @mute_logger(PROCESSOR_LOGGER)
    def test_ledger_error_stands_alone(self):
        """One payment that Odoo refuses; its neighbours in the batch are posted."""
        good = [self.make_invoice(10.0) for _ in range(4)]
        bad = self.make_invoice(10.0)
        booking = type(self.env["payment.hub.booking"])
        original = booking._payment_vals

        def refuse(model, posting):
            if posting.document_id == bad:
                raise UserError("This partner is blocked")
            return original(model, posting)

        numbers = enumerate([*good[:2], bad, *good[2:]])
        with patch.object(booking, "_payment_vals", refuse):
            self.deliver(*(stripe.captured(n, 1000, i.name) for n, i in numbers))
        exception = self.exception()
        self.assertEqual(exception.cause, "processing_error")
        self.assertIn("blocked", exception.detail)
        self.assertEqual({i.payment_state for i in good}, {"paid"})
        self.assertRetryPostsOnce(exception, 5000)

    @mute_logger(PROCESSOR_LOGGER)
    def test_poison_delivery_stands_alone(self):
        """A bug in processing one message; the others of the batch pass."""
        invoices = [self.make_invoice(10.0) for _ in range(5)]
        bodies = [
            stripe.captured(n, 1000, invoice.name) for n, invoice in enumerate(invoices)
        ]
        processor = type(self.env["payment.hub.processor"])
        original = processor._attest

        def explode(model, connection, told):
            if any("pi_3" in str(message.events) for _delivery, message in told):
                raise KeyError("poison")
            return original(model, connection, told)

        with patch.object(processor, "_attest", explode):
            deliveries = self.deliver(*bodies)
        self.assertEqual(
            deliveries.mapped("state"), ["done", "done", "done", "exception", "done"]
        )
        self.assertRetryPostsOnceFromDelivery(self.exception(), 5000)

    def assertRetryPostsOnceFromDelivery(self, exception, amount_minor):
        exception.action_retry()
        self.assertEqual(exception.state, "resolved")
        self.assertEqual(self.clearing_minor(), amount_minor)

    def test_retry_many_from_the_list(self):
        self.deliver(*(stripe.captured(n, 1000, f"ORDER-{n}") for n in range(4)))
        exceptions = self.env["payment.hub.exception"].search([("is_open", "=", True)])
        self.assertEqual(len(exceptions), 4)
        for number in range(3):
            self.make_invoice(10.0, payment_reference=f"ORDER-{number}")
        notification = exceptions.action_retry()
        self.assertEqual(
            sorted(exceptions.mapped("state")),
            ["open", "resolved", "resolved", "resolved"],
        )
        self.assertIn("1", notification["params"]["message"])
        self.assertEqual(self.clearing_minor(), 3000)

    def test_what_a_person_closed_stays_closed(self):
        delivery = self.deliver(stripe.event("invoice.paid", {"object": "invoice"}))
        exception = self.exception()
        exception.action_ignore()
        delivery.action_process_again()
        self.assertFalse(self.open_causes())
        self.assertEqual(exception.resolved_by_id, self.env.user)
        self.assertEqual(delivery.state, "done")

    def test_only_operators_work_on_exceptions(self):
        self.deliver(stripe.captured(1, 12100))
        reader = new_test_user(self.env, "reader", groups="payment_hub.group_user")
        exception = self.exception().with_user(reader)
        for action in ("action_retry", "action_ignore", "action_resolve"):
            with self.assertRaises(AccessError):
                getattr(exception, action)()

    def test_used_connection_keeps_its_company(self):
        self.deliver(stripe.captured(1, 12100))
        with self.assertRaises(ValidationError):
            self.connection.sudo().environment = "live"
        with self.assertRaises(UserError):
            self.connection.sudo().unlink()
