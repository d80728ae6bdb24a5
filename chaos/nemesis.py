# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What goes wrong in a round: the acts, their order, one at a time under load."""

import http.client
import time
from collections.abc import Callable
from dataclasses import dataclass

import kills
import outages
import points
from field import PATIENCE, Field
from senders import Delivery
from tools import steps

CROWD = 100  # copies of one message at the same time
MORE = 10  # deliveries, when the load did not lead to a fail point
TRIES = 6
SETTLE = 600  # seconds for the killers to be found out; each hang takes 20 and more
DEADLY = ("kill", "exit", "hang")
LIVES = 3  # processes that one message may end
REPEAT = 8  # of each kill, in a round of a long run
EXTRA_ACTIONS = ("exit", "memory", "error", "disk_full")
SWEEPER = "sweep.drained"  # reached when the job runner is silent


@dataclass(frozen=True)
class Act:
    """One thing that goes wrong.

    :param seconds: for which its share of the load is spread
    """

    title: str
    do: Callable[[Field], None]
    seconds: float = 1.5


def crowd(field):
    """Deliver many copies of a new message at once: all are taken, as one row."""
    answers = field.senders.deliver_at_once(field.reserved, CROWD)
    statuses = [answer.status for answer in answers]
    good = statuses.count(http.client.OK)
    field.demand(good == CROWD, f"{good} of {CROWD} copies at once were taken")


def killers(actions):
    """Return the act that sends messages whose translation ends the process."""

    def act(field):
        for poison in field.world.poisons:
            if poison.action in actions:
                points.arm_message(poison)
                deliveries = [Delivery(item, poison) for item in field.connections]
                field.senders.spread(deliveries, 1)
                field.senders.wait(PATIENCE)
                is_settled = field.hasten(lambda: not field.pending(), SETTLE)
                field.demand(is_settled, f"poison {poison.action} holds its lane up")
                if poison.action in DEADLY:
                    hits = points.hits_of(poison)
                    field.count["kills"] += hits
                    is_quick = hits <= LIVES * len(deliveries)
                    field.demand(is_quick, f"poison {poison.action}: {hits} kills")

    return act


def at_point(point, action):
    """Return the act that arms a fail point and sends until it is reached."""

    def act(field):
        points.arm(point, action)
        for _try in range(TRIES):
            field.hasten(lambda: not (points.is_armed(point) and field.pending()))
            if not points.is_armed(point):
                break
            field.send(MORE, 0.5)
            field.senders.wait(PATIENCE)
        was_reached = not points.is_armed(point)
        points.disarm(point)
        field.count["kills" if action in DEADLY else "errors"] += was_reached

    return act


BASIC = (
    Act("kill an HTTP worker", kills.kill_worker),
    Act("kill the master", kills.kill_master, 4),
    Act("kill the job runner", kills.kill_runner),
    Act("kill a backend of PostgreSQL", kills.kill_backend, 3),
    Act("terminate a backend of PostgreSQL", kills.terminate_backend),
    Act("kill the postmaster", kills.kill_postmaster, 3),
)
RARE = (
    Act("a crowd of copies", crowd),
    Act("stop the database", outages.stop_database, 6),
    Act("silence the job runner", outages.silence_runner, 0.5),
    Act("set the jobs to done", outages.tamper("done"), 0.5),
    Act("set the jobs to cancelled", outages.tamper("cancelled"), 0.5),
    Act("delete the jobs", outages.tamper("deleted"), 0.5),
    Act("upgrade the addon", outages.upgrade, 15),
)


def choose_acts(random, is_long):
    """Return the acts of a round in random order.

    :param is_long: more of the kills, other actions at fail points, slow poison
    """
    acts = [*RARE, *BASIC * (REPEAT if is_long else 1)]
    for point in points.names():
        if point != SWEEPER:
            acts += [Act(f"kill at {point}", at_point(point, "kill"))]
    fatal = ["kill", "exit", "memory", "error", *(["hang"] if is_long else [])]
    acts.append(Act("messages that end the process", killers(fatal)))
    if is_long:
        for point in points.names():
            action = random.choice(EXTRA_ACTIONS)
            if point != SWEEPER:
                acts.append(Act(f"{action} at {point}", at_point(point, action)))
    random.shuffle(acts)
    return acts


def rage(field, acts):
    """Do the acts; between two of them the addon comes along."""
    for number, act in enumerate(acts, 1):
        share = field.left // (len(acts) + 2 - number)
        began, turns = time.monotonic(), field.turns()
        field.send(share, act.seconds)
        time.sleep(field.random.uniform(0, act.seconds / 2))
        act.do(field)
        field.senders.wait(PATIENCE)
        goes_on = field.hasten(
            lambda turns=turns: field.turns() > turns or not field.pending()
        )
        field.demand(goes_on, f"no lane went on for {PATIENCE} s after: {act.title}")
        clear_suspicion(field, act)
        took = time.monotonic() - began
        steps.say(f"[{took:5.1f}s] {number}/{len(acts)} {act.title}")


def clear_suspicion(field, act):
    """Wait until each turn with a lone delivery that the act may have ended is over.

    The hub blames a delivery whose process dies twice while it is processed alone: two
    acts in a row must not hit the same one, or the nemesis lies to the hub. The test
    stays as sharp: no act waits for the lanes to be idle, a batch may die again and
    again and each of its deliveries once, and a hub that blames for less than two
    deaths, or takes deaths of two deliveries for those of one, is caught as before.
    """
    suspects = field.lone_turns()
    is_over = field.hasten(lambda: not suspects & field.lone_turns())
    field.demand(is_over, f"a lone delivery holds its lane up after: {act.title}")
