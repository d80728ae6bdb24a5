# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reading a provider's JSON object so that every refusal names the field."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone

from .errors import MalformedMessage, UnknownCurrency
from .money import exponent_of, is_minor, minor_of

MAX_ID = 255
MAX_TEXT = 500

_ISO_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)",
    re.ASCII,
)
# Of times to the second, with 3 or with 6 digits after it: all but their Z is read by
# Python as it is.
_USUAL_LENGTHS = (20, 24, 27)
# Of an identifier; the colon separates the parts of an economic key.
_PART_OF_KEY = re.compile(rf"[ -9;-~]{{1,{MAX_ID}}}")
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_NEVER = int((datetime.max - datetime(1970, 1, 1)).total_seconds())


def is_identifier(value: object) -> bool:
    """Tell whether this is text of 1 to 255 printable ASCII characters."""
    return (
        isinstance(value, str)
        and 0 < len(value) <= MAX_ID
        and value.isascii()
        and value.isprintable()
    )


class Node:
    """A JSON object together with its path in the message.

    Every method that takes a field raises MalformedMessage with the path of that
    field when its value is not what the method promises.
    """

    __slots__ = ("data", "path")

    def __init__(self, data: dict, path: str = "") -> None:
        self.data = data
        self.path = path

    def fault(self, field: str, message: str) -> MalformedMessage:
        """Make the refusal of a field, ready to be raised."""
        return MalformedMessage(message, path=self.path_of(field))

    def path_of(self, field: str) -> str:
        """Give the JSON path of a field from the root of the message."""
        return f"{self.path}.{field}" if self.path else field

    def child(self, field: str) -> "Node":
        """Give the object in a field."""
        value = self.data.get(field)
        if not isinstance(value, dict):
            raise self.fault(field, "An object is due here.")
        # path_of would do; a message has many children.
        return Node(value, f"{self.path}.{field}" if self.path else field)

    def children(self, field: str) -> Iterator["Node"]:
        """Give the objects of a list, which may be missing or null."""
        value = self.data.get(field)
        if value is not None and not isinstance(value, list):
            raise self.fault(field, "A list is due here.")
        for index, item in enumerate(value or ()):
            if not isinstance(item, dict):
                raise self.fault(f"{field}[{index}]", "An object is due here.")
            yield Node(item, self.path_of(f"{field}[{index}]"))

    def identifier(self, field: str) -> str:
        """Give an identifier that the message must have."""
        value = self.data.get(field)
        if not isinstance(value, str) or not _PART_OF_KEY.fullmatch(value):
            raise self.fault(
                field, "An id in printable ASCII without a colon is due here."
            )
        return value

    def reference(self, field: str) -> str:
        """Give the id of another object, whether expanded or not; "" when null."""
        value = self.data.get(field)
        if value is None:
            return ""
        if isinstance(value, dict):
            return Node(value, self.path_of(field)).identifier("id")
        return self.identifier(field)

    def text(self, field: str) -> str:
        """Give free text, cut to 500 characters; "" for anything that is no text."""
        value = self.data.get(field)
        return value[:MAX_TEXT] if isinstance(value, str) else ""

    def flag(self, field: str) -> bool:
        """Give a truth value that the message must have."""
        value = self.data.get(field)
        if not isinstance(value, bool):
            raise self.fault(field, "true or false is due here.")
        return value

    def minor(self, field: str) -> int:
        """Give a non-negative integer of minor units that the message must have."""
        value = self.data.get(field)
        if not is_minor(value) or value < 0:
            raise self.fault(field, "A non-negative integer amount is due here.")
        return value

    def signed(self, field: str) -> int:
        """Give an integer of minor units, of either sign, that must be there."""
        value = self.data.get(field)
        if not is_minor(value):
            raise self.fault(field, "An integer amount is due here.")
        return value

    def decimal(self, field: str, exponent: int) -> int:
        """Give the signed minor units of a text in major units, as "-12.34"."""
        value = self.data.get(field)
        if not isinstance(value, str):
            raise self.fault(field, "A decimal amount, as text, is due here.")
        try:
            return minor_of(value, exponent)
        except MalformedMessage as error:
            raise self.fault(field, str(error)) from None

    def currency(self, field: str, deviations: Mapping[str, int]) -> tuple[str, int]:
        """Give the ISO 4217 code in upper case, and its exponent at the provider.

        :param deviations: where the provider's minor unit is not ISO 4217's
        :raises UnknownCurrency: for a code without a known exponent
        """
        value = self.data.get(field)
        # Beyond ASCII, upper() can turn a look-alike into a real code.
        if not isinstance(value, str) or not value.isascii():
            raise self.fault(field, "A currency code is due here.")
        code = value.upper()
        try:
            return code, exponent_of(code, deviations)
        except UnknownCurrency as error:
            raise UnknownCurrency(str(error), path=self.path_of(field)) from None

    def time(self, field: str) -> datetime:
        """Give the UTC time of unix seconds or of an ISO 8601 text with offset."""
        return self.moment(field)[0]

    def moment(self, field: str) -> tuple[datetime, str]:
        """Give the UTC time, and the zone in which it was written, as "+01:00"."""
        value = self.data.get(field)
        if type(value) is int and 0 <= value <= _NEVER:
            return _EPOCH + timedelta(0, value), "UTC"
        if isinstance(value, str) and (match := _ISO_TIME.fullmatch(value)):
            try:
                if value[-1] == "Z" and len(value) in _USUAL_LENGTHS:
                    return datetime.fromisoformat(f"{value[:-1]}+00:00"), "UTC"
                return _moment(*match.groups(""))
            except (ValueError, OverflowError):
                pass
        raise self.fault(field, "A time in unix seconds or ISO 8601 is due here.")


def _moment(day: str, time: str, fraction: str, zone: str) -> tuple[datetime, str]:
    # Python 3.10 reads no Z, and exactly 3 or 6 digits after the point.
    fraction = fraction[:7].ljust(7, "0") if fraction else ""
    offset = "+00:00" if zone == "Z" else f"{zone[:3]}:{zone[-2:]}"
    moment = datetime.fromisoformat(f"{day}T{time}{fraction}{offset}")
    if offset == "+00:00":
        return moment, "UTC"
    return moment.astimezone(timezone.utc), offset
