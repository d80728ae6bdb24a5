# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Messages, pages and reports as Checkout.com sends them."""

import json

from engine.providers.checkout import const

EVENT = "evt_az5sblvku4ge3dwpztvyizgcau"
PAYMENT = "pay_vti5layihapu5bhbn5tjtk6eem"
CAPTURE = "act_uqlj3642dyyuroivzdwfg2fysq"
REFUND = "act_rzy3fxofo3lufmjzaismfzjiae"
DISPUTE = "dsp_9rjdlsd4epepfjyyf9vl"
PAYOUT = "00000003K599"
PROCESSED = "2026-07-01T10:00:00.4695512Z"


def message(event_type, data, **envelope):
    """Give a message as it is sent."""
    return json.dumps(
        {
            "id": EVENT,
            "type": event_type,
            "version": "1.0.29",
            "created_on": "2026-07-01T10:00:05.1665936Z",
            "data": data,
            "_links": {
                "self": {
                    "href": f"https://api.checkout.com/workflows/events/{EVENT}",
                },
                "subject": {
                    "href": "https://api.checkout.com/workflows/events/subject/pay_x",
                },
            },
            **envelope,
        }
    ).encode()


def payment(action=CAPTURE, amount=5000, **more):
    """Give the data of a message about a payment."""
    return {
        "id": PAYMENT,
        "action_id": action,
        "reference": "ORD-5023-4E89",
        "amount": amount,
        "currency": "USD",
        "processed_on": PROCESSED,
        "response_code": "10000",
        "response_summary": "Approved",
        "balances": {
            "total_authorized": 6000,
            "total_voided": 0,
            "available_to_void": 0,
            "total_captured": amount,
            "available_to_capture": 0,
            "total_refunded": 0,
            "available_to_refund": amount,
        },
        "metadata": {"invoice_id": 10042, "coupon_code": "NY2018"},
        "processing": {
            "acquirer_transaction_id": "865749780760868955557",
            "acquirer_reference_number": "10754814874042406789848",
        },
        "event_links": {
            "payment": f"https://vkuhvk4v.api.checkout.com/payments/{PAYMENT}",
        },
        **more,
    }


def payout(**more):
    """Give the data of a message about money sent to a bank account."""
    return {
        "id": "pay_g2fmfh6hwj4eho5lm7jrxu4pne",
        "reference": "Seller 7",
        "action_id": "act_tqwnowwsmctufefmu65hcumn2a",
        "response_code": "10000",
        "amount": 1000,
        "currency": "USD",
        "source": {"type": "currency_account", "id": "ca_dahxygoevpze3gmv6fwmzbv4ea"},
        "destination": {"type": "bank_account", "id": "src_xsixrbhp6a6ezov67533cw7quq"},
        "processed_on": PROCESSED,
        **more,
    }


def dispute(**more):
    """Give the data of a message about a dispute."""
    return {
        "id": DISPUTE,
        "date": "2026-07-01T09:20:31.5042702+00:00",
        "category": "fraudulent",
        "amount": 5000,
        "currency": "USD",
        "reason_code": "10.4",
        "payment_id": PAYMENT,
        "payment_action_id": CAPTURE,
        "payment_reference": "ORD-5023-4E89",
        "payment_method": "VISA",
        "entity_id": "ent_3heic3vsec6urkmvnm7uwcqr5m",
        **more,
    }


def settlement(**more):
    """Give the data of a message about a settlement."""
    return {
        "account": {"client_id": "cli_1", "entity_id": "ent_1"},
        "settlement_details": {
            "payout_id": "pay_n7shh3ndlazfrl4lc6vdj27xtm",
            "source_currency": "USD",
            "source_amount": 79.51,
            "balance_as_of": "2026-07-02T00:00:00+00:00",
            "bank_name": "Test Bank",
            "billing_descriptor": PAYOUT,
            **more,
        },
        "event_type": "SettlementGenerated",
    }


