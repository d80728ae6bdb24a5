# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Deliberate defects of what is planned and of which rule decides; see ``defects``."""

from defects import EngineDefect

from engine import effects, facts, mapping, planner
from engine.planner import _Planner

STORY = (
    "test_provider_account.py::"
    "test_after_every_step_the_ledger_is_that_of_the_account[{}]"
)
WORKED = "test_worked_proof.py"
EFFECTS = "test_effects.py"
SETTLEMENTS = "test_settlements.py"
PAYOUTS = "test_payouts.py"
FEES = "test_fees.py"
DISPUTES = "test_disputes.py"
MAPPING = "test_mapping.py"


def _with(event_type, **change):
    """Give the table of effects with one row changed."""
    changed = effects.EFFECTS[event_type]._replace(**change)
    return {**effects.EFFECTS, event_type: changed}


def _without_settlement(planned, fact, effect, amount):
    return effect.sign or 1, amount


def _in_any_currency(planned, fact, effect, amount, _real=_Planner._moved):
    planned.currencies = None
    return _real(planned, fact, effect, amount)


def _lost_twice(planned, _real=_Planner.write_off):
    _real(planned)
    _real(planned)


def _by_its_own_name(planned, posting, last):
    return last.get(posting.event_key.split(":")[1])


def _by_any_name(planned, posting, last):
    return _by_its_own_name(planned, posting, last) or next(iter(last.values()), None)


def _without_rebates(fact, _real=planner.fees_of):
    return {kind: abs(minor) for kind, minor in _real(fact).items()}


def _until(rule, day):
    return (rule.valid_from or day) <= day < (rule.valid_to or day.max)


def _ties_on_any_day(rule, other):
    shared = rule.criteria.keys() & other.criteria.keys()
    return rule.rank == other.rank and all(
        rule.criteria[key] == other.criteria[key] for key in shared
    )


