# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Databases: a cached template with the dependencies, and copies of it."""

import ast
import hashlib
import os
import shutil
from pathlib import Path

import odoo_run
import odoo_source
import postgres
import python_env
from paths import ADDON, ROOT
from steps import forget_state, lock, read_state, step, write_state

BASE_MODULES = ("account_payment", "queue_job")
BASE_PREFIX = f"{ADDON}_base_"
TEST_DATABASE = f"{ADDON}_test"
# Folders that do not change what an installed addon has in its database.
NOT_INSTALLED = {
    "benchmarks",
    "chaos",
    "dev",
    "docs",
    "i18n",
    "migrations",
    "readme",
    "tests",
    "unit",
}
SUFFIXES = {".csv", ".css", ".js", ".json", ".png", ".py", ".scss", ".svg", ".xml"}


def _execute(statement, *names, database="postgres"):
    """Run one statement; the names are quoted as identifiers."""
    from psycopg2 import sql  # noqa: PLC0415 (there once the environment is made)

    connection = postgres.connect(database)
    try:
        with connection.cursor() as cursor:
            query = sql.SQL(statement).format(*map(sql.Identifier, names))
            cursor.execute(query)
            return cursor.fetchall() if cursor.description else None
    finally:
        connection.close()


def names():
    """Return the names of all databases of our server."""
    return {row[0] for row in _execute("SELECT datname FROM pg_database")}


def drop(name):
    """Drop a database with its filestore and what was noted about it."""
    forget_state(f"database-{name}")
    _execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    shutil.rmtree(odoo_run.filestore(name), ignore_errors=True)


def copy(template, name):
    """Create a database as a copy of another one, with its filestore."""
    drop(name)
    _disconnect(template)
    _execute("CREATE DATABASE {} TEMPLATE {}", name, template)
    odoo_run.copy_filestore(template, name)


def _disconnect(name):
    """End all sessions in a database: a template must have none."""
    postgres_connection = postgres.connect()
    try:
        with postgres_connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = %s AND pid <> pg_backend_pid()",
                [name],
            )
    finally:
        postgres_connection.close()


def _digest(*parts):
    """Return a short hash of some texts."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def base_name(odoo):
    """Return the template's name: another one for other code or modules."""
    pins = python_env.fingerprint("runtime")
    return BASE_PREFIX + _digest(odoo.identity, pins, *BASE_MODULES)


def prepare_base():
    """Return the template's name, after installing the dependencies in it."""
    base = base_name(odoo_source.ensure())
    existing = names()
    if base in existing and read_state(f"database-{base}"):
        return base
    for stale in existing:
        if stale.startswith(BASE_PREFIX):
            drop(stale)
    building = f"{ADDON}_building"
    modules = ",".join(BASE_MODULES)
    with step(f"Creating the template database with {modules} (takes a minute)"):
        drop(building)
        _execute("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", building)
        # Without our own addon, so that the template does not depend on it.
        wide = "--load=" + ",".join(odoo_run.BASE_WIDE)
        odoo_run.run_odoo(
            "Installing the addon's dependencies",
            "-d",
            building,
            "-i",
            modules,
            wide,
            log="odoo-base.log",
        )
        _disconnect(building)
        _execute("ALTER DATABASE {} RENAME TO {}", building, base)
        odoo_run.move_filestore(building, base)
        write_state(f"database-{base}", modules=modules)
    return base


def _addon_files():
    """Return the files that decide what the addon installs, in order."""
    found = []
    for folder, subfolders, files in os.walk(ROOT):
        relative = Path(folder).relative_to(ROOT)
        subfolders[:] = [
            name
            for name in subfolders
            if not name.startswith((".", "__pycache__"))
            and not (relative == Path() and name in NOT_INSTALLED)
        ]
        found += [
            Path(folder) / name
            for name in files
            if Path(name).suffix in SUFFIXES and not name.startswith(".")
        ]
    return sorted(found)


def addon_fingerprint():
    """Return a hash over the files that decide what the addon installs."""
    digest = hashlib.sha256()
    for path in _addon_files():
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(ROOT)} {content}\n".encode())
    return digest.hexdigest()


def is_addon_there():
    """Tell whether the addon can be installed: it has a valid manifest."""
    try:
        manifest = (ROOT / "__manifest__.py").read_text(encoding="utf-8")
        return isinstance(ast.literal_eval(manifest), dict)
    except (OSError, ValueError, SyntaxError):
        return False


def prepare_database(name, modules=(ADDON,), fresh=False):
    """Make sure that a database exists with the addon, as it now is, in it.

    :param modules: what to install on top of the template
    :param fresh: make it anew even when nothing has changed
    :return: the name
    """
    with lock():
        base = prepare_base()
        inputs = _digest(base, addon_fingerprint(), *modules)
        note = f"database-{name}"
        if not fresh and read_state(note).get("inputs") == inputs and name in names():
            return name
        with step(f"Installing {', '.join(modules)} in database {name}"):
            copy(base, name)
            odoo_run.run_odoo(
                f"Installing {', '.join(modules)}",
                "-d",
                name,
                "-i",
                ",".join(modules),
                log=f"odoo-{name}.log",
            )
            write_state(note, inputs=inputs)
    return name
