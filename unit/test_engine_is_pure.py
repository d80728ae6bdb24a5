# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What comes in decides what comes out: nothing in the engine may look elsewhere."""

import ast
from pathlib import Path

import pytest

ENGINE = Path(__file__).resolve().parent.parent / "engine"
MODULES = sorted(ENGINE.rglob("*.py"))
ALLOWED = {
    "base64",
    "binascii",
    "collections",
    "csv",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "gzip",
    "hashlib",
    "hmac",
    "importlib",
    "io",
    "itertools",
    "json",
    "math",
    "operator",
    "re",
    "types",
    "typing",
    "urllib",  # urllib.parse
    "zlib",
    "zoneinfo",
}
# What checks certificates, and what talks to providers.
ALLOWED_IN = {
    "certificate": {"certifi", "cryptography", "functools", "OpenSSL"},
    "signature": {"cryptography"},
    "client": {"concurrent", "email", "requests", "threading", "time", "urllib3"},
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


def impurities(source, name=""):
    """Name what a module reaches for beside its arguments."""
    allowed = ALLOWED | ALLOWED_IN.get(name, set())
    forbidden = FORBIDDEN - ({"now"} if name == "client" else set())
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from {item.name for item in node.names} & {"urllib.request"}
            yield from {item.name.split(".")[0] for item in node.names} - allowed
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from {node.module.split(".")[0]} - allowed
        elif isinstance(node, ast.Call):
            called = getattr(node.func, "id", getattr(node.func, "attr", ""))
            yield from {called} & forbidden


def test_the_engine_is_there():
    assert len(MODULES) >= 10


@pytest.mark.parametrize("path", MODULES, ids=lambda path: "/".join(path.parts[-2:]))
def test_module_is_pure(path):
    assert list(impurities(path.read_text(), path.stem)) == []


@pytest.mark.parametrize(
    "source",
    [
        "import odoo",
        "from odoo.tools import float_round",
        "import requests",
        "import time",
        "import urllib.request",
        "import random",
        "import os",
        "from datetime import datetime\ndatetime.now()",
        "from datetime import datetime\ndatetime.utcnow()",
        "open('/etc/passwd')",
    ],
)
def test_the_check_finds(source):
    assert list(impurities(source))