def report(report_type="FinancialActionsByPayout", **more):
    """Give the data of a message about a report."""
    return {
        "report_id": "rpt_1",
        "report_type": report_type,
        "files": ["reports/file_01.csv"],
        "api_resources": {
            "report": {"id": "rpt_1", "url": "https://api.checkout.com/reports/rpt_1"},
            "files": [{"id": "file_1", "url": "x"}, {"id": "file_2", "url": "y"}],
        },
        "account": {"client_id": "cli_1", "entity_id": "ent_1"},
        "tags": [f"payout_id:{PAYOUT}"],
        **more,
    }


def samples():
    """Give a message for every type that is documented."""
    data = dict.fromkeys(const.EVENT_CODES, payment())
    data |= dict.fromkeys(const.DISPUTE_FACTS, dispute())
    data |= dict.fromkeys(const.REFUND_FACTS, payment(REFUND, 2000))
    data |= {
        "payment_paid": payout(),
        "settlement_generated": settlement(),
        "report_generated": report(),
    }
    return {name: message(name, data[name]) for name in const.EVENT_CODES}


# === reports ===

_BREAKDOWN = (
    "Client Entity ID,Client Entity Name,Processing Channel ID,Processing Channel Name,"
    "Type,Payment ID,Reference,Processed On,Available On,Holding Currency,Payout ID,"
    "Gross In Holding Currency,Deduction In Holding Currency,Net In Holding Currency,"
    "Processing Fee In Holding Currency,Scheme Fee In Holding Currency,"
    "Interchange In Holding Currency,Tax In Holding Currency,"
    "Reserve In Holding Currency,Processing Currency,Gross In Processing Currency,"
    "FX Rate Applied,Payment Method"
).split(",")


def csv(columns, rows):
    """Give rows of cells as a file."""
    lines = [",".join(f'"{cell}"' for cell in row) for row in (columns, *rows)]
    return "\r\n".join(lines).encode() + b"\r\n"


def breakdown_row(code="Charge", payment=PAYMENT, action=CAPTURE, **more):
    """Give the cells of a row by column."""
    row = {
        **dict.fromkeys(_BREAKDOWN, ""),
        "Client Entity ID": "ent_1",
        "Type": code,
        "Payment ID": payment,
        "Reference": "ORD-5023-4E89",
        "Processed On": "2026-07-01T10:00:00.469",
        "Available On": "2026-07-02T00:00:00.000",
        "Holding Currency": "USD",
        "Payout ID": PAYOUT,
        "Gross In Holding Currency": "50.00",
        "Deduction In Holding Currency": "-1.50440000",
        "Net In Holding Currency": "48.49560000",
        "Processing Fee In Holding Currency": "-1.2",
        "Scheme Fee In Holding Currency": "-0.05440000",
        "Interchange In Holding Currency": "-0.25",
        "Tax In Holding Currency": "0",
        "Reserve In Holding Currency": "0",
        "Processing Currency": "USD",
        "Gross In Processing Currency": "50.00",
        "FX Rate Applied": "1",
        "Payment Method": "VISA",
        "Action ID": action,
    }
    return row | more


def breakdown(*rows, without=()):
    """Give a settlement breakdown."""
    columns = [name for name in rows[0] if name not in without]
    return csv(columns, [[row[name] for name in columns] for row in rows])


def refund_row(**more):
    """Give the row of a refund."""
    return breakdown_row(
        "Refund",
        action=REFUND,
        **{
            "Processed On": "2026-07-01T18:00:00",
            "Gross In Holding Currency": "-20.00",
            "Deduction In Holding Currency": "-0.1",
            "Net In Holding Currency": "-20.10",
            "Processing Fee In Holding Currency": "-0.1",
            "Scheme Fee In Holding Currency": "",
            "Interchange In Holding Currency": "",
            "Gross In Processing Currency": "-20",
            **more,
        },
    )


def actions(*rows):
    """Give the financial actions of a payout: (action type, action, breakdown, amount,
    and what differs)."""
    cells = []
    for action_type, action, code, amount, *more in rows:
        cells.append(
            {
                "Payment ID": PAYMENT,
                "Action Type": action_type,
                "Action ID": action,
                "Reference": "ORD-5023-4E89",
                "Requested On": "2026-07-01T09:59:59",
                "Processed On": "2026-07-01T10:00:00.469",
                "Processing Currency": "USD",
                "Processing Currency Amount": amount,
                "FX Rate Applied": "1",
                "Holding Currency": "USD",
                "Holding Currency Amount": amount,
                "Payout ID": PAYOUT,
                "Breakdown Type": code,
                "Available On": "2026-07-02T00:00:00.000",
            }
            | (more[0] if more else {})
        )
    columns = list(cells[0])
    return csv(columns, [[row[name] for name in columns] for row in cells])


