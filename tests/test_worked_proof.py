# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One month of a merchant, with figures worked out by hand, in each granularity.

The engine's test of the same name tells the story without Odoo; here are the invoices,
the reverse charge on the fees and the exchange difference, too. Dollars are the
company's currency, euros the foreign one.
"""

from datetime import date

from odoo import Command
from odoo.tests import tagged

from .generic_messages import captured, refunded, told
from .ledger_common import LedgerCommon

OWED = 192_40  # by the provider, before it pays out
# What it reports, so many hours after the start; what is reserved at 6.5 is a part.
REPORTED = {
    0.5: 257_40,
    2: 237_40,
    4: 116_40,
    6.5: 237_40,
    9.5: OWED,
    10.5: 0,
    11.5: OWED,
    12.5: 0,
}


def settled(gross, fee=0, batch="B"):
    """What the balance felt of a member of a settlement."""
    return {"settled": (gross, fee, "USD"), "settlement": {"batch": batch}}


def dispute_fee(minor):
    """As a movement of its own, told by its kind."""
    fees = [{"kind": "dispute", "amount_minor": minor}]
    return {"settled": (0, minor, "USD"), "settlement": {"batch": "B", "fees": fees}}


@tagged("post_install", "-at_install")
class TestWorkedProof(LedgerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accounts["fee"].write({"account_type": "expense", "reconcile": False})
        cls.euro = cls.env.ref("base.EUR")
        cls.euro.active = True
        cls.env["res.currency.rate"].create(
            {"name": "2025-01-01", "currency_id": cls.euro.id, "rate": 100 / 92}
        )
        cls.tax_due = cls.make_account("tax due", "liability_current")
        cls.tax_back = cls.make_account("tax back", "asset_receivable")
        cls.tax_back.write({"account_type": "asset_current", "reconcile": False})
        cls.env["payment.hub.mapping"].search(
            [("event_type", "=", "fee.charged")]
        ).sudo().tax_ids = cls.reverse_charge()
        # What the provider charges for a dispute is free of tax here.
        cls.rule("fee.charged", cls.accounts["fee"], fee_kind="dispute")

    @classmethod
    def reverse_charge(cls):
        lines = [
            Command.clear(),
            Command.create({"repartition_type": "base"}),
            Command.create({"repartition_type": "tax", "account_id": cls.tax_back.id}),
            Command.create(
                {
                    "repartition_type": "tax",
                    "factor_percent": -100,
                    "account_id": cls.tax_due.id,
                }
            ),
        ]
        return cls.env["account.tax"].create(
            {
                "name": "Reverse Charge 21 %",
                "amount": 21.0,
                "type_tax_use": "purchase",
                "invoice_repartition_line_ids": lines,
                "refund_repartition_line_ids": lines,
            }
        )

    def sell(self):
        """Deliver all that is told before the payout."""
        invoice = self.make_invoice(121.0)
        self.deliver(captured(1, 121_00, invoice.name, **settled(121_00, 2_00)))
        self.make_invoice(20.0, move_type="out_refund", reversed_entry_id=invoice.id)
        foreign = self.make_invoice(100.0, currency_id=self.euro.id)
        connected = self.make_invoice(50.0)
        self.invoices = invoice | foreign | connected
        ours = {"payment": "pay-1"}
        self.deliver(
            told("fee.charged", "f-1", 2_00, **ours, **settled(121_00, 2_00)),
            refunded(1, 1, 20_00, **settled(-20_00)),
            told(
                "dispute.funds_withdrawn", "dp", 101_00, 3, **ours, **settled(-101_00)
            ),
            told("fee.charged", "df", 20_00, 3, **dispute_fee(20_00)),
            told(
                "dispute.funds_reinstated", "dp", 101_00, 5, **ours, **settled(101_00)
            ),
            told("fee.refunded", "df", 20_00, 5, **dispute_fee(-20_00)),
            told("reserve.held", "rs", 10_00, 6, **settled(-10_00)),
            told("reserve.released", "rs", 10_00, 7, **settled(10_00)),
            captured(2, 100_00, foreign.name, currency="EUR", **settled(90_50, 2_10)),
            told("fee.charged", "f-2", 2_10, payment="pay-2", **settled(90_50, 2_10)),
            captured(3, 50_00, connected.name, **settled(50_00)),
            told("transfer.created", "tr", 45_00, 9, **settled(-45_00)),
        )

    def payout(self, name, at, type_="in_transit"):
        gross = OWED if type_ == "failed" else -OWED
        batch = "B" if at == 10 else "C"  # what came back is paid out by the next one
        return told(f"payout.{type_}", name, OWED, at, **settled(gross, batch=batch))

    def check_end(self):
        self.assertBooked(
            clearing=0,
            reserve=0,
            dispute_hold=0,
            payout_transit=OWED,
            connected_payable=45_00,
            fee=2_00 + 2_10,
        )
        # 21 % of 2.00 and of 2.10, owed and deducted at once.
        self.assertEqual(self.minor(self.tax_due), -42 - 44)
        self.assertEqual(self.minor(self.tax_back), 42 + 44)
        self.assertEqual(set(self.invoices.mapped("amount_residual")), {0.0})
        loss = self.company.expense_currency_exchange_account_id
        self.assertEqual(self.minor(loss), 92_00 - 90_50)
        trial = self.env["account.move.line"].search([("parent_state", "=", "posted")])
        self.assertAlmostEqual(sum(trial.mapped("balance")), 0.0, 2)
        self.assertEqual(self.balance.owed, 0.0)
        self.assertFalse(self.balance.difference)
        self.check_reported()

    def check_reported(self):
        """Whatever the entries are, each balance on the way is explained."""
        self.deliver(
            *(
                told(
                    "balance.available",
                    f"at-{at}",
                    at=at,
                    balances=[{"currency": "USD", "available_minor": minor}],
                )
                for at, minor in REPORTED.items()
            )
        )
        readings = self.env["payment.hub.reading"].search([])
        self.assertEqual(len(readings), len(REPORTED))
        for reading in readings:
            self.assertEqual(self.balance._unexplained(reading), 0.0, reading.at)

    def test_an_entry_for_each_event(self):
        self.sell()
        self.assertBooked(clearing=OWED, reserve=0, dispute_hold=0)
        self.deliver(self.payout("po-1", 10), self.payout("po-1", 11, "failed"))
        self.assertBooked(clearing=OWED, payout_transit=0)
        self.deliver(self.payout("po-2", 12))
        self.check_end()

    def test_an_entry_for_the_day(self):
        self.connection.granularity = "day"
        self.sell()
        self.assertBooked(clearing=OWED, reserve=0, dispute_hold=0)
        self.deliver(
            self.payout("po-1", 10),
            self.payout("po-1", 11, "failed"),
            self.payout("po-2", 12),
        )
        self.check_end()
        days = self.env["payment.hub.posting"].search([]).move_id
        self.assertEqual(len(days), 3)  # one for each time that something came
        self.assertEqual(set(days.mapped("date")), {date(2026, 1, 1)})

    def test_an_entry_for_the_settlement(self):
        self.connection.granularity = "settlement"
        self.sell()
        self.assertBooked(clearing=0, fee=0)
        self.deliver(
            self.payout("po-1", 10),
            self.payout("po-1", 11, "failed"),
            self.payout("po-2", 12),
        )
        self.check_end()
        self.assertEqual(len(self.env["payment.hub.posting"].search([]).move_id), 2)
