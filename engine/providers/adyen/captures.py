# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which object a capture is: that, no message of Adyen tells.

With immediate capture it is the payment itself, since nothing but its AUTHORISATION
tells of it; the settlement report alone knows the reference of the capture. With
manual capture each capture is an object of its own, with a reference of its own.
"""

from collections.abc import Mapping

from ..base import Option

OPTION = Option(
    "capture",
    "Capture",
    "As in the Customer Area under Settings → Account settings → Capture delay. "
    "Immediate: a payment is captured when it is authorised, or by itself some time "
    "after. Manual: when a capture is asked for; payment methods that know no capture "
    "then count when they settle.",
    (("immediate", "Immediate, or after a delay"), ("manual", "Manual")),
)


def is_manual(options: Mapping[str, str]) -> bool:
    """Tell whether captures are asked for one by one."""
    return options.get(OPTION.name) == "manual"


def subject(options: Mapping[str, str], payment: str, capture: str) -> tuple[str, str]:
    """Give type and id of the object that a capture is."""
    return ("capture", capture) if is_manual(options) else ("payment", payment)


def parent(options: Mapping[str, str], payment: str) -> str:
    """Give the id of the capture that a refund undoes; "" when Adyen names none."""
    return "" if is_manual(options) else payment
