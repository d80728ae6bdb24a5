# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Checkout.com's webhook signature.

``Cko-Signature`` is the HMAC-SHA256 of the body, in hexadecimal, under the signature
key that the merchant chose for the webhook, as written. There is no timestamp: the id
of the event is the only protection against a message that is played back.
https://www.checkout.com/docs/developer-resources/event-notifications/receive-webhooks
"""

from ..signing import body_verifier, sign_body
from . import const

verify = body_verifier(const.SIGNATURE_HEADER)
sign = sign_body
