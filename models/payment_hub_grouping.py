# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
from collections import defaultdict
from datetime import datetime, timedelta, timezone

from odoo import api, models

from .money import to_text
from .payment_hub_entry import Refused, moves_taxes, receivable_lines
from .payment_hub_lane import is_transient

_logger = logging.getLogger(__name__)

# Providers settle within days, at most a month after the money moved.
OVERDUE = timedelta(days=45)
_WAITING = [("move_id", "=", False), ("granularity", "=", "settlement")]
# Causes by which booking was refused, or failed.
FAILURES = ("locked_period", "reopening_requested", "processing_error")


class PaymentHubGrouping(models.AbstractModel):
    """Decides which postings are booked together, and when.

    Until then they wait, decided and without an entry. A day is booked when it is over
    in the provider's calendar, a settlement when what it consists of proves what it
    paid out. What comes later for a day gets another entry; what changes a settlement
    that was booked is booked alone.
    """

    _name = "payment.hub.grouping"
    _description = "Grouping of Postings"

    @api.model
    def _book_due(self, connection, events):
        """Book the days that are over, and the settlements that prove themselves.

        What was refused waits until its first event is processed once more. What a
        person has let go alone goes first.

        :param events: those that are being processed
        :return: {event: (cause, detail)} of what a person must do first
        """
        booked = self.env["payment.hub.posting"]
        self._set_aside_outdated(connection, events)
        proven, told = self._settlements(connection, events)
        alone = self._waiting(connection, "event")
        for postings in [*alone, *self._days(connection), *proven]:
            event = postings[0].event_id
            failed = event.exception_ids.filtered(
                lambda one: one.is_open and one.cause in FAILURES
            )
            if failed and event not in events:
                continue
            try:
                with self.env.cr.savepoint():
                    self._book(postings)
                booked |= postings
            except Refused as refusal:
                told[event] = (refusal.cause, refusal.detail)
            except Exception as error:
                if is_transient(error):
                    raise
                _logger.warning(
                    "%s and %s more not booked",
                    postings[0],
                    len(postings) - 1,
                    exc_info=error,
                )
                told[event] = ("processing_error", str(error) or type(error).__name__)
        self._wake_others(connection, booked, events)
        self._tell_payments(booked)
        return told

    @api.model
    def _cron_wake(self):
        """Wake the lanes with a day that is over: nothing else may come by itself.

        Tell somebody of settlements that do not come.
        """
        posting = self.env["payment.hub.posting"]
        waiting = posting._read_group([("is_waiting", "=", True)], ["connection_id"])
        # Also where nothing waits any more, so that exceptions are closed.
        exceptions = self.env["payment.hub.exception"].search(
            [("cause", "=", "settlement_overdue"), ("is_open", "=", True)]
        )
        connections = exceptions.connection_id.union(*(one for [one] in waiting))
        self.env["payment.hub.lane"]._cron_wake_each(connections, self._wake)

    @api.model
    def _wake(self, connection):
        overdue = connection._provider_day(datetime.now(timezone.utc)) - OVERDUE
        self.env["payment.hub.exception"]._settlements_overdue(
            connection,
            self._waiting(connection, "settlement", ("due_date", "<", overdue)),
        )
        if days := self._days(connection):
            first = days[0][0].event_id
            deliveries = first.attestation_ids.delivery_id[:1]
            self.env["payment.hub.lane"]._process_later(deliveries)

    # === what is due ===

    @api.model
    def _waiting(self, connection, granularity, *domain):
        return self.env["payment.hub.posting"].search(
            [
                ("connection_id", "=", connection.id),
                ("move_id", "=", False),
                ("is_reversed", "=", False),
                ("granularity", "=", granularity),
                *domain,
            ],
            order="id",
        )

    @api.model
    def _days(self, connection):
        """The postings of each day that is over, for one entry each."""
        now = datetime.now(timezone.utc)
        # Customers' postings have the company's day.
        today = min(connection._provider_day(now), connection._company_day(now))
        postings = self._waiting(connection, "day", ("due_date", "<", today))
        return list(postings.grouped(lambda one: (one.date, *_shared(one))).values())

    @api.model
    def _settlements(self, connection, events):
        """Tell apart the settlements of these events that have come to an end.

        :return: the postings for one entry each of those that are proven: one for each
            month and fiscal year, so that none is moved into another; {event: (cause,
            detail)} of those that do not prove what they paid out
        """
        proven, told = [], {}
        live = events.posting_ids.filtered(lambda one: not one.is_reversed)
        batches = {*events.mapped("batch"), *live.mapped("batch")} - {False}
        for batch in sorted(batches):
            if not self._is_ended(connection, batch):
                continue  # without a look at its members: there may be thousands
            for currency, sums in self._sums(connection, batch).items():
                of_currency = ("moved_currency", "=", currency)
                if rest := sum(sums.values()):
                    told |= self._unproven(
                        live.filtered_domain(
                            [("batch", "=", batch), of_currency, *_WAITING]
                        ),
                        rest,
                    )
                    continue
                in_batch = ("batch", "=", batch)
                waiting = self._waiting(connection, "settlement", in_batch, of_currency)
                proven += waiting.grouped(
                    lambda one: (*_period(one), *_shared(one))
                ).values()
        return proven, told

    @api.model
    def _unproven(self, waiting, rest):
        """What to tell of a settlement: on its payout, else on what came last."""
        payout = waiting.filtered(lambda one: one.kind == "payout")
        one = (payout or waiting)[-1:]
        if not one:
            return {}
        detail = self.env._(
            "Settlement %(batch)s: what is decided differs from the payout by "
            "%(amount)s %(currency)s. Look for events of it with an exception, or pull "
            "the provider's balance entries.",
            batch=one.batch,
            amount=to_text(rest, one.moved_exponent),
            currency=one.moved_currency,
        )
        return {one.event_id: ("settlement_unproven", detail)}

    @api.model
    def _is_ended(self, connection, batch):
        """Whether it was paid out, or carried over to the next one."""
        payout = [*_members(connection, batch), ("kind", "=", "payout")]
        return bool(
            self.env["payment.hub.posting"].search_count(payout, limit=1)
            or self._carried(connection, batch)
        )

    @api.model
    def _carried(self, connection, batch):
        return self.env["payment.hub.event"].search(
            [
                ("connection_id", "=", connection.id),
                ("batch", "=", batch),
                ("type", "=", "settlement.carry_forward"),
            ]
        )

    @api.model
    def _sums(self, connection, batch):
        """What the members of a settlement moved: {currency: {kind: minor units}}.

        Opening, movements, payout and closing add up to zero. What is carried forward
        from the settlement before, or to the next, moves nothing: the kind "carried".
        """
        sums = defaultdict(dict)
        for currency, kind, minor in self.env["payment.hub.posting"]._read_group(
            _members(connection, batch),
            ["moved_currency", "kind"],
            ["moved_minor:sum"],
        ):
            sums[currency][kind] = minor
        for posting in self._returned(connection, batch):
            sums[posting.moved_currency]["payout_return"] -= posting.moved_minor
        for event in self._carried(connection, batch):
            of_currency = sums[event.settled_currency]
            carried = of_currency.get("carried", 0)
            of_currency["carried"] = carried + event.settled_minor
        return sums

    @api.model
    def _returned(self, connection, batch):
        """What came back of the payout itself: its settlement has paid it out."""
        posting = self.env["payment.hub.posting"]
        members = _members(connection, batch)
        returns = posting.search([*members, ("kind", "=", "payout_return")])
        paid_by = [*members, ("posting_key", "in", returns.mapped("parent_key"))]
        keys = set(posting.search(paid_by).mapped("posting_key"))
        return returns.filtered(lambda one: one.parent_key in keys)

    # === what has changed meanwhile ===

    @api.model
    def _set_aside_outdated(self, connection, events):
        """Have decided anew what was decided on a world that is not there any more.

        An invoice was cancelled, say, while its payment waited. One such posting would
        stop the entry of a whole day.
        """
        due = self._waiting(connection, "event") + self.env[
            "payment.hub.posting"
        ].union(*self._days(connection))
        batches = set(events.posting_ids.mapped("batch")) - {False}
        for batch in batches:
            if self._is_ended(connection, batch):
                due += self._waiting(connection, "settlement", ("batch", "=", batch))
        outdated = due.filtered(_is_outdated)
        outdated.is_reversed = True
        deliveries = outdated.event_id.attestation_ids.delivery_id
        self.env["payment.hub.lane"]._process_later(deliveries)

    # === booking ===

    @api.model
    def _book(self, postings):
        """Make one entry, dated with the last of the postings' days.

        :raises Refused: when one of these days was locked meanwhile, and the policy
            wants a person
        """
        company = postings.entity_company_id
        has_taxes = any(map(moves_taxes, postings))
        decision = self.env["payment.hub.decision"]
        days = {
            day: decision._open_day(company, day, has_taxes)
            for day in set(postings.mapped("date"))
        }
        postings.filtered(lambda one: days[one.date] != one.date).is_late = True
        last = max(days.values())
        postings.filtered(lambda one: one.date != last).date = last
        booking = self.env["payment.hub.booking"]
        if postings[0].granularity == "event":
            booking._book_now(postings)
        else:
            booking._book_together(postings)

    @api.model
    def _wake_others(self, connection, booked, events):
        """What waited for these entries goes on: payouts, and deposits."""
        lane = self.env["payment.hub.lane"]
        payouts = booked.search(
            [
                ("connection_id", "=", connection.id),
                ("batch", "in", list(set(booked.mapped("batch")) - {False})),
                ("kind", "=", "payout"),
            ]
        )
        # What was booked may have gone back from a deposit: the rest may fit now.
        deposits = self.env["payment.hub.deposits"]._unapplied(booked.payment_id)
        deliveries = (
            (payouts | deposits).event_id - events
        ).attestation_ids.delivery_id
        deliveries -= events.attestation_ids.delivery_id
        lane._process_later(
            deliveries.filtered(lambda one: one.state in ("waiting", "exception"))
        )
        deposits._apply_later()

    @api.model
    def _tell_payments(self, postings):
        """Payments whose last posting has got its entry are posted."""
        waiting = postings.payment_id.filtered(
            lambda payment: payment.posting_state == "to_post"
        )
        waiting.filtered(
            lambda payment: all(
                one.move_id for one in payment.posting_ids if not one.is_reversed
            )
        ).posting_state = "posted"


def _members(connection, batch):
    """Domain of the postings that a settlement consists of."""
    return [
        ("connection_id", "=", connection.id),
        ("batch", "=", batch),
        ("is_on_balance", "=", True),
        ("is_reversed", "=", False),
    ]


def _period(posting):
    """Month and fiscal year in which a posting stays."""
    years = posting.entity_company_id.compute_fiscalyear_dates(posting.date)
    return posting.date.year, posting.date.month, years["date_from"]


def _is_outdated(posting):
    """Whether it was decided on what is not so any more."""
    accounts = posting.near_account_id | posting.far_account_id
    if not (posting.journal_id.active and all(accounts.mapped("active"))):
        return True
    document = posting.document_id
    if posting.kind == "capture" and posting.is_customer:
        owed_on = receivable_lines(document).account_id
        return document.state != "posted" or posting.far_account_id not in owed_on
    return document.move_type == "out_refund" and document.state != "posted"


def _shared(posting):
    """What the postings of one entry have in common."""
    return posting.moved_currency, posting.journal_id, posting.entity_company_id
