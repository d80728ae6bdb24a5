# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The figures of all rounds of a run, and what is wrong with them."""

from collections import Counter

import points
from senders import TOLERATED


class Totals:
    """The figures of all rounds."""

    def __init__(self, seed):
        self.seed = seed
        self.figures = Counter()
        self.statuses = Counter()
        self.points = Counter({point: 0 for point in points.names()})
        self.ledgers = set()
        self.drain = 0.0
        self.violations = []

    def add(self, senders, field, verdict, blamed):
        """Add a round."""
        self.figures += Counter(
            sent=len(senders.sent),
            acknowledged=len(senders.acknowledged),
            lost=verdict.lost,
            posted=verdict.posted,
            posted_twice=verdict.posted_twice,
            drift=verdict.drift,
            poison=verdict.poison,
            quarantined=verdict.quarantined,
            blamed=blamed,
            kills=field.count["kills"],
            outages=field.count["outages"],
        )
        self.statuses += Counter(senders.statuses())
        self.points.update(points.hits())
        self.ledgers |= verdict.digests
        self.drain = max([self.drain, *field.drains])
        self.violations += field.violations + verdict.violations

    def judge(self):
        """Add what only shows when all rounds are over."""
        never = [point for point, hits in self.points.items() if not hits]
        wrong = {
            status: count
            for status, count in self.statuses.items()
            if status not in TOLERATED
        }
        if never:
            self.violations.append(f"fail points that were never hit: {never}")
        if wrong:
            self.violations.append(f"answers that no provider may get: {wrong}")
        if len(self.ledgers) != 1:
            self.violations.append(f"{len(self.ledgers)} ledgers of one world")

    def as_json(self):
        """Return the object that the run prints."""
        names = (
            *("sent", "acknowledged", "lost", "posted", "posted_twice", "drift"),
            *("poison", "quarantined", "blamed", "kills", "outages"),
        )
        return {name: self.figures[name] for name in names} | {
            "ledgers": len(self.ledgers),
            "drain_s": round(self.drain, 1),
            "seed": self.seed,
            "fail_points": dict(self.points),
            "answers": {str(status): self.statuses[status] for status in self.statuses},
        }
