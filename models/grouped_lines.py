# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Lines of many postings brought together; what has to be told apart stays apart."""

import hashlib
import json
from typing import Any, NamedTuple

from .money import amount_to_minor

# What gets one entry.
GRANULARITIES = [
    ("event", "Event"),
    ("day", "Day"),
    ("settlement", "Settlement"),
]
SUMS = ("amount_currency", "balance", "tax_base_amount")
TOLD = ("name", "date_maturity")  # of one posting alone


class Side(NamedTuple):
    """One side of a posting, on its way into the entry of many."""

    posting: Any
    number: int  # 0 near, 1 far, then taxes
    vals: dict
    is_alone: bool  # somebody may reconcile it, so that it needs a line of its own

    @property
    def key(self):
        """What it shares with all that come into its line.

        Debits and credits stay apart: in a foreign currency their sum could be a debit
        and its value a credit.
        """
        same = {
            name: value
            for name, value in self.vals.items()
            if name not in SUMS and name not in TOLD
        }
        is_debit = max(self.vals["balance"], self.vals["amount_currency"]) > 0
        own = self.posting.id if self.is_alone else 0
        return own, is_debit, json.dumps(same, sort_keys=True)


def merge(sides):
    """Bring sides together that may share a line, in the order of the first of each.

    :return: list of lists of Side
    """
    groups = {}
    for side in sides:
        groups.setdefault(side.key, []).append(side)
    return list(groups.values())


def summed(group, round_amount, round_balance):
    """Values of the line of a group of sides; rounds what floats make of a sum."""
    vals = dict(group[0].vals)
    if len(group) == 1:
        return vals
    vals.pop("date_maturity")
    for name in SUMS:
        if name in vals:
            rounded = round_amount if name == "amount_currency" else round_balance
            vals[name] = rounded(sum(side.vals[name] for side in group))
    return vals


def fingerprint(postings, account_id, *amounts):
    """Hash of which postings, of what content, make which line: SHA-256, hex.

    :param amounts: of the line, each a pair of float and currency
    """
    told = sorted(f"{one.posting_key} {one.digest or ''}" for one in postings)
    told.append(f"account {account_id}")
    for amount, currency in amounts:
        minor = amount_to_minor(amount, currency.decimal_places)
        told.append(f"{minor} {currency.name}")
    return hashlib.sha256("\n".join(told).encode()).hexdigest()
