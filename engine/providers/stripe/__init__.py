# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Stripe, as its webhooks tell it."""

from ..base import Provider
from . import const, signature, webhook

PROVIDER = Provider(
    code=const.CODE,
    label="Stripe",
    signature_headers=(const.SIGNATURE_HEADER,),
    verify=signature.verify,
    sign=signature.sign,
    envelope=webhook.envelope,
    translate=webhook.translate,
    test_message=webhook.test_message,
    subscribed_events=webhook.SUBSCRIBED_EVENTS,
)
