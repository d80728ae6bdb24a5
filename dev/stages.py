# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Databases made in stages: each is kept while what it was made from stays the same."""

import databases
import odoo_run
from paths import CONFIG, LOGS, VENV_PYTHON, WORK
from steps import lock, read_state, run, step, write_state


def ensure(name, template, inputs, title, fill):
    """Make sure that a database is there that was made from these inputs.

    :param template: the stage before, which is copied
    :param inputs: what the content depends on, as a flat dict
    :param title: of the step, when there is something to do
    :param fill: callable that turns the fresh copy into this stage
    """
    if read_state(f"database-{name}") == inputs and name in databases.names():
        return
    with step(title):
        copy(template, name)
        fill()
        write_state(f"database-{name}", **inputs)


def copy(template, name):
    """Copy a database; nobody else may copy meanwhile, others may go on then."""
    with lock():
        databases.copy(template, name)


def install(database, *modules):
    """Install modules in a database."""
    odoo_run.run_odoo(
        f"Installing {', '.join(modules)}",
        *("-d", database, "-i", ",".join(modules)),
        log=f"odoo-{database}.log",
    )


def run_inside(script, verb, database, *arguments, **env):
    """Run a script that opens the database's registry, in a process of its own.

    :param script: path of a program ``script VERB CONFIG DATABASE [argument …]``
    :param env: variables of its environment
    """
    log = f"{script.parent.name}-{verb}.log"
    run(
        [VENV_PYTHON, "-P", script, verb, CONFIG, database, *arguments],
        f"Filling database {database} ({verb})",
        f"The full log is {LOGS / log}.",
        log=log,
        env=odoo_run.environment(ODOO_QUEUE_JOB_CHANNELS="root:0", **env),
        cwd=WORK,
    )
