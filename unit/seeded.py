# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Whether a seeded defect does what it says: replace what is there and used.

Else it changes nothing once that has another name, or a test fails because the defect
itself crashes, and shows nothing.
"""

import ast
import functools
import inspect
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("engine", "models", "controllers", "wizards")
SCHEDULED = "data/ir_cron_data.xml"
SIMULATED = ("unit/hub_model.py", "unit/simulator.py")
OWN_MISTAKES = (AttributeError, NameError, TypeError)


def mistake(owner, attribute, value):
    """Say why ``value`` cannot stand for ``owner.attribute``; "" when it can."""
    name = f"{owner.__name__}.{attribute}"
    try:
        right = inspect.getattr_static(owner, attribute)
    except AttributeError:
        return f"{name} does not exist."
    is_special = attribute.startswith("__")
    if (owner.__name__ if is_special else attribute) not in _names_in_use():
        return f"Nothing uses {name}."
    if isinstance(right, property) != isinstance(value, property):
        return f"{name} and what replaces it are not both properties."
    if inspect.isfunction(right) and not _takes_arguments_of(right, value):
        return f"{name} has other arguments than what replaces it."
    return ""


@functools.cache
def _names_in_use():
    """Return the names that the code reads, of whatever they are attributes."""
    files = [ROOT / file for file in SIMULATED]
    for folder in FOLDERS:
        files += (ROOT / folder).rglob("*.py")
    nodes = [
        node
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(getattr(node, "ctx", None), ast.Load)
    ]
    called = re.findall(r"model\.(\w+)", (ROOT / SCHEDULED).read_text(encoding="utf-8"))
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    return attributes.union(names, called)


def _takes_arguments_of(right, value):
    given = inspect.signature(right).parameters.values()
    named = {one.name: None for one in given if one.kind is one.KEYWORD_ONLY}
    try:
        inspect.signature(value).bind(*[None] * (len(given) - len(named)), **named)
    except TypeError:
        return False
    return True


class Watch:
    """Gives what replaces something, and tells whether it worked.

    What is no function cannot be watched: it works.
    """

    def __init__(self, value):
        self._is_reached = True
        self._is_broken = False
        self.value = self._watched(value)

    @property
    def has_worked(self):
        """Whether it was reached, and did not crash by its own mistake."""
        return self._is_reached and not self._is_broken

    def _watched(self, value):
        if isinstance(value, property):
            return property(self._watched(value.fget))
        if not inspect.isfunction(value):
            return value
        self._is_reached = False

        @functools.wraps(value)
        def watched(*arguments, **named):
            self._is_reached = True
            try:
                return value(*arguments, **named)
            except OWN_MISTAKES as error:
                self._is_broken |= _place(error) == value.__code__.co_filename
                raise

        return watched


def _place(error):
    """Return the file in which an error was raised."""
    trace = error.__traceback__
    while trace.tb_next:
        trace = trace.tb_next
    return trace.tb_frame.f_code.co_filename
