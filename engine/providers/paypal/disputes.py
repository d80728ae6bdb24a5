# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What PayPal's disputes attest.

No money: a dispute names no entry of the balance. What is withheld, taken and given
back stands in the balance's entries (T1110, T1201 and their like), under the capture.
"""

from collections.abc import Iterator

from ...events import Event
from ...json_node import Node
from ..message import due, inner, references, traits
from . import const
from .message import Message


def dispute(message: Message, node: Node) -> Iterator[Event]:
    """Tell how far a dispute is: the stage that it was opened in, and its outcome.

    One dispute may be about several payments: each gets facts of its own.
    """
    stage = _stage(node)
    facts = [
        (const.STAGES[stage], stage.lower(), due(node, "seller_response_due_date"))
    ]
    if node.text("status") == "RESOLVED":
        facts.append((_outcome(node), "closed", ()))
    dispute_id = node.identifier("dispute_id")
    reason = node.text("reason")
    family = const.DISPUTE_REASONS.get(reason, const.OTHER_REASON) if reason else ""
    disputed = list(node.children("disputed_transactions")) or [Node({})]
    for transaction in disputed:
        capture = transaction.reference("seller_transaction_id")
        found = references(
            {
                "charge": capture,
                "dispute": dispute_id,
                "invoice": transaction.text("invoice_number"),
                "merchant_reference": transaction.text("custom"),
            }
        )
        suffix = f":{capture}" if len(disputed) > 1 else ""
        merchant = inner(transaction.data, "seller").get("merchant_id")
        for (event_type, leg), stage, clocks in facts:
            yield message.fact(
                (event_type, leg + suffix),
                ("dispute", dispute_id),
                capture,
                references=found,
                reason=family,
                clocks=clocks,
                traits=traits({"dispute_stage": stage, "merchant_account": merchant}),
            )


def _stage(node: Node) -> str:
    stage = node.text("dispute_life_cycle_stage") or "CHARGEBACK"
    if stage not in const.STAGES:
        raise node.fault("dispute_life_cycle_stage", "An unknown stage.")
    return stage


def _outcome(node: Node) -> tuple[str, str]:
    outcome = node.child("dispute_outcome")
    code = outcome.text("outcome_code")
    if code not in const.OUTCOMES:
        raise outcome.fault("outcome_code", "An unknown outcome.")
    return const.OUTCOMES[code]


HANDLERS = {
    "CUSTOMER.DISPUTE.CREATED": dispute,
    "CUSTOMER.DISPUTE.RESOLVED": dispute,
    "CUSTOMER.DISPUTE.UPDATED": dispute,
    "RISK.DISPUTE.CREATED": dispute,
}
