# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the day has left in the database, as numbers and as a table."""

import time
from collections import Counter

import postgres
from demo_database import DATABASE
from steps import SetupError, say

DRAIN_TIMEOUT = 60  # seconds
NAME, CELL = 56, 15  # widths of the table's columns
COUNTS = """
    SELECT (SELECT count(*) FROM payment_hub_event),
           (SELECT count(*) FROM payment_hub_posting),
           (SELECT count(*) FROM account_move
             WHERE move_type = 'out_invoice' AND payment_state = 'paid'),
           (SELECT count(*) FROM payment_hub_attestation),
           (SELECT count(*) FROM payment_hub_attestation WHERE source = 'api')
"""
CLEARING = """
    SELECT connection.provider,
           COALESCE(round(sum(line.amount_currency) * 100), 0)::bigint
      FROM payment_hub_connection connection
 LEFT JOIN payment_hub_balance balance ON balance.connection_id = connection.id
 LEFT JOIN account_move_line line
        ON line.account_id IN (balance.clearing_account_id, balance.reserve_account_id)
       AND line.parent_state = 'posted'
  GROUP BY connection.provider
"""
# Decided, and booked together when its settlement is proven.
WAITING = """
    SELECT connection.provider,
           COALESCE(sum(posting.moved_minor) FILTER (
               WHERE posting.move_id IS NULL AND posting.is_reversed IS NOT TRUE
                 AND posting.is_on_balance AND posting.kind <> 'reserve'), 0)::bigint
      FROM payment_hub_connection connection
 LEFT JOIN payment_hub_posting posting ON posting.connection_id = connection.id
  GROUP BY connection.provider
"""
# Provider, cause, event, count, and what the clearing account lacks because of it.
EXCEPTIONS = """
    SELECT connection.provider, exception.cause, event.type,
           count(DISTINCT exception.id), COALESCE(sum(
               CASE event.type WHEN 'payment.captured' THEN event.amount_minor
                               WHEN 'refund.succeeded' THEN -event.amount_minor
                               WHEN 'fee.charged' THEN -event.amount_minor
                               WHEN 'dispute.funds_withdrawn' THEN -event.amount_minor
               END), 0)::bigint
      FROM payment_hub_exception exception
      JOIN payment_hub_connection connection ON connection.id = exception.connection_id
 LEFT JOIN payment_hub_event event
        ON event.id = exception.event_id OR event.untreated_id = exception.id
     WHERE exception.is_open
  GROUP BY connection.provider, exception.cause, event.type
  ORDER BY connection.provider, exception.cause, event.type
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
    """The outcome of the day.

    :param days: the :class:`demo_days.ProviderDay` that were played
    """

    def __init__(self, days):
        self.days = days
        connection = postgres.connect(DATABASE)
        try:
            with connection.cursor() as cursor:
                counts = _query(cursor, COUNTS)[0]
                self.events, self.postings, self.paid = counts[:3]
                self.attestations, self.from_api = counts[3:]
                self.clearing = dict(_query(cursor, CLEARING))
                self.for_entry = dict(_query(cursor, WAITING))
                self.exceptions = _query(cursor, EXCEPTIONS)
                self.invoices = dict(_query(cursor, INVOICES))
                self.kinds = _query(cursor, KINDS)
                self.waiting = _query(cursor, PROGRESS)[0][1]
        finally:
            connection.close()

    def drift(self, day):
        """What is booked or decided minus the provider's own balance, minor units."""
        decided = self.clearing[day.code] + self.for_entry[day.code]
        return decided - day.account.balance

    def at_risk(self, day):
        """What open exceptions keep out of the ledger, in minor units."""
        return sum(row[-1] for row in self.exceptions if row[0] == day.code)

    def _answered(self, answer):
        return sum(
            counts[answer] for day in self.days for counts in day.answers.values()
        )

    def numbers(self):
        """Return what the last line of standard output tells."""
        causes = Counter()
        for _provider, cause, _type, count, _amount in self.exceptions:
            causes[cause] += count
        return {
            "sent": sum(day.sender.sent for day in self.days),
            "accepted": self._answered("accepted"),
            "duplicates": self._answered("duplicate"),
            "rejected": self._answered("rejected"),
            "events": self.events,
            "attestations": self.attestations,
            "postings": self.postings,
            "invoices_paid": self.paid,
            "exceptions": causes,
            "clearing_minor": self.clearing,
            "waiting_minor": self.for_entry,
            "provider_minor": {day.code: day.account.balance for day in self.days},
            "drift": {day.code: self.drift(day) for day in self.days},
        }

    def check(self):
        """Raise when the hub and the players do not agree on the day."""
        failed = self._answered("failed")
        if failed:
            statuses = {day.provider: dict(day.sender.statuses) for day in self.days}
            raise SetupError(
                f"{failed} deliveries got no proper answer; answers by HTTP status: "
                f"{statuses}.",
                "See the server's log, .odoo/log/demo.log.",
            )
        for day in self.days:
            if self.waiting or self.drift(day) != -self.at_risk(day):
                raise SetupError(
                    f"{day.provider}: the drift of {money(self.drift(day))} is not "
                    "what open exceptions keep out of the ledger "
                    f"({money(self.at_risk(day))}), or deliveries wait in vain "
                    f"({self.waiting}).",
                    "That is a bug of the hub: compare the postings with the payments.",
                )

    def show(self):
        """Print the tables."""
        for day in self.days:
            _title(f"What {day.provider} sent", "accepted", "duplicate", "rejected")
            for act, counts in day.answers.items():
                cells = [counts[name] for name in ("accepted", "duplicate", "rejected")]
                _row(act, *(cell or "" for cell in cells))
        _title("What the hub made of it", "count")
        _row("Events", self.events)
        _row("Attestations of them", self.attestations)
        _row("  of which PayPal's API gave, when asked", self.from_api)
        for kind, count in self.kinds:
            _row(f"Postings: {_words(kind)}", count)
        for state, count in sorted(self.invoices.items()):
            _row(f"Invoices: {_words(state)}", count)
        _title("What waits for a person", "count", "amount")
        for provider, cause, event_type, count, amount in self.exceptions:
            name = f"{provider}: {_words(cause)} ({event_type or 'message'})"
            _row(name, count, money(amount) if amount else "")
        _title("Is the money right?", *(day.provider for day in self.days))
        _row("Clearing account in Odoo", *self._amounts(self._clearing_of))
        waiting = self._amounts(lambda day: self.for_entry[day.code])
        _row("Decided, waits for its settlement's entry", *waiting)
        balances = self._amounts(lambda day: day.account.balance)
        _row("Balance that the player kept for itself", *balances)
        _row("Drift", *self._amounts(self.drift))
        if all(self.drift(day) == -self.at_risk(day) for day in self.days):
            say("  The drift is exactly what the open exceptions keep from the ledger.")

    def _clearing_of(self, day):
        return self.clearing[day.code]

    def _amounts(self, of):
        return [money(of(day)) for day in self.days]


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
