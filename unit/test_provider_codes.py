# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""No code that is known is forgotten, and the documentation tells the truth.

``codes/*.csv`` were collected from the providers' documentation, SDKs and reports, and
mapped to the vocabulary, apart from the tables that translate.
"""

import csv
import sys
from pathlib import Path

import pytest

from engine.events import EVENT_TYPES
from engine.providers import PROVIDERS

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "dev"))

import provider_codes  # noqa: E402

COLLECTED = sorted((HERE / "codes").glob("*.csv"))


def collected():
    for path in COLLECTED:
        provider = path.stem.partition("_")[0]
        with path.open(newline="") as lines:
            for row in csv.DictReader(lines):
                types = tuple(row["event_types"].split())
                yield pytest.param(provider, row["provider_code"], types, id=path.stem)


def test_all_were_collected():
    rows = [parameters.values for parameters in collected()]
    assert len(rows) == 371
    assert {name for _provider, _code, types in rows for name in types} == (
        EVENT_TYPES.keys() - {"dispute.accepted"}
    )


@pytest.mark.parametrize(("provider", "code", "types"), list(collected()))
def test_collected_code_is_translated(provider, code, types):
    declared = [
        code_list.codes[code]
        for code_list in PROVIDERS[provider].code_lists
        if code in code_list.codes
    ]
    assert any(set(types) <= set(found) for found in declared), declared


def test_documentation_is_up_to_date():
    written = provider_codes.PAGE.read_text()
    assert written == provider_codes.page(PROVIDERS.values()), "Run: make codes"
