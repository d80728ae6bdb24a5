# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The pages of PayPal's transaction search.

https://developer.paypal.com/docs/api/transaction-search/v1/: entries that changed the
balance, up to three hours late. Amounts are signed decimals in major units.
"""

from collections.abc import Mapping

from ... import strict_json
from ...json_node import Node
from ..base import NOTHING, Translation
from ..message import each, inner, traits
from .entries import Entry, facts
from .message import Message, money


def translate(
    body: bytes, options: Mapping[str, str] = NOTHING
) -> tuple[Translation, ...]:
    """Translate a page; one translation for each entry."""
    root = Node(strict_json.loads(body))
    account = root.text("account_number")
    return each(
        root.children("transaction_details"), lambda item: _translate(item, account)
    )


def _translate(item: Node, account: str) -> Translation:
    info = item.child("transaction_info")
    gross = money(info, "transaction_amount", is_signed=True)
    fee = gross._replace(minor=0)
    if info.data.get("fee_amount") is not None:
        fee = money(info, "fee_amount", is_signed=True)
    created = info.moment("transaction_initiation_date")
    booked = created
    if info.data.get("transaction_updated_date") is not None:
        booked = info.moment("transaction_updated_date")
    entry = Entry(
        info.identifier("transaction_id"),
        info.identifier("transaction_event_code"),
        info.text("transaction_status"),
        created,
        booked,
        gross,
        fee,
        info.reference("paypal_reference_id"),
        info.text("paypal_reference_id_type"),
        {
            "invoice": info.text("invoice_id"),
            "merchant_reference": info.text("custom_field"),
            "description": info.text("transaction_subject"),
        },
        info.text("bank_reference_id"),
        traits(
            {
                "method": info.text("instrument_type"),
                "country": inner(item.data, "payer_info").get("country_code"),
                "merchant_account": account,
                "store": inner(item.data, "store_info").get("store_id"),
            }
        ),
    )
    message = Message(entry.id, entry.code, created)
    return message.translation(facts(entry))
