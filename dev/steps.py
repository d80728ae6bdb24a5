# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Progress lines, expected failures, locks and resumable state of the set-up.

Progress goes to stderr: the last line on stdout belongs to the program that
``make`` runs (the demo prints JSON there, pytest its closing line).
"""

import errno
import fcntl
import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager

from paths import LOGS, STATE, WORK

EXIT_FAILED = 1
EXIT_NO_PACKAGE = 69  # EX_UNAVAILABLE: Odoo's package is not to be had
DISK_FULL = "No space left on device"


class SetupError(Exception):
    """A step cannot be done, for a reason a person can do something about."""

    def __init__(self, message, remedy="", code=EXIT_FAILED):
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.code = code


def say(text):
    """Print one progress line."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def step(title):
    """Announce a step, and tell afterwards how long it took."""
    say(f"[      ] {title} ...")
    start = time.monotonic()
    yield
    say(f"[{time.monotonic() - start:5.1f}s] {title}")


def disk_full():
    """Return the error for a full disk."""
    return SetupError(
        f"The disk is full: {DISK_FULL.lower()} below {WORK}.",
        "Free about 3 GB, then run the same command again; it resumes.",
    )


def run(command, what, remedy="", log=None, **kwargs):
    """Run a command quietly; on failure raise with the end of its output.

    :param what: what the command does, for the message of a failure
    :param log: name of a file in ``.odoo/log`` that keeps the output
    :return: the output (stdout and stderr together)
    """
    try:
        result = subprocess.run(
            [str(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
            **kwargs,
        )
    except FileNotFoundError as error:
        raise SetupError(f"{what}: {command[0]} is not there.", remedy) from error
    if log:
        LOGS.mkdir(parents=True, exist_ok=True)
        (LOGS / log).write_text(result.stdout, encoding="utf-8")
    if result.returncode:
        if DISK_FULL in result.stdout:
            raise disk_full()
        tail = "\n".join(result.stdout.strip().splitlines()[-15:])
        raise SetupError(f"{what} failed:\n{tail}", remedy)
    return result.stdout


def read_state(name):
    """Return what a finished step has noted, or an empty dict."""
    try:
        return json.loads((STATE / f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def write_state(name, **values):
    """Note that a step is finished; appears at once or not at all."""
    target = STATE / f"{name}.json"
    target.parent.mkdir(parents=True, exist_ok=True)
    write_file(target, json.dumps(values, indent=1) + "\n")


def forget_state(name):
    """Forget a step, so that a kill half-way makes it start again."""
    (STATE / f"{name}.json").unlink(missing_ok=True)


def write_file(path, text, mode=0o644):
    """Write a file under a temporary name and move it into place."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(text, encoding="utf-8")
    temporary.chmod(mode)
    temporary.replace(path)


_held = set()


@contextmanager
def lock(name="setup"):
    """Let one process at a time do this; the same process may nest it."""
    if name in _held:
        yield
        return
    path = WORK / "lock" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a+", encoding="utf-8") as handle:
        _acquire(handle)
        _held.add(name)
        try:
            yield
        finally:
            _held.discard(name)


def _acquire(handle):
    """Take the lock on an open file, saying so when that means waiting."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.seek(0)
        holder = handle.read().strip() or "unknown"
        say(f"[ wait ] process {holder} is at work in .odoo; waiting for it ...")
        fcntl.flock(handle, fcntl.LOCK_EX)
    handle.seek(0)
    handle.truncate()
    handle.write(f"{os.getpid()}\n")
    handle.flush()


def check_owner():
    """Refuse to go on in a ``.odoo`` that another user has made."""
    WORK.mkdir(exist_ok=True)
    owner, me = WORK.stat().st_uid, os.geteuid()
    if me not in (0, owner):
        raise SetupError(
            f"{WORK} belongs to user id {owner}, you are user id {me}.",
            "Work as that user, or remove the folder as that user (make clean).",
        )


def report(error):
    """Print an expected failure and return the exit code for it."""
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        error = disk_full()
    if isinstance(error, SetupError):
        say(f"\nError: {error.message}")
        if error.remedy:
            say(f"What to do: {error.remedy}")
        return error.code
    say(f"\nError: {error}")
    return EXIT_FAILED
