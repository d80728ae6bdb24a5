# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The words of the hub's own messages.

https://www.standardwebhooks.com, https://github.com/cloudevents/spec (version 1.0.2).
"""

from ...events import EVENT_TYPES

CODE = "generic"

# The same three headers under two names; the second is older and means the same.
HEADER_FAMILIES = ("webhook", "svix")

# Type of a message: type of the fact.
PREFIX = "payment_hub."
FACTS = {PREFIX + name: name for name in EVENT_TYPES}

# Sent by the hub to itself, to prove that a connection works from end to end.
TEST_EVENT_TYPE = f"{PREFIX}test"

# Types of objects whose ids are references of the same kind.
OBJECT_REFERENCES = frozenset(
    {"payment", "charge", "refund", "dispute", "payout", "mandate"}
)
REFERENCE_KINDS = OBJECT_REFERENCES | {
    "order",
    "batch",
    "balance_entry",
    "customer",
    "connected_account",
    "merchant_reference",
    "invoice",
    "transaction",
    "description",
    "arn",
    "bank_trace",
}
CLOCK_KINDS = frozenset({"booked", "available", "value"})
FEE_KINDS = frozenset(
    {
        "processing",
        "interchange",
        "scheme",
        "markup",
        "fixed",
        "fx",
        "dispute",
        "refund",
        "payout",
        "platform",
        "interest",
        "tax",
        "other",
    }
)
