# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Duplicates, disorder, crashes, races: nothing is lost, nothing is posted twice."""

import json
import os
import subprocess
import sys
from itertools import permutations
from pathlib import Path
from random import Random

import pytest
from hub_model import Hub
from simulator import PACES, Run, explore, main
from story import Story

UNIT = Path(__file__).resolve().parent


@pytest.mark.parametrize("seed", range(4))
def test_any_schedule(seed):
    counts = explore(seed, worlds=6, schedules=32)
    assert (counts["worlds"], counts["schedules"]) == (6, 192)
    # The promises are checked all along; here, that there was something to check.
    assert counts["deliveries"] > 30_000
    assert min(counts["dropped"], counts["crashes"], counts["batches"]) > 1000


@pytest.mark.parametrize("pace", set(PACES))
def test_a_seed_gives_the_same_run_again(pace):
    story = Story(Random(1))
    first, again, other = (Run(story, seed, pace).play() for seed in "115")
    assert first.trace == again.trace != other.trace
    assert first.hub.ledger() == other.hub.ledger()


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_the_order_of_sets_decides_nothing(hash_seed):
    arguments = ["--seed", "3", "--worlds", "2", "--schedules", "4"]
    told = subprocess.run(
        [sys.executable, UNIT / "simulator.py", *arguments],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        stdout=subprocess.PIPE,
        check=True,
        timeout=60,
    )
    counts = json.loads(told.stdout)
    assert counts.items() > explore(3, worlds=2, schedules=4).items()


def test_command_line(capsys):
    main(["--seed", "5", "--worlds", "1", "--schedules", "2"])
    counts = json.loads(capsys.readouterr().out)
    assert (counts["seed"], counts["worlds"], counts["schedules"]) == (5, 1, 2)
    assert counts["deliveries_per_s"] > 0


def drain_one_by_one(story, messages):
    """Process each message in a batch of its own."""
    hub = Hub(story)
    for message in messages:
        hub.store(message.identity, message)
        list(hub.drain(hub.lanes[message.connection]))
    hub.check_end()
    return hub.ledger()


@pytest.mark.parametrize("seed", range(12))
def test_every_order_of_one_payment(seed):
    story = Story(Random(seed), connections=1, payments=1)
    orders = list(permutations(story.messages[:6]))
    rest = story.messages[6:]
    assert len({drain_one_by_one(story, [*order, *rest]) for order in orders}) == 1
