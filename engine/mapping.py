# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Which rule decides about an event: the most specific one that is valid that day."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations, product
from typing import Any

# What a rule may ask for, each answered by ``criteria`` of an event.
KEYS = (
    "connection",
    "event_type",
    "provider_code",
    "method",
    "scheme",
    "currency",
    "country",
    "fee_kind",
    "dispute_stage",
    "connected_account",
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the mapping table.

    :param id: whatever the caller knows the row by
    :param criteria: wanted value by name of ``KEYS``; what is not named fits always
    :param priority: the lowest number goes first, before what is more specific
    :param valid_from: first day, None for ever before
    :param valid_to: last day, None for ever after
    """

    id: Any
    criteria: Mapping[str, Any] = field(default_factory=dict)
    priority: int = 10
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def rank(self) -> tuple[int, int]:
        """Sort rules: the first one that fits decides."""
        return self.priority, -len(self.criteria)

    def fits(self, criteria: Mapping[str, Any], day: date) -> bool:
        """Tell whether an event with these criteria, of that day, is this rule's."""
        return self.is_valid(day) and not self.missed(criteria)

    def missed(self, criteria: Mapping[str, Any]) -> tuple[str, ...]:
        """Give the keys that an event does not answer as the rule wants."""
        return tuple(
            key for key, wanted in self.criteria.items() if criteria.get(key) != wanted
        )

    def is_valid(self, day: date) -> bool:
        """Tell whether the rule counts on that day."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)

    def ties_with(self, other: "Rule") -> bool:
        """Tell whether an event may exist that neither of two rules is nearer to."""
        shared = self.criteria.keys() & other.criteria.keys()
        first = max(rule.valid_from or date.min for rule in (self, other))
        last = min(rule.valid_to or date.max for rule in (self, other))
        return (
            self.rank == other.rank
            and all(self.criteria[key] == other.criteria[key] for key in shared)
            and first <= last
        )


class Rules:
    """The mapping table of a company, ready to be asked many times.

    To ask costs one look-up for each set of keys that rules use, however many rules.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._by_keys = {
            keys: _by_values(group, keys) for keys, group in _by_keys(rules).items()
        }

    def choose(self, criteria: Mapping[str, Any], day: date) -> Rule | None:
        """Give the rule that decides about an event; None when there is none.

        :param criteria: value by name of ``KEYS``; what is not known is left out
        :param day: in the provider's calendar
        """
        return next(iter(self.fitting(criteria, day)), None)

    def fitting(self, criteria: Mapping[str, Any], day: date) -> list[Rule]:
        """Give all rules that fit an event; the first one decides."""
        fitting = [
            rule
            for keys, rules in self._by_keys.items()
            for rule in rules.get(tuple(map(criteria.get, keys)), ())
            if rule.is_valid(day)
        ]
        return sorted(fitting, key=lambda rule: rule.rank)


def ties(rules: Iterable[Rule]) -> Iterator[tuple[Rule, Rule]]:
    """Give the pairs of rules of which neither would win over the other."""
    by_rank: dict[tuple, list[Rule]] = defaultdict(list)
    for rule in rules:
        by_rank[rule.rank].append(rule)
    for ranked in by_rank.values():
        by_keys = _by_keys(ranked)
        for group in by_keys.values():
            for same in _by_values(group, tuple(sorted(group[0].criteria))).values():
                yield from _tied(combinations(same, 2))
        for (keys, group), (other_keys, others) in combinations(by_keys.items(), 2):
            shared = tuple(key for key in keys if key in other_keys)
            by_values = _by_values(others, shared)
            for values, same in _by_values(group, shared).items():
                yield from _tied(product(same, by_values.get(values, ())))


def _tied(pairs: Iterable[tuple[Rule, Rule]]) -> Iterator[tuple[Rule, Rule]]:
    return (pair for pair in pairs if pair[0].ties_with(pair[1]))


def _by_keys(rules: Iterable[Rule]) -> dict[tuple[str, ...], list[Rule]]:
    found: dict[tuple[str, ...], list[Rule]] = defaultdict(list)
    for rule in rules:
        found[tuple(sorted(rule.criteria))].append(rule)
    return found


def _by_values(rules: Iterable[Rule], keys: tuple[str, ...]) -> dict[tuple, list[Rule]]:
    found: dict[tuple, list[Rule]] = defaultdict(list)
    for rule in rules:
        found[tuple(rule.criteria[key] for key in keys)].append(rule)
    return found
