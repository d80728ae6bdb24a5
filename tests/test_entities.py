# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whose business an event is: branches, their journals and analytic accounts."""

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .generic_messages import captured, told
from .ledger_common import LedgerCommon


@tagged("post_install", "-at_install")
class TestEntities(LedgerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.branch = cls.env["res.company"].create(
            {"name": "Branch", "parent_id": cls.company.id}
        )
        cls.env.user.company_ids |= cls.branch
        plan = cls.env["account.analytic.plan"].create({"name": "Stores"})
        cls.store = cls.env["account.analytic.account"].create(
            {"name": "Store 7", "plan_id": plan.id}
        )
        cls.entity = (
            cls.env["payment.hub.entity"]
            .sudo()
            .create(
                {
                    "connection_id": cls.connection.id,
                    "store": "S7",
                    "company_id": cls.branch.id,
                    "analytic_distribution": {str(cls.store.id): 100},
                }
            )
        )

    def postings(self):
        return self.env["payment.hub.posting"].search([], order="id")

    def test_store_of_a_branch(self):
        self.deliver(
            told("fee.charged", "f", 2_00, store="S7"), told("fee.charged", "g", 1_00)
        )
        ours, other = self.postings().move_id.sorted("amount_total", reverse=True)
        self.assertEqual(ours.company_id, self.branch)
        self.assertEqual(other.company_id, self.company)
        far = ours.payment_hub_posting_ids.far_line_id
        self.assertEqual(far.analytic_distribution, {str(self.store.id): 100})
        self.assertBooked(clearing=-3_00, fee=3_00)

    def test_posting_keeps_what_the_row_said(self):
        """Whatever becomes of the row, and of postings after it."""
        self.deliver(told("fee.charged", "f", 2_00, store="S7"))
        first = self.entity.version_id
        self.entity.company_id = self.company
        self.deliver(
            told("fee.charged", "g", 1_00, store="S7"), told("fee.charged", "h", 1_00)
        )
        was, now, none = self.postings().sorted(lambda one: one.event_id.object_id)
        self.assertEqual(was.entity_version_id, first)
        self.assertIn("Company: Branch", first.snapshot_text)
        self.assertEqual(was.entity_company_id, self.branch)
        self.assertEqual(now.entity_version_id, self.entity.version_id)
        self.assertEqual((now.entity_version_id.number, first.number), (2, 1))
        self.assertEqual(now.entity_company_id, self.company)
        self.assertFalse(none.entity_version_id)
        self.assertEqual(self.entity.version_ids.posting_ids, was + now)

    def test_used_row_can_only_be_archived(self):
        self.deliver(told("fee.charged", "f", 2_00, store="S7"))
        self.entity.company_id = self.company
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            self.entity.unlink()
        self.entity.active = False
        self.deliver(told("fee.charged", "g", 2_00, store="S7"))
        self.assertFalse(self.postings()[1].entity_version_id)

    def test_legal_entity(self):
        self.entity.write({"legal_entity": "BE 1", "store": False})
        self.deliver(
            told("fee.charged", "f", 2_00, legal_entity="BE 1"),
            told("fee.charged", "g", 1_00, legal_entity="BE 2"),
        )
        companies = self.postings().mapped("entity_company_id")
        self.assertEqual(companies, self.branch + self.company)

    def test_preview_shows_the_row(self):
        self.deliver(told("fee.charged", "f", 2_00, store="S7"))
        event = self.postings().event_id
        card = self.env["payment.hub.preview"]._preview(event).cards[0]
        self.assertEqual(card.posting.entity_version_id, self.entity.version_id)
        dialog = self.env["payment.hub.preview.dialog"].create({"event_id": event.id})
        self.assertIn(f"/odoo/payment.hub.entity/{self.entity.id}", dialog.content)
        self.assertIn("booked in Branch", " ".join(dialog.content.split()))

    def test_invoice_of_a_branch(self):
        invoice = self.invoice_of_the_branch()
        self.deliver(captured(1, 100_00, invoice.name, store="S7"))
        self.assertEqual(invoice.payment_state, "paid")
        payment = self.postings().account_payment_id
        self.assertEqual(payment.company_id, self.branch)

    def test_loss_is_of_the_branch_that_was_disputed(self):
        """Whoever tells the outcome need not name the store again."""
        dispute = {"payment": "pay-1"}
        for outcome in ("lost", "funds_reinstated"):
            name = f"dp-{outcome}"
            self.deliver(
                told("dispute.funds_withdrawn", name, 9_00, store="S7", **dispute)
            )
            self.entity.company_id = self.company
            self.deliver(told(f"dispute.{outcome}", name, 9_00, 1, **dispute))
            went, came = self.postings()[-2:]
            self.assertEqual(came.entity_company_id, self.branch)
            self.assertEqual(came.entity_version_id, went.entity_version_id)
            self.assertEqual(came.move_id.company_id, self.branch)
            self.assertTrue(went.far_line_id.reconciled)
            self.entity.company_id = self.branch
        self.assertBooked(dispute_hold=0)

    def test_return_is_of_the_branch_that_was_paid(self):
        """Also where a row says whose all else of the connection is."""
        self.entity.copy({"store": False, "company_id": self.company.id})
        self.entity.journal_id = self.company_data["default_journal_misc"]
        invoice = self.invoice_of_the_branch()
        self.deliver(captured(1, 100_00, invoice.name, store="S7"))
        self.assertEqual(invoice.payment_state, "paid")
        self.deliver(
            told("payment.charge_reversed", "ch-1", 100_00, 1, payment="pay-1")
        )
        paid, returned = self.postings()
        for name in ("entity_company_id", "entity_version_id", "journal_id"):
            self.assertEqual(returned[name], paid[name])
        self.assertEqual(invoice.payment_state, "not_paid")
        self.assertBooked(clearing=0)

    def invoice_of_the_branch(self, **vals):
        customer = self.customer.with_company(self.branch)
        customer.property_account_receivable_id = self.company_data[
            "default_account_receivable"
        ]
        self.env.user.company_id = self.branch
        invoice = self.make_invoice(100.0, **vals)
        self.env.user.company_id = self.company
        self.assertEqual(invoice.company_id, self.branch)
        return invoice

    def test_deposit_for_an_invoice_of_a_branch(self):
        """Whether the deposit was booked in the branch, or in its company."""
        self.take_deposits()
        for number, store in enumerate(({"store": "S7"}, {})):
            with self.subTest(store=store):
                name = f"LATER-{number}"
                self.deliver(captured(number, 100_00, name, **store))
                invoice = self.invoice_of_the_branch(payment_reference=name)
                self.apply_deposits()
                self.assertEqual(invoice.payment_state, "paid")
        self.assertBooked(clearing=200_00, deposit=0)

    def test_person_chooses_the_invoice_of_a_branch(self):
        customer = self.customer.with_company(self.branch)
        customer.property_account_receivable_id = self.company_data[
            "default_account_receivable"
        ]
        self.env.user.company_id = self.branch
        invoice = self.make_invoice(100.0)
        self.env.user.company_id = self.company
        self.deliver(captured(1, 100_00))
        exception = self.env["payment.hub.exception"].search([])
        self.assertEqual(exception.candidate_ids, invoice)
        domain = exception._fields["invoice_id"]._description_domain(self.env)
        offered = self.env["account.move"].search(
            safe_eval(domain, {"company_id": exception.company_id.id})
        )
        self.assertIn(invoice, offered)
        exception.invoice_id = invoice
        exception.action_retry()
        self.assertEqual(exception.state, "resolved")
        self.assertEqual(invoice.payment_state, "paid")

    def test_invoice_of_another_company_is_refused(self):
        self.deliver(captured(1, 100_00))
        data = self.setup_other_company()
        self.env.user.company_ids |= data["company"]
        other = self.init_invoice(
            "out_invoice", company=data["company"], amounts=[100.0], post=True
        )
        exception = self.env["payment.hub.exception"].search([])
        self.assertNotIn(other, exception.candidate_ids)
        with self.assertRaisesRegex(ValidationError, "or of its branches"):
            exception.invoice_id = other

    def test_journal_of_the_rule(self):
        journal = self.company_data["default_journal_misc"]
        rule = self.env["payment.hub.mapping"].sudo()
        rule.search([("event_type", "=", "fee.charged")]).journal_id = journal
        self.deliver(told("fee.charged", "f", 2_00))
        self.assertEqual(self.postings().move_id.journal_id, journal)
        journal.sudo().active = False
        self.deliver(told("fee.charged", "g", 2_00))
        self.assertEqual(self.open_causes(), ["setup_incomplete"])
