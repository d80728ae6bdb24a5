# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Run the tests: the engine's without Odoo, then the addon's in Odoo."""

import subprocess

import browser
import databases
import odoo_run
import stages
from paths import ADDON, CACHE, CONFIG, ROOT, VENV_PYTHON
from steps import lock, read_state, say, step, write_state

# No job runner may start inside the test process.
NO_RUNNER = {"ODOO_QUEUE_JOB_CHANNELS": "root:0"}


def run_pytest(arguments, cache, env):
    """Run pytest in the repository; return its exit code."""
    command = [str(VENV_PYTHON), "-m", "pytest", "-o", f"cache_dir={CACHE / cache}"]
    return subprocess.run(
        [*command, *map(str, arguments)],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        check=False,
    ).returncode


def run_unit(arguments=()):
    """Run the engine's tests.

    The repository's root is a Python package that imports Odoo. Both options
    keep pytest from importing it; the plugin imports Odoo when loaded.
    """
    options = ["--rootdir", "unit", "--confcutdir", "unit", "-p", "no:odoo", "unit"]
    return run_pytest([*options, *arguments], "pytest-unit", odoo_run.environment())


def run_odoo_tests(arguments=()):
    """Run the addon's tests in Odoo, in a database that has it installed."""
    env = odoo_run.environment(**NO_RUNNER, **browser.test_environment())
    _prepare_database(databases.TEST_DATABASE)
    options = [
        "--pyargs",
        f"odoo.addons.{ADDON}.tests",
        f"--odoo-database={databases.TEST_DATABASE}",
        f"--odoo-config={CONFIG}",
        "--odoo-http",
        "-rs",
        "--no-fold-skipped",  # name every skipped test
    ]
    return run_pytest([*options, *arguments], "pytest-odoo", env)


def _prepare_database(name):
    """Make sure of the database, and of the company that the tests share."""
    databases.prepare_database(name)
    state = read_state(f"database-{name}")
    if "company" not in state:
        with step("Making the company of the tests"):
            stages.run_inside(ROOT / "dev" / "test_company.py", "make", name)
        write_state(f"database-{name}", **state, company=True)


def run_all(arguments=()):
    """Run both; the last line printed is the closing line of the last run."""
    with lock("test"):  # two runs would share one database
        say("[      ] Engine tests")
        unit = run_unit()
        say("[      ] Odoo tests")
        odoo = run_odoo_tests(arguments)
    return unit or odoo
