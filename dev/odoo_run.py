# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo's configuration and environment, and the command to run it."""

import base64
import os
import shutil

import postgres
import python_env
from paths import (
    ADDON,
    ADDONS,
    CACHE,
    CONFIG,
    DATA,
    LOGS,
    ROOT,
    SECRET_KEY,
    VENV_BIN,
    VENV_PYTHON,
    WORK,
)
from steps import SetupError, run, write_file

BASE_WIDE = ("base", "rpc", "web", "queue_job")
# Would send Odoo to another server or configuration than ours.
FOREIGN = ("ODOO_RC", "OPENERP_SERVER", "PGDATABASE", "PGPASSWORD", "PGSERVICE")


def link_addon():
    """Link the repository under the addon's name, which Odoo takes from it."""
    ADDONS.mkdir(parents=True, exist_ok=True)
    link = ADDONS / ADDON
    target = os.path.relpath(ROOT, ADDONS)
    if not link.is_symlink() or os.readlink(link) != target:
        fresh = ADDONS / f".{ADDON}.{os.getpid()}"
        fresh.symlink_to(target)
        fresh.replace(link)


def wide_modules():
    """Return the modules to load at start, before any database is chosen."""
    ready = (ROOT / "__init__.py").is_file() and (ROOT / "__manifest__.py").is_file()
    return (*BASE_WIDE, ADDON) if ready else BASE_WIDE


def write_config(database=""):
    """Write ``.odoo/odoo.conf``; its folders depend on where the clone lies."""
    DATA.mkdir(mode=0o700, parents=True, exist_ok=True)
    addons = [python_env.site_packages() / "odoo" / "addons", ADDONS]
    options = {
        "addons_path": ",".join(map(str, addons)),
        "data_dir": DATA,
        "db_host": postgres.socket_dir(),
        "db_port": postgres.PORT,
        "db_user": postgres.ROLE,
        "db_name": database,
        "http_interface": "127.0.0.1",
        "list_db": False,
        "server_wide_modules": ",".join(wide_modules()),
        "without_demo": True,
    }
    lines = [f"{key} = {value}".rstrip() for key, value in options.items()]
    write_file(CONFIG, "\n".join(["[options]", *lines, ""]), mode=0o600)


def secret_key():
    """Return the key that encrypts secrets at rest, generated once."""
    if not SECRET_KEY.is_file():
        key = base64.urlsafe_b64encode(os.urandom(32)).decode("ascii")
        write_file(SECRET_KEY, f"{key}\n", mode=0o600)
    return SECRET_KEY.read_text(encoding="ascii").strip()


def environment(**extra):
    """Return the environment for every process of Odoo."""
    env = {key: value for key, value in os.environ.items() if key not in FOREIGN}
    env.update(postgres.client_environment())
    env["PATH"] = f"{VENV_BIN}{os.pathsep}{env.get('PATH', os.defpath)}"
    env["VIRTUAL_ENV"] = str(VENV_BIN.parent)
    env["PAYMENT_HUB_SECRET_KEYS"] = secret_key()
    env["HYPOTHESIS_STORAGE_DIRECTORY"] = str(CACHE / "hypothesis")
    env["PYTHONUNBUFFERED"] = "1"
    env.update(extra)
    return env


def command(*arguments, subcommand=None):
    """Return the command line that runs Odoo with our configuration.

    ``-P`` keeps the repository's own folders (``models``, ``tests`` …) off
    the path of modules.
    """
    start = [str(VENV_PYTHON), "-P", "-m", "odoo"]
    start += subcommand or ["server"]
    return [*start, "-c", str(CONFIG), *map(str, arguments)]


def run_odoo(what, *arguments, log):
    """Run Odoo once, to its end, and keep its log in ``.odoo/log``."""
    options = ["--stop-after-init", "--no-http", "--workers=0", "--max-cron-threads=0"]
    try:
        output = run(
            command(*options, *arguments),
            what,
            f"The full log is {LOGS / log}.",
            log=log,
            env=environment(ODOO_QUEUE_JOB_CHANNELS="root:0"),
            cwd=WORK,
        )
    except SetupError as error:
        # The exception is what matters; Odoo goes on to log after it.
        error.message = _traceback(LOGS / log) or error.message
        raise
    return output


def _traceback(log):
    """Return the last traceback of a log, if it has one."""
    if not log.is_file():
        return ""
    text = log.read_text(encoding="utf-8", errors="replace")
    start = text.rfind("Traceback (most recent call last)")
    return "Odoo failed:\n" + text[start:][:4000].strip() if start >= 0 else ""


def filestore(database):
    """Return the folder with the attachments of a database."""
    return DATA / "filestore" / database


def move_filestore(source, target):
    """Give a filestore to another database name."""
    if filestore(source).is_dir():
        shutil.rmtree(filestore(target), ignore_errors=True)
        filestore(source).replace(filestore(target))


def copy_filestore(source, target):
    """Copy a filestore. Its files never change, so hard links will do."""
    shutil.rmtree(filestore(target), ignore_errors=True)
    if filestore(source).is_dir():
        shutil.copytree(filestore(source), filestore(target), copy_function=os.link)
