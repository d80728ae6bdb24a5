# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from adyen_payloads import (
    SECRET,
    amount,
    batch_rows,
    body,
    item,
    message,
    platform,
    settlement_report,
    signed,
)

from engine.providers.adyen import const, report
from engine.providers.adyen.signature import sign
from engine.providers.base import Keys

from . import Signed

NOTICE = platform("ach.notificationOfChange", pspReference="QFQTPCQ8HXSKGK82")

MESSAGES = {
    code: (message(code), {}) for code in (*const.RULES, *const.SPECIAL_CODES)
} | {
    "refused": (message("AUTHORISATION", success="false", reason="Refused"), {}),
    "card tried": (message("AUTHORISATION", amount=amount(0)), {}),
    "not captured": (message("CAPTURE", success="false"), {}),
    "not cancelled": (message("CANCELLATION", success="false"), {}),
    "cancelled": (
        message("CANCEL_OR_REFUND", additional={"modification.action": "cancel"}),
        {},
    ),
    "neither": (
        message("CANCEL_OR_REFUND", additional={"modification.action": None}),
        {},
    ),
    "not refunded": (message("REFUND", success="false", reason="Too late"), {}),
    "unheard of": (message("BRAND_NEW"), {}),
    "two items": (
        body(
            signed(item("AUTHORISATION")),
            signed(item("REFUND", merchantAccountCode="AnotherShop")),
        ),
        {},
    ),
    "ach.notificationOfChange": (NOTICE, {}),
    "balancePlatform.transfer.created": (
        platform("balancePlatform.transfer.created", id="1W1UG35U8A9J5ZLG"),
        {},
    ),
}
USUAL = "AUTHORISATION"
SIGNED = [
    Signed(MESSAGES["two items"][0], {}, Keys(["AB" * 32, SECRET]), 1_772_000_000),
    Signed(
        NOTICE,
        {const.SIGNATURE_HEADER: sign(NOTICE, SECRET)},
        Keys(["AB" * 32, SECRET]),
        1_772_000_000,
    ),
]
PAGES = [
    ("settlement_detail", report.split(settlement_report())[0]),
    ("settlement_detail", b""),
]
REPORTS = [
    ("settlement_detail", settlement_report()),
    ("settlement_detail", settlement_report(batch_rows() * 60)),
]
OPTIONS = [{}, {"capture": "immediate"}, {"capture": "manual"}]
