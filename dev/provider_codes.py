# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Write docs/provider-codes.md: what providers can do, and what becomes of their codes.

Run as a program from anywhere; ``make codes`` does.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "provider-codes.md"
HEAD = """\
# Providers and their codes

Made by `make codes` from what the providers declare and translate with.

## What the hub can do with each
"""
CAPABILITIES = {
    "test_message": "test message",
    "check": "credentials tried",
    "register": "webhook registered",
    "lookup": "objects looked up",
    "batches": "settlements told",
}
CODES = """\
## Codes

Every code that a provider documents, and the canonical event that the hub makes of
it. Where there are several, the rest of the message or the sign of the amount
decides. A code that stands nowhere here becomes an event `unknown` and an exception
that shows the code.
"""


def page(providers):
    """Return the page's text.

    :param providers: the engine's providers, in order
    """
    parts = [HEAD, _capabilities(providers), CODES, _totals(providers)]
    for provider in providers:
        parts.append(f"## {provider.label}\n")
        for code_list in provider.code_lists:
            parts.append(f"### {code_list.name}\n\nSource: {code_list.source}\n")
            parts.append(_table(("code", "event"), _rows(code_list)))
    return "\n".join(parts)


def _capabilities(providers):
    rows = (
        (
            provider.label,
            *("yes" if name in provider.capabilities else "" for name in CAPABILITIES),
            _labels(stream for stream in provider.streams.values() if stream.is_pulled),
            _labels(provider.reports.values()),
        )
        for provider in providers
    )
    return _table(("provider", *CAPABILITIES.values(), "lists", "reports"), rows)


def _labels(items):
    return ", ".join(item.label for item in items)


def _totals(providers):
    rows = [
        (
            provider.label,
            code_list.name,
            len(code_list.codes),
            sum(types == ("unknown",) for types in code_list.codes.values()),
        )
        for provider in providers
        for code_list in provider.code_lists
    ]
    total = ("**all**", "", sum(row[2] for row in rows), sum(row[3] for row in rows))
    return _table(("provider", "list", "codes", "unknown on purpose"), [*rows, total])


def _rows(code_list):
    for code, types in sorted(code_list.codes.items()):
        yield f"`{code}`", " or ".join(f"`{name}`" for name in types)


def _table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(map(str, line))} |\n" for line in lines)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    from engine.providers import PROVIDERS

    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(PROVIDERS.values()))
