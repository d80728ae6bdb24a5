# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The tutorial's provider is taken from its page, put in place, and checked."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CHECKS = ("unit/test_providers.py", "unit/test_provider_signatures.py")
BLOCK = re.compile(
    r"^`([\w/.]+\.py)`:\n\n```python\n(.*?)^```$", re.MULTILINE | re.DOTALL
)
IGNORED = shutil.ignore_patterns("__pycache__", ".hypothesis")


def test_the_tutorial_works(tmp_path):
    for folder in ("engine", "unit"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=IGNORED)
    blocks = dict(BLOCK.findall((ROOT / "CONTRIBUTING.md").read_text()))
    assert len(blocks) == 7
    for name, text in blocks.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    registry = tmp_path / "engine/providers/__init__.py"
    text = registry.read_text()
    registry.write_text(re.sub(r"(?<=NAMES = \()", '\n    "acorn",', text))

    options = ["--rootdir", "unit", "--confcutdir", "unit", "-p", "no:odoo", "-q"]
    checked = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "-k", "acorn"]
        + ["-p", "no:cacheprovider", *CHECKS],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout[-3000:]
    passed = int(re.search(r"(\d+) passed", checked.stdout).group(1))
    assert passed > 40
