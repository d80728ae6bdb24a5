# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The developer's commands. Run them through ``make``; see ``make help``.

Starts with whatever Python 3 the machine has, makes the environment in
``.odoo/venv``, and starts itself again in it.
"""

import os
import shutil
import sys

import databases
import neighbours
import odoo_run
import odoo_source
import postgres
import python_env
import quality
import testing
from paths import ADDON, CONFIG, ROOT, VENV_PYTHON, WORK
from steps import SetupError, check_owner, lock, report, say, step

DEMO_DATABASE = f"{ADDON}_demo"


def setup_python(*groups):
    """Make the Python environment and continue inside it."""
    check_owner()
    with lock():
        python_env.ensure(groups)
    python_env.reenter()


def setup():
    """Make everything Odoo needs: environment, source, server, template."""
    setup_python("runtime", "test")
    with lock():
        odoo = odoo_source.ensure()
        python_env.link_odoo(odoo.base)
        odoo_run.link_addon()
        postgres.ensure_running()
        odoo_run.write_config()
        databases.prepare_base()
    return odoo


def _exec(command, **env):
    """Become another program, with Odoo's environment."""
    os.chdir(ROOT)
    os.execve(command[0], [str(part) for part in command], odoo_run.environment(**env))


def do_setup(_arguments):
    """Make the whole environment in .odoo/."""
    odoo = setup()
    if not databases.is_addon_there():
        say("Note: there is no __manifest__.py yet; Odoo runs without the addon.")
    say(f"Ready: {odoo.identity}, configuration {CONFIG}")


def do_demo(arguments):
    """Run the demonstration."""
    setup()
    _exec([VENV_PYTHON, ROOT / "dev" / "demo.py", *arguments])


def do_bench(arguments):
    """Run the benchmarks."""
    setup()
    _exec([VENV_PYTHON, ROOT / "benchmarks" / "run.py", *arguments])


def do_chaos(_arguments):
    """Run the fault test."""
    setup()
    _exec([VENV_PYTHON, ROOT / "chaos" / "run.py"])


def do_fuzz(arguments):
    """Fuzz the engine."""
    setup_python("runtime", "test", "fuzz")
    _exec([VENV_PYTHON, ROOT / "fuzz" / "run.py", *arguments])


def do_unit(arguments):
    """Run the tests of the engine, without Odoo."""
    setup_python("runtime", "test")
    return testing.run_unit(arguments)


def do_test(arguments):
    """Run all tests."""
    setup()
    return testing.run_all(arguments)


def do_neighbours(_arguments):
    """Run the suites of Odoo's own providers, without the addon and with it."""
    setup()
    return neighbours.run()


def do_lint(arguments):
    """Check style and conventions."""
    setup_python("runtime", "test", "lint")
    return quality.lint(arguments)


def do_format(_arguments):
    """Rewrite the files in the project's style."""
    setup_python("runtime", "test", "lint")
    return quality.format_files()


def do_pot(_arguments):
    """Export the terms to translate."""
    setup()
    quality.export_terms(databases.prepare_database(databases.TEST_DATABASE))


def do_codes(_arguments):
    """Write the page about the providers' codes."""
    setup_python("runtime", "test")
    quality.write_codes()


def do_wheel(_arguments):
    """Build the addon's wheel in dist/."""
    setup_python("runtime", "test", "tools")
    with step("Building the wheel"):
        quality.build_wheel()


def do_shell(arguments):
    """Open Odoo's shell on the demo's database."""
    setup()
    name = databases.prepare_database(DEMO_DATABASE)
    _exec(odoo_run.command("-d", name, *arguments, subcommand=["shell"]))


def do_stop(_arguments):
    """Stop the database server."""
    if not postgres.stop():
        say("PostgreSQL is not running.")


def do_clean(_arguments):
    """Stop the server and remove .odoo/."""
    check_owner()
    postgres.stop()
    folder = postgres.socket_dir()
    if WORK not in folder.parents:
        shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(WORK)


VERBS = {
    name[3:]: value for name, value in list(globals().items()) if name[:3] == "do_"
}


def main(arguments):
    """Run a verb; expected failures end with a message, not a traceback."""
    if not arguments or arguments[0] not in VERBS:
        say(f"Usage: python3 dev/hub.py {{{'|'.join(VERBS)}}} [arguments]")
        return 2
    try:
        return VERBS[arguments[0]](arguments[1:]) or 0
    except (SetupError, OSError) as error:
        return report(error)
    except KeyboardInterrupt:
        say("\nInterrupted; run the same command again, it resumes.")
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
