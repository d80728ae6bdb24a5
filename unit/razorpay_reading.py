# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Short ways to read what Razorpay tells."""

from razorpay_payloads import CREATED, CSV, PAYMENT, collection, message
from roads import by_key

from engine.providers import get

RAZORPAY = get("razorpay")
REPORT = RAZORPAY.reports["transactions"]
CAPTURE = f"payment:{PAYMENT}:capture"
FEE = f"payment:{PAYMENT}:fee"


def told(event, created=CREATED + 1, options=None, **entities):
    body = message(event, created, **entities)
    (translation,) = RAZORPAY.translate(body, {}, options or {})
    return translation


def facts(event, **more):
    return {fact.key: fact for fact in told(event, **more).events}


def pulled(stream, *objects, **options):
    answer = collection(*objects)
    return by_key(RAZORPAY.streams[stream].translate(answer, options))


def read_csv(body=CSV, **options):
    parts = REPORT.split(body)
    return by_key([one for part in parts for one in REPORT.translate(part, options)])
