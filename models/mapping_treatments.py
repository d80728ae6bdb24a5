# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a row of the mapping may decide about each type of event."""

from ..engine.effects import EFFECTS, LOSS, SHARE, SHARE_RETURN

LOSSES = ("dispute.lost", "dispute.accepted", "dispute.expired")
# Types of event that can post; a loss moves no money, but writes off what was held.
POSTABLE = (*EFFECTS, *LOSSES)
# Roles whose account is the customer's or the balance's, so that no row is needed.
BUILT_IN_ROLES = ("receivable", "reserve", "payout_transit", "topup_transit")

ROLES = [
    ("receivable", "Customer"),
    ("dispute_hold", "Disputed Money"),
    ("dispute_loss", "Dispute Lost"),
    ("fee", "Fees"),
    ("fee_tax", "Tax on Fees"),
    ("tax_withheld", "Tax Withheld"),
    ("payout_transit", "Payout in Transit"),
    ("topup_transit", "Top-Up in Transit"),
    ("reserve", "Reserve"),
    ("conversion", "Currency Conversion"),
    ("connected_payable", "Connected Accounts"),
    ("platform_revenue", "Platform Revenue"),
    ("loan", "Loan"),
    ("suspense", "Suspense"),
]
TREATMENTS = [
    ("post", "Post"),
    ("hold", "Hold as Asset"),
    ("contra_revenue", "Contra Revenue"),
    ("expense", "Expense"),
    ("customer", "Customer Owes Again"),
    ("on_behalf", "Collected for Others"),
    ("suspense", "Suspense"),
    ("none", "No Entry"),
    ("manual", "By Hand"),
]
FEE_KINDS = [
    ("processing", "Processing"),
    ("interchange", "Interchange"),
    ("scheme", "Scheme"),
    ("markup", "Markup"),
    ("fixed", "Fixed"),
    ("fx", "Currency Conversion"),
    ("dispute", "Dispute"),
    ("refund", "Refund"),
    ("payout", "Payout"),
    ("platform", "Platform"),
    ("interest", "Interest"),
    ("tax", "Tax"),
    ("other", "Other"),
]
WITHOUT_ENTRY = ("none", "manual")
OWED_AGAIN = "customer"  # of a loss: the goods were delivered, and are to be paid
ON_BEHALF = "on_behalf"  # of a capture: what a platform collects for who has sold
# By kind of posting: whose rows decide on what a platform keeps without a fee.
SHARES = {
    SHARE.kind: "application_fee.earned",
    SHARE_RETURN.kind: "application_fee.refunded",
}
_DISPUTED = ("hold", "contra_revenue", "expense", "suspense")
_OTHER = ("post", "contra_revenue", "expense", "suspense")

# What the account of a treatment must be: groups of Odoo, and whether reconcilable.
KINDS_OF_ACCOUNT = {
    "hold": (("asset",), True),
    "contra_revenue": (("income",), False),
    "expense": (("expense",), False),
    "suspense": (("asset", "liability"), True),
}


def effect_of(event_type):
    """Return the engine's Effect of a type in ``POSTABLE``."""
    return EFFECTS.get(event_type, LOSS)


def is_built_in(event_type):
    """Whether it posts without a row: its account follows from what it belongs to."""
    effect = effect_of(event_type)
    return _is_return(effect) or effect.role in BUILT_IN_ROLES


def treatments_of(event_type):
    """Return the treatments possible for a type; for each of them when it is False."""
    if not event_type:
        common = set.intersection(*(set(treatments_of(name)) for name in POSTABLE))
        return tuple(name for name, _label in TREATMENTS if name in common)
    if event_type == "payment.captured":
        return ("post", ON_BEHALF, *WITHOUT_ENTRY)
    if is_built_in(event_type):
        return ("post", *WITHOUT_ENTRY)
    is_disputed = effect_of(event_type).role == "dispute_hold"
    own = (OWED_AGAIN,) if event_type in LOSSES else ()
    return (*(_DISPUTED if is_disputed else _OTHER), *own, *WITHOUT_ENTRY)


def takes_account(event_type, treatment):
    """Whether the row's account counts.

    What undoes something goes back to the account it came from, and what a customer
    owes again to the invoice's; a reserve elsewhere would leave the provider's balance
    unproved.
    """
    if treatment in (*WITHOUT_ENTRY, OWED_AGAIN):
        return False
    effect = effect_of(event_type)
    return not _is_return(effect) and effect.role != "reserve"


def needs_account(event_type, treatment):
    """Whether the row cannot do without an account of its own."""
    if treatment in (*WITHOUT_ENTRY, OWED_AGAIN):
        return False
    return treatment == ON_BEHALF or not is_built_in(event_type)


def _is_return(effect):
    return bool(effect.undoes) and effect is not LOSS
