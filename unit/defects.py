# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Deliberate defects: the tests of the tests. Each must be caught; see test_defects.

To add one: a line in ``ENGINE_DEFECTS``, or in ``LEDGER_DEFECTS`` of ledger_defects
(what to replace, which tests fail then), or a subclass of the model's ``Hub`` in
``HUB_DEFECTS``.

What looks like a defect and is none, each tried with 1,200 schedules of races and
outages:

- *No lane lock.* The turn is a row: a second drain waits for it, and then fails,
  because its snapshot is older. The lock only spares it the wait.
- *No unique economic or posting key.* With lane and turn, only what the snapshot does
  not have is written, and the snapshot has all. The keys guard against a broken lane.
- *A drain that lost its turn does not wake the lane.* Who took the turn committed
  later than that drain began, and looks again after its commit.
- *A duplicate wakes the lane too.* One more look finds nothing more to do.
"""

import hmac
from dataclasses import dataclass
from json import JSONDecoder
from types import SimpleNamespace

from hub_model import Hub, Snapshot

from engine import events, facts, json_node, planner, strict_json
from engine.providers import signing
from engine.providers.stripe import message, payments, signature

# === the hub's ===


class AnswersBeforeCommit(Hub):
    def receive(self, request):
        if self.dedupe_key(request) not in self.stored:
            request.acknowledge()
            yield
        yield from super().receive(request)


class AnswersForAnotherTransaction(Hub):
    """A duplicate is acknowledged while the winner may still fail."""

    def receive(self, request):
        if self.dedupe_key(request) in self.inserting:
            self.answer(request)
        else:
            yield from super().receive(request)


class WakesBeforeCommit(Hub):
    def receive(self, request):
        key, lane = self.dedupe_key(request), self.lanes[request.message.connection]
        if key not in self.stored and key not in self.inserting:
            self.inserting.add(key)
            try:
                snapshot = Snapshot(self, lane)
                yield
                yield
                self.store(key, request.message)
                lane.jobs += not self.is_awake(snapshot)
            finally:
                self.inserting.discard(key)
        yield from super().receive(request)


class KeyWithoutConnection(Hub):
    def dedupe_key(self, request):
        return request.message.identity[1]


class KeyFromBody(Hub):
    def dedupe_key(self, request):
        return request.message.identity, request.attempts


class KeyOfEachRequest(Hub):
    def dedupe_key(self, request):
        self.counts["keys"] += 1
        return self.counts["keys"]


class PostsAllThatIsPlanned(Hub):
    """No posting key: neither asked for nor guarded by an index."""

    def missing(self, payment, plan, commit):
        return plan.postings

    def insert(self, index, keys, name):
        index |= keys


class DropsWhatComesTooEarly(Hub):
    def settle(self, lane, claimed, commit):
        in_order = []
        for key, told in claimed:
            effect = self.story.effects.get((lane.number, told.event.key))
            if not effect or lane.economic_keys.issuperset(effect.needs):
                in_order.append((key, told))
        return super().settle(lane, in_order, commit)


class NoTurn(Hub):
    def is_fresh(self, lane, snapshot):
        return True


class NeitherLockNorTurn(NoTurn):
    def lock(self, lane):
        return True


class BlindSweeper(Hub):
    def due_lanes(self):
        return []


class DoneBeforeCommit(Hub):
    """Deliveries are marked as done in a transaction before that of the postings."""

    def process(self, lane, claimed, commit):
        for key, _message in claimed:
            lane.due.pop(key, None)
        yield
        yield from super().process(lane, claimed, commit)


class DoesNotLookAgain(Hub):
    def looks_again(self, lane):
        return False


class TrustsOthersToWake(Hub):
    """Where something else is due already, somebody must have woken the lane."""

    def is_awake(self, snapshot):
        return snapshot.jobs or len(snapshot.due) > 1


class SeesNewFactsOnly(Hub):
    def facts(self, known, fresh):
        return facts.Facts(fresh.values())


HUB_DEFECTS = [
    AnswersBeforeCommit,
    AnswersForAnotherTransaction,
    WakesBeforeCommit,
    KeyWithoutConnection,
    KeyFromBody,
    KeyOfEachRequest,
    PostsAllThatIsPlanned,
    DropsWhatComesTooEarly,
    NoTurn,
    NeitherLockNorTurn,
    BlindSweeper,
    DoneBeforeCommit,
    DoesNotLookAgain,
    TrustsOthersToWake,
    SeesNewFactsOnly,
]


# === the engine's ===


@dataclass(frozen=True)
class EngineDefect:
    """``owner.name`` is replaced by ``value``; each of ``tests`` fails then."""

    name: str
    owner: object
    attribute: str
    value: object
    tests: tuple[str, ...]


def _decoder(**more):
    """Give the decoder of strict_json with some of its hooks replaced."""
    hooks = {
        "object_pairs_hook": strict_json._object,
        "parse_int": strict_json._integer,
        "parse_float": strict_json._float,
        "parse_constant": strict_json._constant,
    }
    return JSONDecoder(**hooks | more)


def _without_doubt(cause):
    return tuple(doubt for doubt in facts._DOUBTS if doubt[1] != cause)


def _as_float(planned, fact, effect, amount, _real=planner._Planner._moved):
    sign, moved = _real(planned, fact, effect, amount)
    return sign, moved._replace(minor=float(moved.minor))


def _capture_of_the_intent(told, node, ids, amount_field):
    subject = ("payment_intent", ids["payment"])
    return told.payment_fact(
        ("payment.captured", "capture"), subject, node, ids, amount_field
    )


def _test_mode(told, *found, _real=message.message.Message.translation):
    return _real(told, *found)._replace(livemode=False)


def _info(told, event_type, leg, _real=message.Message.note):
    return _real(told, "external.info", leg)


def _without_unknown(planned, fact, _real=planner._Planner.add):
    if fact.type != "unknown":
        _real(planned, fact)


def _any_number(amount):
    return isinstance(amount, (int, float))


ORDER = "test_order.py"
PLANNER = "test_planner.py"
SIGNATURES = "test_provider_signatures.py"
SIGNATURE = "test_stripe_signature.py"
JSON = "test_strict_json.py"
WEBHOOK = "test_stripe_webhook.py"

ENGINE_DEFECTS = [
    EngineDefect(
        "order of arrival is trusted",
        facts,
        "_BY_TIME",
        lambda fact: 0,
        (f"{ORDER}::test_all_orders_of_a_stream_end_alike",),
    ),
    EngineDefect(
        "the last attestation wins",
        facts,
        "_merged",
        lambda first, other: other,
        (f"{PLANNER}::test_earliest_attestation_dates_the_posting",),
    ),
    EngineDefect(
        "conflicting attestations are not noticed",
        facts,
        "_claim",
        lambda event: None,
        (
            f"{PLANNER}::test_held_and_not_posted",
            "test_state.py::test_contradicted_fact_does_not_count",
        ),
    ),
    EngineDefect(
        "refunds ignore the charge they name",
        facts.Facts,
        "parent_capture",
        lambda found, fact: next(iter(found.captures), None),
        (f"{PLANNER}::test_each_refund_undoes_the_capture_of_its_own_charge",),
    ),
    EngineDefect(
        "currencies are mixed",
        facts.Facts,
        "_foreign",
        lambda found: (),
        (f"{PLANNER}::test_held_beside_the_capture",),
    ),
    *(
        EngineDefect(
            f"{cause} is posted",
            facts,
            "_DOUBTS",
            _without_doubt(cause),
            ("test_state.py::test_problems",),
        )
        for _types, cause, _check in facts._DOUBTS
    ),
    EngineDefect(
        "money is a float",
        planner._Planner,
        "_moved",
        _as_float,
        (f"{PLANNER}::test_amounts_are_integers_whatever_their_size",),
    ),
    EngineDefect(
        "amounts of a fact may be floats",
        events,
        "is_minor",
        _any_number,
        ("test_events.py::test_refuses",),
    ),
    EngineDefect(
        "amounts of a message may be floats",
        json_node,
        "is_minor",
        _any_number,
        (f"{WEBHOOK}::test_malformed_charge",),
    ),
    EngineDefect(
        "each currency has two decimals",
        json_node,
        "exponent_of",
        lambda code, deviations: 2,
        (f"{WEBHOOK}::test_currency", f"{WEBHOOK}::test_unknown_currency"),
    ),
    EngineDefect(
        "unknown messages are taken for information",
        message.Message,
        "note",
        _info,
        (f"{WEBHOOK}::test_what_is_not_understood",),
    ),
    EngineDefect(
        "unknown facts need nobody",
        planner._Planner,
        "add",
        _without_unknown,
        (f"{PLANNER}::test_held_and_not_posted",),
    ),
    EngineDefect(
        "livemode is dropped",
        message.message.Message,
        "translation",
        _test_mode,
        (
            f"{WEBHOOK}::test_translation",
            f"{WEBHOOK}::test_foreign_shapes_are_not_understood",
        ),
    ),
    EngineDefect(
        "intent and charge tell of two captures",
        payments,
        "_capture",
        _capture_of_the_intent,
        ("test_stripe_payments.py::test_intent_and_charge_tell_of_one_capture",),
    ),
    EngineDefect(
        "a prefix of the signature is enough",
        signing,
        "hmac",
        SimpleNamespace(
            digest=hmac.digest,
            compare_digest=lambda one, other: one[:8] == other[:8],
        ),
        (f"{SIGNATURES}::test_header_is_changed",),
    ),
    EngineDefect(
        "the body is not signed",
        signature,
        "_digest",
        lambda secret, timestamp, body, _real=signature._digest: _real(
            secret, timestamp, b""
        ),
        (f"{SIGNATURE}::test_we_accept_what_the_sdk_signs",),
    ),
    EngineDefect(
        "old signatures are accepted",
        signature.verify,
        "__defaults__",
        (10**12,),
        (f"{SIGNATURE}::test_window",),
    ),
    EngineDefect(
        "the last of two equal keys wins",
        strict_json,
        "_DECODER",
        _decoder(object_pairs_hook=dict),
        (f"{JSON}::test_refuses", f"{JSON}::test_names_the_repeated_key"),
    ),
    EngineDefect(
        "NaN is a number",
        strict_json,
        "_DECODER",
        _decoder(parse_constant=float),
        (f"{JSON}::test_refuses",),
    ),
    EngineDefect(
        "integers have any size",
        strict_json,
        "_DECODER",
        _decoder(parse_int=int),
        (f"{JSON}::test_refuses",),
    ),
    EngineDefect(
        "nesting has any depth",
        strict_json,
        "_is_too_deep",
        lambda body: False,
        (f"{JSON}::test_refuses_depth",),
    ),
    EngineDefect(
        "text need not be storable",
        strict_json,
        "_refuse_unstorable_text",
        lambda value: None,
        (f"{JSON}::test_refuses",),
    ),
]
