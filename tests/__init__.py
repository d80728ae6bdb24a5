# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import test_attempts
from . import test_backfill
from . import test_bad_messages
from . import test_batches
from . import test_certificates
from . import test_defects
from . import test_evidence
from . import test_exceptions
from . import test_failpoints
from . import test_invoice_finder
from . import test_killed
from . import test_lane
from . import test_lookups
from . import test_neutralize
from . import test_onboarding
from . import test_outage
from . import test_pulled_stripe
from . import test_replacement
from . import test_reports
from . import test_road
from . import test_secrets
from . import test_security
from . import test_token
from . import test_tours
from . import test_untreated
from . import test_upgrade
from . import test_webhook
