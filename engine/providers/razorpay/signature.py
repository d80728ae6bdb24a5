# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Razorpay's webhook signature (https://razorpay.com/docs/webhooks/validate-test).

``X-Razorpay-Signature``: the HMAC-SHA256 of the body under the webhook's secret, in
lower-case hex. There is no timestamp: a message sent twice is known by its event id.
"""

from ..signing import body_verifier, sign_body
from . import const

verify = body_verifier(const.SIGNATURE_HEADER)
sign = sign_body
