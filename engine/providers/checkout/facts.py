# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The fact that one movement of the balance is, whichever source tells of it."""

from collections.abc import Iterator

from ...events import Clock, Event, Trait
from ...tabular import Row
from ..message import Amount, Message, moved, references, traits
from . import const
from .message import paid_by
from .movements import Movement, fee_kind, presented_amount, rounded
from .payments import capture_leg


def movement_fact(
    told: Message, movement: Movement, clocks: tuple[Clock, ...] = ()
) -> Iterator[Event]:
    """Make the fact of a row of a report; none for fees and reserves alone.

    Without an action the fact would have another key than in the webhooks: none then
    either. What no webhook tells is then for a person.
    """
    event_type = _event_type(movement)
    is_untold = movement.code in const.ENTRIES and not movement.action
    if event_type == "unknown" or (event_type and is_untold):
        yield unknown_fact(told, movement.action or movement.payment)
    elif event_type and movement.action:
        currency, exponent = movement.currency
        gross = rounded(movement.gross, exponent)
        settlement = moved(
            gross,
            0,
            currency,
            exponent,
            rate=movement.row.text("FX Rate Applied"),
            entry=movement.action,
            batch=movement.payout,
        )
        if movement.code in const.ENTRIES:
            leg = event_type.partition(".")[0]
            yield told.fact(
                (event_type, leg),
                ("balance_entry", movement.action),
                "",
                Amount(abs(gross), currency, exponent),
                settlement=settlement,
                clocks=clocks,
                traits=row_traits(movement.row),
            )
        elif amount := presented_amount(movement):
            row = movement.row
            found = references(
                {
                    "payment": movement.payment if movement.is_payment else "",
                    "arn": row.text("Acquirer Reference Number"),
                    "merchant_reference": row.text("Reference"),
                }
            )
            yield from action_fact(
                told,
                event_type,
                movement.payment,
                movement.action,
                amount,
                references=found,
                settlement=settlement,
                clocks=clocks,
                traits=row_traits(row),
            )


def row_traits(row: Row) -> tuple[Trait, ...]:
    """Give how a row was paid, by the columns that it has."""
    return traits(
        {
            **paid_by(row.text("Payment Method")),
            "country": row.text("Issuer Country"),
            "merchant_account": row.text("Client Entity ID"),
            "store": row.text("Processing Channel ID"),
        }
    )


def unknown_fact(told: Message, entry: str) -> Event:
    """Make the fact that something moved which is for a person to understand."""
    return told.fact(("unknown", "unknown"), ("balance_entry", entry))


def action_fact(
    told: Message,
    event_type: str,
    payment: str,
    action: str,
    amount: Amount,
    **more: object,
) -> Iterator[Event]:
    """Make the fact of an action under the key that the webhooks give it.

    A chargeback without the id of its dispute (dsp_…) makes none.
    """
    group, _dot, leg = event_type.partition(".")
    if event_type == "payment.captured":
        fact = (event_type, capture_leg(action))
        yield told.fact(fact, ("payment", payment), payment, amount, **more)
    elif group == "refund":
        subject = ("refund", action)
        fact = (event_type, leg)
        yield told.fact(fact, subject, payment, amount, parent=payment, **more)
    elif action.startswith("dsp_"):
        subject = ("dispute", action)
        fact = (event_type, leg)
        yield told.fact(fact, subject, payment, amount, parent=payment, **more)


def _event_type(movement: Movement) -> str:
    """Give the type of the movement, "unknown", or "" when nothing but fees moved."""
    code, gross = movement.code, movement.gross
    coming, going = (const.MOVEMENTS | const.ENTRIES).get(code, ("", ""))
    if gross and (event_type := coming if gross > 0 else going):
        return event_type
    if code in const.TOLD_ELSEWHERE or (not gross and is_known(code)):
        return ""
    return "unknown"


def is_known(code: str) -> bool:
    """Tell whether the kind of a movement is understood, fees and reserves included."""
    if fee_kind(code) or code.startswith(const.RESERVE):
        return True
    return code in const.MOVEMENT_CODES and code not in const.UNCLEAR
