# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Each deliberate defect is caught. That there is no alarm without one, is shown by the
tests and the simulator themselves."""

import os
import signal
import sys
from pathlib import Path

import pytest
from defects import ENGINE_DEFECTS, HUB_DEFECTS
from hub_model import Hub, Violation
from hypothesis import settings
from ledger_defects import LEDGER_DEFECTS
from seeded import Watch, mistake
from simulator import explore

UNIT = Path(__file__).resolve().parent
SEEDS = 60
PATIENCE = 60  # seconds
DEFECTS = [*ENGINE_DEFECTS, *LEDGER_DEFECTS]


REPLACED = [
    *((defect.owner, defect.attribute, defect.value) for defect in DEFECTS),
    *(
        (Hub, name, value)
        for hub in HUB_DEFECTS
        for name, value in vars(hub).items()
        if not name.startswith("__")
    ),
]


@pytest.mark.parametrize(("owner", "attribute", "value"), REPLACED)
def test_what_is_replaced_is_there_and_used(owner, attribute, value):
    assert not mistake(owner, attribute, value)


@pytest.mark.parametrize("hub", HUB_DEFECTS)
def test_hub_defect(hub):
    with pytest.raises(Violation):
        for seed in range(SEEDS):
            explore(seed, schedules=4, hub=hub)


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_engine_defect(defect):
    for test in defect.tests:
        assert outcome(test, defect=defect) == pytest.ExitCode.TESTS_FAILED, test


def test_the_named_tests_pass_without_defect():
    tests = {test for defect in DEFECTS for test in defect.tests}
    assert outcome(*sorted(tests)) == pytest.ExitCode.OK


def outcome(*tests, defect=None):
    """Run tests in a copy of this process; return the exit code of pytest."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = pytest.ExitCode.INTERNAL_ERROR
    watch = defect and Watch(defect.value)
    try:
        signal.alarm(PATIENCE)  # ends the child when the defect makes a test endless
        settings.load_profile("first failure" if defect else "few")
        # A test has the profile that was loaded when its module was.
        for name in [name for name in sys.modules if name.startswith("test_")]:
            del sys.modules[name]
        if defect:
            setattr(defect.owner, defect.attribute, watch.value)
        with open(os.devnull, "w") as nowhere:
            sys.stdout = sys.stderr = nowhere
            code = pytest.main(
                ["--rootdir", UNIT, "--confcutdir", UNIT, "-p", "no:odoo"]
                + ["-p", "no:cacheprovider", "-x", "-q"]
                + [f"{UNIT}/{test}" for test in tests]
            )
        if watch and not watch.has_worked:
            code = pytest.ExitCode.INTERNAL_ERROR
    finally:
        os._exit(code)
