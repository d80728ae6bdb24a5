# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Nobody but PayPal can sign as PayPal, the demonstration's player included.

So its server trusts one more root, which the addon itself offers no way to add. It also
asks the player instead of PayPal's sandbox.
"""

import os
from pathlib import Path

from odoo.addons.payment_hub.engine.providers.paypal import certificate, client

certificate._ROOTS += (Path(os.environ["PAYMENT_HUB_DEMO_ROOT"]).read_bytes(),)
client._SANDBOX = os.environ["PAYMENT_HUB_DEMO_PAYPAL"]
