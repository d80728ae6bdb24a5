# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the day has left in the database, as numbers and as a table."""

import time

import postgres
from demo_database import DATABASE
from steps import SetupError, say

DRAIN_TIMEOUT = 60  # seconds
NAME, CELL = 48, 14  # widths of the table's columns
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
               CASE event.type WHEN 'payment.captured' THEN event.amount_minor
                               WHEN 'refund.succeeded' THEN -event.amount_minor
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
                self.waiting = _query(cursor, PROGRESS)[0][1]
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
        if self.waiting or self.drift != -self.at_risk:
            raise SetupError(
                f"The drift of {money(self.drift)} is not what open exceptions keep "
                f"out of the ledger ({money(self.at_risk)}), or deliveries wait in "
                f"vain ({self.waiting}).",
                "That is a bug of the hub: compare the postings with the payments.",
            )

    def show(self):
        """Print the table."""
        _title("What Stripe sent", "accepted", "duplicate", "rejected")
        for act, counts in self.answers.items():
            cells = [counts[name] for name in ("accepted", "duplicate", "rejected")]
            _row(act, *(cell or "" for cell in cells))
        _title("What the hub made of it", "count")
        _row("Events", self.events)
        for kind, count in self.kinds:
            _row(f"Postings: {_words(kind)}", count)
        for state, count in sorted(self.invoices.items()):
            _row(f"Invoices: {_words(state)}", count)
        _title("What waits for a person", "count", "amount")
        for cause, count, amount in self.exceptions:
            _row(f"Exceptions: {_words(cause)}", count, money(amount) if amount else "")
        _title("Is the money right?", "", "amount")
        _row("Clearing account in Odoo", "", money(self.clearing))
        _row("Balance that the player kept for itself", "", money(self.provider))
        _row("Drift", "", money(self.drift))
        if self.drift and self.drift == -self.at_risk:
            say("  The drift is exactly what the open exceptions keep from the ledger.")


def money(minor):
    """Write an amount in cents as dollars."""
    sign = "-" if minor < 0 else ""
    return f"{sign}{abs(minor) // 100:,}.{abs(minor) % 100:02d} USD"


def _words(name):
    return name.replace("_", " ")


def _title(name, *cells):
    say("")
    _row(name, *cells)
    say("  " + "-" * (NAME + CELL * 3))


def _row(name, *cells):
    say(f"  {name:<{NAME}}" + "".join(f"{cell!s:>{CELL}}" for cell in cells).rstrip())
