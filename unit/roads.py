# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One fact comes by several roads: what must be the same on each."""


def by_key(translations):
    """Give the facts of translations without a fault, by key."""
    assert not [one.fault for one in translations if one.fault]
    return {fact.key: fact for one in translations for fact in one.events}


def claim(fact):
    return fact.type, fact.amount_minor, fact.currency, fact.exponent, fact.payment_ref


def whole_claim(fact):
    return fact.key, *claim(fact), fact.parent


def claims(events):
    """Give what is said of each fact that moves the balance."""
    return {
        fact.key: (fact.type, fact.amount_minor, fact.currency, fact.exponent)
        for fact in events
        if fact.is_balance
    }
