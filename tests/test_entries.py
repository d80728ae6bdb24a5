# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every event that moves money gets its entry."""

from datetime import date
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..engine.effects import DISCLOSURES, EFFECTS
from .generic_messages import captured, refunded, told
from .ledger_common import LedgerCommon


@tagged("post_install", "-at_install")
class TestEntries(LedgerCommon):
    def test_each_type_has_an_entry(self):
        self.deliver(captured(1, 100_00), refunded(1, 1, 10_00))
        for number, (name, effect) in enumerate(EFFECTS.items()):
            if effect.undoes or effect.role == "receivable":
                continue
            settled = {}
            if not effect.sign or name in DISCLOSURES:
                settled = {"settled": ((effect.sign or -1) * 5_00, "USD")}
            self.deliver(told(name, f"o-{number}", 5_00, **settled))
            posting = self.env["payment.hub.posting"].search(
                [("event_id.object_id", "=", f"o-{number}")]
            )
            sign = effect.sign or -1
            near, far = posting.near_line_id, posting.far_line_id
            with self.subTest(name):
                self.assertEqual(near.account_id, self.account("clearing"))
                self.assertEqual(far.account_id, self.account(effect.role))
                self.assertEqual(near.balance, sign * 5.0)
                self.assertEqual(far.balance, -sign * 5.0)
                self.assertEqual(posting.kind, effect.kind)
                self.assertEqual(posting.move_id.state, "posted")
                self.assertEqual(posting.move_id.date, date(2026, 1, 1))

    def test_dispute_that_is_won(self):
        self.deliver(
            told("dispute.funds_withdrawn", "dp", 100_00, payment="pay-1"),
            told("dispute.funds_reinstated", "dp", 100_00, 2, payment="pay-1"),
        )
        self.assertBooked(clearing=0, dispute_hold=0)
        lines = self.env["payment.hub.posting"].search([]).far_line_id
        self.assertTrue(all(lines.mapped("reconciled")))

    def test_dispute_that_is_lost(self):
        self.deliver(
            told("dispute.funds_withdrawn", "dp", 100_00, payment="pay-1"),
            told("dispute.lost", "dp", at=2, payment="pay-1"),
        )
        self.assertBooked(clearing=-100_00, dispute_hold=0, dispute_loss=100_00)

    def test_loss_that_was_known_before_all_of_the_withdrawal(self):
        """What the facts say at the end is what the ledger holds at the end."""
        self.deliver(
            told("dispute.funds_withdrawn", "dp", 100_00, payment="pay-1"),
            told("dispute.lost", "dp", at=5, payment="pay-1"),
        )
        self.deliver(told("dispute.funds_reinstated", "dp", 30_00, 2, payment="pay-1"))
        self.assertBooked(clearing=-70_00, dispute_hold=0, dispute_loss=70_00)
        loss = self.env["payment.hub.posting"].search([("kind", "=", "dispute_loss")])
        self.assertEqual(sorted(loss.mapped("is_reversed")), [False, True])

    def test_loss_that_was_none(self):
        """A dispute is lost, and the second round of it is won."""
        self.deliver(
            told("dispute.funds_withdrawn", "dp", 100_00, payment="pay-1"),
            told("dispute.lost", "dp", at=2, payment="pay-1"),
        )
        self.deliver(
            told("dispute.won", "dp", at=9, payment="pay-1"),
            told("dispute.funds_reinstated", "dp", 100_00, 9, payment="pay-1"),
        )
        self.assertBooked(clearing=0, dispute_hold=0, dispute_loss=0)

    def test_payout_fails_and_is_paid_again(self):
        self.deliver(told("payout.failed", "po", 50_00, 3))
        self.assertFalse(self.env["payment.hub.posting"].search([]))
        self.deliver(told("payout.in_transit", "po", 50_00, 1))
        self.assertBooked(clearing=0, payout_transit=0)
        self.deliver(told("payout.in_transit", "po2", 50_00, 4))
        self.assertBooked(clearing=-50_00, payout_transit=50_00)

    def test_reserve_stays_in_the_providers_balance(self):
        self.deliver(captured(1, 100_00, self.make_invoice(100.0).name))
        self.deliver(told("reserve.held", "rs", 10_00))
        self.assertBooked(clearing=90_00, reserve=10_00)
        built_in = self.env["payment.hub.posting"].search([])
        self.assertEqual(set(built_in.mapped("decided_by")), {"Built In"})
        self.deliver(told("reserve.released", "rs2", 10_00))
        self.assertBooked(clearing=100_00, reserve=0)

    def test_type_without_a_rule_waits_for_it(self):
        self.env["payment.hub.mapping"].sudo().search(
            [("event_type", "=", "fee.charged")]
        ).unlink()
        self.deliver(told("fee.charged", "f", 2_00))
        self.assertEqual(self.open_causes(), ["unmapped_event"])
        self.rule("fee.charged", self.accounts["fee"])
        self.env["payment.hub.exception"].search([]).action_retry()
        self.drain()
        self.assertBooked(clearing=-2_00, fee=2_00)

    def test_posted_again_by_another_rule(self):
        self.deliver(told("adjustment.debit", "a", 5_00))
        rule = self.env["payment.hub.mapping"].search(
            [("event_type", "=", "adjustment.debit")]
        )
        rule.sudo().account_id = self.accounts["fee"]
        posting = self.env["payment.hub.posting"].search([])
        posting.action_post_again()
        self.assertBooked(clearing=-5_00, suspense=0, fee=5_00)
        self.assertTrue(posting.is_reversed)
        self.assertEqual(posting.decided_by, "adjustment.debit (v1)")
        self.assertEqual(posting.move_id.reversal_move_ids, posting.reversal_move_id)
        again = self.env["payment.hub.posting"].search([("is_reversed", "=", False)])
        self.assertNotEqual(again.mapping_version_id, posting.mapping_version_id)
        self.assertEqual(posting.reversal_move_id.payment_hub_event_count, 1)
        with self.assertRaisesRegex(UserError, "reversed already"):
            posting.action_post_again()

    def test_capture_posted_again_keeps_its_refund(self):
        invoice = self.make_invoice(100.0)
        self.deliver(captured(1, 100_00, invoice.name), refunded(1, 1, 30_00))
        capture = self.env["payment.hub.posting"].search([("kind", "=", "capture")])
        capture.action_post_again()
        self.assertBooked(clearing=70_00)
        self.assertEqual(invoice.amount_residual, 30.0)
        live = self.env["payment.hub.posting"].search([("is_reversed", "=", False)])
        self.assertEqual(sorted(live.mapped("kind")), ["capture", "refund"])

    def test_correction_that_fails_is_told(self):
        self.deliver(told("fee.charged", "f", 2_00))
        posting = self.env["payment.hub.posting"].search([])
        corrector = type(self.env["payment.hub.corrector"])
        posting.sudo().is_doubted = True
        with (
            patch.object(corrector, "_reverse", side_effect=UserError("Hashed")),
            mute_logger("odoo.addons.payment_hub.models.payment_hub_processor"),
        ):
            posting.event_id.attestation_ids.delivery_id.action_process_again()
        exception = self.env["payment.hub.exception"].search([])
        self.assertEqual(
            (exception.cause, exception.detail), ("processing_error", "Hashed")
        )

    def test_rule_that_posts_nothing(self):
        self.rule("payment.captured", None, treatment="none")
        delivery = self.deliver(captured(1, 100_00), refunded(1, 1, 10_00))
        self.assertBooked(clearing=0)
        self.assertEqual(set(delivery.mapped("state")), {"done"})
        payment = self.env["payment.hub.payment"].search([])
        self.assertEqual(payment.posting_state, "not_required")

    def test_capture_that_names_no_payment(self):
        self.deliver(told("payment.captured", "ch-1", 5_00))
        self.assertEqual(self.open_causes(), ["payment_unnamed"])

    def test_rule_with_an_archived_tax(self):
        tax = self.tax_purchase_a
        rule = self.env["payment.hub.mapping"].sudo()
        rule.search([("event_type", "=", "fee.charged")]).tax_ids = tax
        tax.active = False
        self.deliver(told("fee.charged", "f", 2_00))
        self.assertEqual(self.open_causes(), ["setup_incomplete"])

    def test_rule_that_wants_a_person(self):
        self.rule("payment.captured", None, treatment="manual")
        self.deliver(captured(1, 100_00))
        self.assertEqual(self.open_causes(), ["manual_posting"])
        self.assertFalse(self.env["payment.hub.posting"].search([]))


