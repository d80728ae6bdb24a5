# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Named points of the road at which a fault test makes the process fail.

Inactive unless ``payment_hub_failpoints = True`` stands in Odoo's configuration file
and the variable PAYMENT_HUB_FAILPOINTS names a folder. A file there, named like a point
and holding an action, arms that point once: who reaches it first moves the file to the
folder ``hit`` and does the action. A file ``<point>@<subject>`` arms it for one
subject, each time, and leaves an empty file ``hit/<point>@<subject>.<pid>`` for each
process.
"""

import os
import signal
import time
from pathlib import Path

from psycopg2 import errors

from odoo.tools import config, str2bool

FLAG = "payment_hub_failpoints"
VARIABLE = "PAYMENT_HUB_FAILPOINTS"
POINTS = (
    "receive.verified",
    "receive.stored",
    "wake.begun",
    "wake.enqueued",
    "wake.committed",
    "drain.locked",
    "drain.noted",
    "drain.translate",
    "drain.attested",
    "ledger.created",
    "ledger.posted",
    "ledger.reconciled",
    "drain.settled",
    "sweep.drained",
)


def _kill():
    os.kill(os.getpid(), signal.SIGKILL)


def _hang():
    while True:  # until the server's time limit ends this process
        time.sleep(1)


def _fail(error):
    raise error


ACTIONS = {
    "kill": _kill,
    "exit": lambda: os._exit(1),
    "hang": _hang,
    "memory": lambda: _fail(MemoryError()),
    "error": lambda: _fail(RuntimeError("A fail point was reached.")),
    "disk_full": lambda: _fail(errors.DiskFull("A fail point was reached.")),
}


def _folder():
    is_on = str2bool(str(config.get(FLAG) or "false"), default=False)
    folder = os.environ.get(VARIABLE)
    return Path(folder) if is_on and folder else None


FOLDER = _folder()


def reach(point, subject=""):
    """Do what this point is armed with; nothing outside of fault tests."""
    if FOLDER:
        _reach(point, subject)


def _reach(point, subject):
    assert point in POINTS, point
    hits = FOLDER / "hit"
    try:
        if subject and (FOLDER / f"{point}@{subject}").is_file():
            action = (FOLDER / f"{point}@{subject}").read_text()
            (hits / f"{point}@{subject}.{os.getpid()}").touch()
        else:
            taken = hits / f"{point}.{os.getpid()}.{time.monotonic_ns()}"
            (FOLDER / point).rename(taken)
            action = taken.read_text()
    except FileNotFoundError:
        return
    ACTIONS[action.strip()]()
