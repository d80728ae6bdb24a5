# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Stripe tells of its balance: messages, balance transactions, report rows."""

import csv
import io
import json
from datetime import datetime, timezone

from stripe_payloads import CREATED, charge, message, refund

DAY = 86400
MIDNIGHT = CREATED - CREATED % DAY


def entry(
    id="txn_3RvAbc",
    type="charge",
    amount=12100,
    fee=0,
    category=None,
    fee_type="stripe_fee",
    source=None,
    **more,
):
    """Give a balance transaction; ``source`` expanded or as id."""
    details = []
    if fee:
        details.append(
            {
                "amount": fee,
                "application": None,
                "currency": "eur",
                "description": "Stripe fee",
                "type": fee_type,
            }
        )
    return {
        "id": id,
        "object": "balance_transaction",
        "amount": amount,
        "available_on": MIDNIGHT + 2 * DAY,
        "balance_type": "payments",
        "created": CREATED,
        "currency": "eur",
        "description": None,
        "exchange_rate": None,
        "fee": fee,
        "fee_details": details,
        "net": amount - fee,
        "reporting_category": category or type,
        "source": source,
        "status": "pending",
        "type": type,
    } | more


def dispute(id="du_1RvAbc", amount=12100, entries=(), status="needs_response", **more):
    return {
        "id": id,
        "object": "dispute",
        "amount": amount,
        "balance_transactions": list(entries),
        "charge": "ch_3RvAbc",
        "created": CREATED,
        "currency": "eur",
        "enhanced_eligibility_types": [],
        "evidence": {"customer_name": "A. Buyer", "uncategorized_text": None},
        "evidence_details": {
            "due_by": MIDNIGHT + 7 * DAY - 1,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "network_reason_code": "10.4",
        "payment_intent": "pi_3RvAbc",
        "payment_method_details": {
            "card": {"brand": "visa", "case_type": "chargeback"},
            "type": "card",
        },
        "reason": "fraudulent",
        "status": status,
    } | more


def withdrawal(id="txn_1RvAbcOut", amount=-12100, fee=2000, **more):
    return entry(id, "adjustment", amount, fee, "dispute", source="du_1RvAbc", **more)


def reinstatement(id="txn_1RvAbcIn", amount=12100, fee=-2000, **more):
    return entry(
        id,
        "adjustment",
        amount,
        fee,
        "dispute_reversal",
        source="du_1RvAbc",
        **{"created": CREATED + 9 * DAY} | more,
    )


def payout(id="po_1RvAbc", amount=50000, status="in_transit", **more):
    return {
        "id": id,
        "object": "payout",
        "amount": amount,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": MIDNIGHT + 2 * DAY,
        "automatic": True,
        "balance_transaction": "txn_1RvAbcPayout",
        "created": CREATED,
        "currency": "eur",
        "description": "STRIPE PAYOUT",
        "destination": "ba_1RvAbc",
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "in_progress",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": None,
        "status": status,
        "trace_id": {"status": "pending", "value": None},
        "type": "bank_account",
    } | more


def failed_payout(status="failed", **more):
    return payout(
        status=status,
        failure_balance_transaction="txn_1RvAbcBack",
        failure_code="account_closed",
        **more,
    )


def topup(status="succeeded", **more):
    return {
        "id": "tu_1RvAbc",
        "object": "topup",
        "amount": 30000,
        "balance_transaction": "txn_1RvAbcTopup",
        "created": CREATED,
        "currency": "eur",
        "description": "Reserve",
        "failure_code": None,
        "livemode": False,
        "metadata": {},
        "status": status,
    } | more


def transfer(reversals=(), **more):
    return {
        "id": "tr_3RvAbc",
        "object": "transfer",
        "amount": 8000,
        "amount_reversed": sum(item["amount"] for item in reversals),
        "balance_transaction": "txn_3RvAbcTransfer",
        "created": CREATED,
        "currency": "eur",
        "description": None,
        "destination": "acct_1RvSeller",
        "destination_payment": "py_1RvSeller",
        "livemode": False,
        "metadata": {},
        "reversals": listed(reversals),
        "reversed": False,
        "source_transaction": "ch_3RvAbc",
        "source_type": "card",
        "transfer_group": None,
    } | more


def transfer_reversal(id="trr_1RvAbc", amount=1000, **more):
    return {
        "id": id,
        "object": "transfer_reversal",
        "amount": amount,
        "balance_transaction": "txn_1RvAbcTrr",
        "created": CREATED,
        "currency": "eur",
        "metadata": {},
        "transfer": "tr_3RvAbc",
    } | more


def application_fee(refunds=(), **more):
    return {
        "id": "fee_1RvAbc",
        "object": "application_fee",
        "account": "acct_1RvSeller",
        "amount": 500,
        "amount_refunded": sum(item["amount"] for item in refunds),
        "application": "ca_Abc",
        "balance_transaction": "txn_1RvAbcFee",
        "charge": "py_1RvSeller",
        "created": CREATED,
        "currency": "eur",
        "livemode": False,
        "originating_transaction": "ch_3RvAbc",
        "refunded": False,
        "refunds": listed(refunds),
    } | more


def fee_refund(id="fr_Abc", amount=200, **more):
    return {
        "id": id,
        "object": "fee_refund",
        "amount": amount,
        "balance_transaction": "txn_1RvAbcFr",
        "created": CREATED,
        "currency": "eur",
        "fee": "fee_1RvAbc",
        "metadata": {},
    } | more


def session(payment_status="paid", **more):
    return {
        "id": "cs_test_a1Abc",
        "object": "checkout.session",
        "amount_total": 12100,
        "client_reference_id": "S00042",
        "created": CREATED,
        "currency": "eur",
        "customer": "cus_SrAbc",
        "invoice": None,
        "livemode": False,
        "metadata": {"odoo_invoice": "INV/2025/00042"},
        "mode": "payment",
        "payment_intent": "pi_3RvAbc",
        "payment_status": payment_status,
        "status": "complete",
    } | more


def setup_intent(**more):
    return {
        "id": "seti_1RvAbc",
        "object": "setup_intent",
        "created": CREATED,
        "customer": "cus_SrAbc",
        "description": None,
        "livemode": False,
        "mandate": None,
        "metadata": {},
        "payment_method": "pm_1RvAbc",
        "status": "succeeded",
        "usage": "off_session",
    } | more


def listed(items, has_more=False):
    return {"object": "list", "data": list(items), "has_more": has_more, "url": "/v1/x"}


def page(*items, has_more=False):
    return json.dumps(listed(items, has_more)).encode()


def balance():
    """Give a balance object with all of its parts."""

    def part(amount, currency="eur"):
        types = {"card": amount}
        return {"amount": amount, "currency": currency, "source_types": types}

    return {
        "object": "balance",
        "available": [part(50000), part(41, "jpy")],
        "connect_reserved": [part(-250)],
        "instant_available": [part(40000) | {"net_available": [{"amount": 39600}]}],
        "issuing": {"available": [part(70)]},
        "livemode": False,
        "pending": [part(100)],
        "refund_and_dispute_prefunding": {"available": [], "pending": [part(0)]},
    }


def samples():
    """Give one message of every kind that is not about a payment or a refund."""
    warning = {
        "id": "issfr_1RvAbc",
        "object": "radar.early_fraud_warning",
        "actionable": True,
        "charge": "ch_3RvAbc",
        "created": CREATED,
        "fraud_type": "made_with_stolen_card",
        "livemode": False,
        "payment_intent": "pi_3RvAbc",
    }
    review = {
        "id": "prv_1RvAbc",
        "object": "review",
        "charge": "ch_3RvAbc",
        "closed_reason": None,
        "created": CREATED,
        "livemode": False,
        "open": True,
        "opened_reason": "rule",
        "payment_intent": "pi_3RvAbc",
        "reason": "rule",
    }
    mandate = {
        "id": "mandate_1RvAbc",
        "object": "mandate",
        "livemode": False,
        "payment_method": "pm_1RvAbc",
        "status": "inactive",
        "type": "multi_use",
    }
    run = {
        "id": "frr_1RvAbc",
        "object": "reporting.report_run",
        "created": CREATED,
        "error": None,
        "livemode": False,
        "parameters": {"interval_start": MIDNIGHT - DAY, "interval_end": MIDNIGHT},
        "report_type": "payout_reconciliation.itemized.5",
        "result": {"id": "file_1RvAbc", "object": "file"},
        "status": "succeeded",
    }
    report_type = {
        "id": "payout_reconciliation.itemized.5",
        "object": "reporting.report_type",
        "data_available_end": MIDNIGHT,
        "data_available_start": MIDNIGHT - 900 * DAY,
        "updated": CREATED,
        "version": 5,
    }
    submitted = {"due_by": MIDNIGHT, "has_evidence": True, "submission_count": 1}
    objects = {
        "charge.dispute.created": dispute(),
        "charge.dispute.updated": dispute(
            status="under_review", evidence_details=submitted
        ),
        "charge.dispute.funds_withdrawn": dispute(entries=[withdrawal()]),
        "charge.dispute.funds_reinstated": dispute(
            status="won", entries=[withdrawal(), reinstatement()]
        ),
        "charge.dispute.closed": dispute(status="lost", entries=[withdrawal()]),
        "radar.early_fraud_warning.created": warning,
        "radar.early_fraud_warning.updated": warning | {"actionable": False},
        "review.opened": review,
        "review.closed": review | {"closed_reason": "approved", "open": False},
        "payout.created": payout(status="pending"),
        "payout.updated": payout(trace_id={"status": "supported", "value": "TR1"}),
        "payout.paid": payout(status="paid"),
        "payout.failed": failed_payout(),
        "payout.canceled": failed_payout("canceled"),
        "payout.reconciliation_completed": payout(reconciliation_status="completed"),
        "balance.available": balance(),
        "topup.created": topup("pending"),
        "topup.canceled": topup("canceled"),
        "topup.failed": topup("failed", failure_code="insufficient_funds"),
        "topup.succeeded": topup(),
        "topup.reversed": topup("reversed"),
        "transfer.created": transfer(),
        "transfer.updated": transfer(),
        "transfer.reversed": transfer([transfer_reversal()]),
        "application_fee.created": application_fee(),
        "application_fee.refunded": application_fee([fee_refund()]),
        "application_fee.refund.updated": fee_refund(),
        "checkout.session.completed": session(),
        "checkout.session.expired": session("unpaid", payment_intent=None),
        "checkout.session.async_payment_succeeded": session(),
        "checkout.session.async_payment_failed": session("unpaid"),
        "setup_intent.created": setup_intent(status="requires_confirmation"),
        "setup_intent.requires_action": setup_intent(status="requires_action"),
        "setup_intent.setup_failed": setup_intent(status="requires_payment_method"),
        "setup_intent.canceled": setup_intent(status="canceled"),
        "setup_intent.succeeded": setup_intent(mandate="mandate_1RvAbc"),
        "mandate.updated": mandate,
        "reporting.report_run.succeeded": run,
        "reporting.report_run.failed": run | {"status": "failed", "error": "No data"},
        "reporting.report_type.updated": report_type,
    }
    return {name: message(name, obj) for name, obj in objects.items()}


def entries():
    """Give a balance transaction of each usual kind, as a page expands them."""
    lost = dispute(entries=[withdrawal(), reinstatement()])
    failed = refund(status="failed", failure_balance_transaction="txn_3RvAbcRf")
    return [
        entry(fee=205, source=charge()),
        entry("txn_3RvAbcRefund", "refund", -2000, source=refund()),
        entry("txn_3RvAbcRf", "refund_failure", 2000, source=failed),
        withdrawal() | {"source": lost},
        reinstatement() | {"source": lost},
        entry("txn_1RvAbcPayout", "payout", -50000, source=payout()),
        entry("txn_1RvAbcBack", "payout_failure", 50000, source=failed_payout()),
        entry("txn_1RvAbcTopup", "topup", 30000, source=topup()),
        entry("txn_3RvAbcTransfer", "transfer", -8000, source=transfer()),
        entry("txn_1RvAbcTrr", "transfer_refund", 1000, source=transfer_reversal()),
        entry("txn_1RvAbcFee", "application_fee", 500, source=application_fee()),
        entry("txn_1RvAbcFr", "application_fee_refund", -200, source=fee_refund()),
        entry("txn_1RvAbcUse", "stripe_fee", -70, category="fee"),
        entry("txn_1RvAbcRes", "reserved_funds", -900, category="risk_reserved_funds"),
        entry("txn_1RvAbcNew", "brand_new_type", -1, category="brand_new"),
    ]


def row(category, id, source="", gross="0.00", fee="0.00", **more):
    """Give the cells of a report row by column."""
    gross_minor, fee_minor = (round(float(text) * 100) for text in (gross, fee))
    return {
        "automatic_payout_id": "po_1RvAbc",
        "balance_transaction_id": id,
        "created_utc": _utc(CREATED),
        "available_on_utc": _utc(MIDNIGHT + 2 * DAY),
        "currency": "eur",
        "gross": gross,
        "fee": fee,
        "net": f"{(gross_minor - fee_minor) / 100:.2f}",
        "reporting_category": category,
        "source_id": source,
        "description": 'S00042-1, "Chair"\nand table',
        "charge_id": "",
        "payment_intent_id": "",
        "customer_facing_amount": "",
        "customer_facing_currency": "",
        "payment_metadata[odoo_invoice]": "",
        "invoice_number": "",
    } | more


def of_payment(category, id, source, gross, fee="0.00", **more):
    """Give a row about the usual charge."""
    cells = {
        "charge_id": "ch_3RvAbc",
        "payment_intent_id": "pi_3RvAbc",
        "customer_facing_amount": gross,
        "customer_facing_currency": "eur",
        "payment_metadata[odoo_invoice]": "INV/2025/00042",
    }
    return row(category, id, source, gross, fee, **cells | more)


def report_rows():
    """Give the rows of the same movements as ``entries`` gives."""
    return [
        of_payment("charge", "txn_3RvAbc", "ch_3RvAbc", "121.00", "2.05"),
        of_payment("refund", "txn_3RvAbcRefund", "re_3RvAbc", "-20.00"),
        of_payment("refund_failure", "txn_3RvAbcRf", "re_3RvAbc", "20.00"),
        of_payment("dispute", "txn_1RvAbcOut", "du_1RvAbc", "-121.00", "20.00"),
        of_payment("dispute_reversal", "txn_1RvAbcIn", "du_1RvAbc", "121.00", "-20.00"),
        row("payout", "txn_1RvAbcPayout", "po_1RvAbc", "-500.00"),
        row("payout_reversal", "txn_1RvAbcBack", "po_1RvAbc", "500.00"),
        row("topup", "txn_1RvAbcTopup", "tu_1RvAbc", "300.00"),
        row("transfer", "txn_3RvAbcTransfer", "tr_3RvAbc", "-80.00"),
        row("transfer_reversal", "txn_1RvAbcTrr", "trr_1RvAbc", "10.00"),
        row("platform_earning", "txn_1RvAbcFee", "fee_1RvAbc", "5.00"),
        row("platform_earning_refund", "txn_1RvAbcFr", "fr_Abc", "-2.00"),
        row("fee", "txn_1RvAbcUse", "", "-0.70"),
        row("risk_reserved_funds", "txn_1RvAbcRes", "", "-9.00"),
        row("brand_new", "txn_1RvAbcNew", "", "-0.01"),
    ]


def report_of(*rows):
    """Give the CSV file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0].keys())
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _utc(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%d %H:%M:%S")
