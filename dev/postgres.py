# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A private PostgreSQL server in ``.odoo/pg``, reachable by Unix socket only.

The server's binaries are the machine's own, else those of a Python wheel. No
cluster of the system is touched, and no TCP port is opened.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from paths import LOGS, WORK
from postgres_programs import CLUSTER, find_bindir, version
from steps import SetupError, lock, run, say, step, write_file

PORT = 5432  # names the socket file; nothing listens on it
ROLE = "odoo"  # Odoo refuses to work as "postgres"
SOCKET_LIMIT = 107  # bytes that the kernel allows for the path of a socket
SOCKET_NOTE = WORK / "socket-dir"
SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "unix_socket_permissions": "0700",
    "max_connections": 100,
    "shared_buffers": "256MB",
    "timezone": "UTC",
    "jit": "off",  # costs more than it saves on a small database
}


def _account():
    """Return the user that the server runs as when we are root, else None.

    PostgreSQL refuses to run as root.
    """
    if os.geteuid() != 0:
        return None
    if CLUSTER.is_dir() and CLUSTER.stat().st_uid != 0:
        return pwd.getpwuid(CLUSTER.stat().st_uid)
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise SetupError(
        "PostgreSQL refuses to run as root, and there is no user to run it as.",
        "Work as an ordinary user, or create one: useradd --system postgres",
    )


def _as_account(command):
    """Return the command so that it runs as the server's user.

    The capability lets that user reach the cluster below a folder that only
    root may enter, such as one made by ``mktemp -d`` or root's home.
    """
    account = _account()
    if account is None:
        return list(command)
    # PostgreSQL asks access(2) about its own programs, which leaves capabilities
    # out of account unless this bit is set. It matters for the wheel's only.
    inside = Path(command[0]).is_relative_to(WORK)
    return [
        "setpriv",
        *(["--securebits=+no_setuid_fixup"] if inside else []),
        f"--reuid={account.pw_uid}",
        f"--regid={account.pw_gid}",
        "--clear-groups",
        "--inh-caps=+dac_override",
        "--ambient-caps=+dac_override",
        *command,
    ]


def socket_dir():
    """Return the folder of the server's socket, made when missing."""
    folder = WORK / "run"
    if len(os.fsencode(str(folder / f".s.PGSQL.{PORT}.lock"))) > SOCKET_LIMIT:
        folder = _short_socket_dir()
    folder.mkdir(mode=0o700, exist_ok=True)
    account = _account()
    if account and folder.stat().st_uid != account.pw_uid:
        os.chown(folder, account.pw_uid, account.pw_gid)
    return folder


def _short_socket_dir():
    """Return a private folder with a short path, the same one every time."""
    owners = {os.geteuid(), getattr(_account(), "pw_uid", os.geteuid())}
    try:
        folder = Path(SOCKET_NOTE.read_text(encoding="utf-8").strip())
        stat = folder.lstat()
        if folder.is_dir() and stat.st_uid in owners and not stat.st_mode & 0o077:
            return folder
    except OSError:
        pass  # not made yet, or swept away with other temporary files
    folder = Path(tempfile.mkdtemp(prefix="payment_hub-"))
    write_file(SOCKET_NOTE, f"{folder}\n")
    return folder


def _init(bindir):
    """Create the cluster under another name, then move it into place."""
    fresh = CLUSTER.with_name("pg.new")
    shutil.rmtree(fresh, ignore_errors=True)
    with step(f"Creating a PostgreSQL {version(bindir)} cluster"):
        fresh.mkdir(mode=0o700)
        account = _account()
        if account:
            os.chown(fresh, account.pw_uid, account.pw_gid)
        options = ["--username", ROLE, "--auth", "trust", "--encoding", "UTF8"]
        command = [str(bindir / "initdb"), "-D", str(fresh), "--locale", "C.UTF-8"]
        run(_as_account([*command, *options]), "initdb", log="initdb.log", cwd="/")
        with (fresh / "postgresql.conf").open("a", encoding="utf-8") as config:
            config.write("include_if_exists 'payment_hub.conf'\n")
        fresh.replace(CLUSTER)


