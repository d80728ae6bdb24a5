# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo with two HTTP workers as a child process: its start, and the end of it."""

import http.client
import os
import signal
import socket
import subprocess
import time

import odoo_run
from paths import CONFIG, LOGS, ROOT, VENV_PYTHON, WORK
from steps import SetupError

HOST = "127.0.0.1"
STARTER = ROOT / "dev" / "odoo_cli.py"
START_TIMEOUT = 120  # seconds
# What to try, and for how many seconds, until nothing of the server is left.
ENDINGS = ((signal.SIGINT, 15), (signal.SIGTERM, 5), (signal.SIGKILL, 5))


def free_port():
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


class OdooServer:
    """Odoo with workers, in a session of its own, on two ports of its own.

    A context manager: whatever happens inside, nothing of the server stays behind.

    :param log: name of the file in ``.odoo/log``
    """

    def __init__(self, database, log):
        self.port = free_port()
        self.websocket_port = free_port()
        self.log = LOGS / log
        self._database = database
        self._process = None

    def __enter__(self):
        return self

    def __exit__(self, *_failure):
        self.stop()

    @property
    def pid(self):
        """Process id of the master, and of its process group."""
        return self._process.pid

    def options(self):
        """Return Odoo's options for this server."""
        return {
            "--config": CONFIG,
            "--database": self._database,
            "--workers": 2,
            "--max-cron-threads": 1,
            "--http-interface": HOST,
            "--http-port": self.port,
            "--gevent-port": self.websocket_port,
        }

    def environment(self):
        """Return the environment of the server's processes."""
        return odoo_run.environment(
            ODOO_QUEUE_JOB_CHANNELS="root:1",
            # Of the workers and what they start: no folder of ours on the path.
            PYTHONSAFEPATH="1",
            # The job runner calls the workers over HTTP, never through a proxy.
            NO_PROXY=HOST,
            no_proxy=HOST,
        )

    def start(self):
        """Start Odoo; it can be started again once it has ended."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with open(self.log, "ab") as log:
            self._process = subprocess.Popen(
                [str(VENV_PYTHON), str(STARTER)]
                + [f"{key}={value}" for key, value in self.options().items()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=WORK,
                env=self.environment(),
                start_new_session=True,
            )

    def wait_until_served(self, path, method="GET"):
        """Wait until a path is answered with 200."""
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline:
            self.check()
            if self._status(method, path) == http.client.OK:
                return
            time.sleep(0.1)
        raise self.failure(f"Odoo does not serve {path} after {START_TIMEOUT} s")

    def _status(self, method, path):
        """Return the status of an answer, 0 while nobody answers."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=START_TIMEOUT)
        try:
            connection.request(method, path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def check(self):
        """Raise when the server has ended by itself."""
        if self._process.poll() is not None:
            raise self.failure(f"Odoo ended with code {self._process.returncode}")

    def wait(self):
        """Serve until somebody stops it."""
        self._process.wait()
        self.check()

    def failure(self, message):
        """Return the error with the last lines of the log."""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        tail = "\n".join(lines[-15:])
        return SetupError(
            f"{message}. The end of its log:\n{tail}",
            f"The full log is {self.log}. Mend what it names and run the same command "
            "again; every run starts with a fresh database.",
        )

    def kill(self):
        """End all processes of the server at once, as a power cut does."""
        self._signal_group(signal.SIGKILL)
        self._process.wait()

    def stop(self):
        """End the server with all its processes: politely, then not.

        Who presses Ctrl-C meanwhile does not want to wait for the next try.
        """
        if self._process is None:
            return
        for number, seconds in ENDINGS:
            try:
                if self._has_ended(number, seconds):
                    return
            except KeyboardInterrupt:
                continue
        raise SetupError(
            f"Processes of the server (group {self.pid}) do not end.",
            f"See them with: ps -o pid,args --pgroup {self.pid}",
        )

    def _has_ended(self, number, seconds):
        """Send a signal; tell whether nothing is left after some seconds.

        The main process ends the others itself, unless it is gone.
        """
        if number != signal.SIGKILL and self._process.poll() is None:
            self._process.send_signal(number)
        else:
            self._signal_group(number)
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self._process.poll() is not None and not self._signal_group(0):
                return True
            time.sleep(0.05)
        return False

    def _signal_group(self, number):
        """Signal all of the server's processes; tell whether there are any."""
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            return False
        return True