LEDGER_DEFECTS = [
    *(
        EngineDefect(
            f"the sign of {event_type} is wrong",
            planner,
            "EFFECTS",
            _with(event_type, sign=-effects.EFFECTS[event_type].sign),
            (
                f"{EFFECTS}::test_without_settlement_the_balance_felt_the_amount",
                STORY.format(story),
            ),
        )
        for event_type, story in (
            ("topup.reversed", "bank"),
            ("reserve.released", "balance"),
            ("dispute.escalated", "disputes"),
        )
    ),
    EngineDefect(
        "reserves are costs",
        planner,
        "EFFECTS",
        _with("reserve.held", role="fee"),
        (
            f"{EFFECTS}::test_without_settlement_the_balance_felt_the_amount",
            f"{WORKED}::test_while_something_is_kept_back",
        ),
    ),
    EngineDefect(
        "settlements are ignored",
        _Planner,
        "_moved",
        _without_settlement,
        (
            f"{EFFECTS}::test_a_settlement_in_another_currency_is_what_the_balance_felt",
            f"{SETTLEMENTS}::test_settlement_mismatch",
            STORY.format("payments"),
        ),
    ),
    EngineDefect(
        "a fee is what its movement was",
        planner,
        "PARTS",
        (),
        (f"{SETTLEMENTS}::test_a_fee_tells_the_settlement_of_its_movement",),
    ),
    EngineDefect(
        "a fee is never split",
        planner,
        "fees_of",
        lambda fact: {},
        (f"{FEES}::test_each_kind_has_a_posting", STORY.format("payments")),
    ),
    EngineDefect(
        "a rebate is charged",
        planner,
        "fees_of",
        _without_rebates,
        (f"{FEES}::test_a_rebate_goes_the_other_way", STORY.format("payments")),
    ),
    EngineDefect(
        "what was not captured stays",
        _Planner,
        "_releases",
        lambda planned, fact: [],
        (
            f"{SETTLEMENTS}::test_a_part_is_captured_of_what_the_balance_got",
            f"{SETTLEMENTS}::test_a_part_is_captured_and_converted",
        ),
    ),
    EngineDefect(
        "what was not captured is a capture",
        facts,
        "_is_release",
        lambda capture: False,
        (f"{SETTLEMENTS}::test_the_rest_is_no_capture_that_can_be_refunded",),
    ),
    EngineDefect(
        "every currency is thought to have a balance",
        _Planner,
        "_moved",
        _in_any_currency,
        (f"{SETTLEMENTS}::test_what_is_in_another_currency_waits_for_its_settlement",),
    ),
    EngineDefect(
        "money may move without an amount",
        _Planner,
        "_check_release",
        lambda planned, fact: None,
        (
            f"{SETTLEMENTS}::test_an_amount_of_nothing_that_moved_the_balance_is_held",
            f"{SETTLEMENTS}::test_until_the_rest_is_known_the_pair_waits",
        ),
    ),
    EngineDefect(
        "the digest leaves out what the balance felt",
        planner.Posting,
        "digest",
        property(lambda post: f"{post.kind}|{post.parent_key}|{post.amount}"),
        (f"{SETTLEMENTS}::test_the_digest_changes_when_there_is_something_to_correct",),
    ),
    EngineDefect(
        "the digest has a date",
        planner.Posting,
        "digest",
        property(str),
        (f"{SETTLEMENTS}::test_the_digest_stays_when_there_is_nothing_to_correct",),
    ),
    EngineDefect(
        "a payout comes back that never left",
        planner,
        "_MAY_NEVER_LEAVE",
        (),
        (f"{PAYOUTS}::test_what_never_left_does_not_come_back",),
    ),
    EngineDefect(
        "a reversal under another name is dropped",
        planner,
        "_MAY_NEVER_LEAVE",
        (*planner._MAY_NEVER_LEAVE, "payout.reversed"),
        (
            f"{PAYOUTS}::test_a_reversal_may_have_a_name_of_its_own",
            STORY.format("bank"),
        ),
    ),
    EngineDefect(
        "what the balance felt may never have left",
        _Planner,
        "_is_felt",
        lambda planned, fact, effect: False,
        (f"{PAYOUTS}::test_what_the_balance_felt_did_leave",),
    ),
    EngineDefect(
        "what came back can come back again",
        _Planner,
        "_left",
        lambda planned, posting: posting.amount.minor,
        (
            f"{PAYOUTS}::test_a_part_comes_back",
            f"{DISPUTES}::test_what_was_given_back_is_not_lost",
        ),
    ),
    EngineDefect(
        "losses are written off twice",
        _Planner,
        "write_off",
        _lost_twice,
        (f"{DISPUTES}::test_a_lost_dispute_moves_no_money", STORY.format("disputes")),
    ),
    EngineDefect(
        "the first loss is final",
        planner,
        "_OUTCOMES",
        planner._LOST,
        (f"{DISPUTES}::test_the_last_outcome_counts",),
    ),
    EngineDefect(
        "a loss needs the name that the books use",
        _Planner,
        "_outcome",
        _by_its_own_name,
        (f"{DISPUTES}::test_books_name_the_charge", STORY.format("disputes")),
    ),
    EngineDefect(
        "any loss writes off any dispute",
        _Planner,
        "_outcome",
        _by_any_name,
        (
            f"{DISPUTES}::test_a_loss_with_money_of_its_own_is_no_other_s",
            f"{DISPUTES}::test_another_open_dispute_may_be_meant",
        ),
    ),
    EngineDefect(
        "what is only disclosed is booked",
        planner,
        "DISCLOSURES",
        (),
        (
            f"{EFFECTS}::test_a_hold_that_the_balance_did_not_feel_is_only_disclosed",
            STORY.format("balance"),
        ),
    ),
    EngineDefect(
        "priority means nothing",
        mapping.Rule,
        "rank",
        property(lambda rule: (0, -len(rule.criteria))),
        (
            f"{MAPPING}::test_the_more_specific_wins_and_priority_wins_over_it",
            f"{MAPPING}::test_of_every_event_nothing_goes_before_what_is_chosen",
        ),
    ),
    EngineDefect(
        "the last day of a rule does not count",
        mapping.Rule,
        "is_valid",
        _until,
        (f"{MAPPING}::test_first_and_last_day_count",),
    ),
    EngineDefect(
        "rules of different days tie",
        mapping.Rule,
        "ties_with",
        _ties_on_any_day,
        (
            f"{MAPPING}::test_one_rule_follows_another",
            f"{MAPPING}::test_two_rules_tie_where_both_are_first_for_some_event",
        ),
    ),
]
