# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A batch that Adyen closes, and the settlement report that tells of it.

As in player.py, nothing of the addon is used here.
"""

import csv
import io
from datetime import datetime, timezone

COLUMNS = (
    "Company Account",
    "Merchant Account",
    "Psp Reference",
    "Merchant Reference",
    "Payment Method",
    "Creation Date",
    "TimeZone",
    "Type",
    "Modification Reference",
    "Gross Currency",
    "Gross Debit (GC)",
    "Gross Credit (GC)",
    "Exchange Rate",
    "Net Currency",
    "Net Debit (NC)",
    "Net Credit (NC)",
    "Commission (NC)",
    "Markup (NC)",
    "Scheme Fees (NC)",
    "Interchange (NC)",
    "Batch Number",
    "Booking Date",
    "Booking Date TimeZone",
)
MARKUP = 60  # a captured amount is divided by it
CHARGEBACK_FEE = 1500  # minor units


class Batch:
    """Rows of one batch, in minor units; what it moves is moved on the account too.

    :param account: the :class:`player_adyen.Account`, whose items are settled
    :param closing: unix seconds at which the batch is closed
    """

    def __init__(self, account, number, currency, closing):
        self._account = account
        self._number = number
        self._currency = currency
        self._moment = datetime.fromtimestamp(closing, timezone.utc)
        self._rows = []
        self._total = 0

    def settle(self, item):
        """Settle a payment, less Adyen's fee."""
        amount = item["amount"]["value"]
        self._of_payment("Settled", item, amount, amount // MARKUP)

    def refund(self, item):
        """List a refund."""
        self._of_payment("Refunded", item, -item["amount"]["value"])

    def charge_back(self, item):
        """List a chargeback, and charge its fee."""
        self._of_payment("Chargeback", item, -item["amount"]["value"], CHARGEBACK_FEE)

    def carry(self, amount):
        """Keep an amount in the balance for the next batch; negative for the last."""
        self._row("Balancetransfer", -amount)

    def hold(self, amount):
        """Keep an amount as security."""
        self._row("DepositCorrection", -amount)

    def pay_out(self):
        """Send what is left to the bank."""
        self._account.balance -= self._total
        self._row("MerchantPayout", -self._total)

    def report(self):
        """Return the CSV file."""
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, COLUMNS, "", lineterminator="\n")
        writer.writeheader()
        writer.writerows(self._rows)
        return text.getvalue().encode()

    def _of_payment(self, code, item, gross, fee=0):
        self._account.balance -= fee
        side = "Credit" if gross > 0 else "Debit"
        own = item["pspReference"]
        self._row(
            code,
            gross - fee,
            {
                "Psp Reference": item.get("originalReference", own),
                "Merchant Reference": item["merchantReference"],
                "Payment Method": item["paymentMethod"],
                "Modification Reference": own,
                "Gross Currency": self._currency,
                f"Gross {side} (GC)": major(gross),
                "Exchange Rate": "1",
                "Markup (NC)": major(fee) if fee else "",
            },
        )

    def _row(self, code, net, more=()):
        self._total += net
        side = "Credit" if net > 0 else "Debit"
        now = f"{self._moment:%Y-%m-%d %H:%M:%S}"
        self._rows.append(
            {
                "Company Account": self._account.name,
                "Merchant Account": self._account.name,
                "Creation Date": now,
                "TimeZone": "UTC",
                "Type": code,
                "Modification Reference": f"{code} batch {self._number}",
                "Net Currency": self._currency,
                f"Net {side} (NC)": major(net),
                "Batch Number": str(self._number),
                "Booking Date": now,
                "Booking Date TimeZone": "UTC",
                **dict(more),
            }
        )


def major(minor):
    """Write an amount without sign, in major units."""
    return f"{abs(minor) // 100}.{abs(minor) % 100:02d}"
