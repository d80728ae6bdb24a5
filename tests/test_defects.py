# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The tests are tested: each seeded defect makes one of them fail."""

from odoo.tests import BaseCase, suite, tagged
from odoo.tests.result import OdooTestResult
from odoo.tools import mute_logger

from .defects import defects


@tagged("post_install", "-at_install")
class TestDefects(BaseCase):
    def test_each_defect_is_caught(self):
        """Each class is set up once; without a defect, the whole run tells."""
        caught = []
        tests = [under(defect, caught) for defect in defects()]
        tests.sort(key=lambda test: test.id())
        result = OdooTestResult()
        with mute_logger("odoo", "unittest.case"):
            suite.TestSuite(tests).run(result)
        self.assertEqual(result.testsRun, len(tests))
        for defect in defects():
            with self.subTest(defect.name):
                self.assertIn(defect.name, caught, "A test is missing.")


def under(defect, caught):
    """Give the test of a defect, which notes the defect's name when it tells."""
    test = defect.caught_by
    run = test.run

    def run_with_defect(result):
        failures = result.failures_count
        with defect.switch:
            run(result)
        if result.failures_count > failures:
            caught.append(defect.name)

    test.run = run_with_defect
    return test
