# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Pages of Mollie's API as facts (https://docs.mollie.com/reference/pagination).

An object is read as the message about its status would be, and has that message's code.
"""

from collections.abc import Callable, Mapping

from ... import strict_json
from ...json_node import MAX_ID, Node
from ..base import Stream, Translation
from ..message import each, of_balance
from . import payments, report, webhook
from .message import of_object, signed

Options = Mapping[str, str]
Read = Callable[[Node, Options], Translation]


def _payment(node: Node, _options: Options) -> Translation:
    message = of_object(node, payments.status_code(node))
    return message.translation(*payments.of_payment(message, node))


def _refund(node: Node, _options: Options) -> Translation:
    message = of_object(node, payments.status_code(node))
    return message.translation(payments.of_refund(message, node))


def _chargeback(node: Node, _options: Options) -> Translation:
    message = of_object(node, payments.chargeback_code(node))
    return message.translation(payments.of_chargeback(message, node))


def _balance_transaction(node: Node, options: Options) -> Translation:
    message = of_object(node, node.text("type")[:MAX_ID])
    return message.translation(report.of_balance_transaction(message, node, options))


def _settlement(node: Node, options: Options) -> Translation:
    message = of_object(node, payments.status_code(node), "createdAt", "settledAt")
    return message.translation(report.of_settlement(message, node, options))


def _payout(node: Node, options: Options) -> Translation:
    message = of_object(node, payments.status_code(node))
    return message.translation(report.of_payout(message, node, options))


def _list(label: str, name: str, read: Read) -> Stream:
    def translate(body: bytes, options: Options) -> tuple[Translation, ...]:
        items = Node(strict_json.loads(body)).child("_embedded").children(name)
        return each(items, lambda item: read(item, options))

    return Stream(label, translate)


def _whole_payment(body: bytes, _options: Options) -> tuple[Translation, ...]:
    node = Node(strict_json.loads(body))
    message = of_object(node, payments.status_code(node))
    facts = payments.of_payment(message, node, is_complete=True)
    return (message.translation(*facts),)


def _event(body: bytes, options: Options) -> tuple[Translation, ...]:
    return webhook.translate(body, options=options)


def _balances(body: bytes, _options: Options) -> tuple[Translation, ...]:
    """Read all balances, of which one currency may have several.

    https://docs.mollie.com/docs/balance: what is not available yet is pending.
    """
    root = Node(strict_json.loads(body))
    balances = root.child("answer").child("_embedded").children("balances")
    parts = [
        signed(balance, field)
        for balance in balances
        for field in ("availableAmount", "pendingAmount")
    ]
    return of_balance("balances", root.time("asked_at"), parts)


STREAMS = {
    "payments": _list("Payments", "payments", _payment),
    "refunds": _list("Refunds", "refunds", _refund),
    "chargebacks": _list("Chargebacks", "chargebacks", _chargeback),
    "balance_transactions": _list(
        "Balance Transactions", "balance_transactions", _balance_transaction
    ),
    "settlements": _list("Settlements", "settlements", _settlement),
    "payouts": _list("Payouts", "payouts", _payout),
    "payment": Stream("Payment", _whole_payment, is_pulled=False),
    "event": Stream("Event", _event, is_pulled=False),
    "balances": Stream("Balances", _balances, is_pulled=False),
}
