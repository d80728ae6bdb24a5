# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the day has left in the database, as numbers and as a table."""

import time

import postgres
from demo_database import DATABASE
from steps import SetupError, say

DRAIN_TIMEOUT = 60  # seconds
COUNTS = """
    SELECT (SELECT count(*) FROM payment_hub_event),
           (SELECT count(*) FROM payment_hub_posting),
           (SELECT count(*) FROM account_move
             WHERE move_type = 'out_invoice' AND payment_state = 'paid'),
           (SELECT COALESCE(round(sum(line.amount_currency) * 100), 0)::bigint
              FROM account_move_line line
              JOIN payment_hub_connection connection
                ON connection.clearing_account_id = line.account_id
             WHERE line.parent_state = 'posted')
"""
# Cause, count, and what the clearing account lacks because of it.
EXCEPTIONS = """
    SELECT exception.cause, count(*), COALESCE(sum(
               CASE WHEN event.type = 'payment.captured' THEN event.amount_minor
                    WHEN event.type = 'refund.succeeded' THEN -event.amount_minor
               END), 0)::bigint
      FROM payment_hub_exception exception
 LEFT JOIN payment_hub_event event ON event.id = exception.event_id
     WHERE exception.is_open
  GROUP BY exception.cause ORDER BY exception.cause
"""
PROGRESS = """
    SELECT (SELECT count(*) FROM payment_hub_delivery WHERE state = 'pending'),
           (SELECT count(*) FROM payment_hub_delivery WHERE state = 'waiting'),
           (SELECT count(*) FROM queue_job
             WHERE state IN ('pending', 'enqueued', 'started'))
"""
INVOICES = """
    SELECT payment_state, count(*) FROM account_move
     WHERE move_type = 'out_invoice' AND state = 'posted'
  GROUP BY payment_state
"""
KINDS = "SELECT kind, count(*) FROM payment_hub_posting GROUP BY kind ORDER BY kind"


def _query(cursor, statement):
    cursor.execute(statement)
    return cursor.fetchall()


def wait_until_processed(server):
    """Wait until no delivery is pending; waiting ones are left to wait."""
    connection = postgres.connect(DATABASE)
    try:
        with connection.cursor() as cursor:
            deadline = time.monotonic() + DRAIN_TIMEOUT
            before = None
            while time.monotonic() < deadline:
                server.check()
                pending, waiting, jobs = now = _query(cursor, PROGRESS)[0]
                if not pending and not jobs and now == before:
                    return
                before = now
                time.sleep(0.3)
    finally:
        connection.close()
    raise server.failure(
        f"After {DRAIN_TIMEOUT} s, {pending} deliveries are pending and {waiting} "
        f"waiting, with {jobs} jobs to do"
    )


class Report:
    """The outcome of the day."""

    def __init__(self, sender, account, answers):
        self.answers = answers
        self.statuses = sender.statuses
        self.sent = sender.sent
        self.provider = account.balance
        connection = postgres.connect(DATABASE)
        try:
            with connection.cursor() as cursor:
                counts = _query(cursor, COUNTS)[0]
                self.events, self.postings, self.paid, self.clearing = counts
                self.exceptions = _query(cursor, EXCEPTIONS)
                self.invoices = dict(_query(cursor, INVOICES))
                self.kinds = _query(cursor, KINDS)
        finally:
            connection.close()

    @property
    def drift(self):
        """Clearing account minus provider, in minor units."""
        return self.clearing - self.provider

    @property
    def at_risk(self):
        """What open exceptions keep out of the ledger, in minor units."""
        return sum(amount for _cause, _count, amount in self.exceptions)

    def numbers(self):
        """Return what the last line of standard output tells."""
        total = {
            answer: sum(counts[answer] for counts in self.answers.values())
            for answer in ("accepted", "duplicate", "rejected")
        }
        return {
            "sent": self.sent,
            "accepted": total["accepted"],
            "duplicates": total["duplicate"],
            "rejected": total["rejected"],
            "events": self.events,
            "postings": self.postings,
            "invoices_paid": self.paid,
            "exceptions": {cause: count for cause, count, _amount in self.exceptions},
            "clearing_minor": self.clearing,
            "provider_minor": self.provider,
            "drift": self.drift,
        }

    def check(self):
        """Raise when the hub and the player do not agree on the day."""
        failed = sum(counts["failed"] for counts in self.answers.values())
        if failed:
            raise SetupError(
                f"{failed} deliveries got no proper answer; answers by HTTP status: "
                f"{dict(self.statuses)}.",
                "See the server's log, .odoo/log/demo.log.",
            )
        if self.drift != -self.at_risk:
            raise SetupError(
                f"The drift of {money(self.drift)} is not what open exceptions keep "
                f"out of the ledger ({money(self.at_risk)}).",
                "That is a bug of the hub: compare the postings with the payments.",
            )

    def show(self):
        """Print the table."""
        say("\n" + _row("What Stripe sent", "new", "again", "refused"))
        for act, counts in self.answers.items():
            cells = [counts[name] for name in ("accepted", "duplicate", "rejected")]
            say(_row(act, *(cell or "" for cell in cells)))
        say("\n" + _row("What the hub made of it", "count", "amount"))
        say(_row("Events", self.events))
        for kind, count in self.kinds:
            say(_row(f"Postings: {kind.replace('_', ' ')}", count))
        for state, count in sorted(self.invoices.items()):
            say(_row(f"Invoices: {state.replace('_', ' ')}", count))
        for cause, count, amount in self.exceptions:
            name = f"Open exceptions: {cause.replace('_', ' ')}"
            say(_row(name, count, money(amount)))
        say("\n" + _row("Is the money right?", "", "amount"))
        say(_row("Clearing account in Odoo", "", money(self.clearing)))
        say(_row("Balance that the player kept for itself", "", money(self.provider)))
        say(_row("Drift", "", money(self.drift)))
        if self.drift and self.drift == -self.at_risk:
            say("  The drift is exactly the amount that open exceptions hold back.")


def money(minor):
    """Write an amount in cents as dollars."""
    sign = "-" if minor < 0 else ""
    return f"{sign}{abs(minor) // 100:,}.{abs(minor) % 100:02d} USD"


def _row(name, *cells):
    return f"  {name:<50}" + "".join(f"{cell!s:>16}" for cell in cells).rstrip()
