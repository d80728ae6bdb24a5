# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Adyen's messages and settlement reports as Adyen sends them."""

import csv
import io
import json

from engine.json_node import Node
from engine.providers.adyen import const
from engine.providers.adyen.item import signed_text
from engine.providers.adyen.signature import sign

SECRET = "44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056"
ACCOUNT = "ExampleShopECOM"
PAYMENT = "QFQTPCQ8HXSKGK82"
CAPTURE = "CXQTPCQ8HXSKGK82"
REFUND = "RFQTPCQ8HXSKGK82"
DISPUTE = "DPQTPCQ8HXSKGK82"
PAYOUT = "POQTPCQ8HXSKGK82"
REPORT = "settlement_detail_report_batch_4.csv"
DATE = "2026-03-01T09:30:00+01:00"

_OWN = {
    "CAPTURE": CAPTURE,
    "CAPTURE_FAILED": CAPTURE,
    "REPORT_AVAILABLE": REPORT,
}
_OWN_BY_SUBJECT = {"dispute": DISPUTE, "payout": PAYOUT, "refund": REFUND}
_WITHOUT_ORIGINAL = {
    "AUTHORISATION",
    "AUTHENTICATION",
    "DONATION",
    "OFFER_CLOSED",
    "ORDER_CLOSED",
    "ORDER_OPENED",
    "PAYOUT_THIRDPARTY",
    "PENDING",
    "PROCESS_RETRY",
    "REPORT_AVAILABLE",
}
_MORE = {
    "AUTHORISATION": {
        "reason": "091109:1111:03/2030",
        "operations": ["CANCEL", "CAPTURE", "REFUND"],
    },
    "REPORT_AVAILABLE": {
        "merchantReference": "",
        "reason": "https://ca-test.adyen.com/reports/download/MerchantAccount/"
        f"{ACCOUNT}/{REPORT}",
    },
}
_ADDITIONAL = {
    "AUTHORISATION": {
        "authCode": "091109",
        "cardSummary": "1111",
        "expiryDate": "03/2030",
        "paymentMethodVariant": "visa",
    },
    "CANCEL_OR_REFUND": {"modification.action": "refund"},
    "CHARGEBACK": {
        "chargebackReasonCode": "10.4",
        "chargebackSchemeCode": "visa",
        "defensePeriodEndsAt": "2026-04-11T01:30:57+02:00",
        "disputeStatus": "Undefended",
    },
}


def item(code, additional=None, **changes):
    """Give an item, not signed; a field of None is left out."""
    rule = const.RULES.get(code)
    own = _OWN.get(code) or _OWN_BY_SUBJECT.get(rule and rule.subject, PAYMENT)
    if rule is None and code not in ("AUTHORISATION", *_OWN):
        own = "MDQTPCQ8HXSKGK82"
    fields = {
        "additionalData": {**_ADDITIONAL.get(code, {}), **(additional or {})},
        "amount": {"currency": "EUR", "value": 12100},
        "eventCode": code,
        "eventDate": DATE,
        "merchantAccountCode": ACCOUNT,
        "merchantReference": "INV/2026/00042",
        "originalReference": None if code in _WITHOUT_ORIGINAL else PAYMENT,
        "paymentMethod": "visa",
        "pspReference": own,
        "reason": "",
        "success": "true",
        **_MORE.get(code, {}),
        **changes,
    }
    return {name: value for name, value in fields.items() if value is not None}


def amount(value, currency="EUR"):
    return {"currency": currency, "value": value}


def signed(unsigned, secret=SECRET):
    """Give an item with its signature."""
    signature = sign(signed_text(Node(unsigned)).encode(), secret)
    more = unsigned.get("additionalData", {})
    return unsigned | {"additionalData": more | {"hmacSignature": signature}}


def body(*items, live="false"):
    """Give the message that brings these items."""
    return json.dumps(
        {
            "live": live,
            "notificationItems": [{"NotificationRequestItem": one} for one in items],
        }
    ).encode()


def message(code, **more):
    return body(signed(item(code, **more)))


