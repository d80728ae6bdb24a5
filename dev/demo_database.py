# Copyright 2026 Payment Hub contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""The demonstration's database: a prepared company, copied anew for each run."""

import hashlib
import json

import databases
import stages
from paths import ADDON, ROOT, STATE
from steps import lock, read_state, step, write_state

DATABASE = f"{ADDON}_demo"
READY = f"{ADDON}_demo_ready"
NOTE = "demo-company"
SCRIPT = ROOT / "dev" / "demo_company.py"
RESULT = STATE / "demo-day.json"


def prepare():
    """Make sure that there is a database to copy: the addon and a company."""
    code = hashlib.sha256(SCRIPT.read_bytes()).hexdigest()
    note = read_state(NOTE)
    with lock():
        databases.prepare_database(READY, fresh=note.get("code") not in (None, code))
        wanted = {"code": code, **read_state(f"database-{READY}")}
        if note == wanted:
            return
        with step("Making the demonstration's company"):
            stages.run_inside(SCRIPT, "prepare", READY)
            write_state(NOTE, **wanted)


def open_day(url, secrets):
    """Make the run's database; return its orders, credit note and tokens.

    :param secrets: of each provider, what demo_company.make_connection takes
    """
    with lock(), step(f"Copying the company to database {DATABASE}"):
        databases.copy(READY, DATABASE)
        # `make shell` opens this database as it is, unless the addon changes.
        write_state(f"database-{DATABASE}", **read_state(f"database-{READY}"))
    with step("Posting this month's invoices and connecting the providers"):
        stages.run_inside(
            SCRIPT,
            "open",
            DATABASE,
            RESULT,
            PAYMENT_HUB_DEMO_URL=url,
            PAYMENT_HUB_DEMO_SECRETS=json.dumps(secrets),
        )
    return json.loads(RESULT.read_text(encoding="utf-8"))
