# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the fault test shares: the set-up's modules from dev/."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent / "dev"))

import databases
import odoo_run
import odoo_server
import paths
import player
import postgres
import stages
import steps

HERE = Path(__file__).resolve().parent

__all__ = (
    "HERE",
    "databases",
    "odoo_run",
    "odoo_server",
    "paths",
    "player",
    "postgres",
    "stages",
    "steps",
)
