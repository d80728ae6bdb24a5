# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The addon's fail points: which there are, how one is armed, which were hit."""

import ast
import json
import shutil

from server import POINTS
from tools import paths, steps

SOURCE = paths.ROOT / "failpoints.py"
HIT = POINTS / "hit"
TRANSLATE = "drain.translate"


def names():
    """Return the names of all points, as the addon's source lists them."""
    for statement in ast.parse(SOURCE.read_text(encoding="utf-8")).body:
        if isinstance(statement, ast.Assign) and statement.targets[0].id == "POINTS":
            return ast.literal_eval(statement.value)
    raise steps.SetupError(f"{SOURCE} lists no POINTS.")


def clear():
    """Disarm all points and forget what was hit."""
    shutil.rmtree(POINTS, ignore_errors=True)
    HIT.mkdir(parents=True)


def arm(point, action):
    """Arm a point once, whoever reaches it first."""
    steps.write_file(POINTS / point, action)


def disarm(point):
    """Take back what nobody has reached."""
    (POINTS / point).unlink(missing_ok=True)


def arm_message(message):
    """Arm the translation of one message, each time it is reached."""
    steps.write_file(POINTS / _point_of(message), message.action)


def hits_of(message):
    """Return how many processes have reached the translation of an armed message."""
    return len(list(HIT.glob(f"{_point_of(message)}.*")))


def _point_of(message):
    return f"{TRANSLATE}@{json.loads(message.body)['id']}"


def is_armed(point):
    """Tell whether nobody has reached the point since it was armed."""
    return (POINTS / point).exists()


def hits():
    """Return {point: how often it did what it was armed with}; 0 for the others."""
    reached = [path.name for path in HIT.iterdir()]
    return {
        # A name goes on with the subject or with the pid.
        point: sum(name.startswith((f"{point}.", f"{point}@")) for name in reached)
        for point in names()
    }
