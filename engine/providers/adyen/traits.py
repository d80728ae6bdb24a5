# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""By which rules tell Adyen's facts apart, of an item and of a row.

Adyen signs the merchant account, but neither method, country nor deadline: whoever gets
hold of a message could change by which row of the mapping it is posted, but no amount.
"""

from ...events import Trait
from ...json_node import Node
from ...tabular import Row
from ..message import traits
from . import const


def of_item(item: Node) -> tuple[Trait, ...]:
    """Give the traits of an item; the country is the card's, else the shopper's."""
    more = item.data.get("additionalData")
    told = more if isinstance(more, dict) else {}
    return traits(
        {
            **_paid_by(item.text("paymentMethod")),
            "country": told.get("issuerCountry")
            or told.get("cardIssuingCountry")
            or told.get("shopperCountry"),
            "dispute_stage": const.DISPUTE_STAGES.get(item.text("eventCode")),
            "merchant_account": item.data.get("merchantAccountCode"),
            "store": told.get("store"),
        }
    )


def of_row(row: Row) -> tuple[Trait, ...]:
    """Give the traits of a row; Adyen's columns beside the method are optional."""
    return traits(
        {
            **_paid_by(row.text("Payment Method")),
            "country": row.text("Issuer Country") or row.text("Shopper Country"),
            "dispute_stage": const.DISPUTE_STAGES.get(row.text("Type")),
            "merchant_account": row.text("Merchant Account"),
            "store": row.text("Store"),
        }
    )


def _paid_by(name: str) -> dict[str, str]:
    scheme, _line, wallet = name.lower().partition("_")
    if scheme not in const.CARD_SCHEMES:
        return {"method": name}
    return {
        "method": wallet if wallet in const.WALLETS else const.CARD,
        "scheme": scheme,
    }
