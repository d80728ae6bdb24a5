# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import payment_hub_backfill_start
from . import payment_hub_backfill_start_line
from . import payment_hub_report_import
from . import payment_hub_onboarding
from . import payment_hub_replacement
from . import payment_hub_preview_dialog
from . import payment_hub_ledger_setup_line
from . import payment_hub_ledger_setup
