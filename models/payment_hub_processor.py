# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models

from .. import failpoints
from ..engine.errors import EngineError
from .exception_causes import BANK_RATE_DIFFERS, WAITING_CAUSES
from .payment_hub_decision import CURRENCIES
from .payment_hub_lane import is_transient

_logger = logging.getLogger(__name__)

# How long a message may wait for the one it depends on before a person is asked.
# Stripe retries a delivery for up to three days, most arrive within minutes.
PATIENCE = timedelta(hours=24)
LONGEST_PAUSE = timedelta(hours=1)
MOST_PROBLEMS = 20  # exceptions about the messages of one delivery
# Causes of what is posted like any other, and yet somebody has to know of it.
REMARKS = ("refund_failed", "more_returned", "deposit_unapplied")


class PaymentHubProcessor(models.AbstractModel):
    """Steps 5 and 6 of the road: translate, attest, fold, plan, post.

    Every step can be repeated: a delivery that is processed again adds nothing.
    """

    _name = "payment.hub.processor"
    _description = "Processing of Deliveries"

    @api.model
    def _process(self, connection, deliveries):
        """Process ``deliveries`` of one lane, of which this transaction has the lock.

        A delivery that makes the batch fail ends as an exception; the others pass.
        """
        self = self._in_company(connection.company_id)
        connection = connection.with_env(self.env)
        # One cursor may serve several transactions.
        for name in ("payment.hub.mapping", "payment.hub.entity", CURRENCIES):
            self.env.cr.cache.pop(name, None)

        def quarantine(delivery, error):
            _logger.warning("Delivery %s quarantined", delivery.id, exc_info=error)
            self._refuse(connection, delivery, "processing_error", _for_people(error))
            self._set_state(delivery, "exception")

        self._bisect(
            deliveries.with_env(self.env),
            lambda batch: self._process_batch(connection, batch),
            quarantine,
        )

    @api.model
    def _give_up(self, connection, delivery):
        """Leave aside a delivery that ends the process whenever it is processed."""
        self = self._in_company(connection.company_id)
        connection = connection.with_env(self.env)
        _logger.error("Delivery %s ends the process; left aside", delivery.id)
        delivery = delivery.with_env(self.env)
        detail = delivery.event_type or ""
        self._refuse(connection, delivery, "processing_crashed", detail)
        self._set_state(delivery, "exception")

    @api.model
    def _in_company(self, company):
        return (
            self.sudo()
            .with_company(company)
            .with_context(allowed_company_ids=company.ids)
        )

    @api.model
    def _bisect(self, items, work, quarantine):
        """Do ``work(items)``; halve what fails until the culprit stands alone.

        :param items: recordset or list
        :param work: callable(items); runs under a savepoint
        :param quarantine: callable(item, error) for the one that fails alone
        """
        try:
            with self.env.cr.savepoint():
                work(items)
        except Exception as error:
            if is_transient(error):
                raise
            if len(items) == 1:
                quarantine(items[0], error)
                return
            half = len(items) // 2
            self._bisect(items[:half], work, quarantine)
            self._bisect(items[half:], work, quarantine)

    @api.model
    def _process_batch(self, connection, deliveries):
        told = []
        refusals = self.env["payment.hub.exception"]
        for delivery in deliveries:
            messages, problems = self._translate(connection, delivery)
            told += [(delivery, message) for message in messages]
            for number, problem in self._for_a_person(problems):
                refusals += self._refuse(connection, delivery, *problem, number)
        events = self._attest(connection, told)
        readings = self.env["payment.hub.reading"]._keep(connection, told)
        self.env["payment.hub.lookup"]._ask(connection, told)
        failpoints.reach("drain.attested")
        self._settle(connection, deliveries, events, refusals)
        readings._end_exceptions()

    @api.model
    def _for_a_person(self, problems):
        """Return [(number, problem)]; the last one speaks for what would be too many.

        The sender repeats one mistake: hundreds of exceptions would say no more.
        """
        shown = list(problems.items())[:MOST_PROBLEMS]
        if more := len(problems) - len(shown):
            number, (cause, detail, path) = shown[-1]
            detail = self.env._(
                "%(detail)s\n%(more)s more messages of this delivery have problems.",
                detail=detail,
                more=more,
            )
            shown[-1] = number, (cause, detail, path)
        return shown

    @api.model
    def _translate(self, connection, delivery):
        """Read a delivery.

        :return: the messages that count, and {number: (cause, detail, path)} of those
            that do not; the number of a message is the same whenever it is read
        """
        failpoints.reach("drain.translate", delivery.dedupe_key)
        try:
            told = delivery._translate()
        except EngineError as error:
            return [], {0: (error.cause, str(error), error.path)}
        problems = {
            number: problem
            for number, message in enumerate(told)
            if (problem := self._problem(connection, delivery, message))
        }
        return (
            [message for number, message in enumerate(told) if number not in problems],
            problems,
        )

    @api.model
    def _problem(self, connection, delivery, message):
        """Return (cause, detail, path) of a message that must not count, or None."""
        if message.fault:
            return message.fault.cause, str(message.fault), message.fault.path
        is_live = connection.environment == "live"
        if message.livemode not in (None, is_live):
            sent = "live" if message.livemode else "test"
            detail = self.env._(
                "A %(sent)s event arrived on a %(environment)s connection.",
                sent=sent,
                environment=connection.environment,
            )
            return "environment_mismatch", detail, "livemode"
        # What we asked for with our own credentials need not say whose it is.
        if message.account or delivery.source == "webhook":
            if message.account != (connection.provider_account or ""):
                detail = self.env._("Provider account: %s", message.account or "-")
                return "unmapped_company", detail, "account"
        is_unsigned = delivery.source == "webhook" and not delivery.secret_id
        if is_unsigned and (message.events or message.readings):
            detail = self.env._("An unsigned message must not carry facts.")
            return "malformed", detail, ""
        return self.env["payment.hub.reading"]._problem(delivery, message.readings)

    @api.model
    def _refuse(self, connection, delivery, cause, detail="", path="", number=0):
        """Open an exception about a delivery.

        :param number: of the message in the delivery, from 0
        """
        return self.env["payment.hub.exception"]._open(
            connection,
            f"delivery:{delivery.id}:{number}" if number else f"delivery:{delivery.id}",
            cause,
            {"delivery_id": delivery.id, "detail": detail, "path": path},
        )

    # === attest ===

    @api.model
    def _attest(self, connection, told):
        """Store each fact once, and each delivery's word for it.

        :param told: list of (delivery, engine Translation)
        :return: the events, new and known ones
        """
        facts = [
            (delivery, message, fact)
            for delivery, message in told
            for fact in message.events
        ]
        events = self._events_of(connection, [fact for _d, _m, fact in facts])
        attestations = self.env["payment.hub.attestation"]
        known = {
            (attestation.event_id.id, attestation.delivery_id.id)
            for attestation in attestations.search(
                [("delivery_id", "in", [delivery.id for delivery, *_rest in facts])]
            )
        }
        vals_list = []
        references = set()
        for delivery, message, fact in facts:
            event = events[fact.key]
            references |= {
                (event.payment_id.id, ref.kind, ref.value)
                for ref in fact.references
                if event.payment_id
            }
            if not event._agrees(fact):
                event.conflicted = True
            if (event.id, delivery.id) in known:
                continue
            known.add((event.id, delivery.id))
            if fact.parent > (event.parent or ""):
                # One source may leave it out; the same counts in any order.
                event.parent = fact.parent
            vals_list.append(attestations._store_vals(delivery, event, message, fact))
        attestations.create(vals_list)
        if references:
            self.env["payment.hub.reference"]._add(connection, references)
        return self.env["payment.hub.event"].union(*events.values())

    @api.model
    def _events_of(self, connection, facts):
        """Return {economic key: event}, made where it is not there yet."""
        Event = self.env["payment.hub.event"]
        payments = self.env["payment.hub.payment"]._for_facts(connection, facts)
        first = {}
        for fact in facts:
            first.setdefault(fact.key, fact)
        events = Event.search(
            [
                ("connection_id", "=", connection.id),
                ("economic_key", "in", list(first)),
            ]
        )
        missing = first.keys() - set(events.mapped("economic_key"))
        none = self.env["payment.hub.payment"]
        events += Event.create(
            [
                Event._store_vals(
                    connection, fact, payments.get(fact.payment_ref, none)
                )
                for key, fact in first.items()
                if key in missing
            ]
        )
        return {event.economic_key: event for event in events}

    # === settle ===

    @api.model
    def _settle(self, connection, deliveries, events, refusals):
        """Post what the events ask for, open and close exceptions, end deliveries.

        :param refusals: exceptions about deliveries that could not be read in full
        """
        payments = events.payment_id
        self.env["payment.hub.folded.mixin"]._keep_all(connection, events)
        groups = events._groups()
        held = self._post(connection, groups)
        all_events = self.env["payment.hub.event"].union(
            *(group.events for group in groups)
        )
        grouping = self.env["payment.hub.grouping"]
        held |= grouping._book_due(connection, all_events)
        waiting = self.env["payment.hub.event"]
        untreated = self.env["payment.hub.event"]
        open_exceptions = refusals
        for event, (cause, detail) in held.items():
            if cause == "unmapped_event" and event.amount_minor:
                untreated += event
            elif cause in WAITING_CAUSES and self._is_patient(event):
                waiting += event
            else:
                open_exceptions += self._hold(event, cause, detail)
        exceptions = self.env["payment.hub.exception"]
        exceptions._untreated(connection, untreated, all_events - untreated)
        exceptions.search(
            [
                ("is_open", "=", True),
                ("id", "not in", open_exceptions.ids),
                ("lookup_id", "=", False),  # resolved by the provider's answer
                ("cause", "!=", BANK_RATE_DIFFERS),  # by another reconciliation
                "|",
                ("delivery_id", "in", deliveries.ids),
                ("event_id", "in", all_events.ids),
            ]
        )._resolve()
        blocked = open_exceptions.filtered(
            lambda exception: exception.is_open and exception.cause not in REMARKS
        )
        for group in groups:
            if payment := group.payment:
                payment._set_posting_state(group, payment in blocked.payment_id)
        # Others that waited for one of these events are settled with them. A page tells
        # of many payments: what it waits for may be among those not looked at here.
        others = payments.event_ids.attestation_ids.delivery_id.filtered(
            lambda one: (
                one.state == "exception"
                or one.state == "waiting"
                and one.attestation_ids.event_id <= all_events
            )
        )
        for delivery in deliveries | others:
            if delivery.attestation_ids.event_id & waiting:
                self._set_state(delivery, "waiting")
            elif delivery._is_stuck():
                self._set_state(delivery, "exception")
            else:
                self._set_state(delivery, "done")

    @api.model
    def _post(self, connection, groups):
        """Post what is planned and not posted yet.

        :param groups: list of Group, planned
        :return: {event: (cause, detail)} of what cannot be posted now, or was posted
            though somebody has to know
        """
        held = {}
        for group in groups:
            for hold in group.plan.holds:
                held[group.event(hold.event_key)] = (hold.cause, "")
            for event_key, cause in _remarks(group):
                held[group.event(event_key)] = (cause, "")

        def work(items):
            held.update(self.env["payment.hub.ledger"]._post(connection, items))

        def quarantine(group, error):
            _logger.warning("Events %s not posted", group.events.ids, exc_info=error)
            for event in group.unsettled:
                held[event] = ("processing_error", _for_people(error))

        todo = [group for group in groups if group.unsettled]
        if todo:
            self._bisect(todo, work, quarantine)
        return held

    @api.model
    def _is_patient(self, event):
        return fields.Datetime.now() - event.create_date < PATIENCE

    @api.model
    def _hold(self, event, cause, detail):
        return self.env["payment.hub.exception"]._open(
            event.connection_id,
            f"event:{event.economic_key}",
            cause,
            {
                "event_id": event.id,
                "payment_id": event.payment_id.id,
                "delivery_id": event.attestation_ids.delivery_id[:1].id,
                "amount_minor": event.amount_minor,
                "currency": event.currency,
                "exponent": event.exponent,
                "detail": detail or event.provider_code,
            },
        )

    @api.model
    def _set_state(self, delivery, state):
        now = fields.Datetime.now()
        vals = {"state": state, "attempts": delivery.attempts + 1, "next_at": False}
        if state == "waiting":
            pause = timedelta(minutes=1) * 2 ** min(delivery.attempts, 10)
            vals["next_at"] = now + min(pause, LONGEST_PAUSE)
        else:
            vals["processed_at"] = now
        delivery.write(vals)


def _remarks(group):
    """Yield (event key, cause) of postings that a person has to know of."""
    returns = []
    for post in group.plan.postings:
        if post.kind == "refund_failure":
            yield post.event_key, "refund_failed"
        if post.kind in ("refund", "charge_reversal"):
            returns.append(post.event_key)
    if returns and group.payment.amount_minor < 0:
        yield max(returns), "more_returned"


def _for_people(error):
    """The text of an error; what the database says holds whole rows: not that."""
    if isinstance(error, psycopg2.Error):
        return f"The database refused it ({type(error).__name__}); see Odoo's log."
    return str(error) or type(error).__name__
