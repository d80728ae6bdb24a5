# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""GoCardless's webhook signature.

https://developer.gocardless.com/api-reference/#webhooks-signing-webhooks:
``Webhook-Signature`` is the HMAC-SHA256 of the body in hex; no time is signed.
"""

from ..signing import body_verifier, sign_body
from . import const

verify = body_verifier(const.SIGNATURE_HEADER)
sign = sign_body
