# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Adyen's settlement report leads from gross to bank, batch by batch."""

import csv
import io

from odoo.tests import tagged

from ..engine.providers.adyen import line
from .ledger_common import LedgerCommon

ACCOUNT = "HarborPineCOM"


def row(batch, code, gross, net, psp="", own="", **more):
    """A row by column; amounts are negative for debits, ``more`` are fees."""
    cells = {
        "Merchant Account": ACCOUNT,
        "Psp Reference": psp,
        "Creation Date": f"2026-01-0{batch} 09:30:00",
        "TimeZone": "UTC",
        "Type": code,
        "Modification Reference": own or f"{code} {batch}",
        "Batch Number": str(batch),
        "Booking Date": f"2026-01-0{batch} 23:00:00",
        "Booking Date TimeZone": "UTC",
    }
    for kind, amount in (("Gross", gross), ("Net", net)):
        if amount:
            unit = "GC" if kind == "Gross" else "NC"
            side = "Credit" if amount > 0 else "Debit"
            cells[f"{kind} Currency"] = "USD"
            cells[f"{kind} {side} ({unit})"] = f"{abs(amount):.2f}"
    return cells | more


ROWS = [
    row(
        1,
        "Settled",
        121,
        120,
        "PSP0000000000001",
        "CAP000000000001",
        **{"Markup (NC)": "1.00"},
    ),
    row(1, "Refunded", -20, -20, "PSP0000000000001", "REF000000000001"),
    row(1, "DepositCorrection", 0, -10),
    row(1, "MerchantPayout", 0, -85),
    row(1, "Balancetransfer", 0, -5),
    row(2, "Balancetransfer", 0, 5),
    row(
        2,
        "Chargeback",
        -121,
        -126,
        "PSP0000000000001",
        "DIS000000000001",
        **{"Markup (NC)": "5.00"},
    ),
    row(2, "Balancetransfer", 0, 121, own="Balancetransfer to 3"),
]


@tagged("post_install", "-at_install")
class TestPayoutReport(LedgerCommon):
    def bring(self, rows):
        adyen = self.make_connection(
            "Adyen",
            provider="adyen",
            provider_account=ACCOUNT,
            secret_ids=[(0, 0, {"value": "00" * 32})],
        )
        text = io.StringIO(newline="")
        columns = dict.fromkeys(
            [*line.REQUIRED, *(name for one in rows for name in one)]
        )
        writer = csv.DictWriter(text, columns, "", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        wizard = self.env["payment.hub.report.import"].create(
            {"connection_id": adyen.id}
        )
        file = self.env["ir.attachment"].create(
            {
                "name": "settlement.csv",
                "raw": text.getvalue().encode(),
                "res_model": wizard._name,
                "res_id": 0,
            }
        )
        wizard.file_ids = file
        wizard.action_import()
        self.drain(adyen)
        payouts = self.env["payment.hub.payout"].search(
            [("connection_id", "=", adyen.id)]
        )
        return payouts.sorted("batch")

    def bars(self, payout):
        return {bar["name"]: bar["amount"] for bar in payout.waterfall["bars"]}

    def test_two_batches(self):
        paid, unpaid = self.bring(ROWS)
        self.assertEqual((paid.batch, paid.state, paid.amount), ("1", "in_transit", 85))
        self.assertEqual(paid.proof_state, "proven")
        self.assertEqual(
            self.bars(paid),
            {
                "gross": "$\u00a0121.00",
                "refunds": "$\u00a0-20.00",
                "fees": "$\u00a0-1.00",
                "reserves": "$\u00a0-10.00",
                "closing": "$\u00a0-5.00",
                "payout": "$\u00a085.00",
            },
        )
        self.assertEqual((unpaid.batch, unpaid.state), ("2", "open"))
        self.assertEqual(unpaid.proof_state, "proven", "all is carried over")
        self.assertEqual(
            self.bars(unpaid),
            {
                "opening": "$\u00a0126.00",
                "disputes": "$\u00a0-121.00",
                "fees": "$\u00a0-5.00",
                "payout": "$\u00a00.00",
            },
        )
        dispute = self.env["payment.hub.dispute"].search([])
        self.assertEqual(
            (dispute.provider_ref, dispute.withdrawn, dispute.fee),
            ("DIS000000000001", 121, 5),
        )
