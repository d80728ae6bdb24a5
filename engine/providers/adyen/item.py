# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The items of a standard webhook, and what of them is signed.

https://docs.adyen.com/development-resources/webhooks/verify-hmac-signatures: the
signature covers pspReference, originalReference, merchantAccountCode,
merchantReference, amount, eventCode and success. Everything else (reason,
additionalData, eventDate, paymentMethod, live) could be changed by whoever gets hold
of a message: ids, amounts, accounts and references never come from there, but reasons,
deadlines and traits do.
"""

from ...json_node import Node
from ...money import is_minor


def items(root: Node) -> list[Node]:
    """Give the items of a message, each out of its wrapper.

    :raises MalformedMessage: when there is none, or one is no object
    """
    found = [
        wrapper.child("NotificationRequestItem")
        for wrapper in root.children("notificationItems")
    ]
    if not found:
        raise root.fault("notificationItems", "At least one item is due here.")
    return found


def signed_text(item: Node) -> str:
    """Give the text that is signed for an item; nothing in it is escaped.

    Only the merchant's reference may hold a colon: so the text of one item is that of
    no other, and no part of a reference can pass for another field.

    :raises MalformedMessage: when a field cannot be part of such a text
    """
    amount = item.child("amount")
    value = amount.data.get("value")
    if not is_minor(value):
        raise amount.fault("value", "An integer amount is due here.")
    return ":".join(
        (
            _plain(item, "pspReference"),
            _plain(item, "originalReference"),
            _plain(item, "merchantAccountCode"),
            _text(item, "merchantReference"),
            str(value),
            _plain(amount, "currency"),
            _plain(item, "eventCode"),
            _plain(item, "success"),
        )
    )


def is_successful(item: Node) -> bool:
    """Tell whether what the item is about succeeded.

    :raises MalformedMessage: when it does not say
    """
    success = item.data.get("success")
    if success not in ("true", "false"):
        raise item.fault("success", '"true" or "false" is due here.')
    return success == "true"


def original(item: Node) -> str:
    """Give the reference of the original payment; "" when there is none."""
    value = item.data.get("originalReference")
    return item.identifier("originalReference") if value not in (None, "") else ""


def _text(node: Node, field: str) -> str:
    value = node.data.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise node.fault(field, "Text is due here.")
    return value


def _plain(node: Node, field: str) -> str:
    value = _text(node, field)
    if ":" in value:
        raise node.fault(field, "Text without a colon is due here.")
    return value
