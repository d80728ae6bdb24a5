# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What comes in decides what comes out: nothing in the engine may look elsewhere."""

import ast
from pathlib import Path

import pytest

ENGINE = Path(__file__).resolve().parent.parent / "engine"
MODULES = sorted(ENGINE.rglob("*.py"))
ALLOWED = {
    "collections",
    "dataclasses",
    "datetime",
    "decimal",
    "hashlib",
    "hmac",
    "json",
    "math",
    "operator",
    "re",
    "typing",
}
FORBIDDEN = {
    "__import__",
    "eval",
    "exec",
    "fromtimestamp",
    "id",
    "input",
    "now",
    "open",
    "print",
    "today",
    "utcnow",
}


def impurities(source):
    """Name what a module reaches for beside its arguments."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from {item.name.split(".")[0] for item in node.names} - ALLOWED
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from {node.module.split(".")[0]} - ALLOWED
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            yield from {name} & FORBIDDEN


def test_the_engine_is_there():
    assert len(MODULES) >= 10


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_module_is_pure(path):
    assert list(impurities(path.read_text())) == []


@pytest.mark.parametrize(
    "source",
    [
        "import odoo",
        "from odoo.tools import float_round",
        "import requests",
        "import time",
        "import random",
        "import os",
        "from datetime import datetime\ndatetime.now()",
        "from datetime import datetime\ndatetime.utcnow()",
        "open('/etc/passwd')",
    ],
)
def test_the_check_finds(source):
    assert list(impurities(source))
