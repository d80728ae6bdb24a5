# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Mollie's balance transactions, settlements and payouts attest.

A transfer to the bank has two names at Mollie, settlement (``stl_``) and payout
(``payout_``), and nothing links them. Only the one that the connection chose moves
money; settlements do unless it says otherwise, because balance transactions name them.

The cost lines of a settlement ("2.5410") are no facts: they are sums with fractions of
a cent over many payments. The fees are those of the balance transactions, which Mollie
itself rounds to the cent, and whose differences it books as compensations.
"""

from collections.abc import Iterator, Mapping

from ...events import EVENT_TYPES, Event, Fee, Settlement
from ...json_node import MAX_ID, Node
from ..message import moved, references
from . import const
from .message import Message, amount, signed


def of_balance_transaction(
    message: Message, entry: Node, options: Mapping[str, str]
) -> list[Event]:
    """Give the facts of one movement of the balance, deductions included."""
    return list(_Entry(message, entry, options).facts())


def of_settlement(
    message: Message, settlement: Node, options: Mapping[str, str]
) -> list[Event]:
    """Give the facts about a settlement, as a transfer to the bank."""
    ref = settlement.identifier("id")
    facts = const.SETTLEMENT_FACTS.get(settlement.text("status"))
    ids = {"payout": ref, "bank_trace": settlement.text("reference")}
    return _transfer(message, facts, settlement, ids, _books_settlements(options))


def of_payout(
    message: Message, payout: Node, options: Mapping[str, str]
) -> list[Event]:
    """Give the facts about a payout, as a transfer to the bank."""
    ref = payout.identifier("id")
    facts = const.PAYOUT_FACTS.get(payout.text("status"))
    ids = {"payout": ref, "description": payout.text("description")}
    return _transfer(message, facts, payout, ids, not _books_settlements(options))


def _books_settlements(options: Mapping[str, str]) -> bool:
    return options.get(const.PAYOUTS_OPTION) != "payouts"


def _transfer(
    message: Message,
    facts: tuple[tuple[str, str], ...] | None,
    node: Node,
    ids: Mapping[str, str],
    is_booked: bool,
) -> list[Event]:
    subject = ("payout", ids["payout"])
    known = references(ids)
    if facts is None:
        return [message.fact(("unknown", "unknown"), subject, references=known)]
    events = []
    for fact in facts:
        money = None
        if EVENT_TYPES[fact[0]].family == "balance":
            if is_booked:
                money = amount(node, "amount")
            else:
                fact = ("external.info", fact[1])
        told = message.at(node, *const.TRANSFER_MOMENTS.get(fact[1], ()))
        events.append(told.fact(fact, subject, amount=money, references=known))
    return events


class _Entry:
    """One balance transaction."""

    def __init__(
        self, message: Message, entry: Node, options: Mapping[str, str]
    ) -> None:
        self.node = entry
        self.options = options
        self.ref = entry.identifier("id")
        self.kind = entry.text("type")
        self.message = message.at(entry, "createdAt")
        self.message.event_type = self.kind[:MAX_ID]
        self.subject = ("balance_entry", self.ref)
        self.gross = signed(entry, "initialAmount")
        self.result = signed(entry, "resultAmount")
        if self.result.currency != self.gross.currency:
            raise entry.fault("resultAmount.currency", "One currency is due here.")
        self.deducted = self._deductions(entry)
        self.is_fee = const.ENTRIES.get(self.kind) == const.CHARGED
        # Old messages have the ids in the context itself, new ones by type in it.
        context = entry.data.get("context")
        context = context if isinstance(context, dict) else {}
        inner = [value for value in context.values() if isinstance(value, dict)]
        context = inner[0] if inner else context
        self.context = Node(context, entry.path_of("context"))
        self.payment = self.context.reference("paymentId")
        self.references = references(
            {
                "payment": self.payment,
                "refund": self.context.reference("refundId"),
                "dispute": self.context.reference("chargebackId"),
                "payout": self.context.reference("settlementId"),
                "bank_trace": self.context.reference("transferId"),
                "balance_entry": self.ref,
                "description": self.context.text("paymentDescription"),
            }
        )

    def facts(self) -> Iterator[Event]:
        settlement = self._settlement()
        if not self.is_fee:
            yield self._main(settlement)
        yield from self.message.fee(
            self.subject, settlement, self.payment, references=self.references
        )
        for name, types in const.DEDUCTED_ENTRIES.items():
            if minor := self.deducted.get(name, 0):
                fact = (types[minor < 0], name)
                yield self._fact(fact, self.subject, self._moved(minor))

    def _main(self, settlement: Settlement) -> Event:
        if self.kind in const.MOVEMENTS:
            event_type, leg, kind, field = const.MOVEMENTS[self.kind]
            subject = (kind, self.context.identifier(field))
            # The amount is in the balance's currency, which need not be the payment's.
            is_known = self.options.get(const.CURRENCY_OPTION) == "yes"
        elif self.kind in const.TRANSFERS:
            event_type, leg = const.TRANSFERS[self.kind]
            payout = self.context.reference("settlementId")
            is_known = _books_settlements(self.options)
            if is_known and not payout:
                # The settlement, if there is one, books it under its own id.
                return self._fact(("unknown", "unknown"), self.subject, settlement)
            subject = ("payout", payout)
        else:
            return self._entry(settlement)
        sign = -1 if event_type in const.OUTGOING else 1
        if self.gross.minor * sign < 0:
            raise self.node.fault("initialAmount", "The other sign is due here.")
        if not is_known:
            return self._fact(("external.info", self.kind), self.subject, settlement)
        return self._fact((event_type, leg), subject, settlement)

    def _entry(self, settlement: Settlement) -> Event:
        if self.kind not in const.ENTRIES:
            return self._fact(("unknown", "unknown"), self.subject, settlement)
        event_type = const.ENTRIES[self.kind][self.gross.minor < 0]
        if event_type == "payment.charge_reversed":
            subject = ("payment", self.context.identifier("paymentId"))
            return self._fact((event_type, "charge_reversed"), subject, settlement)
        return self._fact((event_type, self.kind), self.subject, settlement)

    def _fact(
        self, fact: tuple[str, str], subject: tuple[str, str], settlement: Settlement
    ) -> Event:
        money = self.gross._replace(minor=abs(settlement.gross_minor))
        return self.message.fact(
            fact,
            subject,
            self.payment,
            None if fact[0] == "external.info" else money,
            self.references,
            settlement=settlement,
        )

    def _deductions(self, entry: Node) -> dict[str, int]:
        """Give what was deducted by kind, negative where the merchant paid."""
        deducted = {}
        if entry.data.get("deductionDetails") is not None:
            node = entry.child("deductionDetails")
            for name in (*const.DEDUCTED_FEES, *const.DEDUCTED_ENTRIES):
                if node.data.get(name) is not None:
                    deducted[name] = self._same_currency(node, name)
        total = 0
        if entry.data.get("deductions") is not None:
            total = self._same_currency(entry, "deductions")
        if deducted and sum(deducted.values()) != total:
            raise entry.fault("deductionDetails", "They must add up to the deductions.")
        if self.gross.minor + total != self.result.minor:
            raise entry.fault("resultAmount", "Amount and deductions are due here.")
        return deducted or {"fees": total}

    def _same_currency(self, node: Node, name: str) -> int:
        money = signed(node, name)
        if money.currency != self.gross.currency:
            raise node.fault(f"{name}.currency", "The balance's currency is due here.")
        return money.minor

    def _settlement(self) -> Settlement:
        fees = tuple(
            Fee(kind, -self.deducted[name])
            for name, kind in const.DEDUCTED_FEES.items()
            if self.deducted.get(name)
        )
        gross = self.gross.minor
        if self.is_fee:
            fees += (Fee("other", -gross),)
            gross = 0
        return self._moved(gross, sum(part.amount_minor for part in fees), fees)

    def _moved(
        self, gross: int, fee: int = 0, fees: tuple[Fee, ...] = ()
    ) -> Settlement:
        return moved(
            gross,
            fee,
            *self.gross[1:],
            fees=fees,
            entry=self.ref,
            batch=self.context.reference("settlementId"),
        )
