# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What Stripe's messages attest that move no money themselves."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from ...events import Event
from ...json_node import Node
from ..base import Lookup
from ..message import references as names
from .message import Message, references


def _session(message: Message, session: Node) -> Iterator[Event]:
    """Tell of a checkout; it knows the merchant's words, but not the charge."""
    ids = {"payment": session.reference("payment_intent")}
    found = references(session, ids, message.account) + names(
        {
            "merchant_reference": session.text("client_reference_id"),
            "invoice": session.reference("invoice"),
        }
    )
    leg = message.event_type.removeprefix("checkout.session.")
    has_failed = leg == "async_payment_failed"
    yield message.fact(
        ("payment.failed" if has_failed else "external.info", leg),
        ("checkout_session", session.identifier("id")),
        ids["payment"],
        references=found,
    )


def lookups(message: Message, node: Node) -> tuple[Lookup, ...]:
    """Ask for the payment that a message tells of without naming its charge.

    The charge is the key of the capture; ``payment_intent.succeeded`` names it too.
    """
    if message.event_type == "checkout.session.async_payment_succeeded":
        if payment := node.reference("payment_intent"):
            return (Lookup("payment_intent", payment),)
    return ()


def _setup(message: Message, setup: Node) -> Iterator[Event]:
    leg = message.event_type.removeprefix("setup_intent.")
    event_type = "mandate.updated" if leg == "succeeded" else "external.info"
    yield message.object_fact((event_type, leg), setup)


def _mandate(message: Message, mandate: Node) -> Iterator[Event]:
    # Each status is a fact of its own.
    status = mandate.identifier("status")
    fact = ("mandate.updated", status)
    yield message.object_fact(fact, mandate, reason=status)


def _report_run(message: Message, run: Node) -> Iterator[Event]:
    subject = ("report", run.identifier("id"))
    if message.event_type.endswith(".succeeded"):
        fact = ("settlement.report_available", "available")
        reason = run.text("report_type")
    else:
        fact = ("external.info", "failed")
        reason = run.text("error")
    yield message.fact(fact, subject, reason=reason)


def _report_type(message: Message, kind: Node) -> Iterator[Event]:
    # Data up to another day is another fact.
    until = kind.time("data_available_end")
    fact = ("settlement.report_available", f"available:{until:%Y%m%dT%H%M%S}")
    yield message.fact(fact, ("report", kind.identifier("id")))


_SESSIONS = (
    "checkout.session.async_payment_failed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.completed",
    "checkout.session.expired",
)
_SETUPS = (
    "setup_intent.canceled",
    "setup_intent.created",
    "setup_intent.requires_action",
    "setup_intent.setup_failed",
    "setup_intent.succeeded",
)
HANDLERS: Mapping[str, Callable[[Message, Node], Iterable[Event]]] = {
    **dict.fromkeys(_SESSIONS, _session),
    **dict.fromkeys(_SETUPS, _setup),
    "mandate.updated": _mandate,
    "reporting.report_run.failed": _report_run,
    "reporting.report_run.succeeded": _report_run,
    "reporting.report_type.updated": _report_type,
}
