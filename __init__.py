# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import controllers, models, pool, prefork, wizards
from .hooks import uninstall_hook
