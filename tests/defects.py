# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Seeded defects: what could be wrong with the road, and the tests that tell.

Each is switched on by ``test_defects`` alone. The engine has its own, in ``unit/``.
What is replaced by a function or property has to be reached by the test.
"""

import hashlib
import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple

from odoo.addons.account.models.company import ResCompany

from ..controllers import main
from ..engine import planner, providers
from ..engine.facts import Facts
from ..engine.providers.stripe import webhook
from ..models import (
    payment_hub_balance,
    payment_hub_delivery,
    payment_hub_documents,
    payment_hub_event,
    payment_hub_proof_mixin,
    vault,
)
from ..models.payment_hub_adoption import PaymentHubAdoption
from ..models.payment_hub_api_mixin import PaymentHubApiMixin
from ..models.payment_hub_attempt import PaymentHubAttempt
from ..models.payment_hub_backfill import PaymentHubBackfill
from ..models.payment_hub_decision import PaymentHubDecision
from ..models.payment_hub_entry import Group
from ..models.payment_hub_exception import PaymentHubException
from ..models.payment_hub_lane import PaymentHubLane
from ..models.payment_hub_processor import PaymentHubProcessor
from ..models.payment_hub_secret import PaymentHubSecret
from ..models.payment_hub_untreated_mixin import PaymentHubUntreatedMixin
from . import (
    test_adoption,
    test_attempts,
    test_backfill,
    test_backfill_faults,
    test_bad_messages,
    test_batches,
    test_entries,
    test_exceptions,
    test_lane,
    test_readings,
    test_replacement,
    test_road,
    test_secrets,
    test_untreated,
    test_webhook,
)


class Defect(NamedTuple):
    """A way to be wrong: ``owner.attribute`` is replaced by ``value``."""

    name: str
    owner: Any
    attribute: str
    value: Any
    caught_by: Any  # test case


def defects():
    """Give the defects of the road."""
    yield Defect(
        "acknowledges what it could not store",
        main,
        "unavailable",
        lambda: main.problem(200, "OK"),
        test_webhook.TestWebhook("test_database_error_is_503_with_retry_after"),
    )
    yield Defect(
        "acknowledges first and stores after the answer's commit",
        main,
        "_store",
        _store_after_commit,
        test_webhook.TestWebhook("test_stored_byte_for_byte"),
    )
    yield Defect(
        "takes the digest of the body for the dedupe key",
        providers,
        "PROVIDERS",
        _stripe(envelope=_envelope_by_digest),
        test_webhook.TestWebhook("test_duplicate_is_accepted_and_stored_once"),
    )
    yield Defect(
        "takes any signature",
        providers,
        "PROVIDERS",
        _stripe(verify=lambda *_arguments: 0),
        test_webhook.TestWebhook("test_refused_signatures"),
    )
    yield Defect(
        "wakes the lane before the commit",
        PaymentHubLane,
        "_wake_after_commit",
        _wake_at_once,
        test_lane.TestLane("test_wake_comes_after_the_commit"),
    )
    yield Defect(
        "drains without the lane's lock",
        PaymentHubLane,
        "_try_lock",
        always(True),
        test_lane.TestLane("test_held_lane_is_left_alone"),
    )
    yield Defect(
        "drains on a stale snapshot",
        PaymentHubLane,
        "_begin_turn",
        always(1),
        test_lane.TestLane("test_turn_refuses_a_stale_snapshot"),
    )
    yield Defect(
        "forgets what is left after a batch",
        PaymentHubLane,
        "_is_due",
        always(False),
        test_lane.TestLane("test_drain_takes_a_batch_and_wakes_the_lane_for_the_rest"),
    )
    yield Defect(
        "sweeps nothing",
        PaymentHubLane,
        "_due_lanes",
        always([]),
        test_lane.TestLane("test_sweeper_wakes_a_lane_with_something_due"),
    )
    yield Defect(
        "counts no deaths",
        PaymentHubAttempt,
        "_begin",
        lambda _self, _lane, _turn, items: (items, 0),
        test_attempts.TestAttempts("test_delivery_that_dies_alone_twice_is_left_aside"),
    )
    yield Defect(
        "blames the whole batch for one poison delivery",
        PaymentHubProcessor,
        "_bisect",
        _blame_all,
        test_exceptions.TestExceptions("test_poison_delivery_stands_alone"),
    )
    yield Defect(
        "posts under a key that is never the same",
        planner,
        "plan",
        _plan_with_random_keys(planner.plan),
        test_road.TestCapture("test_processing_again_adds_nothing"),
    )
    yield Defect(
        "drops what it does not know",
        planner,
        "plan",
        _plan_without_holds(planner.plan),
        test_bad_messages.TestBadMessages("test_unknown_type_is_never_dropped"),
    )
    yield Defect(
        "posts what its sources disagree on",
        payment_hub_event,
        "Facts",
        _without_conflicts,
        test_bad_messages.TestBadMessages("test_disagreeing_sources_block_the_event"),
    )
    yield Defect(
        "takes test events for live ones",
        providers,
        "PROVIDERS",
        _stripe(translate=_translate_as_test),
        test_bad_messages.TestBadMessages(
            "test_event_of_the_other_environment_posts_nothing"
        ),
    )
    yield Defect(
        "cuts floats instead of rounding them",
        payment_hub_documents,
        "amount_to_minor",
        lambda amount, exponent: int(amount * 10**exponent),
        test_road.TestCapture("test_amounts_that_floats_cannot_hold"),
    )
    yield Defect(
        "books into a locked period",
        ResCompany,
        "_get_lock_date_violations",
        always([]),
        test_exceptions.TestExceptions("test_locked_period_never_shifts_the_date"),
    )
    yield Defect(
        "leaves in the ledger what the facts do not say any more",
        Group,
        "wrong",
        property(lambda group: group.postings[:0]),
        test_entries.TestEntries(
            "test_loss_that_was_known_before_all_of_the_withdrawal"
        ),
    )
    yield Defect(
        "books once more what Odoo has booked",
        PaymentHubAdoption,
        "_find",
        lambda self, _entry, _due: self.env["account.payment"],
        test_adoption.TestAdoption("test_odoo_came_first"),
    )
    yield Defect(
        "takes 1 for a rate that is missing",
        PaymentHubDecision,
        "_check_rate",
        lambda *_arguments: None,
        test_entries.TestForeignMoney("test_currency_without_a_rate"),
    )
    yield Defect(
        "asks again what a person has decided",
        PaymentHubException,
        "_open",
        _open_always,
        test_exceptions.TestExceptions("test_what_a_person_closed_stays_closed"),
    )
    yield Defect(
        "stores a page that it has already",
        payment_hub_delivery,
        "digest_key",
        lambda _body: secrets.token_hex(32),
        test_backfill.TestBackfill("test_gap_pulled_again_posts_nothing"),
    )
    yield Defect(
        "forgets a backfill whose job was killed",
        PaymentHubBackfill,
        "_cron_wake",
        lambda _self: None,
        test_backfill_faults.TestBackfillFaults("test_kill_between_page_and_next_job"),
    )
    yield Defect(
        "pulls for ever a page that ends each process",
        PaymentHubAttempt,
        "_begin_page",
        always(0),
        test_backfill_faults.TestBackfillFaults(
            "test_page_that_ends_each_process_is_given_up"
        ),
    )
    yield Defect(
        "counts events that wait for no rule any more",
        PaymentHubUntreatedMixin,
        "_count_untreated",
        _count_without_departures(PaymentHubUntreatedMixin._count_untreated),
        test_untreated.TestUntreated("test_events_come_and_go_over_several_batches"),
    )
    yield Defect(
        "forgets what a secret has verified",
        PaymentHubSecret,
        "_has_verified",
        always(False),
        test_secrets.TestSecrets("test_what_evidence_was_verified_with_is_not_deleted"),
    )
    yield Defect(
        "explains a balance by what came long after it",
        payment_hub_balance,
        "NEAR",
        timedelta(days=1),
        test_readings.TestReadings("test_nobody_s_clock_is_right_to_the_second"),
    )
    yield Defect(
        "does not wait for late facts",
        payment_hub_proof_mixin,
        "PATIENCE",
        timedelta(),
        test_readings.TestReadings(
            "test_only_what_no_late_fact_can_explain_is_an_exception"
        ),
    )
    yield Defect(
        "believes an unsigned message",
        PaymentHubProcessor,
        "_problem",
        always(None),
        test_batches.TestBatches("test_unsigned_message_with_facts_is_refused"),
    )
    yield Defect(
        "keeps secrets in clear",
        vault,
        "_keyring",
        _NoKey,
        test_secrets.TestSecrets("test_encrypted_in_the_database"),
    )
    yield Defect(
        "ends the old secret when the new one begins",
        PaymentHubApiMixin,
        "_replace_secret",
        _without_overlap(PaymentHubApiMixin._replace_secret),
        test_webhook.TestWebhook("test_both_secrets_are_accepted_while_they_overlap"),
    )
    yield Defect(
        "replaces a credential that works by one that does not",
        PaymentHubApiMixin,
        "_check_credentials",
        always(""),
        test_replacement.TestReplacement(
            "test_api_credential_is_tried_before_the_old_one_ends"
        ),
    )


def always(value):
    return lambda *_arguments, **_named: value


def _stripe(**changes):
    provider = replace(providers.get("stripe"), **changes)
    return {**providers.PROVIDERS, "stripe": provider}


def _envelope_by_digest(body, headers):
    known = webhook.envelope(body)
    return known._replace(dedupe_key=hashlib.sha256(body).hexdigest())


def _translate_as_test(*arguments):
    return tuple(
        message._replace(livemode=False) for message in webhook.translate(*arguments)
    )


def _store_after_commit(connection, provider, body, headers, index):
    cr = main.request.env.cr
    statement = main.request.env["payment.hub.delivery"]._insert_sql(
        connection["id"], provider.envelope(body, {}), body, {}, "", index
    )
    cr.postcommit.add(lambda: cr.execute(statement))
    return True


def _without_overlap(right):
    return lambda connection, name, value, _overlap=0: right(connection, name, value)


class _NoKey:
    def encrypt(self, text):
        return text

    decrypt = encrypt


def _wake_at_once(lane, connection_id):
    lane._wake(connection_id)


def _blame_all(_processor, items, work, quarantine):
    try:
        work(items)
    except Exception as error:
        for item in items:
            quarantine(item, error)


def _plan_with_random_keys(plan):
    def wrong(*arguments):
        right = plan(*arguments)
        postings = (
            replace(posting, key=f"{posting.key}:{secrets.token_hex(4)}")
            for posting in right.postings
        )
        return right._replace(postings=tuple(postings))

    return wrong


def _plan_without_holds(plan):
    return lambda *arguments: plan(*arguments)._replace(holds=())


def _without_conflicts(events, _conflicted=()):
    return Facts(events)


def _count_without_departures(right):
    def wrong(exception, more, more_minor):
        if more > 0:
            right(exception, more, more_minor)

    return wrong


def _open_always(exceptions, connection, subject, cause, vals):
    return exceptions.create(
        {"connection_id": connection.id, "subject": subject, "cause": cause, **vals}
    )
