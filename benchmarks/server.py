# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo with two HTTP workers as in production, the empty route, and no job runner."""

import http.client
import os
import signal
import socket
import subprocess
import time

from tools import HERE, odoo_run, paths, python_env, steps

HOST = "127.0.0.1"
EMPTY = "/payment_hub_bench/empty"
WORKERS = 2
STARTER = HERE / "odoo_cli.py"  # see there why it must be a file
START_TIMEOUT = 120  # seconds
STOP_TIMEOUT = 10  # seconds, for each of the two attempts


def free_port():
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


class Server:
    """A context manager; nobody drains, so that only the requests are measured."""

    def __init__(self, database):
        self.port = free_port()
        self._database = database
        self._process = None
        self._log = paths.LOGS / "bench-server.log"

    def __enter__(self):
        ours = HERE / "addons"
        addons = [python_env.site_packages() / "odoo" / "addons", paths.ADDONS, ours]
        wide = [*odoo_run.wide_modules(), "payment_hub_bench"]
        options = {
            "--config": paths.CONFIG,
            "--database": self._database,
            "--addons-path": ",".join(map(str, addons)),
            "--load": ",".join(wide),
            "--workers": WORKERS,
            "--max-cron-threads": 0,
            "--http-interface": HOST,
            "--http-port": self.port,
            "--gevent-port": free_port(),
        }
        paths.LOGS.mkdir(parents=True, exist_ok=True)
        with open(self._log, "wb") as log:
            self._process = subprocess.Popen(
                [paths.VENV_PYTHON, STARTER]
                + [f"{key}={value}" for key, value in options.items()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=paths.WORK,
                env=odoo_run.environment(
                    ODOO_QUEUE_JOB_CHANNELS="root:0", PYTHONSAFEPATH="1"
                ),
                start_new_session=True,
            )
        try:
            self._wait()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *_failure):
        self._stop()

    def _wait(self):
        """Wait until the empty route is served, which needs the bench's addon."""
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise self._failure(f"Odoo ended with {self._process.returncode}")
            if self._is_served():
                return
            time.sleep(0.2)
        raise self._failure(f"Odoo does not serve {EMPTY} after {START_TIMEOUT} s")

    def _is_served(self):
        connection = http.client.HTTPConnection(HOST, self.port, timeout=START_TIMEOUT)
        try:
            connection.request("POST", EMPTY)
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _stop(self):
        """End the server with its workers: politely, then not."""
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            pass
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._process.wait(STOP_TIMEOUT)

    def _failure(self, message):
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        tail = "\n".join(lines[-15:])
        return steps.SetupError(
            f"{message}. The end of its log:\n{tail}", f"The full log is {self._log}."
        )
