# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The engine is tested as a package of its own, without Odoo.

Run from the repository's root:
pytest --rootdir unit --confcutdir unit -p no:odoo unit
"""

import sys
from pathlib import Path

from hypothesis import Phase, settings

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

# The same examples on every run: a failure that comes and goes helps nobody.
settings.register_profile(
    "repeatable", derandomize=True, database=None, deadline=None, max_examples=50
)
# Whether a test fails, and no more: the smallest example is not looked for.
settings.register_profile(
    "first failure",
    settings.get_profile("repeatable"),
    phases=[Phase.explicit, Phase.generate],
)
settings.register_profile("few", settings.get_profile("repeatable"), max_examples=5)
settings.load_profile("repeatable")
