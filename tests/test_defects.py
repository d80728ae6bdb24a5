# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The tests are tested: each seeded defect makes one of them fail."""

from unittest.mock import patch

from odoo.tests import BaseCase, suite, tagged
from odoo.tests.result import OdooTestResult
from odoo.tools import mute_logger

from .defects import defects
from .ledger_defects import ledger_defects
from .unit_helpers import Watch, mistake

ALL = (*defects(), *ledger_defects())


@tagged("post_install", "-at_install")
class TestDefects(BaseCase):
    def test_what_each_defect_replaces_is_there_and_used(self):
        for defect in ALL:
            with self.subTest(defect.name):
                replaced = (defect.owner, defect.attribute, defect.value)
                self.assertEqual(mistake(*replaced), "")

    def test_each_defect_is_caught(self):
        """Each class is set up once; without a defect, the whole run tells."""
        caught = []
        tests = [under(defect, caught) for defect in ALL]
        tests.sort(key=lambda test: test.id())
        result = OdooTestResult()
        with mute_logger("odoo", "unittest.case"):
            suite.TestSuite(tests).run(result)
        self.assertEqual(result.testsRun, len(tests))
        for defect in ALL:
            with self.subTest(defect.name):
                self.assertIn(defect.name, caught, "No test tells, or it is no defect.")


def under(defect, caught):
    """Give the test of a defect, which notes the defect's name when it tells."""
    test = defect.caught_by
    run = test.run
    watch = Watch(defect.value)

    def run_with_defect(result):
        failures = result.failures_count
        with patch.object(defect.owner, defect.attribute, watch.value):
            run(result)
        if result.failures_count > failures and watch.has_worked:
            caught.append(defect.name)

    test.run = run_with_defect
    return test
