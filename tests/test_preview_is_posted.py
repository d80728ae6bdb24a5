# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a preview shows is what is posted, in all stories of the ledger's tests."""

from unittest.mock import patch

from odoo.tests import tagged

from . import (
    test_adoption,
    test_entities,
    test_entries,
    test_entry_policies,
    test_fees_by_kind,
    test_owed_again,
)


def shown(lines):
    """What lines say, whether they are records or values of lines to be made."""
    return sorted(
        (
            line["account_id"],
            line["partner_id"],
            line["currency_id"],
            round(line["amount_currency"] * 1000),
            round(line["balance"] * 1000),
            sorted(line["tax_ids"]),
            sorted(line["tax_tag_ids"]),
            line["tax_repartition_line_id"],
            round((line["tax_base_amount"] or 0) * 100),
            line["analytic_distribution"],
            line["name"],
        )
        for line in lines
    )


def of_lines(lines):
    return shown(
        {
            "tax_repartition_line_id": False,
            "tax_base_amount": 0,
            "analytic_distribution": False,
            **line,
            "tax_ids": line["taxes"].ids,
            "tax_tag_ids": line.get("tax_tag_ids", [(6, 0, [])])[0][2],
        }
        for line in lines
    )


def of_entry(move):
    return shown(
        {
            "account_id": line.account_id.id,
            "partner_id": line.partner_id.id,
            "currency_id": line.currency_id.id,
            "amount_currency": line.amount_currency,
            "balance": line.balance,
            "tax_ids": line.tax_ids.ids,
            "tax_tag_ids": line.tax_tag_ids.ids,
            "tax_repartition_line_id": line.tax_repartition_line_id.id,
            "tax_base_amount": line.tax_base_amount,
            "analytic_distribution": line.analytic_distribution,
            "name": line.name,
        }
        for line in move.line_ids
    )


class Previewed:
    """Each group of events is previewed before it is posted, and then compared."""

    def setUp(self):
        super().setUp()
        processor = type(self.env["payment.hub.processor"])
        post = processor._post
        test = self

        def previewed_post(self, connection, groups):
            preview = self.env["payment.hub.preview"]
            before = self.env["payment.hub.posting"].search([])
            test.env.flush_all()
            rows = test.rows()
            cards = {
                event: {
                    card.posting.posting_key: test.said(card)
                    for card in preview._preview(event).cards
                }
                for group in groups
                for event in group.events
            }
            test.unequal += [one for one in [(rows, test.rows())] if one[0] != one[1]]
            told = post(self, connection, groups)
            for posting in self.env["payment.hub.posting"].search([]) - before:
                if not posting.is_reversed:
                    test.compare(posting, cards[posting.event_id])
            return told

        # A drain would take a failing assertion for a fault of the delivery.
        self.compared, self.unequal = 0, []
        self.startPatcher(patch.object(processor, "_post", previewed_post))

    def tearDown(self):
        self.assertEqual(self.unequal, [])
        super().tearDown()

    def rows(self):
        """What a preview must not change: how many rows, and what was given out."""
        self.env.cr.execute(
            """
            SELECT (SELECT array_agg(number_next ORDER BY id) FROM ir_sequence),
                   (SELECT COUNT(*) FROM account_move),
                   (SELECT COUNT(*) FROM account_move_line),
                   (SELECT COUNT(*) FROM account_payment),
                   (SELECT COUNT(*) FROM account_partial_reconcile),
                   (SELECT COUNT(*) FROM payment_hub_posting),
                   (SELECT COUNT(*) FROM payment_hub_exception),
                   (SELECT COUNT(*) FROM payment_hub_preview_dialog),
                   (SELECT array_agg(invoice_id ORDER BY id) FROM payment_hub_payment)
            """
        )
        return self.env.cr.fetchall()

    def compare(self, posting, cards):
        if posting.is_waiting:  # for the other postings of its entry
            card = self.env["payment.hub.preview"]._card_of_posted(posting, False)
            wanted = self.said(card)
        else:
            wanted = [_names(posting), of_entry(posting.move_id)]
        if posting._is_taken():  # the entry is Odoo's own
            wanted[1] = []
        found = cards.get(posting.posting_key)
        if found != wanted:
            self.unequal.append((posting.posting_key, found, wanted, cards))
        self.compared += 1

    def said(self, card):
        return [_names(card.posting), of_lines(card.lines)] if card.posting else card


def _names(posting):
    names = (
        "date",
        "due_date",
        "journal_id",
        "document_id",
        "mapping_version_id",
        "entity_version_id",
        "entity_company_id",
    )
    return [posting[name] for name in names]


@tagged("post_install", "-at_install")
class TestEntriesPreviewed(Previewed, test_entries.TestEntries):
    def test_each_type_has_an_entry(self):
        super().test_each_type_has_an_entry()
        self.assertGreater(self.compared, 15)


@tagged("post_install", "-at_install")
class TestDepositsPreviewed(Previewed, test_entries.TestDeposits):
    pass


@tagged("post_install", "-at_install")
class TestForeignMoneyPreviewed(Previewed, test_entries.TestForeignMoney):
    pass


@tagged("post_install", "-at_install")
class TestTaxesPreviewed(Previewed, test_entry_policies.TestTaxes):
    pass


@tagged("post_install", "-at_install")
class TestDatesPreviewed(Previewed, test_entry_policies.TestDates):
    pass


@tagged("post_install", "-at_install")
class TestAmountsPreviewed(Previewed, test_entry_policies.TestAmounts):
    pass


@tagged("post_install", "-at_install")
class TestAdoptionPreviewed(Previewed, test_adoption.TestAdoption):
    pass


@tagged("post_install", "-at_install")
class TestEntitiesPreviewed(Previewed, test_entities.TestEntities):
    pass


@tagged("post_install", "-at_install")
class TestFeesPreviewed(Previewed, test_fees_by_kind.TestFeesByKind):
    pass


@tagged("post_install", "-at_install")
class TestOwedAgainPreviewed(Previewed, test_owed_again.TestOwedAgain):
    pass
