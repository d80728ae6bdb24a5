# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Plugin of pytest: no test runs unless the addon is there, or not, as it should be."""

import os

import pytest

from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name

OVERRIDDEN = ("payment.transaction", "account.move")


@pytest.fixture(scope="session", autouse=True)
def addon_is_as_wanted(load_registry):
    """Look for the addon's classes among the ancestors of what it overrides."""
    addon, wanted = os.environ["NEIGHBOUR"], os.environ["NEIGHBOUR_IS_THERE"] == "1"
    registry = Registry(get_db_name())
    for name in OVERRIDDEN:
        origins = {cls.__module__ for cls in registry[name].__mro__}
        is_there = any(one.startswith(f"odoo.addons.{addon}.") for one in origins)
        assert is_there == wanted, f"{addon} overrides {name}: {is_there}"
