# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the engine says when it refuses its input. Nothing else may escape it."""


class EngineError(Exception):
    """A refusal that a person or a program can act on.

    ``cause`` is the machine code, ``path`` the JSON path of the offending field
    (empty when the whole message is at fault); the text says what to do next.
    """

    cause = "engine_error"

    def __init__(self, message: str, *, cause: str = "", path: str = "") -> None:
        super().__init__(f"{path}: {message}" if path else message)
        self.cause = cause or type(self).cause
        self.path = path


class SignatureRefused(EngineError):
    """The sender did not prove who it is.

    ``cause`` is one of ``signature_missing``, ``signature_malformed``,
    ``signature_mismatch``, ``timestamp_stale`` and ``timestamp_future``.
    """

    cause = "signature_mismatch"


class CertificateUnknown(EngineError):
    """The message names a certificate that is not at hand; ``url`` tells where it is.

    Raised for addresses of the provider only: it may be fetched, and the sender asked
    to send the message again.
    """

    cause = "certificate_unknown"

    def __init__(self, url: str) -> None:
        super().__init__("Fetch the provider's certificate, then verify again.")
        self.url = url


class MalformedMessage(EngineError):
    """The message is not what the provider's documentation promises."""

    cause = "malformed"


class UnknownCurrency(EngineError):
    """The currency has no known number of decimals, so its amounts mean nothing."""

    cause = "unknown_currency"
