# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The Odoo server under test: its processes, and its fail points' folder."""

import os
import re
import signal

from base import DATABASE
from processes import children_of, wait_until_gone
from tools import odoo_server, paths, steps

FOLDER = paths.WORK / "chaos"
POINTS = FOLDER / "points"
LOG = "chaos-server.log"
# Seconds that a request or a job may take; a process that hangs is ended then.
LIMIT = 20
CRON_LIMIT = 120  # seconds; a cron worker that sleeps for a minute does not hang
FIRST_PAGE = "/web/health"
BORN = re.compile(r"Worker (Worker\w+) \((\d+)\) alive")
HTTP_WORKER, RUNNER = "WorkerHTTP", "WorkerJobRunner"


class Server(odoo_server.OdooServer):
    """Odoo with two HTTP workers, one cron worker and the job runner; fail points on.

    A server that is started again keeps its port.
    """

    def __init__(self):
        super().__init__(DATABASE, LOG)
        self.log.unlink(missing_ok=True)
        self._config = FOLDER / "odoo.conf"

    def options(self):
        """Add our own configuration file and the limits of time."""
        return super().options() | {
            "--config": self._config,
            "--limit-time-real": LIMIT,
            "--limit-time-real-cron": CRON_LIMIT,
        }

    def environment(self):
        """Tell the addon where its fail points are armed."""
        return super().environment() | {"PAYMENT_HUB_FAILPOINTS": str(POINTS)}

    def start(self):
        """Start Odoo and wait until it serves."""
        text = paths.CONFIG.read_text(encoding="utf-8")
        FOLDER.mkdir(exist_ok=True)
        steps.write_file(
            self._config, f"{text}payment_hub_failpoints = True\n", mode=0o600
        )
        super().start()
        self.wait_until_served(FIRST_PAGE)

    def workers(self, kind):
        """Return the pids of the living workers of a kind; Odoo's log names them."""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        kinds = {int(pid): name for name, pid in BORN.findall(text)}
        return [pid for pid in children_of(self.pid) if kinds.get(pid) == kind]

    def kill_master(self):
        """Kill the main process alone, then make sure that no orphan is left."""
        family = [self.pid, *children_of(self.pid)]
        os.kill(self.pid, signal.SIGKILL)
        self.kill()
        wait_until_gone(family)
