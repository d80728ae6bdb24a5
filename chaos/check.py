# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the database must hold after a round, asked for in plain SQL.

Nothing of the addon's own reckoning is believed: entries are read from the journals,
invoices from their residuals, and all is held against the world's model.
"""

import hashlib
import json
from collections import Counter

from base import query
from world import Fact

DELIVERIES = "SELECT connection_id, body FROM payment_hub_delivery"
UNSETTLED = """
    SELECT count(*) FROM payment_hub_delivery
     WHERE state NOT IN ('done', 'exception')
"""
ENTRIES = """
    SELECT payment.payment_reference, payment.payment_type,
           round(abs(line.amount_currency) * 100)::bigint, move.date::text,
           move.id
      FROM account_move move
      JOIN payment_hub_connection connection ON connection.journal_id = move.journal_id
      JOIN payment_hub_balance balance ON balance.connection_id = connection.id
      JOIN account_move_line line
        ON line.move_id = move.id AND line.account_id = balance.clearing_account_id
 LEFT JOIN account_payment payment ON payment.move_id = move.id
     WHERE connection.id = %s AND move.state = 'posted'
"""
STRAY = """
    SELECT count(*) FROM account_move move
      JOIN payment_hub_connection connection ON connection.journal_id = move.journal_id
     WHERE connection.id = %s AND (move.state <> 'posted' OR NOT EXISTS (
           SELECT FROM account_move_line line
             JOIN payment_hub_balance balance
               ON line.account_id = balance.clearing_account_id
            WHERE line.move_id = move.id AND balance.connection_id = connection.id))
"""
CLEARING = """
    SELECT COALESCE(round(sum(line.balance) * 100), 0)::bigint
      FROM account_move_line line
      JOIN payment_hub_balance balance
        ON balance.clearing_account_id = line.account_id
     WHERE balance.connection_id = %s AND line.parent_state = 'posted'
"""
TRIAL = """
    SELECT COALESCE(sum(balance), 0) FROM account_move_line
     WHERE company_id = %s AND parent_state = 'posted'
"""
INVOICES = """
    SELECT name, round(amount_residual * 100)::bigint, payment_state FROM account_move
     WHERE company_id = %s AND move_type = 'out_invoice' AND state = 'posted'
  ORDER BY name
"""
# Without ids and numbers of entries, which depend on the order of posting.
LINES = """
    SELECT payment.payment_reference, payment.payment_type, payment.amount::text,
           currency.name, move.date::text,
           account.code_store ->> %s, line.balance::text
      FROM account_move move
      JOIN payment_hub_connection connection ON connection.journal_id = move.journal_id
      JOIN account_move_line line ON line.move_id = move.id
      JOIN account_account account ON account.id = line.account_id
      JOIN res_currency currency ON currency.id = line.currency_id
 LEFT JOIN account_payment payment ON payment.move_id = move.id
     WHERE connection.id = %s
  ORDER BY 1, 2, 3, 4, 5, 6, 7
"""
EXCEPTIONS = """
    SELECT exception.connection_id, exception.cause, exception.subject,
           exception.state IN ('open', 'acknowledged'), delivery.body
      FROM payment_hub_exception exception
 LEFT JOIN payment_hub_delivery delivery ON delivery.id = exception.delivery_id
