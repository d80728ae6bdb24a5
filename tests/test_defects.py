# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The tests are tested: each seeded defect makes one of them fail."""

from odoo.tests import BaseCase, suite, tagged
from odoo.tests.result import OdooTestResult
from odoo.tools import mute_logger

from .defects import defects


@tagged("post_install", "-at_install")
class TestDefects(BaseCase):
    def test_the_named_tests_pass_without_a_defect(self):
        tests = [defect.caught_by for defect in defects()]
        result = run(sorted(tests, key=lambda test: test.id()))
        self.assertEqual(result.testsRun, len(tests))
        self.assertTrue(result.wasSuccessful())

    def test_each_defect_is_caught(self):
        for defect in defects():
            with self.subTest(defect.name):
                with defect.switch:
                    result = run([defect.caught_by])
                self.assertEqual(result.testsRun, 1)
                self.assertTrue(result.failures_count, "A test is missing.")


def run(tests):
    """Run tests with the set-up of their classes; return the result."""
    result = OdooTestResult()
    with mute_logger("odoo", "unittest.case"):
        suite.TestSuite(tests).run(result)
    return result
