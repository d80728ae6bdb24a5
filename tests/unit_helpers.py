# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the tests in Odoo share with those of the engine, in ``unit/``."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
for folder in (ROOT, ROOT / "unit"):
    if str(folder) not in sys.path:
        sys.path.append(str(folder))

from provider_account import BALANCES, EXPONENTS  # noqa: E402
from provider_stories import EPISODES, STORIES, accounts  # noqa: E402
from seeded import Watch, mistake  # noqa: E402

__all__ = [
    "BALANCES",
    "EPISODES",
    "EXPONENTS",
    "STORIES",
    "Watch",
    "accounts",
    "mistake",
]