"""


class Verdict:
    """The figures of a round, and a sentence for each violation."""

    def __init__(self):
        self.violations = []
        self.lost = self.posted = self.posted_twice = self.drift = 0
        self.poison = self.quarantined = 0
        self.digests = set()

    def demand(self, is_right, sentence):
        """Note a violation unless all is right."""
        if not is_right:
            self.violations.append(sentence)


def check(world, connections, senders):
    """Hold the database against the world; return the verdict."""
    verdict = Verdict()
    _check_inbox(verdict, senders)
    for connection in connections:
        _check_entries(verdict, world, connection)
        _check_balances(verdict, world, connection)
        verdict.digests.add(_digest(connection))
    _check_exceptions(verdict, world, connections, senders)
    return verdict


def _check_inbox(verdict, senders):
    rows = [(connection_id, bytes(body)) for connection_id, body in query(DELIVERIES)]
    stored = set(rows)
    lost = _keys(senders.acknowledged) - stored
    verdict.lost = len(lost)
    verdict.demand(not lost, f"{len(lost)} acknowledged deliveries are not stored")
    verdict.demand(len(rows) == len(stored), "a delivery is stored twice")
    strangers = stored - _keys(senders.sent)
    verdict.demand(not strangers, f"{len(strangers)} stored deliveries were never sent")
    ((unsettled,),) = query(UNSETTLED)
    verdict.demand(not unsettled, f"{unsettled} deliveries are still to be processed")


def _keys(deliveries):
    return {(item.connection.id, item.message.body) for item in deliveries}


def _check_entries(verdict, world, connection):
    found = Counter(Fact(*row[:4]) for row in query(ENTRIES, [connection.id]))
    told = Counter((fact.object_id, fact.direction) for fact in found.elements())
    twice = sum(count - 1 for count in told.values())
    due = set(world.facts)
    missing, extra = due - found.keys(), found.keys() - due
    ((stray,),) = query(STRAY, [connection.id])
    verdict.posted += found.total()
    verdict.posted_twice += twice
    where = f"connection {connection.id}"
    verdict.demand(not twice, f"{twice} facts are posted more than once, {where}")
    verdict.demand(not missing, f"not posted, {where}: {sorted(missing)[:5]}")
    verdict.demand(not extra, f"posted without reason, {where}: {sorted(extra)[:5]}")
    verdict.demand(not stray, f"{stray} entries besides the postings, {where}")


def _check_balances(verdict, world, connection):
    ((clearing,),) = query(CLEARING, [connection.id])
    drift = abs(clearing - world.balance)
    verdict.drift += drift
    where = f"connection {connection.id}"
    verdict.demand(not drift, f"the clearing account is {drift} off, {where}")
    ((trial,),) = query(TRIAL, [connection.company_id])
    verdict.demand(not trial, f"the trial balance is {trial}, {where}")
    for name, residual, _state in query(INVOICES, [connection.company_id]):
        verdict.demand(
            residual == world.owed[name],
            f"{name} owes {residual} and not {world.owed[name]}, {where}",
        )


def _digest(connection):
    company = connection.company_id
    ledger = [
        query(LINES, [str(company), connection.id]),
        query(INVOICES, [company]),
    ]
    return hashlib.sha256(json.dumps(ledger).encode()).hexdigest()


def _check_exceptions(verdict, world, connections, senders):
    """Each poison, and nothing else, ends as an exception of the right cause."""
    expected = {
        (delivery.connection.id, delivery.message.body): delivery.message.cause
        for delivery in senders.acknowledged
        if delivery.message.cause
    }
    failures = Counter()
    quarantined = {}
    for connection_id, cause, subject, is_open, body in query(EXCEPTIONS):
        key = (connection_id, bytes(body) if body else b"")
        if not is_open:
            verdict.demand(key not in expected, f"{subject} is closed, it is poison")
        elif cause == "refund_failed":
            failures[connection_id, subject.split(":")[2]] += 1
        elif key in expected:
            quarantined[key] = cause
        else:
            verdict.demand(False, f"exception of no poison: {cause}, {subject}")
    verdict.poison = len(expected)
    verdict.quarantined = len(quarantined)
    for key, cause in expected.items():
        verdict.demand(
            quarantined.get(key) == cause,
            f"poison for {cause} ended as {quarantined.get(key)}: {key[1][:60]!r}",
        )
    due = Counter(
        (connection.id, refund)
        for connection in connections
        for refund in world.failed_refunds
    )
    verdict.demand(failures == due, f"failed refunds: {failures}, not {due}")
