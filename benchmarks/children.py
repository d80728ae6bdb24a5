# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Processes that are asked with a line of JSON, and answer with one."""

import json
import selectors
import subprocess

from tools import HERE, odoo_run, odoo_server, paths, steps

PATIENCE = 1200  # seconds for one answer
CLOSING = 10  # seconds to end by itself


class Child:
    """A program of this folder as a process of its own; a context manager.

    :param program: name of the file
    :param options: of Python itself
    """

    def __init__(self, program, *arguments, options=()):
        paths.LOGS.mkdir(parents=True, exist_ok=True)
        self._log = paths.LOGS / f"bench-{program}.log"
        with open(self._log, "ab") as log:
            self._process = subprocess.Popen(
                [paths.VENV_PYTHON, *options, HERE / f"{program}.py"]
                + [str(argument) for argument in arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                encoding="utf-8",
                bufsize=1,
                cwd=paths.WORK,
                env=odoo_run.environment(ODOO_QUEUE_JOB_CHANNELS="root:0"),
            )

    def __enter__(self):
        return self

    def __exit__(self, *_failure):
        try:
            self._process.stdin.close()
            self._process.wait(CLOSING)
        except (BrokenPipeError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def ask(self, *command):
        """Have a command done and return its answer."""
        self.tell(*command)
        return self.answer()

    def tell(self, *command):
        """Have a command begun."""
        try:
            self._process.stdin.write(json.dumps(command) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise self._failure("has ended") from error

    def answer(self):
        """Wait for the answer of the command that was begun."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            if not selector.select(PATIENCE):
                self._process.kill()
                raise self._failure(f"gave no answer for {PATIENCE} s")
        line = self._process.stdout.readline()
        if not line:
            raise self._failure("has ended")
        return json.loads(line)

    def _failure(self, what):
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        tail = "\n".join(lines[-15:])
        return steps.SetupError(
            f"A process of the benchmark {what}. The end of its log:\n{tail}",
            f"The full log is {self._log}.",
        )


def agent(database):
    """Return a worker inside Odoo."""
    # Without this folder, whose names are short, on the path of modules.
    return Child("agent", paths.CONFIG, database, options=["-P"])


def load(port):
    """Return the senders to a server."""
    return Child("load", odoo_server.HOST, port)
