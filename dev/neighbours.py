# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Odoo's own test suites of payment providers, without and with the addon beside them.

Some of them may fail without the addon already (no network, another release of a
library): what counts is the difference. Each suite runs on the whole registry, so
that the addon's overrides are there whatever a test is tagged with.
"""

import time
import xml.etree.ElementTree as ElementTree

import databases
import odoo_run
import stages
import testing
from paths import ADDON, CONFIG, LOGS, ROOT
from steps import SetupError, lock, say

SUITES = ("payment", "account_payment", "payment_stripe", "payment_demo")
ALONE = f"{ADDON}_neighbours_alone"
BESIDE = f"{ADDON}_neighbours"
PROBE = "neighbours_probe"


def run():
    """Run the suites twice; tell the exit code: 1 when the addon makes one fail."""
    with lock("neighbours"):
        _prepare()
        alone = _run(ALONE, is_addon_there=False)
        beside = _run(BESIDE, is_addon_there=True)
    new = sorted(beside.failed - alone.failed)
    lost = sorted(alone.names - beside.names)
    for name in new:
        say(f"Fails with {ADDON} only: {name}")
    for name in lost:
        say(f"Does not run with {ADDON}: {name}")
    print(
        f"{', '.join(SUITES)}: {alone} without {ADDON}; {beside} with it; "
        f"{len(new)} new failures, {len(lost)} tests lost"
    )
    return 1 if new or lost else 0


class Outcome:
    """What became of each test of a run, by its name."""

    def __init__(self, report, seconds):
        cases = ElementTree.parse(report).iter("testcase")
        run = [case for case in cases if case.find("skipped") is None]
        self.names = set(map(_name, run))
        self.failed = set(map(_name, filter(_is_bad, run)))
        self.seconds = seconds

    def __str__(self):
        count, failed = len(self.names), len(self.failed)
        return f"{count} tests, {failed} failed in {self.seconds:.0f} s"


def _is_bad(case):
    return case.find("failure") is not None or case.find("error") is not None


def _name(case):
    return f"{case.get('classname')}.{case.get('name')}"


def _prepare():
    base = databases.prepare_base()
    modules = [name for name in SUITES if name not in databases.BASE_MODULES]
    stages.ensure(
        ALONE,
        base,
        {"base": base, "modules": " ".join(modules)},
        f"Installing {', '.join(modules)} in database {ALONE}",
        lambda: stages.install(ALONE, *modules),
    )
    stages.ensure(
        BESIDE,
        ALONE,
        {"base": base, "addon": databases.addon_fingerprint()},
        f"Installing {ADDON} in database {BESIDE}",
        lambda: stages.install(BESIDE, ADDON),
    )


def _run(database, is_addon_there):
    """Run the suites in a database, and read what pytest has noted."""
    say(f"[      ] {', '.join(SUITES)} in database {database}")
    report = LOGS / f"{database}.xml"
    report.unlink(missing_ok=True)
    wide = odoo_run.wide_modules() if is_addon_there else odoo_run.BASE_WIDE
    env = odoo_run.environment(
        **testing.NO_RUNNER,
        PYTHONPATH=str(ROOT / "dev" / "plugins"),
        NEIGHBOUR=ADDON,
        NEIGHBOUR_IS_THERE="1" if is_addon_there else "0",
    )
    start = time.monotonic()
    testing.run_pytest(
        [
            "--pyargs",
            *(f"odoo.addons.{suite}.tests" for suite in SUITES),
            "-q",
            f"--tb={'short' if is_addon_there else 'no'}",
            *("-p", PROBE),
            f"--odoo-database={database}",
            f"--odoo-config={CONFIG}",
            f"--odoo-extra=load={','.join(wide)}",
            "--odoo-http",
            f"--junitxml={report}",
        ],
        "pytest-neighbours",
        env,
    )
    if not report.is_file():
        raise SetupError(
            f"The suites did not run in database {database}.",
            "The lines above say why.",
        )
    outcome = Outcome(report, time.monotonic() - start)
    if len(outcome.names) - len(outcome.failed) < len(SUITES):
        raise SetupError(
            f"Next to nothing ran in database {database}: {outcome}.",
            "The lines above say why.",
        )
    return outcome
