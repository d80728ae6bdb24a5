# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import payment_hub_money_mixin
from . import payment_hub_pulled_mixin
from . import payment_hub_token_mixin
from . import payment_hub_sealed_mixin
from . import payment_hub_api_mixin
from . import payment_hub_secret
from . import payment_hub_connection
from . import payment_hub_token
from . import payment_hub_certificate
from . import payment_hub_refusal
from . import payment_hub_delivery
from . import payment_hub_backfill
from . import payment_hub_report
from . import payment_hub_lookup
from . import payment_hub_event
from . import payment_hub_attestation
from . import payment_hub_payment
from . import payment_hub_reference
from . import payment_hub_posting
from . import payment_hub_exception
from . import payment_hub_attempt
from . import payment_hub_lane
from . import payment_hub_processor
from . import payment_hub_invoice_finder
from . import payment_hub_ledger
from . import account_move
from . import res_config_settings
