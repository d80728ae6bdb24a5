# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What providers' bodies have in common, whatever is in them."""

import gzip
import hashlib
import io
import zlib
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

from .. import strict_json
from ..errors import EngineError, MalformedMessage
from ..json_node import is_identifier

MAX_UNPACKED = 64 * 1024 * 1024
_GZIP = b"\x1f\x8b"
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def unpacked(body: bytes, limit: int = MAX_UNPACKED) -> bytes:
    """Give the body itself, or what is in it when it is gzipped (RFC 1952).

    :raises MalformedMessage: when it is cut off, damaged, or larger than ``limit``
    """
    if not body.startswith(_GZIP):
        return body
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as packed:
            plain = packed.read(limit + 1)
    except (EOFError, OSError, zlib.error):
        raise MalformedMessage("Send the whole gzip file, well-formed.") from None
    if len(plain) > limit:
        raise MalformedMessage(f"Send at most {limit} bytes, unpacked.")
    return plain


def digest_key(body: bytes) -> str:
    """Give the dedupe key of a message that has no id of its own."""
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def identifiers(body: bytes, *names: str) -> list[str]:
    """Give fields of a JSON object; "" for what is no identifier. Never raises."""
    try:
        data = strict_json.loads(body)
    except EngineError:
        data = {}
    return [value if is_identifier(value := data.get(name)) else "" for name in names]


def iso_time(seconds: int) -> str:
    """Write unix seconds as ISO 8601, in UTC."""
    return (_EPOCH + timedelta(seconds=seconds)).isoformat()


def header(headers: Mapping[str, str], name: str, limit: int = 255) -> str:
    """Give a header that can be stored as text, "" for any other."""
    value = headers.get(name, "")
    return value if len(value) <= limit and value.isprintable() else ""
