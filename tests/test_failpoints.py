# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Fail points do nothing unless both switches are on; then they fail as told."""

import os
import shutil
import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo.tests import BaseCase, tagged
from odoo.tools import config

from .. import failpoints


@tagged("post_install", "-at_install")
class TestFailpoints(BaseCase):
    def setUp(self):
        super().setUp()
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        (self.folder / "hit").mkdir()

    def activate(self):
        self.startPatcher(patch.object(failpoints, "FOLDER", self.folder))

    def folder_with(self, flag, variable):
        with (
            patch.dict(config.options, {failpoints.FLAG: flag}),
            patch.dict(os.environ, {failpoints.VARIABLE: variable}),
        ):
            return failpoints._folder()

    def arm(self, name, action):
        (self.folder / name).write_text(action)

    def hits(self):
        return [path.name for path in (self.folder / "hit").iterdir()]

    def test_inactive_by_default(self):
        self.assertIsNone(failpoints.FOLDER)
        failpoints.reach("no such point")

    def test_both_switches_are_needed(self):
        self.assertIsNone(self.folder_with("True", ""))
        self.assertIsNone(self.folder_with("False", "/folder"))
        self.assertIsNone(self.folder_with(None, "/folder"))
        self.assertEqual(self.folder_with("True", "/folder"), Path("/folder"))

    def test_unarmed_point_lets_pass(self):
        self.activate()
        failpoints.reach("receive.stored")
        self.assertFalse(self.hits())

    def test_armed_point_fails_once(self):
        self.activate()
        self.arm("receive.stored", "error\n")
        with self.assertRaises(RuntimeError):
            failpoints.reach("receive.stored")
        failpoints.reach("receive.stored")
        self.assertEqual(len(self.hits()), 1)

    def test_point_armed_for_a_subject_fails_each_time(self):
        self.activate()
        self.arm("drain.translate@evt_1", "memory")
        failpoints.reach("drain.translate", "evt_2")
        for _time in range(2):
            with self.assertRaises(MemoryError):
                failpoints.reach("drain.translate", "evt_1")
        self.assertEqual(len(self.hits()), 1)

    def test_unknown_point_is_a_mistake(self):
        self.activate()
        with self.assertRaises(AssertionError):
            failpoints.reach("no such point")
