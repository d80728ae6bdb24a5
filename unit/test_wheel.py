# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_every_module_beside_the_manifest_is_in_the_wheel():
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    modules = {path.name for path in ROOT.glob("*.py")}
    assert modules == {name for name in modules if f'"/{name}"' in project}
