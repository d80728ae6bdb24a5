# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
from datetime import datetime, timedelta, timezone

from odoo import api, models

from .money import to_text
from .payment_hub_entry import Refused, moves_taxes
from .payment_hub_lane import is_transient

_logger = logging.getLogger(__name__)

# Providers settle within days, at most a month after the money moved.
OVERDUE = timedelta(days=45)
# Causes by which booking was refused, or failed.
FAILURES = ("locked_period", "reopening_requested", "processing_error")


class PaymentHubGrouping(models.AbstractModel):
    """Decides which postings are booked together, and when.

    Until then they wait, decided and without an entry. A day is booked when it is over
    in the provider's calendar; a settlement when what it consists of proves what it
    paid out. What comes later gets an entry of its own.
    """

    _name = "payment.hub.grouping"
    _description = "Grouping of Postings"

    @api.model
    def _book_due(self, connection, events):
        """Book the days that are over, and the settlements that prove themselves.

        What was refused waits until its first event is processed once more.

        :param events: those that are being processed
        :return: {event: (cause, detail)} of what a person must do first
        """
        alone = self._waiting(connection, "event")  # somebody has changed it to that
        if alone:
            self.env["payment.hub.booking"]._book_now(alone)
        booked = alone
        proven, told = self._settlements(connection, events)
        for postings in [*self._days(connection), *proven]:
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
                _logger.warning("Postings %s not booked", postings.ids, exc_info=error)
                told[event] = ("processing_error", str(error) or type(error).__name__)
        self._wake_others(connection, booked, events)
        self._tell_payments(booked)
        return told

    @api.model
    def _cron_wake(self):
        """Wake the lanes with a day that is over: nothing else may come by itself.

        Tell somebody of settlements that do not come.
        """
        connections = self.env["payment.hub.connection"].search(
            [("state", "=", "active")]
        )
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
        today = connection._provider_day(datetime.now(timezone.utc))
        postings = self._waiting(connection, "day", ("due_date", "<", today))
        return list(postings.grouped(lambda one: (one.date, *_shared(one))).values())

    @api.model
    def _settlements(self, connection, events):
        """Tell apart the settlements of these events that have come to an end.

        :return: the postings for one entry each of those that are proven: one for each
            month, so that none is moved into another; {event of the payout: (cause,
            detail)} of those that were paid out and do not prove it
        """
        proven, unproven = [], {}
        live = events.posting_ids.filtered(lambda one: not one.is_reversed)
        batches = {*events.mapped("batch"), *live.mapped("batch")} - {False}
        for batch in sorted(batches):
            if not self._is_ended(connection, batch):
                continue  # without a look at its members: there may be thousands
            waiting = self._waiting(connection, "settlement", ("batch", "=", batch))
            for currency, postings in waiting.grouped("moved_currency").items():
                sums = self._sums(connection, batch, currency)
                if not (rest := sum(sums.values())):
                    proven += postings.grouped(
                        lambda one: (one.date.year, one.date.month, *_shared(one))
                    ).values()
                elif "payout" in sums:
                    payout = postings.search(
                        [*_members(connection, batch), ("kind", "=", "payout")], limit=1
                    )
                    detail = self._unproven_text(payout, rest)
                    unproven[payout.event_id] = ("settlement_unproven", detail)
        return proven, {one: why for one, why in unproven.items() if one in events}

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
    def _sums(self, connection, batch, currency):
        """What the members of a settlement moved, in minor units by kind of posting.

        Opening, movements, payout and closing add up to zero. What is carried forward
        from the settlement before, or to the next, moves nothing: the kind "carried".
        """
        posting = self.env["payment.hub.posting"]
        members = [*_members(connection, batch), ("moved_currency", "=", currency)]
        sums = dict(posting._read_group(members, ["kind"], ["moved_minor:sum"]))
        told = self._carried(connection, batch).filtered(
            lambda one: one.settled_currency == currency
        )
        return sums | ({"carried": sum(told.mapped("settled_minor"))} if told else {})

    @api.model
    def _unproven_text(self, payout, rest):
        return self.env._(
            "Settlement %(batch)s: what is decided differs from the payout by "
            "%(amount)s %(currency)s. Look for events of it with an exception, or pull "
            "the provider's balance entries.",
            batch=payout.batch,
            amount=to_text(rest, payout.moved_exponent),
            currency=payout.moved_currency,
        )

    # === booking ===

    @api.model
    def _book(self, postings):
        """Make one entry, dated with the last of the postings' days."""
        wanted = max(postings.mapped("date"))
        company = postings.entity_company_id
        has_taxes = any(map(moves_taxes, postings))
        day = self.env["payment.hub.decision"]._open_day(company, wanted, has_taxes)
        postings.filtered(lambda one: one.date != day).date = day
        if day != wanted:
            postings.is_late = True
        self.env["payment.hub.booking"]._book_together(postings)

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
        deposits = booked.filtered("is_unapplied")
        deliveries = (
            (payouts | deposits).event_id - events
        ).attestation_ids.delivery_id
        deliveries -= events.attestation_ids.delivery_id
        lane._process_later(
            deliveries.filtered(lambda one: one.state in ("waiting", "exception"))
        )
        if deposits:
            connection.with_delay(
                description=self.env._("Apply deposits of %s", connection.name)
            )._job_apply_deposits(deposits.event_id.ids)

    @api.model
    def _tell_payments(self, postings):
        """Payments whose last posting has got its entry are posted."""
        for payment in postings.payment_id:
            if payment.posting_state == "to_post" and all(
                one.move_id for one in payment.posting_ids if not one.is_reversed
            ):
                payment.posting_state = "posted"


def _members(connection, batch):
    """Domain of the postings that a settlement consists of."""
    return [
        ("connection_id", "=", connection.id),
        ("batch", "=", batch),
        ("is_on_balance", "=", True),
        ("is_reversed", "=", False),
    ]


def _shared(posting):
    """What the postings of one entry have in common."""
    return posting.moved_currency, posting.journal_id, posting.entity_company_id