def platform(event_type, **data):
    """Give a webhook that is signed in a header."""
    return json.dumps(
        {
            "createdAt": "2026-03-01T09:30:00+01:00",
            "data": data,
            "environment": "test",
            "type": event_type,
        }
    ).encode()


COLUMNS = (
    "Company Account",
    "Merchant Account",
    "Psp Reference",
    "Merchant Reference",
    "Payment Method",
    "Creation Date",
    "TimeZone",
    "Type",
    "Modification Reference",
    "Gross Currency",
    "Gross Debit (GC)",
    "Gross Credit (GC)",
    "Exchange Rate",
    "Net Currency",
    "Net Debit (NC)",
    "Net Credit (NC)",
    "Commission (NC)",
    "Markup (NC)",
    "Scheme Fees (NC)",
    "Interchange (NC)",
    "Payment Method Variant",
    "Modification Merchant Reference",
    "Batch Number",
    "Booking Date",
    "Booking Date TimeZone",
)
_FEES = {
    "commission": "Commission (NC)",
    "markup": "Markup (NC)",
    "scheme": "Scheme Fees (NC)",
    "interchange": "Interchange (NC)",
}


def row(
    code,
    gross="",
    net="",
    psp=PAYMENT,
    own=CAPTURE,
    currency="EUR",
    settled="EUR",
    rate="1",
    batch="4",
    **more,
):
    """Give a row by column; ``gross`` and ``net`` are negative for debits."""
    cells = {
        "Company Account": "ExampleShop",
        "Merchant Account": ACCOUNT,
        "Psp Reference": psp,
        "Merchant Reference": "INV/2026/00042" if psp else "",
        "Payment Method": "visa" if psp else "",
        "Creation Date": "2026-03-01 09:30:00",
        "TimeZone": "CET",
        "Type": code,
        "Modification Reference": own,
        "Gross Currency": currency if gross else "",
        "Gross Debit (GC)": gross[1:] if gross.startswith("-") else "",
        "Gross Credit (GC)": "" if gross.startswith("-") else gross,
        "Exchange Rate": rate if gross else "",
        "Net Currency": settled if net else "",
        "Net Debit (NC)": net[1:] if net.startswith("-") else "",
        "Net Credit (NC)": "" if net.startswith("-") else net,
        "Batch Number": batch,
        "Booking Date": "2026-03-02 00:10:00",
        "Booking Date TimeZone": "CET",
    }
    return cells | {_FEES.get(name, name): value for name, value in more.items()}


def batch_rows():
    """Give the rows of a whole batch, which adds up to zero."""
    fees = {"markup": "0.12", "scheme": "0.18", "interchange": "0.40"}
    return [
        row("Settled", "121.00", "120.30", **fees),
        row(
            "Settled",
            "100.00",
            "91.00",
            psp="USQTPCQ8HXSKGK82",
            own="UCQTPCQ8HXSKGK82",
            currency="USD",
            rate="0.92",
            commission="1.00",
        ),
        row("Refunded", "-20.00", "-20.10", own=REFUND, commission="0.10"),
        row("Chargeback", "-121.00", "-136.00", own=DISPUTE, markup="15.00"),
        row("ChargebackReversed", "121.00", "121.00", own=DISPUTE),
        entry_row("Fee", "-0.32", "Transaction Fees March 01 2026"),
        entry_row("Fee", "-0.32", "Transaction Fees March 01 2026"),
        entry_row("DepositCorrection", "-10.00", "Deposit, rolling"),
        entry_row("Balancetransfer", "5.00", "Balancetransfer batch 3"),
        entry_row("MerchantPayout", "-150.56", "TX4QTPCQXT batch 4, ExampleShopECOM"),
        entry_row("Balancetransfer", "-20.00", "Balancetransfer batch 5"),
    ]


def entry_row(code, net, text, **more):
    """Give a row that is about no payment."""
    return row(code, "", net, psp="", own=text, **more)


def settlement_report(rows=None, columns=COLUMNS):
    """Give the CSV file."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, "", "ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(batch_rows() if rows is None else rows)
    return text.getvalue().encode()