@tagged("post_install", "-at_install")
class TestDeposits(LedgerCommon):
    """A payment that comes before its invoice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.take_deposits()

    def postings(self):
        return self.env["payment.hub.posting"].search([], order="id")

    def test_invoice_comes_later(self):
        self.deliver(captured(1, 100_00, "INV-LATER"))
        self.assertEqual(
            self.balances("clearing", "deposit"),
            {"clearing": 100_00, "deposit": -100_00},
        )
        self.assertEqual(self.open_causes(), ["deposit_unapplied"])
        invoice = self.make_invoice(100.0, payment_reference="INV-LATER")
        self.assertEqual(len(self.jobs("_job_try_again")), 1)
        self.apply_deposits()
        self.assertEqual(invoice.payment_state, "paid")
        self.assertBooked(clearing=100_00, deposit=0)
        self.assertFalse(self.postings()[0].is_unapplied)

    def test_invoice_that_a_description_names(self):
        """What the finder would find, and nothing else, wakes the deposit."""
        told_as = {
            "Rent, paid for RE/2025/00077; thanks": True,
            "RE/2025/00077": True,
            "Rent\tRE/2025/00077\nthanks": True,
            "RE/2025/000771 or XRE/2025/00077": False,
            "thanks": False,
        }
        for number, text in enumerate(told_as):
            references = [{"kind": "description", "value": text}]
            self.deliver(captured(number, 100_00, references=references))
        deposits = self.postings().filtered("is_unapplied")
        self.assertEqual(len(deposits), len(told_as))
        invoice = self.make_invoice(100.0, name="RE/2025/00077")
        job = self.jobs("_job_try_again")
        found = self.env["payment.hub.invoice.finder"]._find(
            self.connection, deposits.payment_id
        )
        wanted = deposits.filtered(lambda one: found[one.payment_id][0] == invoice)
        self.assertEqual(sorted(job.args[0]), sorted(wanted.event_id.ids))
        self.assertEqual(len(wanted), sum(told_as.values()))
        self.connection._job_try_again(job.args[0][:1])
        self.drain()
        self.assertEqual(invoice.payment_state, "paid")

    def test_refund_before_the_invoice(self):
        self.deliver(captured(1, 100_00, "INV-LATER"), refunded(1, 1, 30_00))
        self.assertEqual(
            self.balances("clearing", "deposit"), {"clearing": 70_00, "deposit": -70_00}
        )
        invoice = self.make_invoice(70.0, payment_reference="INV-LATER")
        self.apply_deposits()
        self.assertEqual(invoice.payment_state, "paid")
        self.assertBooked(clearing=70_00, deposit=0)

    def test_refund_that_fails(self):
        """Whenever the invoice comes, it gets the whole deposit."""
        for number, place in enumerate((0, 1, 2), 1):
            with self.subTest(place):
                name = f"LATER-{number}"
                self.deliver(captured(number, 100_00, name))
                told_ = [
                    refunded(number, number, 30_00),
                    refunded(number, number, 30_00, 5, leg="failed"),
                ]
                for message in told_[:place]:
                    self.deliver(message)
                invoice = self.make_invoice(100.0, payment_reference=name)
                self.apply_deposits()
                for message in told_[place:]:
                    self.deliver(message)
                self.try_again()
                self.assertEqual(invoice.payment_state, "paid")
                self.assertEqual(self.balances("deposit"), {"deposit": 0})
                self.assertEqual(self.open_causes(), ["refund_failed"] * number)

    def test_refund_that_fails_together(self):
        """In one entry of the day, before the invoice."""
        self.connection.granularity = "day"
        self.deliver(
            captured(1, 100_00, "INV-LATER"),
            refunded(1, 1, 30_00),
            refunded(1, 1, 30_00, leg="failed"),
        )
        self.assertEqual(len(self.postings().move_id), 1)
        invoice = self.make_invoice(100.0, payment_reference="INV-LATER")
        self.apply_deposits()
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self.balances("deposit"), {"deposit": 0})

    def test_refund_after_the_invoice(self):
        self.deliver(captured(1, 100_00, "INV-LATER"))
        invoice = self.make_invoice(100.0, payment_reference="INV-LATER")
        self.apply_deposits()
        self.deliver(refunded(1, 1, 30_00))
        self.assertBooked(clearing=70_00, deposit=0)
        self.assertEqual(invoice.amount_residual, 30.0)

    def test_invoice_and_refund_come_together(self):
        self.deliver(captured(1, 100_00, "INV-LATER"))
        invoice = self.make_invoice(100.0, payment_reference="INV-LATER")
        self.deliver(refunded(1, 1, 30_00))
        self.assertBooked(clearing=70_00, deposit=0)
        self.assertEqual(invoice.amount_residual, 30.0)

    def test_deposit_that_was_given_back(self):
        self.deliver(captured(1, 100_00, "INV-LATER"), refunded(1, 1, 100_00))
        self.assertBooked(clearing=0, deposit=0)

    def test_person_chooses_the_invoice(self):
        self.deliver(captured(1, 100_00))
        invoice = self.make_invoice(100.0)
        self.assertEqual(self.open_causes(), ["deposit_unapplied"])
        exception = self.env["payment.hub.exception"].search([])
        exception.invoice_id = invoice
        exception.action_retry()
        self.assertEqual(exception.state, "resolved")
        self.assertEqual(invoice.payment_state, "paid")


@tagged("post_install", "-at_install")
class TestForeignMoney(LedgerCommon):
    """The three cases of other currencies."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.eur = cls.env.ref("base.EUR")
        cls.eur.active = True
        cls.env["res.currency.rate"].create(
            {
                "name": "2025-12-01",
                "currency_id": cls.eur.id,
                "company_id": cls.company.id,
                "rate": 0.8,  # EUR for a USD
            }
        )

    def test_provider_converts(self):
        """Case A: the customer pays EUR, the balance is in USD."""
        invoice = self.make_invoice(100.0, currency_id=self.eur.id)
        self.assertEqual(invoice.amount_total_signed, 125.0)
        self.deliver(
            captured(
                1, 100_00, invoice.name, currency="EUR", settled=(123_00, 3_00, "USD")
            ),
            told("fee.charged", "ch-1", 3_00, payment="pay-1"),
        )
        self.assertBooked(clearing=120_00, fee=3_00)
        self.assertEqual(invoice.payment_state, "paid")
        posting = self.env["payment.hub.posting"].search([("kind", "=", "capture")])
        self.assertEqual(posting.near_line_id.amount_currency, 123.0)
        self.assertEqual(posting.far_line_id.amount_currency, -100.0)
        self.assertEqual(posting.far_line_id.balance, -123.0)

    def test_settlement_is_waited_for(self):
        invoice = self.make_invoice(100.0, currency_id=self.eur.id)
        delivery = self.deliver(captured(1, 100_00, invoice.name, currency="EUR"))
        self.assertEqual(delivery.state, "waiting")
        self.deliver(
            captured(1, 100_00, invoice.name, currency="EUR", settled=(123_00, "USD"))
        )
        self.assertBooked(clearing=123_00)

    def test_balance_in_another_currency(self):
        """Case B: each balance has its own accounts."""
        balance = self.add_balance(self.eur)
        invoice = self.make_invoice(100.0, currency_id=self.eur.id)
        self.deliver(captured(1, 100_00, invoice.name, currency="EUR"))
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self.minor(balance.clearing_account_id), 125_00)
        self.assertEqual(
            self.minor(balance.clearing_account_id, "amount_currency"), 100_00
        )
        self.assertBooked(clearing=0)
        self.deliver(
            told(
                "fx.converted",
                "fx-out",
                100_00,
                currency="EUR",
                settled=(-100_00, "EUR"),
            ),
            told("fx.converted", "fx-in", 121_00, settled=(121_00, "USD")),
        )
        self.assertEqual(self.minor(balance.clearing_account_id, "amount_currency"), 0)
        self.assertBooked(clearing=121_00, conversion=4_00)

    def test_settlement_that_is_learnt_later_corrects(self):
        self.add_balance(self.eur)
        invoice = self.make_invoice(100.0, currency_id=self.eur.id)
        self.deliver(
            captured(1, 100_00, invoice.name, currency="EUR"),
            refunded(1, 1, 20_00, currency="EUR"),
        )
        self.deliver(
            captured(1, 100_00, invoice.name, currency="EUR", settled=(123_00, "USD"))
        )
        self.deliver(refunded(1, 1, 20_00, currency="EUR", settled=(-25_00, "USD")))
        self.assertBooked(clearing=98_00)
        euro = self.connection.balance_ids.filtered(lambda one: one.currency == "EUR")
        self.assertEqual(self.minor(euro.clearing_account_id), 0)
        self.assertEqual(invoice.amount_residual, 20.0)

    def test_currency_without_a_rate(self):
        self.add_balance(self.env.ref("base.CHF"))
        self.env.ref("base.CHF").rate_ids.unlink()
        self.deliver(told("fee.charged", "f", 2_00, currency="CHF"))
        self.assertEqual(self.open_causes(), ["rate_missing"])
