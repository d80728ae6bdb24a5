# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Where things lie: everything the set-up makes is below ``.odoo/``."""

from pathlib import Path

ADDON = "payment_hub"
ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / ".odoo"

ADDONS = WORK / "addons"  # holds the link payment_hub -> the repository
CACHE = WORK / "cache"
CONFIG = WORK / "odoo.conf"
DATA = WORK / "data"
LOGS = WORK / "log"
REQUIREMENTS = ROOT / "dev" / "requirements"
SECRET_KEY = WORK / "secret.key"
STATE = WORK / "state"
VENV = WORK / "venv"
VENV_BIN = VENV / "bin"
VENV_PYTHON = VENV_BIN / "python"
