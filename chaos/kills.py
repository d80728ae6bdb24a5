# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Acts that end processes without a warning: of Odoo, and of PostgreSQL."""

import os
import signal

import base
from processes import children_of, wait_until_gone
from server import HTTP_WORKER, RUNNER
from tools import postgres

BACKENDS = """
    SELECT pid FROM pg_stat_activity
     WHERE datname = %s AND backend_type = 'client backend' AND pid <> pg_backend_pid()
  ORDER BY pid
"""
TERMINATE = "SELECT pg_terminate_backend(%s)"


def _kill_one(field, find):
    """Kill one of the processes that ``find()`` returns, as soon as there is one."""
    if not field.wait_for(find):
        field.demand(False, f"no process to kill: {find}")
        return
    victim = field.random.choice(find())
    os.kill(victim, signal.SIGKILL)
    field.count["kills"] += 1


def kill_worker(field):
    """Kill an HTTP worker, which may serve a request or a job."""
    _kill_one(field, lambda: field.server.workers(HTTP_WORKER))


def kill_runner(field):
    """Kill the process of the job runner."""
    _kill_one(field, lambda: field.server.workers(RUNNER))


def kill_master(field):
    """Kill the main process, and start Odoo again."""
    field.server.kill_master()
    field.count["kills"] += 1
    field.server.start()


def _backends():
    return [pid for (pid,) in base.query(BACKENDS, [base.DATABASE])]


def kill_backend(field):
    """Kill a session's process: PostgreSQL ends all sessions and recovers."""
    _kill_one(field, _backends)


def terminate_backend(field):
    """End one session, as an administrator does."""
    if field.wait_for(_backends):
        base.query(TERMINATE, [field.random.choice(_backends())])
        field.count["kills"] += 1


def kill_postmaster(field):
    """Kill PostgreSQL's main process, and start PostgreSQL again."""
    postmaster = postgres.server_pid()
    family = [postmaster, *children_of(postmaster)]
    os.kill(postmaster, signal.SIGKILL)
    # Its children see that and end; a new server must not come before.
    wait_until_gone(family)
    field.count["kills"] += 1
    postgres.ensure_running()
