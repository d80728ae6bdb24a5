# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo as a child process: workers, job runner and cron, and the end of them."""

import http.client
import os
import signal
import subprocess
import time

import odoo_run
from demo_front import HOST, Front, free_port
from paths import CONFIG, LOGS, ROOT, VENV_PYTHON, WORK
from steps import SetupError

LOG = LOGS / "demo.log"
STARTER = ROOT / "dev" / "demo_odoo.py"
START_TIMEOUT = 120  # seconds
# What to try, and for how many seconds, until nothing of the server is left.
ENDINGS = ((signal.SIGINT, 15), (signal.SIGTERM, 5), (signal.SIGKILL, 5))


class Server:
    """Odoo with two HTTP workers and the job runner, in a session of its own.

    A context manager: whatever happens inside, nothing of the server stays behind.

    :param port: what people and Stripe use; refused when something listens on it
    """

    def __init__(self, database, port):
        self._database = database
        self._process = None
        self._port = port
        self._front = Front(port)
        self.url = self._front.url

    def __enter__(self):
        return self

    def __exit__(self, *_failure):
        self.stop()
        self._front.server_close()

    def start(self):
        """Start Odoo on two ports of its own."""
        http_port, websocket_port = free_port(), free_port()
        options = {
            "--config": CONFIG,
            "--database": self._database,
            "--workers": 2,
            "--max-cron-threads": 1,
            "--http-interface": HOST,
            "--http-port": http_port,
            "--gevent-port": websocket_port,
        }
        environment = odoo_run.environment(
            ODOO_QUEUE_JOB_CHANNELS="root:1",
            # Of the workers and what they start: no folder of ours on the path.
            PYTHONSAFEPATH="1",
            # The job runner calls the workers over HTTP, never through a proxy.
            NO_PROXY=HOST,
            no_proxy=HOST,
        )
        LOG.parent.mkdir(parents=True, exist_ok=True)
        with open(LOG, "wb") as log:
            self._process = subprocess.Popen(
                [str(VENV_PYTHON), str(STARTER)]
                + [f"{key}={value}" for key, value in options.items()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=WORK,
                env=environment,
                start_new_session=True,
            )
        self._front.open(http_port, websocket_port)

    def wait_for_page(self, path):
        """Wait until a page is served."""
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline:
            self.check()
            if self._get(path) == http.client.OK:
                return
            time.sleep(0.1)
        raise self.failure(f"Odoo serves no page after {START_TIMEOUT} s")

    def _get(self, path):
        """Return the status of a page, 0 while nobody answers."""
        connection = http.client.HTTPConnection(HOST, self._port, timeout=START_TIMEOUT)
        try:
            connection.request("GET", path)
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
        lines = LOG.read_text(encoding="utf-8", errors="replace").splitlines()
        tail = "\n".join(lines[-15:])
        return SetupError(
            f"{message}. The end of its log:\n{tail}",
            f"The full log is {LOG}. Mend what it names and run `make demo` again; "
            "every run starts with a fresh database.",
        )

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
            f"Processes of the server (group {self._process.pid}) do not end.",
            f"See them with: ps -o pid,args --pgroup {self._process.pid}",
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
            os.killpg(self._process.pid, number)
        except ProcessLookupError:
            return False
        return True
