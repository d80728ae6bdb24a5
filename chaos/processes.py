# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who is whose child, and who is still there, as the kernel tells."""

import time
from pathlib import Path

from tools import steps

PATIENCE = 30  # seconds


def _stat(pid):
    """Return (state, parent's pid) of a process, None when there is none."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    # The name in the middle is in brackets and may hold anything.
    state, parent = text.rpartition(")")[2].split()[:2]
    return state, int(parent)


def children_of(parent):
    """Return the pids of the living children of a process."""
    pids = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    return [
        pid
        for pid in sorted(pids)
        if (stat := _stat(pid)) and stat[1] == parent and stat[0] not in "ZX"
    ]


def is_alive(pid):
    """Tell whether a process is there and not only waits to be buried."""
    stat = _stat(pid)
    return bool(stat) and stat[0] not in "ZX"


def wait_until_gone(pids):
    """Wait until none of these processes is alive."""
    deadline = time.monotonic() + PATIENCE
    while alive := [pid for pid in pids if is_alive(pid)]:
        if time.monotonic() > deadline:
            raise steps.SetupError(f"Processes {alive} do not end.")
        time.sleep(0.05)
