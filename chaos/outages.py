# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Acts that take away what the addon needs for longer: database, job runner, jobs.

And the upgrade, which takes all of it away for a moment.
"""

import http.client
import os
import signal
import time

import base
import points
from senders import Delivery
from server import RUNNER
from tools import odoo_run, paths, postgres, steps

OUTAGE = 6  # seconds
PROBE_EVERY = 0.05  # seconds
STOPPED = 60  # seconds
WAITING_JOBS = """
    SELECT count(*) FROM queue_job WHERE state IN ('pending', 'enqueued')
"""
TAMPERED = {
    "done": "UPDATE queue_job SET state = 'done'",
    "cancelled": "UPDATE queue_job SET state = 'cancelled'",
    "deleted": "DELETE FROM queue_job",
}
STRANDED = """
    SELECT count(*) FROM payment_hub_exception WHERE cause = 'lane_stranded'
"""
STRANDED_OPEN = f"{STRANDED} AND state IN ('open', 'acknowledged')"
BATCH = 30  # deliveries
NEWS = 6  # messages
BY_ITSELF = 180  # seconds until all is drained after the database was away


def stop_database(field):
    """Stop PostgreSQL for some seconds: every answer must be 503 with Retry-After."""
    known = Delivery(field.connections[0], field.world.messages[0])
    postgres.stop()
    try:
        field.send_news(NEWS, 1)
        begin = time.monotonic()
        while time.monotonic() < begin + OUTAGE:
            field.senders.attempt(known)
            time.sleep(PROBE_EVERY)
        end = time.monotonic()
    finally:
        postgres.ensure_running()
    field.count["outages"] += 1
    answers = field.senders.answers_between(begin, end)
    wrong = [answer.status for answer in answers if not _is_right(answer)]
    steps.say(f"[chaos] {len(answers)} answers while the database was away")
    field.demand(
        answers and not wrong,
        f"while the database was away: {len(answers)} answers, wrong: {wrong[:10]}",
    )
    is_drained = field.wait_for(
        lambda: field.senders.is_idle() and not field.pending(), BY_ITSELF
    )
    field.demand(is_drained, "the database is back, and not all drains by itself")
    field.drains.append(time.monotonic() - end)


def _is_right(answer):
    return answer.status == http.client.SERVICE_UNAVAILABLE and answer.retry_after


def silence_runner(field):
    """Stop the job runner without ending it: the cron must notice and drain.

    The first drain of the cron is killed at its end, so that it has to come twice.
    """
    if not field.wait_for(lambda: field.server.workers(RUNNER)):
        field.demand(False, "there is no job runner")
        return
    before = base.number(STRANDED)
    (runner,) = field.server.workers(RUNNER)
    os.kill(runner, signal.SIGSTOP)
    points.arm("sweep.drained", "kill")
    field.send(BATCH, 1)
    field.senders.wait(STOPPED)
    is_drained = field.wait_for_sweeper(
        lambda: not points.is_armed("sweep.drained") and not field.pending(),
        5 * STOPPED,
    )
    field.demand(is_drained, f"silent job runner: {field.pending()} are left waiting")
    is_told = base.number(STRANDED) > before
    field.demand(is_told, "nobody was told of the silent job runner")
    os.kill(runner, signal.SIGCONT)
    field.count["kills"] += 1  # of the cron, by the fail point
    field.send_news(NEWS, 1)  # near the end of the round little of the load is left
    is_tended = field.wait_for(lambda: not base.number(STRANDED_OPEN))
    field.demand(is_tended, "the exception of the silent job runner stays open")


def tamper(how):
    """Return the act that falsifies the jobs while work is waiting."""

    def act(field):
        if not field.wait_for(lambda: field.server.workers(RUNNER)):
            field.demand(False, "there is no job runner")
            return
        (runner,) = field.server.workers(RUNNER)
        os.kill(runner, signal.SIGSTOP)
        field.send_news(NEWS, 0.5)
        field.senders.wait(STOPPED)
        field.wait_for(lambda: base.number(WAITING_JOBS), 10)
        changed = base.query(
            f"{TAMPERED[how]} WHERE state IN ('pending', 'enqueued') RETURNING id"
        )
        is_hit = changed and field.pending()
        field.demand(is_hit, f"there were no jobs and no work to have {how}")
        os.kill(runner, signal.SIGCONT)
        is_restored = field.wait_for_sweeper(lambda: not field.pending(), 2 * STOPPED)
        field.demand(is_restored, f"jobs {how} by hand: {field.pending()} left waiting")

    return act


def upgrade(field):
    """Upgrade the addon while it serves."""
    with steps.step("Upgrading the addon under load"):
        try:
            odoo_run.run_odoo(
                f"Upgrading {paths.ADDON}",
                *("-d", base.DATABASE, "-u", paths.ADDON),
                log="chaos-upgrade.log",
            )
        except steps.SetupError as error:
            field.demand(False, f"the upgrade failed: {error.message[-600:]}")