def capture_actions():
    """Give the rows of the capture of ``breakdown_row``."""
    return (
        ("Capture", CAPTURE, "Capture", "50.00000000"),
        ("Capture", CAPTURE, "Premium Variable Fee", "-1.20000000"),
        ("Capture", CAPTURE, "Scheme Fixed Fee", "-0.05000000"),
        ("Capture", CAPTURE, "Scheme Variable Fee", "-0.00440000"),
        ("Capture", CAPTURE, "Interchange Fixed Fee", "-0.25000000"),
    )


def payouts(amount="79.51", **more):
    """Give a report of payouts."""
    row = {
        "Client Entity ID": "ent_1",
        "Client Entity Name": "Example",
        "Holding Currency": "USD",
        "Payout ID": PAYOUT,
        "Payout Date": "2026-07-02T01:00:00.000",
        "Payout Amount": amount,
        "Merchant Payout Fees": "-0.25",
        **more,
    }
    return csv(row, [row.values()])


# === API ===


def action_page():
    """Give the financial actions of a payment."""
    item = {
        "payment_id": PAYMENT,
        "entity_id": "ent_1",
        "response_code": "10000",
        "acquirer_reference_number": "10754814874042406789848",
        "processed_on": "2026-07-01T10:00:00.469Z",
        "requested_on": "2026-07-01T09:59:59.724Z",
    }

    def entry(code, amount):
        return {
            "breakdown_type": code,
            "fx_rate_applied": 1,
            "holding_currency": "USD",
            "holding_currency_amount": amount,
            "processing_currency": "USD",
            "processing_currency_amount": amount,
            "fee_detail": "",
        }

    return json.dumps(
        {
            "count": 3,
            "limit": 100,
            "data": [
                {
                    **item,
                    "action_id": REFUND,
                    "action_type": "Refund",
                    "breakdown": [
                        entry("Refund", -20.0),
                        entry("Refund Fixed Fee", -0.1),
                    ],
                },
                {
                    **item,
                    "action_id": CAPTURE,
                    "action_type": "Capture",
                    "breakdown": [
                        entry("Capture", 50),
                        entry("Scheme Fixed Fee", -0.0544),
                    ],
                },
                {
                    **item,
                    "action_id": DISPUTE,
                    "action_type": "Chargeback",
                    "breakdown": [entry("Chargeback (ADJM)", -50.0)],
                },
                {
                    **item,
                    "action_id": "act_2",
                    "action_type": "Clearing Failed",
                    "breakdown": [entry("Clearing Failed", 20.0)],
                },
            ],
            "_links": {"self": {"href": "https://api.checkout.com/financial-actions"}},
        }
    ).encode()


def report_page(next_token=""):
    """Give a page of the list of reports."""
    links = {"self": {"href": "https://api.checkout.com/reports"}}
    if next_token:
        links["next"] = {
            "href": "https://api.checkout.com/reports?limit=100&"
            f"pagination_token={next_token}"
        }
    return json.dumps(
        {
            "count": 2,
            "limit": 100,
            "data": [
                {
                    "id": "rpt_1",
                    "created_on": "2026-07-02T02:31:12.357+00:00",
                    "type": "FinancialActions",
                    "description": "Financial Actions by Payout ID",
                    "account": {"client_id": "cli_1", "entity_id": "ent_1"},
                    "tags": [f"payout_id:{PAYOUT}"],
                    "files": [
                        {"id": "file_1", "filename": "x.csv", "format": "CSV"},
                        {"id": "file_2", "filename": "y.csv", "format": "CSV"},
                    ],
                },
                {
                    "id": "rpt_2",
                    "created_on": "2026-07-02T02:31:12.357Z",
                    "type": "Authentication",
                    "tags": [],
                    "files": [{"id": "file_3"}],
                },
            ],
            "_links": links,
        }
    ).encode()