def _write_settings():
    """Write the settings of the server."""
    settings = {**SETTINGS, "unix_socket_directories": socket_dir()}
    lines = []
    for key, value in settings.items():
        quoted = str(value).replace("'", "''")
        lines.append(f"{key} = '{quoted}'\n")
    write_file(CLUSTER / "payment_hub.conf", "".join(lines))


def server_pid():
    """Return the process id of the running server, or None.

    The pid file alone proves nothing: after a crash or a copy of the folder
    its number may be another process's by now.
    """
    try:
        lines = (CLUSTER / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        pid = int(lines[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError, IndexError):
        return None
    is_ours = b"postgres" in command[0] and os.fsencode(str(CLUSTER)) in command
    return pid if is_ours else None


def _drop_misleading_pid_files():
    """Remove lock files when their number is another program's by now.

    PostgreSQL sees for itself when nobody has that number. Then the files must
    stay: they also keep out a second server while sessions of a killed one end.
    """
    socket_lock = socket_dir() / f".s.PGSQL.{PORT}.lock"
    for path in (CLUSTER / "postmaster.pid", socket_lock):
        try:
            pid = int(path.read_text(encoding="utf-8").splitlines()[0])
        except (OSError, ValueError, IndexError):
            continue
        if Path(f"/proc/{pid}").exists():
            time.sleep(2)  # it may be a killed server whose sessions are ending
            path.unlink(missing_ok=True)


def _start(bindir):
    """Start the server and wait until it answers."""
    _drop_misleading_pid_files()
    _write_settings()
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / "postgres.log"
    log.touch()
    account = _account()
    if account:
        os.chown(log, account.pw_uid, account.pw_gid)
    command = [str(bindir / "pg_ctl"), "start", "-D", str(CLUSTER), "-l", str(log)]
    with step("Starting PostgreSQL"):
        try:
            # pg_ctl's own output would be kept open by the server.
            subprocess.run(
                _as_account([*command, "-w", "-t", "60", "-s"]),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                check=True,
                start_new_session=True,
            )
        except (OSError, subprocess.CalledProcessError) as error:
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-10:])
            raise SetupError(
                f"PostgreSQL does not start:\n{tail}",
                f"See {log}; `make clean` removes the cluster.",
            ) from error


def ensure_running():
    """Make and start the server when needed."""
    with lock("postgres"):
        pid = server_pid()
        if pid and (socket_dir() / f".s.PGSQL.{PORT}").exists():
            return
        if pid:
            stop()  # its socket is gone, so that nobody can reach it
        bindir = find_bindir()
        if not CLUSTER.is_dir():
            _init(bindir)
        _start(bindir)


def stop():
    """Stop the server, if it runs, by its process id."""
    pid = server_pid()
    if pid is None:
        return False
    os.kill(pid, signal.SIGINT)  # fast shutdown: ends sessions, keeps data
    for _attempt in range(300):
        if server_pid() is None:
            say("PostgreSQL is stopped.")
            return True
        time.sleep(0.1)
    raise SetupError(
        f"PostgreSQL (process {pid}) does not stop.", f"See {LOGS / 'postgres.log'}."
    )


def connect(database="postgres"):
    """Return an autocommit connection to a database of our server."""
    import psycopg2  # noqa: PLC0415 (there once the environment is made)

    connection = psycopg2.connect(
        dbname=database, user=ROLE, host=str(socket_dir()), port=PORT
    )
    connection.autocommit = True
    return connection


def client_environment():
    """Return the variables that lead PostgreSQL's programs to our server."""
    return {"PGHOST": str(socket_dir()), "PGPORT": str(PORT), "PGUSER": ROLE}
